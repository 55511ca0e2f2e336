"""`plot_model` on a machine without the `dot` program, without fonts, and with neither program."""

import os
import subprocess
import sys
import sysconfig

import numpy as np
import pytest
from matplotlib import image

from sparse_ae import build_autoencoder, plot_model
from sparse_ae.support.keras_start import keras

BEGINNINGS = {"png": b"\x89PNG", "svg": b"<?xml", "jpg": b"\xff\xd8\xff", "pdf": b"%PDF-"}


@pytest.fixture(scope="module")
def model():
    return build_autoencoder()


@pytest.fixture
def without_own_program(monkeypatch, tmp_path):
    """As if graphviz-pure had not been installed; the only folder on the path."""
    folder = tmp_path / "path"
    folder.mkdir()
    monkeypatch.setattr(sysconfig, "get_path", lambda *_: str(folder))
    monkeypatch.setenv("PATH", str(folder))
    return folder


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


def test_every_format_in_a_folder_with_a_strange_name(model, tmp_path):
    folder = tmp_path / 'R&D <x> "ü"'
    folder.mkdir()
    for suffix, beginning in BEGINNINGS.items():
        plot_model(model, to_file=folder / f"a b.{suffix.upper()}", show_layer_names=True)
        assert (folder / f"a b.{suffix.upper()}").read_bytes().startswith(beginning)


def test_letters_are_drawn_whatever_the_machine_has(model, monkeypatch):
    """An empty picture of the same size would be smaller by far; a machine gives it nothing."""
    usual = plot_model(model, to_file=None, show_layer_names=True).data
    for name in list(os.environ):
        monkeypatch.delenv(name)
    monkeypatch.setenv("FONTCONFIG_FILE", "/dev/null")
    assert plot_model(model, to_file=None, show_layer_names=True).data == usual
    assert len(usual) > 4000


def test_names_of_layers_may_hold_any_letter(tmp_path):
    names = ["a & b", "x < y > z", "Gedächtnis λ", '"quoted"', "&lt;", "日本"]
    layers = [keras.layers.Dense(3, name=name) for name in names]
    model = keras.Sequential([keras.Input((784,)), *layers])
    plot_model(model, to_file=tmp_path / "m.svg", show_layer_names=True)
    text = (tmp_path / "m.svg").read_text("utf-8")
    for written in ("a &amp; b", "x &lt; y &gt; z", "Gedächtnis λ", "&amp;lt;", "日本"):
        assert f">{written}<" in text


@pytest.mark.slow
def test_an_ascii_locale_and_an_umlaut_in_the_path(tmp_path):
    folder = tmp_path / "Übung"
    folder.mkdir()
    code = """
import sys
from sparse_ae import build_autoencoder, plot_model
plot_model(build_autoencoder(), sys.argv[1] + "/m.png")
"""
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    command = [sys.executable, "-c", code, str(folder)]
    done = subprocess.run(command, env=os.environ | ascii_only, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert (folder / "m.png").read_bytes().startswith(BEGINNINGS["png"])


@pytest.mark.skipif(os.name != "posix", reason="the program is a shell script")
def test_a_dot_on_the_path_is_the_second_choice(model, tmp_path, without_own_program):
    program = without_own_program / "dot"
    program.write_text('#!/bin/sh\n[ "$1" = -Tpng ] && while read -r line; do echo "$line"; done\n')
    program.chmod(0o755)
    shown = plot_model(model, to_file=None, show_layer_names=True)
    assert b"digraph" in shown.data and b"<b>reconstruction</b>" in shown.data


def test_with_neither_program_it_is_one_sentence(model, tmp_path, without_own_program):
    with pytest.raises(OSError, match=r"graphviz-pure: No such .*dot: No such .*pip install") as no:
        plot_model(model, to_file=tmp_path / "m.png")
    assert "\n" not in str(no.value) and not (tmp_path / "m.png").exists()


def test_bad_arguments(model, tmp_path):
    with pytest.raises(ValueError, match=r"^to_file must end in .png, .svg, .jpg, .pdf and .*docx"):
        plot_model(model, to_file=tmp_path / "model.docx")
    with pytest.raises(ValueError, match=r"^to_file must end in"):
        plot_model(model, to_file="")
    with pytest.raises(ValueError, match=r"^model must be a built Keras model"):
        plot_model(keras.Sequential([keras.layers.Dense(3)]), to_file=None)
    with pytest.raises(OSError, match=r"model.png cannot be written .*a folder that exists"):
        plot_model(model, to_file=tmp_path / "no such folder" / "model.png")
    assert list(tmp_path.iterdir()) == []
