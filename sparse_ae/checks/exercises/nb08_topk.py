"""The exercises of notebook 08: the k largest, a shrunken code, dead units, one published line."""

import numpy as np

from ..comparing import exact_zeros
from ..inputs import random_codes
from ..questions import Question
from . import exercise


def _unequal(n, units, seed):
    """Codes in which no two activations of a row are equal, but for zeros."""
    codes = random_codes(n, units, seed)
    return np.where(codes == 0, 0, codes + np.arange(units) * 1e-4).astype("float32")


@exercise(
    axes={"codes": "image unit"},
    inputs=[
        (np.array([[3, -9, 1, 2], [0, 5, -1, 0]], "float32"), 2),
        (_unequal(5, 20, seed=1), 8),
        (_unequal(7, 32, seed=2), 3),
        (_unequal(1, 40, seed=3), 1),
        (_unequal(6, 12, seed=4), 0),
        (_unequal(4, 12, seed=5), 12),
        (_unequal(3, 12, seed=6), 20),
    ],
    by_hand=[[3, 0, 0, 2], [0, 5, 0, 0]],
    praise="k units of each image, and no more.",
    read=exact_zeros,
    mistakes="""
        np.maximum(0, codes) -> {codes|np.abs(codes)} ; -lit -> -np.abs(codes) ; np.where(place < k,
            lit, 0) -> np.where(np.argsort(np.argsort(-codes, axis=1), axis=1) < k, np.abs(codes),
            0)  # some that stay are negative, or a negative one has counted as large: negative
            # activations become 0 first.
        place < k -> {order < k|np.argsort(lit, axis=1) >= lit.shape[1] - k|np.argsort(-codes,
            axis=1) < k}  # these are the numbers of the units in order, not each unit's place in
            # it.
        np.argsort(-lit, axis=1) -> np.argsort(lit, axis=1) ; place < k -> place >= k  # the largest
            # are switched off: they stay.
        np.argsort(x, axis=1) -> np.argsort(x, axis=0) ; place < k -> {np.argsort(np.argsort(-lit,
            axis=None)).reshape(lit.shape)|np.argsort(np.argsort(-lit.mean(axis=0)))} < k  # the
            # largest of all images count, or the same units in each: each image has its own
            # largest.
        place < k -> place <= k  # one too many stays: the first place has the number 0.
        place < k -> {place < (k or lit.shape[1])|place < k <= lit.shape[1]}  # k may be 0, and it
            # may be larger than the number of units.
        np.where(place < k, lit, 0) -> {np.sort(lit, axis=1)[:, ::-1][:, :k]|order[:, :k]}  # a row
            # of k numbers: each activation stays at its place, the others become 0 there.
        np.where(place < k, lit, 0) -> (place < k) * 1  # which ones stay, not what they are.
    """,
)
def top_k(codes, k):
    lit = np.maximum(0, codes)
    order = np.argsort(-lit, axis=1)
    place = np.argsort(order, axis=1)
    return np.where(place < k, lit, 0)


def _shrunken(n, units, seed):
    """Codes, and what they should be: larger, each by a factor of its own; some wanted ones 0."""
    rng = np.random.default_rng(seed)
    codes = np.maximum(0, random_codes(n, units, seed))
    factors = np.maximum(0, rng.uniform(-0.5, 4, codes.shape))
    return codes, (codes * factors).astype("float32")


