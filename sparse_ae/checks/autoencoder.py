"""The exercises of notebook 02: counting, painting, and two penalties."""

from itertools import pairwise

import numpy as np

from .judging import Exercise, Result


def random_codes(n, units, seed):
    """Codes before the ReLU: many of them negative, a few exactly zero, none tiny."""
    rng = np.random.default_rng(seed)
    codes = rng.normal(0.2, 1.5, (n, units))
    codes += np.sign(codes) * 0.05
    codes[rng.random((n, units)) < 0.2] = 0
    return codes.astype("float32")


def count_parameters(sizes):
    return sum(before * after + after for before, after in pairwise(sizes))


_count = Exercise(
    reference=count_parameters,
    inputs=[
        ([2, 3],),
        ([784, 32, 784],),
        ([784, 20],),
        ([5, 4, 3, 2],),
        ([784, 128, 32, 128, 784],),
        ([10, 10, 10],),
        ([9, 8, 7, 6, 5, 4, 3, 2],),
    ],
    by_hand=9,
    praise="weights and biases of every layer.",
    mistakes={
        "the biases are missing: each unit of a dense layer has one.": lambda sizes: sum(
            a * b for a, b in pairwise(sizes)
        ),
        "the biases are those of the inputs: each unit of a layer has one, not each input.": (
            lambda sizes: sum(a * b + a for a, b in pairwise(sizes))
        ),
        "one bias for a whole layer: each of its units has one.": lambda sizes: sum(
            a * b + 1 for a, b in pairwise(sizes)
        ),
        "the input layer has been given biases: it has no units of its own.": lambda sizes: (
            sum(a * b for a, b in pairwise(sizes)) + sum(sizes)
        ),
        "the last layer has no biases: each layer but the input has them.": lambda sizes: (
            sum(a * b for a, b in pairwise(sizes)) + sum(sizes[1:-1])
        ),
        "only the last layer has biases: each layer but the input has them.": lambda sizes: (
            sum(a * b for a, b in pairwise(sizes)) + sizes[-1]
        ),
        "only the first layer is counted: add up all of them.": lambda sizes: (
            sizes[0] * sizes[1] + sizes[1]
        ),
        "only the last layer is counted: add up all of them.": lambda sizes: (
            sizes[-2] * sizes[-1] + sizes[-1]
        ),
        "the last layer is not counted: does the loop end one step early?": lambda sizes: sum(
            a * b + b for a, b in list(pairwise(sizes))[:-1]
        ),
        "the first layer is not counted: does the loop begin one step late?": lambda sizes: sum(
            a * b + b for a, b in list(pairwise(sizes))[1:]
        ),
        "the sizes are added where weights are counted: a dense layer has one weight for each "
        "pair of an input and a unit.": lambda sizes: sum(a + b for a, b in pairwise(sizes)),
        "this is the number of units: count their weights and biases.": sum,
        "this is the product of all sizes: each layer has its own weights, and they add up.": (
            lambda sizes: int(np.prod(sizes))
        ),
        "a weight for each pair of units within a layer: the pairs are an input and a unit.": (
            lambda sizes: sum(b * b + b for b in sizes[1:])
        ),
        "every layer has two biases per unit: one is enough.": lambda sizes: sum(
            a * b + 2 * b for a, b in pairwise(sizes)
        ),
        "this is right for a code layer between two equal ones only: go from layer to layer "
        "along the whole list.": lambda sizes: 2 * sizes[0] * sizes[1] + sizes[0] + sizes[1],
        "this is right for three sizes only: go from layer to layer along the whole list.": (
            lambda sizes: (
                sizes[0] * sizes[1] + sizes[1] + sizes[1] * sizes[-1] + sizes[-1]
                if len(sizes) > 2
                else sizes[0] * sizes[1] + sizes[1]
            )
        ),
        "the loop begins one step early: `sizes[-1]` is the last size, and no layer leads from it "
        "to the first.": (
            lambda sizes: sum(sizes[i - 1] * sizes[i] + sizes[i] for i in range(len(sizes))),
            lambda sizes: sum(sizes[i - 1] * sizes[i] for i in range(len(sizes))),
        ),
        "the inputs have been given biases, too: only the units of a layer have them.": (
            lambda sizes: sum(a * b + a + b for a, b in pairwise(sizes)),
            lambda sizes: sum((a + 1) * (b + 1) for a, b in pairwise(sizes)),
        ),
        "every layer is counted from the first size: each one takes what the layer before it "
        "gives.": lambda sizes: sum(sizes[0] * b + b for b in sizes[1:]),
        "equal layers are counted once: each has weights of its own.": lambda sizes: sum(
            a * b + b for a, b in set(pairwise(sizes))
        ),
        "these are the biases alone: add the weights.": lambda sizes: sum(sizes[1:]),
        "one bias in all: each unit of a layer has one.": lambda sizes: (
            sum(a * b for a, b in pairwise(sizes)) + 1
        ),
        "only the first layer is counted, and its biases are missing: add up all of them.": (
            lambda sizes: sizes[0] * sizes[1]
        ),
        "the mean over the layers: add them up.": lambda sizes: (
            sum(a * b + b for a, b in pairwise(sizes)) / (len(sizes) - 1)
        ),
        "one list for the layers: add them up to one number.": lambda sizes: [
            a * b + b for a, b in pairwise(sizes)
        ],
    },
    result=Result(
        "wide_parameters",
        201_616,
        {
            "is the number for a code of 32 units: the task asks for 128.": 50_992,
            "leaves the output layer out: the chain has three sizes.": 100_480,
            "has no biases: call your function again, if you have changed it since.": 200_704,
            "is four times the number for 32 units: the biases do not grow like that.": 203_968,
            "is the difference to 32 units: the number itself is asked for.": 150_624,
        },
        "it is the number for 784 pixels, a code of 128 units and 784 pixels",
        rtol=1e-9,
    ),
)


