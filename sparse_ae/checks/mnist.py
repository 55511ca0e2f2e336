"""The exercises of notebook 01: pixels and what a copy costs."""

import numpy as np

from .judging import Exercise, Result

EPSILON = 1e-7


def _raw(n, seed, high=256):
    """n images of whole numbers below `high`, as in the file; four pixels in five are empty."""
    rng = np.random.default_rng(seed)
    ink = rng.random((n, 28, 28)) < 0.2
    return (ink * rng.integers(1, high, (n, 28, 28))).astype("uint8")


def _with_an_empty_page():
    raw = _raw(7, seed=3)
    raw[2] = 0
    return raw


def pixels(n, seed):
    """n rows of 784 pixels in [0, 1], like those of `load_mnist`."""
    return (_raw(n, seed) / 255).astype("float32").reshape(n, 784)


def copies_of(images, seed, away=0.01):
    """Copies with errors of different size, all of them at least `away` from 0 and 1."""
    rng = np.random.default_rng(seed)
    spread = rng.uniform(0.05, 0.6, (len(images), 1))
    return np.clip(images + spread * rng.normal(size=images.shape), away, 1 - away).astype(
        "float32"
    )


def scale_images(raw):
    return (raw.astype("float32") / 255).reshape(len(raw), 784)


_scale = Exercise(
    reference=scale_images,
    inputs=[
        ((np.arange(2 * 784) % 256).astype("uint8").reshape(2, 28, 28),),
        (_raw(1, seed=1),),
        (_raw(5, seed=2, high=200),),
        (_with_an_empty_page(),),
    ],
    by_hand=[[n % 256 / 255 for n in range(i * 784, (i + 1) * 784)] for i in range(2)],
    praise="rows of 784 numbers between 0 and 1.",
    mistakes={
        "the images are still square: make a row of 784 numbers of each.": lambda raw: (
            raw.astype(float) / 255
        ),
        "the pixels still run from 0 to 255: forgot the scale? Divide, too.": lambda raw: (
            raw.reshape(len(raw), 784)
        ),
        "the images are as they were: scale them and make rows of them.": lambda raw: raw,
        "divided by 256 or 254: full ink, 255, should become exactly 1.": (
            lambda raw: raw.reshape(len(raw), 784) / 256,
            lambda raw: raw.reshape(len(raw), 784) / 254,
        ),
        "divided by the largest pixel of these images: the scale must be the same for all "
        "images, so take the largest value that a pixel can have.": lambda raw: (
            raw.reshape(len(raw), 784) / raw.max()
        ),
        "each image is divided by its own largest pixel: the scale must be the same for all "
        "images.": lambda raw: (
            raw.reshape(len(raw), 784) / raw.reshape(len(raw), 784).max(axis=1, keepdims=True)
        ),
        "nearly everything became 0: an integer division, or a conversion to integers after the "
        "division; pixels are fractions.": lambda raw: raw.reshape(len(raw), 784) // 255,
        "black and white are swapped: 0 stays 0, full ink becomes 1.": lambda raw: (
            1 - raw.reshape(len(raw), 784) / 255
        ),
        "the pixels run from -1 to 1 and should run from 0 to 1.": lambda raw: (
            raw.reshape(len(raw), 784) / 127.5 - 1
        ),
        "the columns of each image stand one after the other: write out row after row, as "
        "`reshape` does by itself.": lambda raw: (
            raw.transpose(0, 2, 1).reshape(len(raw), 784) / 255
        ),
        "rows and columns are swapped: each row should be one image.": lambda raw: (
            raw.reshape(len(raw), 784).T / 255
        ),
        "the pixels of different images are mixed: a transposed array was reshaped; each row "
        "should be one image.": lambda raw: raw.reshape(784, len(raw)).T / 255,
        "multiplied by 255: divide.": lambda raw: raw.reshape(len(raw), 784) * 255.0,
        "the pixels of an image are sorted or turned round: keep them where they are.": (
            lambda raw: np.sort(raw.reshape(len(raw), 784), axis=1) / 255,
            lambda raw: raw.reshape(len(raw), 784)[:, ::-1] / 255,
        ),
        "divided by 255 twice: once is enough.": lambda raw: raw.reshape(len(raw), 784) / 255 / 255,
        "the images are scaled by their mean and spread: only divide.": lambda raw: (
            (raw.reshape(len(raw), 784) - raw.mean()) / raw.std()
        ),
        "all images stand in one long row: one row for each image is wanted.": lambda raw: (
            raw.reshape(-1) / 255
        ),
        "the pixels are only black or white: keep the greys between 0 and 1.": (
            lambda raw: raw.reshape(len(raw), 784) > 127,
            lambda raw: raw.reshape(len(raw), 784) > 0,
        ),
        "multiplied while the pixels were still uint8, which count no further than 255: divide "
        "first.": lambda raw: raw.reshape(len(raw), 784) * np.uint8(100) / 255,
        "only the first image: is `return` inside the loop?": (
            lambda raw: raw[0].reshape(784) / 255,
            lambda raw: raw[:1].reshape(1, 784) / 255,
        ),
    },
)


