"""Calling a student's function: what it returns, or what to say if it stops or is still blank."""

import copy
import dis
import inspect

import numpy as np

from .reading import Unusable, unchanged
from .sandbox import TooSlow

# How many images the notebooks' variables hold; the inputs of the checks hold fewer.
_NOTEBOOK_SIZES = [(10_000,), (20_000,), (60_000,)]

# What an error message says to a student, by a part of it. The first that fits is told.
_HINTS = {
    "'NoneType' object has no attribute 'dtype'": "it returned None: forgot `return`?",
    "no attribute 'history'": "the argument is the dict `history.history` itself",
    "'list' and 'list'": "lists have no arithmetic: make arrays of them first",
    "matmul": "look at the order of the two factors and at their shapes",
    "not aligned": "look at the order of the two factors and at their shapes",
    "broadcast": "look at the shapes of what you combine",
    "same_kind": "an integer array cannot hold fractions: make a float array first",
    "read-only": "take a copy first",
    "truth value": "`if`, `not`, `max` and `min` ask for one value: NumPy has comparisons, `~` and "
    "`np.maximum` for whole arrays",
    "0-dimensional": "`math` and `float` take one number: NumPy's own functions take arrays",
    "axis 0 with size 0": "nothing is left there: is the answer empty for this input?",
    "out of bounds": "are rows and columns swapped, or is a size written in?",
    "cannot reshape": "is a size written in?",
    "Iterating": "no Python loop over the images: `keras.ops` works on all of them at once",
    "Tensor' object has no attribute": "a tensor has not NumPy's methods: use `keras.ops`",
    "'L1' object has no attribute": "this is a regularizer: call it with the codes",
    "object has no attribute 'dtype'": "Keras wants a tensor: use `keras.ops` throughout, in a "
    "class in its method `__call__`",
    "symbolic": "NumPy does not work inside `fit`: use `keras.ops` throughout",
}


def wrong_arguments(exercise, answer):
    """Only the number of arguments counts, not what they are called."""
    names = exercise.arguments
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


def call(exercise, function, answer, arguments, where):
    """What the function returns for copies of the arguments, and a problem or None."""
    given = copy.deepcopy(arguments)
    try:
        value = function(*given)
    except (KeyboardInterrupt, Unusable, TooSlow):
        raise
    except BaseException as problem:
        if type(problem) is NotImplementedError and "symbolic" not in str(problem):
            return None, "still blank: write your answer in place of `raise NotImplementedError()`."
        return None, raised(problem, answer, where)
    if not unchanged(given, arguments):
        return None, (
            f"it changes its input ({where}) in place: make a copy or something new, so that what "
            "the caller gave stays as it was."
        )
    if value is None:
        if _is_blank(answer):
            return None, "still blank: write your answer into the body of the function."
        return None, f"it returned None ({where}): forgot `return`? End with `return …`."
    if value is Ellipsis or value is NotImplemented:
        return None, "still blank: write your answer into the body of the function."
    try:
        outcome = exercise.read(value)
        if isinstance(outcome, np.ndarray) and outcome.shape[:1] in _NOTEBOOK_SIZES:
            return None, (
                f"it returns {outcome.shape[0]:,} rows or numbers ({where}): they come from a "
                f"variable of the notebook; use the argument `{exercise.arguments[0]}`."
            )
        return outcome, None
    except KeyboardInterrupt:
        raise
    except Unusable as problem:
        return None, str(problem)
    except BaseException as problem:  # an object whose own methods fail
        return None, (
            f"it returns a {type(value).__name__} that cannot be read "
            f"({type(problem).__name__}): return an array, a list or a number."
        )


def raised(problem, answer, where):
    """One line for an error of the student's function: what, where, on which input."""
    if type(problem) is TooSlow:
        return f"no answer after {problem} seconds ({where}): is there a loop that never ends?"
    try:
        message = str(problem).strip().split("\n")[0][:160]
    except Exception:
        message = ""
    hints = [hint for sign, hint in _HINTS.items() if sign in message]
    if isinstance(problem, KeyError):
        hints = ["look at the keys that the argument has: is a name or a number written in?"]
    if "gufunc signature" in message:  # NumPy's letters for the shapes say little to a student
        message = "matmul, the shapes of the two factors do not fit"
    if "truth value" in message:  # NumPy's advice, `any` or `all`, leads away from the mistake
        message = "an array has more than one truth value"
    text = f"it stops with {type(problem).__name__}" + (f": {message}" if message else "")
    line = _line_in(problem, answer)
    text = text.rstrip(".") + f" — {f'line {line} of your cell, ' if line else ''}{where}"
    text += f"; {hints[0]}" if hints else ""
    return text if text.endswith("?") else f"{text}."


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
