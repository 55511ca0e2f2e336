"""What can be said about a wrong answer that makes none of the known mistakes."""

import numpy as np

from .calling import notebook_variable
from .reading import same


def described(exercise, arguments):
    """The input in words: `codes of shape (5, 32), l1 = 0.1`."""
    parts = []
    for name, value in zip(exercise.arguments, arguments, strict=True):
        if isinstance(value, np.ndarray):
            parts.append(f"{name} of shape {value.shape}")
        elif isinstance(value, dict):
            parts.append(f"{name} with {len(value)} {'entry' if len(value) == 1 else 'entries'}")
        elif isinstance(value, list) and any(isinstance(v, np.ndarray) for v in value):
            parts.append(f"{name}, {len(value)} arrays")
        else:
            parts.append(f"{name} = {value}")
    return ", ".join(parts)


def diagnose(exercise, answer, found, wanted, right):
    """One sentence on values `found` where `wanted` are right; at least one is not `right`."""
    first = right.index(False)
    where = f"({described(exercise, exercise.inputs[first])})"
    arrays = all(isinstance(value, np.ndarray) for value in wanted)
    sentence = (arrays and _slip_of_a_loop(found, wanted)) or _does_not_look(
        exercise, found, wanted, where
    )
    if sentence:
        return sentence
    if name := notebook_variable(answer):
        return (
            f"it uses `{name}`, a variable of the notebook: everything it needs is in its "
            f"arguments, {', '.join(exercise.arguments)}."
        )
    if arrays:
        for i, (f, w) in enumerate(zip(found, wanted, strict=True)):
            place = f"({described(exercise, exercise.inputs[i])})"
            if not np.all(np.isfinite(f.astype(float))):
                return (
                    f"it returns NaN or infinity {place}: look for log(0), 0/0, the root of a "
                    "negative number, or an overflow."
                )
            if f.shape != w.shape:
                return _shape(f, w, place)
            if w.ndim == 2 and not right[i] and f.T.shape == w.shape and same(f.T, w):
                return f"rows and columns are swapped {place}: the result is transposed."
        sentence = (
            _lost_fraction(found, wanted, right, where)
            or _added(found, wanted, right, where)
            or _factor(exercise, found, wanted, right)
            or _order(found, wanted, right, where)
        )
        if sentence:
            return sentence
    elif isinstance(wanted[0], list):
        if len(found[first]) != len(wanted[first]):
            return f"it returns {len(found[first])} arrays and {len(wanted[first])} are asked for."
        pairs = list(zip(found[first], wanted[first], strict=True))
        pairs = [(f, w) for f, w in pairs if not same(f, w)]
        if all(f.shape == w.shape for f, w in pairs):
            sentence = _half(pairs, where) or _rounded(pairs, where)
            if sentence:
                return sentence
    sentence = _right_on_some(exercise, right, where)
    if sentence:
        return sentence
    if arrays and wanted[first].ndim:
        return _entries(found[first], wanted[first], where)
    if not arrays:
        return _parts(found[first], wanted[first], where)
    part = _part(exercise, right)
    return f"the number is not right {where}{part}: compute a small example by hand and compare."


def _slip_of_a_loop(found, wanted):
    """Whether one row or number is answered in place of all of them, or one is left out."""
    pairs = [(f, w) for f, w in zip(found, wanted, strict=False) if w.ndim and len(w) > 1]
    what = "rows" if wanted[0].ndim > 1 else "numbers"
    slips = {
        f"only the first of the {what} comes back: is `return` inside the loop, or a `[0]` too "
        "much?": lambda w: w[0],
        f"only the last of the {what} comes back: does each overwrite the one before? Collect them "
        "all.": lambda w: w[-1],
        f"the last of the {what} is missing: does the loop end one step early?": lambda w: w[:-1],
        f"the first of the {what} is missing: does the loop begin one step late?": lambda w: w[1:],
    }
    for sentence, part in slips.items():
        parts = [(f, np.asarray(part(w))) for f, w in pairs]
        if parts and all(
            f.size == p.size and f.ndim <= w.ndim and same(f.reshape(p.shape), p)
            for (f, p), (_, w) in zip(parts, pairs, strict=True)
        ):
            return sentence
    return None


