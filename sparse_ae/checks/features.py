"""The exercises of notebook 04: codes from weights, what is on, and what a scale hides."""

import numpy as np

from .autoencoder import random_codes
from .judging import Exercise, Result
from .mnist import pixels
from .reading import indices, list_of_arrays


def encode_by_hand(images, W, b):
    return np.maximum(0, images @ W + b)


def _encoder(n, units, seed):
    rng = np.random.default_rng(seed)
    W = rng.normal(0, 0.15, (784, units)).astype("float32")
    return pixels(n, seed), W, rng.normal(0, 1, units).astype("float32")


def _faint():
    """Sums between -1 and 1; a blank page, for which no unit is on, is among the images."""
    images, W, b = _encoder(12, 40, seed=4)
    images[5] = 0
    return images, W / 50, -np.abs(b) / 10


def _blank_page():
    """No sum is above zero."""
    _, W, b = _encoder(1, 32, seed=5)
    return np.zeros((1, 784), "float32"), W, -np.abs(b)


_encode = Exercise(
    reference=encode_by_hand,
    inputs=[
        (
            np.full((2, 784), 0.5, "float32"),
            np.repeat(np.array([[1, -1, 0.5]], "float32"), 784, axis=0),
            np.array([8, 9, -6], "float32"),
        ),
        _encoder(1, 32, seed=1),
        _encoder(5, 32, seed=2),
        _encoder(50, 20, seed=3),
        _faint(),
        _blank_page(),
    ],
    by_hand=np.array([[400, 0, 190], [400, 0, 190]]),
    praise="the encoder in one line of NumPy.",
    mistakes={
        "the ReLU is missing: no activation is negative.": lambda x, W, b: x @ W + b,
        "the larger of the sum and the bias: the bias is added, and the ReLU compares with 0.": (
            lambda x, W, b: np.maximum(x @ W, b)
        ),
        "the bias `b` is added to the weights: add it to the sum.": lambda x, W, b: np.maximum(
            0, x @ (W + b)
        ),
        "two ReLUs: one, around the sum with its bias.": lambda x, W, b: (
            np.maximum(0, x @ W) + np.maximum(0, b)
        ),
        "the bias `b` is added twice.": lambda x, W, b: np.maximum(0, x @ W + 2 * b),
        "one bias for all units: `b` has one for each unit.": (
            lambda x, W, b: np.maximum(0, x @ W + b.sum()),
            lambda x, W, b: np.maximum(0, x @ W + b.mean()),
            lambda x, W, b: np.maximum(0, x @ W + b[0]),
        ),
        "a sigmoid after the ReLU: that is the decoder's.": lambda x, W, b: (
            1 / (1 + np.exp(-np.maximum(0, x @ W + b)))
        ),
        "the sum is multiplied with `b`: the bias is added.": lambda x, W, b: np.maximum(
            0, x @ W * b
        ),
        "the squares of the sums: the ReLU leaves positive ones as they are.": lambda x, W, b: (
            (x @ W + b) ** 2
        ),
        "black and white are swapped: take the images as they are.": lambda x, W, b: np.maximum(
            0, (1 - x) @ W + b
        ),
        "the bias `b` is missing: add it before the ReLU.": lambda x, W, b: np.maximum(0, x @ W),
        "the bias `b` is added after the ReLU: add it before.": lambda x, W, b: (
            np.maximum(0, x @ W) + b
        ),
        "the bias `b` is subtracted: add it.": lambda x, W, b: np.maximum(0, x @ W - b),
        "ReLU and bias are missing: this is only the product.": lambda x, W, b: x @ W,
        "a sigmoid where the ReLU belongs: that is the decoder's.": lambda x, W, b: (
            1 / (1 + np.exp(-(x @ W + b)))
        ),
        "tanh where the ReLU belongs.": lambda x, W, b: np.tanh(x @ W + b),
        "negative sums became positive: the ReLU makes them zero.": lambda x, W, b: np.abs(
            x @ W + b
        ),
        "the smaller of 0 and the sum: the ReLU takes the larger.": lambda x, W, b: np.minimum(
            0, x @ W + b
        ),
        "the activations are cut off at 1: the ReLU has no upper end.": lambda x, W, b: np.clip(
            x @ W + b, 0, 1
        ),
        "`np.max` takes the largest of an array: the ReLU, `np.maximum`, compares each entry with "
        "0.": (
            lambda x, W, b: np.max(x @ W + b),
            lambda x, W, b: np.max(x @ W + b, axis=0),
            lambda x, W, b: np.max(x @ W + b, axis=1),
            lambda x, W, b: np.max(x @ W + b, axis=1, keepdims=True),
        ),
        "the sum over the pixels became a mean: do not divide.": lambda x, W, b: np.maximum(
            0, x @ W / 784 + b
        ),
        "the images are scaled once more: they already lie in [0, 1].": (
            lambda x, W, b: np.maximum(0, x / 255 @ W + b),
            lambda x, W, b: np.maximum(0, x * 255 @ W + b),
        ),
        "True or False: the ReLU keeps the sum where it is positive.": lambda x, W, b: (
            x @ W + b > 0
        ),
        "rows and columns are swapped: each row should be one code.": lambda x, W, b: (
            encode_by_hand(x, W, b).T
        ),
        "negative sums keep a small part, a leaky ReLU: make them zero.": lambda x, W, b: np.where(
            x @ W + b > 0, x @ W + b, 0.01 * (x @ W + b)
        ),
        "one code for all images together: a row for each image is wanted.": lambda x, W, b: (
            np.maximum(0, x.sum(axis=0) @ W + b)
        ),
        "the mean of the images is encoded: a row for each image is wanted.": lambda x, W, b: (
            np.maximum(0, x.mean(axis=0) @ W + b)
        ),
        "the ReLU is on the weights: it belongs around the whole sum.": lambda x, W, b: (
            x @ np.maximum(0, W) + b
        ),
        "each code is divided by its largest activation: leave the scale as it is.": (
            lambda x, W, b: (
                encode_by_hand(x, W, b) / encode_by_hand(x, W, b).max(axis=1, keepdims=True)
            )
        ),
    },
)

