"""The exercises of notebook 04: codes from weights, what is on, and what a scale hides."""

import numpy as np

from ..comparing import indices, list_of_arrays
from ..inputs import changed, codes_with_dead, normal, pixels, random_codes
from ..questions import Question
from . import exercise


def _encoder(n, units, seed):
    return pixels(n, seed), normal((784, units), seed, 0.15), normal(units, seed + 9, 1)


def _faint():
    """Sums between -1 and 1; a blank page, for which no unit is on, is among the images."""
    images, W, b = _encoder(12, 40, seed=4)
    return changed(images, 5, 0), W / 50, -np.abs(b) / 10


@exercise(
    axes={"images": "image pixel", "W": "pixel unit", "b": "unit", "answer": "image unit"},
    inputs=[
        (
            np.full((2, 784), 0.5, "float32"),
            np.repeat(np.array([[1, -1, 0.5]], "float32"), 784, axis=0),
            np.array([8, 9, -6], "float32"),
        ),
        *[_encoder(n, units, seed=n) for n, units in ((1, 32), (5, 32), (50, 20))],
        _faint(),
        (np.zeros((1, 784), "float32"), normal((784, 32), 5), np.full(32, -1, "float32")),
    ],
    by_hand=np.array([[400, 0, 190], [400, 0, 190]]),
    praise="the encoder in one line of NumPy.",
)
def encode_by_hand(images, W, b):
    return np.maximum(0, images @ W + b)


def _small_codes():
    """Activations down to a billionth: small, and on."""
    codes = random_codes(5, 32, seed=4)
    codes[codes > 0] = np.geomspace(1e-9, 2, (codes > 0).sum())
    return codes


_CODES = [
    (np.array([[1, 0, 0, 2, 1], [3, -1, 0, 0, -1], [0.5, 0, 0, 4, 0]], "float32"),),
    (codes_with_dead(1, 32, (2, 9), seed=1),),
    (codes_with_dead(5, 32, (3, 8, 30), seed=2, always=(1, 5)),),
    (codes_with_dead(7, 20, (0, 19), seed=3, always=(4,)),),
    (_small_codes(),),
    (changed(codes_with_dead(7, 32, (6,), seed=5), [3, 6], -1),),  # two codes with no unit on
    (codes_with_dead(4, 40, (11, 35), seed=6),),
    (codes_with_dead(20, 20, (3,), seed=7),),
    # One unit on for 256 of 300 images, more than a uint8 counts; one unit alone.
    (changed(codes_with_dead(300, 40, (6, 20), seed=13), (slice(256), 20), 1),),
    (random_codes(6, 1, seed=14),),
]


@exercise(
    axes={"codes": "image unit", "answer": "image"},
    inputs=_CODES,
    by_hand=np.array([3, 1, 2]),
    praise="L0, one number per image.",
)
def units_on(codes):
    return (codes > 0).sum(axis=1)


@exercise(
    axes={"codes": "image unit", "answer": "unit"},
    inputs=_CODES,
    by_hand=np.array([1, 0, 0, 2 / 3, 1 / 3]),
    praise="a share between 0 and 1 for each unit.",
)
def firing_rates_of(codes):
    return (codes > 0).mean(axis=0)


@exercise(
    axes={"codes": "image unit", "answer": "unit"},
    inputs=[
        *_CODES,
        (codes_with_dead(6, 32, (), seed=8, always=range(32)),),  # no unit is dead
        (changed(codes_with_dead(1500, 40, (6, 39), seed=12), (-1, 39), 1),),
    ],
    by_hand=np.array([1, 2]),
    praise="the numbers of the units that are on for no image.",
    read=indices,
    mistakes="""
        np.flatnonzero((codes <= 0).any(axis=0))  # off for some image: a dead unit is off for all.
        np.flatnonzero((codes == 0).all(axis=0))  # counted `!= 0`: a unit with negative activations
            # is off, too; dead is a unit that is above zero for no image.
    """,
    result=Question(
        name="dead",
        right=(7,),
        mistakes={
            tuple(n for n in range(32) if n != 7): "holds the numbers of the units that are on: "
            "keep what your function returns.",
            tuple(n == 7 for n in range(32)): "is True or False for each unit: keep what your "
            "function returns.",
            (8,): "counts from 1: the first unit is unit 0.",
            (1,): "is how many are dead, and not which: keep what your function returns.",
            (): "is empty: give the function `codes`, in which one unit is dead.",
        },
        otherwise="is not what your function returns for `codes`, the codes of the test images.",
    ),
)
def dead_units(codes):
    return np.flatnonzero(~(codes > 0).any(axis=0))


def _weights(units, seed):
    shapes = [(784, units), (units,), (units, 784), (784,)]
    return [normal(shape, seed + i, 0.3) for i, shape in enumerate(shapes)]


_SMALL = [np.full((784, 2), 6), np.array([2, 4]), np.full((2, 784), 3), np.full(784, 5)]


@exercise(
    inputs=[
        ([array.astype("float32") for array in _SMALL], 4),
        *[(_weights(n, seed=n), by) for n, by in ((32, 10), (31, 0.5), (20, 7.0), (40, 1000))],
    ],
    by_hand=[np.full((784, 2), 1.5), np.array([0.5, 1]), np.full((2, 784), 12), np.full(784, 5)],
    praise="the same images from a smaller code.",
    read=list_of_arrays,
    general=False,
    mistakes="""
        [W * factor, {b|b * factor}, {V / factor|V * factor}, c]  # the code gets larger.
        W / factor -> {W|W - factor|W * factor} ; b / factor -> {b|b - factor|b * factor|0 * b}
            # a part of the sum x W + b keeps its size: every part has to shrink.
        V * factor -> {V|V / factor|V + factor|V * factor**2|V * factor**0.5} ;
        c -> {c * factor|c / factor|0 * c}  # the images change: go through the decoder's formula
            # with the new code, part by part.
        rescale(weights, {factor**0.5|factor**2|10}) ; [W // factor, b // factor, V * factor, c] ;
        [W - factor, b - factor, V + factor, c] ; [W, b, V, c]  # the code does not get `factor`
            # times smaller: is the factor split, used twice, not at all, or are fractions lost?
        [W / factor, V * factor, {b / factor|b * factor}, c]  # the order of the four is lost.
    """,
)
def rescale(weights, factor):
    W, b, V, c = weights
    return [W / factor, b / factor, V * factor, c]


which_is_sparse = Question(
    name="which_is_sparse",
    right="c",
    mistakes={
        "a": "hardly a dot in this row: nearly all of its units are on.",
        "b": "its bars are low, and hardly one of its units is off: small is not sparse, so "
        "look for the dots.",
    },
    otherwise="answer with one letter, a to c.",
    praise="few units on, whatever the size of their bars.",
)
