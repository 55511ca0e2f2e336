"""The exercises of notebook 10: what lights a unit, its profile, purity and recall, a push."""

import numpy as np

from ..inputs import normal
from ..questions import Question
from . import exercise


def _lit(n, seed, share=0.4):
    """Activations of a unit, on for some of n images, no two alike; the labels of the images."""
    rng = np.random.default_rng(seed)
    strength = rng.permutation(n) / n * rng.uniform(2, 30) + 0.01
    on = rng.random(n) < share
    on[:3] = False, True, True
    labels = rng.choice(10, n, p=[0.02, 0.1, 0.2, 0.03, 0.27, 0.1, 0.05, 0.08, 0.13, 0.02])
    return np.where(on, strength, 0).astype("float32"), labels


_SMALL = np.array([0, 5, 1, 0, 3, 0, 2, 4], "float32")
_DIGITS = np.array([3, 3, 3, 3, 7, 3, 0, 3])


@exercise(
    axes={"activations": "image", "answer": "share"},
    inputs=[
        (_SMALL, [1, 0.5, 0]),
        (_lit(60, seed=1)[0], [0.11, 0.37, 0.66, 0.93]),
        (_lit(41, seed=2)[0], [1, 0.81, 0.62, 0.45, 0.22, 0]),
        (_lit(60, seed=3, share=0.2)[0], [0.5]),
        (_lit(33, seed=4, share=0.9)[0], [0, 0.27, 0.27, 0.91]),
    ],
    by_hand=[1, 4, 2],
    praise="from the strongest to the faintest that light it.",
    mistakes="""
        lit[order[places.astype(int)]] -> {np.argsort(activations)[places.astype(int)]|np.argsort(
            -activations)[(np.array(shares) * (len(activations) - 1)).astype(int)]}  # images that
            # do not light the unit are in the order.
        activations > 0 -> activations >= 0  # images that do not light the unit are in the order.
        lit[order[places.astype(int)]] -> {order[places.astype(int)]|lit[places.astype(int)]|
            lit[np.argsort(order)[places.astype(int)]]|places.astype(int)}  # a step is missing:
            # places in the order, numbers within those that light it, and numbers of images are
            # three things.
        lit[order[places.astype(int)]] -> {np.quantile(activations[lit], shares)|np.sort(
            activations[lit])[places.astype(int)]|np.quantile(activations, shares)}  # these are
            # activations: which images have them?
        lit[order[places.astype(int)]] -> {max(activations) * np.array(shares)|np.abs(activations -
            max(activations) * np.array(shares)[:, None]).argmin(axis=1)|lit[np.abs(activations[lit]
            - max(activations) * np.array(shares)[:, None]).argmin(axis=1)]}  # shares of the
            # largest activation: go through the images, each is one step.
        np.argsort(activations[lit]) -> np.argsort(-activations[lit])  # turned round: 1 is the
            # strongest.
        np.array(shares) -> 1 - np.array(shares)  # turned round: 1 is the strongest.
        places.astype(int) -> {np.round(places).astype(int)|np.ceil(places).astype(int)}  # between
            # two images it is not always the weaker that you take.
        places.astype(int) -> {np.minimum(np.array(shares) * len(lit), len(lit) - 1).astype(int)|
            (np.array(shares) * len(lit)).astype(int) - 1|places.astype(int) - 1|
            np.array(shares).astype(int) * (len(lit) - 1)|np.minimum(np.array(shares) *
            (len(activations) - 1), len(lit) - 1).astype(int)}  # 1 should lead to the last place in
            # the order, and 0.5 half way.
    """,
)
def by_quantile(activations, shares):
    lit = np.flatnonzero(activations > 0)
    order = np.argsort(activations[lit])
    places = np.array(shares) * (len(lit) - 1)
    return lit[order[places.astype(int)]]


