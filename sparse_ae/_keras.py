"""Keras, started without TensorFlow's log lines.

TensorFlow's C++ code writes start-up lines to file descriptor 2, which a notebook shows as the
stderr of the cell. No setting of its own silences them all, so the descriptor points at the null
device while TensorFlow is imported. Python's own errors are raised as always.
"""

import os
from contextlib import contextmanager

from ._versions import check_keras


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


# Level 3 keeps TensorFlow's later notes (XLA, thread pools) off the screen as well.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
with quiet_descriptor_2():
    import keras

check_keras(keras.__version__)
