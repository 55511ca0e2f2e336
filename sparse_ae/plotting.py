"""Every figure of the course: each function takes arrays and returns the matplotlib Figure.

Digits are dark on white, signed weights blue (negative) to red (positive) with white at zero, and
lines use the Okabe-Ito colours, which colour-blind readers can tell apart. Nothing global is
changed: other figures keep their colour maps and styles.
Functions of one panel take `ax`, a matplotlib Axes to draw on, those of several take `axes`, any
array or list of as many; without them they make a figure of their own.
"""

import math

import matplotlib
import matplotlib.pyplot as plt
import numpy as np

BLUE, ORANGE, GREEN, RED, GREY = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#7F7F7F"


def plot_images(images, titles=None, columns=10, axes=None):
    """Images (n, 784) or (n, 28, 28) in [0, 1] in rows of `columns`, each under its title.

    Pixels are shown on one scale, 0 white and 1 black; values outside are cut off.
    """
    images = _square(images)
    titles = _titles(titles, len(images))
    own = axes is None
    axes = _grid(axes, len(images), columns, size=(1.0, 1.0 if titles is None else 1.28))
    for number, (ax, image) in enumerate(zip(axes, images, strict=False)):
        _draw_digit(ax, image)
        if titles is not None:
            ax.set_title(titles[number], fontsize=10)
    return _finish(axes[0].figure, own)


def plot_reconstructions(
    images, reconstructions, n=10, titles=None, rows=("original", "model"), axes=None
):
    """The first n images in the upper row, their reconstructions in the lower one.

    titles: one for each image. rows: the names of the two rows. axes: 2 n Axes.
    """
    images, reconstructions = _square(images[:n]), _square(reconstructions[:n])
    if len(images) != len(reconstructions):
        raise ValueError(
            f"images and reconstructions must be equally many and are {len(images)} and "
            f"{len(reconstructions)}: give the reconstructions of these images."
        )
    own, n = axes is None, len(images)
    titles = _titles(titles, n)
    axes = _grid(axes, 2 * n, n, size=(1.0, 1.175))
    for ax, picture in zip(axes, [*images, *reconstructions], strict=False):
        _draw_digit(ax, picture)
    for ax, name in zip(axes[::n], rows, strict=False):
        ax.set_ylabel(name, fontsize=10)
    if titles is not None:
        for ax, title in zip(axes[:n], titles, strict=True):
            ax.set_title(title, fontsize=10)
    return _finish(axes[0].figure, own)


def plot_pixel_costs(values, axes=None):
    """What a pixel costs as a function of its copy: cross-entropy on the left, square on the right.

    values: pixel values in [0, 1], a curve for each, with a dot at its cheapest copy.
    axes: two Axes to draw on.
    """
    own = axes is None
    if own:
        _, axes = _new_figure(1, 2, figsize=(9.5, 3.4), squeeze=True)
    copies = np.linspace(0.001, 0.999, 999)
    for x, color in zip(values, (BLUE, ORANGE, GREEN, RED, GREY) * len(values), strict=False):
        costs = (
            -(x * np.log(copies) + (1 - x) * np.log(1 - copies)),
            (x - copies) ** 2,
        )
        for ax, cost in zip(axes, costs, strict=True):
            ax.plot(copies, cost, color=color, label=f"pixel {x:g}")
            ax.plot(copies[cost.argmin()], cost.min(), "o", color=color, clip_on=False, zorder=3)
    axes[0].set(title="binary cross-entropy", xlabel="copy", ylabel="cost", ylim=(0, 3))
    axes[1].set(title="squared error", xlabel="copy", ylim=(0, 1))
    axes[1].legend(fontsize=9)
    for ax in axes:
        _frame(ax)
    return _finish(axes[0].figure, own)


