"""From facts to one sentence: what is wrong with an answer, and where to look.

`name` goes through what can be said, the particular first. What it gives is a `Finding`: its `key`
says which one it is, whatever the words are, and `kind` from where it comes. The words of slips
come from rules, all others from `rules.FINDINGS`.
"""

import contextlib
import functools
import inspect
import textwrap
import time
from typing import NamedTuple

import numpy as np

from . import rules
from .calling import arguments_of, call, in_another_order, takes
from .comparing import Unusable, same
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
    if (exercise.prepare and inspect.isclass(answer)) or takes(answer, number):
        return None
    given = len(arguments_of(answer) or ())
    return found("form", "arguments", given=given, number=number, asked=asked)


def name(exercise, answer, calls, right):
    """The finding for an answer that is not right.

    calls: what its calls did. right: for which of them it returned the right value.
    """
    seen = look(answer)
    if _is_blank(calls[0], seen):
        return found("form", "blank")
    if not exercise.prepare and in_another_order(exercise, answer):
        # Among plain numbers without the task's names a slip is likelier than an exchange.
        numbers = isinstance(exercise.inputs[0][0], int | float)
        renamed = sorted(arguments_of(answer)) != sorted(exercise.arguments)
        with quiet():
            for slip in slips_of(exercise).own if numbers and renamed else ():
                if slip.explains(calls, right):
                    return Finding("own", slip.key, slip.words)
        return found("order", "order", asked=f"{exercise.name}({', '.join(exercise.arguments)})")
    for what in seen.not_kept:
        return found("call", "compared" if what == "==" else "not kept", what=what)
    for what in seen.none_kept:
        return found("call", "None kept", what=what)
    trouble = next((call for call in calls if not call.usable), None)
    values = [call.value for call in calls if call.usable]
    wrong = any(call.usable and not r for call, r in zip(calls, right, strict=True))
    if len(values) < 2 or not wrong:
        return _of_call(exercise, answer, seen, trouble)
    deadline, slips = time.process_time() + SECONDS_FOR_SLIPS, slips_of(exercise)

    def explained(kind, candidates):
        with quiet():
            for slip in candidates:
                if slip.explains(calls, right):
                    return Finding(kind, slip.key, slip.words)
                if time.process_time() > deadline:
                    return None

    finding = (
        explained("own", slips.own)
        or (not trouble and _does_not_look(exercise, values))
        or explained("slip", slips.one)
        or (trouble and _of_call(exercise, answer, seen, trouble))
    )
    if finding:
        return finding
    first = right.index(False)
    where = described(exercise, exercise.inputs[first])
    return (
        _without_a_number(exercise, answer, calls)
        or _plain(exercise, answer, values, right, where)
        or explained("two", slips.two)
        or _on_some(exercise, right, where)
        or _parts(values[first], exercise.wanted[first], where)
    )


def described(exercise, arguments):
    """The input in words: `codes of shape (5, 32), l1 = 0.1`."""
    parts = []
    for argument, value in zip(exercise.arguments, arguments, strict=True):
        if isinstance(value, np.ndarray):
            parts.append(f"{argument} of shape {value.shape}")
        elif callable(value):
            parts.append(f"{argument} = {value.__name__}")
        elif hasattr(value, "__len__") and (isinstance(value, dict) or hasattr(value[0], "shape")):
            parts.append(f"{argument} of length {len(value)}")
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
    return _raised(exercise, answer, seen, call.error, call.arguments, where)


def _more_than_there_are(exercise, arguments):
    """Words for an input in which a whole number is larger than the size it counts in, or None."""
    columns = (getattr(arguments[0], "shape", ()) or (0,))[-1]
    noun = (exercise.axes.get(exercise.arguments[0], "") or "column").split()[-1]
    for name, value in zip(exercise.arguments, arguments, strict=True):
        if type(value) is int and value > columns:
            return f"here {name} is larger than the number of {noun}s, {columns}"
    return None


def _raised(exercise, answer, seen, problem, arguments, where):
    """An error of the student's function: what, where, on which input."""
    try:
        message = str(problem).strip().split("\n")[0]
    except Exception:
        message = ""
    key, hint = type(problem).__name__, ""
    for sign, words in _table(rules.ERRORS):
        if not hint and sign in f"{key} {message}":
            hint = words.format(ops="keras.ops" if exercise.prepare else "np")
            key = f"{key} {sign}"
    if variable := notebook_variable(answer):
        key = "notebook variable"
        hint = f"it uses `{variable}`, a variable of the notebook: use the arguments"
    elif "out of bounds" in message and (more := _more_than_there_are(exercise, arguments)):
        hint = more
    elif "broadcast" in message and "*" in seen.operators and "@" in slips_of(exercise).right.text:
        key, hint = "* for @", "`*` multiplies entry by entry, and a product of matrices is needed"
    if "{{function_node" in message:  # TensorFlow's names for its own parts
        message = message.split("}} ")[-1].split(" [Op:")[0]
    if "gufunc signature" in message or "truth value" in message:
        message = ""  # NumPy's letters for shapes, its advice to use `any`: they lead away
    if line := line_in(problem, answer):
        where = f"line {line} of your cell, {where}"
    told = ": ".join(filter(None, [type(problem).__name__, textwrap.shorten(message, 160)]))
    text = f"it stops with {told.rstrip('.')} — {where}"
    text += f"; {hint}" if hint else ""
    return Finding("call", key, text if text.endswith("?") else f"{text}.")


# ------------------------------------------------------------------- plain findings on its values


