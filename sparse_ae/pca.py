"""Principal component analysis: the linear code that the lesson compares its own with."""

import numbers
from typing import NamedTuple

import numpy as np

from .data import check_images
from .measuring import at_least_float32


class PCA(NamedTuple):
    """A mean image (784,) and the leading principal components, orthonormal rows (size, 784)."""

    mean: np.ndarray
    components: np.ndarray


def fit_pca(images, size=32):
    """The `size` leading principal components of `images` (n, 784), largest variance first.

    They are the leading eigenvectors of the covariance matrix: the linear code of this size with
    the least squared error (Bishop, Pattern Recognition and Machine Learning, 12.1).
    Raises ValueError unless 1 ≤ size ≤ 784.
    """
    images = at_least_float32(check_images(images))
    if not isinstance(size, numbers.Integral) or not 1 <= size <= 784:
        raise ValueError(
            f"size must be a whole number of components from 1 to 784 and is {size!r}: try 32."
        )
    mean = images.mean(axis=0, dtype=np.float64)
    centred = images - mean.astype(images.dtype)
    _, vectors = np.linalg.eigh((centred.T @ centred).astype(np.float64))
    return PCA(mean, vectors[:, : -size - 1 : -1].T)


def pca_reconstructions(images, pca):
    """`images` (n, 784) projected on the components and back. Floats (n, 784), not clipped."""
    images = check_images(images)
    return (images - pca.mean) @ pca.components.T @ pca.components + pca.mean