def plot_history(
    history, perfect_copy=None, mean_image=None, *, loss="binary_crossentropy", axes=None
):
    """The reconstruction loss over the epochs on the left, the activity penalty on the right.

    history: `fit(...).history`, a dict with "loss", the entry named by `loss` and, if the model
        was validated, the same with "val_" before them.
    perfect_copy, mean_image: the two brackets, drawn as horizontal lines if given.
    loss: the metric that is the model's loss without the penalty.
    axes: two Axes to draw on.
    The penalty is the difference: Keras's "loss" is the reconstruction loss plus the penalty.
    """
    missing = [name for name in ("loss", loss) if name not in history]
    if missing:
        raise ValueError(
            f"history must have the entry {missing[0]!r} and has {sorted(history)}: "
            f"compile the model with metrics=[{loss!r}] and fit it."
        )
    own = axes is None
    if own:
        _, axes = _new_figure(1, 2, figsize=(9.5, 3.4), squeeze=True)
    left, right = axes
    brackets = ((mean_image, "mean image", "--"), (perfect_copy, "perfect copy", ":"))
    for value, name, style in brackets:
        if value is not None:
            left.axhline(value, color=GREY, linestyle=style, label=f"{name} {value:.4f}")
    for prefix, name, style in (
        ("", "train", {"color": BLUE}),
        ("val_", "test", {"color": ORANGE, "linestyle": "--"}),
    ):
        if f"{prefix}{loss}" not in history:
            continue
        fidelity = np.asarray(history[f"{prefix}{loss}"])
        penalty = np.asarray(history[f"{prefix}loss"]) - fidelity
        epochs = np.arange(1, len(fidelity) + 1)
        style["marker"] = "o" if len(epochs) == 1 else None
        left.plot(epochs, fidelity, label=f"{name} {fidelity[-1]:.4f}", **style)
        right.plot(epochs, penalty, label=f"{name} {penalty[-1]:.4f}", **style)
    left.set(title="reconstruction", xlabel="epoch", ylabel=loss.replace("_", " "))
    right.set(title="activity penalty", xlabel="epoch", ylabel="λ Σ|h| per image")
    for ax in (left, right):
        if min(min(line.get_ydata()) for line in ax.lines) >= 0:  # some losses are negative
            ax.set_ylim(bottom=0)
        top = 0.91 if ax is left else 1  # below the line of the mean image
        ax.legend(
            title="last epoch",
            fontsize=9,
            title_fontsize=9,
            loc="upper right",
            bbox_to_anchor=(1, top),
        )
        _frame(ax)
    return _finish(left.figure, own)


def plot_runs(runs, perfect_copy=None, mean_image=None, *, loss="test BCE", axes=None):
    """Several trainings on one scale: the loss against epochs on the left, seconds on the right.

    runs: `{name: (losses, seconds)}`, for each epoch its loss and the seconds until its end, as
        `ProgressLine.seconds` records them. The last loss is marked with a dot.
    perfect_copy, mean_image: the two brackets, drawn as horizontal lines if given.
    axes: two Axes to draw on.
    """
    own = axes is None
    if own:
        _, axes = _new_figure(1, 2, figsize=(9.5, 3.4), squeeze=True, sharey=True)
    left, right = axes
    colors = (BLUE, ORANGE, GREEN, RED)
    for number, (name, (losses, seconds)) in enumerate(runs.items()):
        color = colors[number % len(colors)]
        for ax, x in ((left, np.arange(1, len(losses) + 1)), (right, seconds)):
            ax.plot(x, losses, color=color, label=name)
            ax.plot(x[-1], losses[-1], "o", color=color)
    for ax in axes:
        for value, style in ((mean_image, "--"), (perfect_copy, ":")):
            if value is not None:
                ax.axhline(value, color=GREY, linestyle=style)
        _frame(ax)
    left.set(xlabel="epochs", ylabel=loss)
    right.set(xlabel="seconds", xlim=(0, None))
    right.legend(fontsize=9, loc="upper right", bbox_to_anchor=(1, 0.91))
    return _finish(left.figure, own)


def plot_codes(codes, titles=None, axes=None):
    """One row of bars for each code (n, units): the activation of every unit.

    `axes`: n Axes to draw on.
    """
    codes = np.atleast_2d(codes)
    titles = _titles(["activation"] * len(codes) if titles is None else titles, len(codes))
    own = axes is None
    if own:
        _, axes = _new_figure(
            len(codes), 1, figsize=(9.5, 0.5 + 1.15 * len(codes)), sharex=True, sharey=True
        )
    axes = np.ravel(axes)
    units = np.arange(codes.shape[1])
    for number, (ax, code) in enumerate(zip(axes, codes, strict=True)):
        ax.bar(units, code, color=BLUE, width=0.8)
        ax.plot(units[code <= 0], np.zeros(np.sum(code <= 0)), "o", color=RED, markersize=4)
        ax.set_ylabel(titles[number])
        _frame(ax)
    axes[-1].set_xlabel("unit  (a dot marks a unit that is off)")
    return _finish(axes[0].figure, own)