def decode(codes, V, c):
    return 1 / (1 + np.exp(-(codes @ V + c)))


def _decoder(n, units, seed):
    rng = np.random.default_rng(seed)
    V = rng.normal(0, 0.4, (units, 784)).astype("float32")
    c = rng.normal(-0.5, 0.5, 784).astype("float32")
    return np.maximum(random_codes(n, units, seed), 0), V, c


def _any_code(n, units, seed):
    """Codes with negative activations, too: what a decoder does with them is no less defined."""
    _, V, c = _decoder(n, units, seed)
    return random_codes(n, units, seed), V, c


def _five_pixels():
    """Sums of -ln 3, 0, ln 3, -ln 9 and ln 9: sigmoids of 1/4, 1/2, 3/4, 1/10 and 9/10."""
    codes = np.array([[1, 0, 1], [0, 1, 2]], "float32")
    V = np.array([[-2, -1, 0, 0, 3], [0, 0, 0, 3, 2], [0, 0, 0, -2, -1]], "float32")
    c = np.array([1, 1, 1, 0, 0], "float32")
    V[1] += np.array([-1, 0, 1, 0, 0], "float32")
    return codes, np.float32(np.log(3)) * V, np.float32(np.log(3)) * c


_decode = Exercise(
    reference=decode,
    inputs=[
        _five_pixels(),
        _decoder(1, 32, seed=1),
        _decoder(5, 32, seed=2),
        _decoder(50, 20, seed=3),
        _any_code(5, 40, seed=4),
    ],
    by_hand=[[0.25, 0.5, 0.75, 0.1, 0.9], [0.5, 0.75, 0.9, 0.25, 0.5]],
    praise="the decoder's own pictures.",
    mistakes={
        "the sigmoid is missing: pixels should lie between 0 and 1.": lambda h, V, c: h @ V + c,
        "the sign in the exponent is wrong: ink and paper are swapped.": lambda h, V, c: (
            1 / (1 + np.exp(h @ V + c))
        ),
        "a minus in the denominator: the sigmoid is 1 / (1 + e^(-z)).": lambda h, V, c: (
            1 / (1 - np.exp(-(h @ V + c)))
        ),
        "the bias `c` is missing, and the sign in the exponent is wrong.": lambda h, V, c: (
            1 / (1 + np.exp(h @ V))
        ),
        "one bias for all pixels, their sum: `c` has one for each pixel.": lambda h, V, c: (
            1 / (1 + np.exp(-(h @ V + c.sum())))
        ),
        "bias and sigmoid are missing: this is only the product.": lambda h, V, c: h @ V,
        "a ReLU on the codes: the encoder has one, the decoder takes the codes as they are.": (
            lambda h, V, c: decode(np.maximum(h, 0), V, c)
        ),
        "the bias `c` is missing: add it before the sigmoid.": lambda h, V, c: (
            1 / (1 + np.exp(-(h @ V)))
        ),
        "the bias `c` is subtracted: the minus belongs to the whole sum.": lambda h, V, c: (
            1 / (1 + np.exp(-(h @ V) + c))
        ),
        "the bias `c` is added after the sigmoid: add it before.": lambda h, V, c: (
            1 / (1 + np.exp(-(h @ V))) + c
        ),
        "the bias `c` is added twice.": lambda h, V, c: 1 / (1 + np.exp(-(h @ V + 2 * c))),
        "a ReLU where the sigmoid belongs: the decoder answers with pixels.": lambda h, V, c: (
            np.maximum(0, h @ V + c)
        ),
        "there is a ReLU before the sigmoid: no pixel gets below 0.5; leave it out.": (
            lambda h, V, c: 1 / (1 + np.exp(-np.maximum(0, h @ V + c)))
        ),
        "tanh where the sigmoid belongs: pixels should lie between 0 and 1.": lambda h, V, c: (
            np.tanh(h @ V + c)
        ),
        "softmax where the sigmoid belongs: each pixel is decided by itself.": lambda h, V, c: (
            np.exp(h @ V + c) / np.exp(h @ V + c).sum(axis=1, keepdims=True)
        ),
        "the exponential alone is no sigmoid: look at the formula again.": (
            lambda h, V, c: np.exp(-(h @ V + c)),
            lambda h, V, c: np.exp(h @ V + c),
        ),
        "the bias `c` stands outside the exponent: it belongs to the sum, before the sigmoid.": (
            lambda h, V, c: 1 / (1 + np.exp(-(h @ V)) + c)
        ),
        "another base than e: the sigmoid has `np.exp`.": (
            lambda h, V, c: 1 / (1 + 2 ** -(h @ V + c)),
            lambda h, V, c: 1 / (1 + 10 ** -(h @ V + c)),
        ),
        "the sum is multiplied with `c`: the bias is added.": lambda h, V, c: (
            1 / (1 + np.exp(-(h @ V * c)))
        ),
        "one bias for all pixels: `c` has one for each pixel.": (
            lambda h, V, c: 1 / (1 + np.exp(-(h @ V + c[0]))),
            lambda h, V, c: 1 / (1 + np.exp(-(h @ V + c.mean()))),
        ),
        "the sigmoid is applied twice.": lambda h, V, c: (
            1 / (1 + np.exp(-1 / (1 + np.exp(-(h @ V + c)))))
        ),
        "the sum is cut off at 0 and 1: the sigmoid bends it smoothly.": lambda h, V, c: np.clip(
            h @ V + c, 0, 1
        ),
        "this is 1 + e^(-z): the fraction is missing, or its brackets; `1 / 1 + e` is `(1 / 1) + "
        "e`.": (
            lambda h, V, c: 1 / 1 + np.exp(-(h @ V + c)),
            lambda h, V, c: 1 / 1 + np.exp(-(h @ V) + c),
        ),
        "rows and columns are swapped: each row should be one image.": lambda h, V, c: (
            decode(h, V, c).T
        ),
        "one image is painted from all codes together: a row for each code.": lambda h, V, c: (
            1 / (1 + np.exp(-(h.sum(axis=0) @ V + c)))
        ),
    },
)


