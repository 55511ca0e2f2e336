"""From facts to one sentence: what is wrong with an answer, and where to look.

`name` goes through what can be said, the particular first. What it gives is a `Finding`: its `key`
says which one it is, whatever the words are, and `kind` from where it comes.
"""

import inspect
import time
from typing import NamedTuple

import numpy as np

from . import rules
from .calling import arguments_of, in_another_order, takes
from .comparing import Unusable, same, with_article
from .looking import line_in, look, notebook_variable
from .sandbox import TooSlow, quiet
from .slips import read_table, slips_of

SECONDS_FOR_SLIPS = 0.6  # a check answers within a second


class Finding(NamedTuple):
    """kind: form, order, call, own, slip, plain, two or vague. key: which one. words: the line."""

    kind: str
    key: str
    words: str


def form(exercise, answer):
    """What is wrong before anything is called, or None."""
    asked = f"{exercise.name}({', '.join(exercise.arguments)})"
    given = arguments_of(answer) or []
    if answer is None or answer is ...:
        words = f"still blank: define the function {exercise.name}, then run this cell again."
        return Finding("form", "blank", words)
    if not callable(answer):
        words = (
            f"this is no function, its type is {type(answer).__name__}: give the check the name of "
            "your function, without parentheses, and use that name for nothing else."
        )
        return Finding("form", "no function", words)
    is_class = inspect.isclass(answer)
    if (exercise.prepare and is_class) or takes(answer, len(exercise.arguments)):
        return None
    if is_class:
        return Finding("form", "a class", f"this is a class: define a function, {asked}.")
    words = (
        f"your function takes {len(given)} argument{'s' * (len(given) != 1)} and the task asks for "
        f"{len(exercise.arguments)}: {asked}."
    )
    return Finding("form", "arguments", words)


def name(exercise, answer, calls, right):
    """The finding for an answer that is not right.

    calls: what its calls did. right: for which of them it returned the right value.
    """
    seen = look(answer)
    if _is_blank(calls[0], seen):
        return Finding("form", "blank", "still blank: write your answer in the function's body.")
    if not exercise.prepare and in_another_order(exercise, answer):
        asked = f"{exercise.name}({', '.join(exercise.arguments)})"
        words = f"the arguments are taken in another order than the task's, {asked}."
        return Finding("order", "order", words)
    if finding := _not_kept(seen):
        return finding
    trouble = next((call for call in calls if not call.usable), None)
    values = [call.value for call in calls if call.usable]
    wrong = any(call.usable and not r for call, r in zip(calls, right, strict=True))
    if len(values) < 2 or not wrong:
        return _of_call(exercise, answer, seen, trouble)
    deadline = time.process_time() + SECONDS_FOR_SLIPS
    slips = slips_of(exercise)

    def explained(kind, candidates):
        with quiet():
            for slip in candidates:
                if slip.explains(calls, right):
                    return Finding(kind, slip.key, slip.words)
                if time.process_time() > deadline:
                    return None

    if finding := slips and explained("own", slips.own):
        return finding
    if finding := not trouble and _does_not_look(exercise, values):
        return finding
    if finding := slips and explained("slip", slips.one):
        return finding
    if trouble:
        return _of_call(exercise, answer, seen, trouble)
    where = f"({described(exercise, exercise.inputs[right.index(False)])})"
    return (
        _plain(exercise, answer, values, right, where)
        or (slips and explained("two", slips.two))
        or _on_some(exercise, right, where)
        or _parts(exercise, values, right, where)
    )


def described(exercise, arguments):
    """The input in words: `codes of shape (5, 32), l1 = 0.1`."""
    parts = []
    for argument, value in zip(exercise.arguments, arguments, strict=True):
        if isinstance(value, np.ndarray):
            parts.append(f"{argument} of shape {value.shape}")
        elif isinstance(value, dict):
            parts.append(f"{argument} with {len(value)} entr{'y' if len(value) == 1 else 'ies'}")
        elif isinstance(value, list) and any(isinstance(v, np.ndarray) for v in value):
            parts.append(f"{argument}, {len(value)} arrays")
        else:
            parts.append(f"{argument} = {value}")
    return ", ".join(parts)