@exercise(
    axes={"activations": "image", "labels": "image", "answer": "digit"},
    inputs=[
        (_SMALL, _DIGITS),
        *(_lit(n, seed, share) for n, seed, share in [(60, 1, 0.4), (90, 57, 0.2), (50, 49, 0.5)]),
    ],
    by_hand=[0.2, 0, 0, 0.6, 0, 0, 0, 0.2, 0, 0],
    praise="ten shares, which add up to 1.",
    mistakes="""
        counts / on.sum() -> counts / {np.maximum(1, np.bincount(labels, minlength=10))|
            np.bincount(labels, minlength=10)}  # divided by how many there are of each digit: that
            # is recall, the share of a digit that lights the unit. Asked is the share of what
            # lights it.
        counts / on.sum() -> counts / {len(labels)|counts.max()|activations.sum()|10|(on.sum() +
            1)}  # divided by something else than the number of images that light the unit.
        counts / on.sum() -> counts  # numbers of images: divide.
        counts / on.sum() -> np.bincount(labels, weights=activations, minlength=10) /
            {1|activations.sum()|on.sum()|np.maximum(1, np.bincount(labels, minlength=10))|
            np.maximum(1, np.bincount(labels[on], minlength=10))}  # weighed by how strongly they
            # light it: each image counts once.
        counts / on.sum() -> np.bincount(labels, minlength=10) / {len(labels)|on.sum()}  # all
            # images are counted: this is the base rate.
        labels[on] -> labels * on ; counts / on.sum() -> np.bincount(labels * on, minlength=10) /
            len(labels)  # what does not light the unit is counted as digit 0.
        counts / on.sum() -> np.bincount(labels[np.argsort(-activations)[:{5|10|100}]],
            minlength=10) / {}  # only the strongest are counted: all that light the unit are asked.
        counts / on.sum() -> counts / on.sum() {-|/} np.maximum(1e-9, np.bincount(labels,
            minlength=10) / len(labels))  # set against the base rate: the share alone is asked.
    """,
)
def label_profile(activations, labels):
    on = activations > 0
    counts = np.bincount(labels[on], minlength=10)
    return counts / on.sum()


@exercise(
    axes={"activations": "image", "labels": "image", "answer": "measure"},
    inputs=[
        (_SMALL, _DIGITS),
        *(
            _lit(n, seed, share)
            for n, seed, share in [(90, 38, 0.2), (50, 49, 0.5), (30, 354, 0.5)]
        ),
    ],
    by_hand=[0.6, 0.5],
    praise="how pure, and how complete.",
    mistakes="""
        (purity, recall) -> recall, purity  # the two are exchanged: purity comes first.
        activations > 0 -> {activations >= 0|np.argsort(np.argsort(-activations)) < 10}  # all
            # images are counted, or the strongest: those that light the unit are asked.
        counts.argmax() -> {(counts / np.maximum(1, np.bincount(labels, minlength=10))).argmax()|
            np.bincount(labels, minlength=10).argmax()|labels[activations.argmax()]|
            np.bincount(labels, weights=activations, minlength=10).argmax()|np.argmax(labels[on])|
            counts[1:].argmax()}  # another digit is
            # taken: the unit's own is the most frequent one among what lights it.
        counts[digit] / (labels == digit).sum() -> {counts[digit] / {len(labels)|on.sum()|1|(
            on.sum() + (labels == digit).sum() - counts[digit])}|(counts / np.maximum(1,
            np.bincount(labels, minlength=10))).max()|np.mean(labels == digit)|on.mean()|
            1.0|counts[digit] / (labels != digit).sum()|on.sum() / (labels == digit).sum()|
            counts[digit] / max(1, (labels == digit).sum() - counts[digit])|
            counts[digit] / np.maximum(1, (labels
            == np.argmax(counts[counts > 0])).sum())|activations[labels == digit].mean()|1 -
            counts[digit] / (labels == digit).sum()}  # purity is right, and recall is not: of all
            # images of the unit's digit, what share lights it?
        counts[digit] / on.sum() -> {counts[digit] / {len(labels)|(labels == digit).sum()|1}|
            activations[labels == digit].sum() / activations.sum()|
            on.mean()|np.mean(labels[np.argsort(-activations)[:10]] == digit)}  # recall is right,
            # and purity is not: of all images that light the unit, what share is of its digit?
        (purity, recall) -> purity  # recall is missing: return both.
        (purity, recall) -> digit, purity, recall  # return the two shares alone.
        (purity, recall) -> counts[digit], counts[digit]  # numbers of images: divide.
    """,
)
def purity_and_recall(activations, labels):
    on = activations > 0
    counts = np.bincount(labels[on], minlength=10)
    digit = counts.argmax()
    purity = counts[digit] / on.sum()
    recall = counts[digit] / (labels == digit).sum()
    return purity, recall


