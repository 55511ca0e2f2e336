"""Every figure of the course: each function takes arrays and returns the matplotlib Figure.

Digits are dark on white, signed weights blue (negative) to red (positive) with white at zero, and
lines use the Okabe-Ito colours, which colour-blind readers can tell apart. Every figure says in
words what it shows: `figure.alt`, made from the data, is read out in place of the picture; the
keyword `alt` puts other words there. `describe` does the same for a figure made by hand.
Nothing global is changed, and nobody's matplotlibrc or style changes these figures.
Functions of one panel take `ax`, a matplotlib Axes to draw on, those of several take `axes`, any
array or list of as many; without them they make a figure of their own.
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator, NullLocator

from .support import pictures as of
from .support.pictures import BLUE, COLORS, GREY, MARKERS, ORANGE, RED, SKY, WIDTH


@of.file_defaults
def plot_images(images, titles=None, columns=10, rows=None, *, alt=None, axes=None):
    """Images (n, 784) or (n, 28, 28) in [0, 1] in rows of `columns`, each under its title.

    titles: one for each image, or with `rows` one for each column.
    rows: names of the rows, written at their left.
    Pixels are shown on one scale, 0 white and 1 black; values outside are cut off.
    On a narrow screen five columns are easier to read than ten.
    """
    images = of.as_squares(images)
    columns = min(columns, len(images))
    if titles is not None:
        heads = len(titles) == columns and rows is not None
        titles = of.as_titles(titles, columns if heads else len(images))
    above = 0.24 if titles is not None and len(titles) == len(images) else 0
    panels = of.grid_of_panels(axes, len(images), columns, above=above)
    for panel, image in zip(panels, images, strict=False):
        of.draw_digit(panel, image)
    for panel, title in zip(panels, titles or [], strict=False):
        panel.set_title(title, fontsize=10)
    for panel, name in zip(panels[::columns], rows or [], strict=False):
        panel.set_ylabel(name, fontsize=10)
    ink = images.reshape(len(images), -1).mean(axis=1)
    text = f"{of.counted(len(images), 'image')} of 28 by 28 pixels, dark ink on white"
    if rows is not None:
        text += f"; the rows are {of.joined(rows)}"
    if titles is not None:
        text += f"; the titles are {of.joined(titles)}"
    text += f". Mean pixel of an image: {of.span(ink)}."
    return of.finished(panels, axes, alt or text)


@of.file_defaults
def plot_reconstructions(
    images, reconstructions, n=10, titles=None, rows=("original", "model"), *, alt=None, axes=None
):
    """The first n images in the upper row, their reconstructions in the lower one.

    titles: one for each image. rows: the names of the two rows. axes: 2 n Axes.
    """
    images, reconstructions = (
        of.as_squares(images[:n]),
        of.as_squares(reconstructions[:n]),
    )
    if len(images) != len(reconstructions):
        raise ValueError(
            f"images and reconstructions must be equally many and are {len(images)} and "
            f"{len(reconstructions)}: give the reconstructions of these images."
        )
    n = len(images)
    titles = of.as_titles(titles, n)
    errors = np.mean((images - reconstructions) ** 2, axis=(1, 2))
    text = (
        f"{of.counted(n, 'image')}{'' if titles is None else f' titled {of.joined(titles)}'}, in "
        f"the row {rows[0]}; below them, in the row {rows[1]}, their reconstructions. Mean "
        f"squared error of an image: {of.span(errors)}."
    )
    both = np.concatenate([images, reconstructions])
    return plot_images(both, titles, n, rows, alt=alt or text, axes=axes)


@of.file_defaults
def plot_autoencoder(image, code, reconstruction, *, alt=None):
    """The model drawn with one image: image, its 784 pixels, the code, 784 pixels, the copy.

    image, reconstruction: (784,) or (28, 28) in [0, 1]. code: (units,), each unit one bar.
    """
    digit, copy = of.as_squares(np.reshape([image, reconstruction], (2, -1)))
    code = np.asarray(code)
    (ax,) = panels = of.panels_of(None, 1, 1, (WIDTH, 2.9))
    ax.set(xlim=(0, 8.4), ylim=(0, 2.9), aspect="equal")
    ax.axis("off")
    middle, tall, short = 1.6, 2.2, 1.7
    for picture, left in ((digit, 0.05), (copy, 6.65)):
        of.draw_strip(ax, picture, left, left + 1.7, middle, 1.7)
    for picture, left in ((digit, 2.15), (copy, 6.03)):
        of.draw_strip(ax, picture.reshape(-1, 1), left, left + 0.22, middle, tall)
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
        f"({of.strongest_said(code)}), the decoder, which widens to 784 pixels again, and the "
        "reconstruction, with a mean squared error of "
        f"{of.said(np.mean((digit - copy) ** 2))}."
    )
    return of.finished(panels, None, alt or text)


@of.file_defaults
def plot_activations(*, alt=None, axes=None):
    """ReLU and sigmoid as curves. axes: two Axes to draw on."""
    left, right = panels = of.panels_of(axes, 1, 2, (6.4, 2.4))
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
        of.frame(panel)
    text = (
        "Two curves. ReLU is 0 for every x below 0 and x itself above. The sigmoid rises in the "
        "shape of an S from 0 on the far left through 0.5 at x = 0 to 1 on the far right."
    )
    return of.finished(panels, axes, alt or text)


@of.file_defaults
def plot_gradient_step(weight=-1.0, rate=0.4, *, alt=None, axes=None):
    """One step of gradient descent on an illustrative loss, (w - 1)² / 2 of a single weight w.

    weight: where the step starts. rate: the learning rate, which the slope is multiplied by.
    On the right the same weight for an image in which its pixel is 0: no slope, no step.
    axes: two Axes to draw on.
    """
    left, right = panels = of.panels_of(axes, 1, 2, (WIDTH, 3.0), sharey=True)
    slope = weight - 1
    after, loss = weight - rate * slope, slope**2 / 2
    reach = max(2.6, abs(slope) * 1.25, abs(after - 1) * 1.25)
    w = np.linspace(1 - reach, 1 + reach, 201)
    left.plot(w, (w - 1) ** 2 / 2, color=BLUE, linewidth=2)
    near = weight + np.array([-0.45, 0.45])
    left.plot(near, loss + slope * (near - weight), "--", color=RED, linewidth=2)
    words = {"textcoords": "offset points", "fontsize": 10}
    left.annotate(
        f"slope {of.said(slope)}", (near[0], loss - 0.45 * slope), (8, 6), color=RED, **words
    )
    left.plot([weight, after], [loss, (after - 1) ** 2 / 2], "o", color="black", zorder=3)
    arrow = {"arrowstyle": "->", "shrinkA": 5, "shrinkB": 0}
    left.annotate("", (after, loss), (weight, loss), arrowprops=arrow)
    left.plot([after, after], [loss, (after - 1) ** 2 / 2], ":", color="black")
    step = f"step: {of.said(-rate)} times {of.said(slope)} = {of.said(after - weight)}"
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
        of.frame(panel)
    text = (
        "Two panels with an illustrative loss against one weight. Left: a parabola with its lowest "
        f"point at weight 1. At weight {of.said(weight)} the slope is {of.said(slope)}; one step, "
        f"minus {of.said(rate)} times the slope, leads to weight {of.said(after)}, where the loss "
        f"is {of.said((after - 1) ** 2 / 2)} instead of {of.said(loss)}. Right: where the pixel "
        "is 0 the loss is a flat line, its slope is 0, and the weight stays."
    )
    return of.finished(panels, axes, alt or text)


@of.file_defaults
def plot_pixel_costs(values, *, alt=None, axes=None):
    """What a pixel costs as a function of its copy: cross-entropy on the left, square on the right.

    values: pixel values in [0, 1], a curve for each, with a dot at its cheapest copy.
    axes: two Axes to draw on.
    """
    left, right = panels = of.panels_of(axes, 1, 2, (WIDTH, 3.3))
    copies = np.linspace(0.001, 0.999, 999)
    for number, x in enumerate(values):
        style = of.line_style(number)
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
        of.frame(ax)
    x = np.clip(values, 1e-12, 1 - 1e-12)
    least = np.round(-(x * np.log(x) + (1 - x) * np.log(1 - x)), 3)
    text = (
        f"What a pixel costs against its copy from 0 to 1, one curve for each of the pixel values "
        f"{of.joined(f'{x:g}' for x in values)}. Every curve is lowest where the copy is the "
        "pixel. Left, binary cross-entropy: the lowest costs are "
        f"{of.joined(map(of.said, least))}, and a confident wrong copy costs without end. Right, "
        "squared error: parabolas, the lowest cost is 0 and no cost is above 1."
    )
    return of.finished(panels, axes, alt or text)


@of.file_defaults
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
    left, right = panels = of.panels_of(axes, 1, 2, (WIDTH, 3.2))
    lines, said = of.bracket_lines(perfect_copy, mean_image), ([], [])
    of.draw_lines([left], lines)
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
            sentences.append(f"{name} {of.from_to(values)}")
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
        of.frame(ax)
    text = (
        f"Two panels over {of.counted(len(epochs), 'epoch').lower()}. "
        f"Left, {loss.replace('_', ' ')}: {'; '.join(said[0])}.{of.lines_said(lines)} "
        f"Right, activity penalty: {'; '.join(said[1])}."
    )
    return of.finished(panels, axes, alt or text)


@of.file_defaults
def plot_runs(runs, perfect_copy=None, mean_image=None, *, loss="test BCE", alt=None, axes=None):
    """Several trainings on one scale: the loss against epochs on the left, seconds on the right.

    runs: `{name: (losses, seconds)}`, for each epoch its loss and the seconds until its end, as
        `ProgressLine.seconds` records them. The last loss is marked with a dot.
    perfect_copy, mean_image: the two brackets, drawn as horizontal lines if given.
    axes: two Axes to draw on.
    """
    left, right = panels = of.panels_of(axes, 1, 2, (WIDTH, 3.2), sharey=True)
    lines, said = of.bracket_lines(perfect_copy, mean_image), []
    for number, (name, (losses, seconds)) in enumerate(runs.items()):
        style = of.line_style(number)
        for ax, x in ((left, np.arange(1, len(losses) + 1)), (right, seconds)):
            ax.plot(x, losses, label=name, linewidth=2, **style)
            ax.plot(x[-1], losses[-1], "o", color=style["color"])
        epochs = of.counted(len(losses), "epoch").lower()
        said.append(f"{name} {of.from_to(losses)} in {epochs} and {of.said(seconds[-1])} seconds")
    of.draw_lines(panels, lines)
    for ax in panels:
        of.frame(ax)
    left.xaxis.set_major_locator(MaxNLocator(integer=True))
    left.set(xlabel="epochs", ylabel=loss)
    right.set(xlabel="seconds", xlim=(0, None))
    right.legend(fontsize=9)
    text = (
        f"The {loss} of {of.counted(len(runs), 'training').lower()}, against epochs on the left "
        f"and seconds on the right: {'; '.join(said)}.{of.lines_said(lines)}"
    )
    return of.finished(panels, axes, alt or text)


@of.file_defaults
def plot_curves(
    x, curves, xlabel, ylabel, *, log_x=False, lines=None, title=None, alt=None, ax=None
):
    """Curves over the same x, told apart by colour, dashes and markers.

    x: (n,). curves: `{name: y}`, each y of shape (n,). log_x: a logarithmic x axis.
    lines: `{name: value}`, horizontal lines to compare with, for example the two brackets.
    """
    (panel,) = panels = of.panels_of(ax, 1, 1, (6.4, 3.4))
    x, few = np.asarray(x), len(x) <= 16
    for number, (name, y) in enumerate(curves.items()):
        marker = MARKERS[number % len(MARKERS)] if few else None
        panel.plot(
            x,
            y,
            marker=marker,
            markersize=6,
            linewidth=2,
            label=name,
            **of.line_style(number),
        )
    lines = {f"{name} {value:.4g}": value for name, value in (lines or {}).items()}
    of.draw_lines(panels, lines)
    if log_x:
        panel.set_xscale("log")
    if few:
        panel.set_xticks(x, [f"{value:g}" for value in x])
        panel.xaxis.set_minor_locator(NullLocator())
    panel.set(xlabel=xlabel, ylabel=ylabel, title=title)
    panel.legend(fontsize=9)
    of.frame(panel)
    said = [f"{name} {of.along(x, y)}" for name, y in curves.items()]
    text = (
        f"{ylabel} against {xlabel} from {of.said(x[0])} to {of.said(x[-1])}, "
        f"{of.counted(len(curves), 'curve').lower()}: {'; '.join(said)}.{of.lines_said(lines)}"
    )
    return of.finished(panels, ax, alt or text)


@of.file_defaults
def plot_bars(
    parts, labels, xlabel, ylabel, *, sort=False, horizontal=False, title=None, alt=None, ax=None
):
    """One bar for each label; a bar of several parts shows them on top of each other.

    parts: `{name: values}`, each of as many values as labels; or only the values (n,).
    sort: the highest bar first. horizontal: the bars lie, for long labels.
    """
    parts = parts if isinstance(parts, dict) else {ylabel: parts}
    values = np.array([np.asarray(part, dtype=float) for part in parts.values()])
    labels = of.as_titles(labels, values.shape[1])
    totals = values.sum(axis=0)
    order = np.argsort(-totals, kind="stable") if sort else np.arange(len(totals))
    values, totals, labels = values[:, order], totals[order], [labels[number] for number in order]
    size = (6.4, 0.8 + 0.27 * len(labels)) if horizontal else (WIDTH, 2.9)
    (panel,) = panels = of.panels_of(ax, 1, 1, size)
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
    of.frame(panel)
    said = [f"{label}, {of.said(total)}" for label, total in zip(labels, totals, strict=True)]
    if len(parts) > 1:
        for number, split in enumerate(values.T):
            shares = zip(parts, split, strict=True)
            said[number] += f" ({of.joined(f'{name} {of.said(share)}' for name, share in shares)})"
    text = f"Bars: {ylabel} for each {xlabel}{', the highest first' if sort else ''}. "
    return of.finished(panels, ax, alt or f"{text}{of.joined(said, '; ')}.")


@of.file_defaults
def plot_scatter(
    x, y, xlabel, ylabel, *, groups=None, labels=None, joined=False, log_x=False, title=None,
    alt=None, ax=None,
):  # fmt: skip
    """Points (n,) against (n,); groups differ in colour and marker, labels stand at the points.

    groups: for each point the name of its group; digits are drawn as digits.
    labels: for each point its name, None or "" for none.
    joined: a line through each group, at each x through the mean of its points.
    log_x: a logarithmic x axis.
    """
    (panel,) = panels = of.panels_of(ax, 1, 1, (6.4, 4.0))
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    groups = np.asarray([""] * len(x) if groups is None else groups)
    names = list(dict.fromkeys(groups.tolist()))
    digits = all(str(name).isdigit() and len(str(name)) == 1 for name in names)
    colors = (*COLORS, "black", "#A66A00", "#004D40")
    courses = []
    for number, name in enumerate(sorted(names) if digits else names):
        here = groups == name
        if joined:
            places = np.unique(x[here])
            means = [y[here & (x == place)].mean() for place in places]
            panel.plot(places, means, color=colors[number % 10], linewidth=1, zorder=1)
            courses.append(f"{name} {of.along(places, means)}".strip())
        panel.scatter(
            x[here],
            y[here],
            s=36 if len(x) <= 500 else 28,
            color=colors[number % 10],
            marker=f"${name}$" if digits else MARKERS[number % len(MARKERS)],
            linewidths=0,
            label=name,
        )
    panel.set(xlabel=xlabel, ylabel=ylabel, title=title)
    if log_x:
        panel.set_xscale("log")
    panel.margins(0.08)
    of.frame(panel)
    if names != [""] and not digits:
        panel.legend(fontsize=9, loc="upper left", bbox_to_anchor=(1, 1))
    said = []
    if labels is not None:
        labels = of.as_titles([label or "" for label in labels], len(x))
        of.name_points(panel, x, y, labels)
        points = zip(labels, x, y, strict=True)
        said = [f"{label}: {of.said(a)}, {of.said(b)}" for label, a, b in points if label]
    elif joined:
        said = courses
    elif len(names) > 1:
        means = [(name, x[groups == name].mean(), y[groups == name].mean()) for name in names]
        said = [f"{name}: on average {of.said(a)}, {of.said(b)}" for name, a, b in sorted(means)]
    text = f"{of.counted(len(x), 'point')}: {xlabel} ({of.span(x)}) and {ylabel} ({of.span(y)})."
    if labels is None and not joined and len(x) > 2:
        text += f" Their correlation is {of.said(round(np.corrcoef(x, y)[0, 1], 2))}."
    if said:
        text += f" {of.joined(said, '; ')}."
    return of.finished(panels, ax, alt or text)


@of.file_defaults
def plot_codes(codes, titles=None, sort=False, *, alt=None, axes=None):
    """One row of bars for each code (n, units): the activation of every unit.

    sort: all rows in the order of the first code, its strongest unit first.
    axes: n Axes to draw on.
    """
    codes = np.atleast_2d(codes)
    names = of.as_titles(["activation"] * len(codes) if titles is None else titles, len(codes))
    size = (WIDTH, 0.6 + 1.3 * len(codes))
    panels = of.panels_of(axes, len(codes), 1, size, sharex=True, sharey=True)
    units = np.argsort(-codes[0], kind="stable") if sort else np.arange(codes.shape[1])
    places, said = np.arange(len(units)), []
    for panel, code, name in zip(panels, codes, names, strict=True):
        panel.bar(places, code[units], color=BLUE, width=0.8)
        off = places[code[units] <= 0]
        panel.plot(off, np.zeros(len(off)), "o", color=RED, markersize=6, clip_on=False)
        panel.set_ylabel(name, fontsize=11)
        panel.yaxis.set_major_locator(MaxNLocator(3, steps=[1, 2, 5, 10]))
        panel.set_xlim(-0.8, len(units) - 0.2)
        of.frame(panel)
        said.append(f"{name}: {len(units) - len(off)} units are on; {of.strongest_said(code)}")
    of.number_units(panels[-1], units)
    order = ", in the order of the first code" if sort else ""
    panels[-1].set_xlabel(f"unit{order}  (a dot marks a unit that is off)")
    text = (
        f"{of.counted(len(codes), 'row')} of bars, the activations of {len(units)} units{order}. "
        f"{'. '.join(said)}."
    )
    return of.finished(panels, axes, alt or text)


@of.file_defaults
def plot_firing_rates(rates, *, alt=None, ax=None):
    """Bars of the firing rates (units,) in [0, 1], sorted from the busiest unit down.

    rates: or `{name: rates}` for several models side by side on one scale.
    ax: one Axes, or one for each model.
    """
    models = rates if isinstance(rates, dict) else {"": rates}
    wide = len(models) > 1
    panels = of.panels_of(ax, 1, len(models), (WIDTH, 2.7), sharey=True)
    said = []
    for panel, (name, values) in zip(panels, models.items(), strict=True):
        values = np.asarray(values)
        units = np.argsort(-values, kind="stable")
        panel.bar(np.arange(len(units)), values[units], color=BLUE, width=0.8)
        of.number_units(panel, units, narrow=wide)
        never = int(np.sum(values == 0))
        title = f"{len(units)} units, {never} never on"
        panel.set(
            xlabel="unit, the busiest first",
            ylim=(0, 1.04),
            xlim=(-0.8, len(units) - 0.2),
            title=f"{name}: {title}" if name else f"firing rates of {title}",
        )
        panel.title.set_fontsize(11)
        of.frame(panel)
        quarter, half, last = np.percentile(values, (75, 50, 25))
        said.append(
            f"{name + ': ' if name else ''}{title}; the busiest is unit {units[0]}, on for "
            f"{of.said(values[units[0]])} of the images, the least busy unit {units[-1]}, on for "
            f"{of.said(values[units[-1]])}; half of the units lie between {of.said(last)} and "
            f"{of.said(quarter)}, the median is {of.said(half)}"
        )
    panels[0].set_ylabel("share of images")
    return of.finished(panels, ax, alt or f"Firing rates as bars. {'. '.join(said)}.")


@of.file_defaults
def plot_atoms(
    atoms, titles=None, columns=8, most=64, *, label="decoder weight", alt=None, axes=None
):
    """Decoder weights (units, 784) as pictures, one per unit: the atoms.

    atoms: or `{name: atoms}` for several models side by side, each on its own scale.
    label: what one number of an atom is called, in the singular.
    All share one scale with zero in the middle: a unit that is on adds ink where its atom is red
    and takes ink away where it is blue. The scale ends where one weight in a hundred is larger,
    so that a few pixels do not make all others pale. Of more than `most` atoms the first are shown.
    """
    models = atoms if isinstance(atoms, dict) else {"": atoms}
    shown = [of.as_squares(gallery[:most]) for gallery in models.values()]
    heads = [
        f"{name}{f' (the first {most} of {len(gallery)})' if len(gallery) > most else ''}".strip()
        for name, gallery in models.items()
    ]
    numbers = [len(gallery) for gallery in shown]
    size, columns = (0.84, columns) if len(models) == 1 else (0.56, min(columns, 6))
    top = 0.25 if any(heads) else 0
    panels = of.grid_of_panels(axes, numbers, columns, size, above=0.15, right=0.85, top=top)
    said = []
    for head, gallery in zip(heads, shown, strict=True):
        mine, panels = panels[: len(gallery)], panels[len(gallery) :]
        names = of.as_titles(range(len(gallery)) if titles is None else titles, len(gallery))
        limit, extend = of.color_scale(gallery)
        for panel, atom, name in zip(mine, gallery, names, strict=True):
            picture = of.draw_weights(panel, atom, limit)
            panel.set_title(name, fontsize=8, pad=2)
        mine[0].annotate(head, (0, 1), (0, 14), "axes fraction", "offset points", fontsize=11)
        where = {"ax": list(mine)} if axes is not None else {"cax": of.beside(mine)}
        mine[0].figure.colorbar(picture, **where, extend=extend, label=label)
        lengths = np.sqrt(np.sum(gallery**2, axis=(1, 2)))
        low, high = lengths.argmin(), lengths.argmax()
        said.append(
            f"{head}{head and ': '}{of.counted(len(gallery), 'atom')}, each a picture of 28 by 28 "
            f"{label}s, red where it adds ink, blue where it takes ink away. The shortest is "
            f"{names[low]} with length {of.said(lengths[low])}, the longest {names[high]} with "
            f"length {of.said(lengths[high])}. Colours end at ±{of.said(limit)}."
        )
    return of.finished(mine, axes, alt or " ".join(said))


@of.file_defaults
def plot_weight_image(weights, title=None, *, alt=None, ax=None):
    """784 weights as one picture, blue to red with white at zero.

    The scale ends where one weight in a hundred is larger.
    """
    (picture,) = of.as_squares(np.reshape(weights, (1, -1)))
    (panel,) = panels = of.panels_of(ax, 1, 1, (3.6, 3.0))
    limit, extend = of.color_scale(picture)
    shown = of.draw_weights(panel, picture, limit)
    if title is not None:
        panel.set_title(title, fontsize=10)
    panel.figure.colorbar(shown, ax=panel, shrink=0.85, extend=extend, label="weight")
    places = []
    for word, at in (("largest", picture.argmax()), ("smallest", picture.argmin())):
        row, column = divmod(int(at), 28)
        places.append(
            f"the {word} weight, {of.said(picture[row, column])}, is in row {row}, column {column}"
        )
    text = (
        f"{title or 'Weights'}: 28 by 28 weights as a picture, red above zero, blue below; "
        f"{np.mean(picture > 0):.0%} are above zero; {'; '.join(places)}."
    )
    return of.finished(panels, ax, alt or text)


@of.file_defaults
def plot_unit_card(card, *, alt=None):
    """A unit's card, as `unit_card` makes it: what it paints, looks for, and is on for.

    At the left the unit's atom and its column of the encoder, each on its own scale with white at
    zero. At the right digits that light it, from the strongest on, each under its label and its
    activation; their copies, and the copies without the unit. Below, the share of each digit among
    all images that light it, beside the base rate, the same of all images.
    """
    shown = [of.as_squares(card[row]) for row in ("images", "copies", "without")]
    columns, rows, side, left = len(shown[0]), ("digit", "copy", "without it"), 0.84, 2.75
    width, height = left + max(columns, 6) * (side + 0.02), 4.75
    figure = plt.figure(figsize=(width, height))

    def panel_at(x, y, across, up):
        return figure.add_axes((x / width, y / height, across / width, up / height))

    panels = [panel_at(0, y, 1.68, 1.68) for y in (2.7, 0.45)]
    for panel, name in zip(panels, ("atom", "column"), strict=True):
        weights = card[name].reshape(28, 28)
        of.draw_weights(panel, weights, of.color_scale(weights)[0])
    panels[0].set_title("atom: what it paints", fontsize=10)
    panels[1].set_title("encoder column: what it looks for", fontsize=10, x=0, ha="left")
    for row, (name, images) in enumerate(zip(rows, shown, strict=True)):
        for place, image in enumerate(images):
            y = height - 0.4 - (row + 1) * (side + 0.02)
            panels.append(panel_at(left + place * (side + 0.02), y, side, side))
            of.draw_digit(panels[-1], image)
        panels[-columns].set_ylabel(name, fontsize=10)
    heads = [
        f"{label}: {h:.1f}" for label, h in zip(card["labels"], card["activations"], strict=True)
    ]
    for panel, head in zip(panels[2:], heads, strict=False):
        panel.set_title(head, fontsize=10, pad=3)
    bars, digits = panel_at(left, 0.45, width - left, 1.1), np.arange(10)
    bars.bar(digits - 0.2, card["profile"], 0.4, color=BLUE, label="images that light it")
    bars.bar(digits + 0.2, card["base"], 0.4, color=GREY, label="all images: the base rate")
    bars.set(xticks=digits, xlabel="digit", ylabel="share", xlim=(-0.6, 9.6))
    bars.set_ylim(0, 1.35 * max(*card["profile"], *card["base"]))
    bars.legend(fontsize=8, ncols=2, frameon=False, loc="upper right", borderaxespad=0)
    of.frame(bars)
    digit = int(np.argmax(card["profile"]))
    facts = (
        f"on for {card['rate']:.1%} of the images",
        f"{card['purity']:.0%} of these are of digit {digit}",
        f"on for {card['recall']:.0%} of all of digit {digit}",
        f"BCE of these {card['bce']:.3f}, without it {card['bce_without']:.3f}",
    )
    title = f"unit {card['unit']}: {facts[0]}; {facts[1]} (purity), {facts[2]} (recall)"
    more = f"{facts[3]}; cosine of atom and column {card['cosine']:.2f}"
    figure.text(0, 1.07, title, fontsize=10, fontweight="bold")
    figure.text(0, 1.02, more, fontsize=10)
    shares = zip(digits, card["profile"], card["base"], strict=True)
    text = (
        f"The card of unit {card['unit']}: {of.joined(facts, '; ')}. Its atom and its column of "
        f"the encoder as pictures, with a cosine of {card['cosine']:.2f}. "
        f"{of.counted(columns, 'digit')} that light it, each with its activation, the strongest "
        f"first: {of.joined(heads, '; ')}; below them their copies, and the copies without the "
        "unit. Bars: the share of each digit among all images that light it, in brackets among all "
        f"images: {of.joined(f'{d}, {share:.2f} ({base:.2f})' for d, share, base in shares)}."
    )
    return of.finished([*panels, bars], None, alt or text)
