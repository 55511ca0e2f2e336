"""One line while a model trains: in a terminal, in a file, in a notebook."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest

from sparse_ae import ProgressLine, build_autoencoder
from sparse_ae.support import progress

pytestmark = pytest.mark.slow  # most of it trains


def train(epochs=3):
    images = np.zeros((32, 784), "float32")
    line = ProgressLine()
    build_autoencoder().fit(
        images,
        images,
        epochs=epochs,
        validation_data=(images, images),
        verbose=0,
        callbacks=[line],
    )
    return line


def test_in_a_file_only_the_last_state(capsys):
    train()
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("epoch 3 of 3 · loss 0.") and "val_loss" in line and "left" not in line


def test_in_a_terminal_one_line_is_rewritten(capsys, monkeypatch):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    train()
    printed = capsys.readouterr().out
    assert printed.count("\n") == 1 and printed.endswith("\n")
    states = printed.rstrip("\n").split("\r\x1b[K")[1:]
    assert [state.split(" · ")[0] for state in states] == [
        f"epoch {n} of 3" for n in (0, 1, 2, 3, 3)
    ]
    assert all("left" in state for state in states[1:-1]) and "left" not in states[-1]


def test_in_a_notebook_one_output_is_updated(capsys, monkeypatch):
    shown = []
    monkeypatch.setattr(progress, "_notebook_display", lambda: SimpleNamespace(update=shown.append))
    train(2)
    assert capsys.readouterr().out == ""
    assert repr(shown[-1]).startswith("epoch 2 of 2 · loss")
    assert shown[-1]._repr_html_() == f"<pre>{shown[-1]!r}</pre>"


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.2, "0 s"), (59.6, "1 min 00 s"), (75, "1 min 15 s")]
)
def test_clock(seconds, text):
    assert progress._clock(seconds) == text


def test_seconds_of_each_epoch(monkeypatch):
    ticks = iter(range(100))
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(ticks))
    assert train(3).seconds == [1, 2, 3]