@exercise(
    axes={"sums": "image pixel", "atom": "pixel"},
    inputs=[
        (np.array([[-3, -4], [np.log(3) - 3, -4]], "float32"), np.array([3, 4], "float32"), 5),
        (normal((5, 40), 1, spread=3), normal(40, 2, mean=0.1), 2.5),
        (normal((7, 28), 3, spread=2), normal(28, 4, spread=0.7), -4),
        (normal((1, 50), 5, spread=2), normal(50, 6, spread=0.1), 9),
        (normal((7, 28), 7, spread=2), normal(28, 8), 0),
    ],
    by_hand=[[0.5, 0.5], [0.75, 0.5]],
    praise="pushed before the sigmoid, by a length that can be compared.",
    mistakes="""
        amount * atom / length -> {amount * atom|amount * atom * length}  # a long atom pushes more:
            # it counts at length 1.
        length -> {(atom**2).sum()|np.abs(atom).sum()|atom.sum()|abs(atom.sum())|np.abs(
            atom).max()|atom.max()|len(atom)|np.sqrt(len(atom))|atom.std()|1 / length}  # the atom
            # is divided by something, and not by its length.
        1 / (1 + np.exp(-(sums + push))) -> {1 / (1 + np.exp(-sums)) {+|*} push|np.clip(1 / (1 +
            np.exp(-sums)) + push, 0, 1)|1 / (1 + np.exp(-sums)) + amount * atom|np.clip(1 / (1 +
            np.exp(-sums)) + amount * atom, 0, 1)|1 / (1 + np.exp(-sums)) + 1 / (1 + np.exp(
            -push))}  # the push comes after the sigmoid: add it to the sums.
        sums + push -> sums * push  # multiplied: a push is added.
        sums + push -> sums - push  # pushed the other way.
        sums + push -> {sums / np.sqrt((sums**2).sum(axis=1, keepdims=True)) + push|amount * (sums +
            atom / length)|(sums + amount * atom) / length|np.maximum(0, sums) + push}  # the sums
            # are changed as well: they go into the sum as they are.
        sums + push -> sums + amount  # the same for every pixel: where is the atom?
        amount * atom / length -> {abs(amount) * atom / length|max(0, amount) * atom / length|
            amount * np.abs(atom) / length|amount * np.maximum(0, atom) / length}  # a sign is lost:
            # the amount and parts of the atom may be negative.
    """,
)
def steer(sums, atom, amount):
    length = np.sqrt((atom**2).sum())
    push = amount * atom / length
    return 1 / (1 + np.exp(-(sums + push)))


which_look = Question(
    name="which_look",
    right="c",
    mistakes={
        "a": "more of the strongest say nothing of the faint.",
        "b": "this says how many zeros the unit finds, its recall, and not what else lights it.",
        "d": "an atom shows what the unit paints, and not what lights it.",
        "e": "this says how much the copies need the unit, not what lights it.",
    },
    otherwise="answer with one letter, a to e.",
    praise="all that lights it, the faint ones too: that is purity.",
)