def _part(exercise, right):
    """`, but only …` if the wrong answers are all in one part of the inputs."""
    for words, belongs in exercise.parts.items():
        inside = [belongs(*arguments) for arguments in exercise.inputs]
        if all(r or i for r, i in zip(right, inside, strict=True)):
            return f", but only {words}"
    return ""


def _does_not_look(exercise, found, wanted, place):
    """Whether it gives the same for every input, perhaps times a number that was handed in."""
    first = exercise.arguments[0]
    if isinstance(found[0], np.ndarray):
        values = {float(value) for array in found for value in np.unique(array)}
        if len(values) == 1 and np.isfinite(*values):
            value = values.pop()
            told = bool(value) if found[0].dtype == bool else f"{value:g}"
            fractions = not value and wanted[0].dtype.kind == "f"
            lost = "are the fractions lost (an integer division?), or " if fractions else ""
            return (
                f"it gives {told} whatever the input is: {lost}does it depend on `{first}` at all?"
            )
        one_number = found[0].ndim == 0 and wanted[0].ndim > 0
        if one_number or not np.all(np.isfinite(found[0].astype(float))):
            return None
        scales = [a[-1] for a in exercise.inputs if len(a) > 1 and isinstance(a[-1], int | float)]
        if len(scales) == len(found) and len(set(scales)) > 1 and all(scales):
            scaled = [np.asarray(f / s) for f, s in zip(found, scales, strict=True)]
            if np.any(scaled[0]) and all(same(value, scaled[0]) for value in scaled[1:]):
                if not isinstance(exercise.inputs[0][0], np.ndarray):
                    return f"it does not depend on `{first}`: the answer should change with it."
                return (
                    f"it does not depend on `{first}`: does it use another array of the notebook "
                    "(weights in place of activations, for example)? Use the argument."
                )
    if not isinstance(found[0], np.ndarray) and not found[0]:
        return (
            f"it is empty {place}: does the loop run, is the start value large enough, and is "
            "the result not made anew in each step?"
        )
    if all(same(value, found[0]) for value in found[1:]):
        return (
            f"it gives the same for every input: compute it from the argument `{first}`, not from "
            "a variable of the notebook."
        )
    return None


def _shape(found, wanted, place):
    shapes = f"{found.shape} where {wanted.shape} is expected {place}"
    if wanted.ndim == 2 and found.T.shape == wanted.shape and same(found.T, wanted):
        return f"the result is transposed: its shape is {shapes}."
    if wanted.ndim == 0:
        return f"it returns an array of shape {found.shape} {place} and one number is asked for."
    if found.ndim == 0:
        one = f"it returns one number {place} and "
        if wanted.ndim == 1 and len(wanted) > 1:
            return (
                f"{one}{len(wanted)} are expected, one for each: is `return` inside a loop, or is "
                "all of it put together?"
            )
        return f"{one}an array of shape {wanted.shape} is expected."
    if found.size == wanted.size and same(found.reshape(wanted.shape), wanted):
        return f"the values are right and the shape is not: {shapes}."
    if found.ndim == wanted.ndim == 1:
        how = "too many" if found.size > wanted.size else "too few"
        numbers = f"{found.size} number{'s' * (found.size != 1)}"
        return f"it returns {numbers} where {wanted.size} are expected {place}: {how}."
    if found.ndim > wanted.ndim:
        return (
            f"the shape is {shapes}, an axis too much: is a sum or a mean missing, or are several "
            "things returned?"
        )
    row = wanted.shape[-1:]
    if wanted.ndim == 2 and len(wanted) > 1 and found.shape in (row, (1, *row)):
        return f"it returns one row where {len(wanted)} are expected {place}: one for each."
    if 32 in found.shape and 32 not in wanted.shape:
        return f"the shape is {shapes}: is 32 written in, or does it use the notebook's model?"
    return f"the shape is {shapes}: look at the axis you work along."


