"""What every check does: call the student's function, compare, and say in one line what is wrong.

An `Exercise` is a table: a right function, inputs, and wrong functions, each under the sentence
that names its mistake. `judge` compares the student's function with all of them by what they
return, so any right way to write the answer passes. What no sentence covers goes to `diagnosis`.
"""

import copy
import inspect
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .calling import call, raised, wrong_arguments
from .diagnosis import described, diagnose
from .questions import Question
from .reading import Unusable, numbers, same, unchanged
from .sandbox import TooSlow, quiet

NOTHING = object()


@dataclass(frozen=True)
class Result:
    """What the student is to get by calling the function: `value`, and wrong values by sentence."""

    name: str
    value: Any
    mistakes: dict = field(default_factory=dict)
    look: str = "look at the arrays you give it"
    rtol: float = 1e-3


@dataclass(frozen=True)
class Exercise:
    """One exercise. Its name is that of `reference`.

    inputs: argument tuples; for the first one `by_hand` is the value, computed by hand.
    mistakes: {sentence: a function that makes this mistake, or a tuple of several}.
    read: turns what a function returns into what is compared; raises Unusable.
    prepare: turns the student's answer into a function of the inputs; raises Unusable.
    parts: {words for a part of the inputs: whether arguments belong to it}.
    praise: what a passing student reads.
    """

    reference: Callable
    inputs: list
    by_hand: Any
    mistakes: dict
    praise: str
    read: Callable = numbers
    prepare: Callable | None = None
    result: Result | None = None
    parts: dict = field(default_factory=dict)
    atol: float = 1e-7

    @property
    def name(self):
        return self.reference.__name__

    @property
    def arguments(self):
        """The names of the arguments, as the task gives them."""
        return list(inspect.signature(self.reference).parameters)


def judge(exercise, answer, result=NOTHING):
    """Whether `answer` is right, and the line to say: `(bool, str)`. Prints nothing.

    KeyboardInterrupt passes through; nothing else that the student's function raises does.
    """
    try:
        if isinstance(exercise, Question):
            problem = (exercise.problem(answer) or (None, None))[1]
        else:
            problem = _problem(exercise, answer)
        if problem is None and result is not NOTHING and getattr(exercise, "result", None):
            problem = _problem_of_result(exercise.result, result)
    except KeyboardInterrupt:
        raise
    except BaseException as unforeseen:  # an object that fails when it is only looked at
        problem = f"it cannot be checked: {type(unforeseen).__name__} when the check looks at it."
    if problem is None:
        return True, f"✓ {exercise.name}: {exercise.praise}"
    return False, f"✗ {exercise.name}: " + " ".join(str(problem).split())


def _problem(exercise, answer):
    """One sentence, or None if the answer is right."""
    if answer is None or answer is ...:
        return f"still blank: define the function {exercise.name}, then run this cell again."
    if not callable(answer) and exercise.prepare is not None:
        return (
            f"this cannot be called, its type is {type(answer).__name__}: give the check a "
            "function, without parentheses, or an object whose class has the method `__call__`."
        )
    if not callable(answer):
        return (
            f"this is no function, its type is {type(answer).__name__}: give the check the name "
            "of your function, without parentheses, and use that name for nothing else."
        )
    function, where, found, problem = answer, "when Keras looks at it", [], None
    if exercise.prepare is None or not inspect.isclass(answer):  # a class is made by `prepare`
        problem = wrong_arguments(exercise, answer)
        if problem:
            return problem
    try:
        with quiet():
            if exercise.prepare is not None:
                function = exercise.prepare(answer)
            for arguments in exercise.inputs:
                where = described(exercise, arguments)
                outcome, problem = call(exercise, function, answer, arguments, where)
                if problem:
                    break
                found.append(outcome)
    except Unusable as told:
        return str(told)
    except TooSlow as slow:
        return raised(slow, answer, where)
    wanted = [exercise.read(exercise.reference(*copy.deepcopy(a))) for a in exercise.inputs]
    right = [same(f, w, exercise.atol) for f, w in zip(found, wanted, strict=False)]
    if all(right) and not problem:
        return None
    if not all(right) and len(found) > 1:  # a single value may be that of a mistake by chance
        for sentence, mistaken in exercise.mistakes.items():
            ways = mistaken if isinstance(mistaken, tuple) else (mistaken,)
            if any(_makes(exercise, way, found, right) for way in ways):
                return sentence
    if exercise.prepare is None and _in_another_order(exercise, answer, wanted):
        names = ", ".join(exercise.arguments)
        return f"its arguments stand in another order than in the task, {exercise.name}({names})."
    return problem or diagnose(exercise, answer, found, wanted, right)


