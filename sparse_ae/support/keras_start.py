"""Keras, started on TensorFlow, in float32, and without TensorFlow's log lines.

TensorFlow's C++ code writes start-up lines to file descriptor 2, which a notebook shows as the
stderr of the cell. No setting of its own silences them all, so the descriptor points at the null
device while TensorFlow is imported. Python's own errors are raised as always.

Keras reads a backend and a precision from KERAS_BACKEND and from a file. Where the course starts
Keras, it chooses both itself; where Keras runs already with others, it says so in one sentence.
"""

import os
import sys
from contextlib import contextmanager
from pathlib import Path

from .keras_version import check_keras


@contextmanager
def quiet_descriptor_2():
    """Point file descriptor 2 at the null device; what C libraries write there is lost."""
    try:
        saved = os.dup(2)
    except OSError:  # no stderr at all, as under pythonw: nothing to silence
        yield
        return
    null = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(null, 2)
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(null)


def settings_file():
    """The file that Keras reads its settings from, whether it is there or not."""
    home = os.environ.get("KERAS_HOME") or Path(os.path.expanduser("~")) / ".keras"
    return Path(home) / "keras.json"


def check_precision():
    """Raise ValueError unless Keras computes in float32, as all numbers of the course do."""
    policy = keras.config.dtype_policy().name
    for found, setting in ((keras.config.floatx(), "floatx"), (policy, "dtype_policy")):
        if found != "float32":
            raise ValueError(
                f"Keras is set to {found} and the course's models need float32: take out "
                f"keras.config.set_{setting}({found!r}), or call "
                f"keras.config.set_{setting}('float32')."
            )


def _start():
    # Level 3 keeps TensorFlow's later notes (XLA, thread pools) off the screen as well.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    first = "keras" not in sys.modules
    if first:
        os.environ["KERAS_BACKEND"] = "tensorflow"
    try:
        with quiet_descriptor_2():
            import keras
    except AttributeError as problem:  # Keras asks a list or a number for its entries
        if not settings_file().is_file():
            raise
        raise ImportError(
            f"Keras does not start ({problem}): its settings file {settings_file()} may be "
            "damaged; rename it, and Keras writes a new one."
        ) from None
    if keras.config.backend() != "tensorflow":
        raise ImportError(
            f"Keras runs on {keras.config.backend()} already and the course needs TensorFlow: "
            "import sparse_ae before keras, or take KERAS_BACKEND out of the environment and "
            f'"backend" out of {settings_file()}, and start Python again.'
        )
    if first:
        keras.config.set_floatx("float32")
    return keras


keras = _start()
check_keras(keras.__version__)