@exercise(
    axes={"codes": "image unit", "wanted": "image unit"},
    inputs=[
        (np.array([[1, 0], [0, 2]], "float32"), np.array([[2, 0], [0, 3]], "float32")),
        _shrunken(5, 20, seed=1),
        _shrunken(7, 32, seed=2),
        _shrunken(1, 40, seed=3),
    ],
    by_hand=1.6,
    praise="one factor, and no other comes nearer.",
    mistakes="""
        products.sum() / squares.sum() -> {wanted.sum() / codes.sum()|wanted.mean() / codes.mean()|
            np.sqrt((wanted**2).sum() / squares.sum())}  # the sums, or the lengths, become equal:
            # the squared error is not smallest there.
        products.sum() / squares.sum() -> {(products.sum(axis=1) / np.maximum(1e-9,
            squares.sum(axis=1))).mean()|(wanted / np.where(codes, codes, 1))[codes > 0].mean()|
            np.median(wanted[codes > 0] / codes[codes > 0])}
            # a mean of many factors: the sum that should be smallest is one for all.
        products.sum() / squares.sum() -> {np.polyfit(codes.ravel(), wanted.ravel(), 1)[0]|
            products.sum() / np.sqrt(squares.sum() * (wanted**2).sum())}  # a line that need not
            # begin at 0, or a correlation: one factor alone is asked for.
        products.sum() / squares.sum() -> ((products.sum() / squares.sum() * codes - wanted) **
            2).sum()  # this is the error that is left: the factor is asked for.
        products.sum() / squares.sum() -> {(codes @ wanted.T).sum() / (codes @ codes.T).sum()|
            products[wanted > 0].sum() / squares[wanted > 0].sum()}  # other products are added up:
            # the sum goes over all images and units, each times its own.
        squares.sum() -> {codes.sum()|codes.sum() ** 2}  # divided by a sum of `codes`: where the
            # slope is zero, what stands beside s?
        squares -> wanted * wanted  # this is the factor from `wanted` to `codes`, turned round or
            # not: in (s h - w)² the s stands at the code.
        products.sum() / squares.sum() -> squares.sum() / products.sum()  # upside down.
    """,
)
def best_scale(codes, wanted):
    products = codes * wanted
    squares = codes * codes
    return products.sum() / squares.sum()


def _history(epochs, units, seed):
    """Units that die one after the other, some that come back, some that were never on."""
    rng = np.random.default_rng(seed)
    history = np.arange(epochs)[:, None] < rng.integers(0, epochs + 1, units)
    history |= rng.random((epochs, units)) < 0.1
    history[:, :2] = False
    history[-1, 2:4] = True
    return history


@exercise(
    axes={"history": "epoch unit", "answer": "unit"},
    inputs=[
        (np.array([[1, 1, 0, 1], [1, 0, 0, 0], [1, 0, 0, 1]], bool),),
        (_history(8, 20, seed=1),),
        (_history(5, 32, seed=2),),
        (_history(12, 40, seed=3),),
        (_history(1, 9, seed=4),),
    ],
    by_hand=[0, 2, 3, 0],
    praise="0 for what lives, and the whole training for what never was on.",
    mistakes="""
        history[::-1] -> history  # counted from the first epoch: the last one is 0.
        np.where(ever, last, len(history)) -> history.argmax(axis=0)  # counted from the first
            # epoch: the last one is 0.
        np.where(ever, last, len(history)) -> np.where(ever, len(history) - 1 - last,
            {len(history)|-1|0})  # the number of the epoch in which it was last on: how many have
            # passed since?
        np.where(ever, last, len(history)) -> {last|np.where(last == 0, len(history), last)|
            np.where(ever, len(history), last)}  # a unit that never was on and one that was on in
            # the last epoch are mixed up.
        np.where(ever, last, len(history)) -> history.sum(axis=0)  # the epochs in which it was on
            # are counted.
        np.where(ever, last, len(history)) -> {(~history).sum(axis=0)|len(history) -
            history.sum(axis=0)}  # all epochs in which it was off: those since it was last on are
            # asked for, and a unit may have come back in between.
        len(history) -> {len(history) - 1|-1|0|history.shape[1]|8}  # a unit that never was on has
            # the number of all epochs.
        np.where(ever, last, len(history)) -> np.where(ever, last, len(history)) + 1  # 0 is a unit
            # that was on in the last epoch.
    """,
)
def dead_since(history):
    history = np.array(history)
    last = history[::-1].argmax(axis=0)
    ever = history.any(axis=0)
    return np.where(ever, last, len(history))


auxk_line = Question(
    name="auxk_line",
    right="d",
    mistakes={
        "a": "the residual is not held still: the living units feel the new term.",
        "b": "the bias is counted twice: it is part of the copy already.",
        "c": "the dead units are asked for the whole image, and not for what is left over.",
        "e": "no gradient reaches anything: nobody learns from this line.",
        "f": "the living units paint here as well, what they have painted already.",
    },
    otherwise="answer with one letter, a to f.",
    praise="the living stand still, and the dead learn what is left over.",
)
