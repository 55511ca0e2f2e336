"""What a unit says: codes, some of whose units are kept or off, and what they paint."""

import numpy as np

from .measuring import as_codes


def strongest_units(codes, atoms, k):
    """Codes (n, units) of which each keeps its `k` strongest units; the others are 0.

    How strongly a unit paints is its activation times the length of its atom, a row of `atoms`
    (units, pixels).
    """
    strength = as_codes(codes) * np.linalg.norm(atoms, axis=1)
    return np.where(_rank(strength) < k, codes, 0)


def keep_largest(codes, k):
    """Codes (n, units) of which each keeps its `k` largest activations above 0; else 0: TopK."""
    codes = np.maximum(0, as_codes(codes))
    return np.where(_rank(codes) < k, codes, 0)


def _rank(strength):
    """For each unit of each image how many are stronger, of equal ones the earlier. Integers."""
    return (-strength).argsort(axis=1, kind="stable").argsort(axis=1)


def without_unit(codes, unit):
    """A copy of the codes (n, units) in which one unit is off: its column is 0."""
    codes = as_codes(codes).copy()
    codes[:, unit] = 0
    return codes


def relu_codes(images, W, b):
    """The encoder in NumPy: the codes (n, units) of images (n, pixels), from its weights."""
    return np.maximum(0, images @ W + b)


def paint(codes, V, c):
    """The images (n, pixels) that a decoder with the weights V and biases c makes of codes."""
    return (1 + np.tanh((np.asarray(codes) @ V + c) / 2)) / 2  # the sigmoid, and no overflow


def refit(images, codes, V, c, steps=200):
    """Codes with the same units on, whose amplitudes give the smallest BCE that they can.

    Each step goes down the slope of the images' BCE, and no amplitude below 0; the momentum is
    that of Beck and Teboulle, 2009, FISTA. images (n, pixels), codes (n, units), V (units, pixels)
    and c (pixels,) are floats; the answer has the form of `codes`.
    """
    on = np.asarray(codes) > 0
    step = 4 / np.linalg.norm(V, 2) ** 2  # a sigmoid bends by a quarter at most
    best = ahead = np.asarray(codes, "float32")
    for t in range(1, steps + 1):
        slope = (paint(ahead, V, c) - images) @ V.T
        new = np.where(on, np.maximum(0, ahead - step * slope), 0).astype("float32")
        best, ahead = new, new + (t - 1) / (t + 2) * (new - best)
    return best


def scale_between(codes, wanted):
    """The number s for which s · codes is nearest to `wanted` in squared error. A float."""
    codes, wanted = np.asarray(codes, "float64"), np.asarray(wanted, "float64")
    return float(np.sum(codes * wanted) / np.sum(codes**2))


def epochs_since_on(history):
    """For each unit the number of epochs since it was last on. Integers (units,).

    history: booleans (epochs, units), whether a unit was on for any image. 0 is a unit that was
    on in the last epoch; a unit that never was has all epochs.
    """
    history = np.asarray(history, bool)
    return np.where(history.any(axis=0), history[::-1].argmax(axis=0), len(history))
