"""The exercises of notebook 01: pixels and what a copy costs."""

import numpy as np

from ..inputs import bce, changed, copies_of, pixels, raw_images  # noqa: F401 in the mistakes
from ..questions import Question
from . import exercise


@exercise(
    axes={"raw": "image row column", "answer": "image pixel"},
    inputs=[
        ((np.arange(2 * 784) % 256).astype("uint8").reshape(2, 28, 28),),
        (raw_images(1, seed=1),),
        (raw_images(5, seed=2, high=200),),
        (changed(raw_images(7, seed=3), 2, 0),),  # one page is empty
    ],
    by_hand=[[n % 256 / 255 for n in range(i * 784, (i + 1) * 784)] for i in range(2)],
    praise="rows of 784 numbers between 0 and 1.",
    mistakes="""
        raw / 255  # the images are still square: make a row of 784 numbers of each.
        raw.reshape(len(raw), 784)  # the pixels still run from 0 to 255: scale them, too.
    """,
)
def scale_images(raw):
    return raw.reshape(len(raw), 784) / 255


def _pair(n, seed):
    images = pixels(n, seed)
    return images, copies_of(images, seed + 1)


def _sharp_pair():
    """Copies that are exactly 0 and 1, right and wrong: without clipping a logarithm is infinite.

    A copy of 1 where the image is 0 costs 15.9 in float32 and 16.1 in float64; so the image has
    nearly full ink there, and both are right.
    """
    images, copies = _pair(5, seed=6)
    copies[images == 0] = 0
    images[:, :20], copies[:, :20] = 1, 1
    images[:, 30:40], copies[:, 30:40] = 0.25, 0.25  # grey, copied perfectly: it costs something
    images[:, 50], copies[:, 50] = 0.96, 1
    images[:, 51], copies[:, 51] = 0.5, 1e-9  # nearer to 0 than it may stay
    for i in range(5):
        images[i, 20 : 22 + i], copies[i, 20 : 22 + i] = 1, 0
    return images, copies


@exercise(
    axes={"images": "image pixel", "copies": "image pixel", "answer": "image"},
    inputs=[
        (np.full((2, 784), 0.25, "float32"), np.full((2, 784), 0.2, "float32")),
        *[_pair(n, seed=n) for n in (1, 7, 800)],
        _sharp_pair(),
    ],
    by_hand=np.full(2, -0.25 * np.log(0.2) - 0.75 * np.log(0.8)),
    praise="one cost per image, and no logarithm of zero.",
    mistakes="""
        p -> copies  # NaN or infinity: keep the copies a little away from 0 and from 1.
        bce_of_copies(copies, images)  # swapped: the logarithm is that of the copy.
        -(images * np.log(np.clip(copies, 1e-7, 1))).mean(axis=1)  # only the ink is charged: the
            # second half of the formula, for what is not ink, is missing.
        bce_of_copies(1 - images, copies)  # the ink is charged with the logarithm for what is not.
        cost.mean(axis=1) -> {(cost * (copies > 0) * (copies < 1)).mean(axis=1)|cost.mean(axis=1,
            where=(copies > 0) & (copies < 1))}  # a pixel at exactly 0 or 1 costs nothing: it
            # costs much if the image says otherwise.
        ((images - copies) ** 2).mean(axis=1) ; abs(images - copies).mean(axis=1)  # this is the
            # squared or the absolute error: binary cross-entropy is wanted.
        bce_of_copies(images, copies) - bce_of_copies(images, images)  # the floor is no part of it.
    """,
    result=Question(
        name="floor",
        right=0.05808,
        mistakes={
            0.05836: "is the cost of the training images: take the test images.",
            0.26251: "is the cost of the mean image: the floor is what a perfect copy costs.",
            0.69315: "is ln 2, the cost of copies that are 0.5 everywhere: give it perfect copies.",
            580.8: "is summed over all images: it is the mean of their costs.",
            0.0: "is zero, like the squared error of a perfect copy: its cross-entropy is not.",
            0.058: "is nearly right: keep all its digits, round when you print.",
        },
        otherwise="is not the mean cost of all 10,000 test images, each copied perfectly.",
    ),
)
def bce_of_copies(images, copies):
    p = np.clip(copies, 1e-7, 1 - 1e-7)
    cost = -(images * np.log(p) + (1 - images) * np.log(1 - p))
    return cost.mean(axis=1)


below_the_floor = Question(
    name="below_the_floor",
    right="b",
    mistakes={
        "a": "no network gets below what a perfect copy costs, and on our test images that is "
        "more than 0.031.",
        "c": "longer training leads towards the floor and never below it.",
        "d": "all images have equally many pixels, so both ways give the same mean.",
    },
    otherwise="answer with one letter, a to d.",
    praise="other images have another floor.",
)