_BEFORE_THE_RELU = (
    "counted `!= 0`: before the ReLU, activations are negative, too, and a unit is on only "
    "where its activation is above zero."
)


def _with_dead(n, units, dead, seed, always=()):
    """Codes in which the units `dead` are never above zero, though not all exactly zero."""
    codes = random_codes(n, units, seed)
    codes[:, list(dead)] = -np.abs(codes[:, list(dead)])
    codes[:, list(dead)[:1]] = 0
    codes[:, list(always)] = np.abs(codes[:, list(always)]) + 0.1
    return codes


_HAND = np.array([[1, 0, 0, 2, 1], [3, -1, 0, 0, -1], [0.5, 0, 0, 4, 0]], "float32")


def _small_codes():
    """Activations down to a billionth: small, and on."""
    codes = random_codes(5, 32, seed=4)
    codes[codes > 0] = np.geomspace(1e-9, 2, (codes > 0).sum())
    return codes


def _with_empty_code():
    """Seven codes, two of which have no unit on, the last one among them."""
    codes = _with_dead(7, 32, (6,), seed=5)
    codes[[3, 6]] = -np.abs(codes[[3, 6]])
    return codes


def _with_rare():
    """1,500 codes, one unit dead and one on for the last image only."""
    codes = _with_dead(1500, 40, (6,), seed=12)
    codes[:, 39] = -np.abs(codes[:, 39])
    codes[-1, 39] = 1
    return codes


def _with_many():
    """300 codes, one unit on for 256 of them: more than a uint8 counts."""
    codes = _with_dead(300, 40, (6,), seed=13)
    codes[:, 20] = 0
    codes[20:276, 20] = 1
    return codes


_CODES = [
    (_HAND,),
    (_with_dead(1, 32, (2, 9), seed=1),),
    (_with_dead(5, 32, (3, 8, 30), seed=2, always=(1, 5)),),
    (_with_dead(7, 20, (0, 19), seed=3, always=(4,)),),
    (_small_codes(),),
    (_with_empty_code(),),
    (_with_dead(4, 40, (11, 35), seed=6),),
    (_with_dead(20, 20, (3,), seed=7),),
    (_with_many(),),
]


def units_on(codes):
    return (codes > 0).sum(axis=1)