def _does_not_look(exercise, values):
    """Whether it gives the same for every input, perhaps times a number that was handed in."""
    first, arrays = exercise.arguments[0], isinstance(values[0], np.ndarray)
    if arrays:
        flat = {float(one) for value in values for one in np.unique(value)}
        if len(flat) == 1 and np.isfinite(*flat):
            what = bool(*flat) if values[0].dtype == bool else f"{flat.pop():g}"
            return found("plain", "constant", what=what, first=first)
        if values[0].ndim == 0 < exercise.wanted[0].ndim or not np.isfinite(values[0]).all():
            return None
    scales = [scale for _, *others in exercise.inputs for scale in others[-1:]]
    ways = [values]
    if arrays and scales and all(isinstance(scale, int | float) and scale for scale in scales):
        ways += [[np.asarray(v / scale) for v, scale in zip(values, scales, strict=True)]]
    for way in ways:
        some = np.any(way[0]) if arrays else way[0]
        if some and all(same(value, way[0]) for value in way):
            return found("plain", "not the argument", first=first)
    return None


def _without_a_number(exercise, answer, calls):
    """Whether a number that is handed in makes no difference where it should."""
    for place, name in enumerate(() if exercise.prepare else exercise.arguments):
        numbers = {arguments[place] for arguments in exercise.inputs[:8]
                   if type(arguments[place]) in (int, float)}  # fmt: skip
        tried = []
        for was, right in list(zip(calls, exercise.wanted, strict=False))[:3] if numbers else ():
            for number in numbers:
                other = (*was.arguments[:place], number, *was.arguments[place + 1 :])
                should = call(exercise, exercise.reference, other)
                if should.usable and was.usable and not same(should.value, right, exercise.atol):
                    with quiet(), contextlib.suppress(TooSlow):
                        now = call(exercise, answer, other)
                        tried.append(now.usable and same(now.value, was.value))
        if len(tried) > 1 and all(tried):
            return found("plain", "no part", what=name)
    return None


def _plain(exercise, answer, values, right, where):
    if variable := notebook_variable(answer):
        return found("plain", "notebook variable", what=variable, all=", ".join(exercise.arguments))
    first, asked = values[right.index(False)], exercise.wanted[right.index(False)]
    if isinstance(asked, np.ndarray):
        for arguments, f, w in zip(exercise.inputs, values, exercise.wanted, strict=True):
            place = described(exercise, arguments)
            if not np.all(np.isfinite(f.astype(float))):
                return found("plain", "not finite", where=place)
            if f.shape != w.shape:
                return _shape(f, w, place)
        return _factor(exercise, values)
    if isinstance(asked, list) and len(first) != len(asked):
        return found("plain", "arrays", given=len(first), number=len(asked))
    return None if first else found("plain", "empty", where=where)


def _shape(got, wanted, place):
    alike = got.ndim == wanted.ndim > 0 and got.shape[1:] == wanted.shape[1:]
    rest = iter(wanted if alike else ())
    key = "shape"
    if got.ndim == 0:
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


def _factor(exercise, values):
    """Whether all is right but for one constant factor."""
    f, w = (np.concatenate([np.ravel(v) for v in all_]) for all_ in (values, exercise.wanted))
    f, w = f.astype(float), w.astype(float)
    factor = f @ w / (w @ w)
    if factor and same(f / factor, w, exercise.atol, 1e-3):
        return found("plain", "a factor", what=f"{factor:.4g}")
    return None


def _on_some(exercise, right, where):
    """Whether it is right for the first input alone, or for one number in the inputs alone."""
    if sum(right) == 1 and right[0]:
        return found("vague", "right on the simplest", where=where)
    shapes = [(*getattr(arguments[0], "shape", ()), 0, 0) for arguments in exercise.inputs]
    last = [a[-1] if isinstance(a[-1], int | float) else 0 for a in exercise.inputs]
    for what, numbers in (
        (f"for {exercise.arguments[-1]} = {{}}", last),
        ("for {} rows", [shape[0] for shape in shapes]),
        ("for {} columns", [shape[1] for shape in shapes]),
    ):
        of_right = {number for number, r in zip(numbers, right, strict=True) if r}
        of_wrong = {number for number, r in zip(numbers, right, strict=True) if not r}
        if len(of_right) == 1 and any(of_right) and not of_right & of_wrong:
            if of_right == {1} and what.endswith("rows"):
                noun = exercise.axes.get(exercise.arguments[0], "row").split()[0]
                return found("plain", "right for one alone", what=noun)
            return found("plain", "right for one number", what=what.format(*of_right))
    return None


def _parts(f, w, where):
    """Which entries, arrays or names of a value are wrong."""
    what = "the number is"
    if isinstance(w, list):
        number = next(i for i in range(len(w)) if not same(f[i], w[i]))
        if f[number].shape != w[number].shape:
            return _shape(f[number], w[number], f"array {number + 1}, {where}")
        what = f"array {number + 1} of {len(w)} is"
    elif isinstance(w, dict):
        if f.keys() != w.keys():
            key = "an entry missing" if f.keys() < w.keys() else "keys"
            return found("plain", key, where=where)
        if not all(isinstance(value, np.ndarray) and not value.ndim for value in f.values()):
            return found("plain", "no number", where=where)
        what = "an entry is"
    elif isinstance(w, frozenset):
        what = f"{len(w - f)} missing and {len(f - w)} too many, the names are"
    elif w.ndim:
        wrong = sum(not same(np.asarray(o), np.asarray(p)) for o, p in zip(f, w, strict=True))
        what = f"{wrong} of {len(w)} {'entries' if w.ndim == 1 else 'rows'} are"
    return found("vague", "by hand", what=what, where=where)
