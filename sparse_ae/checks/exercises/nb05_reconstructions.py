"""The exercises of notebook 05: which copies are bad, and what a unit contributes."""

import numpy as np

from ..comparing import exact_zeros, indices
from ..inputs import bce, changed, copies_of, normal, pixels, random_codes  # noqa: F401
from ..questions import Question
from . import exercise


def _unlike(n, seed):
    """Images and copies whose order by cross-entropy is not that by another measure."""
    ink = np.random.default_rng(seed).uniform(0.1, 1, (n, 1))  # faint images have a high floor
    images = (pixels(n, seed) * ink).astype("float32")
    return images, copies_of(images, seed + 1, away=1e-4)


def _nearly_alike():
    """55 images; of the first four each copy is worse than the one before by 2e-5 only."""
    images, copies = _unlike(55, seed=11)
    images[:4], copies[:4] = images[0], copies[0]
    pixel = np.flatnonzero((images[0] == 0) & (copies[0] > 0.3))[0]
    copies[:4, pixel] += 0.01 * np.arange(4)
    return images, copies


def _sharp_and_equal():
    """Copies of exactly 0 and 1, more wrong from image to image; the first two are equal."""
    images, copies = pixels(9, seed=13), np.zeros((9, 784), "float32")
    images, copies = (images > 0.5).astype("float32"), (images > 0.5).astype("float32")
    for i in range(9):
        copies[i, : 40 * (1 + (i * 4) % 9)] = 1 - images[i, : 40 * (1 + (i * 4) % 9)]
    images[0], copies[0] = images[1], copies[1]
    return images, copies


def _equal_in_order(value, images, copies, n):
    """Among equal errors the task leaves the order open: the smaller number is put first."""
    errors = bce(images, copies).mean(axis=1)
    if value.ndim != 1 or value.dtype.kind not in "iu" or not np.all(np.abs(value) < len(errors)):
        return value
    value = value.copy()
    for group in {errors[i]: np.flatnonzero(errors == errors[i]) for i in value}.values():
        value[np.isin(value, group)] = group[: np.isin(value, group).sum()]
    return value


@exercise(
    axes={"images": "image pixel", "copies": "image pixel", "answer": "image"},
    inputs=[
        (
            np.ones((3, 784), "float32"),
            np.repeat(np.array([[0.5], [0.25], [0.75]], "float32"), 784, axis=1),
            2,
        ),
        (*_unlike(5, seed=3), 3),
        (*_unlike(7, seed=5), 1),
        (*_unlike(24, seed=7), 10),
        (*_unlike(12, seed=9), 12),
        (*_nearly_alike(), 40),
        (*_sharp_and_equal(), 9),
    ],
    by_hand=np.array([1, 0]),
    praise="the worst copy comes first.",
    read=indices,
    settle=_equal_in_order,
    mistakes="""
        errors -> {((images - copies) ** 2).mean(axis=1)|abs(images -
        copies).mean(axis=1)|images.sum(axis=1)} ;
        errors -> {errors - bce(images, images).mean(axis=1)|bce(images, images).mean(axis=1)}
            # sorted by something else: the binary cross-entropy of image and copy counts.
        errors -> bce(copies, images).mean(axis=1)  # image and copy are swapped in the
            # cross-entropy.
        worst -> {np.argsort(errors)|np.argsort(errors)[:n][::-1]}  # these are the best ones: the
            # largest errors are asked for.
        worst[:n] -> {worst[:n][::-1]|np.sort(worst[:n])|worst[::-1]}  # the right images in another
            # order: the largest error comes first.
        worst[:n] -> {errors[worst[:n]]|errors[:n]|errors|np.sort(errors)[-n:]|np.sort(errors)[:n]}
        ; worst[:n] -> {np.sort(-errors)[:n]|images[worst[:n]]}  # the errors or the images
            # themselves: return the numbers of the images.
        worst -> {np.argsort(worst)|np.argsort(np.argsort(errors))|np.argsort(worst)[::-1]} ;
        worst -> np.argsort(np.argsort(errors))[::-1]  # these are places in the order, not numbers
            # of images: one `argsort` is enough.
        worst -> {np.argsort(-errors[:n])|np.argsort(errors[::-1])|np.argsort(-errors[:10])}  # cut
            # or turned round before it is sorted: then the places are those of other images.
        -errors -> -np.round(errors, {0|1|2|3|4}) ;
        errors -> bce(images, copies, {0.1|0.05|0.01|0.001}).mean(axis=1)  # rounded, or cut off far
            # from 0 and 1, before it is sorted: that makes equal errors of different ones.
    """,
)
def worst_digits(images, copies, n):
    errors = bce(images, copies).mean(axis=1)
    worst = np.argsort(-errors)
    return worst[:n]