_units_on = Exercise(
    reference=units_on,
    inputs=_CODES,
    by_hand=np.array([3, 1, 2]),
    praise="L0, one number per image.",
    mistakes={
        _BEFORE_THE_RELU: lambda h: (h != 0).sum(axis=1),
        "counted `>= 0`: a unit at exactly zero is off.": lambda h: (h >= 0).sum(axis=1),
        "the wrong axis: this says for how many images each unit is on; count the units of each "
        "image.": lambda h: (h > 0).sum(axis=0),
        "the wrong axis, and counted `!= 0`: count the units of each image that are above zero.": (
            lambda h: (h != 0).sum(axis=0)
        ),
        "one number for all images: count the units of each image.": lambda h: (h > 0).sum(),
        "the wrong axis, and a share: count the units of each image.": lambda h: (h > 0).mean(
            axis=0
        ),
        "the signs are added up: count the units that are above zero.": lambda h: np.sign(h).sum(
            axis=1
        ),
        "activations below 1 are cut off to 0: any activation above zero is on.": lambda h: (
            h.astype(int) > 0
        ).sum(axis=1),
        "compared with the mean: a unit is on above zero.": (
            lambda h: (h > h.mean()).sum(axis=1),
            lambda h: (h > h.mean(axis=1, keepdims=True)).sum(axis=1),
        ),
        "one unit too many for each image: does the count begin at 0?": lambda h: (
            (h > 0).sum(axis=1) + 1
        ),
        "the mean over the images: return the number for each image.": lambda h: (
            (h > 0).sum(axis=1).mean()
        ),
        "a share: return how many units are on, not which part of them.": lambda h: (h > 0).mean(
            axis=1
        ),
        "the units that are off are counted.": lambda h: (h == 0).sum(axis=1),
        "the units that are off or negative are counted: count those that are on.": lambda h: (
            h <= 0
        ).sum(axis=1),
        "negative activations are counted: a unit is on above zero.": lambda h: (h < 0).sum(axis=1),
        "the activations are added up: count how many are above zero.": lambda h: h.sum(axis=1),
        "the magnitudes are added up: count how many are above zero.": lambda h: np.abs(h).sum(
            axis=1
        ),
        "the positive activations are added up: count them.": lambda h: np.maximum(h, 0).sum(
            axis=1
        ),
        "True or False for each unit: count the True ones of each image.": lambda h: h > 0,
        "two lists of places: that is what `np.where` and `nonzero` return; count the units of "
        "each image.": lambda h: np.where(h > 0),
        "the count goes on from image to image: start from 0 for each.": lambda h: np.cumsum(
            (h > 0).sum(axis=1)
        ),
        "a unit is left out: where do the loop and the numbers of the units begin and end?": (
            lambda h: (h[:, 1:] > 0).sum(axis=1),
            lambda h: (h[:, :-1] > 0).sum(axis=1),
        ),
        "all units are counted, on or off: `len` of a comparison counts True and False.": (
            lambda h: np.full(len(h), h.shape[1])
        ),
        "whether any unit is on: count them.": (
            lambda h: (h > 0).any(axis=1),
            lambda h: h.sum(axis=1) > 0,
        ),
        "in percent: return how many units are on.": lambda h: 100 * (h > 0).mean(axis=1),
        "32 units are written in: a code may have more or fewer.": (
            lambda h: (h[:, :32] > 0).sum(axis=1),
            lambda h: 32 - (h == 0).sum(axis=1),
            lambda h: 32 - (h <= 0).sum(axis=1),
        ),
        "the images at the end are missing where no unit is on: `np.bincount` does not know how "
        "many there are.": lambda h: np.bincount(np.nonzero(h > 0)[0]),
        "the largest activation of each image: count the units that are on.": lambda h: h.max(
            axis=1
        ),
        "this is the number of the strongest unit: count the units that are on.": lambda h: (
            h.argmax(axis=1)
        ),
    }
    | {
        f"only activations above {threshold:g} are counted: a ReLU gives exact zeros, so any "
        "activation above zero is on.": (lambda h, t=threshold: (h > t).sum(axis=1))
        for threshold in (1e-8, 1e-6, 1e-4, 1e-3, 0.01, 0.05, 0.1, 0.5, 1)
    }
    | {
        f"only magnitudes above {threshold:g} are counted: a unit is on where its activation is "
        "above zero.": (lambda h, t=threshold: (np.abs(h) > t).sum(axis=1))
        for threshold in (1e-8, 1e-6, 1e-4, 1e-3, 0.01)
    },
)


