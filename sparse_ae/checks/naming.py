"""From facts to one sentence: what is wrong with an answer, and where to look.

`name` goes through what can be said, the particular first. What it gives is a `Finding`: its `key`
says which one it is, whatever the words are, and `kind` from where it comes. The words of slips
come from rules, all others from `rules.FINDINGS`.
"""

import functools
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


@functools.cache
def _table(text):
    return [(key, words) for _, keys, words in read_table(text) for key in keys]


def found(kind, key, **parts):
    """A finding in the words of the table."""
    return Finding(kind, key, dict(_table(rules.FINDINGS))[key].format(**parts))


def form(exercise, answer):
    """What is wrong before anything is called, or None."""
    asked, number = f"{exercise.name}({', '.join(exercise.arguments)})", len(exercise.arguments)
    if answer is None or answer is ...:
        return found("form", "undefined", name=exercise.name)
    if not callable(answer):
        return found("form", "no function", type=type(answer).__name__)
    is_class = inspect.isclass(answer)
    if (exercise.prepare and is_class) or takes(answer, number):
        return None
    if is_class:
        return found("form", "a class", asked=asked)
    count = len(arguments_of(answer) or ())
    given = f"{count} argument{'s' * (count != 1)}"
    return found("form", "arguments", given=given, number=number, asked=asked)