# ----------------------------------------------------------- what its calls and its steps show


def _is_blank(call, seen):
    """Whether there is no answer yet: the cell as it was handed out, `pass`, `...`."""
    raised = type(call.error) is NotImplementedError and "symbolic" not in str(call.error)
    returned = call.nothing is ... or call.nothing is NotImplemented
    return raised or returned or (call.nothing is None and seen.does_nothing)


def _not_kept(seen):
    for what in seen.not_kept[:1]:
        words = f"what `{what}` gives stands on a line of its own and is not kept: give it a name."
        if what == "==":
            words = "a comparison stands on a line of its own: `=` gives a name, `==` compares."
        return Finding("call", f"not kept: {what}", words)
    for what in seen.none_kept[:1]:
        words = (
            f"`{what}` changes its object in place and returns None, which is kept here: call it "
            "on a line of its own, on something that is yours."
        )
        return Finding("call", f"None kept: {what}", words)
    return None


def _of_call(exercise, answer, seen, call):
    """A call that raised, returned nothing, or changed its input."""
    where = described(exercise, call.arguments)
    if call.changed:
        copied = {"copy", "list"} & seen.names or seen.whole_slice
        of_list = isinstance(call.arguments[exercise.arguments.index(call.changed[0])], list)
        shallow = ""
        if of_list and copied:
            shallow = " A copy of a list holds the same arrays as the list."
        elif seen.whole_slice:
            shallow = " `[:]` of an array is no copy: it shows the same numbers."
        words = (
            f"it changes its input, `{call.changed[0]}`, in place ({where}): make something new, "
            f"so that what the caller gave stays as it was.{shallow}"
        )
        return Finding("call", "changed, shallow copy" if shallow else "changed", words)
    if call.nothing is not False:
        words = f"it returned None ({where}): forgot `return`, or is there none for this case?"
        return Finding("call", "None", words)
    if isinstance(call.error, Unusable):
        return Finding("call", "another kind", str(call.error))
    if type(call.error) is TooSlow:
        return too_slow(call.error, where)
    if call.value is not None:  # it returned, and what it returned fails when it is looked at
        kind, error = with_article(type(call.value).__name__), type(call.error).__name__
        words = f"it returns {kind} that cannot be read ({error}): return an array or a number."
        return Finding("call", "another kind", words)
    return _raised(exercise, answer, seen, call.error, where)


def too_slow(slow, where):
    words = f"no answer after {slow} seconds ({where}): is there a loop that never ends?"
    return Finding("call", "too slow", words)


def _raised(exercise, answer, seen, problem, where):
    """An error of the student's function: what, where, on which input."""
    try:
        message = str(problem).strip().split("\n")[0]
    except Exception:
        message = ""
    key, hint = type(problem).__name__, ""
    for signs, words in ((signs, words) for _, signs, words in read_table(rules.ERRORS)):
        if not hint and any(sign in message for sign in signs):
            hint = words.format(ops="keras.ops" if exercise.prepare else "np")
            key = f"{key} {signs[0]}"
    products = {"@", "dot", "matmul", "einsum"} & (seen.operators | seen.names)
    if variable := notebook_variable(answer):
        key = "notebook variable"
        hint = f"it uses `{variable}`, a variable of the notebook: use the arguments"
    elif isinstance(problem, KeyError):
        hint = "which dict is asked here, and has it this key, or not yet?"
    elif "broadcast" in message and "*" in seen.operators and exercise.has_product and not products:
        key, hint = "* for @", "`*` multiplies entry by entry, and a product of matrices is needed"
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


# ------------------------------------------------------------------- plain findings on its values