def _bce(x, p, epsilon=EPSILON):
    x, p = x.astype(float), np.clip(p.astype(float), epsilon, 1 - epsilon)
    return -(x * np.log(p) + (1 - x) * np.log(1 - p))


def _in_float32(p):
    """Clipped in float32, where 1 - 1e-7 is 1 - 1.2e-7: seen where a 1 should have been a 0."""
    return np.clip(p, np.float32(EPSILON), np.float32(1 - EPSILON))


def bce_of_copies(images, copies):
    return _bce(images, copies).mean(axis=1)


def _sharp_pair():
    """Copies that are exactly 0 and 1, right and wrong: without clipping a logarithm is infinite.

    A copy of 1 where the image is 0 costs 15.9 in float32 and 16.1 in float64; so the image has
    nearly full ink there, and both are right.
    """
    images, copies = pixels(5, seed=6), copies_of(pixels(5, seed=6), seed=7)
    copies[images == 0] = 0
    images[:, :20], copies[:, :20] = 1, 1
    images[:, 30:40], copies[:, 30:40] = 0.25, 0.25  # grey, copied perfectly: it costs something
    images[:, 50], copies[:, 50] = 0.96, 1
    images[:, 51], copies[:, 51] = 0.5, 1e-9  # nearer to 0 than it may stay
    for i in range(5):
        images[i, 20 : 22 + i], copies[i, 20 : 22 + i] = 1, 0
    return images, copies


def _pair(n, seed):
    images = pixels(n, seed)
    return images, copies_of(images, seed + 1)


