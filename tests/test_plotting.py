"""Figures show the numbers they are given, on the axes they are handed, and change nothing else."""

import base64
import io
import pickle

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

import sparse_ae as s
from sparse_ae.support import pictures as drawn

HISTORY = {
    "loss": [0.30, 0.20, 0.15],
    "binary_crossentropy": [0.28, 0.19, 0.145],
    "val_loss": [0.25, 0.18, 0.14],
    "val_binary_crossentropy": [0.24, 0.175, 0.136],
}


@pytest.fixture
def digits(x_test):
    return x_test[:12]


def pictures(figure):
    return [image.get_array() for ax in figure.axes for image in ax.images]


def every_figure(digits):
    codes = np.arange(64.0).reshape(2, 32) % 5
    rates = np.linspace(0, 1, 32)
    yield s.plot_images(digits, titles=range(12))
    yield s.plot_reconstructions(digits, digits)
    yield s.plot_autoencoder(digits[0], codes[0], digits[0])
    yield s.plot_activations()
    yield s.plot_gradient_step()
    yield s.plot_pixel_costs([0, 0.2, 0.5, 1])
    yield s.plot_history(HISTORY, 0.058, 0.2625)
    yield s.plot_runs({"slow": ([0.3, 0.2], [2.0, 4.0])}, 0.058, 0.2625)
    yield s.plot_curves([1, 2, 4], {"a": [3, 2, 1]}, "k", "BCE", log_x=True)
    yield s.plot_bars({"ink": [1, 2], "paper": [3, 1]}, "ab", "digit", "cost")
    yield s.plot_scatter([1, 2, 3], [3, 1, 2], "x", "y", labels=["a", "b", "c"])
    yield s.plot_codes(codes, sort=True)
    yield s.plot_firing_rates({"lesson": rates, "length 1": rates})
    yield s.plot_atoms(digits - 0.5)
    yield s.plot_atoms({"lesson": digits - 0.5, "length 1": digits - 0.2})
    yield s.plot_weight_image(digits[0] - 0.5, title="unit 0")
    yield s.plot_unit_card(a_card(digits))


def a_card(digits):
    rng = np.random.default_rng(0)
    W, V = rng.normal(size=(784, 3)), rng.normal(size=(3, 784))
    labels = np.arange(12) % 10
    return s.unit_card(1, digits, labels, W, np.full(3, 20.0), V, np.zeros(784), shares=(1, 0.5, 0))


@pytest.mark.slow
def test_every_figure_is_drawn_and_nothing_global_changes(digits, tmp_path):
    before = dict(mpl.rcParams)
    for number, figure in enumerate(every_figure(digits)):
        assert type(figure) is Figure
        figure.savefig(tmp_path / f"{number}.png")
        width, _ = figure.get_size_inches()
        assert width <= 10
        assert len(figure.alt) > 60 and figure.alt.endswith(".") and "nan" not in figure.alt
    assert dict(mpl.rcParams) == before


def test_images_on_one_scale(digits):
    figure = s.plot_images(digits, titles=range(12), columns=5)
    shown = [ax for ax in figure.axes if ax.images]
    assert len(figure.axes) == len(shown) == 12
    for ax, digit in zip(shown, digits, strict=True):
        assert np.array_equal(ax.images[0].get_array(), digit.reshape(28, 28))
        assert ax.images[0].get_clim() == (0, 1)
    assert [ax.get_title() for ax in shown] == [str(n) for n in range(12)]


def test_reconstructions_are_two_rows(digits):
    figure = s.plot_reconstructions(digits, 1 - digits, n=4, titles="abcd", rows=("x", "y"))
    shown = pictures(figure)
    assert len(shown) == 8
    assert np.allclose(shown[1] + shown[5], 1)
    assert [figure.axes[0].get_ylabel(), figure.axes[4].get_ylabel()] == ["x", "y"]


def test_history_takes_the_sum_apart():
    figure = s.plot_history(HISTORY, perfect_copy=0.058, mean_image=0.2625)
    left, right = figure.axes
    lines = {line.get_label().split(" ")[0]: line.get_ydata() for line in left.lines}
    assert set(lines) == {"mean", "perfect", "train", "test"}
    assert list(lines["train"]) == HISTORY["binary_crossentropy"]
    assert set(lines["perfect"]) == {0.058}
    train, test = (line.get_ydata() for line in right.lines)
    assert np.allclose(train, [0.02, 0.01, 0.005]) and np.allclose(test, [0.01, 0.005, 0.004])


