"""From facts to one sentence: what is wrong with an answer, and where to look.

`name` goes through what can be said, the particular first. What it gives is a `Finding`: its `key`
says which one it is, whatever the words are, and `kind` from where it comes.
"""

import inspect
import time
from typing import NamedTuple

import numpy as np

from .calling import arguments_of, in_another_order, takes
from .comparing import Unusable, a, same
from .looking import line_in, look, notebook_variable
from .sandbox import TooSlow, quiet
from .slips import slips_of

SECONDS_FOR_SLIPS = 0.5  # a check answers within a second
# How many images the notebooks' variables hold; the inputs of the checks hold fewer.
_NOTEBOOK_SIZES = [(10_000,), (20_000,), (60_000,)]

# What an error message says to a student, by a part of it. The first that fits is told.
_HINTS = {
    "'NoneType' object": "something is None: is a `return` missing, or does a method change its "
    "object in place and return None?",
    "'NoneType' and": "something is None: is a `return` missing, or does a method change its "
    "object in place and return None?",
    "no attribute 'history'": "the argument is the dict `history.history` itself",
    "'list' and": "lists have no arithmetic: make arrays of them, or take their parts one by one",
    "and 'list'": "lists have no arithmetic: make arrays of them, or take their parts one by one",
    "matmul": "look at the order of the two factors and at their shapes",
    "not aligned": "look at the order of the two factors and at their shapes",
    "broadcast": "look at the shapes of what you combine",
    "same_kind": "an integer array cannot hold fractions: make a float array first",
    "read-only": "take a copy first",
    "truth value": "`if`, `and`, `max` and `min` ask for one value: {ops} has comparisons and "
    "`{prefix}.maximum` for whole arrays",
    "0-dimensional": "`math` and `float` take one number: NumPy's own functions take arrays",
    "only length-1 arrays": "`math` and `float` take one number: NumPy's own functions take arrays",
    "axis 0 with size 0": "nothing is left there: is the answer empty for this input?",
    "out of bounds for uint8": "uint8 holds whole numbers from 0 to 255: make floats first",
    "out of bounds for array of dimension": "the axes of a table are 0, down, and 1, across; what "
    "is selected by True and False, or summed, has fewer",
    "out of bounds": "are rows and columns swapped, does a loop go too far, or is a size written "
    "in?",
    "list index out of range": "does a loop go one step too far, or is a length written in?",
    "inhomogeneous": "arrays of different shapes make no one array: work on them one by one, "
    "and compare with a number by `{prefix}.maximum`",
    "only integer scalar arrays": "`{prefix}.max` looks for the largest entry of one array, "
    "`{prefix}.maximum` compares two",
    "boolean negative": "`~` is the opposite of True and False",
    "boolean subtract": "`~` is the opposite of True and False",
    "empty sequence": "nothing was collected: is a name or a number written in that this input "
    "has not?",
    "empty iterable": "nothing was collected: is a name or a number written in that this input "
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
    "not callable": "parentheses call a function: is a name used for something else, or a `*` "
    "missing?",
    "referenced before": "a name is used before it gets a value: is it set in every case?",
    "not associated with a value": "a name is used before it gets a value: is it set in every case?",
}
BLANK = "still blank: write your answer in the body of the function."


class Finding(NamedTuple):
    """kind: form, order, call, own, slip, plain, two or vague. key: which one. words: the line."""

    kind: str
    key: str
    words: str


