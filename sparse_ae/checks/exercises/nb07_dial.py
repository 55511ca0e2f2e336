"""The exercises of notebook 07: a fair price, a penalty for so many units, what a sweep shows."""

import numpy as np

from ..inputs import normal, random_codes
from ..questions import Question
from . import exercise


def _codes(n, units, seed):
    """Codes as a ReLU leaves them."""
    return np.maximum(0, random_codes(n, units, seed))


@exercise(
    axes={"codes": "image unit", "V": "unit pixel"},
    inputs=[
        (np.array([[1, 2], [0, 3]], "float32"), np.array([[3, 4], [0, 1]], "float32"), 0.1),
        (_codes(5, 20, seed=1), normal((20, 784), seed=2), 1e-3),
        (_codes(7, 32, seed=3), normal((32, 784), seed=4), 1e-2),
        (_codes(1, 40, seed=5), normal((40, 30), seed=6), 2e-3),
    ],
    by_hand=0.5,
    praise="a long atom pays what it saves in the code.",
    mistakes="""
        (V**2).sum(axis=1) -> {(V**2).sum(axis=0).mean()|(V**2).sum()}  # one length for all: each
            # unit has a row of V, and the length of that row.
        np.sqrt((V**2).sum(axis=1)) -> {(V**2).sum(axis=1)|np.abs(V).sum(axis=1)|
            np.sqrt((V**2).mean(axis=1))|V.sum(axis=1)}  # another size of the atom: its length is
            # the square root of the sum of its squares.
        codes * lengths -> {(codes > 0) * lengths|codes**2 * lengths}  # each unit pays for its
            # activation, as it is.
        prices.sum(axis=1).mean() -> {codes.sum(axis=1).mean() * lengths.mean()|
            np.linalg.norm(codes @ V, axis=1).mean()}  # each activation has a price of its own, the
            # length of its unit's atom: multiply first, then add up.
        lengths -> {1|1 / lengths|lengths**2}  # a code ten times smaller with atoms ten times
            # longer costs something else: it should cost the same.
    """,
)
def priced_penalty(codes, V, l1):
    lengths = np.sqrt((V**2).sum(axis=1))
    prices = codes * lengths
    return l1 * prices.sum(axis=1).mean()


_L1S = [1e-5, 1e-4, 2e-4, 8e-4, 1e-2]


@exercise(
    inputs=[
        (5, [1e-4, 1e-2], [8, 2]),
        (20.5, _L1S, [30, 21, 14.5, 4.5, 1]),
        (9, _L1S, [30, 21, 14.5, 4.5, 1]),
        (2.25, np.array(_L1S), np.array([30, 21, 14.5, 4.5, 1])),
        (14.5, _L1S, [30, 21, 14.5, 4.5, 1]),
    ],
    by_hand=1e-3,
    praise="a λ between those that were tried, by the ratio.",
    mistakes="""
        l0s[::-1] -> l0s ; logs[::-1] -> logs ;
        np.interp(l0, l0s[::-1], logs[::-1]) -> np.interp(l0, l0s, logs)  # np.interp wants its xs
            # in ascending order, and says nothing if they are not: both lists have to be turned.
        np.log(l1s) -> np.array(l1s) ; np.exp(between) -> np.exp(np.log(np.interp(l0, l0s[::-1],
            l1s[::-1])))  # halfway is the mean of the two λ: on a logarithmic scale halfway from
            # 1e-4 to 1e-2 is 1e-3.
        np.exp(between) -> {between|10**between|np.exp(between / np.log(10))}  # this is a
            # logarithm, or came back with another base: λ itself is asked for.
        np.exp(between) -> {l1s[int(np.argmin(np.abs(np.array(l0s) - l0)))]|l1s[int(np.sum(np.array(
            l0s) >= l0)) - 1]}  # one of the λ that were tried: read between them.
        np.exp(between) -> {np.exp(np.interp(np.log(l0), np.log(l0s[::-1]), logs[::-1]))|np.interp(
            np.log(l0), np.log(l0s[::-1]), l1s[::-1])}  # L0 is read on a logarithmic scale: that is
            # for λ alone.
        np.exp(between) -> {np.exp(np.polyval(np.polyfit(l0s, logs, 1), l0))|np.exp(np.interp(l0,
            [l0s[-1], l0s[0]], [logs[-1], logs[0]]))}  # one straight line for all: read between the
            # two neighbours.
    """,
)
def find_l1(l0, l1s, l0s):
    logs = np.log(l1s)
    between = np.interp(l0, l0s[::-1], logs[::-1])
    return np.exp(between)


which_length = Question(
    name="which_length",
    right="a",
    mistakes={
        "b": "this one grows with λ as long as its units live: long atoms cost it nothing.",
        "c": "this one is 1 for every λ: something holds it there, and a price holds nothing.",
    },
    otherwise="answer with one letter, a to c.",
    praise="nothing holds the atoms, and nothing drives them.",
)

wide_code = Question(
    name="wide_code",
    right="b",
    mistakes={
        "a": "a copier of pixels has one weight in each column that is not zero, a share of 1.",
        "c": "the weights by hand are within its reach: 784 of its units would do.",
        "d": "its copies are as good as those by hand, and its columns are not those of the start.",
    },
    otherwise="answer with one letter, a to d.",
    praise="it could copy, and nothing sends it there.",
)
