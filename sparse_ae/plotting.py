"""Every figure of the course: each function takes arrays and returns the matplotlib Figure.

Digits are dark on white, signed weights blue (negative) to red (positive) with white at zero, and
lines use the Okabe-Ito colours, which colour-blind readers can tell apart. Every figure says in
words what it shows: `figure.alt`, made from the data, is read out in place of the picture; the
keyword `alt` puts other words there. `describe` does the same for a figure made by hand.
Nothing global is changed, and nobody's matplotlibrc or style changes these figures.
Functions of one panel take `ax`, a matplotlib Axes to draw on, those of several take `axes`, any
array or list of as many; without them they make a figure of their own.
"""

import base64
import functools
import html
import io
import math

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator, NullLocator
from matplotlib.transforms import Bbox
from PIL import Image

BLUE, ORANGE, GREEN, RED, GREY = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#7F7F7F"
PURPLE, SKY = "#CC79A7", "#56B4E9"
COLORS = (BLUE, ORANGE, GREEN, RED, PURPLE, SKY, GREY)
DASHES = ("-", "--", "-.", ":")  # where one line hides another, both are seen
MARKERS = "os^Dv*P"
WIDTH = 8.4  # inches: what a notebook's column shows without shrinking it

_defaults = plt.style.context("default")  # as a decorator: drawn as if there were no matplotlibrc


def describe(figure, alt):
    """Give a figure the words that are read out in its place; returns the figure.

    For figures made with plain matplotlib: `describe(figure, "One line, falling …")` as the last
    line of a cell shows the picture, and the words to those who cannot see it.
    """
    figure.alt = alt
    figure._ipython_display_ = functools.partial(_show, figure)
    if "inline" in matplotlib.get_backend():
        plt.close(figure)  # one left open would be shown twice
    return figure


@_defaults
def plot_images(images, titles=None, columns=10, rows=None, *, alt=None, axes=None):
    """Images (n, 784) or (n, 28, 28) in [0, 1] in rows of `columns`, each under its title.

    titles: one for each image, or with `rows` one for each column.
    rows: names of the rows, written at their left.
    Pixels are shown on one scale, 0 white and 1 black; values outside are cut off.
    On a narrow screen five columns are easier to read than ten.
    """
    images = _square(images)
    columns = min(columns, len(images))
    if titles is not None:
        heads = len(titles) == columns and rows is not None
        titles = _titles(titles, columns if heads else len(images))
    above = 0.24 if titles is not None and len(titles) == len(images) else 0
    panels = _grid(axes, len(images), columns, above=above)
    for panel, image in zip(panels, images, strict=False):
        _draw_digit(panel, image)
    for panel, title in zip(panels, titles or [], strict=False):
        panel.set_title(title, fontsize=10)
    for panel, name in zip(panels[::columns], rows or [], strict=False):
        panel.set_ylabel(name, fontsize=10)
    ink = images.reshape(len(images), -1).mean(axis=1)
    text = f"{_count(len(images), 'image')} of 28 by 28 pixels, dark ink on white"
    if rows is not None:
        text += f"; the rows are {_join(rows)}"
    if titles is not None:
        text += f"; the titles are {_join(titles)}"
    text += f". Mean pixel of an image: {_span(ink)}."
    return _finish(panels, axes, alt or text)


