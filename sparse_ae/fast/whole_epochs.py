"""Training in whole epochs: one compiled program walks through images that stay bytes.

Keras's `fit` runs a Python loop over the batches: each is gathered, cast, handed over and trained
on by itself, and on a small model this costs several times what the arithmetic does. Here `fit`
gets the whole epoch as one step, which a program of `programs` runs, and so is each validation.
"""

import functools
import inspect
import math

import numpy as np

from ..support.keras_start import keras
from .batches import TrainingBatches, scale
from .programs import make_variables, program_for
from .remembered import Memory

# Up to this size the compiled program picks its images out of all of them. Of more images, or of
# those in a file, one call gets as many as this part holds.
WHOLE_BYTES = 100_000_000
PART_BYTES = 12_000_000
# Keras evaluates 32 images at a time unless told otherwise: too few to keep a processor busy.
VALIDATION_BATCH = 2_000
_NOT_BESIDE_BATCHES = (
    "y", "batch_size", "sample_weight", "class_weight", "steps_per_epoch", "validation_split"
)  # fmt: skip


def in_whole_epochs(model, fit):
    """`fit`, the method of `model`, as a function that trains on `training_batches` by epochs."""
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
        if not _can_be_compiled(model):
            batches.take_one_by_one()
            return fit(*given.args, **given.kwargs)

        # Keras's loop gets one step per epoch: a small dataset that shows it shapes and types,
        # and a train function that trains on all the batches instead.
        import tensorflow as tf

        one = scale(batches.images[:1])
        given.arguments["x"] = tf.data.Dataset.from_tensors((one, one)).repeat()  # begun once
        given.arguments["steps_per_epoch"] = 1
        model.train_function = epoch = Epoch(model, batches)
        model.make_test_function()
        kept = model.test_function
        validation_images = _validation_images(model, given.arguments)
        if validation_images is not None:
            size = given.arguments["validation_batch_size"]
            model.test_function = Validation(model, epoch.program, validation_images, size)
            given.arguments["validation_data"] = model.test_function.dataset
            given.arguments["validation_steps"] = 1
        try:
            return fit(*given.args, **given.kwargs)
        finally:
            model.train_function, model.test_function = None, kept

    return fit_epochs


def _can_be_compiled(model):
    if not model.compiled or model.run_eagerly or keras.backend.backend() != "tensorflow":
        return False
    import tensorflow as tf

    one_device = model.distribute_strategy.num_replicas_in_sync == 1
    return one_device and not tf.config.functions_run_eagerly()


def _validation_images(model, given):
    """The images of `fit`'s `validation_data`, if they are all there is to it; else None."""
    pair = given.get("validation_data")
    if type(model).evaluate is not keras.Model.evaluate:
        return None
    if not isinstance(pair, tuple | list) or len(pair) != 2 or given.get("validation_steps"):
        return None
    images, targets = pair
    if any(not isinstance(array, np.ndarray) or isinstance(array, np.memmap) for array in pair):
        return None
    is_target = images.__array_interface__ == targets.__array_interface__  # the same memory
    return images if is_target and images.size and images.nbytes <= WHOLE_BYTES else None


class Epoch:
    """A Keras train function: called once per epoch, it trains on all batches of the epoch.

    Each call of the program gets tensors of its own. Memory that is shared with a tensor and
    written to again would be right on the processor alone: a device with memory of its own keeps
    the copy it made first.
    """

    def __init__(self, model, batches):
        import tensorflow as tf

        self._model, self._batches = model, batches
        size, images = batches.batch_size, batches.images
        make_variables(model)
        self.program, self._memory = program_for(model, size), Memory(images, size)
        self._dtype = np.uint8 if images.dtype == np.uint8 else np.float32
        steps = math.ceil(len(images) / size)
        self._rows = None
        if images.nbytes <= WHOLE_BYTES and not isinstance(images, np.memmap):
            self._rows = tf.constant(images, self._dtype)
        else:
            most = max(1, PART_BYTES // (size * 784 * np.dtype(self._dtype).itemsize))
            steps = math.ceil(steps / math.ceil(steps / most))  # per call, evenly
        self._rows_per_call = steps * size
        self._whole = len(images)
        if not self.program.takes_short_batches:
            self._whole -= self._whole % size

    def __call__(self, _):
        self._memory.call(self._train, self._model, self._batches.order)
        self._batches.on_epoch_end()
        return self._model.get_metrics_result()

    def _train(self):
        batches, order = self._batches, self._batches.order
        for start in range(0, self._whole, self._rows_per_call):
            self._walk(order[start : min(start + self._rows_per_call, self._whole)])
        if self._whole < len(order):
            rest = np.take(batches.images, order[self._whole :], axis=0)
            self.program.train_on(self._model, rest)

    def _walk(self, chosen):
        """Train on the images with the numbers `chosen`."""
        import tensorflow as tf

        # The program has one shape, that of whole batches: what is left over points at row 0,
        # which is then not looked at.
        places = np.zeros(self._rows_per_call, np.int32)
        if self._rows is not None:
            rows, places[: len(chosen)] = self._rows, chosen
        else:
            part = np.zeros((self._rows_per_call, 784), self._dtype)
            np.take(self._batches.images, chosen, axis=0, out=part[: len(chosen)], mode="clip")
            rows, places[:] = tf.constant(part), np.arange(self._rows_per_call)
        self.program.walk(self._model, rows, places, len(chosen))


class Validation:
    """A Keras test function: called once per validation, it evaluates the model on all images.

    `dataset` is what Keras's loop gets as `validation_data`: images of which there are none. What a
    callback evaluates meanwhile is something else, and goes Keras's way.
    """

    def __init__(self, model, program, images, size):
        import tensorflow as tf

        self._model, self._program, self._kerass = model, program, model.test_function
        self._rows, self._size = tf.constant(images, tf.float32), min(size, len(images))
        self._memory = Memory(images, self._size)
        none = self._rows[:0]
        self.dataset = tf.data.Dataset.from_tensors((none, none)).repeat()

    def __call__(self, iterator):
        if getattr(iterator, "element_spec", None) != self.dataset.element_spec:
            return self._kerass(iterator)
        self._memory.call(self._test, self._model)
        return self._model.get_metrics_result()

    def _test(self):
        self._program.test(self._model, self._rows, self._size)
