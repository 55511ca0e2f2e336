"""What a unit says: codes, some of whose units are kept or off, and what they paint."""

import numpy as np

from .measuring import as_codes


def strongest_units(codes, atoms, k):
    """Codes (n, units) of which each keeps its `k` strongest units; the others are 0.

    How strongly a unit paints is its activation times the length of its atom, a row of `atoms`
    (units, pixels).
    """
    strength = as_codes(codes) * np.linalg.norm(atoms, axis=1)
    rank = (-strength).argsort(axis=1).argsort(axis=1)  # 0 for the strongest unit of an image
    return np.where(rank < k, codes, 0)


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
