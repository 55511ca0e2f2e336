"""What a code is worth: measures of sparsity and of reconstruction, in plain NumPy.

`codes` are arrays (n, units), what the hidden layer gives for n images. A unit is on where its
activation is above zero; a ReLU gives exact zeros, so no threshold is needed.
"""

import numpy as np

from .data import check_images

# Keras clips probabilities this far from 0 and 1 before it takes their logarithm
# (keras.config.epsilon()); without it one wrong black pixel would cost infinity.
EPSILON = 1e-7


def active_units(codes):
    """L0: how many units are on, for each image. Integers (n,), from 0 to the number of units."""
    return np.count_nonzero(as_codes(codes) > 0, axis=1)


def firing_rates(codes):
    """The share of images for which each unit is on. Floats (units,) in [0, 1]."""
    return np.mean(as_codes(codes) > 0, axis=0)


def units_never_on(codes):
    """The numbers of the units that no image switches on ("dead units"). Integers, ascending."""
    return np.flatnonzero(firing_rates(codes) == 0)


def units_mostly_on(codes):
    """The numbers of the units that are on for more than half of the images. Integers, ascending.

    They say little about an image: they are a part of a dense code.
    """
    return np.flatnonzero(firing_rates(codes) > 0.5)


def atom_lengths(atoms):
    """The length of each atom: ‖row‖ of the decoder's kernel (units, pixels). Floats (units,)."""
    atoms = at_least_float32(atoms)
    if atoms.ndim != 2:
        raise ValueError(
            f"atoms must have the shape (units, pixels), a row for each unit, and has "
            f"{atoms.shape}: give the decoder's kernel."
        )
    return np.sqrt(np.sum(atoms**2, axis=1, dtype=np.float64))


def mean_code(codes):
    """The mean activation over all images and units, zeros included. A float."""
    return float(np.mean(as_codes(codes), dtype=np.float64))


def l1_penalty(codes, l1=1e-4):
    """λ · Σ|h|, summed over the units and averaged over the images. A float.

    This is what Keras ≥ 3.14 adds to the loss for `activity_regularizer=L1(l1)`, whatever the
    batch size (keras.Layer, "activity_regularizer").
    """
    return float(l1 * np.mean(np.sum(np.abs(as_codes(codes)), axis=1, dtype=np.float64)))


def weight_penalty(kernel, l1=1e-4):
    """λ · Σ|w| over all weights of a kernel, what `kernel_regularizer=L1(l1)` adds. A float."""
    return float(l1 * np.sum(np.abs(kernel), dtype=np.float64))


def penalty_per_epoch(history):
    """The penalty in each epoch, from `fit(...).history`: the loss without its cross-entropy."""
    return np.subtract(history["loss"], history["binary_crossentropy"])


def priced_l1(codes, atoms, l1=1e-4):
    """λ Σ h ‖atom‖: the penalty of codes (n, units) that pay by the length of their atoms.

    Summed over the units, averaged over the images. atoms: (units, pixels), the decoder's kernel.
    A code ten times smaller with atoms ten times longer costs the same. A float.
    """
    return float(l1 * np.mean(np.abs(as_codes(codes)) @ atom_lengths(atoms)))


def bce_per_image(images, reconstructions):
    """Binary cross-entropy of each image, averaged over its 784 pixels. Floats (n,), nats.

    -(x · ln p + (1 - x) · ln(1 - p)) for a pixel x and its reconstruction p, with p clipped to
    [1e-7, 1 - 1e-7] as `keras.losses.binary_crossentropy` does.
    """

    def bce(x, p):
        p = np.clip(p, EPSILON, 1 - EPSILON)
        return -np.mean(x * np.log(p) + (1 - x) * np.log(1 - p), axis=1, dtype=np.float64)

    return _in_pieces(bce, *_pair(images, reconstructions))


def mse_per_image(images, reconstructions):
    """Mean squared error of each image over its 784 pixels. Floats (n,) in [0, 1]."""

    def mse(x, p):
        return np.mean((x - p) ** 2, axis=1, dtype=np.float64)

    return _in_pieces(mse, *_pair(images, reconstructions))


def explained_variance(images, reconstructions):
    """The share of the images' variance that the reconstructions keep. A float, at most 1.

    1 - Σ‖x - x̂‖² / Σ‖x - mean image‖²: 1 for a perfect copy, 0 for answering every image with
    the mean of these, below 0 for worse (Korznikov et al., 2026, arXiv 2602.14111, equation 5).
    """
    x, p = _pair(images, reconstructions)
    spread = np.sum(np.var(x, axis=0, dtype=np.float64))
    if spread == 0:
        raise ValueError("images must differ from each other and are all the same: give others.")
    return 1 - float(np.mean(np.sum((x - p) ** 2, axis=1, dtype=np.float64)) / spread)


def worst_images(images, reconstructions, n=10):
    """The numbers of the `n` images with the largest BCE, the worst one first. Integers (n,)."""
    return np.argsort(-bce_per_image(images, reconstructions), kind="stable")[:n]


