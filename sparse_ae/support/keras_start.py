"""Keras, started on TensorFlow, in float32, and without TensorFlow's log lines.

TensorFlow's C++ code writes start-up lines to file descriptor 2, which a notebook shows as the
stderr of the cell. No setting of its own silences them all, so the descriptor points at the null
device while TensorFlow is imported. Python's own errors are raised as always.

Keras reads a backend, a precision and limits of training from the environment and from a file.
Where the course starts Keras, it chooses them itself, for each changes the numbers; where Keras
runs already with others, the course says so in one sentence.
"""

import gc
import os
import sys
import traceback
import warnings
from contextlib import contextmanager, nullcontext
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


@contextmanager
def no_garbage_collection():
    """Keep Python from searching what Keras is made of for garbage; all of it stays.

    Hundreds of thousands of objects would be searched again and again while they are made, in each
    full search later, and at the end: a third of the seconds of a program that imports Keras.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        if collects:
            gc.enable()


def settings_file():
    """The file that Keras reads its settings from, whether it is there or not."""
    home = os.environ.get("KERAS_HOME")
    if not home:
        home = os.path.expanduser("~")
        home = Path(home if os.access(home, os.W_OK) else "/tmp") / ".keras"
    return Path(home).expanduser() / "keras.json"


def check_precision():
    """Raise ValueError unless Keras computes in float32, as all numbers of the course do."""
    for found in (keras.config.floatx(), keras.config.dtype_policy().name):
        if found != "float32":
            raise ValueError(
                f"Keras is set to {found} and the course's models need float32: call "
                "keras.config.set_floatx('float32') and keras.config.set_dtype_policy('float32') "
                "before the model is built, or take what sets it out of the program and out of "
                f"{settings_file()}."
            )


def _start():
    # Level 3 keeps TensorFlow's later notes (XLA, thread pools) off the screen as well.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    first = "keras" not in sys.modules
    if first:
        os.environ["KERAS_BACKEND"] = "tensorflow"
    collection = no_garbage_collection() if first else nullcontext()
    try:
        # Where warnings are errors, those that Keras's own imports give are none of ours.
        with quiet_descriptor_2(), warnings.catch_warnings(), collection:
            warnings.simplefilter("ignore")
            import keras
    except (AttributeError, TypeError, ValueError, OSError) as problem:
        where = Path(traceback.extract_tb(problem.__traceback__)[-1].filename)
        if where.parts[-2:] != ("backend", "config.py"):  # where Keras reads its settings
            raise
        raise ImportError(_why_not(problem)) from None
    if keras.config.backend() != "tensorflow":
        raise ImportError(
            f"Keras runs on {keras.config.backend()} already and the course needs TensorFlow: "
            "import sparse_ae before keras, or take KERAS_BACKEND out of the environment and "
            f'"backend" out of {settings_file()}, and start Python again.'
        )
    if first:
        keras.config.set_floatx("float32")
        keras.config.set_epsilon(1e-7)
        keras.config.set_max_epochs(None)
        keras.config.set_max_steps_per_epoch(None)
    return keras


def _why_not(problem):
    """One sentence with the setting that Keras stumbles over, a variable or its file."""
    reason = str(problem).strip().split("\n")[0] or type(problem).__name__
    limits = ("KERAS_MAX_EPOCHS", "KERAS_MAX_STEPS_PER_EPOCH")  # read as whole numbers
    wrong = [name for name in limits if not os.environ.get(name, "0").strip().isdigit()]
    if wrong:
        remedy = f"take {wrong[0]} out of the environment"
    else:
        remedy = f"rename its settings file {settings_file()}, and it writes a new one"
    return f"Keras does not start ({reason}): {remedy}."


keras = _start()
check_keras(keras.__version__)
