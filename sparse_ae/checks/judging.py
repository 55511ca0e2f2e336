"""What every check does: call the student's function, compare, and say in one line what is wrong.

An `Exercise` is a right function with what has to be known of it; `judge` compares the student's
function with it by what both return, so any right way to write the answer passes. Down: `calling`
gives facts, `comparing` says which are right, `naming` makes one sentence of what is wrong.
"""

import copy
import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from . import naming
from .calling import call_all
from .comparing import Unusable, numbers, same
from .naming import Finding
from .questions import Question
from .reporting import line_of
from .sandbox import quiet

NOTHING = object()


@dataclass(frozen=True)
class Result:
    """What the student is to get by calling the function: `value`, and wrong values by sentence."""

    name: str
    value: Any
    mistakes: dict = field(default_factory=dict)
    look: str = "look at the arrays you give it"
    rtol: float = 1e-3


@dataclass(frozen=True, eq=False)
class Exercise:
    """One exercise. Its name and its arguments are those of `reference`, the notebook's solution.

    inputs: argument tuples; for the first one `by_hand` is the value, computed by hand.
    axes: {argument: the nouns of its axes, as "image unit"}; "answer" is what comes back.
    mistakes: at most eight of its own, in the form of `slips.read_rules`.
    praise: what a passing student reads.
    read: turns what a function returns into what is compared; raises Unusable.
    settle: puts a value into one form where the task leaves a choice; gets the arguments, too.
    prepare: turns the student's answer into a function of the inputs; raises Unusable.
    parts: {words for a part of the inputs: whether arguments belong to it}.
    general: whether the general rules are asked; not where their words would show the way.
    also: other functions that are right, where the task leaves open what to do.
    """

    reference: Callable
    inputs: list
    by_hand: Any
    praise: str
    axes: dict = field(default_factory=dict)
    mistakes: str = ""
    read: Callable = numbers
    settle: Callable = lambda value, *arguments: value
    prepare: Callable | None = None
    result: Result | None = None
    parts: dict = field(default_factory=dict)
    also: tuple = ()
    general: bool = True
    atol: float = 1e-7

    @property
    def name(self):
        return self.reference.__name__

    @functools.cached_property
    def arguments(self):
        """The names of the arguments, as the task gives them."""
        return list(inspect.signature(self.reference).parameters)

    @functools.cached_property
    def has_product(self):
        """Whether the reference multiplies matrices."""
        return "@" in inspect.getsource(self.reference).partition("def ")[2]

    @functools.cached_property
    def wanted(self):
        """What is right for each of the inputs."""
        return self.values(self.reference)

    def values(self, function):
        """What a function gives for each of the inputs, as it is compared."""
        return [self.taken(function(*copy.deepcopy(a)), a) for a in self.inputs]

    def taken(self, value, arguments):
        """What a function returned for these arguments, as it is compared; raises Unusable."""
        return self.settle(self.read(value), *arguments)


def judge(exercise, answer, result=NOTHING):
    """Whether `answer` is right, and the line to say: `(bool, str)`. Prints nothing."""
    finding = find(exercise, answer, result)
    passed = finding is None
    return passed, line_of(passed, exercise.name, exercise.praise if passed else finding.words)


def find(exercise, answer, result=NOTHING):
    """What is wrong with an answer: a `Finding`, or None if it is right.

    KeyboardInterrupt passes through; nothing else that the student's function raises does.
    """
    try:
        if isinstance(exercise, Question):
            problem = exercise.problem(answer)
            return problem and Finding("own", *problem)
        finding = _of_function(exercise, answer)
        if finding is None and result is not NOTHING and exercise.result is not None:
            problem = _of_result(exercise.result, result)
            finding = problem and Finding("result", *problem)
        return finding
    except KeyboardInterrupt:
        raise
    except BaseException as unforeseen:  # an object
        import os

        if os.environ.get("RAISE"):
            raise
        # an object that fails when it is only looked at
        words = f"it cannot be checked: {type(unforeseen).__name__} when the check looks at it."
        return Finding("call", "cannot be checked", words)


def _of_function(exercise, answer):
    if finding := naming.form(exercise, answer):
        return finding
    function = answer
    if exercise.prepare is not None:
        try:
            with quiet():
                function = exercise.prepare(answer)
        except Unusable as told:
            return Finding("call", "for Keras", str(told))
        except naming.TooSlow as slow:
            return naming.found("call", "too slow", seconds=slow, where="when Keras looks at it")
    calls = call_all(exercise, function)
    for wanted in (exercise.values(other) for other in exercise.also):
        if all(right_calls(exercise, calls, wanted)):
            return None
    right = right_calls(exercise, calls, exercise.wanted)
    return None if all(right) else naming.name(exercise, answer, calls, right)


def right_calls(exercise, calls, wanted):
    """For which calls the value is right."""
    return [
        call.usable and same(call.value, w, exercise.atol)
        for call, w in zip(calls, wanted, strict=False)
    ]


def _of_result(expected, result):
    """(key, sentence), or None if the value that the student computed is right too."""
    start, wanted = f"your function is right, but `{expected.name}`", numbers(expected.value)
    if result is None or result is ...:
        return "blank", f"{start} is still blank: call your function and give its answer this name."
    if callable(result):
        return "a function", f"{start} is a function: call it, with its arguments in parentheses."
    try:
        found = numbers(sorted(result) if isinstance(result, set) else result)
    except Unusable:
        kind = type(result).__name__
        return "another kind", f"{start} is no number and no array of numbers, its type is {kind}."
    if same(found, wanted, rtol=expected.rtol):
        return None
    for sentence, value in expected.mistakes.items():
        if same(found, numbers(value), rtol=expected.rtol):
            return f"{value}", f"{start} {sentence}"
    if found.shape != wanted.shape and not (found.ndim and wanted.ndim):
        words = f"{start} has the shape {found.shape} and {wanted.shape} is expected"
        return "shape", f"{words}: {expected.look}."
    if not (abs(found.astype(float)) < float("inf")).all():
        return "not finite", f"{start} is NaN or infinite: run the cell that computes it again."
    if wanted.dtype.kind == "f" and wanted.ndim == 0 and abs(found / wanted - 1) < 0.003:
        return "digits", f"{start} is nearly right: keep all its digits, round when you print."
    look = f"{expected.look}. If you have changed the function since, run that cell again"
    return "otherwise", f"{start} is not what the task asks for: {look}."