def test_history_of_another_loss_without_validation():
    figure = s.plot_history(
        {"loss": [3, 2], "mean_squared_error": [2, 1]}, loss="mean_squared_error"
    )
    left, right = figure.axes
    assert left.get_ylabel() == "mean squared error" and len(left.lines) == 1
    assert list(right.lines[0].get_ydata()) == [1, 1]


def test_pixel_costs_are_cheapest_at_the_pixel():
    for ax in s.plot_pixel_costs([0.2, 0.5, 0.7]).axes:
        dots = [line.get_xdata()[0] for line in ax.lines if line.get_marker() == "o"]
        assert np.allclose(dots, [0.2, 0.5, 0.7], atol=1e-3)


def test_codes_mark_units_that_are_off():
    (ax,) = s.plot_codes([[0.0, 2.0, 0.0, 1.0]]).axes
    assert [bar.get_height() for bar in ax.patches] == [0, 2, 0, 1]
    assert list(ax.lines[0].get_xdata()) == [0, 2]


def test_firing_rates_are_sorted_and_count_the_dead():
    figure = s.plot_firing_rates([0.2, 0.0, 0.9])
    (ax,) = figure.axes
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["2", "0", "1"]
    assert "busiest is unit 2, on for 0.9" in figure.alt
    assert [bar.get_height() for bar in ax.patches] == [0.9, 0.2, 0]
    assert "1 never on" in ax.get_title()


def test_signed_weights_have_white_at_zero(digits):
    atoms = digits - 0.2
    for figure in (s.plot_atoms(atoms), s.plot_weight_image(atoms[0])):
        image = figure.axes[0].images[0]
        low, high = image.get_clim()
        assert low == -high < 0
        assert np.allclose(image.cmap(image.norm(0.0)), 1, atol=0.04)
    assert len({image.get_clim() for ax in s.plot_atoms(atoms).axes for image in ax.images}) == 1


def test_many_atoms_and_no_weights():
    figure = s.plot_atoms(np.zeros((100, 784)), most=16)
    assert len(pictures(figure)) == 16
    assert any("first 16 of 100" in text.get_text() for text in figure.axes[0].texts)
    assert "first 16 of 100" in figure.alt


def test_axes_that_are_handed_in(digits):
    figure, axes = plt.subplots(2, 4)
    assert s.plot_firing_rates([0.5, 0.1], ax=axes[0, 0]) is figure
    assert s.plot_weight_image(digits[0], ax=axes[0, 1]) is figure
    assert s.plot_history(HISTORY, axes=axes[0, 2:]) is figure
    assert s.plot_codes(np.ones((2, 5)), axes=axes[1, :2]) is figure
    assert s.plot_pixel_costs([0.5], axes=axes[1, 2:]) is figure
    assert all(ax.has_data() for ax in axes.flat)
    figure, axes = plt.subplots(4, 6)
    assert s.plot_images(digits[:6], axes=axes[0]) is figure
    assert s.plot_reconstructions(digits, digits, n=6, axes=axes[1:3]) is figure
    assert s.plot_atoms(digits[:6], axes=axes[3]) is figure
    assert all(len(ax.images) == 1 for ax in axes.flat)
    with pytest.raises(ValueError, match="axes must be at least 12 Axes and are 6"):
        s.plot_images(digits, axes=axes[0])
    assert plt.fignum_exists(figure.number)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda x: s.plot_images(x[0]), ["images", "(784,)", "np.newaxis"]),
        (lambda x: s.plot_images(x[:, :700]), ["images", "(12, 700)"]),
        (lambda x: s.plot_reconstructions(x[:3], x[:2]), ["reconstructions", "3", "2"]),
        (lambda x: s.plot_images(x[:3], titles="ab"), ["titles", "3", "2"]),
        (lambda x: s.plot_atoms(x[:3], titles="ab"), ["titles", "3", "2"]),
        (lambda x: s.plot_history({"loss": [1]}), ["history", "binary_crossentropy", "metrics"]),
    ],
)
def test_bad_arguments(digits, call, words):
    with pytest.raises(ValueError) as problem:
        call(digits)
    assert "\n" not in str(problem.value) and all(word in str(problem.value) for word in words)


