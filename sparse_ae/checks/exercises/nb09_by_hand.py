"""The exercises of notebook 09: slopes by trying, of the code, of W and b; ISTA; a broken line."""

import numpy as np

from ..comparing import list_of_arrays
from ..inputs import normal, pixels, random_codes
from ..questions import Question
from . import exercise


def cubes(weights):
    """A loss with Σw³, whose slope from one side is not its slope from both."""
    return float(np.sum(weights**3))


def waves(weights):
    """A loss in which each weight has a part of its own, and none plays no part."""
    parts = np.arange(1, weights.size + 1).reshape(weights.shape)
    return float(np.sum(parts * np.sin(weights)) + np.sum(weights) ** 2)


def _weights(*shape):
    return np.random.default_rng(len(shape)).normal(0, 1, shape)


@exercise(
    axes={"weights": "row column", "answer": "weight"},
    inputs=[
        (np.array([1.0, 0, -2]), cubes, 0.5),
        (_weights(7), waves, 1e-2),
        (_weights(3, 5), cubes, 1e-1),
        (_weights(2, 6), waves, 1e-3),
    ],
    by_hand=[3.25, 0.25, 12.25],
    praise="a slope for each weight, and the loss was all you asked.",
    mistakes="""
        loss(weights - away) -> loss(weights)  # the loss changes by half of it only: both places
            # whose losses are compared should be a step away.
        (loss(weights + away) - loss(weights - away)) / (2 * step) -> {(loss(weights + away) -
            loss(weights)) / step|(loss(weights) - loss(weights - away)) / step}  # a step to one
            # side only: with one to each side most of the error cancels.
        (loss(weights + away) - loss(weights - away)) / (2 * step) -> {(loss(weights + step) -
            loss(weights - step)) / (2 * step)|loss(weights + step)}  # all weights are moved at
            # once: move one, and leave the others.
        np.ndindex(weights.shape) -> range(len(weights))  # all weights are moved at
            # once: move one, and leave the others.
        (loss(weights + away) - loss(weights - away)) / (2 * step) -> {(loss(weights + away) -
            loss(weights - away)) / step|loss(weights + away) - loss(weights - away)|(loss(weights +
            away) - loss(weights - away)) / step**2 / 2|(loss(weights + away) - loss(weights -
            away)) / 2 * step|(loss(weights + away) - loss(weights - away)) * 2 * step}  # how far
            # apart are the two places whose losses are compared? Divide by that.
        (loss(weights + away) - loss(weights - away)) / (2 * step) -> {(loss(away) - loss(-away)) /
            (2 * step)|(loss(weights * (1 + away)) - loss(weights * (1 - away))) / (2 * step)|
            (loss(np.where(away, step, weights)) - loss(np.where(away, -step, weights))) / 2 / step}
            # a step away from 0, or one that grows with the weight: begin at the weight itself.
        np.zeros(weights.shape) -> np.where(np.arange(weights.size).reshape(weights.shape) <
            np.ravel_multi_index(place, weights.shape), step, 0.0)  # the weights that were moved
            # before stay moved: begin anew for each.
        loss(weights + away) - loss(weights - away) -> abs(loss(weights + away) - loss(weights -
            away))  # no slope is negative: the sign says which way is up.
        (loss(weights + away) - loss(weights - away)) / (2 * step) -> {(loss(weights + away) -
            2 * loss(weights) + loss(weights - away)) / step**2|loss(weights)|loss(weights + away)}
            # this is a loss, or how the slope changes: the slope is asked for.
    """,
)
def numerical_gradient(weights, loss, step):
    slopes = np.zeros(weights.shape)
    for place in np.ndindex(weights.shape):
        away = np.zeros(weights.shape)
        away[place] = step
        slopes[place] = (loss(weights + away) - loss(weights - away)) / (2 * step)
    return slopes


def _decoded(n, units, seed, spread=0.3):
    """Images, codes with zeros and a decoder: what the slope of a code hangs on."""
    codes = np.maximum(0, random_codes(n, units, seed))
    return pixels(n, seed), codes, normal((units, 784), seed, spread), normal(784, seed + 9)