def _in_another_order(exercise, answer, wanted):
    """Whether the answer is right when the arguments are handed over in another order.

    Where the task's names stand at their places, it is not the order that is wrong.
    """
    try:
        given = inspect.signature(answer).parameters
    except (TypeError, ValueError):  # some built-in functions have none
        return False
    known = [name for name in given if name in exercise.arguments]
    if known and all(a == b for a, b in zip(exercise.arguments, given, strict=False) if b in known):
        return False
    places = range(len(exercise.inputs[0]))
    for order in list(itertools.permutations(places))[1:]:
        try:
            with quiet():
                for arguments, right in zip(exercise.inputs, wanted, strict=True):
                    swapped = [arguments[i] for i in order]
                    given = copy.deepcopy(swapped)
                    outcome = exercise.read(answer(*given))
                    if not same(outcome, right, exercise.atol) or not unchanged(given, swapped):
                        break
                else:
                    return True
        except KeyboardInterrupt:
            raise
        except BaseException:  # it was not made for this order
            continue
    return False


def _makes(exercise, mistaken, found, right):
    """Whether the values found, up to an error, are those of a wrong function.

    Where that one divides by zero, the student's may have an answer of its own.
    """
    seen = []
    with np.errstate(all="ignore"):
        for arguments, value, is_right in zip(exercise.inputs, found, right, strict=False):
            try:
                wrong = exercise.read(mistaken(*copy.deepcopy(arguments)))
            except ZeroDivisionError:
                continue
            except (Unusable, ArithmeticError, IndexError):
                return False
            if not same(value, wrong, exercise.atol):
                return False
            seen.append(is_right)
    return len(seen) > 1 and not all(seen)


def _problem_of_result(expected, result):
    """One sentence, or None if the value that the student computed is right too."""
    name = expected.name
    start = f"your function is right, but `{name}`"
    if result is None or result is ...:
        return f"{start} is still blank: call your function and give its answer this name."
    if callable(result):
        return f"{start} is a function: call it, with its arguments in parentheses."
    try:
        found = numbers(sorted(result) if isinstance(result, set) else result)
    except Unusable:
        kind = type(result).__name__
        return (
            f"{start} is no number and no array of numbers, its type is {kind}: look at that cell."
        )
    wanted = numbers(expected.value)

    def near(value):
        return same(found, numbers(value), rtol=expected.rtol)

    if near(wanted):
        return None
    for sentence, value in expected.mistakes.items():
        if near(value):
            return f"{start} {sentence}"
    if wanted.ndim == 0 and found.ndim:
        return f"{start} has the shape {found.shape} and one number is asked for: {expected.look}."
    if wanted.ndim and not found.ndim:
        return f"{start} is a number: keep what the function returns, an array."
    if not np.all(np.isfinite(found.astype(float))):
        return f"{start} is NaN or infinite: run the cell that computes it again."
    if wanted.dtype.kind == "f" and wanted.ndim == 0 and np.isclose(found, wanted, rtol=0.003):
        return f"{start} is nearly right: keep all its digits, round when you print."
    look = f"{expected.look}. If you have changed the function since, run that cell again"
    return f"{start} is not what the task asks for: {look}."