def activity_penalty(codes, l1):
    return l1 * np.abs(codes.astype(float)).sum(axis=1).mean()


def _with_empty_and_equal_codes():
    codes = random_codes(7, 32, seed=3)
    codes[2], codes[5] = 0, codes[4]
    return codes


def _tiny_codes():
    return (1e-3 * random_codes(6, 5, seed=6)).astype("float32")


_activity = Exercise(
    reference=activity_penalty,
    inputs=[
        (np.array([[1, 0, 2], [0, 0, 3]], "float32"), 0.1),
        (random_codes(1, 32, seed=1), 0.5),
        (random_codes(5, 32, seed=2), 0.5),
        (_with_empty_and_equal_codes(), 1e-4),
        (random_codes(5, 20, seed=4), 0.01),
        (random_codes(50, 40, seed=5), 0.01),
        (_tiny_codes(), 2),
    ],
    by_hand=0.3,
    praise="summed over the units, averaged over the batch, the same for every batch size.",
    mistakes={
        "summed over the batch: the penalty is the mean over the images of a batch.": (
            lambda h, l1: l1 * np.abs(h).sum()
        ),
        "the mean is also over the units: sum over the units of an image, and take the mean "
        "over the images.": lambda h, l1: l1 * np.abs(h).mean(),
        "the mean is over the wrong axis: sum over the units, mean over the images.": (
            lambda h, l1: l1 * np.abs(h).mean(axis=1).sum()
        ),
        "forgot λ: multiply by `l1`.": lambda h, l1: np.abs(h).sum(axis=1).mean(),
        "forgot λ, and summed over the batch: multiply by `l1`, take the mean over the "
        "images.": lambda h, l1: np.abs(h).sum(),
        "forgot λ, and the mean is also over the units.": lambda h, l1: np.abs(h).mean(),
        "the signs cancel: the penalty takes the magnitude of each activation.": lambda h, l1: (
            l1 * h.sum(axis=1).mean()
        ),
        "the magnitude is taken of the sum: take it of each activation, before you sum.": (
            lambda h, l1: l1 * np.abs(h.sum(axis=1)).mean()
        ),
        "these are squares, an L2 penalty: L1 takes magnitudes.": lambda h, l1: (
            l1 * (h**2).sum(axis=1).mean()
        ),
        "this is the length of each code, an L2 norm: L1 adds up magnitudes.": lambda h, l1: (
            l1 * np.sqrt((h**2).sum(axis=1)).mean()
        ),
        "negative activations are left out: their magnitude counts, too.": lambda h, l1: (
            l1 * np.maximum(h, 0).sum(axis=1).mean()
        ),
        "the units that are on are counted: add up how strongly they are on.": lambda h, l1: (
            l1 * (h > 0).sum(axis=1).mean()
        ),
        "the values that are not zero are counted: add up their magnitudes.": lambda h, l1: (
            l1 * (h != 0).sum(axis=1).mean()
        ),
        "the magnitude is taken of the mean: take it of each activation, before you sum.": (
            lambda h, l1: l1 * np.abs(h.mean(axis=0)).sum()
        ),
        "this is the length of all codes together, an L2 norm: L1 adds up magnitudes.": (
            lambda h, l1: l1 * np.sqrt((h**2).sum())
        ),
        "only the first image: is `return` inside the loop?": lambda h, l1: l1 * np.abs(h[0]).sum(),
        "only the last image: does the sum begin anew for each image?": (
            lambda h, l1: l1 * np.abs(h[-1]).sum(),
            lambda h, l1: l1 * np.abs(h[-1]).sum() / len(h),
        ),
        "the images without an active unit are left out: they belong to the mean.": lambda h, l1: (
            l1 * np.abs(h).sum() / np.count_nonzero(h.any(axis=1))
        ),
        "equal codes are counted once: each image counts.": lambda h, l1: (
            l1 * np.abs(np.unique(h, axis=0)).sum(axis=1).mean()
        ),
        "one penalty per image: take the mean over the images.": lambda h, l1: (
            l1 * np.abs(h).sum(axis=1)
        ),
        "one penalty per unit: sum over the units of an image, mean over the images.": (
            lambda h, l1: l1 * np.abs(h).mean(axis=0)
        ),
        "one sum per unit: sum over the units of an image, mean over the images.": (
            lambda h, l1: l1 * np.abs(h).sum(axis=0)
        ),
        "one number per activation: sum over the units, mean over the images.": lambda h, l1: (
            l1 * np.abs(h)
        ),
        "this is the largest code of the batch: take the mean over the images.": lambda h, l1: (
            l1 * np.abs(h).sum(axis=1).max()
        ),
        "the strongest unit of each image alone: add up all of them.": lambda h, l1: (
            l1 * np.abs(h).max(axis=1).mean()
        ),
        "the mean over the active units: sum over the units of an image.": (
            lambda h, l1: l1 * np.abs(h[h > 0]).mean(),
            lambda h, l1: l1 * np.abs(h[h != 0]).mean(),
        ),
        "1e-4 is written in, and summed over the batch: use `l1`, take the mean over the images.": (
            lambda h, l1: 1e-4 * np.abs(h).sum()
        ),
        "the signs cancel, and the mean is also over the units: magnitudes, summed over the "
        "units.": lambda h, l1: l1 * h.mean(),
        "multiplied by the batch size: take the mean over the images.": lambda h, l1: (
            l1 * np.abs(h).sum() * len(h)
        ),
        "λ is added: multiply by it.": lambda h, l1: l1 + np.abs(h).sum(axis=1).mean(),
        "this is the spread of the codes: add up magnitudes.": (
            lambda h, l1: l1 * h.std(),
            lambda h, l1: l1 * np.abs(h).sum(axis=1).std(),
        ),
        "summed over the batch, and the signs cancel: magnitudes, and the mean over the images.": (
            lambda h, l1: l1 * h.sum()
        ),
        "summed over the batch, and these are squares: magnitudes, and the mean over the images.": (
            lambda h, l1: l1 * (h**2).sum()
        ),
        "divided by one image less: divide by how many images there are.": lambda h, l1: (
            l1 * np.abs(h).sum() / (len(h) - 1)
        ),
        "divided by the batch twice: one mean over the images is enough.": lambda h, l1: (
            l1 * np.abs(h).sum() / len(h) ** 2
        ),
        "divided by λ: multiply by it.": lambda h, l1: np.abs(h).sum(axis=1).mean() / l1,
        "this is the median over the images: take the mean.": lambda h, l1: (
            l1 * np.median(np.abs(h).sum(axis=1))
        ),
        "divided by a number that is written in: take the batch size from `codes`.": tuple(
            lambda h, l1, n=n: l1 * np.abs(h).sum() / n for n in (32, 128, 256, 784, 10_000, 60_000)
        ),
        "1e-4 is written in: use the argument `l1`.": lambda h, l1: (
            1e-4 * np.abs(h).sum(axis=1).mean()
        ),
    },
)