def _one_stroke():
    """An image of one pixel, which one unit paints; another, off, would paint beside it."""
    image, V = np.zeros((1, 784), "float32"), np.zeros((2, 784), "float32")
    image[0, 0], V[0, 0], V[1, 1] = 1, 1, 784
    return image, np.array([[2, 0]], "float32"), V, np.zeros(784, "float32"), 0.5


DECODED = [
    _one_stroke(),
    (*_decoded(5, 20, seed=1), 1e-2),
    (*_decoded(7, 12, seed=2), 2e-3),
    (*_decoded(1, 32, seed=3), 0.0),
]
MISSED = 1 - 1 / (1 + np.exp(-2))


@exercise(
    axes={"images": "image pixel", "codes": "image unit", "V": "unit pixel", "c": "pixel"},
    inputs=DECODED,
    by_hand=[[0.5 - MISSED / 784, 0.5 + 0.5]],
    praise="what each activation would cost, if there were a little more of it.",
    mistakes="""
        error @ V.T / images.shape[1] + l1 -> {error @ V.T / images.shape[1] + l1 * np.sign(codes)|
            (error @ V.T / images.shape[1] + l1) * (codes > 0)}  # an activation that is 0 has a
            # slope, too, to the right: a little more of it costs λ.
        error @ V.T / images.shape[1] + l1 -> error @ V.T / images.shape[1] + l1 * {codes|codes**2|
            codes.sum(axis=1, keepdims=True)|len(V)}  # each bit of h costs the same, however large
            # h is.
        images.shape[1] -> {1|len(images)|len(V)|images.size}  # BCE is a mean over the pixels of an
            # image, and so is its slope.
        error @ V.T / images.shape[1] + l1 -> (error @ V.T + l1) / images.shape[1]  # λ is divided,
            # too: only BCE is a mean over the pixels.
        error @ V.T / images.shape[1] + l1 -> (error @ V.T / images.shape[1] + l1) / len(images)
            # divided by the number of images: each has an objective of its own.
        copies - images -> {(copies - images) * copies * (1 - copies)|-images / copies|
            (1 - images) / (1 - copies) - images / copies}  # BCE's slope by the copy, and the
            # sigmoid's own slope: each counts once.
        copies - images -> 2 * (copies - images)  # twice as much: that belongs to a squared error.
        copies - images -> {np.abs(copies - images)|np.round(copies) - images|-(images *
            np.log(copies) + (1 - images) * np.log(1 - copies))}  # this is how bad a pixel is: how
            # it should change has a sign.
    """,
)
def code_gradient(images, codes, V, c, l1):
    copies = 1 / (1 + np.exp(-(codes @ V + c)))
    error = copies - images
    return error @ V.T / images.shape[1] + l1


def _passed(n, units, seed):
    """Images, codes with zeros, and slopes that have come down to the codes."""
    images, codes, *_ = _decoded(n, units, seed)
    return images, codes, normal(codes.shape, seed + 5)


@exercise(
    axes={"images": "image pixel", "codes": "image unit", "slopes": "image unit"},
    inputs=[
        (
            np.array([[1, 0, 0.5], [0, 0.25, 1]], "float32"),
            np.array([[0, 2], [3, 1]], "float32"),
            np.array([[7, 4], [2, -2]], "float32"),
        ),
        _passed(5, 20, seed=1),
        _passed(7, 12, seed=2),
        _passed(1, 32, seed=3),
    ],
    by_hand=[np.array([[0, 2], [0.25, -0.25], [1, 0]]), np.array([1, 1])],
    praise="what is off passes nothing back, and the rest is shared out.",
    read=list_of_arrays,
    mistakes="""
        slopes * (codes > 0) -> {slopes|slopes * (codes >= 0)}  # a unit that is off passes a slope
            # back: a ReLU is flat there.
        images.T @ passed -> images.T @ slopes  # for W a unit that is off passes a slope back.
        passed.sum(axis=0) -> slopes.sum(axis=0)  # for b a unit that is off passes a slope back.
        slopes * (codes > 0) -> {slopes * (slopes > 0)|np.abs(slopes * (codes > 0))}  # a slope may
            # be negative, and comes back with its sign.
        slopes * (codes > 0) -> {slopes * codes|slopes * codes * (1 - codes)|codes}  # how large an
            # activation is plays no part: a ReLU has the slope 0 or 1.
        passed / count -> passed / {images.shape[1]|images.size|784|256|max(len(images) - 1, 1)|
            codes.shape[1]}
            # divided by another number than that of the images.
        count -> {images.shape[1]|784|256|max(len(images) - 1, 1)|count * images.shape[1]|
            count * 784|codes.shape[1]}  # divided by another number than that of the images.
        passed / count -> passed  # summed over the images: the objective is a mean over them.
        passed.sum(axis=0) / count -> {passed.sum(axis=0)|passed.mean(axis=1)|passed.mean()|
            passed.max(axis=0)|passed}  # b has one number for each unit, the mean over the images.
        count -> 1  # summed over the images: the objective is a mean over them.
    """,
)
def backward(images, codes, slopes):
    passed = slopes * (codes > 0)
    count = len(images)
    return [images.T @ passed / count, passed.sum(axis=0) / count]