def form(exercise, answer):
    """What is wrong before anything is called, or None."""
    if answer is None or answer is ...:
        words = f"still blank: define the function {exercise.name}, then run this cell again."
        return Finding("form", "blank", words)
    kind = type(answer).__name__
    asked = f"{exercise.name}({', '.join(exercise.arguments)})"
    if not callable(answer) and exercise.prepare:
        words = (
            f"this cannot be called, its type is {kind}: give the check a function, without "
            "parentheses, or an object whose class has the method `__call__`."
        )
        return Finding("form", "no function", words)
    if not callable(answer):
        words = (
            f"this is no function, its type is {kind}: give the check the name of your function, "
            "without parentheses, and use that name for nothing else."
        )
        return Finding("form", "no function", words)
    if exercise.prepare and inspect.isclass(answer):  # `prepare` makes an object of it
        return None
    if takes(answer, len(exercise.arguments)):
        return None
    if inspect.isclass(answer):
        return Finding("form", "a class", f"this is a class: define a function, {asked}.")
    number = len(arguments_of(answer) or ())
    words = (
        f"your function takes {number} argument{'s' * (number != 1)} and the task asks for "
        f"{len(exercise.arguments)}: {asked}."
    )
    return Finding("form", "arguments", words)


def name(exercise, answer, calls, right):
    """The finding for an answer that is not right.

    calls: what its calls did. right: for which of them it returned the right value.
    """
    wanted, first = exercise.wanted, right.index(False)
    trouble = next((call for call in calls if not call.usable), None)
    blank = _blank(answer, calls[0])
    if blank:
        return blank
    if not exercise.prepare and in_another_order(exercise, answer, wanted):
        asked = f"{exercise.name}({', '.join(exercise.arguments)})"
        words = f"the arguments are taken in another order than the task's, {asked}."
        return Finding("order", "order", words)
    seen = look(answer)
    if found := _not_kept(seen):
        return found
    deadline = time.process_time() + SECONDS_FOR_SLIPS
    slips = slips_of(exercise)
    several = sum(call.usable for call in calls) > 1

    def explained(kind, candidates):
        with quiet():
            for slip in candidates:
                if slip.explains(calls, right):
                    return Finding(kind, slip.key, slip.words)
                if time.process_time() > deadline:
                    return None

    wrong_value = any(call.usable and not r for call, r in zip(calls, right, strict=True))
    if slips and several and wrong_value and (found := explained("own", slips.own)):
        return found
    if trouble and not (several and wrong_value):
        return _of_call(exercise, answer, seen, trouble)
    found = not trouble and _does_not_look(exercise, calls, wanted)
    if found:
        return found
    if slips and (found := explained("slip", [*slips.one, *slips.changed])):
        return found
    if trouble:
        return _of_call(exercise, answer, seen, trouble)
    values = [call.value for call in calls]
    where = f"({described(exercise, exercise.inputs[first])})"
    if found := _plain(exercise, answer, values, wanted, right, where):
        return found
    if slips and (found := explained("two", slips.two())):
        return found
    return _vague(exercise, values, wanted, right, where)


def described(exercise, arguments):
    """The input in words: `codes of shape (5, 32), l1 = 0.1`."""
    parts = []
    for argument, value in zip(exercise.arguments, arguments, strict=True):
        if isinstance(value, np.ndarray):
            parts.append(f"{argument} of shape {value.shape}")
        elif isinstance(value, dict):
            parts.append(f"{argument} with {len(value)} {'entry' if len(value) == 1 else 'entries'}")
        elif isinstance(value, list) and any(isinstance(v, np.ndarray) for v in value):
            parts.append(f"{argument}, {len(value)} arrays")
        else:
            parts.append(f"{argument} = {value}")
    return ", ".join(parts)


# ------------------------------------------------------------ what its calls and its steps show


def _blank(answer, call):
    raised = type(call.error) is NotImplementedError and "symbolic" not in str(call.error)
    returned = call.nothing is ... or call.nothing is NotImplemented
    if raised or returned or (call.nothing is None and look(answer).does_nothing):
        return Finding("form", "blank", BLANK)
    return None


