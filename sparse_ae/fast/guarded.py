"""The one place where something is hung on a Keras object, and what it is.

Keras trains on raw pixels, 0 to 255, without a word, and the loss means nothing; and it trains
batch by batch. A guarded model is the same Keras object, of the same class, whose methods first
look at the images they are given, and whose `fit` takes `training_batches` in whole epochs.

The methods of this one object are replaced, because a class of our own would not load where
sparse_ae is not imported. So they are lost with the object: what `keras.models.load_model`,
`clone_model` or a copy returns is a plain Keras model until it is given to `guarded`.
"""

import functools
import inspect

from ..data import check_images
from ..support.keras_start import check_precision, keras
from .whole_epochs import in_whole_epochs

_METHODS = (
    "fit", "evaluate", "predict", "train_on_batch", "test_on_batch", "predict_on_batch",
    "train_step", "test_step",
)  # fmt: skip


def guarded(model):
    """`model`, a Keras model on 784 pixels, which from now on looks at its images and trains fast.

    Its methods raise as `check_images` does, and ValueError where Keras is set to other floats than
    float32; `fit(training_batches(…))` runs whole epochs.
    Models of `build_autoencoder`, `build_encoder` and `load_lesson_model` are guarded already;
    one that comes back from Keras (`load_model`, `clone_model`, a copy) is not.
    Returns the same object. Raises TypeError if it is no Keras model.
    """
    if not isinstance(model, keras.Model):
        raise TypeError(
            f"model must be a Keras model and is {type(model).__name__}: "
            "load one with keras.models.load_model(), or make one with build_autoencoder()."
        )
    if "fit" not in vars(model):
        model.fit = in_whole_epochs(model, model.fit)
        for name in _METHODS:
            setattr(model, name, _looking_at_images(getattr(model, name)))
    return model


def _looking_at_images(method):
    signature = inspect.signature(method)

    @functools.wraps(method)
    def checked(*positional, **named):
        check_precision()
        given = signature.bind(*positional, **named).arguments
        images = {name: given.get(name) for name in ("x", "y")}
        for name in ("validation_data", "data"):
            if isinstance(given.get(name), tuple | list):
                images |= {f"{name}[{i}]": array for i, array in enumerate(given[name][:2])}
        for name, array in images.items():
            if hasattr(array, "__array__") and not _is_symbolic(array):  # NumPy, data frames, …
                check_images(array, name)
        return method(*positional, **named)

    return checked


def _is_symbolic(array):
    """Whether this is no array but stands for one in a program that is being compiled."""
    import tensorflow as tf

    return tf.is_symbolic_tensor(array) if tf.is_tensor(array) else False
