"""The exercises of notebook 02: counting, painting, and two penalties."""

import numpy as np

from ..inputs import changed, normal, random_codes
from ..questions import Question
from . import exercise


@exercise(
    axes={"sizes": "size"},
    inputs=[
        ([2, 3],),
        *[([784, *rest],) for rest in ([32, 784], [20], [128, 32, 128, 784])],
        *[(sizes,) for sizes in ([5, 4, 3, 2], [10, 10, 10], [9, 8, 7, 6, 5, 4, 3, 2])],
    ],
    by_hand=9,
    praise="weights and biases of every layer.",
    mistakes="""
        (a + 1) * b -> a * b  # the biases are missing: each unit of a dense layer has one.
        (a + 1) * b -> a * (b + 1)  # here each input has a bias: each unit of a layer
            # should have one.
        (a + 1) * b -> a * b + 1 ; total - sum(sizes[1:]) + 1 ; total - sizes[-1]  # a layer has one
            # bias, or none: each unit of it has one.
        total + sizes[0] ; (a + 1) * b -> (a + 1) * (b + 1) - {0|1}  # the inputs have been given
            # biases: only the units of a layer have them.
        total + (sizes[-1] + 1) * sizes[0]  # begun one step early: `sizes[-1]` is the last size.
        2 * sizes[0] * sizes[1] + sizes[0] + sizes[1] ; count_parameters(sizes[:3]) ;
        sum(({sizes[0]|784} + 1) * b for b in sizes[1:]) ; sum(b * b + b for b in sizes) ;
        range(1, len(sizes)) -> range(1, len(sizes), 2)  # not every
            # layer is counted, or not from each size to the next: go along the whole list.
        [(a + 1) * b for a, b in zip(sizes, sizes[1:])]  # one number for each layer: add them up.
        (a + 1) * b -> {a + b|a + 2 * b} ; sum(sizes) ; int(np.prod(sizes)) + {0|sum(sizes[1:])}
            # the weights are not counted: there is one for each pair of an input and a unit.
    """,
    result=Question(
        name="wide_parameters",
        right=201_616,
        mistakes={
            50_992: "is the number for a code of 32 units: the task asks for 128.",
            100_480: "leaves the output layer out: the chain has three sizes.",
            200_704: "has no biases: call your function again, if you have changed it since.",
            203_968: "is four times the number for 32 units: the biases do not grow like that.",
            150_624: "is the difference to 32 units: the number itself is asked for.",
        },
        otherwise="is not the number for 784 pixels, a code of 128 units and 784 pixels.",
        rtol=1e-9,
    ),
)
def count_parameters(sizes):
    total = 0
    for layer in range(1, len(sizes)):
        a, b = sizes[layer - 1], sizes[layer]
        total += (a + 1) * b
    return total


def _decoder(n, units, seed, codes=None):
    codes = np.maximum(random_codes(n, units, seed), 0) if codes is None else codes
    return codes, normal((units, 784), seed, 0.4), normal(784, seed + 9, 0.5, mean=-0.5)


def _five_pixels():
    """Sums of -ln 3, 0, ln 3, -ln 9 and ln 9: sigmoids of 1/4, 1/2, 3/4, 1/10 and 9/10."""
    codes = np.array([[1, 0, 1], [0, 1, 2]], "float32")
    V = np.array([[-2, -1, 0, 0, 3], [-1, 0, 1, 3, 2], [0, 0, 0, -2, -1]], "float32")
    c = np.array([1, 1, 1, 0, 0], "float32")
    return codes, np.float32(np.log(3)) * V, np.float32(np.log(3)) * c


@exercise(
    axes={"codes": "image unit", "V": "unit pixel", "c": "pixel", "answer": "image pixel"},
    inputs=[
        _five_pixels(),
        _decoder(1, 32, seed=1),
        _decoder(5, 32, seed=2, codes=changed(random_codes(5, 32, seed=2), (2, slice(8, None)), 0)),
        _decoder(50, 20, seed=3, codes=changed(np.abs(random_codes(50, 20, seed=3)), 7, 0)),
        _decoder(5, 40, seed=4, codes=random_codes(5, 40, seed=4)),  # negative ones, too
    ],
    by_hand=[[0.25, 0.5, 0.75, 0.1, 0.9], [0.5, 0.75, 0.9, 0.25, 0.5]],
    praise="the decoder's own pictures.",
)
def decode(codes, V, c):
    return 1 / (1 + np.exp(-(codes @ V + c)))


@exercise(
    axes={"codes": "image unit"},
    inputs=[
        (np.array([[1, 0, 2], [0, 0, 3]], "float32"), 0.1),
        *[(random_codes(n, units, n), 0.5) for n, units in ((1, 32), (5, 32), (6, 20), (50, 40))],
        (changed(random_codes(7, 32, seed=3), [2, 5], 0), 1e-4),  # codes of zeros, equal ones
        (-random_codes(4, 32, seed=7), 0.3),
        (random_codes(7, 1, seed=8), 0.5),  # one unit
        (np.float32(1e-3) * random_codes(6, 5, seed=6), 2),
    ],
    by_hand=0.3,
    praise="summed over the units, averaged over the batch, the same for every batch size.",
)
def activity_penalty(codes, l1):
    return l1 * np.abs(codes).sum(axis=1).mean()


@exercise(
    axes={"kernel": "input unit"},
    inputs=[
        (np.array([[1, -2], [0, 3], [-4, 0]], "float32"), 0.1),
        (normal((784, 32), seed=1), 1e-4),
        (normal((7, 5), seed=2), 0.5),
        (normal((5, 7), seed=3), 0.01),
        (normal((800, 40), seed=4), 0.01),
        (np.float32(1e-3) * normal((6, 4), seed=5), 2),
    ],
    by_hand=1.0,
    praise="the sum over all weights, whatever the images are.",
)
def kernel_penalty(kernel, l1):
    return l1 * np.abs(kernel).sum()


which_experiment = Question(
    name="which_experiment",
    right="c",
    mistakes={
        "a": "with larger batches there are fewer steps in an epoch, so the two models differ "
        "anyway; and the loss is not the penalty alone.",
        "b": "a mean and a sum both change with the images, so this shows no difference.",
        "d": "many things keep units off: this does not tell what the penalty is.",
    },
    otherwise="answer with one letter, a to d.",
    praise="only the number of images changes, and a sum grows with it.",
)
