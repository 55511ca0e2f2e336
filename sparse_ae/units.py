"""What a unit says: codes, some of whose units are kept or off, and what they paint.

Of a single unit, `activations` are its column of the codes, (n,), one for each image; an image
*lights* it if its activation is above 0. Labels are the digits of the images, (n,), from 0 to 9.
"""

import numpy as np

from .measuring import as_codes, atom_lengths, bce_per_image


def strongest_units(codes, atoms, k):
    """Codes (n, units) of which each keeps its `k` strongest units; the others are 0.

    How strongly a unit paints is its activation times the length of its atom, a row of `atoms`
    (units, pixels).
    """
    strength = as_codes(codes) * np.linalg.norm(atoms, axis=1)
    return np.where(_rank(strength) < k, codes, 0)


def keep_largest(codes, k):
    """Codes (n, units) of which each keeps its `k` largest activations above 0; else 0: TopK."""
    codes = np.maximum(0, as_codes(codes))
    return np.where(_rank(codes) < k, codes, 0)


def _rank(strength):
    """For each unit of each image how many are stronger, of equal ones the earlier. Integers."""
    return (-strength).argsort(axis=1, kind="stable").argsort(axis=1)


def without_unit(codes, unit):
    """A copy of the codes (n, units) in which one unit is off: its column is 0."""
    codes = as_codes(codes).copy()
    codes[:, unit] = 0
    return codes


def relu_codes(images, W, b):
    """The encoder in NumPy: the codes (n, units) of images (n, pixels), from its weights."""
    return np.maximum(0, images @ W + b)


def paint(codes, V, c):
    """The images (n, pixels) that a decoder with the weights V and biases c makes of codes."""
    return _sigmoid(np.asarray(codes) @ V + c)


def _sigmoid(sums):
    return (1 + np.tanh(sums / 2)) / 2  # and no overflow


def scale_between(codes, wanted):
    """The number s for which s · codes is nearest to `wanted` in squared error. A float."""
    codes, wanted = np.asarray(codes, "float64"), np.asarray(wanted, "float64")
    return float(np.sum(codes * wanted) / np.sum(codes**2))


def epochs_since_on(history):
    """For each unit the number of epochs since it was last on. Integers (units,).

    history: booleans (epochs, units), whether a unit was on for any image. 0 is a unit that was
    on in the last epoch; a unit that never was has all epochs.
    """
    history = np.asarray(history, bool)
    return np.where(history.any(axis=0), history[::-1].argmax(axis=0), len(history))


def images_by_quantile(activations, shares):
    """Of the images that light a unit, those at some shares of the way from weakest to strongest.

    shares: numbers in [0, 1]; 0 is the image that lights the unit least, 0.5 the median, 1 the one
        that lights it most. Between two images the weaker is taken.
    Returns the numbers of the images, integers of the shape of `shares`. Raises ValueError if no
    image lights the unit, or for other shares.
    """
    activations, shares = np.asarray(activations), np.asarray(shares, "float64")
    if shares.size and not (np.min(shares) >= 0 and np.max(shares) <= 1):
        raise ValueError(f"shares must lie in [0, 1] and are {shares}: 0.5 is the median.")
    lit = _lit(activations)
    order = lit[np.argsort(activations[lit], kind="stable")]
    return order[np.floor(shares * (len(lit) - 1)).astype(int)]


def digit_shares(activations, labels):
    """A unit's profile: of the images that light it, the share of each digit. Floats (10,), sum 1.

    Of all images, `digit_shares(np.ones(n), labels)`, it is the base rate to compare with. Raises
    ValueError if no image lights the unit.
    """
    lit = _lit(activations)
    return np.bincount(np.asarray(labels)[lit], minlength=10) / len(lit)