def firing_rates_of(codes):
    return (codes > 0).mean(axis=0)


_firing = Exercise(
    reference=firing_rates_of,
    inputs=_CODES,
    by_hand=np.array([1, 0, 0, 2 / 3, 1 / 3]),
    praise="a share between 0 and 1 for each unit.",
    mistakes={
        _BEFORE_THE_RELU: lambda h: (h != 0).mean(axis=0),
        "counted `>= 0`: a unit at exactly zero is off.": lambda h: (h >= 0).mean(axis=0),
        "the wrong axis: this is the share of units for each image; the share of images for each "
        "unit is wanted.": lambda h: (h > 0).mean(axis=1),
        "the wrong axis, and counted `!= 0`: the share of images in which a unit is above zero "
        "is wanted.": lambda h: (h != 0).mean(axis=1),
        "a number of images: divide by how many images there are.": lambda h: (h > 0).sum(axis=0),
        "divided by the number of units: divide by the number of images.": lambda h: (
            (h > 0).sum(axis=0) / h.shape[1]
        ),
        "divided by a number that is written in: divide by how many images there are.": tuple(
            lambda h, n=n: (h > 0).sum(axis=0) / n for n in (32, 256, 784, 10_000, 60_000)
        ),
        "one number for all units: a share for each unit is wanted.": lambda h: (h > 0).mean(),
        "in percent: a share between 0 and 1 is asked for.": lambda h: 100 * (h > 0).mean(axis=0),
        "the mean activation of each unit: ask how often it is on, not how strongly.": lambda h: (
            h.mean(axis=0)
        ),
        "the mean of the positive parts: ask how often a unit is on, not how strongly.": (
            lambda h: np.maximum(h, 0).mean(axis=0)
        ),
        "the share of images for which a unit is off: the other ones are wanted.": lambda h: (
            h <= 0
        ).mean(axis=0),
        "the share of exact zeros: the images with an activation above zero are wanted.": (
            lambda h: (h == 0).mean(axis=0)
        ),
        "True or False for each entry: take the mean over the images.": lambda h: h > 0,
        "True or False for each unit: ask how often it is on.": (
            lambda h: (h > 0).any(axis=0),
            lambda h: h.mean(axis=0) > 0,
        ),
        "this is the median: the mean of True and False is the share.": lambda h: np.median(
            h > 0, axis=0
        ),
        "activations below 1 are cut off to 0: any activation above zero is on.": lambda h: (
            h.astype(int) > 0
        ).mean(axis=0),
        "only the first image: the share of all images is wanted.": lambda h: h[0] > 0,
        "divided by one image less: divide by how many images there are.": lambda h: (
            (h > 0).sum(axis=0) / (len(h) - 1)
        ),
        "divided by the number of all entries: divide by the number of images.": lambda h: (
            (h > 0).sum(axis=0) / h.size
        ),
        "the wrong axis, and a number: the share of images for each unit is wanted.": lambda h: (
            h > 0
        ).sum(axis=1),
        "in percent, and along the wrong axis: a share of the images for each unit.": lambda h: (
            100 * (h > 0).mean(axis=1)
        ),
        "in percent, and counted `!= 0`: a share between 0 and 1, of activations above zero.": (
            lambda h: 100 * (h != 0).mean(axis=0)
        ),
        "the share of negative activations: those above zero are wanted.": lambda h: (h < 0).mean(
            axis=0
        ),
        "the mean of the activations that are on: ask how often, not how strongly.": lambda h: (
            np.maximum(h, 0).sum(axis=0) / np.maximum((h > 0).sum(axis=0), 1)
        ),
        "only the last image: the share of all images is wanted.": lambda h: h[-1] > 0,
        "only a part of the images: take all of them.": tuple(
            lambda h, n=n: (h[:n] > 0).mean(axis=0) for n in (10, 20, 32, 40, 100, 256)
        ),
        "the counts overflow: their integers have too few bits.": tuple(
            lambda h, dtype=dtype: (h > 0).sum(axis=0, dtype=dtype) / len(h)
            for dtype in ("uint8", "int8")
        ),
        "divided by the largest rate: divide by the number of images.": lambda h: (
            (h > 0).sum(axis=0) / (h > 0).sum(axis=0).max()
        ),
        "this is the spread: the mean of True and False is the share.": lambda h: (h > 0).std(
            axis=0
        ),
        "the rates are divided by their sum: each is a share of the images.": lambda h: (
            (h > 0).sum(axis=0) / (h > 0).sum()
        ),
        "only 0 and 1, and 1 for a unit that is always on: `//` and arrays of integers lose "
        "the fraction, and `all` asks something else.": lambda h: (h > 0).sum(axis=0) // len(h),
    }
    | {
        f"only activations above {threshold:g} are counted: any activation above zero is on.": (
            lambda h, t=threshold: (h > t).mean(axis=0)
        )
        for threshold in (1e-8, 1e-6, 1e-4, 1e-3, 0.01, 0.05, 0.1, 0.5, 1)
    },
)