def _not_kept(seen):
    if seen.not_kept:
        what = seen.not_kept[0]
        if what == "==":
            words = "a comparison stands on a line of its own: `=` gives a name, `==` compares."
        elif what.isidentifier():
            words = (
                f"what `{what}` gives is not kept: it stands on a line of its own and leaves its "
                "object as it was; give the result a name."
            )
        else:
            words = f"a result is not kept: `{what}` stands on a line of its own; give it a name."
        return Finding("call", f"not kept: {what}", words)
    if seen.none_kept:
        what = seen.none_kept[0]
        words = (
            f"`{what}` changes its object in place and returns None: what is kept here is None; "
            "call it on a line of its own, on something that is yours."
        )
        return Finding("call", f"None kept: {what}", words)
    return None


def _of_call(exercise, answer, seen, call):
    """A call that raised, returned nothing, or changed its input."""
    where = described(exercise, call.arguments)
    if call.changed:
        array = exercise.arguments.index(call.changed[0])
        copied = seen.whole_slice or {"copy", "list"} & seen.names
        shallow = ""
        if isinstance(call.arguments[array], list) and copied:
            shallow = " A copy of a list holds the same arrays: these are changed, not copies."
        elif seen.whole_slice:
            shallow = " `[:]` of an array is no copy: it shows the same numbers."
        words = (
            f"it changes its input, `{call.changed[0]}`, in place ({where}): make something new, "
            f"so that what the caller gave stays as it was.{shallow}"
        )
        return Finding("call", "changed" + " shallow" * bool(shallow), words)
    if call.nothing is not False:
        words = f"it returned None ({where}): forgot `return`, or is there none for this case?"
        return Finding("call", "None", words)
    if isinstance(call.error, Unusable):
        return Finding("call", "another kind", str(call.error))
    if type(call.error) is TooSlow:
        words = f"no answer after {call.error} seconds ({where}): is there a loop that never ends?"
        return Finding("call", "too slow", words)
    if call.value is not None:  # it returned, and what it returned fails when it is looked at
        words = (
            f"it returns {a(type(call.value).__name__)} that cannot be read "
            f"({type(call.error).__name__}): return an array, a list or a number."
        )
        return Finding("call", "another kind", words)
    return _raised(exercise, answer, seen, call.error, where)


def _raised(exercise, answer, seen, problem, where):
    """An error of the student's function: what, where, on which input."""
    try:
        message = str(problem).strip().split("\n")[0]
    except Exception:
        message = ""
    hints = [key for key in _HINTS if key in message]
    key = f"{type(problem).__name__} {hints[0] if hints else ''}".strip()
    keras = bool(exercise.prepare)
    words = {"ops": "`keras.ops`" if keras else "NumPy", "prefix": "keras.ops" if keras else "np"}
    hint = _HINTS[hints[0]].format(**words) if hints else ""
    product = "@" in inspect.getsource(exercise.reference).partition(":")[2]
    if isinstance(problem, KeyError):
        hint = "which dict is asked here, and has it this key, or not yet?"
    elif product and "*" in seen.operators and not {"@"} & seen.operators and "broadcast" in message:
        if not {"dot", "matmul", "einsum"} & seen.names:
            hint = "`*` multiplies entry by entry, and a product of matrices is needed"
            key = "* for @"
    if variable := notebook_variable(answer):
        hint = f"it uses `{variable}`, a variable of the notebook: use the arguments"
        key = "notebook variable"
    if "{{function_node" in message:  # TensorFlow's names for its own parts
        message = message.split("}} ")[-1].split(" [Op:")[0]
    message = message.replace(" () ", " ").removesuffix(" ()")
    if "gufunc signature" in message:  # NumPy's letters for the shapes say little to a student
        message = "matmul, the shapes of the two factors do not fit"
    if "truth value" in message:  # NumPy's advice, `any` or `all`, leads away from the mistake
        message = "an array has more than one truth value"
    if len(message) > 160:
        message = message[:160].rsplit(" ", 1)[0] + " …"
    line = line_in(problem, answer)
    text = f"it stops with {type(problem).__name__}" + (f": {message}" if message else "")
    text = text.rstrip(".") + f" — {f'line {line} of your cell, ' if line else ''}{where}"
    text += f"; {hint}" if hint else ""
    return Finding("call", key, text if text.endswith("?") else f"{text}.")


