"""What all figures share: panels, colours and scales, the words of a figure, and its PNG.

Every figure says in words what it shows: `figure.alt` is read out in place of the picture.
"""

import base64
import functools
import html
import io
import math

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.transforms import Bbox
from PIL import Image

BLUE, ORANGE, GREEN, RED, GREY = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#7F7F7F"
PURPLE, SKY = "#CC79A7", "#56B4E9"
COLORS = (BLUE, ORANGE, GREEN, RED, PURPLE, SKY, GREY)
DASHES = ("-", "--", "-.", ":")  # where one line hides another, both are seen
MARKERS = "os^Dv*P"
INK = plt.get_cmap("gray_r", 33)  # white to black; more greys nobody sees, and the file has them
WIDTH = 8.4  # inches: what a notebook's column shows without shrinking it

file_defaults = plt.style.context(
    "default"
)  # as a decorator: drawn as if there were no matplotlibrc


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


def _show(figure):
    """Called by IPython when a figure is the value of a cell or is displayed.

    JupyterLab and nbconvert take the words only from HTML, so the picture is there twice: as PNG
    for the others, and in HTML. Few colours make it small enough for that.
    """
    from IPython.display import display

    data, metadata = with_words(png(figure), figure.alt)
    display({"text/plain": repr(figure), **data}, metadata=metadata, raw=True)


def with_words(content, alt):
    """PNG bytes and what is read out in their place, as data and metadata of an output."""
    picture = base64.b64encode(content).decode()
    words = f'<img alt="{html.escape(alt)}" src="data:image/png;base64,{picture}">'
    return {"image/png": picture, "text/html": words}, {"image/png": {"alt": alt}}


@file_defaults
def png(figure, colors=128):
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


def finished(panels, given, alt):
    """The figure with its words; on Axes that were handed in they join the words already there."""
    figure = panels[0].figure.figure  # the second step leads from a subfigure to the whole
    if given is None:
        return describe(figure, alt)
    figure.alt = f"{figure.alt} {alt}" if hasattr(figure, "alt") else alt
    figure._ipython_display_ = functools.partial(_show, figure)
    return figure


def panels_of(axes, rows, columns, figsize, **options):
    """A flat array of rows times columns Axes: the ones handed in, or those of a new figure."""
    if axes is None:
        options = {"figsize": figsize, "layout": "constrained", "squeeze": False, **options}
        axes = plt.subplots(rows, columns, **options)[1]
    axes = np.ravel(axes)
    if len(axes) < rows * columns:
        raise ValueError(f"axes must be at least {rows * columns} Axes and are {len(axes)}.")
    return axes


def grid_of_panels(axes, number, columns, size=0.84, above=0.0, left=0.0, right=0.0, top=0.0):
    """A flat array of Axes for `number` square pictures: the ones handed in, or new ones in a grid.

    In inches: size, a picture's side, two or three screen pixels for each of its 28; the room
    above each picture for a title, left for the names of the rows, right, and at the top.
    number: or a list, for several grids side by side.
    """
    if axes is not None:
        return panels_of(axes, int(np.sum(number)), 1, None)
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


def draw_digit(ax, image):
    ax.imshow(image, cmap=INK, vmin=0, vmax=1, interpolation="nearest")
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set(color="0.85", linewidth=0.6)


def draw_strip(ax, picture, left, right, middle, height):
    extent = (left, right, middle - height / 2, middle + height / 2)
    ax.imshow(picture, cmap=INK, vmin=0, vmax=1, extent=extent, aspect="auto")
    ax.add_patch(
        plt.Rectangle((left, extent[2]), right - left, height, fill=False, color="0.7", lw=0.8)
    )


def draw_weights(ax, weights, limit):
    ax.axis("off")
    return ax.imshow(weights, cmap="RdBu_r", vmin=-limit, vmax=limit, interpolation="nearest")


def beside(panels):
    """Axes for a colour bar at the right of a grid."""
    places = [panel.get_position() for panel in panels]
    right, low = max(place.x1 for place in places), min(place.y0 for place in places)
    width, tall = 0.11 / panels[0].figure.get_size_inches()[0], places[0].y1 - low
    return panels[0].figure.add_axes((right + width, low + 0.08 * tall, width, 0.84 * tall))