def plot_firing_rates(rates, ax=None):
    """Bars of the firing rates (units,) in [0, 1], sorted from the busiest unit down."""
    rates = np.sort(np.asarray(rates))[::-1]
    own = ax is None
    ax = _axes(ax, (9.5, 2.8))
    ax.bar(np.arange(len(rates)), rates, color=BLUE, width=0.8)
    never = int(np.sum(rates == 0))
    ax.set(
        xlabel="units, the busiest first",
        ylabel="share of images",
        ylim=(0, 1.04),
        title=f"firing rates of {len(rates)} units, {never} never on",
    )
    _frame(ax)
    return _finish(ax.figure, own)


def plot_atoms(atoms, titles=None, columns=8, most=64, axes=None):
    """Decoder weights (units, 784) as pictures, one per unit: the atoms.

    All share one scale with zero in the middle: a unit that is on adds ink where its atom is red
    and takes ink away where it is blue. Of more than `most` atoms the first are shown.
    """
    shown = _square(atoms[:most])
    titles = _titles(range(len(shown)) if titles is None else titles, len(shown))
    own = axes is None
    axes = _grid(axes, len(shown), columns, size=(0.95, 1.05), margin=0.9)
    limit = _largest(shown)
    for number, (ax, atom) in enumerate(zip(axes, shown, strict=False)):
        picture = _draw_weights(ax, atom, limit)
        ax.set_title(titles[number], fontsize=8, pad=2)
    figure = axes[0].figure
    figure.colorbar(picture, ax=list(axes), shrink=0.8, aspect=30, label="decoder weight")
    if len(atoms) > len(shown):
        figure.suptitle(f"the first {len(shown)} of {len(atoms)} atoms", fontsize=10)
    return _finish(figure, own)


def plot_weight_image(weights, title=None, ax=None):
    """784 weights as one picture, blue to red with white at zero."""
    (picture,) = _square(np.reshape(weights, (1, -1)))
    own = ax is None
    ax = _axes(ax, (3.6, 3.0))
    shown = _draw_weights(ax, picture, _largest(picture))
    if title is not None:
        ax.set_title(title, fontsize=10)
    ax.figure.colorbar(shown, ax=ax, shrink=0.85, label="weight")
    return _finish(ax.figure, own)


def _draw_digit(ax, image):
    ax.imshow(image, cmap="gray_r", vmin=0, vmax=1, origin="upper")
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set(color="0.85", linewidth=0.6)


def _draw_weights(ax, weights, limit):
    ax.axis("off")
    return ax.imshow(weights, cmap="RdBu_r", vmin=-limit, vmax=limit, origin="upper")


def _square(images):
    images = np.asarray(images)
    if images.ndim == 3 and images.shape[1:] == (28, 28) and len(images):
        return images
    if images.ndim != 2 or images.shape[1] != 784 or len(images) == 0:
        raise ValueError(
            f"images must have the shape (n, 784) or (n, 28, 28) and has {images.shape}: "
            "for a single image use images[np.newaxis]."
        )
    return images.reshape(-1, 28, 28)


def _titles(titles, number):
    """The first `number` titles as strings; None stays None."""
    if titles is None:
        return None
    titles = [str(title) for title in titles][:number]
    if len(titles) < number:
        raise ValueError(
            f"titles must be at least {number}, one per picture, and are {len(titles)}."
        )
    return titles


def _largest(values):
    """The largest magnitude, for a scale with zero in the middle; 1 if all is zero."""
    return float(np.max(np.abs(values))) or 1.0


def _grid(axes, number, columns, size, margin=0.0):
    """A flat array of Axes for `number` pictures: the ones handed in, or new ones in a grid.

    size: width and height of a picture in inches; margin: what is added to the width.
    """
    if axes is not None:
        axes = np.ravel(axes)
        if len(axes) < number:
            raise ValueError(f"axes must be at least {number} Axes and are {len(axes)}.")
        return axes
    columns = min(columns, number)
    rows = math.ceil(number / columns)
    figsize = (columns * size[0] + margin, rows * size[1])
    axes = np.ravel(_new_figure(rows, columns, figsize=figsize)[1])
    for ax in axes[number:]:
        ax.axis("off")
    return axes


def _new_figure(rows, columns, squeeze=False, **options):
    return plt.subplots(rows, columns, squeeze=squeeze, layout="constrained", **options)


def _axes(ax, figsize):
    return _new_figure(1, 1, squeeze=True, figsize=figsize)[1] if ax is None else ax


def _frame(ax):
    ax.spines[["top", "right"]].set_visible(False)


def _finish(figure, own=True):
    """In a notebook the returned Figure is the picture; one left open would be shown twice."""
    if own and "inline" in matplotlib.get_backend():
        plt.close(figure)
    return figure