# ------------------------------------------------------------------------- plain findings on values


def _does_not_look(exercise, calls, wanted):
    """Whether it gives the same for every input, perhaps times a number that was handed in."""
    first, values = exercise.arguments[0], [call.value for call in calls]
    if isinstance(values[0], np.ndarray):
        flat = {float(one) for value in values for one in np.unique(value)}
        if len(flat) == 1 and np.isfinite(*flat):
            value = flat.pop()
            told = bool(value) if values[0].dtype == bool else f"{value:g}"
            lost = ""
            if not value and wanted[0].dtype.kind == "f":
                lost = "are the fractions lost (an integer division?), or "
            words = f"it gives {told} for every input tried: {lost}does it depend on `{first}`?"
            return Finding("plain", "always the same number", words)
        if values[0].ndim == 0 and wanted[0].ndim > 0:
            return None
        scales = [c.arguments[-1] for c in calls if isinstance(c.arguments[-1], int | float)]
        if len(calls[0].arguments) > 1 and len(scales) == len(calls) and all(scales):
            scaled = [np.asarray(v / s) for v, s in zip(values, scales, strict=True)]
            if np.any(scaled[0]) and all(same(value, scaled[0]) for value in scaled[1:]):
                words = (
                    f"it does not depend on `{first}`: does it use another array of the notebook, "
                    "or a number that is written in? Use the argument."
                )
                return Finding("plain", "not the argument", words)
    telling = np.isfinite(values[0]).all() if isinstance(values[0], np.ndarray) else values[0]
    if telling and all(same(value, values[0]) for value in values[1:]):
        words = (
            f"it gives the same for every input: compute it from the argument `{first}`, not from "
            "a variable of the notebook."
        )
        return Finding("plain", "always the same", words)
    return None


def _plain(exercise, answer, found, wanted, right, where):
    if variable := notebook_variable(answer):
        words = (
            f"it uses `{variable}`, a variable of the notebook: everything it needs is in its "
            f"arguments, {', '.join(exercise.arguments)}."
        )
        return Finding("plain", "notebook variable", words)
    wrong = [(f, w) for f, w, r in zip(found, wanted, right, strict=True) if not r]
    if isinstance(wanted[0], np.ndarray):
        for i, (f, w) in enumerate(zip(found, wanted, strict=True)):
            place = f"({described(exercise, exercise.inputs[i])})"
            if not np.all(np.isfinite(f.astype(float))):
                words = (
                    f"it returns NaN or infinity {place}: look for log(0), 0/0, the root of a "
                    "negative number, or an overflow."
                )
                return Finding("plain", "not finite", words)
            if f.shape != w.shape:
                return _shape(exercise, f, w, place)
        return (
            _lost_digits(wrong, where)
            or _added(wrong, right, where)
            or _order(wrong, where)
            or _factor(exercise, found, wanted, right)
        )
    if isinstance(wanted[0], list):
        if len(wrong[0][0]) != len(wrong[0][1]):
            given, asked = len(wrong[0][0]), len(wrong[0][1])
            words = f"it returns {given} arrays and {asked} are asked for."
            return Finding("plain", "how many arrays", words)
        pairs = [p for f, w in wrong for p in zip(f, w, strict=True) if not same(*p)]
        if all(f.shape == w.shape for f, w in pairs):
            return _lost_digits(pairs, where)
    elif not wrong[0][0]:
        words = (
            f"it is empty {where}: does the loop run, is the start value large enough, and is the "
            "result not made anew in each step?"
        )
        return Finding("plain", "empty", words)
    return None


