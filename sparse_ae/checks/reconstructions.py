"""The exercises of notebook 05: which copies are bad, and what a unit contributes."""

import numpy as np

from .autoencoder import random_codes
from .judging import Exercise
from .mnist import _bce, copies_of, pixels
from .reading import exact_zeros


def _errors(images, copies):
    return _bce(images, copies).mean(axis=1)


def worst_digits(images, copies, n):
    return np.argsort(-_errors(images, copies))[:n]


def _squares(images, copies):
    return ((images - copies) ** 2).mean(axis=1)


def _unlike(n, seed):
    """Images and copies whose order by cross-entropy is not that by another measure."""
    rng = np.random.default_rng(seed)
    images = pixels(n, seed)
    ink = rng.uniform(0.1, 1, (n, 1))  # faint images have a high floor
    images = (images * ink).astype("float32")
    return images, copies_of(images, seed + 1, away=1e-4)


def _nearly_alike():
    """60 images; the second copy is worse than the first by 4e-5 only."""
    images, copies = _unlike(60, seed=11)
    images[1], copies[1] = images[0], copies[0]
    pixel = np.flatnonzero((images[0] == 0) & (copies[0] > 0.3))[0]
    copies[1, pixel] += 0.02
    return images, copies


def _three():
    return np.ones((3, 784), "float32"), np.repeat(
        np.array([[0.5], [0.25], [0.75]], "float32"), 784, axis=1
    )