def name(exercise, answer, calls, right):
    """The finding for an answer that is not right.

    calls: what its calls did. right: for which of them it returned the right value.
    """
    seen = look(answer)
    if _is_blank(calls[0], seen):
        return found("form", "blank")
    if not exercise.prepare and in_another_order(exercise, answer):
        return found("order", "order", asked=f"{exercise.name}({', '.join(exercise.arguments)})")
    if seen.not_kept:
        what = seen.not_kept[0]
        return found("call", "compared" if what == "==" else "not kept", what=what)
    if seen.none_kept:
        return found("call", "None kept", what=seen.none_kept[0])
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
    first = right.index(False)
    where = described(exercise, exercise.inputs[first])
    return (
        _plain(exercise, answer, values, right, where)
        or (slips and explained("two", slips.two))
        or _on_some(exercise, right, where)
        or _parts(exercise, values[first], exercise.wanted[first], right, where)
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


def _of_call(exercise, answer, seen, call):
    """A call that raised, returned nothing, or changed its input."""
    where = described(exercise, call.arguments)
    if call.changed:
        what, key = call.changed[0], "changed"
        of_list = isinstance(call.arguments[exercise.arguments.index(what)], list)
        if of_list and (seen.whole_slice or {"copy", "list"} & seen.names):
            key = "changed, list copied"
        elif seen.whole_slice:
            key = "changed, view"
        return found("call", key, what=what, where=where)
    if call.nothing is not False:
        return found("call", "None", where=where)
    if isinstance(call.error, Unusable):
        return Finding("call", "another kind", str(call.error))
    if type(call.error) is TooSlow:
        return found("call", "too slow", seconds=call.error, where=where)
    if call.value is not None:  # it returned, and what it returned fails when it is looked at
        kind, error = with_article(type(call.value).__name__), type(call.error).__name__
        return found("call", "unreadable", type=kind, error=error)
    return _raised(exercise, answer, seen, call.error, where)


def _raised(exercise, answer, seen, problem, where):
    """An error of the student's function: what, where, on which input."""
    try:
        message = str(problem).strip().split("\n")[0]
    except Exception:
        message = ""
    key, hint = type(problem).__name__, ""
    for sign, words in _table(rules.ERRORS):
        if not hint and sign in message:
            hint = words.format(ops="keras.ops" if exercise.prepare else "np")
            key = f"{key} {sign}"
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
    if not isinstance(values[0], np.ndarray):
        alike = values[0] and all(same(value, values[0]) for value in values[1:])
        return found("plain", "not the argument", first=first) if alike else None
    flat = {float(one) for value in values for one in np.unique(value)}
    if len(flat) == 1 and np.isfinite(*flat):
        what = bool(*flat) if values[0].dtype == bool else f"{flat.pop():g}"
        return found("plain", "constant", what=what, first=first)
    if not np.isfinite(values[0]).all() or (values[0].ndim == 0 < exercise.wanted[0].ndim):
        return None
    for scale in [1] * len(values), [arguments[-1] for arguments in exercise.inputs]:
        if all(isinstance(s, int | float) and s for s in scale):
            scaled = [np.asarray(v / s) for v, s in zip(values, scale, strict=True)]
            if np.any(scaled[0]) and all(same(value, scaled[0]) for value in scaled[1:]):
                return found("plain", "not the argument", first=first)
    return None


def _plain(exercise, answer, values, right, where):
    if variable := notebook_variable(answer):
        every = ", ".join(exercise.arguments)
        return found("plain", "notebook variable", what=variable, all=every)
    wrong = [(f, w) for f, w, r in zip(values, exercise.wanted, right, strict=True) if not r]
    first, asked = wrong[0]
    if isinstance(asked, np.ndarray):
        for arguments, f, w in zip(exercise.inputs, values, exercise.wanted, strict=True):
            place = described(exercise, arguments)
            if not np.all(np.isfinite(f.astype(float))):
                return found("plain", "not finite", where=place)
            if f.shape != w.shape:
                return _shape(f, w, place)
        if all(f.dtype == np.float16 and same(f, w, 1e-3, 2e-3) for f, w in wrong):
            return found("plain", "half precision", where=where)
        return _added(wrong, right, where) or _factor(exercise, values)
    if isinstance(asked, list) and len(first) != len(asked):
        return found("plain", "arrays", given=len(first), number=len(asked))
    return None if first else found("plain", "empty", where=where)


def _shape(got, wanted, place):
    alike = got.ndim == wanted.ndim > 0 and got.shape[1:] == wanted.shape[1:]
    rest = iter(wanted if alike else ())
    key = "shape"
    if got.shape[:1] in [(10_000,), (20_000,), (60_000,)]:
        key = "notebook size"
    elif got.ndim == 0:
        key = "one number"
    elif got.size == wanted.size and same(got.reshape(wanted.shape), wanted):
        key = "shape alone"
    elif alike and all(any(same(one, other) for other in rest) for one in got):
        key = "dropped"  # what is found is the right answer with some entries left out
    elif alike:
        key = "how many"
    elif got.ndim > wanted.ndim:
        key = "an axis more"
    elif wanted.ndim == 2 and got.ndim == 1 and got.size not in wanted.shape:
        key = "flat"
    shapes = f"the shape is {got.shape} where {wanted.shape} is expected ({place})"
    return found("plain", key, shapes=shapes)


def _added(pairs, right, where):
    """Whether one and the same number stands in the zeros, or is added to everything."""
    values = np.concatenate([f[w == 0].ravel() for f, w in pairs]).astype(float)
    rest = [same(f[w != 0], w[w != 0]) for f, w in pairs]
    if values.size and values[0] and all(rest) and np.allclose(values, values[0]):
        return found("plain", "in the zeros", what=f"{values[0]:g}", where=where)
    offsets = np.concatenate([np.ravel(f - w.astype(float)) for f, w in pairs])
    everywhere = not any(right) and offsets.size > 2
    if offsets[0] and everywhere and np.allclose(offsets, offsets[0], rtol=1e-3):
        return found("plain", "added", what=f"{offsets[0]:+.1g}")
    return None


def _factor(exercise, values):
    """Whether all is right but for one constant factor."""
    factors = []
    for f, w in zip(values, exercise.wanted, strict=True):
        if np.any(w) or np.any(f):
            top = np.unravel_index(np.argmax(np.abs(w)), w.shape)
            factor = float(f[top]) / float(w[top]) if w[top] else 0
            if not factor or not same(np.asarray(f / factor), w.astype(float), exercise.atol, 1e-3):
                return None
            factors.append(factor)
    if np.allclose(factors, factors[0], rtol=2e-3):
        return found("plain", "a factor", what=f"{factors[0]:.4g}")
    return None


# ----------------------------------------------------------------------- if nothing else is known


def _on_some(exercise, right, where):
    """What the inputs have in common for which the answer is right."""
    if sum(right) == 1 and right[0]:
        return found("vague", "right on the simplest", where=where)
    shapes = [next((v.shape for v in a if hasattr(v, "shape")), ()) for a in exercise.inputs]
    last = [a[-1] if isinstance(a[-1], int | float) else 0 for a in exercise.inputs]
    for what, values in (
        (f"for {exercise.arguments[-1]} = {{}}", last),
        ("for {} rows", [shape[0] if shape else 0 for shape in shapes]),
        ("for {} columns", [shape[1] if shape[1:] else 0 for shape in shapes]),
    ):
        of_right = {value for value, r in zip(values, right, strict=True) if r}
        of_wrong = {value for value, r in zip(values, right, strict=True) if not r}
        if len(of_right) == 1 and any(of_right) and not of_right & of_wrong:
            return found("plain", "right for one number", what=what.format(*of_right))
    return None


def _parts(exercise, f, w, right, where):
    """Which entries, arrays or names of a value are wrong."""
    what = "the number is"
    if isinstance(w, np.ndarray) and w.ndim:
        wrong = sum(not same(np.asarray(o), np.asarray(p)) for o, p in zip(f, w, strict=True))
        what = f"{wrong} of {len(w)} {'entries' if w.ndim == 1 else 'rows'} are"
    elif isinstance(w, list):
        number = next(i for i in range(len(w)) if not same(f[i], w[i]))
        if f[number].shape != w[number].shape:
            return _shape(f[number], w[number], f"array {number + 1}, {where}")
        what = f"array {number + 1} of {len(w)} is"
    elif isinstance(w, dict):
        if f.keys() != w.keys():
            return found(
                "plain", "an entry missing" if f.keys() < w.keys() else "keys", where=where
            )
        if not all(isinstance(value, np.ndarray) and not value.ndim for value in f.values()):
            return found("plain", "no number", where=where)
        what = "an entry is"
    elif isinstance(w, frozenset):
        what = f"{len(w - f)} missing and {len(f - w)} too many, the names are"
    for words, belongs in exercise.parts.items():
        if all(r or belongs(*given) for r, given in zip(right, exercise.inputs, strict=True)):
            where += f", {words}"
    return found("vague", "by hand", what=what, where=where)