def _shape(exercise, found, wanted, place):
    if found.shape[:1] in _NOTEBOOK_SIZES:
        words = (
            f"it returns {found.shape[0]:,} rows or numbers {place}: they come from a variable of "
            f"the notebook; use the argument `{exercise.arguments[0]}`."
        )
        return Finding("plain", "notebook variable", words)
    shapes = f"{found.shape} where {wanted.shape} is expected {place}"
    key, words = "shape", f"the shape is {shapes}: look at the axis you work along."
    rows = wanted.ndim > 0 and found.ndim == wanted.ndim and found.shape[1:] == wanted.shape[1:]
    if wanted.ndim == 0:
        key = "an array for a number"
        words = f"it returns an array of shape {found.shape} {place} and one number is asked for."
    elif found.ndim == 0:
        key = "a number for an array"
        words = (
            f"it returns one number {place} and {len(wanted)} are expected, one for each: is "
            "`return` inside a loop, or is all of it put together?"
            if wanted.ndim == 1 and len(wanted) > 1
            else f"it returns one number {place} and an array of shape {wanted.shape} is expected."
        )
    elif found.size == wanted.size and same(found.reshape(wanted.shape), wanted):
        key, words = "shape alone", f"the values are right and the shape is not: {shapes}."
    elif rows and len(found) < len(wanted) and _is_part(found, wanted):
        key = "dropped"
        words = (
            f"{len(wanted) - len(found)} of {len(wanted)} are missing {place}: does a selection "
            "drop some, or does a loop leave them out?"
        )
    elif found.ndim == wanted.ndim == 1:
        how = "many" if found.size > wanted.size else "few"
        numbers = f"{found.size} number{'s' * (found.size != 1)}"
        key = f"too {how}"
        words = f"it returns {numbers} where {wanted.size} are expected {place}: too {how}."
    elif found.ndim > wanted.ndim:
        words = (
            f"the shape is {shapes}, an axis too many: is a sum or a mean missing, or are several "
            "things returned?"
        )
    elif wanted.ndim == 2 and found.ndim == 1 and found.size not in wanted.shape:
        words = (
            f"the shape is {shapes}: a selection by True and False gives one flat row, whatever "
            "the shape was."
        )
    elif wanted.ndim == 2 and len(wanted) > 1 and found.shape[-1:] == wanted.shape[-1:]:
        words = f"the shape is {shapes}: one row for each is wanted."
    elif 32 in found.shape and 32 not in wanted.shape:
        words = f"the shape is {shapes}: is 32 written in, or does it use the notebook's model?"
    return Finding("plain", key, words)


def _is_part(found, wanted):
    """Whether `found` is `wanted` with some of its entries left out."""
    rest = iter(wanted)
    return all(any(same(one, other) for other in rest) for one in found)


def _lost_digits(pairs, where):
    if any(w.dtype.kind in "biu" for _, w in pairs):
        return None
    if all(f.dtype == np.float16 and same(f, w, 1e-3, 2e-3) for f, w in pairs):
        words = f"half precision (float16) has three digits only {where}: use float32."
        return Finding("plain", "half precision", words)
    for lose in (np.trunc, np.round, np.floor):
        some = any(np.any(lose(w)) for _, w in pairs)
        if some and all(np.allclose(f, lose(w)) for f, w in pairs):
            words = (
                f"the fractions are lost {where}: an integer division, an integer dtype or a "
                "rounding; work with floats and return them unrounded."
            )
            return Finding("plain", "fractions lost", words)
    for digits in range(1, 6):
        if all(
            np.allclose(f, np.round(w, digits), rtol=1e-6, atol=1e-6)
            and np.allclose(f, np.round(f, digits), rtol=3e-7, atol=3e-7)
            and len(np.unique(f)) > 1
            for f, w in pairs
        ):
            words = f"the result is rounded {where}: return it unrounded, round when you print."
            return Finding("plain", "rounded", words)
    return None


