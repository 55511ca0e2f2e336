"""The lesson's model without a framework: its slopes, and the best codes for atoms held still.

An image x with the code h costs its BCE and λ Σ|h|; its copy is the sigmoid of h V + c. Below,
images are floats (n, pixels) in [0, 1], codes (n, units) and not negative, V (units, pixels) the
decoder's kernel and c (pixels,) its biases; l1 is λ ≥ 0.
"""

import numpy as np

from .measuring import bce_per_image
from .units import paint


def objective_per_image(images, codes, V, c, l1):
    """What each image costs with its code: BCE, the mean over its pixels, and λ Σ|h|. Floats (n,).

    The mean of it is Keras's loss for a layer with `activity_regularizer=L1(l1)`.
    """
    penalty = l1 * np.sum(np.abs(codes), axis=1, dtype=np.float64)
    return bce_per_image(images, paint(codes, V, c)) + penalty


def slope_of_codes(images, codes, V, c, l1):
    """The slope of each image's objective by each activation of its code. (n, units).

    A pixel's BCE has the slope p - x by what goes into the sigmoid. Where an activation is 0 it is
    the slope to the right, for a code is never negative: λ counts there, too.
    """
    return (paint(codes, V, c) - images) @ V.T / images.shape[1] + l1


def gradient_by_steps(weights, loss, step):
    """The slope of `loss` by each of the weights, from a step to both sides. As `weights`.

    loss: a function of such an array that returns a number. The error falls with the square of
    `step`, until the difference of two losses is so small that their rounding shows.
    """
    slopes = np.zeros(np.shape(weights))
    for place in np.ndindex(slopes.shape):
        away = np.zeros(slopes.shape)
        away[place] = step
        slopes[place] = (loss(weights + away) - loss(weights - away)) / (2 * step)
    return slopes


def encoder_gradients(images, codes, slopes):
    """The gradients of the mean objective by the encoder's W (pixels, units) and b (units,).

    slopes: those of each image's objective by its code, (n, units). A ReLU that is off passes none.
    """
    passed = slopes * (codes > 0)
    return [images.T @ passed / len(images), passed.mean(axis=0)]


def step_downhill(images, codes, V, c, l1):
    """The codes after one step of ISTA on each image's objective, the atoms held still.

    The sigmoid bends by a quarter at most, so no slope changes faster than ‖V‖²/(4 · pixels), and a
    step of one over this never goes too far (Beck and Teboulle, 2009). No activation falls below 0.
    """
    step = 4 * images.shape[1] / np.linalg.norm(V, 2) ** 2
    return np.maximum(0, codes - step * slope_of_codes(images, codes, V, c, l1))


def best_codes(images, V, c, l1, steps=100):
    """The codes with the smallest objective for these atoms, from nothing, by FISTA. (n, units).

    The problem is convex, so there is one smallest value, wherever one starts. Half as many steps
    change little.
    """
    return _fista(images, np.zeros((len(images), len(V))), V, c, l1, steps)


def refit(images, codes, V, c, steps=200):
    """Codes with the same units on, whose amplitudes give the smallest BCE that they can.

    The answer has the form of `codes`; an amplitude may become 0.
    """
    return _fista(images, codes, V, c, 0, steps, on=np.asarray(codes) > 0)


def _fista(images, codes, V, c, l1, steps, on=True):
    """ISTA from `codes` with the momentum of Beck and Teboulle, 2009; what is not `on` stays 0."""
    images, V, c = (np.asarray(array, "float32") for array in (images, V, c))
    step = np.float32(4 / np.linalg.norm(V, 2) ** 2)
    price = np.float32(l1 * images.shape[1])
    best = ahead = np.asarray(codes, "float32")
    for t in range(1, steps + 1):
        error = ahead @ V
        error += c
        error *= 0.5  # the sigmoid, in place: for all test images a copy has 31 MB
        np.tanh(error, out=error)
        error += 1
        error *= 0.5
        error -= images
        new = np.maximum(0, ahead - step * (error @ V.T + price)) * on
        best, ahead = new, new + np.float32((t - 1) / (t + 2)) * (new - best)
    return best