def dead_units(codes):
    return np.flatnonzero(~(codes > 0).any(axis=0))


_dead = Exercise(
    reference=dead_units,
    inputs=[*_CODES, (_with_dead(6, 32, (), seed=8, always=range(32)),), (_with_rare(),)],
    by_hand=np.array([1, 2]),
    praise="the numbers of the units that are on for no image.",
    read=indices,
    mistakes={
        "counted `!= 0`: a unit with negative activations is off, too; dead is a unit that is "
        "above zero for no image.": lambda h: np.flatnonzero((h == 0).all(axis=0)),
        "only units whose sum or largest activation is exactly zero: before the ReLU, activations "
        "are negative, too; ask whether any is above zero.": (
            lambda h: np.flatnonzero(h.sum(axis=0) == 0),
            lambda h: np.flatnonzero(h.max(axis=0) == 0),
        ),
        "units whose sum is not above zero: negative activations hide positive ones in a sum; ask "
        "whether any is above zero.": lambda h: np.flatnonzero(h.sum(axis=0) <= 0),
        "the units that are off for some image: dead units are off for all images.": lambda h: (
            np.flatnonzero((h <= 0).any(axis=0))
        ),
        "the units with a zero for some image: dead units are off for all images.": lambda h: (
            np.flatnonzero((h == 0).any(axis=0))
        ),
        "the units that are on: the dead ones are all others.": lambda h: np.flatnonzero(
            (h > 0).any(axis=0)
        ),
        "the units that are on for every image: the dead ones are on for none.": lambda h: (
            np.flatnonzero((h > 0).all(axis=0))
        ),
        "the wrong axis: these are numbers of images; the numbers of units are wanted.": (
            lambda h: np.flatnonzero(~(h > 0).any(axis=1))
        ),
        "the number of dead units: say which ones, by their numbers.": lambda h: (
            ~(h > 0).any(axis=0)
        ).sum(),
        "True or False for each unit: return the numbers of the dead ones.": lambda h: (
            ~(h > 0).any(axis=0)
        ),
        "True or False for each unit, and swapped: return the numbers of the dead ones.": (
            lambda h: (h > 0).any(axis=0)
        ),
        "an array inside a tuple or a list: `np.where` and `nonzero` return such a tuple; take its "
        "first entry.": lambda h: np.where(~(h > 0).any(axis=0)),
        "a column: that is what `np.argwhere` returns; make it flat.": lambda h: np.argwhere(
            ~(h > 0).any(axis=0)
        ),
        "counted from 1: the first unit is unit 0.": lambda h: (
            np.flatnonzero(~(h > 0).any(axis=0)) + 1
        ),
        "places in the whole table: `any(axis=0)` asks unit by unit.": lambda h: np.flatnonzero(
            ~(h > 0)
        ),
        "only the last dead unit: collect all of them.": lambda h: np.flatnonzero(
            ~(h > 0).any(axis=0)
        )[-1:],
        "only the last image is looked at: a dead unit is off for all images.": lambda h: (
            np.flatnonzero(h[-1] <= 0)
        ),
        "the counts overflow: their integers have too few bits; `any` needs none.": (
            lambda h: np.flatnonzero((h > 0).sum(axis=0, dtype="uint8") == 0)
        ),
        "one unit only: return the numbers of all that are never on, in an array.": (
            lambda h: (h > 0).sum(axis=0).argmin()
        ),
        "the firing rates: return the numbers of the units whose rate is 0.": lambda h: (
            h > 0
        ).mean(axis=0),
        "the order is descending: the smallest number comes first.": lambda h: np.flatnonzero(
            ~(h > 0).any(axis=0)
        )[::-1],
        "only the first dead unit: return all of them.": lambda h: np.flatnonzero(
            ~(h > 0).any(axis=0)
        )[:1],
        "always empty: is the comparison true for no unit, or is the `axis` missing?": (
            lambda h: []
        ),
        "counted `>= 0`: a unit at exactly zero is off, too.": lambda h: np.flatnonzero(
            ~(h >= 0).any(axis=0)
        ),
        "a unit that is rarely on is not dead: its rate is exactly 0, over all images.": (
            *(
                lambda h, most=most: np.flatnonzero((h > 0).mean(axis=0) < most)
                for most in (0.001, 0.005, 0.01, 0.05, 0.1, 0.5)
            ),
            *(
                lambda h, digits=digits: np.flatnonzero((h > 0).mean(axis=0).round(digits) == 0)
                for digits in (1, 2)
            ),
            *(lambda h, most=most: dead_units(h[:most]) for most in (10, 32, 100, 256, 784, 1000)),
        ),
        "the first unit or the last one is left out: where does the loop begin and end?": (
            lambda h: dead_units(h[:, 1:]),
            lambda h: 1 + dead_units(h[:, 1:]),
            lambda h: dead_units(h[:, :-1]),
        ),
        "the units that are on at most once: dead units are on for no image.": lambda h: (
            np.flatnonzero((h > 0).sum(axis=0) <= 1)
        ),
        "only the first image is looked at: a dead unit is off for all images.": lambda h: (
            np.flatnonzero(h[0] <= 0)
        ),
    }
    | {
        f"only activations above {threshold:g} are counted: any activation above zero is on.": (
            lambda h, t=threshold: np.flatnonzero(~(h > t).any(axis=0))
        )
        for threshold in (1e-8, 1e-6, 1e-4, 1e-3, 0.01, 0.05, 0.1, 0.5, 1)
    },
    result=Result(
        "dead",
        np.array([7]),
        {
            "holds the numbers of the units that are on: keep what your function returns.": (
                np.delete(np.arange(32), 7)
            ),
            "is True or False for each unit: keep what your function returns.": np.arange(32) == 7,
            "is an array inside another: keep what your function returns.": np.array([[7]]),
            "counts from 1: the first unit is unit 0.": np.array([8]),
            "is empty, and the model has a dead unit: give the function the codes of all test "
            "images.": np.array([]),
            "is a number: keep what the function returns, an array of numbers of units.": 7,
        },
        "give your function `codes`, the codes of the test images",
    ),
)