def _does_not_look(exercise, values):
    """Whether it gives the same for every input, perhaps times a number that was handed in."""
    first = exercise.arguments[0]
    words = (
        f"it does not depend on `{first}` here: does it use another array of the notebook, or a "
        "number that is written in? Use the argument."
    )
    if not isinstance(values[0], np.ndarray):
        alike = values[0] and all(same(value, values[0]) for value in values[1:])
        return Finding("plain", "always the same", words) if alike else None
    flat = {float(one) for value in values for one in np.unique(value)}
    if len(flat) == 1 and np.isfinite(*flat):
        told = bool(*flat) if values[0].dtype == bool else f"{flat.pop():g}"
        words = f"it gives {told} for every input tried: does it depend on `{first}`?"
        return Finding("plain", "always the same number", words)
    if not np.isfinite(values[0]).all() or (values[0].ndim == 0 < exercise.wanted[0].ndim):
        return None
    scales = [1] * len(values), [arguments[-1] for arguments in exercise.inputs]
    for scale in scales:
        if all(isinstance(s, int | float) and s for s in scale):
            scaled = [np.asarray(v / s) for v, s in zip(values, scale, strict=True)]
            if np.any(scaled[0]) and all(same(value, scaled[0]) for value in scaled[1:]):
                return Finding("plain", "always the same", words)
    return None


def _plain(exercise, answer, found, right, where):
    if variable := notebook_variable(answer):
        words = (
            f"it uses `{variable}`, a variable of the notebook: everything it needs is in its "
            f"arguments, {', '.join(exercise.arguments)}."
        )
        return Finding("plain", "notebook variable", words)
    wanted = exercise.wanted
    wrong = [(f, w) for f, w, r in zip(found, wanted, right, strict=True) if not r]
    first, asked = wrong[0]
    if isinstance(asked, np.ndarray):
        for arguments, f, w in zip(exercise.inputs, found, wanted, strict=True):
            place = f"({described(exercise, arguments)})"
            if not np.all(np.isfinite(f.astype(float))):
                words = (
                    f"it returns NaN or infinity {place}: look for log(0), 0/0, the root of a "
                    "negative number, or an overflow."
                )
                return Finding("plain", "not finite", words)
            if f.shape != w.shape:
                return _shape(f, w, place)
        if all(f.dtype == np.float16 and same(f, w, 1e-3, 2e-3) for f, w in wrong):
            words = f"half precision (float16) has three digits only {where}: use float32."
            return Finding("plain", "half precision", words)
        return _added(wrong, right, where) or _factor(exercise, found)
    if isinstance(asked, list) and len(first) != len(asked):
        words = f"it returns {len(first)} arrays and {len(asked)} are asked for."
        return Finding("plain", "how many arrays", words)
    if not first:
        words = (
            f"it is empty {where}: does the loop run, is the start value large enough, and is the "
            "result not made anew in each step?"
        )
        return Finding("plain", "empty", words)
    return None


def _shape(found, wanted, place):
    shapes = f"the shape is {found.shape} where {wanted.shape} is expected {place}"
    alike = found.ndim == wanted.ndim > 0 and found.shape[1:] == wanted.shape[1:]
    key, hint = "shape", "look at the axis you work along"
    if found.shape[:1] in [(10_000,), (20_000,), (60_000,)]:
        key, hint = "notebook variable", "that is a size of the notebook's own arrays"
    elif found.ndim == 0:
        key = "a number for an array"
        hint = "is `return` inside a loop, or is all of it put together?"
    elif found.size == wanted.size and same(found.reshape(wanted.shape), wanted):
        key, hint = "shape alone", "the values are right"
    elif alike and len(found) < len(wanted) and _is_part(found, wanted):
        key, hint = "dropped", "does a selection drop some, or does a loop leave them out?"
    elif alike:
        key = hint = "too many" if len(found) > len(wanted) else "too few"
    elif found.ndim > wanted.ndim:
        key, hint = (
            "an axis too many",
            "is a sum or a mean missing, or are several things returned?",
        )
    elif wanted.ndim == 2 and found.ndim == 1 and found.size not in wanted.shape:
        key, hint = "flat", "a selection by True and False gives one flat row"
    return Finding("plain", key, f"{shapes}: {hint.rstrip('.')}{'' if hint[-1] == '?' else '.'}")


def _is_part(found, wanted):
    """Whether `found` is `wanted` with some of its entries left out."""
    rest = iter(wanted)
    return all(any(same(one, other) for other in rest) for one in found)


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


