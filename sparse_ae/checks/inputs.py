"""Inputs that several exercises share, made anew from seeds: images, copies, codes, weights."""

import numpy as np


def raw_images(n, seed, high=256):
    """n images (28, 28) of whole numbers below `high`, as in the file; four in five are empty."""
    rng = np.random.default_rng(seed)
    ink = rng.random((n, 28, 28)) < 0.2
    return (ink * rng.integers(1, high, (n, 28, 28))).astype("uint8")


def pixels(n, seed):
    """n rows of 784 pixels in [0, 1], like those of `load_mnist`."""
    return (raw_images(n, seed) / 255).astype("float32").reshape(n, 784)


def copies_of(images, seed, away=0.01):
    """Copies with errors of different size, all of them at least `away` from 0 and 1."""
    rng = np.random.default_rng(seed)
    spread = rng.uniform(0.05, 0.6, (len(images), 1))
    copies = images + spread * rng.normal(size=images.shape)
    return np.clip(copies, away, 1 - away).astype("float32")


def bce(images, copies, epsilon=1e-7):
    """The binary cross-entropy of each pixel."""
    p = np.clip(copies, epsilon, 1 - epsilon)
    return -(images * np.log(p) + (1 - images) * np.log(1 - p))


def random_codes(n, units, seed):
    """Codes before the ReLU: many of them negative, a few exactly zero, none tiny."""
    rng = np.random.default_rng(seed)
    codes = rng.normal(0.2, 1.5, (n, units))
    codes += np.sign(codes) * 0.05
    codes[rng.random((n, units)) < 0.2] = 0
    return codes.astype("float32")


def codes_with_dead(n, units, dead, seed, always=()):
    """Codes in which the units `dead` are never above zero, though not all exactly zero."""
    codes = random_codes(n, units, seed)
    codes[:, list(dead)] = -np.abs(codes[:, list(dead)])
    codes[:, list(dead)[:1]] = 0
    codes[:, list(always)] = np.abs(codes[:, list(always)]) + 0.1
    return codes


def normal(shape, seed, spread=0.5, mean=0.0):
    """Weights or biases of this shape."""
    rng = np.random.default_rng(seed)
    return rng.normal(mean, spread, shape).astype("float32")


def changed(array, where, value):
    """A copy of an array with another value at some places."""
    array = array.copy()
    array[where] = value
    return array