@_defaults
def plot_reconstructions(
    images, reconstructions, n=10, titles=None, rows=("original", "model"), *, alt=None, axes=None
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
    n = len(images)
    titles = _titles(titles, n)
    errors = np.mean((images - reconstructions) ** 2, axis=(1, 2))
    text = (
        f"{_count(n, 'image')}{'' if titles is None else f' titled {_join(titles)}'}, in the row "
        f"{rows[0]}; below them, in the row {rows[1]}, their reconstructions. Mean squared error "
        f"of an image: {_span(errors)}."
    )
    both = np.concatenate([images, reconstructions])
    return plot_images(both, titles, n, rows, alt=alt or text, axes=axes)


@_defaults
def plot_autoencoder(image, code, reconstruction, *, alt=None):
    """The model drawn with one image: image, its 784 pixels, the code, 784 pixels, the copy.

    image, reconstruction: (784,) or (28, 28) in [0, 1]. code: (units,), each unit one bar.
    """
    digit, copy = _square(np.reshape([image, reconstruction], (2, -1)))
    code = np.asarray(code)
    (ax,) = panels = _panels(None, 1, 1, (WIDTH, 2.9))
    ax.set(xlim=(0, 8.4), ylim=(0, 2.9), aspect="equal")
    ax.axis("off")
    middle, tall, short = 1.6, 2.2, 1.7
    for picture, left in ((digit, 0.05), (copy, 6.65)):
        _draw_strip(ax, picture, left, left + 1.7, middle, 1.7)
    for picture, left in ((digit, 2.15), (copy, 6.03)):
        _draw_strip(ax, picture.reshape(-1, 1), left, left + 0.22, middle, tall)
    sides = (("encoder", 2.45, 3.6, tall, short, SKY), ("decoder", 4.8, 5.95, short, tall, ORANGE))
    for name, left, right, first, last, color in sides:
        corners = [
            (left, middle - first / 2),
            (left, middle + first / 2),
            (right, middle + last / 2),
            (right, middle - last / 2),
        ]
        ax.add_patch(plt.Polygon(corners, color=color, alpha=0.3, linewidth=0))
        ax.text((left + right) / 2, middle, name, ha="center", va="center", fontsize=12)
    places = middle + short / 2 - (np.arange(len(code)) + 0.5) * short / len(code)
    lengths = 1.0 * code / (np.max(code) or 1.0)
    ax.barh(places, lengths, left=3.7, height=0.75 * short / len(code), color=BLUE)
    ax.plot([3.7, 3.7], [middle - short / 2, middle + short / 2], color="black", linewidth=0.8)
    for left, right in ((1.82, 2.08), (6.32, 6.58)):
        ax.annotate("", (right, middle), (left, middle), arrowprops={"arrowstyle": "->"})
    on = int(np.sum(code > 0))
    for x, words in (
        (0.9, "image\n28 by 28"),
        (2.26, "784\npixels"),
        (4.2, f"code: {len(code)} units,\n{on} of them on"),
        (6.14, "784\npixels"),
        (7.5, "reconstruction\n28 by 28"),
    ):
        ax.text(x, 0.42, words, ha="center", va="top", fontsize=10, linespacing=1.2)
    text = (
        "An autoencoder from left to right: an image of a digit, its 784 pixels as one column, the "
        f"encoder, which narrows to the code of {len(code)} units drawn as bars, {on} of them on "
        f"({_strongest(code)}), the decoder, which widens to 784 pixels again, and the "
        "reconstruction, with a mean squared error of "
        f"{_say(np.mean((digit - copy) ** 2))}."
    )
    return _finish(panels, None, alt or text)


@_defaults
def plot_activations(*, alt=None, axes=None):
    """ReLU and sigmoid as curves. axes: two Axes to draw on."""
    left, right = panels = _panels(axes, 1, 2, (6.4, 2.4))
    x = np.linspace(-6, 6, 241)
    left.plot(x, np.maximum(x, 0), color=BLUE, linewidth=2)
    left.set(title="ReLU: max(0, x)", xlabel="x", ylabel="activation", ylim=(-0.3, 6))
    right.plot(x, 1 / (1 + np.exp(-x)), color=BLUE, linewidth=2)
    right.set(title="sigmoid: 1 / (1 + exp(-x))", xlabel="x", ylim=(-0.05, 1.05))
    right.set_yticks([0, 0.5, 1])
    for panel in panels:
        panel.set_xticks([-6, -3, 0, 3, 6])
        panel.axvline(0, color=GREY, linewidth=0.6)
        panel.axhline(0, color=GREY, linewidth=0.6)
        _frame(panel)
    text = (
        "Two curves. ReLU is 0 for every x below 0 and x itself above. The sigmoid rises in the "
        "shape of an S from 0 on the far left through 0.5 at x = 0 to 1 on the far right."
    )
    return _finish(panels, axes, alt or text)


@_defaults
def plot_gradient_step(weight=-1.0, rate=0.4, *, alt=None, axes=None):
    """One step of gradient descent on an illustrative loss, (w - 1)² / 2 of a single weight w.

    weight: where the step starts. rate: the learning rate, which the slope is multiplied by.
    On the right the same weight for an image in which its pixel is 0: no slope, no step.
    axes: two Axes to draw on.
    """
    left, right = panels = _panels(axes, 1, 2, (WIDTH, 3.0), sharey=True)
    slope = weight - 1
    after, loss = weight - rate * slope, slope**2 / 2
    reach = max(2.6, abs(slope) * 1.25, abs(after - 1) * 1.25)
    w = np.linspace(1 - reach, 1 + reach, 201)
    left.plot(w, (w - 1) ** 2 / 2, color=BLUE, linewidth=2)
    near = weight + np.array([-0.45, 0.45])
    left.plot(near, loss + slope * (near - weight), "--", color=RED, linewidth=2)
    words = {"textcoords": "offset points", "fontsize": 10}
    left.annotate(
        f"slope {_say(slope)}", (near[0], loss - 0.45 * slope), (8, 6), color=RED, **words
    )
    left.plot([weight, after], [loss, (after - 1) ** 2 / 2], "o", color="black", zorder=3)
    arrow = {"arrowstyle": "->", "shrinkA": 5, "shrinkB": 0}
    left.annotate("", (after, loss), (weight, loss), arrowprops=arrow)
    left.plot([after, after], [loss, (after - 1) ** 2 / 2], ":", color="black")
    step = f"step: {_say(-rate)} times {_say(slope)} = {_say(after - weight)}"
    left.annotate(step, (after, loss), (0, 5), ha="left" if after < 1 else "right", **words)
    left.set(title="down the slope", xlabel="weight", ylabel="loss (an illustration)")
    right.plot(w, np.full_like(w, loss), color=BLUE, linewidth=2)
    right.plot([weight], [loss], "o", color="black", zorder=3)
    right.set(title="where the pixel is 0", xlabel="weight")
    right.text(
        1, loss * 0.72, "0 times the weight is 0: the slope is 0,\nthe weight stays", ha="center"
    )
    for panel in panels:
        panel.set_ylim(bottom=0)
        _frame(panel)
    text = (
        "Two panels with an illustrative loss against one weight. Left: a parabola with its lowest "
        f"point at weight 1. At weight {_say(weight)} the slope is {_say(slope)}; one step, minus "
        f"{_say(rate)} times the slope, leads to weight {_say(after)}, where the loss is "
        f"{_say((after - 1) ** 2 / 2)} instead of {_say(loss)}. Right: where the pixel is 0 the "
        "loss is a flat line, its slope is 0, and the weight stays."
    )
    return _finish(panels, axes, alt or text)


@_defaults
def plot_pixel_costs(values, *, alt=None, axes=None):
    """What a pixel costs as a function of its copy: cross-entropy on the left, square on the right.

    values: pixel values in [0, 1], a curve for each, with a dot at its cheapest copy.
    axes: two Axes to draw on.
    """
    left, right = panels = _panels(axes, 1, 2, (WIDTH, 3.3))
    copies = np.linspace(0.001, 0.999, 999)
    for number, x in enumerate(values):
        style = _style(number)
        bce = -(x * np.log(copies) + (1 - x) * np.log(1 - copies))
        for ax, cost, top in ((left, bce, 3), (right, (x - copies) ** 2, 1)):
            ax.plot(copies, cost, label=f"pixel {x:g}", linewidth=2, **style)
            ax.plot(copies[cost.argmin()], cost.min(), "o", color=style["color"], clip_on=False)
            level = min(top * (0.9 - 0.2 * (number % 4)), 0.97 * max(cost[0], cost[-1]))
            below = np.flatnonzero(cost <= level)  # the name stands on the higher side
            at = copies[below[0] if cost[0] > cost[-1] else below[-1]]
            plate = {"color": "white", "pad": 1}
            ax.text(at, level, f"pixel {x:g}", color=style["color"], ha="center", bbox=plate)
    left.set(title="binary cross-entropy", xlabel="copy", ylabel="cost of the pixel", ylim=(0, 3))
    right.set(title="squared error", xlabel="copy", ylim=(0, 1))
    for ax in panels:
        _frame(ax)
    x = np.clip(values, 1e-12, 1 - 1e-12)
    least = np.round(-(x * np.log(x) + (1 - x) * np.log(1 - x)), 3)
    text = (
        f"What a pixel costs against its copy from 0 to 1, one curve for each of the pixel values "
        f"{_join(f'{x:g}' for x in values)}. Every curve is lowest where the copy is the pixel. "
        f"Left, binary cross-entropy: the lowest costs are {_join(map(_say, least))}, and a "
        "confident wrong copy costs without end. Right, squared error: parabolas, the lowest cost "
        "is 0 and no cost is above 1."
    )
    return _finish(panels, axes, alt or text)


@_defaults
def plot_history(
    history,
    perfect_copy=None,
    mean_image=None,
    *,
    loss="binary_crossentropy",
    alt=None,
    axes=None,
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
    left, right = panels = _panels(axes, 1, 2, (WIDTH, 3.2))
    lines, said = _brackets(perfect_copy, mean_image), ([], [])
    _draw_lines([left], lines)
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
        for ax, values, sentences in zip(panels, (fidelity, penalty), said, strict=True):
            ax.plot(epochs, values, label=f"{name} {values[-1]:.4f}", **style)
            sentences.append(f"{name} {_from_to(values)}")
    left.set(title="reconstruction", xlabel="epoch", ylabel=loss.replace("_", " "))
    right.set(title="activity penalty", xlabel="epoch", ylabel="λ Σ|h| per image")
    for ax in panels:
        if min(min(line.get_ydata()) for line in ax.lines) >= 0:  # some losses are negative
            ax.set_ylim(bottom=0)
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        top = 0.91 if ax is left else 1  # below the line of the mean image
        ax.legend(
            title="last epoch",
            fontsize=9,
            title_fontsize=9,
            loc="upper right",
            bbox_to_anchor=(1, top),
        )
        _frame(ax)
    text = (
        f"Two panels over {_count(len(epochs), 'epoch').lower()}. "
        f"Left, {loss.replace('_', ' ')}: {'; '.join(said[0])}.{_say_lines(lines)} "
        f"Right, activity penalty: {'; '.join(said[1])}."
    )
    return _finish(panels, axes, alt or text)


@_defaults
def plot_runs(runs, perfect_copy=None, mean_image=None, *, loss="test BCE", alt=None, axes=None):
    """Several trainings on one scale: the loss against epochs on the left, seconds on the right.

    runs: `{name: (losses, seconds)}`, for each epoch its loss and the seconds until its end, as
        `ProgressLine.seconds` records them. The last loss is marked with a dot.
    perfect_copy, mean_image: the two brackets, drawn as horizontal lines if given.
    axes: two Axes to draw on.
    """
    left, right = panels = _panels(axes, 1, 2, (WIDTH, 3.2), sharey=True)
    lines, said = _brackets(perfect_copy, mean_image), []
    for number, (name, (losses, seconds)) in enumerate(runs.items()):
        style = _style(number)
        for ax, x in ((left, np.arange(1, len(losses) + 1)), (right, seconds)):
            ax.plot(x, losses, label=name, linewidth=2, **style)
            ax.plot(x[-1], losses[-1], "o", color=style["color"])
        epochs = _count(len(losses), "epoch").lower()
        said.append(f"{name} {_from_to(losses)} in {epochs} and {_say(seconds[-1])} seconds")
    _draw_lines(panels, lines)
    for ax in panels:
        _frame(ax)
    left.xaxis.set_major_locator(MaxNLocator(integer=True))
    left.set(xlabel="epochs", ylabel=loss)
    right.set(xlabel="seconds", xlim=(0, None))
    right.legend(fontsize=9)
    text = (
        f"The {loss} of {_count(len(runs), 'training').lower()}, against epochs on the left and "
        f"seconds on the right: {'; '.join(said)}.{_say_lines(lines)}"
    )
    return _finish(panels, axes, alt or text)


@_defaults
def plot_curves(
    x, curves, xlabel, ylabel, *, log_x=False, lines=None, title=None, alt=None, ax=None
):
    """Curves over the same x, told apart by colour, dashes and markers.

    x: (n,). curves: `{name: y}`, each y of shape (n,). log_x: a logarithmic x axis.
    lines: `{name: value}`, horizontal lines to compare with, for example the two brackets.
    """
    (panel,) = panels = _panels(ax, 1, 1, (6.4, 3.4))
    x, few = np.asarray(x), len(x) <= 16
    for number, (name, y) in enumerate(curves.items()):
        marker = MARKERS[number % len(MARKERS)] if few else None
        panel.plot(x, y, marker=marker, markersize=6, linewidth=2, label=name, **_style(number))
    lines = {f"{name} {value:.4g}": value for name, value in (lines or {}).items()}
    _draw_lines(panels, lines)
    if log_x:
        panel.set_xscale("log")
    if few:
        panel.set_xticks(x, [f"{value:g}" for value in x])
        panel.xaxis.set_minor_locator(NullLocator())
    panel.set(xlabel=xlabel, ylabel=ylabel, title=title)
    panel.legend(fontsize=9)
    _frame(panel)
    said = [f"{name} {_along(x, y)}" for name, y in curves.items()]
    text = (
        f"{ylabel} against {xlabel} from {_say(x[0])} to {_say(x[-1])}, "
        f"{_count(len(curves), 'curve').lower()}: {'; '.join(said)}.{_say_lines(lines)}"
    )
    return _finish(panels, ax, alt or text)


@_defaults
def plot_bars(
    parts, labels, xlabel, ylabel, *, sort=False, horizontal=False, title=None, alt=None, ax=None
):
    """One bar for each label; a bar of several parts shows them on top of each other.

    parts: `{name: values}`, each of as many values as labels; or only the values (n,).
    sort: the highest bar first. horizontal: the bars lie, for long labels.
    """
    parts = parts if isinstance(parts, dict) else {ylabel: parts}
    values = np.array([np.asarray(part, dtype=float) for part in parts.values()])
    labels = _titles(labels, values.shape[1])
    totals = values.sum(axis=0)
    order = np.argsort(-totals, kind="stable") if sort else np.arange(len(totals))
    values, totals, labels = values[:, order], totals[order], [labels[number] for number in order]
    size = (6.4, 0.8 + 0.27 * len(labels)) if horizontal else (WIDTH, 2.9)
    (panel,) = panels = _panels(ax, 1, 1, size)
    places, start = np.arange(len(labels)), np.zeros(len(labels))
    for number, (name, part) in enumerate(zip(parts, values, strict=True)):
        style = {"color": COLORS[number % len(COLORS)], "label": name}
        if horizontal:
            bars = panel.barh(places, part, left=start, **style)
        else:
            bars = panel.bar(places, part, bottom=start, **style)
        start = start + part
    if len(labels) <= 12:
        panel.bar_label(bars, [f"{total:.3g}" for total in totals], fontsize=9, padding=2)
        panel.margins(**{"x" if horizontal else "y": 0.12})
    if horizontal:
        panel.set_yticks(places, labels)
        panel.invert_yaxis()
    else:
        panel.set_xticks(places, labels, fontsize=10 if len(labels) <= 20 else 8)
        panel.set_xlim(-0.7, len(labels) - 0.3)
    words = (ylabel, xlabel) if horizontal else (xlabel, ylabel)
    panel.set(xlabel=words[0], ylabel=words[1], title=title)
    if np.any(values < 0):
        (panel.axvline if horizontal else panel.axhline)(0, color="black", linewidth=0.8)
    if len(parts) > 1:
        panel.legend(fontsize=9, loc="upper left", bbox_to_anchor=(1, 1))
    _frame(panel)
    said = [f"{label}, {_say(total)}" for label, total in zip(labels, totals, strict=True)]
    if len(parts) > 1:
        for number, split in enumerate(values.T):
            shares = zip(parts, split, strict=True)
            said[number] += f" ({_join(f'{name} {_say(share)}' for name, share in shares)})"
    text = f"Bars: {ylabel} for each {xlabel}{', the highest first' if sort else ''}. "
    return _finish(panels, ax, alt or f"{text}{_join(said, '; ')}.")


@_defaults
def plot_scatter(x, y, xlabel, ylabel, *, groups=None, labels=None, title=None, alt=None, ax=None):
    """Points (n,) against (n,); groups differ in colour and marker, labels stand at the points.

    groups: for each point the name of its group; digits are drawn as digits.
    labels: for each point its name, None or "" for none.
    """
    (panel,) = panels = _panels(ax, 1, 1, (6.4, 4.0))
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    groups = np.asarray([""] * len(x) if groups is None else groups)
    names = list(dict.fromkeys(groups.tolist()))
    digits = all(str(name).isdigit() and len(str(name)) == 1 for name in names)
    for number, name in enumerate(sorted(names) if digits else names):
        here = groups == name
        panel.scatter(
            x[here],
            y[here],
            s=36 if len(x) <= 500 else 28,
            color=(*COLORS, "black", "#A66A00", "#004D40")[number % 10],
            marker=f"${name}$" if digits else MARKERS[number % len(MARKERS)],
            linewidths=0,
            label=name,
        )
    panel.set(xlabel=xlabel, ylabel=ylabel, title=title)
    panel.margins(0.08)
    _frame(panel)
    if names != [""] and not digits:
        panel.legend(fontsize=9, loc="upper left", bbox_to_anchor=(1, 1))
    said = []
    if labels is not None:
        labels = _titles([label or "" for label in labels], len(x))
        _name_points(panel, x, y, labels)
        points = zip(labels, x, y, strict=True)
        said = [f"{label}: {_say(a)}, {_say(b)}" for label, a, b in points if label]
    elif len(names) > 1:
        means = [(name, x[groups == name].mean(), y[groups == name].mean()) for name in names]
        said = [f"{name}: on average {_say(a)}, {_say(b)}" for name, a, b in sorted(means)]
    text = f"{_count(len(x), 'point')}: {xlabel} ({_span(x)}) and {ylabel} ({_span(y)})."
    if labels is None and len(x) > 2:
        text += f" Their correlation is {_say(round(np.corrcoef(x, y)[0, 1], 2))}."
    if said:
        text += f" {_join(said, '; ')}."
    return _finish(panels, ax, alt or text)


@_defaults
def plot_codes(codes, titles=None, sort=False, *, alt=None, axes=None):
    """One row of bars for each code (n, units): the activation of every unit.

    sort: all rows in the order of the first code, its strongest unit first.
    axes: n Axes to draw on.
    """
    codes = np.atleast_2d(codes)
    names = _titles(["activation"] * len(codes) if titles is None else titles, len(codes))
    size = (WIDTH, 0.6 + 1.3 * len(codes))
    panels = _panels(axes, len(codes), 1, size, sharex=True, sharey=True)
    units = np.argsort(-codes[0], kind="stable") if sort else np.arange(codes.shape[1])
    places, said = np.arange(len(units)), []
    for panel, code, name in zip(panels, codes, names, strict=True):
        panel.bar(places, code[units], color=BLUE, width=0.8)
        off = places[code[units] <= 0]
        panel.plot(off, np.zeros(len(off)), "o", color=RED, markersize=6, clip_on=False)
        panel.set_ylabel(name, fontsize=11)
        panel.yaxis.set_major_locator(MaxNLocator(3, steps=[1, 2, 5, 10]))
        panel.set_xlim(-0.8, len(units) - 0.2)
        _frame(panel)
        said.append(f"{name}: {len(units) - len(off)} units are on; {_strongest(code)}")
    _number_units(panels[-1], units)
    order = ", in the order of the first code" if sort else ""
    panels[-1].set_xlabel(f"unit{order}  (a dot marks a unit that is off)")
    text = (
        f"{_count(len(codes), 'row')} of bars, the activations of {len(units)} units{order}. "
        f"{'. '.join(said)}."
    )
    return _finish(panels, axes, alt or text)


@_defaults
def plot_firing_rates(rates, *, alt=None, ax=None):
    """Bars of the firing rates (units,) in [0, 1], sorted from the busiest unit down.

    rates: or `{name: rates}` for several models side by side on one scale.
    ax: one Axes, or one for each model.
    """
    models = rates if isinstance(rates, dict) else {"": rates}
    wide = len(models) > 1
    panels = _panels(ax, 1, len(models), (WIDTH, 2.7), sharey=True)
    said = []
    for panel, (name, values) in zip(panels, models.items(), strict=True):
        values = np.asarray(values)
        units = np.argsort(-values, kind="stable")
        panel.bar(np.arange(len(units)), values[units], color=BLUE, width=0.8)
        _number_units(panel, units, narrow=wide)
        never = int(np.sum(values == 0))
        title = f"{len(units)} units, {never} never on"
        panel.set(
            xlabel="unit, the busiest first",
            ylim=(0, 1.04),
            xlim=(-0.8, len(units) - 0.2),
            title=f"{name}: {title}" if name else f"firing rates of {title}",
        )
        panel.title.set_fontsize(11)
        _frame(panel)
        quarter, half, last = np.percentile(values, (75, 50, 25))
        said.append(
            f"{name + ': ' if name else ''}{title}; the busiest is unit {units[0]}, on for "
            f"{_say(values[units[0]])} of the images, the least busy unit {units[-1]}, on for "
            f"{_say(values[units[-1]])}; half of the units lie between {_say(last)} and "
            f"{_say(quarter)}, the median is {_say(half)}"
        )
    panels[0].set_ylabel("share of images")
    return _finish(panels, ax, alt or f"Firing rates as bars. {'. '.join(said)}.")


@_defaults
def plot_atoms(atoms, titles=None, columns=8, most=64, *, alt=None, axes=None):
    """Decoder weights (units, 784) as pictures, one per unit: the atoms.

    atoms: or `{name: atoms}` for several models side by side, each on its own scale.
    All share one scale with zero in the middle: a unit that is on adds ink where its atom is red
    and takes ink away where it is blue. The scale ends where one weight in a hundred is larger,
    so that a few pixels do not make all others pale. Of more than `most` atoms the first are shown.
    """
    models = atoms if isinstance(atoms, dict) else {"": atoms}
    shown = [_square(gallery[:most]) for gallery in models.values()]
    heads = [
        f"{name}{f' (the first {most} of {len(gallery)})' if len(gallery) > most else ''}".strip()
        for name, gallery in models.items()
    ]
    numbers = [len(gallery) for gallery in shown]
    size, columns = (0.84, columns) if len(models) == 1 else (0.56, min(columns, 6))
    top = 0.25 if any(heads) else 0
    panels = _grid(axes, numbers, columns, size, above=0.15, right=0.85, top=top)
    said = []
    for head, gallery in zip(heads, shown, strict=True):
        mine, panels = panels[: len(gallery)], panels[len(gallery) :]
        names = _titles(range(len(gallery)) if titles is None else titles, len(gallery))
        limit, extend = _scale(gallery)
        for panel, atom, name in zip(mine, gallery, names, strict=True):
            picture = _draw_weights(panel, atom, limit)
            panel.set_title(name, fontsize=8, pad=2)
        mine[0].annotate(head, (0, 1), (0, 14), "axes fraction", "offset points", fontsize=11)
        where = {"ax": list(mine)} if axes is not None else {"cax": _beside(mine)}
        mine[0].figure.colorbar(picture, **where, extend=extend, label="decoder weight")
        lengths = np.sqrt(np.sum(gallery**2, axis=(1, 2)))
        low, high = lengths.argmin(), lengths.argmax()
        said.append(
            f"{head}{head and ': '}{_count(len(gallery), 'atom')}, each a picture of 28 by 28 "
            "decoder weights, red where it adds ink, blue where it takes ink away. The shortest is "
            f"{names[low]} with length {_say(lengths[low])}, the longest {names[high]} with length "
            f"{_say(lengths[high])}. Colours end at ±{_say(limit)}."
        )
    return _finish(mine, axes, alt or " ".join(said))


@_defaults
def plot_weight_image(weights, title=None, *, alt=None, ax=None):
    """784 weights as one picture, blue to red with white at zero.

    The scale ends where one weight in a hundred is larger.
    """
    (picture,) = _square(np.reshape(weights, (1, -1)))
    (panel,) = panels = _panels(ax, 1, 1, (3.6, 3.0))
    limit, extend = _scale(picture)
    shown = _draw_weights(panel, picture, limit)
    if title is not None:
        panel.set_title(title, fontsize=10)
    panel.figure.colorbar(shown, ax=panel, shrink=0.85, extend=extend, label="weight")
    places = []
    for word, at in (("largest", picture.argmax()), ("smallest", picture.argmin())):
        row, column = divmod(int(at), 28)
        places.append(
            f"the {word} weight, {_say(picture[row, column])}, is in row {row}, column {column}"
        )
    text = (
        f"{title or 'Weights'}: 28 by 28 weights as a picture, red above zero, blue below; "
        f"{np.mean(picture > 0):.0%} are above zero; {'; '.join(places)}."
    )
    return _finish(panels, ax, alt or text)


# What the functions above share


def _show(figure):
    """Called by IPython when a figure is the value of a cell or is displayed.

    JupyterLab and nbconvert take the words only from HTML, so the picture is there twice: as PNG
    for the others, and in HTML. Few colours make it small enough for that.
    """
    from IPython.display import display

    picture = base64.b64encode(_png(figure)).decode()
    words = html.escape(figure.alt)
    data = {
        "text/plain": repr(figure),
        "image/png": picture,
        "text/html": f'<img alt="{words}" src="data:image/png;base64,{picture}">',
    }
    display(data, metadata={"image/png": {"alt": figure.alt}}, raw=True)


@_defaults
def _png(figure, colors=128):
    """The figure as PNG bytes with a palette, or with colors=None without one.

    Cut to what is drawn, at whole pixels, so that pictures stay as sharp as they were drawn.
    """
    figure.draw_without_rendering()
    box = figure.get_tightbbox().padded(0.05).get_points() * figure.dpi
    box = Bbox([np.floor(box[0]) / figure.dpi, np.ceil(box[1]) / figure.dpi])
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=figure.dpi, bbox_inches=box, facecolor="white")
    image = Image.open(file).convert("RGB")
    if colors:  # spread over all that occur, so that rare ones at the end of a scale stay apart
        image = image.quantize(colors, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    file = io.BytesIO()
    image.save(file, format="PNG", optimize=True)
    return file.getvalue()


def _finish(panels, given, alt):
    """The figure with its words; on Axes that were handed in they join the words already there."""
    figure = panels[0].figure.figure  # the second step leads from a subfigure to the whole
    if given is None:
        return describe(figure, alt)
    figure.alt = f"{figure.alt} {alt}" if hasattr(figure, "alt") else alt
    figure._ipython_display_ = functools.partial(_show, figure)
    return figure


def _panels(axes, rows, columns, figsize, **options):
    """A flat array of rows times columns Axes: the ones handed in, or those of a new figure."""
    if axes is None:
        options = {"figsize": figsize, "layout": "constrained", "squeeze": False, **options}
        axes = plt.subplots(rows, columns, **options)[1]
    axes = np.ravel(axes)
    if len(axes) < rows * columns:
        raise ValueError(f"axes must be at least {rows * columns} Axes and are {len(axes)}.")
    return axes


def _grid(axes, number, columns, size=0.84, above=0.0, left=0.0, right=0.0, top=0.0):
    """A flat array of Axes for `number` square pictures: the ones handed in, or new ones in a grid.

    In inches: size, a picture's side, two or three screen pixels for each of its 28; the room
    above each picture for a title, left for the names of the rows, right, and at the top.
    number: or a list, for several grids side by side.
    """
    if axes is not None:
        return _panels(axes, int(np.sum(number)), 1, None)
    numbers, columns = np.atleast_1d(number), min(columns, np.max(number))
    step, down = size + 0.02, size + 0.02 + above
    across = left + columns * step + right
    width, height = len(numbers) * across, top + math.ceil(max(numbers) / columns) * down
    figure, panels = plt.figure(figsize=(width, height)), []
    for grid, count in enumerate(numbers):
        for place in range(count):
            x = grid * across + left + place % columns * step
            y = height - top - (place // columns + 1) * down
            panels.append(figure.add_axes((x / width, y / height, size / width, size / height)))
    return np.array(panels)


def _draw_digit(ax, image):
    ax.imshow(image, cmap="gray_r", vmin=0, vmax=1, interpolation="nearest")
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set(color="0.85", linewidth=0.6)


def _draw_strip(ax, picture, left, right, middle, height):
    extent = (left, right, middle - height / 2, middle + height / 2)
    ax.imshow(picture, cmap="gray_r", vmin=0, vmax=1, extent=extent, aspect="auto")
    ax.add_patch(
        plt.Rectangle((left, extent[2]), right - left, height, fill=False, color="0.7", lw=0.8)
    )


def _draw_weights(ax, weights, limit):
    ax.axis("off")
    return ax.imshow(weights, cmap="RdBu_r", vmin=-limit, vmax=limit, interpolation="nearest")


def _beside(panels):
    """Axes for a colour bar at the right of a grid."""
    places = [panel.get_position() for panel in panels]
    right, low = max(place.x1 for place in places), min(place.y0 for place in places)
    width, tall = 0.11 / panels[0].figure.get_size_inches()[0], places[0].y1 - low
    return panels[0].figure.add_axes((right + width, low + 0.08 * tall, width, 0.84 * tall))


def _draw_lines(panels, lines):
    for panel in panels:
        for (name, value), style in zip(
            lines.items(), ("--", ":", "-.") * len(lines), strict=False
        ):
            panel.axhline(value, color=GREY, linestyle=style, label=name)


def _brackets(perfect_copy, mean_image):
    """The two brackets that are given, as `{label: value}`."""
    both = {"mean image": mean_image, "perfect copy": perfect_copy}
    return {f"{name} {value:.4f}": value for name, value in both.items() if value is not None}


def _name_points(ax, x, y, names):
    """Write each name beside its point, at the nearest of some places where nothing is yet."""
    ax.figure.draw_without_rendering()  # only then is known where the points are
    points, pixel = ax.transData.transform(np.column_stack([x, y])), ax.figure.dpi / 72
    taken = [(left - 5, low - 5, left + 5, low + 5) for left, low in points]
    places = [(side, up) for up in (-4, 8, -16, 20, -28, 32, -40) for side in (9, -9)]
    edge = ax.get_window_extent()
    for name, point, (left, low) in zip(names, zip(x, y, strict=True), points, strict=True):
        if not name:
            continue
        found = []
        for side, up in places:
            width = 5.6 * len(name) * pixel
            start = left + side * pixel - (width if side < 0 else 0)
            box = (start, low + up * pixel, start + width, low + (up + 10) * pixel)
            clashes = sum(_overlap(box, other) for other in taken) + 9 * (
                box[2] > edge.x1 or box[0] < edge.x0 or box[3] > edge.y1
            )
            found.append((clashes, len(found), side, up, box))
        _, _, side, up, box = min(found)
        taken.append(box)
        line = {"arrowstyle": "-", "color": GREY, "linewidth": 0.6} if abs(up + 4) > 12 else None
        where = {"textcoords": "offset points", "ha": "left" if side > 0 else "right"}
        ax.annotate(name, point, (side, up), fontsize=9, arrowprops=line, **where)


def _overlap(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _number_units(ax, units, narrow=False):
    """The numbers of the units under their bars, as long as they can be read."""
    if len(units) <= 64:
        ax.set_xticks(np.arange(len(units)), units)
        small = narrow or len(units) > 32
        ax.tick_params(axis="x", labelsize=7 if small else 9, labelrotation=90 if small else 0)


def _style(number):
    """Colour and dashes of the line with this number."""
    return {"color": COLORS[number % len(COLORS)], "linestyle": DASHES[number % len(DASHES)]}


def _frame(ax):
    ax.spines[["top", "right"]].set_visible(False)


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


def _scale(values):
    """The end of a colour scale with zero in the middle, and how the colour bar ends.

    99 of 100 magnitudes are not beyond that end; arrows at the bar say that some are.
    """
    sizes = np.abs(values)
    limit = float(np.percentile(sizes, 99)) or float(np.max(sizes)) or 1.0
    return limit, "both" if np.max(sizes) > limit else "neither"


# What is said of a figure: short, and easy to follow by ear


def _say(value):
    """A number with three digits that matter, zeros at its end left out."""
    return f"{value:.3g}".replace("-", "\N{MINUS SIGN}")


def _span(values):
    low, high = _say(np.min(values)), _say(np.max(values))
    return low if low == high else f"{low} to {high}"


def _count(number, noun):
    words = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
    return f"{words[number] if number < len(words) else number} {noun}{'' if number == 1 else 's'}"


def _join(items, separator=", ", most=40):
    items = [str(item) for item in items]
    more = f"{separator}and {len(items) - most} more" if len(items) > most else ""
    return separator.join(items[:most]) + more


def _from_to(values):
    if len(values) == 1:
        return f"is {_say(values[0])}"
    return f"goes from {_say(values[0])} to {_say(values[-1])}"


def _along(x, y):
    """All points of a short curve; of a long one its ends, its lowest and its highest point."""
    x, y = np.asarray(x), np.asarray(y)
    if len(x) > 10:
        low, high = int(np.argmin(y)), int(np.argmax(y))
        return (
            f"{_from_to(y)}, is lowest with {_say(y[low])} at {_say(x[low])} and highest with "
            f"{_say(y[high])} at {_say(x[high])}"
        )
    return _join(f"{_say(b)} at {_say(a)}" for a, b in zip(x, y, strict=True))


def _strongest(code, most=3):
    units = [unit for unit in np.argsort(-np.asarray(code), kind="stable")[:most] if code[unit] > 0]
    if not units:
        return "none is on"
    return "the strongest " + _join(f"unit {unit} with {_say(code[unit])}" for unit in units)


def _say_lines(lines):
    return f" Horizontal lines: {_join(lines)}." if lines else ""