def perfect_copy_bce(images):
    """The lower bracket: the mean BCE of a perfect copy. A float.

    It is the entropy of the pixels, zero only if all are black or white: a grey pixel x costs
    -(x ln x + (1 - x) ln(1 - x)) even when it is copied exactly, up to ln 2 for x = 0.5.
    """
    return float(np.mean(bce_per_image(images, images)))


def mean_image_bce(images, train_images):
    """The upper bracket: the mean BCE of answering every image with the mean training image.

    A float. A model that does no better has learned nothing about single images.
    """
    mean_image = np.mean(check_images(train_images, "train_images"), axis=0, dtype=np.float64)
    images = check_images(images)
    answers = np.broadcast_to(mean_image.astype(images.dtype), images.shape)
    return float(np.mean(bce_per_image(images, answers)))


def share_gained(loss, floor, ceiling):
    """How much of the way from the upper bracket to the lower one a loss has gone.

    0 at the ceiling, the mean image, and 1 at the floor, a perfect copy.
    """
    return (ceiling - loss) / (ceiling - floor)


def measures(images, codes, reconstructions, atoms=None):
    """The course's five measures of a model, as a dict of numbers.

    "bce" and "mse" are means over images and pixels, "mean_code" over images and units; "l0" is
    the mean number of units on per image, "never_on" the number of units on for no image.
    atoms: (units, pixels), the decoder's kernel, adds three: "ev", the explained variance,
        "mostly_on", the number of units on for more than half of the images, and "atom_length",
        the mean length of the atoms.
    """
    if len(codes) != len(images):
        raise ValueError(
            f"codes must be as many as images, {len(images)}, and are {len(codes)}: "
            "give the codes of these images."
        )
    found = {
        "bce": float(np.mean(bce_per_image(images, reconstructions))),
        "mse": float(np.mean(mse_per_image(images, reconstructions))),
        "mean_code": mean_code(codes),
        "l0": float(np.mean(active_units(codes))),
        "never_on": len(units_never_on(codes)),
    }
    if atoms is not None:
        found |= {
            "ev": explained_variance(images, reconstructions),
            "mostly_on": len(units_mostly_on(codes)),
            "atom_length": float(np.mean(atom_lengths(atoms))),
        }
    return found


def measures_table(rows, *, digits=2):
    """A table of `{name: measures}` as text, a line each, rounded to what reproduces.

    digits: after the point of the BCE; the MSE gets one more and L0 two fewer.
    """
    width = max(len(name) for name in rows)
    l0 = max(digits - 2, 0)
    heads = f"{'BCE':>{digits + 2}}  {'MSE':>{digits + 3}}  mean code  {'L0':>{2 + l0 + (l0 > 0)}}"
    lines = [f"{'':{width}}  {heads}  never on"]
    for name, m in rows.items():
        lines.append(
            f"{name:{width}}  {m['bce']:.{digits}f}  {m['mse']:.{digits + 1}f}  "
            f"{m['mean_code']:9.1f}  {m['l0']:{2 + l0 + (l0 > 0)}.{l0}f}  {m['never_on']:8}"
        )
    return "\n".join(lines)


def unbeaten(rows):
    """The names in `{name: measures}` of the models that no other beats. A list.

    One model beats another if both its "bce" and its "l0" are smaller; an equal one is not.
    """
    return [
        name
        for name, row in rows.items()
        if not any(o["bce"] < row["bce"] and o["l0"] < row["l0"] for o in rows.values())
    ]


def best_settings(results):
    """`{name: setting}`, for each name the setting with the smallest value.

    results: `{(name, setting): value}`, as a sweep gives them.
    """
    best = {}
    for (name, setting), value in results.items():
        if name not in best or value < results[name, best[name]]:
            best[name] = setting
    return best


def as_codes(codes):
    """`codes` as an array (n, units) without NaN. Raises ValueError if they are not one."""
    codes = np.asarray(codes)
    if codes.ndim != 2 or codes.size == 0:
        raise ValueError(
            f"codes must have the shape (n, units), one row per image, and has {codes.shape}: "
            "for a single code use codes[np.newaxis]."
        )
    if np.isnan(np.sum(codes)):
        raise ValueError(
            "codes contains NaN and must not: the training diverged; try a smaller learning rate."
        )
    return codes


def _in_pieces(cost, x, p, size=256):
    """`cost(x, p)`, a piece at a time: all on the way at once would fill a gigabyte, and what stays
    in the processor's cache is worked on faster."""
    pieces = range(0, len(x), size)
    return np.concatenate([cost(x[i : i + size], p[i : i + size]) for i in pieces])


def _pair(images, reconstructions):
    images = at_least_float32(check_images(images))
    reconstructions = at_least_float32(reconstructions)
    if reconstructions.shape != images.shape:
        raise ValueError(
            f"reconstructions must have the shape of images, {images.shape}, and has "
            f"{reconstructions.shape}: give the model's answers for these images."
        )
    if np.isnan(np.sum(reconstructions)):
        raise ValueError(
            "reconstructions contains NaN and must not: the training diverged; try a smaller "
            "learning rate."
        )
    return images, reconstructions


def at_least_float32(values):
    """Half precision has no number between 0.9995 and 1: clipping at 1 - 1e-7 would do nothing."""
    values = np.asarray(values)
    return values.astype(np.result_type(values, np.float32), copy=False)