def _factor(exercise, found):
    """Whether all is right but for one constant factor."""
    factors = []
    for f, w in zip(found, exercise.wanted, strict=True):
        if np.any(w) or np.any(f):
            top = np.unravel_index(np.argmax(np.abs(w)), w.shape)
            factor = float(f[top]) / float(w[top]) if w[top] else 0
            if not factor or not same(np.asarray(f / factor), w.astype(float), exercise.atol, 1e-3):
                return None
            factors.append(factor)
    if np.allclose(factors, factors[0], rtol=2e-3):
        hint = "is a number missing, or one too many?"
        if abs(factors[0] - 1) < 0.01:
            hint = "is a constant written in with too few digits?"
        words = f"it is right but for a factor of {factors[0]:.4g}: {hint}"
        return Finding("plain", "a factor", words)
    return None


# ----------------------------------------------------------------------- if nothing else is known


def _on_some(exercise, right, where):
    """What the inputs have in common for which the answer is right."""
    if sum(right) == 1 and right[0]:
        words = (
            f"it is right on the simplest example and not on others {where}: is something left "
            "out that plays no part there, or a number written in?"
        )
        return Finding("vague", "right on the simplest", words)
    last = exercise.arguments[-1]
    for what, values in (
        (f"for {last} = {{}}", [a[-1] for a in exercise.inputs if isinstance(a[-1], int | float)]),
        ("for {} rows", [_length(a, 0) for a in exercise.inputs]),
        ("for {} columns", [_length(a, 1) for a in exercise.inputs]),
    ):
        if len(values) == len(right):
            of_right = {value for value, r in zip(values, right, strict=True) if r}
            of_wrong = {value for value, r in zip(values, right, strict=True) if not r}
            if len(of_right) == 1 and any(of_right) and not of_right & of_wrong:
                words = f"it is right {what.format(*of_right)} only: is a number written in?"
                return Finding("plain", "right for one number", words)
    return None


def _length(arguments, axis):
    shape = next((value.shape for value in arguments if hasattr(value, "shape")), ())
    return shape[axis] if len(shape) > axis else 0


def _parts(exercise, found, right, where):
    """Which entries, arrays or names are wrong."""
    f, w = found[right.index(False)], exercise.wanted[right.index(False)]
    hand = "compute a small example by hand and compare."
    if isinstance(w, np.ndarray) and w.ndim:
        wrong = sum(not same(np.asarray(o), np.asarray(p)) for o, p in zip(f, w, strict=True))
        what = "entries" if w.ndim == 1 else "rows"
        return Finding("vague", "some", f"{wrong} of {len(w)} {what} not right {where}: {hand}")
    if isinstance(w, list):
        number = next(i for i in range(len(w)) if not same(f[i], w[i]))
        if f[number].shape != w[number].shape:
            return _shape(f[number], w[number], f"(array {number + 1}, {where[1:]}")
        return Finding("vague", "one", f"array {number + 1} of {len(w)} not right {where}: {hand}")
    if isinstance(w, dict):
        if f.keys() < w.keys():
            words = f"an entry is missing {where}: is `return` inside the loop?"
            return Finding("plain", "an entry missing", words)
        if f.keys() != w.keys():
            return Finding("plain", "keys", f"the keys are not the right ones {where}.")
        if not all(isinstance(value, np.ndarray) and not value.ndim for value in f.values()):
            words = f"an entry is no number {where}: a number alone is asked for."
            return Finding("plain", "no number", words)
        return Finding("vague", "an entry", f"an entry is not right {where}: {hand}")
    if isinstance(w, frozenset):
        words = f"{len(w - f)} missing and {len(f - w)} too many {where}: find out by hand which."
        return Finding("vague", "names", words)
    part = ""
    for words, belongs in exercise.parts.items():
        if all(r or belongs(*given) for r, given in zip(right, exercise.inputs, strict=True)):
            part = f", but only {words}"
    return Finding("vague", "by hand", f"the number is not right {where}{part}: {hand}")