@exercise(
    axes={"images": "image pixel", "codes": "image unit", "V": "unit pixel", "c": "pixel"},
    inputs=DECODED,
    by_hand=[[2 - 4 / 784 * (0.5 - MISSED / 784), 0]],
    praise="down the slope, and never below zero.",
    mistakes="""
        4 * images.shape[1] / np.linalg.norm(V, 2) ** 2 -> {1|0.1|0.01|0.001|4 / np.linalg.norm(V,
            2) ** 2|1 / np.linalg.norm(V, 2) ** 2|2 * images.shape[1] / np.linalg.norm(V, 2) **
            2|images.shape[1] / np.linalg.norm(V, 2) ** 2|4 * images.shape[1] / np.linalg.norm(V,
            2)|4 * images.shape[1] * np.linalg.norm(V, 2) ** 2| np.linalg.norm(V, 2) ** 2 /
            images.shape[1] / 4|4 * images.shape[1] / np.linalg.norm(V, 2) ** 2 / len(images)|4 /
            images.shape[1] / np.linalg.norm(V, 2) ** 2| (4 * images.shape[1] / np.linalg.norm(V,
            2)) ** 2}  # the step has another length than the task says.
        np.linalg.norm(V, 2) ** 2 -> {np.linalg.norm(V) ** 2|np.linalg.norm(V, 1) ** 2|
            np.linalg.norm(V, np.inf) ** 2|np.linalg.norm(V @ V.T)|np.linalg.norm(V, axis=1) ** 2}
            # another norm: that of a matrix is its largest singular value.
        codes - step * slope -> {codes - step * (slope - l1) - l1|codes - step * (slope - l1) - l1 /
            images.shape[1]}  # how much λ takes away hangs on how long the step is.
        codes - step * slope -> codes - step * (slope + l1)  # λ counts twice.
        error @ V.T / images.shape[1] + l1 -> error @ V.T / images.shape[1] + l1 * {codes|
            np.sign(codes)}  # each bit of h costs λ, however large h is, and the first, too.
        codes - step * slope -> codes + step * slope  # this goes up the slope.
        np.maximum(0, codes - step * slope) -> {np.maximum(0, codes - step * slope) * (codes > 0)|
            (codes - step * slope) * (codes > 0)}  # a unit that is off stays off: it may come on.
        np.maximum(0, codes - step * slope) -> {slope|step * slope|-step * slope|np.maximum(0, -step
            * slope)}  # the codes after the step are asked for, not the step.
    """,
)
def ista_step(images, codes, V, c, l1):
    error = 1 / (1 + np.exp(-(codes @ V + c))) - images
    slope = error @ V.T / images.shape[1] + l1
    step = 4 * images.shape[1] / np.linalg.norm(V, 2) ** 2
    return np.maximum(0, codes - step * slope)


broken_line = Question(
    name="broken_line",
    right="c",
    mistakes={
        "a": "then V, c and the code would be wrong, too: all of them are made of the error.",
        "b": "then the code would be wrong, too.",
        "d": "then b would be right.",
        "e": "then W would be right.",
    },
    otherwise="answer with one letter, a to e.",
    praise="what is off must pass nothing back.",
)
