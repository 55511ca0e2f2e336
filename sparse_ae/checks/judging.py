"""What every check does: call the student's function, compare, and say in one line what is wrong.

An `Exercise` is a table: a right function, inputs, and wrong functions, each under the sentence
that names its mistake. `judge` compares the student's function with all of them by what they
return, so any right way to write the answer passes. What no sentence covers goes to `diagnosis`.
"""

import copy
import dis
import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .diagnosis import described, diagnose
from .reading import Unusable, numbers, same, unchanged
from .sandbox import quiet

NOTHING = object()

_HINTS = {
    "'NoneType' object has no attribute 'dtype'": "it returned None: forgot `return`?",
    "no attribute 'history'": "the argument is the dict `history.history` itself",
    "'list' and 'list'": "lists have no arithmetic: make arrays of them first",
    "matmul": "look at the order of the two factors and at their shapes",
    "broadcast": "look at the shapes of what you combine",
    "same kind": "an integer array cannot hold fractions: make a float array first",
    "read-only": "take a copy first",
    "out of bounds for axis 0": "rows are images and columns are units: which one do you index",
    "object has no attribute 'dtype'": "Keras wants a tensor: use `keras.ops` throughout",
    "symbolic": "NumPy does not work inside `fit`: use `keras.ops` throughout",
}


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
    atol: float = 1e-7

    @property
    def name(self):
        return self.reference.__name__


def judge(exercise, answer, result=NOTHING):
    """Whether `answer` is right, and the line to say: `(bool, str)`. Prints nothing.

    KeyboardInterrupt passes through; nothing else that the student's function raises does.
    """
    try:
        problem = _problem(exercise, answer)
        if problem is None and result is not NOTHING and exercise.result is not None:
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
    if not callable(answer):
        return (
            f"this is no function but a {type(answer).__name__}: give the check the name of your "
            "function, without parentheses, and use that name for nothing else."
        )
    function = answer
    if exercise.prepare is None:
        problem = _wrong_arguments(exercise, answer)
        if problem:
            return problem
    try:
        if exercise.prepare is not None:
            function = exercise.prepare(answer)
        found = []
        with quiet():
            for arguments in exercise.inputs:
                outcome, problem = _call(exercise, function, answer, arguments)
                if problem:
                    return problem
                found.append(outcome)
    except Unusable as problem:
        return str(problem)
    wanted = [exercise.read(exercise.reference(*copy.deepcopy(a))) for a in exercise.inputs]
    right = [same(f, w, exercise.atol) for f, w in zip(found, wanted, strict=True)]
    if all(right):
        return None
    for sentence, mistaken in exercise.mistakes.items():
        ways = mistaken if isinstance(mistaken, tuple) else (mistaken,)
        if any(_makes(exercise, way, found) for way in ways):
            return sentence
    return diagnose(exercise, found, wanted, right)


def _wrong_arguments(exercise, answer):
    """Only the number of arguments counts, not what they are called."""
    names = list(inspect.signature(exercise.reference).parameters)
    try:
        signature = inspect.signature(answer)
    except (TypeError, ValueError):  # some built-in functions have none
        return None
    try:
        signature.bind(*names)
    except TypeError:
        number = len(signature.parameters)
        return (
            f"your function takes {number} argument{'s' * (number != 1)} and the task asks for "
            f"{len(names)}: {exercise.name}({', '.join(names)})."
        )
    return None


def _call(exercise, function, answer, arguments):
    """What the function returns for copies of the arguments, and a problem or None."""
    given = copy.deepcopy(arguments)
    where = described(exercise, arguments)
    try:
        value = function(*given)
    except (KeyboardInterrupt, Unusable):
        raise
    except BaseException as problem:
        if type(problem) is NotImplementedError and "symbolic" not in str(problem):
            return None, "still blank: write your answer in place of `raise NotImplementedError()`."
        return None, _raised(problem, answer, where)
    if not unchanged(given, arguments):
        return None, (
            f"it changes its input ({where}) in place: make a copy or a new array, so that "
            "the caller's array stays as it was."
        )
    if value is None:
        if _is_blank(answer):
            return None, "still blank: write your answer into the body of the function."
        return None, "it returned None: forgot `return`? End the function with `return …`."
    if value is Ellipsis or value is NotImplemented:
        return None, "still blank: write your answer into the body of the function."
    try:
        return exercise.read(value), None
    except KeyboardInterrupt:
        raise
    except Unusable as problem:
        return None, str(problem)
    except BaseException as problem:  # an object whose own methods fail
        return None, (
            f"it returns a {type(value).__name__} that cannot be read "
            f"({type(problem).__name__}): return an array, a list or a number."
        )


def _raised(problem, answer, where):
    """One line for an error of the student's function: what, where, on which input."""
    if type(problem).__name__ == "TooSlow":
        return f"no answer after {problem} seconds ({where}): is there a loop that never ends?"
    try:
        message = str(problem).strip().split("\n")[0][:160]
    except Exception:
        message = ""
    hints = [hint for sign, hint in _HINTS.items() if sign in message]
    if "gufunc signature" in message:  # NumPy's letters for the shapes say little to a student
        message = "matmul, the shapes of the two factors do not fit"
    text = f"it stops with {type(problem).__name__}" + (f": {message}" if message else "")
    line = _line_in(problem, answer)
    text = text.rstrip(".") + f" — {f'line {line} of your cell, ' if line else ''}{where}"
    return text + (f"; {hints[0]}." if hints else ".")


def _line_in(problem, answer):
    """The line of the student's own cell that was running, or None."""
    code = getattr(inspect.unwrap(answer), "__code__", None)
    line, frame = None, problem.__traceback__
    while code is not None and frame is not None:
        if frame.tb_frame.f_code.co_filename == code.co_filename:
            line = frame.tb_lineno
        frame = frame.tb_next
    return line


def _is_blank(answer):
    """Whether the function does nothing at all: `pass`, `...`, a docstring, `return None`."""
    code = getattr(answer, "__code__", None)
    nothing = {"RESUME", "NOP", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST"}
    return code is not None and {i.opname for i in dis.get_instructions(code)} <= nothing


def _makes(exercise, mistaken, found):
    """Whether the student's values are those of a wrong function, on every input."""
    with np.errstate(all="ignore"):
        for arguments, value in zip(exercise.inputs, found, strict=True):
            try:
                wrong = exercise.read(mistaken(*copy.deepcopy(arguments)))
            except Unusable:
                return False
            if not same(value, wrong, exercise.atol):
                return False
    return True


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
        return f"{start} is a {type(result).__name__} and no number or array: look at that cell."
    wanted = numbers(expected.value)

    def near(value):
        return same(found, numbers(value), rtol=expected.rtol)

    if near(wanted):
        return None
    for sentence, value in expected.mistakes.items():
        if near(value):
            return f"{start} {sentence}"
    if wanted.ndim == 0 and found.size > 1:
        return f"{start} has the shape {found.shape} and one number is asked for: take the mean."
    return f"{start} is not what the task asks for: {expected.look}."