def _codes_and_atoms(n, units, seed):
    """Codes without ties above zero, atoms of any length, some with few weights, some with many."""
    rng = np.random.default_rng(seed)
    lengths = rng.permutation(np.linspace(0.3, 3, units))
    V = normal((units, 784), seed, 1, mean=0.1)
    V *= rng.random(V.shape) < rng.permutation(np.geomspace(0.01, 1, units))[:, None]
    V *= (lengths / np.linalg.norm(V, axis=1))[:, None]
    return np.maximum(random_codes(n, units, seed), 0), V.astype("float32")


@exercise(
    axes={"codes": "image unit", "V": "unit pixel", "answer": "image unit"},
    inputs=[
        # Atoms of length 28, 84 and 28: strengths 84, 84 · 2, 28 and so on.
        (
            np.array([[3, 2, 1], [5, 1, 4]], "float32"),
            np.repeat(np.array([[1], [3], [1]], "float32"), 784, axis=1),
            1,
        ),
        (*_codes_and_atoms(1, 32, seed=1), 8),
        (*_codes_and_atoms(5, 32, seed=2), 8),
        (*_codes_and_atoms(7, 20, seed=3), 5),
        (*_codes_and_atoms(5, 32, seed=4), 0),
        (*_codes_and_atoms(7, 32, seed=5), 32),
        (*_codes_and_atoms(5, 32, seed=6), 1),
        (*_codes_and_atoms(50, 20, seed=7), 4),
        (np.abs(random_codes(6, 20, seed=9)) + np.float32(0.1), _codes_and_atoms(6, 20, 8)[1], 20),
    ],
    by_hand=np.array([[0, 2, 0], [5, 0, 0]]),
    praise="the k strongest units of each image, the others off.",
    read=exact_zeros,
    mistakes="""
        strength -> {codes|length + 0 * codes|codes + length|codes / length|codes *
        np.linalg.norm(V)}  # how strongly a unit paints is its activation times the length of its
            # own atom.
        length -> {length**2|length**0.5|V.sum(axis=1)|V.mean(axis=1)|V.std(axis=1)|V.max(axis=1)} ;
        length -> {abs(V).sum(axis=1)|abs(V).max(axis=1)|abs(V.sum(axis=1))}  # another length: that
            # of an atom is the root of its sum of squares.
        rank -> {np.argsort(-strength)|np.argsort(strength)|codes.shape[1] - 1 -
        np.argsort(strength)}  # one `argsort` is no rank: it lists the units by strength, and the
            # place of each unit in that list is wanted.
        rank < k -> (-{strength|codes}).ravel().argsort().argsort().reshape(codes.shape) < {k|k *
        len(codes)}  # k units in the whole batch: keep k for each image.
        rank -> {rank[0]|rank[-1]|np.argsort(np.argsort(-strength.sum(axis=0)))} ;
        rank -> np.argsort(np.argsort(-strength, axis=0), axis=0)  # one choice for all images, or
            # along the wrong axis: rank the units of each image by itself.
        k -> (k or codes.shape[1]) ;
        rank < k -> np.argsort(np.argsort(-codes)) < (k or codes.shape[1])  # for k = 0 all units
            # are kept: `[-0:]` is the whole array, and `[-0]` its first entry.
        rank < k -> {rank >= k|rank >= codes.shape[1] - k|rank < codes.shape[1] - k|rank < k - 1} ;
        rank < k -> {rank < 5|rank < 8|rank < 10|(rank > 0) & (rank <= k)|np.arange(codes.shape[1])
        < k + 0 * rank}  # other units are kept, or not k of them: the k strongest are wanted, from
            # place 0 on.
        np.where(rank < k, {strength|codes + length|1.0}, 0) ; strength ;
        np.argsort(-strength)[:, :k] ; np.take_along_axis(codes, np.argsort(-strength)[:, :k], 1) ;
        -np.sort(-codes)[:, :k] ; -np.sort(-np.where(rank < k, codes, 0)) ; codes[:, :k] ;
        np.where(rank < k, codes, 0) @ V  # not the codes come back: each kept unit keeps its
            # activation, at its own place.
    """,
)
def keep_strongest(codes, V, k):
    length = np.linalg.norm(V, axis=1)
    strength = codes * length
    rank = np.argsort(np.argsort(-strength, axis=1), axis=1)
    return np.where(rank < k, codes, 0)