def test_runs_are_drawn_against_epochs_and_seconds():
    runs = {"slow": ([0.3, 0.2, 0.1], [2.0, 4.0, 6.0]), "fast": ([0.2, 0.1], [0.5, 1.0])}
    left, right = s.plot_runs(runs, 0.05, 0.26).axes
    for ax, positions in ((left, [[1, 2, 3], [1, 2]]), (right, [[2, 4, 6], [0.5, 1]])):
        curves = ax.lines[0], ax.lines[2]
        assert curves[0].get_linestyle() != curves[1].get_linestyle()
        assert [curve.get_label() for curve in curves] == ["slow", "fast"]
        assert [list(curve.get_xdata()) for curve in curves] == positions
        assert [list(curve.get_ydata()) for curve in curves] == [run[0] for run in runs.values()]
        assert {line.get_ydata()[0] for line in ax.lines[4:]} == {0.05, 0.26}
    assert left.get_ylim() == right.get_ylim() and right.get_xlim()[0] == 0


# What is said of a figure, and how it is shown


def shown(figure, displayed):
    """What a notebook is given for the figure."""
    figure._ipython_display_()
    return displayed.pop()


@pytest.fixture
def displayed(monkeypatch):
    import IPython.display

    calls = []
    monkeypatch.setattr(
        IPython.display, "display", lambda data, **options: calls.append((data, options))
    )
    return calls


def test_a_picture_and_its_words_reach_the_notebook(digits, displayed):
    figure = s.plot_images(digits[:2], titles=[7, 2], alt='Two digits, "7" & 2')
    data, options = shown(figure, displayed)
    assert options == {"metadata": {"image/png": {"alt": 'Two digits, "7" & 2'}}, "raw": True}
    assert data["text/plain"] == repr(figure)
    assert data["text/html"] == (
        '<img alt="Two digits, &quot;7&quot; &amp; 2" '
        f'src="data:image/png;base64,{data["image/png"]}">'
    )
    image = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
    assert image.mode == "P" and image.convert("RGB").getpixel((0, 0)) == (255, 255, 255)
    again, _ = shown(s.plot_images(digits[:2], titles=[7, 2], alt="Two digits"), displayed)
    assert again["image/png"] == data["image/png"]


@pytest.mark.slow
def test_a_palette_is_not_seen(digits):
    for figure in (s.plot_atoms(digits - 0.5), s.plot_pixel_costs([0, 0.2]), s.plot_images(digits)):
        all_colors, palette = (
            np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), dtype=int)
            for data in (drawn.png(figure, None), drawn.png(figure))
        )
        assert np.mean(np.abs(all_colors - palette) > 16) < 1e-3


def test_a_figure_made_by_hand_is_described(displayed):
    figure, ax = plt.subplots(figsize=(2, 1))
    ax.plot([1, 2])
    assert drawn.describe(figure, "A rising line.") is figure
    assert 'alt="A rising line."' in shown(figure, displayed)[0]["text/html"]


def test_words_on_axes_that_are_handed_in_join(digits):
    figure, axes = plt.subplots(1, 2)
    s.plot_weight_image(digits[0], title="left", ax=axes[0])
    s.plot_weight_image(digits[1], title="right", ax=axes[1])
    assert figure.alt.index("left:") < figure.alt.index("right:")


def test_described_figures_can_be_pickled(digits):
    assert pickle.loads(pickle.dumps(s.plot_images(digits))).alt.startswith("12 images")


def test_words_are_made_from_the_data(digits):
    alt = s.plot_reconstructions(digits, 1 - digits, n=3, titles=[7, 2, 1]).alt
    assert alt.startswith("Three images titled 7, 2, 1, in the row original; below them")
    assert "train goes from 0.28 to 0.145" in s.plot_history(HISTORY, 0.058).alt
    assert "perfect copy 0.0580" in s.plot_history(HISTORY, 0.058).alt
    alt = s.plot_codes([[0.0, 2.0, 0.0, 1.0]], titles=["a 7"]).alt
    assert "a 7: 2 units are on; the strongest unit 1 with 2, unit 3 with 1" in alt
    weights = np.zeros((28, 28))
    weights[3, 4] = 2
    assert "the largest weight, 2, is in row 3, column 4" in s.plot_weight_image(weights).alt