def _lost_fraction(found, wanted, right, where):
    pairs = [(f, w) for f, w, r in zip(found, wanted, right, strict=True) if not r]
    if any(w.dtype.kind in "biu" for _, w in pairs):
        return None
    if sentence := _half(pairs, where):
        return sentence
    for lose in (np.trunc, np.round, np.floor):
        if any(np.any(lose(w)) for _, w in pairs) and all(
            np.allclose(f, lose(w)) for f, w in pairs
        ):
            return (
                f"the fractions are lost {where}: an integer division, an integer dtype or a "
                "rounding; work with floats and return them unrounded."
            )
    return _rounded(pairs, where)


def _half(pairs, where):
    if pairs and all(f.dtype == np.float16 and same(f, w, 1e-3, 2e-3) for f, w in pairs):
        return f"half precision (float16) has three digits only {where}: use float32."
    return None


def _rounded(pairs, where):
    for digits in range(1, 6):
        if pairs and all(
            np.allclose(f, np.round(w, digits), rtol=1e-6, atol=1e-6)
            and np.allclose(f, np.round(f, digits), rtol=3e-7, atol=3e-7)
            for f, w in pairs
        ):
            return f"the result is rounded {where}: return it unrounded, round when you print."
    return None


def _added(found, wanted, right, where):
    """Whether one and the same number stands in the zeros, or is added to everything."""
    pairs = [(f, w) for f, w, r in zip(found, wanted, right, strict=True) if not r]
    values = np.concatenate([f[w == 0].ravel() for f, w in pairs]).astype(float)
    rest = [same(f[w != 0], w[w != 0]) for f, w in pairs]
    if values.size and values[0] and all(rest) and np.allclose(values, values[0]):
        return f"where 0 is right it gives {values[0]:g} {where}."
    offsets = np.concatenate([np.ravel(f - w.astype(float)) for f, w in pairs])
    everywhere = not any(right) and offsets.size > 2
    if offsets[0] and everywhere and np.allclose(offsets, offsets[0], rtol=1e-3):
        return f"it is right but for {offsets[0]:+.1g} that is added everywhere."
    return None


def _order(found, wanted, right, where):
    pairs = [(f, w) for f, w, r in zip(found, wanted, right, strict=True) if not r]
    if any(w.ndim != 1 for _, w in pairs):
        return None
    if all(same(f[::-1], w) for f, w in pairs):
        return f"the values are right and their order is reversed {where}."
    if all(same(np.sort(f), np.sort(w)) for f, w in pairs):
        return f"the values are right and their order is not {where}."
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
            wrong = [
                factor is None or np.isclose(factor, size**direction, rtol=1e-3)
                for factor, size in zip(factors, sizes, strict=True)
            ]
            if all(wrong):
                how = "too large" if (sizes[right.index(False)] ** direction) > 1 else "too small"
                if sizes[0] == -1:
                    return "the sign is wrong: everything is right but for a minus."
                return f"it is right but for a factor of {sentence}: {how}."
    known = [factor for factor in factors if factor is not None]
    if np.allclose(known, 1, rtol=2e-3):
        return (
            "it is nearly right: is a constant written in with too few digits, or a part cut off?"
        )
    if np.allclose(known, known[0], rtol=1e-3):
        return "it is right but for a constant factor: look for a number too much or missing."
    return None


