"""Training in whole epochs: one compiled program walks through images that stay bytes.

Keras's `fit` runs a Python loop over the batches: each is gathered, cast, handed over and trained
on by itself, and on a small model this costs several times what the arithmetic does. Here `fit`
gets the whole epoch as one step. A training step is Keras's own `train_step` or, for the lesson's
model, `lesson_step`, which gives the same numbers.
"""

import functools
import inspect
import math
import numbers
import warnings

import numpy as np

from ._keras import keras
from .data import check_images, check_shape
from .lesson_step import lesson_step

# Up to this size the compiled program picks its images out of all of them. Of more images, or of
# those in a file, one call gets as many as fill a buffer.
WHOLE_BYTES = 100_000_000
BUFFER_BYTES = 24_000_000
# Keras evaluates 32 images at a time unless told otherwise: too few to keep a processor busy.
VALIDATION_BATCH = 2_000
_NOT_BESIDE_BATCHES = (
    "y", "batch_size", "sample_weight", "class_weight", "steps_per_epoch", "validation_split"
)  # fmt: skip


class TrainingBatches(keras.utils.PyDataset):
    """What `training_batches` returns: pairs (images, images), float32 (n, 784), batch by batch.

    Any Keras model can be fitted on it. `images` are the rows as they are kept, uint8 or float,
    `order` is the order of this epoch, and `batch_size` the number of images in a batch.
    """

    def __init__(self, images, batch_size, shuffle, seed):
        super().__init__()
        self.images, self.batch_size, self._shuffled = images, batch_size, shuffle
        self._random = np.random.default_rng(seed)
        self.on_epoch_end()

    def __len__(self):
        return math.ceil(len(self.images) / self.batch_size)

    def __getitem__(self, number):
        start = number * self.batch_size
        rows = scale(np.take(self.images, self.order[start : start + self.batch_size], axis=0))
        return rows, rows

    def on_epoch_end(self):
        """Draw the order of the next epoch."""
        number = len(self.images)
        self.order = self._random.permutation(number) if self._shuffled else np.arange(number)


def training_batches(images, batch_size=256, *, shuffle=True, seed=None):
    """Batches to train an autoencoder on: `autoencoder.fit(training_batches(x_train), epochs=50)`.

    images: (n, 784), either floats in [0, 1] or raw uint8 pixels, 0 to 255, which are divided by
        255 on their way into the model. A memory-mapped array stays on the disk.
    batch_size: images per training step; the last batch of an epoch has what is left.
    shuffle: a new order in each epoch. seed: of the orders; None draws one from NumPy's global
        generator, so `keras.utils.set_random_seed` makes a run repeat itself exactly.

    What it saves, for a model of `build_autoencoder` or `load_lesson_model`:
    - time: an epoch is one program, compiled by XLA, with no Python between the batches.
      Callbacks see one "batch" per epoch. Without XLA the same program runs uncompiled, more
      slowly, and says so once.
    - memory: float pixels that are whole 255ths are kept as uint8, a quarter of float32, and no
      float copy of the data is made: with `load_mnist(scale=False)` no float exists at all.
      Of more than 100 MB, only a part is handed to the program at a time.
    Other Keras models take the batches one by one.

    Raises as `check_images` does, and TypeError or ValueError for other arguments.
    """
    if isinstance(batch_size, bool) or not isinstance(batch_size, numbers.Integral):
        raise TypeError(f"batch_size must be a whole number and is {batch_size!r}: try 256.")
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1 and is {batch_size}: try 256.")
    kept = _kept(images)
    return TrainingBatches(kept, min(int(batch_size), len(kept)), bool(shuffle), _seed(seed))


def scale(rows):
    """uint8 pixels, 0 to 255, or floats in [0, 1] as float32 in [0, 1]."""
    return np.divide(rows, 255 if rows.dtype == np.uint8 else 1, dtype=np.float32)


def _kept(images):
    """The images as they are trained on: uint8 where no bit is lost by it, else as they are."""
    given = images
    if getattr(images, "dtype", None) == np.uint8:
        return check_shape(images)
    images = check_images(images)
    if isinstance(given, np.memmap):
        return images
    pixels = _aligned(images.shape, np.uint8)
    for start in range(0, len(images), 4096):
        rows = images[start : start + 4096]
        np.rint(rows * 255, out=pixels[start : start + 4096], casting="unsafe")
        if not np.array_equal(scale(pixels[start : start + 4096]), rows):
            return images
    return pixels


def _seed(seed):
    if seed is None:
        return np.random.randint(2**31)  # noqa: NPY002 - the one that Keras's seed sets
    if isinstance(seed, bool) or not isinstance(seed, numbers.Integral) or seed < 0:
        raise ValueError(f"seed must be a whole number, zero or larger, and is {seed!r}: try 0.")
    return int(seed)