def kernel_penalty(kernel, l1):
    return l1 * np.abs(kernel.astype(float)).sum()


def _kernel(rows, columns, seed):
    rng = np.random.default_rng(seed)
    return rng.normal(0, 0.5, (rows, columns)).astype("float32")


_kernel_penalty = Exercise(
    reference=kernel_penalty,
    inputs=[
        (np.array([[1, -2], [0, 3], [-4, 0]], "float32"), 0.1),
        (_kernel(784, 32, seed=1), 1e-4),
        (_kernel(7, 5, seed=2), 0.5),
        (_kernel(5, 7, seed=3), 0.01),
        (_kernel(800, 40, seed=4), 0.01),
        (1e-3 * _kernel(6, 4, seed=5), 2),
    ],
    by_hand=1.0,
    praise="the sum over all weights, whatever the images are.",
    mistakes={
        "forgot λ: multiply by `l1`.": lambda W, l1: np.abs(W).sum(),
        "λ is added: multiply by it.": lambda W, l1: l1 + np.abs(W).sum(),
        "the largest weight alone: add up all magnitudes.": lambda W, l1: l1 * np.abs(W).max(),
        "this is the spread of the weights: add up magnitudes.": (
            lambda W, l1: l1 * W.std(),
            lambda W, l1: l1 * np.abs(W).std(),
        ),
        "this is the median: add up all magnitudes.": lambda W, l1: l1 * np.median(np.abs(W)),
        "the positive weights are left out: their magnitude counts, too.": lambda W, l1: (
            -l1 * np.minimum(W, 0).sum()
        ),
        "divided by a number that is written in: this penalty is a sum.": tuple(
            lambda W, l1, n=n: l1 * np.abs(W).sum() / n for n in (32, 256, 784, 784 * 32)
        ),
        "forgot λ, and these are squares: magnitudes, times `l1`.": lambda W, l1: (W**2).sum(),
        "forgot λ, and the signs cancel: magnitudes, times `l1`.": lambda W, l1: W.sum(),
        "forgot λ, and this is the mean: the sum, times `l1`.": lambda W, l1: np.abs(W).mean(),
        "the signs cancel, and this is the mean: add up magnitudes.": lambda W, l1: l1 * W.mean(),
        "the mean of squares: L1 adds up magnitudes.": lambda W, l1: l1 * (W**2).mean(),
        "only the last weight: does the sum begin anew for each?": lambda W, l1: (
            l1 * abs(W[-1, -1])
        ),
        "the mean over all weights: this penalty is their sum.": lambda W, l1: (
            l1 * np.abs(W).mean()
        ),
        "the mean over the inputs, as if they were images: there is no batch here, sum over all "
        "weights.": lambda W, l1: l1 * np.abs(W).sum(axis=1).mean(),
        "the mean over the units: sum over all weights.": lambda W, l1: (
            l1 * np.abs(W).sum(axis=0).mean()
        ),
        "the signs cancel: the penalty takes the magnitude of each weight.": lambda W, l1: (
            l1 * W.sum()
        ),
        "the magnitude is taken of the sum: take it of each weight, before you sum.": (
            lambda W, l1: l1 * np.abs(W.sum()),
            lambda W, l1: l1 * np.abs(W.sum(axis=0)).sum(),
            lambda W, l1: l1 * np.abs(W.sum(axis=1)).sum(),
        ),
        "only one row: is `return` inside the loop, or does the sum begin anew for each row?": (
            lambda W, l1: l1 * np.abs(W[0]).sum(),
            lambda W, l1: l1 * np.abs(W[-1]).sum(),
        ),
        "a row is left out: where do the loop and its numbers begin and end?": (
            lambda W, l1: l1 * np.abs(W[1:]).sum(),
            lambda W, l1: l1 * np.abs(W[:-1]).sum(),
        ),
        "these are squares, an L2 penalty: L1 takes magnitudes.": lambda W, l1: l1 * (W**2).sum(),
        "this is the length of the whole matrix, an L2 norm: L1 adds up magnitudes.": (
            lambda W, l1: l1 * np.sqrt((W**2).sum())
        ),
        "the negative weights are left out: their magnitude counts, too.": lambda W, l1: (
            l1 * np.maximum(W, 0).sum()
        ),
        "one penalty per unit: add them up.": lambda W, l1: l1 * np.abs(W).sum(axis=0),
        "one penalty per input: add them up.": lambda W, l1: l1 * np.abs(W).sum(axis=1),
        "one number per weight: add them up.": lambda W, l1: l1 * np.abs(W),
        "this is the largest column: `np.linalg.norm` of a matrix is something else; add up all "
        "magnitudes.": lambda W, l1: l1 * np.abs(W).sum(axis=0).max(),
        "1e-4 is written in: use the argument `l1`.": lambda W, l1: 1e-4 * np.abs(W).sum(),
        "the weights that are not zero are counted: add up their magnitudes.": lambda W, l1: (
            l1 * np.count_nonzero(W)
        ),
        "divided by λ: multiply by it.": lambda W, l1: np.abs(W).sum() / l1,
    },
)

EXERCISES = [_count, _decode, _activity, _kernel_penalty]