def _added(pairs, right, where):
    """Whether one and the same number stands in the zeros, or is added to everything."""
    values = np.concatenate([f[w == 0].ravel() for f, w in pairs]).astype(float)
    rest = [same(f[w != 0], w[w != 0]) for f, w in pairs]
    if values.size and values[0] and all(rest) and np.allclose(values, values[0]):
        return Finding("plain", "in the zeros", f"where 0 is right it gives {values[0]:g} {where}.")
    offsets = np.concatenate([np.ravel(f - w.astype(float)) for f, w in pairs])
    everywhere = not any(right) and offsets.size > 2
    if offsets[0] and everywhere and np.allclose(offsets, offsets[0], rtol=1e-3):
        words = f"it is right but for {offsets[0]:+.1g} that is added everywhere."
        return Finding("plain", "added", words)
    return None


def _order(pairs, where):
    if any(w.ndim != 1 for _, w in pairs):
        return None
    if all(same(f[::-1], w) for f, w in pairs):
        words = f"the values are right and their order is reversed {where}."
        return Finding("plain", "reversed", words)
    if all(same(np.sort(f), np.sort(w)) for f, w in pairs):
        return Finding("plain", "order", f"the values are right and their order is not {where}.")
    return None


def _factor(exercise, found, wanted, right):
    """A constant factor between the two, by its name if it is a likely one."""
    factors = []
    for f, w in zip(found, wanted, strict=True):
        if not np.any(w):
            if np.any(f):
                return None
            factors.append(None)
            continue
        top = np.unravel_index(np.argmax(np.abs(w)), w.shape)
        factor = float(f[top]) / float(w[top])
        if not factor or not same(np.asarray(f / factor), w.astype(float), exercise.atol, 1e-3):
            return None
        factors.append(factor)
    for sentence, sizes in _likely_factors(exercise).items():
        for direction in (1, -1):
            if all(
                factor is None or np.isclose(factor, size**direction, rtol=1e-3)
                for factor, size in zip(factors, sizes, strict=True)
            ):
                how = "too large" if (sizes[right.index(False)] ** direction) > 1 else "too small"
                words = f"it is right but for a factor of {sentence}: {how}."
                return Finding("plain", f"factor {sentence}", words)
    known = [factor for factor in factors if factor is not None]
    if np.allclose(known, 1, rtol=2e-3):
        words = "it is nearly right: is a constant written in with too few digits, or a part cut off?"
        return Finding("plain", "nearly", words)
    if np.allclose(known, known[0], rtol=1e-3):
        words = "it is right but for a constant factor: look for a number too much or missing."
        return Finding("plain", "a factor", words)
    return None


def _likely_factors(exercise):
    factors = {"2": 2, "784": 784, "255": 255, "100 (percent?)": 100, "10": 10, "28": 28}
    factors |= {"the logarithm's base": np.log(2), "the logarithm's base ": np.log(10)}
    factors |= {"256/255 (full ink is 255)": 256 / 255}
    sizes = {name: [value] * len(exercise.inputs) for name, value in factors.items()}
    shapes = [
        next((a.shape for a in arguments if isinstance(a, np.ndarray)), ())
        for arguments in exercise.inputs
    ]
    if all(shapes):
        sizes["the batch size (is it a mean or a sum?)"] = [shape[0] for shape in shapes]
    if all(len(shape) > 1 for shape in shapes):
        sizes["the number of columns (is it a mean or a sum?)"] = [shape[1] for shape in shapes]
        sizes["the number of entries (is it a mean or a sum?)"] = [
            shape[0] * shape[1] for shape in shapes
        ]
    for place, argument in enumerate(exercise.arguments):
        values = [arguments[place] for arguments in exercise.inputs]
        if all(isinstance(value, int | float) and value for value in values):
            sizes[f"`{argument}` (forgotten, or used twice?)"] = values
    return sizes


# --------------------------------------------------------------------------------- if nothing is known


def _vague(exercise, found, wanted, right, where):
    return (
        _right_on_some(exercise, right, where)
        or _parts(found, wanted, right, where)
        or Finding(
            "vague",
            "by hand",
            f"the number is not right {where}{_part(exercise, right)}: compute a small example by "
            "hand and compare.",
        )
    )