def draw_lines(panels, lines):
    for panel in panels:
        for (name, value), style in zip(
            lines.items(), ("--", ":", "-.") * len(lines), strict=False
        ):
            panel.axhline(value, color=GREY, linestyle=style, label=name)


def bracket_lines(perfect_copy, mean_image):
    """The two brackets that are given, as `{label: value}`."""
    both = {"mean image": mean_image, "perfect copy": perfect_copy}
    return {f"{name} {value:.4f}": value for name, value in both.items() if value is not None}


def name_points(ax, x, y, names):
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


def number_units(ax, units, narrow=False):
    """The numbers of the units under their bars, as long as they can be read."""
    if len(units) <= 64:
        ax.set_xticks(np.arange(len(units)), units)
        small = narrow or len(units) > 32
        ax.tick_params(axis="x", labelsize=7 if small else 9, labelrotation=90 if small else 0)


def line_style(number):
    """Colour and dashes of the line with this number."""
    return {"color": COLORS[number % len(COLORS)], "linestyle": DASHES[number % len(DASHES)]}


def frame(ax):
    ax.spines[["top", "right"]].set_visible(False)


def as_squares(images):
    images = np.asarray(images)
    if images.ndim == 3 and images.shape[1:] == (28, 28) and len(images):
        return images
    if images.ndim != 2 or images.shape[1] != 784 or len(images) == 0:
        raise ValueError(
            f"images must have the shape (n, 784) or (n, 28, 28) and has {images.shape}: "
            "for a single image use images[np.newaxis]."
        )
    return images.reshape(-1, 28, 28)


def as_titles(titles, number):
    """The first `number` titles as strings; None stays None."""
    if titles is None:
        return None
    titles = [str(title) for title in titles][:number]
    if len(titles) < number:
        raise ValueError(
            f"titles must be at least {number}, one per picture, and are {len(titles)}."
        )
    return titles


def color_scale(values):
    """The end of a colour scale with zero in the middle, and how the colour bar ends.

    99 of 100 magnitudes are not beyond that end; arrows at the bar say that some are.
    """
    sizes = np.abs(values)
    limit = float(np.percentile(sizes, 99)) or float(np.max(sizes)) or 1.0
    return limit, "both" if np.max(sizes) > limit else "neither"


# What is said of a figure: short, and easy to follow by ear


def said(value):
    """A number with three digits that matter, zeros at its end left out."""
    return f"{value:.3g}".replace("-", "\N{MINUS SIGN}")


def span(values):
    low, high = said(np.min(values)), said(np.max(values))
    return low if low == high else f"{low} to {high}"


def counted(number, noun):
    words = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
    return f"{words[number] if number < len(words) else number} {noun}{'' if number == 1 else 's'}"


def joined(items, separator=", ", most=40):
    items = [str(item) for item in items]
    more = f"{separator}and {len(items) - most} more" if len(items) > most else ""
    return separator.join(items[:most]) + more


def from_to(values):
    if len(values) == 1:
        return f"is {said(values[0])}"
    return f"goes from {said(values[0])} to {said(values[-1])}"


def along(x, y):
    """All points of a short curve; of a long one its ends, its lowest and its highest point."""
    x, y = np.asarray(x), np.asarray(y)
    if len(x) > 10:
        low, high = int(np.argmin(y)), int(np.argmax(y))
        return (
            f"{from_to(y)}, is lowest with {said(y[low])} at {said(x[low])} and highest with "
            f"{said(y[high])} at {said(x[high])}"
        )
    return joined(f"{said(b)} at {said(a)}" for a, b in zip(x, y, strict=True))


def strongest_said(code, most=3):
    units = [unit for unit in np.argsort(-np.asarray(code), kind="stable")[:most] if code[unit] > 0]
    if not units:
        return "none is on"
    return "the strongest " + joined(f"unit {unit} with {said(code[unit])}" for unit in units)


def lines_said(lines):
    return f" Horizontal lines: {joined(lines)}." if lines else ""