def test_nobodys_style_changes_a_figure(digits):
    plain = drawn.png(s.plot_codes([[1, 2, 0]]))
    with mpl.rc_context({"text.usetex": True, "axes.facecolor": "black", "figure.dpi": 50}):
        before = dict(mpl.rcParams)
        figure = s.plot_codes([[1, 2, 0]])
        assert drawn.png(figure) == plain
        assert dict(mpl.rcParams) == before


# The newer figures draw what they are given


def test_rows_are_named(digits):
    figure = s.plot_images(digits[:6], titles="abc", columns=3, rows=("x", "y"))
    assert [ax.get_title() for ax in figure.axes] == ["a", "b", "c", "", "", ""]
    assert [figure.axes[n].get_ylabel() for n in (0, 3)] == ["x", "y"]


def test_a_rare_weight_does_not_set_the_scale(digits):
    atoms = digits - 0.5
    atoms[0, 0] = 90
    figure = s.plot_atoms(atoms)
    assert figure.axes[0].images[0].get_clim() == (-0.5, 0.5)
    assert figure.axes[-1].get_ylabel() == "decoder weight"
    assert s.plot_atoms(atoms, label="weight").axes[-1].get_ylabel() == "weight"
    assert figure.axes[11].images[0].colorbar.extend == "both"
    assert s.plot_atoms(digits - 0.5).axes[11].images[0].colorbar.extend == "neither"


def test_two_galleries_have_a_scale_each(digits):
    figure = s.plot_atoms({"lesson": digits - 0.5, "length 1": (digits - 0.5) / 10})
    limits = {image.get_clim()[1] for ax in figure.axes[:24] for image in ax.images}
    assert np.allclose(sorted(limits), [0.05, 0.5])
    assert figure.alt.index("lesson: 12 atoms") < figure.alt.index("length 1: 12 atoms")


def test_codes_in_the_order_of_the_first():
    first, second = s.plot_codes([[1.0, 3.0, 0.0], [5.0, 6.0, 7.0]], sort=True).axes
    assert [bar.get_height() for bar in first.patches] == [3, 1, 0]
    assert [bar.get_height() for bar in second.patches] == [6, 5, 7]
    assert [tick.get_text() for tick in second.get_xticklabels()] == ["1", "0", "2"]


def test_firing_rates_side_by_side():
    figure = s.plot_firing_rates({"a": [0.2, 0.9], "b": [0.0, 0.5]})
    left, right = figure.axes
    assert [bar.get_height() for bar in left.patches] == [0.9, 0.2]
    assert right.get_title() == "b: 2 units, 1 never on"
    assert left.get_ylim() == right.get_ylim()


def test_the_autoencoder_is_drawn_with_its_code(digits):
    code = np.array([0.0, 2.0, 1.0])
    figure = s.plot_autoencoder(digits[0], code, 1 - digits[0])
    (ax,) = figure.axes
    first, copy, *strips = (image.get_array() for image in ax.images)
    assert np.array_equal(first, digits[0].reshape(28, 28)) and np.allclose(first + copy, 1)
    assert [strip.shape for strip in strips] == [(784, 1), (784, 1)]
    lengths = [bar.get_width() for bar in ax.containers[0]]
    assert np.allclose(lengths, code / 2)
    words = " ".join(text.get_text() for text in ax.texts)
    assert all(word in words for word in ("encoder", "decoder", "code: 3 units", "784"))
    assert "3 units drawn as bars, 2 of them on (the strongest unit 1" in figure.alt


def test_activations():
    relu, sigmoid = (ax.lines[0] for ax in s.plot_activations().axes)
    assert np.array_equal(relu.get_ydata(), np.maximum(relu.get_xdata(), 0))
    assert np.allclose(sigmoid.get_ydata() + sigmoid.get_ydata()[::-1], 1)


def test_a_gradient_step_goes_down_the_slope():
    figure = s.plot_gradient_step(weight=-1, rate=0.5)
    start, end = figure.axes[0].lines[2].get_xdata()
    assert (start, end) == (-1, 0)  # the slope is -2
    flat = figure.axes[1].lines[0].get_ydata()
    assert np.all(flat == flat[0]) and list(figure.axes[1].lines[1].get_xdata()) == [-1]
    assert "leads to weight 0, where the loss is 0.5 instead of 2" in figure.alt


