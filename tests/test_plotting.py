"""Figures show the numbers they are given, on the axes they are handed, and change nothing else."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure

import sparse_ae as s

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
    yield s.plot_images(digits, titles=range(12))
    yield s.plot_reconstructions(digits, digits)
    yield s.plot_pixel_costs([0, 0.2, 0.5, 1])
    yield s.plot_history(HISTORY, 0.058, 0.2625)
    yield s.plot_codes(codes)
    yield s.plot_firing_rates(np.linspace(0, 1, 32))
    yield s.plot_atoms(digits - 0.5)
    yield s.plot_weight_image(digits[0] - 0.5, title="unit 0")


def test_every_figure_is_drawn_and_nothing_global_changes(digits, tmp_path):
    before = dict(mpl.rcParams)
    for number, figure in enumerate(every_figure(digits)):
        assert type(figure) is Figure
        figure.savefig(tmp_path / f"{number}.png")
        width, _ = figure.get_size_inches()
        assert width <= 10
    assert dict(mpl.rcParams) == before


def test_images_on_one_scale(digits):
    figure = s.plot_images(digits, titles=range(12), columns=5)
    shown = [ax for ax in figure.axes if ax.images]
    assert len(figure.axes) == 15 and len(shown) == 12
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
    (ax,) = s.plot_firing_rates([0.2, 0.0, 0.9]).axes
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
    assert "first 16 of 100" in figure.get_suptitle()


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
        assert [curve.get_label() for curve in curves] == ["slow", "fast"]
        assert [list(curve.get_xdata()) for curve in curves] == positions
        assert [list(curve.get_ydata()) for curve in curves] == [run[0] for run in runs.values()]
        assert {line.get_ydata()[0] for line in ax.lines[4:]} == {0.05, 0.26}
    assert left.get_ylim() == right.get_ylim() and right.get_xlim()[0] == 0