def _part(exercise, right):
    """`, but only …` if the wrong answers are all in one part of the inputs."""
    for words, belongs in exercise.parts.items():
        inside = [belongs(*arguments) for arguments in exercise.inputs]
        if all(r or i for r, i in zip(right, inside, strict=True)):
            return f", but only {words}"
    return ""


def _right_on_some(exercise, right, where):
    """What the inputs have in common for which the answer is right."""
    if not any(right):
        return None
    if sum(right) == 1 and right[0]:
        words = (
            f"it is right on the simplest example and not on others {where}: is something left "
            "out that plays no part there, or a number written in?"
        )
        return Finding("vague", "right on the simplest", words)
    last = exercise.arguments[-1]
    numbers = [a[-1] if isinstance(a[-1], int | float) else None for a in exercise.inputs]
    if value := _only(numbers, right):
        words = f"it is right for {last} = {value} only: use the argument `{last}`."
        return Finding("plain", "right for one number", words)
    for axis, one, many in ((0, "a single image", "{} images"), (1, "a single unit", "{} columns")):
        sizes = [_size(arguments, axis) for arguments in exercise.inputs]
        if (size := _only(sizes, right)) is not None:
            what = one if size == 1 else many.format(size)
            words = (
                f"it is right for {what} only: is a size written in? Take it from the shape of "
                "the array."
            )
            return Finding("plain", "right for one size", words)
    return None


def _only(values, right):
    """The one value for which all right answers are given and no wrong one, or None."""
    of_right = {value for value, r in zip(values, right, strict=True) if r}
    of_wrong = {value for value, r in zip(values, right, strict=True) if not r}
    return of_right.pop() if len(of_right) == 1 and not of_right & of_wrong else None


def _size(arguments, axis):
    for argument in arguments:
        if isinstance(argument, np.ndarray) and argument.ndim > axis:
            return argument.shape[axis]
    return None


def _parts(found, wanted, right, where):
    """Which entries, arrays or names are wrong."""
    f, w = found[right.index(False)], wanted[right.index(False)]
    if isinstance(w, np.ndarray):
        if not w.ndim:
            return None
        pairs = zip(np.atleast_1d(f), np.atleast_1d(w), strict=True)
        wrong = sum(not same(np.asarray(one), np.asarray(other)) for one, other in pairs)
        what = "entries" if w.ndim == 1 else "rows"
        words = (
            f"{wrong} of {len(w)} {what} {'is' if wrong == 1 else 'are'} not right {where}: compute "
            "a small example by hand and compare."
        )
        return Finding("vague", "some entries", words)
    if isinstance(w, list):
        pairs = enumerate(zip(f, w, strict=True), start=1)
        number, f, w = next((i, f, w) for i, (f, w) in pairs if not same(f, w))
        shape = "" if f.shape == w.shape else f", its shape is {f.shape} and should be {w.shape}"
        words = f"array number {number} of {len(wanted[0])} is not right{shape} {where}."
        return Finding("plain" if shape else "vague", "one array", words)
    if isinstance(w, dict):
        key, words = "an entry", f"an entry is not right {where}: find it by hand in a small example."
        if f.keys() < w.keys():
            key = "an entry missing"
            words = (
                f"an optimizer is missing {where}: is `return` inside the loop, or the dict made "
                "anew in it? One entry for each is wanted."
            )
        elif f.keys() != w.keys():
            key = "keys"
            words = f"the keys are not the right ones {where}: one entry for each optimizer."
        elif not all(isinstance(value, np.ndarray) and not value.ndim for value in f.values()):
            key = "no number"
            words = f"an entry is no number {where}: the rate alone is asked for."
        return Finding("vague" if key == "an entry" else "plain", key, words)
    parts = []
    if missing := len(w - f):
        parts.append("a name is missing" if missing == 1 else f"{missing} names are missing")
    if extra := len(f - w):
        parts.append("one name does not belong there" if extra == 1 else f"{extra} names too many")
    words = f"{' and '.join(parts)} {where}: find out by hand which."
    return Finding("vague", "names", words)
