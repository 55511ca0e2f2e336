"""One live line while a model trains, in a notebook and in a terminal."""

import html
import sys
import time

from .keras_start import keras
from .machine import show_line


class ProgressLine(keras.callbacks.Callback):
    """Pass it to `fit(..., verbose=0, callbacks=[ProgressLine()])`.

    In a notebook one output is updated after each epoch and its last state stays. In a terminal
    one line is rewritten; elsewhere (a log file) only the last state is written.
    While training runs it shows epoch, loss and time left. The last state has no times, so that
    a saved notebook does not change from run to run. `seconds` is a list: for each epoch the
    seconds from the start of the training to its end.
    """

    def on_train_begin(self, logs=None):
        self._epochs = self.params["epochs"]
        self._start = time.monotonic()
        self._text = ""
        self.seconds = []
        self._display = _notebook_display()
        self._first = None
        self._show(f"epoch 0 of {self._epochs}")

    def on_epoch_begin(self, epoch, logs=None):
        if self._first is None:  # `fit(initial_epoch=…)` does not begin at 0
            self._first = epoch

    def on_epoch_end(self, epoch, logs=None):
        done = epoch + 1
        self._text = f"epoch {done} of {self._epochs} · " + _numbers(logs)
        self.seconds.append(time.monotonic() - self._start)
        per_epoch = self.seconds[-1] / (done - self._first)
        self._show(f"{self._text} · {_clock(per_epoch * (self._epochs - done))} left")

    def on_train_end(self, logs=None):
        self._show(self._text, last=True)

    def _show(self, text, last=False):
        if self._display is not None:
            self._display.update(_Line(text))
        else:
            show_line(text, last)


class _Line:
    """Text with an HTML form, so that it reads the same in JupyterLab and in a plain viewer."""

    def __init__(self, text):
        self.text = text

    def __repr__(self):
        return self.text

    def _repr_html_(self):
        return f"<pre>{html.escape(self.text)}</pre>"


def _notebook_display():
    """A display handle inside a Jupyter kernel, None elsewhere."""
    if "ipykernel" not in sys.modules:
        return None
    from IPython import get_ipython
    from IPython.display import display

    if get_ipython() is None or not hasattr(get_ipython(), "kernel"):
        return None
    return display(_Line("epoch 0"), display_id=True)


def _numbers(logs):
    logs = dict(logs or {})
    names = [name for name in ("loss", "val_loss") if name in logs]
    return " · ".join(f"{name} {logs[name]:.4f}" for name in names)


def _clock(seconds):
    minutes, seconds = divmod(round(seconds), 60)
    return f"{minutes} min {seconds:02d} s" if minutes else f"{seconds} s"
