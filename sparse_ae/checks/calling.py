"""Calling a student's function: facts, no words. What it returns, raises, changes."""

import copy
import inspect
import itertools
from dataclasses import dataclass
from typing import Any

from .comparing import same, unchanged
from .sandbox import TooSlow, quiet


@dataclass(frozen=True)
class Called:
    """One call: the arguments it was given, and either a value or what went wrong.

    value: what came back, as it is compared. error: what was raised, an `Unusable`, too,
    where something else came back than was asked for. nothing: None, ... or NotImplemented came
    back. changed: the names of the arguments that are no longer what they were.
    """

    arguments: tuple
    value: Any = None
    error: BaseException | None = None
    nothing: Any = False
    changed: tuple = ()

    @property
    def usable(self):
        return self.error is None and self.nothing is False and not self.changed


def call(exercise, function, arguments):
    """Call a function with copies of the arguments. Only KeyboardInterrupt and TooSlow pass."""
    given = copy.deepcopy(arguments)
    try:
        value = function(*given)
    except (KeyboardInterrupt, TooSlow):
        raise
    except BaseException as problem:
        return Called(arguments, error=problem)
    pairs = zip(exercise.arguments, given, arguments, strict=True)
    changed = tuple(name for name, now, before in pairs if not unchanged(now, before))
    if changed:
        return Called(arguments, changed=changed)
    if value is None or value is Ellipsis or value is NotImplemented:
        return Called(arguments, nothing=value)
    try:
        return Called(arguments, value=exercise.taken(value, arguments))
    except (KeyboardInterrupt, TooSlow):
        raise
    except BaseException as problem:  # Unusable, or an object whose own methods fail
        return Called(arguments, value=value, error=problem)


def call_all(exercise, function):
    """A `Called` for each input; the last has the error TooSlow if the time is over."""
    calls = []
    with quiet():
        for arguments in exercise.inputs:
            try:
                calls.append(call(exercise, function, arguments))
            except TooSlow as slow:
                calls.append(Called(arguments, error=slow))
                break
            if calls[0].nothing is not False and len(calls) == 1:
                break  # still blank: no need to try the others
    return calls


def arguments_of(answer):
    """The names of a function's arguments, or None: some built-in functions have none."""
    try:
        return list(inspect.signature(answer).parameters)
    except (TypeError, ValueError):
        return None


def takes(answer, number):
    """Whether it can be called with so many arguments, whatever they are called."""
    try:
        inspect.signature(answer).bind(*range(number))
    except TypeError:
        return False
    except ValueError:
        return True
    return True


def in_another_order(exercise, answer):
    """Whether the answer takes the task's arguments, but in another order than the task's.

    Its names tell it, where they are the task's names; else whether it is right in another order.
    """
    asked, given = exercise.arguments, arguments_of(answer)
    if given is None or len(asked) < 2:
        return False
    if sorted(given) == sorted(asked):
        return given != asked
    known = [name for name in given if name in asked]
    if known and all(a == b for a, b in zip(asked, given, strict=False) if b in known):
        return False
    for order in list(itertools.permutations(range(len(asked))))[1:]:
        try:
            with quiet():
                for arguments, right in zip(exercise.inputs, exercise.wanted, strict=True):
                    swapped = copy.deepcopy(tuple(arguments[i] for i in order))
                    value = exercise.taken(answer(*swapped), arguments)
                    if not same(value, right, exercise.atol):
                        break
                else:
                    return True
        except KeyboardInterrupt:
            raise
        except BaseException:  # it was not made for this order
            continue
    return False