_bce_of_copies = Exercise(
    reference=bce_of_copies,
    inputs=[
        (np.full((2, 784), 0.25, "float32"), np.full((2, 784), 0.2, "float32")),
        _pair(1, seed=2),
        _pair(7, seed=4),
        _sharp_pair(),
        _pair(800, seed=8),
    ],
    by_hand=np.full(2, -0.25 * np.log(0.2) - 0.75 * np.log(0.8)),
    praise="one cost per image, and no logarithm of zero.",
    mistakes={
        "NaN or infinity: the logarithm of 0; keep the copies a little away from 0 and from 1, "
        "as the task says.": lambda x, p: _bce(x, p, 0).mean(axis=1),
        "summed over the pixels: take the mean over the 784 pixels of an image.": lambda x, p: _bce(
            x, p
        ).sum(axis=1),
        "one number for all images: the mean is over the pixels of each image, so that every "
        "image has its own cost.": lambda x, p: _bce(x, p).mean(),
        "the mean is over the wrong axis: one cost per image is wanted, not one per pixel.": (
            lambda x, p: _bce(x, p).mean(axis=0),
            lambda x, p: _bce(x, _in_float32(p)).mean(axis=0),
        ),
        "summed over the wrong axis: one cost per image is wanted, not one per pixel.": (
            lambda x, p: _bce(x, p).sum(axis=0),
            lambda x, p: _bce(x, _in_float32(p)).sum(axis=0),
        ),
        "summed over everything: one cost per image is wanted, the mean over its pixels.": (
            lambda x, p: _bce(x, p).sum()
        ),
        "one cost per pixel: take the mean over the pixels of each image.": (
            _bce,
            lambda x, p: _bce(x, _in_float32(p)),
        ),
        "the sign is wrong: a cost is positive; is there a minus before the brackets?": (
            lambda x, p: -_bce(x, p).mean(axis=1)
        ),
        "both halves are weighed by the image: the second one by 1 - image.": lambda x, p: (
            -(x * np.log(np.clip(p, EPSILON, 1)) + x * np.log(1 - np.clip(p, 0, 1 - EPSILON))).mean(
                axis=1
            )
        ),
        "the logarithm of the mean pixel: take the logarithm of each pixel, then the mean.": (
            lambda x, p: -np.log((x * p + (1 - x) * (1 - p)).mean(axis=1))
        ),
        "image and copy are swapped: the logarithm is that of the copy.": (
            lambda x, p: _bce(p, x).mean(axis=1),
            lambda x, p: _bce(p, np.minimum(x, np.float32(1 - EPSILON))).mean(axis=1),
        ),
        "only the ink is charged: the second half of the formula, for what is not ink, is "
        "missing.": lambda x, p: -(x * np.log(np.clip(p, EPSILON, 1))).mean(axis=1),
        "only the empty part is charged: the first half of the formula is missing.": (
            lambda x, p: -((1 - x) * np.log(1 - np.clip(p, 0, 1 - EPSILON))).mean(axis=1)
        ),
        "the two halves are subtracted: the formula adds them.": lambda x, p: (
            -(
                x * np.log(np.clip(p, EPSILON, 1))
                - (1 - x) * np.log(1 - np.clip(p, 0, 1 - EPSILON))
            ).mean(axis=1)
        ),
        "the two logarithms are exchanged: the ink goes with the logarithm of the copy, what is "
        "not ink with that of 1 - copy.": (
            lambda x, p: _bce(1 - x, p).mean(axis=1),
            lambda x, p: _bce(1 - x, _in_float32(p)).mean(axis=1),
        ),
        "both logarithms are those of the copy: the second is that of 1 - copy.": lambda x, p: (
            -np.log(np.clip(p, EPSILON, 1)).mean(axis=1)
        ),
        "the formula of a grey pixel: here each half counts by how much ink the image has.": (
            lambda x, p: _bce(np.full_like(x, 0.5), p).mean(axis=1),
            lambda x, p: _bce(np.full_like(x, 0.5), _in_float32(p)).mean(axis=1),
        ),
        "a bracket is missing: 1 - image is multiplied with the second logarithm as a whole.": (
            lambda x, p: (
                -(
                    x * np.log(np.clip(p, EPSILON, 1))
                    + 1
                    - x * np.log(1 - np.clip(p, 0, 1 - EPSILON))
                ).mean(axis=1)
            )
        ),
        "the second logarithm counts fully: multiply it with 1 - image.": lambda x, p: (
            -(x * np.log(np.clip(p, EPSILON, 1)) + np.log(1 - np.clip(p, 0, 1 - EPSILON))).mean(
                axis=1
            )
        ),
        "divided by the number of images: take the mean over the pixels of each image.": (
            lambda x, p: _bce(x, p).sum(axis=1) / len(x)
        ),
        "one mean for all images, written out for each: every image has its own cost.": (
            lambda x, p: np.full(len(x), _bce(x, p).mean())
        ),
        "each image's cost is added to those before it: start from 0 for each image.": (
            lambda x, p: np.cumsum(_bce(x, p).mean(axis=1)),
            lambda x, p: np.cumsum(_bce(x, p).sum(axis=1)) / 784,
        ),
        "the two bounds of the clipping are exchanged: all copies became the same.": lambda x, p: (
            _bce(x, np.full(p.shape, EPSILON)).mean(axis=1)
        ),
        "this is the squared error: binary cross-entropy is wanted.": lambda x, p: (
            (x - p) ** 2
        ).mean(axis=1),
        "this is the absolute error: binary cross-entropy is wanted.": lambda x, p: np.abs(
            x - p
        ).mean(axis=1),
        "this is the root of the squared error: binary cross-entropy is wanted.": lambda x, p: (
            np.sqrt(((x - p) ** 2).mean(axis=1))
        ),
        "the median over the pixels: take their mean.": lambda x, p: np.median(_bce(x, p), axis=1),
        "the spread of the pixels' costs: take their mean.": lambda x, p: _bce(x, p).std(axis=1),
        "only the pixels with ink are counted: empty ones cost something, too.": lambda x, p: (
            (_bce(x, p) * (x > 0)).sum(axis=1) / (x > 0).sum(axis=1)
        ),
        "a pixel is left out: where do the loop and its numbers begin and end?": (
            lambda x, p: _bce(x, p)[:, :-1].mean(axis=1),
            lambda x, p: _bce(x, p)[:, 1:].mean(axis=1),
            lambda x, p: _bce(x, p)[:, :-1].sum(axis=1) / 784,
            lambda x, p: _bce(x, p)[:, 1:].sum(axis=1) / 784,
        ),
        "the copy weighs its own logarithm: the image is what counts there.": lambda x, p: _bce(
            p, p
        ).mean(axis=1),
        "a copy of full ink costs nothing here: keep it a little away from 1, as it is from 0.": (
            lambda x, p: (
                _bce(x, p) * (p < 1) - x * np.log(np.clip(p, EPSILON, 1)) * (p == 1)
            ).mean(axis=1)
        ),
        "the logarithm has the base 2: the natural one, `np.log`, is wanted.": lambda x, p: (
            _bce(x, p).mean(axis=1) / np.log(2)
        ),
        "the logarithm has the base 10: the natural one, `np.log`, is wanted.": lambda x, p: (
            _bce(x, p).mean(axis=1) / np.log(10)
        ),
        "this is what the image costs as a copy of itself: the copies are not used.": (
            lambda x, p: _bce(x, x).mean(axis=1)
        ),
        "the cost is right but for what a perfect copy costs: do not subtract that.": (
            lambda x, p: (_bce(x, p) - _bce(x, x)).mean(axis=1)
        ),
    }
    | {
        f"the copies are kept {epsilon:g} away from 0 and 1 and the task says another "
        "distance: look at your clipping.": (
            lambda x, p, epsilon=epsilon: _bce(x, p, epsilon).mean(axis=1)
        )
        for epsilon in (
            0.2,
            0.1,
            0.05,
            0.01,
            1e-3,
            1e-4,
            1e-5,
            1e-6,
            2**-23,
            1e-8,
            1e-9,
            1e-12,
            1e-15,
        )
    }
    | {
        f"the copies end at {upper:g}: full ink is to be as near to 1 as no ink is to 0; look at "
        "your clipping.": (
            lambda x, p, upper=upper: _bce(x, np.minimum(p.astype(float), upper)).mean(axis=1)
        )
        for upper in (0.9, 0.95, 0.99, 0.999, 0.9999, 0.99999, 0.999999)
    }
    | {
        f"the copies begin at {lower:g}: no ink is to be as near to 0 as full ink is to 1; look at "
        "your clipping.": (
            lambda x, p, lower=lower: _bce(x, np.maximum(p.astype(float), lower)).mean(axis=1)
        )
        for lower in (0.1, 0.05, 0.01, 1e-3, 1e-4, 1e-5, 1e-6)
    },
    result=Result(
        "floor",
        0.05808,
        {
            "is the cost of the training images: take the test images.": 0.05836,
            "is the cost of the mean image: the floor is what a perfect copy costs.": 0.26251,
            "is ln 2, the cost of copies that are 0.5 everywhere: give it perfect copies.": 0.69315,
            "is summed over all images: it is the mean of their costs.": 580.8,
            "is zero, like the squared error of a perfect copy: its cross-entropy is not.": 0.0,
            "is negative: look at the sign.": -0.05808,
        },
        "it is the mean cost of all 10,000 test images, each copied perfectly",
    ),
)

EXERCISES = [_scale, _bce_of_copies]