def test_curves_and_lines_to_compare_with():
    curves = {"a": [3.0, 2.0, 1.0], "b": [1.0, 1.0, 1.0]}
    figure = s.plot_curves([1, 4, 16], curves, "k", "BCE", log_x=True, lines={"mean": 0.26})
    (ax,) = figure.axes
    assert ax.get_xscale() == "log"
    assert [list(line.get_ydata()) for line in ax.lines[:2]] == list(curves.values())
    assert ax.lines[2].get_ydata()[0] == 0.26
    assert "a 3 at 1, 2 at 4, 1 at 16" in figure.alt and "mean 0.26" in figure.alt


@pytest.mark.parametrize("horizontal", [False, True])
def test_bars_of_two_parts_stand_on_each_other(horizontal):
    figure = s.plot_bars(
        {"ink": [1, 2], "paper": [4, 0.5]}, "ab", "digit", "cost", horizontal=horizontal
    )
    _, paper = figure.axes[0].containers
    sizes = "width" if horizontal else "height"
    assert [bar.properties()[sizes] for bar in paper] == [4, 0.5]
    assert [bar.get_x() if horizontal else bar.get_y() for bar in paper] == [1, 2]
    assert "a, 5 (ink 1, paper 4); b, 2.5 (ink 2, paper 0.5)" in figure.alt


def test_sorted_bars():
    figure = s.plot_bars([1, 3, 2], "abc", "digit", "excess", sort=True)
    (ax,) = figure.axes
    assert [bar.get_height() for bar in ax.patches] == [3, 2, 1]
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["b", "c", "a"]


def test_points_are_grouped_and_named():
    figure = s.plot_scatter(
        [1, 2, 1], [3, 1, 3], "L0", "BCE", groups=["x", "y", "x"], labels=["one", "two", "three"]
    )
    (ax,) = figure.axes
    assert [len(points.get_offsets()) for points in ax.collections] == [2, 1]
    assert [text.get_text() for text in ax.texts] == ["one", "two", "three"]
    figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in ax.texts]
    assert not boxes[0].overlaps(boxes[2])
    assert "two: 2, 1" in figure.alt


def test_points_of_digits():
    figure = s.plot_scatter([1, 2, 3, 4], [1, 2, 3, 4], "ink", "BCE", groups=[7, 0, 7, 0])
    assert len(figure.axes[0].collections) == 2
    assert "correlation is 1. 0: on average 3, 3; 7: on average 2, 2." in figure.alt


def test_points_of_a_sweep_are_joined_through_their_means():
    figure = s.plot_scatter(
        [1e-4, 1e-4, 1e-3, 1e-4], [4, 6, 1, 8], "λ", "L0", groups=["a", "a", "a", "b"],
        joined=True, log_x=True,
    )  # fmt: skip
    (ax,) = figure.axes
    assert ax.get_xscale() == "log"
    assert [line.get_xydata().tolist() for line in ax.lines] == [
        [[1e-4, 5], [1e-3, 1]],
        [[1e-4, 8]],
    ]
    assert mpl.colors.same_color(ax.lines[0].get_color(), ax.collections[0].get_facecolor()[0])
    assert "a 5 at 0.0001, 1 at 0.001" in figure.alt and "correlation" not in figure.alt


def test_a_card_shows_atom_column_digits_and_the_base_rate(digits):
    card = a_card(digits)
    figure = s.plot_unit_card(card)
    shown = pictures(figure)
    assert len(shown) == 2 + 3 * 3
    assert np.array_equal(np.ravel(shown[0]), card["atom"])
    assert np.array_equal(np.ravel(shown[1]), card["column"])
    assert np.array_equal(np.ravel(shown[2]), card["images"][0])
    assert np.array_equal(np.ravel(shown[5]), card["copies"][0])
    assert np.array_equal(np.ravel(shown[8]), card["without"][0])
    bars = [bar.get_height() for bar in figure.axes[-1].patches]
    assert np.allclose(bars[:10], card["profile"]) and np.allclose(bars[10:], card["base"])
    for words in (
        "The card of unit 1: on for 100.0% of the images",
        f"; {card['purity']:.0%} of these are of digit 0; on for 100% of all of digit 0",
        f"cosine of {card['cosine']:.2f}",
        f"{card['labels'][0]}: {card['activations'][0]:.1f}",
        "0, 0.17 (0.17), 1, 0.17 (0.17), 2, 0.08 (0.08)",
    ):
        assert words in figure.alt, words
