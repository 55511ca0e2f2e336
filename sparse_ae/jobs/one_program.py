"""What a process of a sweep does: it trains model after model with one compiled program.

Compiling costs as much as a training of a small model, and models that differ in nothing but their
λ, k or β do not need it: the number is a variable of the program. The numbers are those of a `fit`
with `quick_optimizer`, seeded in the same way.
"""

import os
import threading
import time

import numpy as np

from ..data import load_mnist
from ..fast.batches import scale
from ..fast.whole_epochs import Epoch
from ..measuring import measures
from ..models import build_autoencoder, encode
from ..sparsity import KL, Resample, TopK
from ..support.keras_start import keras
from ..training import quick_optimizer, training_batches
from ..units import paint
from .sweep import SETTINGS

# Below this mean number of units on, nothing of the images is left in the code.
COLLAPSED = 0.01
KL_THRESHOLDS = (0, 0.05, 0.1)
RESAMPLE_IMAGES = 10_000

_lock = threading.Lock()  # a worker of a cluster may have several threads
_programs = {}


def options(run):
    """What `build_autoencoder` needs for a run, beside the optimizer."""
    sparsity = "l1"
    if run.variant in ("priced", "gated"):
        sparsity = run.variant
    elif run.variant in ("topk", "topk_resampled"):
        sparsity = TopK(run.value)
    elif run.variant == "kl":
        sparsity = KL(0.05, run.value)
    return {
        "code_size": run.units,
        "l1": run.value if SETTINGS[run.variant] == "l1" else 0,
        "sparsity": sparsity,
        "unit_norm": run.variant in ("unit", "gated", "topk", "topk_resampled"),
    }


def callbacks(run, images):
    """The callbacks of a run: resampling, for the variant that is named after it."""
    return [Resample(images)] if run.variant == "topk_resampled" else []


def train(run):
    """Train one model; its measures on the test images, as rows of the table, and its weights.

    What goes wrong with this model comes back as one sentence, {"problem": …}.
    """
    with _lock:
        try:
            program = _program(run)
            return _found(run, program.train(run), program.test_images)
        except Exception as problem:  # the other models go on
            sentence = str(problem).strip().split("\n")[0] or type(problem).__name__
            return {"problem": sentence}


def _program(run):
    """The compiled program for models of this shape. The last one is kept, no others."""
    shape = (run.variant.removesuffix("_resampled"), run.units, run.epochs)
    if shape not in _programs:
        _programs.clear()
        _programs[shape] = _Program()
    return _programs[shape]


class _Program:
    def __init__(self):
        # One thread per process gives the same sums whatever the number of processes.
        try:
            import tensorflow as tf

            tf.config.threading.set_intra_op_parallelism_threads(1)
            tf.config.threading.set_inter_op_parallelism_threads(1)
        except RuntimeError:  # TensorFlow runs already, in a program before this one
            pass
        (self._images, _), (test_images, _) = load_mnist(scale=False)
        self.test_images = scale(test_images)
        self._some_images = scale(self._images[:RESAMPLE_IMAGES])
        self._epoch = None

    def train(self, run):
        keras.utils.set_random_seed(run.seed)
        batches = training_batches(self._images)
        optimizer = quick_optimizer(batches, run.epochs)
        new = build_autoencoder(**options(run), optimizer=optimizer)
        if self._epoch is None:
            self._model, self._number = new, _number_as_variable(new)
            self._epoch = Epoch(new, batches)
        else:
            self._model.set_weights(new.get_weights())
            for variable in self._model.optimizer.variables:
                variable.assign(np.zeros(variable.shape, variable.dtype))
        if self._number is not None:
            self._number.assign(run.value)
        self._epoch.batches = batches
        between = callbacks(run, self._some_images)
        for callback in between:
            callback.set_model(self._model)
        for number in range(run.epochs):
            self._model.reset_metrics()
            self._epoch(None)
            for callback in between:
                callback.on_epoch_end(number)
        return self._model


def _number_as_variable(model):
    """The λ, k or β of a new model, made into a variable that its program reads."""
    import tensorflow as tf

    code, decoder = model.layers
    for part, name in (
        (code.activation, "k"),
        (code.activity_regularizer, "l1"),
        (code.activity_regularizer, "beta"),
        (code, "l1"),
        (decoder, "l1"),
    ):
        if hasattr(part, name):
            kind = "int32" if name == "k" else "float32"
            variable = tf.Variable(getattr(part, name), dtype=kind, trainable=False)
            setattr(part, name, variable)
            return variable
    return None


def _found(run, model, images):
    layers = model.layers
    weights = {f"{layer.name}/{w.name}": w.numpy() for layer in layers for w in layer.weights}
    if not all(np.isfinite(values).all() for values in weights.values()):
        remark = f"the training diverged, {run.value:g} is too much; it has no row in the table."
        return {"rows": [], "weights": {}, "remark": remark}
    codes, rows = encode(model, images), []
    V, c = layers[-1].get_weights()
    for threshold in KL_THRESHOLDS if run.variant == "kl" else (0,):
        kept = np.where(codes > threshold, codes, 0)
        found = measures(images, kept, paint(kept, V, c), V)
        row = run._asdict() | {"setting": SETTINGS[run.variant], "threshold": threshold}
        rows.append(row | found)
    off = "all units are off for nearly all images: this is too much."
    return {
        "rows": rows,
        "weights": {name: values.astype("float16") for name, values in weights.items()},
        "remark": off if rows[0]["l0"] < COLLAPSED else "",
    }


def end_with(parent):
    """From now on this process ends when the process `parent` has ended, even by a kill."""
    if any(thread.name == "end_with" for thread in threading.enumerate()):
        return

    def watch():
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    if os.name == "posix":
        threading.Thread(target=watch, name="end_with", daemon=True).start()