_worst = Exercise(
    reference=worst_digits,
    inputs=[
        (*_three(), 2),
        (*_unlike(5, seed=3), 3),
        (*_unlike(7, seed=5), 1),
        (*_unlike(40, seed=7), 10),
        (*_unlike(12, seed=9), 12),
        (*_nearly_alike(), 50),
    ],
    by_hand=np.array([1, 0]),
    praise="the worst copy comes first.",
    mistakes={
        "the best ones: the largest error should come first.": lambda x, p, n: np.argsort(
            _errors(x, p)
        )[:n],
        "the best ones, from bad to good: the largest error should come first.": lambda x, p, n: (
            np.argsort(_errors(x, p))[:n][::-1]
        ),
        "one error for all images together: one for each image is wanted.": lambda x, p, n: [0],
        "the minus stands before the places, not before the errors.": lambda x, p, n: (
            -np.argsort(_errors(x, p))[:n]
        ),
        "the errors are reversed before they are sorted: then the places are those of other "
        "images.": lambda x, p, n: np.argsort(_errors(x, p)[::-1])[:n],
        "the first `n` images are sorted: sort all of them, then take `n`.": (
            lambda x, p, n: np.argsort(-_errors(x, p)[:n]),
            lambda x, p, n: np.argsort(-_errors(x[:n], p[:n])),
        ),
        "only the last of them: return all `n`.": lambda x, p, n: np.argsort(-_errors(x, p))[n - 1],
        "sorted by the images alone: the copies count.": lambda x, p, n: np.argsort(-_errors(x, x))[
            :n
        ],
        "the smallest squared errors, and the task asks for the largest cross-entropy.": (
            lambda x, p, n: np.argsort(_squares(x, p))[:n]
        ),
        "the squared errors themselves: return numbers of images, by cross-entropy.": (
            lambda x, p, n: np.sort(_squares(x, p))[::-1][:n]
        ),
        "the errors are rounded before they are sorted: that makes ties.": tuple(
            lambda x, p, n, digits=digits: np.argsort(-_errors(x, p).round(digits), kind="stable")[
                :n
            ]
            for digits in (1, 2, 3, 4)
        ),
        "only a part of the images is looked at: take all of them.": tuple(
            lambda x, p, n, most=most: worst_digits(x[:most], p[:most], n)
            for most in (5, 10, 32, 50)
        ),
        "only half of the formula: both logarithms count.": (
            lambda x, p, n: np.argsort((x * np.log(p)).mean(axis=1))[:n],
            lambda x, p, n: np.argsort(((1 - x) * np.log(1 - p)).mean(axis=1))[:n],
        ),
        "the worst one, again and again: return `n` different images.": lambda x, p, n: (
            [np.argmax(_errors(x, p))] * n
        ),
        "the copies are cut off too far from 0 and 1: a wrong pixel may cost more.": tuple(
            lambda x, p, n, away=away: np.argsort(-_errors(x, np.clip(p, away, 1 - away)))[:n]
            for away in (0.1, 0.05, 0.01, 1e-3)
        ),
        "the right images, the worst one last: the largest error should come first.": (
            lambda x, p, n: np.argsort(_errors(x, p))[-n:]
        ),
        "the right images, sorted by their numbers: the largest error should come first.": (
            lambda x, p, n: np.sort(np.argsort(-_errors(x, p))[:n])
        ),
        "sorted by squared error: the task asks for binary cross-entropy.": lambda x, p, n: (
            np.argsort(-_squares(x, p))[:n]
        ),
        "sorted by absolute error: the task asks for binary cross-entropy.": lambda x, p, n: (
            np.argsort(-np.abs(x - p).mean(axis=1))[:n]
        ),
        "sorted by the excess over a perfect copy: take the error itself.": lambda x, p, n: (
            np.argsort(-(_errors(x, p) - _errors(x, x)))[:n]
        ),
        "image and copy are swapped in the cross-entropy.": lambda x, p, n: np.argsort(
            -_errors(p, x)
        )[:n],
        "the errors themselves: return the numbers of the images.": lambda x, p, n: np.sort(
            _errors(x, p)
        )[::-1][:n],
        "the errors themselves, smallest first: return the numbers of the images, worst first.": (
            lambda x, p, n: np.sort(_errors(x, p))[-n:],
            lambda x, p, n: np.sort(_errors(x, p))[:n],
            lambda x, p, n: np.sort(-_errors(x, p))[:n],
        ),
        "the errors of all images: return the numbers of the worst ones.": lambda x, p, n: _errors(
            x, p
        ),
        "the errors of the first images: return the numbers of the worst ones.": (
            lambda x, p, n: _errors(x, p)[:n]
        ),
        "these are places in the order, turned round: one `argsort` is enough.": lambda x, p, n: (
            np.argsort(np.argsort(_errors(x, p)))[::-1][:n]
        ),
        "all images, not only the first `n` of them.": lambda x, p, n: np.argsort(-_errors(x, p)),
        "all images, smallest error first: the first `n`, worst first.": lambda x, p, n: np.argsort(
            _errors(x, p)
        ),
        "only the worst one: return `n` numbers.": lambda x, p, n: np.argmax(_errors(x, p)),
        "the images themselves: return their numbers.": lambda x, p, n: x[
            np.argsort(-_errors(x, p))[:n]
        ],
        "counted from 1: the first image is number 0.": lambda x, p, n: (
            np.argsort(-_errors(x, p))[:n] + 1
        ),
        "the worst one is left out: does the slice end one step early?": lambda x, p, n: np.argsort(
            _errors(x, p)
        )[-n:-1][::-1],
        "the worst one is left out: does the slice begin one step late?": lambda x, p, n: (
            np.argsort(-_errors(x, p))[1 : n + 1]
        ),
        "how many is written in: use the argument `n`.": tuple(
            lambda x, p, n, many=many: np.argsort(-_errors(x, p))[:many] for many in (3, 5, 10, 20)
        ),
        "the pixels are sorted, not the images: first one error for each image, a mean over its "
        "pixels.": lambda x, p, n: np.argsort(-_bce(x, p).mean(axis=0))[:n],
        "the images with the most ink: sort by how bad the copy is.": lambda x, p, n: np.argsort(
            -x.sum(axis=1)
        )[:n],
        "these are places in the order, not numbers of images: one `argsort` is enough.": (
            lambda x, p, n: np.argsort(np.argsort(-_errors(x, p)))[:n]
        ),
    },
)


def keep_strongest(codes, V, k):
    strength = codes * np.linalg.norm(V, axis=1)
    rank = (-strength).argsort(axis=1).argsort(axis=1)
    return np.where(rank < k, codes, 0)


def _by(strength):
    """Keep the k units with the largest `strength(codes, V)` of each image."""

    def keep(codes, V, k):
        rank = (-strength(codes, V)).argsort(axis=1).argsort(axis=1)
        return np.where(rank < k, codes, 0)

    return keep


def _length(V):
    return np.linalg.norm(V, axis=1)