def _likely_factors(exercise):
    factors = {"a sign": -1, "2": 2, "784": 784, "255": 255, "100 (percent?)": 100, "10": 10}
    factors |= {"the logarithm's base": np.log(2), "the logarithm's base ": np.log(10)}
    factors |= {"28": 28, "256/255 (full ink is 255)": 256 / 255}
    found = {name: [value] * len(exercise.inputs) for name, value in factors.items()}
    shapes = [
        next((a.shape for a in arguments if isinstance(a, np.ndarray)), ())
        for arguments in exercise.inputs
    ]
    if all(shapes):
        found["the batch size (is it a mean or a sum?)"] = [shape[0] for shape in shapes]
    if all(len(shape) > 1 for shape in shapes):
        found["the number of columns (is it a mean or a sum?)"] = [shape[1] for shape in shapes]
        found["the number of entries (is it a mean or a sum?)"] = [
            shape[0] * shape[1] for shape in shapes
        ]
    numbers = [
        [a for a in arguments if isinstance(a, int | float)] for arguments in exercise.inputs
    ]
    last = exercise.arguments[-1]
    if all(numbers) and all(row[-1] != 0 for row in numbers):
        found[f"`{last}` (forgotten, or used twice?)"] = [row[-1] for row in numbers]
    return found


def _right_on_some(exercise, right, where):
    """What the inputs have in common for which the answer is right."""
    if not any(right):
        return None
    if sum(right) == 1:
        return right[0] and (
            f"it is right on the simplest example and not on others {where}: is something "
            "left out that plays no part there, or a number written in?"
        )
    numbers = [a[-1] if isinstance(a[-1], int | float) else None for a in exercise.inputs]
    of_right = {number for number, r in zip(numbers, right, strict=True) if r}
    of_wrong = {number for number, r in zip(numbers, right, strict=True) if not r}
    if len(of_right) == 1 and None not in of_right and not of_right & of_wrong:
        last = exercise.arguments[-1]
        return f"it is right for {last} = {of_right.pop()} only: use the argument `{last}`."
    for axis, one, many in (
        (0, "a single image", "{} images"),
        (1, "a single unit", "{} columns"),
    ):
        sizes = [_size(arguments, axis) for arguments in exercise.inputs]
        of_right = {size for size, r in zip(sizes, right, strict=True) if r}
        of_wrong = {size for size, r in zip(sizes, right, strict=True) if not r}
        if len(of_right) == 1 and None not in of_right and not of_right & of_wrong:
            (size,) = of_right
            what = one if size == 1 else many.format(size)
            return (
                f"it is right for {what} only: is a size written in? Take it from the shape of "
                "the array."
            )
    return None


def _size(arguments, axis):
    for argument in arguments:
        if isinstance(argument, np.ndarray) and argument.ndim > axis:
            return argument.shape[axis]
    return None


def _entries(found, wanted, where):
    pairs = zip(np.atleast_1d(found), np.atleast_1d(wanted), strict=True)
    wrong = sum(not same(np.asarray(f), np.asarray(w)) for f, w in pairs)
    what = "entries" if wanted.ndim == 1 else "rows"
    are = "is" if wrong == 1 else "are"
    return (
        f"{wrong} of {len(wanted)} {what} {are} not right {where}: compute a small example by hand "
        "and compare."
    )


def _parts(found, wanted, where):
    if isinstance(wanted, list):
        i, f, w = next(
            (i, f, w) for i, (f, w) in enumerate(zip(found, wanted, strict=True)) if not same(f, w)
        )
        shape = "" if f.shape == w.shape else f", its shape is {f.shape} and should be {w.shape}"
        return f"array number {i + 1} of {len(wanted)} is not right{shape} {where}."
    if isinstance(wanted, dict):
        if found.keys() < wanted.keys():
            return (
                f"an optimizer is missing {where}: is `return` inside the loop, or the dict made "
                "anew in it? One entry for each is wanted."
            )
        if found.keys() != wanted.keys():
            return f"the keys are not the right ones {where}: one entry for each optimizer."
        for value in found.values():
            if not isinstance(value, np.ndarray) or value.ndim:
                return f"an entry is no number {where}: the rate alone is asked for."
        return f"an entry is not right {where}: find it by hand in a small example."
    parts = []
    if missing := len(wanted - found):
        parts.append("a name is missing" if missing == 1 else f"{missing} names are missing")
    if extra := len(found - wanted):
        parts.append("one name does not belong there" if extra == 1 else f"{extra} names too many")
    return f"{' and '.join(parts)} {where}: find out by hand which."