def rescale(weights, factor):
    W, b, V, c = weights
    return [W / factor, b / factor, V * factor, c]


def _weights(units, seed):
    rng = np.random.default_rng(seed)
    shapes = [(784, units), (units,), (units, 784), (784,)]
    return [rng.normal(0, 0.3, shape).astype("float32") for shape in shapes]


_rescale = Exercise(
    reference=rescale,
    inputs=[
        (
            [
                np.full((784, 2), 6, "float32"),
                np.array([2, 4], "float32"),
                np.full((2, 784), 3, "float32"),
                np.full(784, 5, "float32"),
            ],
            4,
        ),
        (_weights(32, seed=1), 10),
        (_weights(32, seed=2), 0.5),
        (_weights(20, seed=3), 7.0),
        (_weights(40, seed=4), 1000),
    ],
    by_hand=[
        np.full((784, 2), 1.5),
        np.array([0.5, 1]),
        np.full((2, 784), 12),
        np.full(784, 5),
    ],
    praise="the same images from a smaller code.",
    read=list_of_arrays,
    mistakes={
        "the code gets larger: multiplication and division are swapped.": lambda w, f: [
            w[0] * f,
            w[1] * f,
            w[2] / f,
            w[3],
        ],
        "the bias `b` keeps its size: then the code does not shrink as a whole; scale it with "
        "`W`.": lambda w, f: [w[0] / f, w[1], w[2] * f, w[3]],
        "the bias `c` is scaled, too: it does not depend on the code, and the images would "
        "change.": lambda w, f: [w[0] / f, w[1] / f, w[2] * f, w[3] * f],
        "the bias `c` is scaled, and `b` is not: `b` belongs to the code, `c` to the image.": (
            lambda w, f: [w[0] / f, w[1], w[2] * f, w[3] * f],
            lambda w, f: [w[0] / f, w[1], w[2] * f, w[3] / f],
        ),
        "a bias is lost: `b` gets smaller with the code, and `c` stays.": (
            lambda w, f: [w[0] / f, 0 * w[1], w[2] * f, w[3]],
            lambda w, f: [w[0] / f, w[1] / f, w[2] * f, 0 * w[3]],
        ),
        "the bias `c` is divided: it does not depend on the code, and the images would change.": (
            lambda w, f: [w[0] / f, w[1] / f, w[2] * f, w[3] / f]
        ),
        "all four are divided: the decoder has to make up for the smaller code.": lambda w, f: [
            a / f for a in w
        ],
        "all four are multiplied: the encoder has to get smaller.": lambda w, f: [a * f for a in w],
        "the decoder stays as it was: it has to make up for the smaller code.": lambda w, f: [
            w[0] / f,
            w[1] / f,
            w[2],
            w[3],
        ],
        "the encoder stays as it was: it has to get smaller.": lambda w, f: [
            w[0],
            w[1],
            w[2] * f,
            w[3],
        ],
        "both are divided: the decoder has to be multiplied.": lambda w, f: [
            w[0] / f,
            w[1] / f,
            w[2] / f,
            w[3],
        ],
        "`b` is multiplied: it belongs to the encoder, which gets smaller.": lambda w, f: [
            w[0] / f,
            w[1] * f,
            w[2] * f,
            w[3],
        ],
        "biases are left as they were and the wrong matrix is divided.": lambda w, f: [
            w[0] * f,
            w[1],
            w[2] / f,
            w[3],
        ],
        "whole numbers only: `//` is the integer division, `/` keeps the fraction.": (
            lambda w, f: [w[0] // f, w[1] // f, w[2] * f, w[3]]
        ),
        "`W` keeps its size: the encoder gets smaller as a whole, `W` and `b`.": lambda w, f: [
            w[0],
            w[1] / f,
            w[2] * f,
            w[3],
        ],
        "W is transposed: keep the shapes of all four.": lambda w, f: [
            (w[0] / f).T,
            w[1] / f,
            w[2] * f,
            w[3],
        ],
        "`V` is multiplied by the square of the factor: once is enough.": lambda w, f: [
            w[0] / f,
            w[1] / f,
            w[2] * f**2,
            w[3],
        ],
        "the factor is subtracted and added: divide and multiply.": lambda w, f: [
            w[0] - f,
            w[1] - f,
            w[2] + f,
            w[3],
        ],
        "the signs are lost: divide and multiply, nothing else.": lambda w, f: [
            np.abs(a) for a in rescale(w, f)
        ],
        "only `W` is scaled: `b` belongs to the encoder, too, and `V` has to make up for both.": (
            lambda w, f: [w[0] / f, *w[1:]]
        ),
        "nothing has changed: is the list returned that came in? Return one with the new arrays.": (
            lambda w, f: list(w)
        ),
        "the factor is split between encoder and decoder: the code should be `factor` times "
        "smaller.": lambda w, f: [w[0] / f**0.5, w[1] / f**0.5, w[2] * f**0.5, w[3]],
        "the factor is used twice: once for the encoder, once for the decoder.": lambda w, f: [
            w[0] / f**2,
            w[1] / f**2,
            w[2] * f**2,
            w[3],
        ],
        "the factor 10 is written in: use the argument.": lambda w, f: rescale(w, 10),
        "the order is not that of `get_weights()`: W, b, V, c.": (
            lambda w, f: [w[0] / f, w[2] * f, w[1] / f, w[3]],
            lambda w, f: [w[0] / f, w[1] / f, w[3], w[2] * f],
            lambda w, f: [w[0] / f, w[2] / f, w[1] * f, w[3]],
            lambda w, f: [w[0] / f, w[1] * f, w[2] / f, w[3]],
        ),
        "V is transposed: keep the shapes of all four.": lambda w, f: [
            w[0] / f,
            w[1] / f,
            (w[2] * f).T,
            w[3],
        ],
    },
)

EXERCISES = [_encode, _units_on, _firing, _dead, _rescale]
