"""MNIST from the bundled file, verified, as Keras would return it."""

import hashlib
import io
import math

import numpy as np

from .support.files import BUNDLED

SHA256 = "06af5dfe73b70e3bc1c36439982b18a8d76803db9b544f6fdf838a37fbb01b64"

MNIST = BUNDLED / "data" / "mnist.npz"


def load_mnist(*, flatten=True, scale=True, download=False):
    """MNIST in the shape of Keras's own answer: `(x_train, y_train), (x_test, y_test)`.

    By default images are float32 rows of 784 pixels in [0, 1], (60000, 784) and (10000, 784),
    and labels uint8 digits 0 to 9, (60000,) and (10000,).

    flatten: False keeps the images square, (n, 28, 28).
    scale: False keeps the raw uint8 pixels, 0 to 255.
    download: True takes Keras's download instead of the bundled file. Without a bundled file
        the download is used anyway.

    The bundled file is checked against its sha256 before it is read. Raises OSError, in one
    sentence, if it is damaged or cannot be read, or if the download fails.
    Data: Y. LeCun and C. Cortes, CC BY-SA 3.0; see data/README.md.
    """
    arrays = _download() if download or not MNIST.exists() else _read(MNIST)
    x_train, y_train, x_test, y_test = arrays
    if flatten:
        x_train, x_test = x_train.reshape(-1, 784), x_test.reshape(-1, 784)
    if scale:
        x_train, x_test = (np.divide(x, 255, dtype="float32") for x in (x_train, x_test))
    return (x_train, y_train), (x_test, y_test)


def as_rows(raw):
    """uint8 images (n, 28, 28), 0 to 255, as float32 rows (n, 784) in [0, 1]."""
    return np.divide(raw, 255, dtype="float32").reshape(len(raw), 784)


def _read(path):
    restore = (
        "restore it with `git checkout -- data/mnist.npz`, reinstall sparse-ae, "
        "or call load_mnist(download=True)"
    )
    try:
        content = path.read_bytes()
    except OSError as problem:
        raise OSError(f"{path} cannot be read ({problem.strerror}); {restore}.") from None
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise OSError(
            f"{path} is damaged: its {len(content):,} bytes do not have the sha256 "
            f"{SHA256[:8]}… that data/README.md records; {restore}."
        )
    # The bytes that were verified are the bytes that are read.
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        return [file[name] for name in ("x_train", "y_train", "x_test", "y_test")]


def _download():
    from .support.keras_start import keras

    # A cache name of our own: where the file under Keras's own name is not the one it expects,
    # a failing download deletes it.
    try:
        train, test = keras.datasets.mnist.load_data(path="mnist-for-sparse-ae.npz")
    except Exception as problem:  # Keras raises a bare Exception for a failed download
        reason = " ".join(str(problem).split())
        raise OSError(
            f"There is no bundled MNIST at {MNIST} or it was not asked for, and Keras's download "
            f"failed ({reason}); restore the bundled file with "
            "`git checkout -- data/mnist.npz` or by reinstalling sparse-ae."
        ) from None
    return [*train, *test]


def check_images(images, name="images"):
    """Return `images` as an array if it is what the course's models take, else raise.

    Right are (n, 784) floating-point arrays with every pixel in [0, 1]. Raises TypeError for
    integer pixels, ValueError for another shape, for NaN and for pixels outside [0, 1]; the
    message names the argument, the value and the remedy.
    """
    images = check_shape(images, name)
    if not np.issubdtype(images.dtype, np.floating):
        raise TypeError(
            f"{name} must be floating-point pixels in [0, 1] and is {images.dtype}: "
            + (
                f"convert it with {name}.astype('float32')."
                if images.dtype == bool
                else f"scale it with {name}.astype('float32') / 255."
            )
        )
    low, high = images.min(), images.max()
    if np.isnan(low) or np.isnan(high):
        raise ValueError(
            f"{name} has {int(np.isnan(images).sum())} NaN pixels and must have none: "
            "replace them, for example with np.nan_to_num."
        )
    if low < 0 or high > 1:
        raise ValueError(
            f"{name} must lie in [0, 1] and runs from {low} to {high}: "
            "divide raw pixels by 255, and clip what is still outside."
        )
    return images


def check_shape(images, name="images"):
    """Return `images` as an array if its shape is (n, 784) with n ≥ 1, else raise ValueError."""
    images = np.asarray(images)
    if images.ndim != 2 or images.shape[1] != 784 or len(images) == 0:
        if images.size == 0:
            hint = "there is no image in it"
        elif images.ndim > 1 and math.prod(images.shape[1:]) == 784:
            hint = f"flatten them with {name}.reshape(len({name}), 784)"
        elif images.shape == (784,):
            hint = f"make it a batch of one with {name}[np.newaxis]"
        else:
            hint = "load_mnist() returns the right form"
        raise ValueError(
            f"{name} must have the shape (n, 784), one row per image, and has {images.shape}: "
            f"{hint}."
        )
    return images