def _codes_and_atoms(n, units, seed):
    """Codes without ties above zero, atoms of any length, some with few weights, some with many."""
    rng = np.random.default_rng(seed)
    codes = np.maximum(random_codes(n, units, seed), 0)
    lengths = rng.permutation(np.linspace(0.3, 3, units))
    V = rng.normal(0.1, 1, (units, 784))
    V *= rng.random(V.shape) < rng.permutation(np.geomspace(0.01, 1, units))[:, None]
    V *= (lengths / np.linalg.norm(V, axis=1))[:, None]
    return codes, V.astype("float32")


def _all_on():
    _, V = _codes_and_atoms(6, 20, seed=8)
    return np.abs(random_codes(6, 20, seed=9)) + np.float32(0.1), V


def _hand_codes():
    """Atoms of length 28, 84 and 28: strengths 84, 84 · 2, 28 and so on."""
    V = np.repeat(np.array([[1], [3], [1]], "float32"), 784, axis=1)
    return np.array([[3, 2, 1], [5, 1, 4]], "float32"), V


def _whole_batch(codes, V, k):
    strength = (codes * _length(V)).ravel()
    kept = np.zeros(codes.size)
    places = np.argsort(-strength)[:k]
    kept[places] = codes.ravel()[places]
    return kept.reshape(codes.shape)


