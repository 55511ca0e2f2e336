"""Calling a student's function: what it returns, or what to say if it stops or is still blank."""

import copy
import dis
import inspect

import numpy as np

from .reading import Unusable, a, unchanged
from .sandbox import TooSlow

# How many images the notebooks' variables hold; the inputs of the checks hold fewer.
_NOTEBOOK_SIZES = [(10_000,), (20_000,), (60_000,)]

# What an error message says to a student, by a part of it. The first that fits is told.
_HINTS = {
    "'NoneType' object has no attribute 'dtype'": "it returned None: forgot `return`?",
    "no attribute 'history'": "the argument is the dict `history.history` itself",
    "'list' and": "lists have no arithmetic: make arrays of them, or take their parts one by one",
    "and 'list'": "lists have no arithmetic: make arrays of them, or take their parts one by one",
    "matmul": "look at the order of the two factors and at their shapes",
    "not aligned": "look at the order of the two factors and at their shapes",
    "broadcast": "look at the shapes of what you combine",
    "same_kind": "an integer array cannot hold fractions: make a float array first",
    "read-only": "take a copy first",
    "truth value": "`if`, `not`, `max` and `min` ask for one value: NumPy has comparisons, `~` and "
    "`np.maximum` for whole arrays",
    "0-dimensional": "`math` and `float` take one number: NumPy's own functions take arrays",
    "axis 0 with size 0": "nothing is left there: is the answer empty for this input?",
    "out of bounds for uint8": "uint8 holds whole numbers from 0 to 255: make floats first",
    "out of bounds for array of dimension": "the axes of a table are 0, down, and 1, across",
    "out of bounds": "are rows and columns swapped, does a loop go too far, or is a size written "
    "in?",
    "list index out of range": "does a loop go one step too far, or is a length written in?",
    "inhomogeneous": "arrays of different shapes make no one array: work on them one by one, "
    "and compare with a number by `np.maximum`",
    "only integer scalar arrays": "`np.max` looks for the largest entry of one array, "
    "`np.maximum` compares two",
    "boolean negative": "`~` is the opposite of True and False",
    "boolean subtract": "`~` is the opposite of True and False",
    "empty sequence": "nothing was collected: is a name or a number written in that this input "
    "has not?",
    "to unpack": "how many parts has what is taken apart? A dict gives its keys, `.items()` pairs",
    "EOF when reading": "do not ask with `input()`: use the arguments",
    "of dtype int32": "whole numbers cannot be multiplied with a fraction here: counting is no "
    "penalty, and `keras.ops.cast` makes floats",
    "cannot reshape": "is a size written in, or the number of images counted in?",
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
        if inspect.isclass(answer):
            return f"this is a class: define a function, {exercise.name}({', '.join(names)})."
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
        return None, f"it returned None ({where}): forgot `return`, or is there none for this case?"
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
            f"it returns {a(type(value).__name__)} that cannot be read "
            f"({type(problem).__name__}): return an array, a list or a number."
        )


def raised(problem, answer, where):
    """One line for an error of the student's function: what, where, on which input."""
    if type(problem) is TooSlow:
        return f"no answer after {problem} seconds ({where}): is there a loop that never ends?"
    try:
        message = _cut(str(problem).strip().split("\n")[0])
    except Exception:
        message = ""
    hints = [hint for sign, hint in _HINTS.items() if sign in message]
    if isinstance(problem, KeyError):
        hints = ["which dict is asked here, and has it this key, or not yet?"]
    if name := notebook_variable(answer):
        hints = [f"it uses `{name}`, a variable of the notebook: use the arguments"]
    if "{{function_node" in message:  # TensorFlow's names for its own parts
        message = message.split("}} ")[-1].split(" [Op:")[0]
    message = message.replace(" () ", " ").removesuffix(" ()")
    if "gufunc signature" in message:  # NumPy's letters for the shapes say little to a student
        message = "matmul, the shapes of the two factors do not fit"
    if "truth value" in message:  # NumPy's advice, `any` or `all`, leads away from the mistake
        message = "an array has more than one truth value"
    text = f"it stops with {type(problem).__name__}" + (f": {message}" if message else "")
    line = _line_in(problem, answer)
    text = text.rstrip(".") + f" — {f'line {line} of your cell, ' if line else ''}{where}"
    text += f"; {hints[0]}" if hints else ""
    return text if text.endswith("?") else f"{text}."


def _cut(message):
    return message if len(message) <= 160 else message[:160].rsplit(" ", 1)[0] + " …"


def notebook_variable(answer):
    """The name of an array, a list or a dict of the notebook that a function reads, or None."""
    function = inspect.unwrap(answer)
    codes, known = [getattr(function, "__code__", None)], getattr(function, "__globals__", {})
    while codes:
        code = codes.pop()
        for step in dis.get_instructions(code) if code else ():
            kind = type(known.get(step.argval)).__name__ if step.opname == "LOAD_GLOBAL" else ""
            if kind in ("ndarray", "list", "dict", "EagerTensor", "History"):
                return step.argval
        codes += [inner for inner in getattr(code, "co_consts", ()) if inspect.iscode(inner)]
    return None


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
