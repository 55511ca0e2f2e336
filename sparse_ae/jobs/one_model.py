"""What a process of a sweep does: it trains model after model, and measures each.

Models that differ in nothing but λ, k or β share one compiled program (`fast/programs.py`), so they
come one after the other.
"""

import functools
import os
import threading
import time

import numpy as np

from ..data import load_mnist
from ..fast.batches import scale
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
    return [Resample(scale(images[:RESAMPLE_IMAGES]))] if run.variant == "topk_resampled" else []


def train(run):
    """Train one model; its measures on the test images, as rows of the table, and its weights.

    What goes wrong with this model comes back as one sentence, {"problem": …}.
    """
    with _lock:
        try:
            return _found(run, _fit(run), _images()[1])
        except Exception as problem:  # the other models go on
            sentence = str(problem).strip().split("\n")[0] or type(problem).__name__
            return {"problem": sentence}


def _fit(run):
    """The trained model."""
    images, _ = _images()
    batches, model = _begin(run, images)
    model.fit(batches, epochs=run.epochs, callbacks=callbacks(run, images), verbose=0)
    return model


def _begin(run, images):
    """The batches and the untrained model of a run.

    Their random numbers come from generators that a whole process shares. In a worker of a cluster
    Dask draws from them meanwhile, to estimate sizes: so both are made until they come out twice.
    """
    last = None
    while True:
        keras.utils.set_random_seed(run.seed)
        batches = training_batches(images)
        model = build_autoencoder(**options(run), optimizer=quick_optimizer(batches, run.epochs))
        drawn = [array.tobytes() for array in (batches.order, *model.get_weights())]
        if drawn == last:
            return batches, model
        last = drawn


@functools.cache
def _images():
    """The training images as bytes, and those of the test; loaded once."""
    # One thread per process gives the same sums whatever the number of processes.
    try:
        import tensorflow as tf

        tf.config.threading.set_intra_op_parallelism_threads(1)
        tf.config.threading.set_inter_op_parallelism_threads(1)
    except RuntimeError:  # TensorFlow runs already, in a program before this one
        pass
    (images, _), (test_images, _) = load_mnist(scale=False)
    return images, scale(test_images)


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