_keep = Exercise(
    reference=keep_strongest,
    inputs=[
        (*_hand_codes(), 1),
        (*_codes_and_atoms(1, 32, seed=1), 8),
        (*_codes_and_atoms(5, 32, seed=2), 8),
        (*_codes_and_atoms(7, 20, seed=3), 5),
        (*_codes_and_atoms(5, 32, seed=4), 0),
        (*_codes_and_atoms(7, 32, seed=5), 32),
        (*_codes_and_atoms(5, 32, seed=6), 1),
        (*_codes_and_atoms(50, 20, seed=7), 4),
        (*_all_on(), 20),
    ],
    by_hand=np.array([[0, 2, 0], [5, 0, 0]]),
    praise="the k strongest units of each image, the others off.",
    read=exact_zeros,
    mistakes={
        "the atoms' lengths are not used, or one length for all atoms: how strongly a unit paints "
        "is its activation times the length of its own atom.": _by(lambda h, V: h),
        "only the atoms' lengths are used: how strongly a unit paints is its activation times the "
        "length of its atom.": _by(lambda h, V: np.tile(_length(V), (len(h), 1))),
        "the weakest units are kept: the strongest are wanted.": _by(lambda h, V: -h * _length(V)),
        "the strongest units are switched off: keep them, and switch off the others.": (
            lambda h, V, k: h - keep_strongest(h, V, k)
        ),
        "k units in the whole batch: keep k for each image.": (
            _whole_batch,
            lambda h, V, k: _whole_batch(h, V, k * len(h)),
        ),
        "the activations have moved to other units: each stays where it was.": lambda h, V, k: (
            np.pad(
                np.take_along_axis(h, (-h * _length(V)).argsort(axis=1)[:, :k], 1),
                [(0, 0), (0, h.shape[1] - k)],
            )
        ),
        "only the last image keeps its units: is the result made anew for each image?": (
            lambda h, V, k: keep_strongest(h, V, k) * (np.arange(len(h)) == len(h) - 1)[:, None]
        ),
        "only the first image keeps its units: is `return` inside the loop?": (
            lambda h, V, k: keep_strongest(h, V, k) * (np.arange(len(h)) == 0)[:, None]
        ),
        "k units in the whole batch, and the atoms' lengths are not used: keep k for each image.": (
            lambda h, V, k: _whole_batch(h, np.ones_like(V), k)
        ),
        "the same units for all images: rank the units of each image by itself.": (
            lambda h, V, k: h * (np.argsort(np.argsort(-h.sum(axis=0) * _length(V))) < k)
        ),
        "the same units for all images: those of the first; rank them for each image.": (
            lambda h, V, k: h * (np.argsort(np.argsort(-h[0] * _length(V))) < k)
        ),
        "ranked along the wrong axis: rank the units of an image, not the images of a unit.": (
            lambda h, V, k: np.where((-h * _length(V)).argsort(axis=0).argsort(axis=0) < k, h, 0)
        ),
        "one `argsort` is no rank: the first sorts the units by strength, a second one gives each "
        "unit its place in that order.": (
            lambda h, V, k: np.where((-h * _length(V)).argsort(axis=1) < k, h, 0),
            lambda h, V, k: np.where((h * _length(V)).argsort(axis=1) >= h.shape[1] - k, h, 0),
            lambda h, V, k: np.where((h * _length(V)).argsort(axis=1) < k, h, 0),
        ),
        "the k weakest units are off, and the others stay: keep k and switch off the others.": (
            lambda h, V, k: keep_strongest(h, V, h.shape[1] - k)
        ),
        "the strongest unit is left out: the order begins with place 0.": lambda h, V, k: (
            keep_strongest(h, V, k + 1) - keep_strongest(h, V, 1)
        ),
        "the first k columns: the same shape as before is wanted, and the strongest units.": (
            lambda h, V, k: h[:, :k]
        ),
        "the strongest activations, sorted: each stays where it was, the others are 0.": (
            lambda h, V, k: -np.sort(-h, axis=1)[:, :k]
        ),
        "the activations get the lengths added: the strength only says which ones are kept.": (
            lambda h, V, k: np.where(keep_strongest(h, V, k) > 0, h + _length(V), 0)
        ),
        "activation and length are added: multiply them.": _by(lambda h, V: h + _length(V)),
        "these are strengths: return the activations of the units that are kept.": (
            lambda h, V, k: keep_strongest(h, V, k) * _length(V)
        ),
        "True or 1 where a unit is kept: return its activation.": (
            lambda h, V, k: (-h * _length(V)).argsort(axis=1).argsort(axis=1) < k,
            lambda h, V, k: keep_strongest(h, V, k) != 0,
        ),
        "one unit too many: the ranks begin with 0.": lambda h, V, k: keep_strongest(h, V, k + 1),
        "one unit too few: do the ranks begin with 0, is the last one left out?": lambda h, V, k: (
            keep_strongest(h, V, max(k - 1, 0))
        ),
        "for k = 0 all units are kept: `[-0:]` is the whole array, and `[-0]` its first "
        "entry.": lambda h, V, k: keep_strongest(h, V, k or h.shape[1]),
        "for k = 0 all units are kept, and the atoms' lengths are not used.": lambda h, V, k: _by(
            lambda h, V: h
        )(h, V, k or h.shape[1]),
        "the length counts too much beside the activation: is it squared?": _by(
            lambda h, V: h * _length(V) ** 2
        ),
        "the length counts too little beside the activation: is its root taken twice?": _by(
            lambda h, V: h * _length(V) ** 0.5
        ),
        "the length of an atom is the root of its sum of squares, not the sum of magnitudes.": (
            _by(lambda h, V: h * np.abs(V).sum(axis=1))
        ),
        "the length of an atom is the root of its sum of squares, not its sum.": (
            _by(lambda h, V: h * V.sum(axis=1)),
            _by(lambda h, V: h * np.abs(V.sum(axis=1))),
            _by(lambda h, V: h * V.mean(axis=1)),
        ),
        "the length of an atom is the root of its sum of squares, not its largest weight.": (
            _by(lambda h, V: h * V.max(axis=1)),
            _by(lambda h, V: h * np.abs(V).max(axis=1)),
        ),
        "divided by the length: multiply.": _by(lambda h, V: h / _length(V)),
        "the numbers of the units: return codes in which the others are 0.": lambda h, V, k: (
            -h * _length(V)
        ).argsort(axis=1)[:, :k],
        "only the kept activations: return codes of the same shape, 0 where a unit is off.": (
            lambda h, V, k: np.take_along_axis(h, (-h * _length(V)).argsort(axis=1)[:, :k], 1)
        ),
        "the first k units: take the strongest ones.": lambda h, V, k: (
            h * (np.arange(h.shape[1]) < k)
        ),
        "nothing is switched off.": lambda h, V, k: h,
        "these are images: return codes.": lambda h, V, k: keep_strongest(h, V, k) @ V,
    },
)


def switch_off(codes, unit):
    return np.where(np.arange(codes.shape[1]) == unit, 0, codes)


