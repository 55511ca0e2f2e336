"""`plot_model` on a machine without the `dot` program and without fonts."""

import numpy as np
import pytest
from matplotlib import image

from sparse_ae import build_autoencoder, plot_model
from sparse_ae.support.keras_start import keras


@pytest.fixture(scope="module")
def model():
    return build_autoencoder()


def test_the_lessons_line_without_dot(model, tmp_path, monkeypatch, capfd):
    monkeypatch.setenv("PATH", str(tmp_path))
    file = tmp_path / "model_plot.png"
    shown = plot_model(model, to_file=file, show_shapes=True, show_layer_names=True)
    assert file.read_bytes() == shown.data
    assert capfd.readouterr() == ("", "")
    assert [p.name for p in tmp_path.iterdir()] == ["model_plot.png"]
    pixels = image.imread(file)
    height, width = pixels.shape[:2]
    assert 300 < width < 1000 and 150 < height < 600
    assert np.mean(pixels[..., :3].mean(axis=2) < 0.1) > 0.02  # the black title bars


def test_svg_has_names_and_shapes(model, tmp_path):
    file = tmp_path / "model.svg"
    plot_model(model, to_file=str(file), show_shapes=True, show_layer_names=True)
    text = file.read_text("utf-8")
    for words in ("code", "reconstruction", "(None, 784)", "(None, 32)"):
        assert words in text
    plot_model(model, to_file=str(file))
    assert "(None, 784)" not in file.read_text("utf-8")


def test_letters_do_not_depend_on_the_machines_fonts(model, tmp_path, monkeypatch):
    """A bare server has no fonts; Graphviz would draw a box for each letter."""
    usual = plot_model(model, to_file=None, show_layer_names=True).data
    empty = tmp_path / "fonts.conf"
    empty.write_text('<?xml version="1.0"?><fontconfig></fontconfig>')
    monkeypatch.setenv("FONTCONFIG_FILE", str(empty))
    assert plot_model(model, to_file=None, show_layer_names=True).data == usual


def test_bad_arguments(model, tmp_path):
    with pytest.raises(ValueError, match=r"^to_file must end in .*model.docx"):
        plot_model(model, to_file=tmp_path / "model.docx")
    with pytest.raises(ValueError, match=r"^to_file must end in"):
        plot_model(model, to_file="")
    with pytest.raises(ValueError, match=r"^model must be a built Keras model"):
        plot_model(keras.Sequential([keras.layers.Dense(3)]), to_file=None)
    with pytest.raises(OSError, match=r"model.png cannot be written .*a folder that exists"):
        plot_model(model, to_file=tmp_path / "no such folder" / "model.png")
    assert list(tmp_path.iterdir()) == []
