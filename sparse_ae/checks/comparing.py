"""From what a student's function returns to what can be compared, and the comparison."""

import numpy as np


class Unusable(Exception):
    """A returned value that is not of the kind that was asked for; its text is the sentence."""


def with_article(name):
    """The name of a type with its article."""
    return f"an {name}" if name[0] in "aeiouAEIO" else f"a {name}"


def _no_function(value):
    if callable(value) and not hasattr(value, "dtype"):
        raise Unusable("it returns a function and not its value: call it, with parentheses.")


def numbers(value):
    """A number, an array, a tensor or a (nested) list of numbers as an array of numbers."""
    _no_function(value)
    try:
        array = np.asarray(value)
        if array.dtype == object:
            for one in array.ravel():
                _no_function(one)
                if one is None:
                    raise Unusable(
                        "it returns None among the numbers: is a `return` missing in a function "
                        "that it calls, or is a place never filled in?"
                    )
        if array.dtype.kind not in "biufUSc":  # fractions, a list of tensors, bfloat16
            array = array.astype(float)
    except (TypeError, ValueError):
        array = None
    kind = array.dtype.kind if array is not None else ""
    if kind in tuple("biuf"):
        return array
    if kind in ("U", "S"):
        raise Unusable("it returns text and numbers are asked for: return the value itself.")
    if isinstance(value, list | tuple):
        raise Unusable(
            f"it returns a {type(value).__name__} that is no array of numbers (rows of different "
            "length, or something else in it): look at what you collect."
        )
    what = f"{value.dtype} array" if isinstance(value, np.ndarray) else type(value).__name__
    raise Unusable(
        f"it returns {with_article(what)}: return a number, a list or an array of numbers."
    )


def exact_zeros(value):
    """Numbers among which none is nearly zero: a unit is off at exactly zero, or it is on."""
    array = numbers(value)
    tiny = array[(array != 0) & (np.abs(array) < 2e-6)]
    if tiny.size:
        raise Unusable(
            f"a unit is at {float(tiny[0]):.0e} and not at 0, so it counts as on: set it to 0."
        )
    return array


def indices(value):
    """Whole numbers, each once; a set of them is put into ascending order."""
    array = numbers(sorted(value) if isinstance(value, set | frozenset) else value)
    if array.ndim == 1 and array.dtype.kind in "iu" and len(set(array.tolist())) < array.size:
        raise Unusable("the same number comes more than once: each belongs in the answer once.")
    return array


def list_of_arrays(value):
    """A list or tuple of arrays, like `model.get_weights()`."""
    _no_function(value)
    if hasattr(value, "shape") and value.dtype != object:
        raise Unusable("it returns one array: return a list of arrays, one for each.")
    if isinstance(value, dict | str) or not hasattr(value, "__len__"):
        raise Unusable(f"it returns {with_article(type(value).__name__)}: return a list of arrays.")
    return [numbers(item) for item in value]


def names(value):
    """Names in any order, each once."""
    _no_function(value)
    if isinstance(value, str | dict) or not hasattr(value, "__iter__"):
        raise Unusable(f"it returns {with_article(type(value).__name__)}: return a list of names.")
    found = list(value)
    if not all(isinstance(name, str) for name in found):
        raise Unusable("it returns a list with something else than names in it: return the names.")
    if len(set(found)) < len(found):
        raise Unusable("it returns the same name more than once: each belongs in it once.")
    return frozenset(str(name) for name in found)


def rates(value):
    """A dict from name to number."""
    _no_function(value)
    if not hasattr(value, "keys") or not hasattr(value, "__getitem__"):
        raise Unusable(
            f"it returns {with_article(type(value).__name__)}: return a dict {{optimizer: rate}}."
        )
    found = {}
    for key in value.keys():  # noqa: SIM118 a dict or a pandas Series
        try:
            found[key] = numbers(value[key])
        except Unusable:
            found[key] = value[key]
    return found


def same(found, wanted, atol=1e-7, rtol=1e-4):
    """Equal but for the rounding of float32; whole numbers must be equal."""
    if isinstance(wanted, np.ndarray):
        if not isinstance(found, np.ndarray) or found.shape != wanted.shape:
            return False
        if wanted.dtype.kind in "biu":
            atol, rtol = 5e-5, 0
        if not wanted.ndim and np.isfinite(wanted):  # most values are; the quick way
            size = abs(float(wanted))
            return abs(float(found) - float(wanted)) <= max(atol, rtol * size)
        found, wanted = found.astype(float), wanted.astype(float)
        if rtol:
            atol = max(atol, 1e-6 * float(np.abs(wanted[np.isfinite(wanted)]).max(initial=0)))
        equal = (found == wanted) | (np.isnan(found) & np.isnan(wanted))
        return bool(np.all(equal | (np.abs(found - wanted) <= atol + rtol * np.abs(wanted))))
    if isinstance(wanted, list):
        alike = isinstance(found, list) and len(found) == len(wanted)
        return alike and all(same(f, w, atol, rtol) for f, w in zip(found, wanted, strict=True))
    if isinstance(wanted, dict):
        alike = isinstance(found, dict) and found.keys() == wanted.keys()
        return alike and all(same(found[key], wanted[key], atol, rtol) for key in wanted)
    return type(found) is type(wanted) and found == wanted


def unchanged(given, original):
    """Whether arguments are still what they were, down to the last bit."""
    if isinstance(original, np.ndarray):
        alike = isinstance(given, np.ndarray) and given.dtype == original.dtype
        return alike and np.array_equal(given, original)
    if isinstance(original, dict):
        alike = list(given) == list(original)
        return alike and all(unchanged(given[key], original[key]) for key in original)
    if isinstance(original, list | tuple):
        return len(given) == len(original) and all(map(unchanged, given, original))
    return given == original