def _set(codes, where, value=0):
    codes = codes.copy()
    codes[where] = value
    return codes


_switch_off = Exercise(
    reference=switch_off,
    inputs=[
        (np.array([[1, 2, 2], [4, 5, 6]], "float32"), 1),
        (random_codes(1, 32, seed=1), 0),
        (random_codes(5, 32, seed=2), 3),
        (random_codes(40, 32, seed=3), 31),
        (random_codes(9, 20, seed=4), 6),
        (random_codes(5, 32, seed=5), 0),
        (random_codes(150, 40, seed=6), 35),
    ],
    by_hand=np.array([[1, 0, 2], [4, 0, 6]]),
    praise="one unit off for every image, the caller's codes untouched.",
    read=exact_zeros,
    mistakes={
        "a row is set to zero: rows are images, and a unit is a column.": lambda h, u: _set(
            h, u % len(h)
        ),
        "the unit is cut out: keep the shape and set it to zero.": lambda h, u: np.delete(
            h, u, axis=1
        ),
        "an image is cut out: set a column to zero.": lambda h, u: np.delete(h, u % len(h), axis=0),
        "all other units are off: switch off this one.": lambda h, u: h - switch_off(h, u),
        "the neighbour is switched off: the first unit is unit 0.": lambda h, u: switch_off(
            h, u - 1 if u else h.shape[1] - 1
        ),
        "the next unit is switched off: the first unit is unit 0.": lambda h, u: switch_off(
            h, u + 1
        ),
        "only the first image: the unit is to be off for all images.": lambda h, u: _set(h, (0, u)),
        "only the last image: the unit is to be off for all images.": lambda h, u: _set(h, (-1, u)),
        "nothing is switched off: does the function return the copy that it changed?": (
            lambda h, u: h
        ),
        "the unit is set to 1: off is 0.": lambda h, u: _set(h, (slice(None), u), 1),
        "the unit is set to -1: off is 0.": lambda h, u: _set(h, (slice(None), u), -1),
        "the unit is halved: off is 0.": lambda h, u: _set(h, (slice(None), u), h[:, u] / 2),
        "the unit gets its median or its smallest value: off is 0.": (
            lambda h, u: _set(h, (slice(None), u), np.median(h[:, u])),
            lambda h, u: _set(h, (slice(None), u), h[:, u].min()),
        ),
        "two units are off: switch off one.": (
            lambda h, u: switch_off(switch_off(h, u), u + 1),
            lambda h, u: switch_off(switch_off(h, u), max(u - 1, 0)),
        ),
        "rows are set to zero: rows are images, and a unit is a column.": (
            lambda h, u: _set(h, slice(None, u)),
            lambda h, u: _set(h, (u - 1) % len(h)),
        ),
        "the activations that equal the unit's number are off: its number is that of a column.": (
            lambda h, u: np.where(h == u, 0, h)
        ),
        "the sign of the unit is changed: off is 0.": lambda h, u: _set(
            h, (slice(None), u), -h[:, u]
        ),
        "this is one unit alone: return all codes, with this unit at zero.": (
            lambda h, u: h[:, u],
            lambda h, u: 0 * h[:, u],
        ),
        "every activation of the same size is off, too: switch off one unit.": lambda h, u: (
            np.where(h == h[:, [u]], 0, h)
        ),
        "all units up to this one are off: switch off one.": lambda h, u: _set(
            h, (slice(None), slice(None, u + 1))
        ),
        "all units before this one are off: switch off this one.": lambda h, u: _set(
            h, (slice(None), slice(None, u))
        ),
        "all units from this one on are off: switch off one.": lambda h, u: _set(
            h, (slice(None), slice(u, None))
        ),
        "everything is off: switch off one unit.": lambda h, u: np.zeros_like(h),
        "negative activations are off, too: switch off one unit only.": lambda h, u: switch_off(
            np.maximum(h, 0), u
        ),
        "the unit gets its mean: off is 0.": lambda h, u: _set(h, (slice(None), u), h[:, u].mean()),
        "rows and columns are swapped: keep the shape of the codes.": lambda h, u: (
            switch_off(h, u).T
        ),
    },
)

EXERCISES = [_worst, _keep, _switch_off]