def selectivity(activations, labels):
    """How much a unit is a detector of its digit: `(purity, recall)`, two floats in [0, 1].

    Its digit is the most frequent one among the images that light it, of equal ones the smallest.
    Purity, also precision: of the images that light the unit, the share that is of its digit.
    Recall: of all images of its digit, the share that lights the unit.
    Raises ValueError if no image lights the unit.
    """
    labels, shares = np.asarray(labels), digit_shares(activations, labels)
    digit = np.argmax(shares)
    on = np.asarray(activations) > 0
    return float(shares[digit]), float(np.mean(on[labels == digit]))


def _lit(activations):
    """The numbers of the images that light a unit. Raises ValueError if there is none."""
    lit = np.flatnonzero(np.asarray(activations) > 0)
    if not len(lit):
        raise ValueError("activations must be above 0 for one image at least and are for none.")
    return lit


def steered(sums, direction, amount):
    """The images (n, pixels) of a decoder's sums, pushed along a direction before the sigmoid.

    sums: (n, pixels), codes @ V + c. direction: (pixels,), an atom or any other; it counts at
        length 1, so that directions can be compared. amount: how far; below 0 the other way.
    For an atom of length 1 this is what its unit paints with an activation larger by `amount`.
    Pixels in [0, 1]. Raises ValueError for a direction of length 0.
    """
    (length,) = atom_lengths(np.reshape(direction, (1, -1)))
    if not length > 0:
        raise ValueError("direction must have a length above 0 and is 0 everywhere.")
    return _sigmoid(sums + amount * np.asarray(direction) / np.float32(length))


def nearest_atoms(atoms, others=None):
    """For each atom the cosine of the nearest among others. Floats (units,) in [-1, 1].

    atoms, others: (units, pixels), decoder kernels, none with an atom of length 0. Without others
    the nearest *other* atom of the same dictionary: the control, since atoms of one dictionary are
    near each other, too.
    """
    cosines = atom_cosines(atoms, atoms if others is None else others)
    if others is None:
        np.fill_diagonal(cosines, -1)
    return cosines.max(axis=1)


def atom_cosines(atoms, others):
    """The cosine of each atom with each of the others. Floats (units, other units) in [-1, 1]."""
    one, other = (a / atom_lengths(a)[:, None] for a in (atoms, others))
    return one @ other.T


def unit_card(unit, images, labels, W, b, V, c, shares=(1, 0.8, 0.6, 0.4, 0.2, 0)):
    """What there is to say of one unit, as a dict that `plot_unit_card` draws.

    images (n, 784) in [0, 1] and labels (n,): what the unit is asked about. W (784, units),
    b (units,), V (units, 784), c (784,): the weights of encoder and decoder.
    "unit" is its number; "atom" and "column" are its row of V and its column of W, "cosine" the
    cosine between them. "images", "labels" and "activations" are those at `shares`, as
    `images_by_quantile` takes them; "copies" and "without" their copies with and without the unit.
    "rate" is the firing rate, "profile" that of `digit_shares`, "base" the same of all images;
    "purity" and "recall" are those of `selectivity`. "bce" and "bce_without" are the mean BCE of
    the copies with and without the unit, over the images that light it.
    Raises ValueError if none does.
    """
    codes = relu_codes(images, W, b)
    h, atom, column = codes[:, unit], V[unit], W[:, unit]
    lit, shown = _lit(h), images_by_quantile(h, shares)
    off = without_unit(codes, unit)
    bce, bce_without = (
        float(np.mean(bce_per_image(images[lit], paint(some[lit], V, c)))) for some in (codes, off)
    )
    purity, recall = selectivity(h, labels)
    return {
        "unit": int(unit), "atom": atom, "column": column,
        "cosine": float(atom_cosines(atom[None], column[None])[0, 0]),
        "images": images[shown], "labels": labels[shown], "activations": h[shown],
        "copies": paint(codes[shown], V, c), "without": paint(off[shown], V, c),
        "rate": len(lit) / len(h), "profile": digit_shares(h, labels),
        "base": digit_shares(np.ones(len(h)), labels), "purity": purity, "recall": recall,
        "bce": bce, "bce_without": bce_without,
    }  # fmt: skip
