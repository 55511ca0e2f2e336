"""Calling a student's function: facts, no words. What it returns, raises, changes."""

import contextlib
import copy
import inspect
import itertools
import pickle
from dataclasses import dataclass
from typing import Any

from .comparing import same
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
    given, value = copy.deepcopy(arguments), None
    before = [pickle.dumps(argument) for argument in given]
    try:
        value = function(*given)
        kept = zip(exercise.arguments, given, before, strict=True)
        if changed := tuple(name for name, now, was in kept if pickle.dumps(now) != was):
            return Called(arguments, changed=changed)
        if value is None or value is Ellipsis or value is NotImplemented:
            return Called(arguments, nothing=value)
        return Called(arguments, value=exercise.taken(value, given))
    except (KeyboardInterrupt, TooSlow):
        raise
    except BaseException as problem:  # of the function, Unusable, or of what it returned
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


def right_calls(exercise, calls, wanted):
    """Whether the value is right, for one call after the other."""
    for call, value in zip(calls, wanted, strict=False):
        yield call.usable and same(call.value, value, exercise.atol)


def in_another_order(exercise, answer):
    """Whether the answer takes the task's arguments, but in another order than the task's.

    Its names tell it, where they are the task's names; else whether it is right in another order.
    """
    asked, given = exercise.arguments, arguments_of(answer)
    if given is None or len(asked) < 2:
        return False
    if sorted(given) == sorted(asked):
        return given != asked
    with quiet(), contextlib.suppress(TooSlow):
        for order in list(itertools.permutations(range(len(asked))))[1:]:
            turned = _in_order(answer, order)
            calls = (call(exercise, turned, arguments) for arguments in exercise.inputs)
            if all(right_calls(exercise, calls, exercise.wanted)):
                return True
    return False


def _in_order(answer, order):
    return lambda *arguments: answer(*[arguments[i] for i in order])