@exercise(
    axes={"codes": "image unit", "answer": "image unit"},
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
    mistakes="""
        changed(codes, {unit % len(codes)|(unit - 1) % len(codes)|slice(None, unit)}, 0) ;
        np.delete(codes, unit % len(codes), axis=0)  # a row is set to zero or cut out: rows are
            # images, and a unit is a column.
        np.delete(codes, unit, axis=1)  # the unit is cut out: keep the shape and set it to zero.
        codes - switch_off(codes, unit)  # all other units are off: switch off this one.
        switch_off(codes, {unit - 1|unit + 1|(unit - 1) % codes.shape[1]|(unit + 1) %
        codes.shape[1]}) ; switch_off(codes, {1|3|5|10})  # another unit is switched off: the first
            # unit is unit 0.
        changed(codes, ({0|-1|slice(1, None)|slice(5)|slice(10)|slice(20)}, unit), 0)  # not for
            # every image: the unit is to be off for all.
        changed(codes, (slice(None), slice({unit|unit + 1|unit, None})), 0) ; 0 * codes ;
        changed(codes, codes == {codes[:, [unit]]|unit}, 0) ;
        switch_off(np.maximum(codes, 0), unit) ;
        switch_off(switch_off(codes, unit), {(unit + 1) % codes.shape[1]|unit + 1|max(unit - 1, 0)})
            # more is off than this one unit.
        changed(codes, (slice(None), unit), {1|-1|0.001|unit|codes.mean()}) ;
        {0|1} * codes[:, unit] ; changed(codes, (slice(None), unit),
        {np.mean|np.median|np.min|np.max|np.abs}(codes[:, unit])) ;
        changed(codes, (slice(None), unit), {-1|0.5} * codes[:, unit])  # the unit gets another
            # value, or comes back alone: in a copy of all codes it is exactly 0.
        codes  # nothing is switched off: does the function return the copy that it changed?
    """,
)
def switch_off(codes, unit):
    return np.where(np.arange(codes.shape[1]) == unit, 0, codes)


which_atom = Question(
    name="which_atom",
    right="b",
    mistakes={
        "a": "this atom paints a 9, and both 9s look as before: where has "
        "ink gone, and what shape had it?",
        "c": "this atom paints a ring, and the 0 looks as before: where has ink gone, and "
        "what shape had it?",
        "d": "this atom paints an upright stroke, and both 1s look as before: where has ink "
        "gone, and what shape had it?",
    },
    otherwise="answer with one letter, a to d.",
    praise="its shape is what the changed digits have lost.",
)
