"""The training images, kept as bytes, in batches that any Keras model can be fitted on."""

import math
import sys

import numpy as np

from ..data import check_images, check_shape
from ..support.keras_start import keras


class TrainingBatches(keras.utils.PyDataset):
    """What `training_batches` returns: pairs (images, images), float32 (n, 784), batch by batch.

    `images` are the rows as they are kept, uint8 or float, `order` is the order of this epoch, and
    `batch_size` the number of images in a batch. Raises as `check_images` does.
    """

    def __init__(self, images, batch_size, shuffle, seed):
        super().__init__()
        self.images = _kept(images)
        self.batch_size = min(batch_size, len(self.images))
        self._shuffled = shuffle
        if seed is None:
            seed = np.random.randint(2**31)  # noqa: NPY002 - the one that Keras's seed sets
        self._random = np.random.default_rng(seed)
        self._is_told = False
        self.on_epoch_end()

    def __len__(self):
        return math.ceil(len(self.images) / self.batch_size)

    def __getitem__(self, number):
        start = number * self.batch_size
        rows = scale(np.take(self.images, self.order[start : start + self.batch_size], axis=0))
        return rows, rows

    def on_epoch_begin(self):
        """Say once that a model takes the batches one by one; whole epochs never come here."""
        if not self._is_told:
            print(
                "This model trains batch by batch, which is the slow way: "
                "model = guarded(model), from sparse_ae, lets it train in whole epochs.",
                file=sys.stderr,
            )
        self.take_one_by_one()

    def take_one_by_one(self):
        """Called where the slow way is meant: nothing more is said about it."""
        self._is_told = True

    def on_epoch_end(self):
        """Draw the order of the next epoch."""
        number = len(self.images)
        self.order = self._random.permutation(number) if self._shuffled else np.arange(number)


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
    pixels = np.empty(images.shape, np.uint8)
    for start in range(0, len(images), 4096):
        rows = images[start : start + 4096]
        np.rint(rows * 255, out=pixels[start : start + 4096], casting="unsafe")
        if not np.array_equal(scale(pixels[start : start + 4096]), rows):
            return images
    return pixels