def fit_whole_epochs(model):
    """Let `model.fit` train on `training_batches` a whole epoch at a time. Returns the model."""
    fit = model.fit
    signature = inspect.signature(fit)

    @functools.wraps(fit)
    def fit_epochs(*positional, **named):
        given = signature.bind(*positional, **named)
        batches = given.arguments.get("x")
        if not isinstance(batches, TrainingBatches):
            return fit(*positional, **named)
        for name in _NOT_BESIDE_BATCHES:
            if given.arguments.get(name) is not None:
                raise ValueError(
                    f"{name} must not be given beside training_batches(…), which are all that is "
                    "trained on, once in an epoch: leave it out."
                )
        if given.arguments.get("validation_batch_size") is None:
            given.arguments["validation_batch_size"] = VALIDATION_BATCH
        given.arguments["shuffle"] = False  # the batches have an order of their own
        if not model.compiled or model.run_eagerly or keras.backend.backend() != "tensorflow":
            return fit(*given.args, **given.kwargs)

        # Keras's loop gets one step per epoch: a small dataset that shows it shapes and types,
        # and a train function that trains on all the batches instead.
        import tensorflow as tf

        one = scale(batches.images[:1])
        # Keras makes the variables of metrics and optimizer at their first use, and a program in
        # which variables are made is traced twice.
        model.compute_metrics(one, one, model(one))
        model.optimizer.build(model.trainable_variables)
        given.arguments["x"] = tf.data.Dataset.from_tensors((one, one)).repeat()  # begun once
        given.arguments["steps_per_epoch"] = 1
        model.train_function = _Epoch(model, batches)
        try:
            return fit(*given.args, **given.kwargs)
        finally:
            model.train_function = None

    model.fit = fit_epochs
    return model


class _Epoch:
    """A Keras train function: called once per epoch, it trains on all batches of the epoch."""

    def __init__(self, model, batches):
        import tensorflow as tf

        self._model, self._batches = model, batches
        size, images = batches.batch_size, batches.images
        dtype = np.uint8 if images.dtype == np.uint8 else np.float32
        steps = math.ceil(len(images) / size)
        if images.nbytes <= WHOLE_BYTES and not isinstance(images, np.memmap):
            self._buffer, self._rows = None, _shared(images.astype(dtype, copy=False))
        else:
            most = max(1, BUFFER_BYTES // (size * 784 * np.dtype(dtype).itemsize))
            steps = math.ceil(steps / math.ceil(steps / most))  # per call, evenly
            self._buffer = _aligned((steps * size, 784), dtype)
            self._rows = _shared(self._buffer)
        # The places of the rows, as many as whole batches have.
        self._places = _aligned((steps * size,), np.int32)
        self._places[:] = np.arange(steps * size) if self._buffer is not None else 0
        self._shared_places = _shared(self._places)
        step = lesson_step(model)
        # Keras's own step takes whole batches only; the short last one is trained on by itself,
        # uncompiled: it is not worth a second compilation.
        self._whole = len(images) if step else len(images) // size * size

        def train_on(rows, count=None):
            rows = tf.cast(rows, tf.float32)
            rows = rows / 255 if dtype == np.uint8 else rows
            step(rows, count) if step else model.train_step((rows, rows))

        def walk(rows, places, number):
            def train(start):
                batch = tf.gather(rows, tf.slice(places, (start,), (size,)))
                train_on(batch, tf.minimum(size, number - start))
                return start + size

            tf.while_loop(lambda start: start < number, train, [tf.constant(0)])
            return model.get_metrics_result()

        self._compiled = tf.function(walk, jit_compile=True, autograph=False)
        self._plain = tf.function(walk, autograph=False)
        self._train_on_rest = tf.function(train_on, autograph=False)

    def __call__(self, _):
        batches, whole = self._batches, self._whole
        order = batches.order
        for start in range(0, whole, len(self._places)):
            places = order[start : min(start + len(self._places), whole)]
            if self._buffer is None:
                self._places[: len(places)] = places
            else:
                rows = self._buffer[: len(places)]
                np.take(batches.images, places, axis=0, out=rows, mode="clip")
            logs = self._walk(len(places))
        if whole < len(order):
            self._train_on_rest(np.take(batches.images, order[whole:], axis=0))
            logs = self._model.get_metrics_result()
        batches.on_epoch_end()
        return logs

    def _walk(self, number):
        """Train on the first `number` rows of the buffer; return the metrics so far."""
        import tensorflow as tf

        try:
            return self._compiled(self._rows, self._shared_places, tf.constant(number))
        except tf.errors.OpError as problem:
            if self._compiled is self._plain:
                raise
            self._compiled = self._plain
            logs = self._walk(number)  # fails again if it is not XLA's fault
            reason = str(problem).strip().split("\n")[0]
            warnings.warn(
                f"XLA cannot compile this training ({reason}): it goes on uncompiled, more slowly.",
                stacklevel=2,
            )
            return logs


def _aligned(shape, dtype):
    """An array of zeros that begins at a multiple of 64 bytes, as TensorFlow wants it."""
    size = math.prod(shape) * np.dtype(dtype).itemsize
    memory = np.zeros(size + 63, np.uint8)
    start = -memory.ctypes.data % 64
    return memory[start : start + size].view(dtype).reshape(shape)


def _shared(array):
    """A TensorFlow tensor on the memory of `array`, or of a copy if that is not aligned."""
    import tensorflow as tf

    if array.ctypes.data % 64 or not (array.flags.c_contiguous and array.flags.writeable):
        copy = _aligned(array.shape, array.dtype)
        copy[:] = array
        array = copy
    return tf.experimental.dlpack.from_dlpack(array.__dlpack__())
