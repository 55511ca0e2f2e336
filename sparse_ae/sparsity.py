"""Ways to get zeros into a code: parts for Keras, each a few lines.

    build_autoencoder(l1=2e-4, sparsity="priced")                  # λ Σ h ‖atom‖
    build_autoencoder(sparsity=TopK(8), unit_norm=True)            # the 8 largest, no penalty
    build_autoencoder(l1=4e-4, sparsity="gated", unit_norm=True)   # one number: on? one: how much?
    build_autoencoder(sparsity=KL(rho=0.05, beta=2e-2))            # small on average, never zero

The lesson's own, an L1 penalty with or without atoms of length 1, needs nothing from here.
`images` are float32 (n, 784), `codes` float32 (n, units); an atom is a row of the decoder's kernel
(units, 784). A saved model that has one of these parts loads where this file is imported, as it is
with `build_autoencoder`; elsewhere Keras says which part it misses, of sparse_ae.sparsity.
"""

import numpy as np

from .support.arguments import number, whole_number
from .support.keras_start import keras

ops = keras.ops
_registered = keras.saving.register_keras_serializable("sparse_ae")


@_registered
class TopK(keras.layers.Layer):
    """The `k` largest activations of each code stay, the others become 0. (n, units) → the same.

    As an activation, `Dense(32, activation=TopK(8))`, or as a layer after a Dense one. Negative
    activations become 0 first, so fewer than k units are on where fewer are positive. Of equal
    activations the first ones stay. The gradient passes through what stays, and only there.
    k: from 0, nothing stays, up to the number of units, then it is a ReLU; more is the same.
    relu(topk(z)): Makhzani and Frey, 2013, k-sparse autoencoders; Gao et al., 2024, section 2.3.
    Raises TypeError or ValueError for another k.
    """

    def __init__(self, k, **options):
        super().__init__(**options)
        self.k = whole_number("k", k, least=0, example=8)

    def call(self, codes):
        codes = ops.relu(codes)
        return ops.where(largest(codes, self.k), codes, 0.0)

    def get_config(self):
        return super().get_config() | {"k": int(self.k)}


def largest(codes, k):
    """Which are the `k` largest of each row of `codes` ≥ 0, (n, units). Booleans (n, units).

    Nothing is sorted. Numbers ≥ 0 have the order of their bits read as whole numbers, and the k-th
    largest of these is found bit by bit, from the highest: a bit is set if k numbers are as large.
    """
    bits = ops.view(ops.stop_gradient(codes), "int32")

    def next_bit(place, kth):
        higher = kth + ops.right_shift(2**30, place)
        as_large = ops.sum(ops.cast(bits >= higher, "int32"), axis=1, keepdims=True)
        return ops.where(as_large >= k, higher, kth)

    kth = ops.fori_loop(0, 31, next_bit, ops.zeros_like(bits[:, :1]))
    above = bits > kth
    places = k - ops.sum(ops.cast(above, "int32"), axis=1, keepdims=True)
    equal = bits == kth
    return above | (equal & (ops.cumsum(ops.cast(equal, "int32"), axis=1) <= places))


@_registered
class PricedDense(keras.layers.Dense):
    """A decoder that prices each unit by the length of its atom: it adds λ Σ h ‖atom‖ to the loss.

    Summed over the units, averaged over the images. A code ten times smaller with atoms ten times
    longer costs the same, so small codes buy nothing: `shrink_code` leaves this penalty as it is.
    l1: λ ≥ 0. units, options: of `keras.layers.Dense`. (n, units of the code) → (n, units).
    Templeton et al., 2024, Scaling Monosemanticity; Circuits Updates, April 2024.
    """

    def __init__(self, units, l1=1e-4, **options):
        super().__init__(units, **options)
        self.l1 = number("l1", l1)

    def call(self, codes, training=None):
        # The root of zero has no gradient; 1e-12 keeps an atom of length 0 from ending in NaN.
        lengths = ops.sqrt(ops.sum(ops.square(self.kernel), axis=1) + 1e-12)
        self.add_loss(self.l1 * ops.mean(ops.matmul(ops.abs(codes), lengths)))
        return super().call(codes)

    def get_config(self):
        return super().get_config() | {"l1": float(self.l1)}


@_registered
class Gated(keras.layers.Dense):
    """An encoder that answers two questions: is the unit on, and how much? images → codes.

    With z = x W: the gate z + b opens where it is above 0, and the amplitude is
    ReLU(exp(r) z + m). The penalty λ Σ ReLU(z + b), averaged over the images, is on the gate alone,
    so it does not shrink the amplitudes. It belongs into a `GatedAutoencoder`, without which the
    gates do not learn. Weights: W (784, units), and b, r, m (units,), which begin at 0.
    l1: λ ≥ 0. units, options: of `keras.layers.Dense`.
    Rajamanoharan et al., 2024, arXiv 2404.16014, section 3.2: b is b_gate, r r_mag and m b_mag.
    """

    def __init__(self, units, l1=1e-4, activation="relu", **options):
        super().__init__(units, activation=activation, **options)
        self.l1 = number("l1", l1)

    def build(self, input_shape):
        super().build(input_shape)
        self.log_scale = self.add_weight(name="log_scale", shape=(self.units,), initializer="zeros")
        self.offset = self.add_weight(name="offset", shape=(self.units,), initializer="zeros")

    def call(self, images, training=None):
        z = ops.matmul(images, self.kernel)
        gates = ops.relu(z + self.bias)
        self.add_loss(self.l1 * ops.mean(ops.sum(gates, axis=1)))
        amplitudes = self.activation(ops.exp(self.log_scale) * z + self.offset)
        return ops.where(gates > 0, amplitudes, 0.0)

    # Dense saves its kernel and its bias alone.
    save_own_variables = keras.layers.Layer.save_own_variables
    load_own_variables = keras.layers.Layer.load_own_variables

    def gates(self, images):
        """ReLU(z + b), as if the gates were the code. (n, units)"""
        return ops.relu(ops.matmul(images, self.kernel) + self.bias)

    def get_config(self):
        return super().get_config() | {"l1": float(self.l1)}


@_registered
class GatedAutoencoder(keras.Sequential):
    """A `Sequential` of `Gated` and a decoder whose loss has one term more.

    An open gate passes no gradient, so the gates would never learn what is worth opening for.
    Hence they are asked to reconstruct the image by themselves, through a copy of the decoder that
    stands still meanwhile: L(x, decoder(gates)) is added to the loss (2404.16014, equation 8).
    """

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        loss = super().compute_loss(x, y, y_pred, sample_weight, training)
        code, decoder = self.layers
        V, c = ops.stop_gradient(decoder.kernel), ops.stop_gradient(decoder.bias)
        by_gates = decoder.activation(ops.matmul(code.gates(x), V) + c)
        loss += ops.mean(keras.losses.get(self.loss)(y, by_gates))
        # Always 0. Its gradient, 0 too, is not known before by_gates is: without it TensorFlow may
        # change the decoder first, and the gates would learn from another one.
        nothing = ops.minimum(ops.mean(ops.square(by_gates)), 0.0)
        return loss + nothing * (ops.sum(decoder.kernel) + ops.sum(decoder.bias))


@_registered
class KL(keras.regularizers.Regularizer):
    """Each unit shall be `rho` on average: an activity regularizer for a sigmoid code.

    It adds beta · Σ KL(rho ‖ mean), where mean (units,) is taken over the images of the batch, one
    for each unit, and KL = rho ln(rho / mean) + (1 - rho) ln((1 - rho) / (1 - mean)) is summed over
    the units. It makes units small and none zero.
    rho: strictly between 0 and 1. beta: ≥ 0. Codes must lie in [0, 1].
    Ng, CS294A lecture notes, Sparse autoencoder.
    """

    def __init__(self, rho=0.05, beta=2e-2):
        self.rho, self.beta = number("rho", rho), number("beta", beta)
        if not 0 < self.rho < 1:
            raise ValueError(f"rho must lie between 0 and 1 and is {rho!r}: try 0.05.")

    def __call__(self, codes):
        mean = ops.clip(ops.mean(codes, axis=0), 1e-6, 1 - 1e-6)
        small = self.rho * ops.log(self.rho / mean)
        large = (1 - self.rho) * ops.log((1 - self.rho) / (1 - mean))
        # Keras divides what an activity regularizer returns by the number of images, and the mean
        # has been taken already.
        return self.beta * ops.sum(small + large) * ops.cast(ops.shape(codes)[0], codes.dtype)

    def get_config(self):
        return {"rho": float(self.rho), "beta": float(self.beta)}


class Resample(keras.callbacks.Callback):
    """Gives dead units a new start: `fit(..., callbacks=[Resample(x_train[:10_000])])`.

    After the epochs numbered in `after`, counted from 1, a unit that none of `images` switches on
    gets the residual of a badly reconstructed image, x minus its reconstruction, as atom and as
    encoder column: images are drawn with chances that grow as the square of their squared error.
    Both get the mean length of those of the living units; its other weights become 0, and so do
    the optimizer's moments of all of them, which would drag it back.
    `resampled` lists how many units that were, one number for each time.
    images: (n, 784) floats in [0, 1]. seed: of the drawing.
    After Bricken et al., 2023, Towards Monosemanticity. They take the image where here is the
    residual, and a fifth of the length for the encoder: with TopK such a unit never wins.
    """

    def __init__(self, images, after=(1, 2, 3, 4), seed=0):
        super().__init__()
        self._images, self._after = np.asarray(images, "float32"), set(after)
        self._random = np.random.default_rng(seed)
        self.resampled = []

    def on_epoch_end(self, epoch, logs=None):
        if epoch + 1 not in self._after:
            return
        layers = self.model.layers
        *encoder, decoder = (x for x in layers if not isinstance(x, keras.layers.InputLayer))
        codes = self._images
        for layer in encoder:
            codes = layer(codes)
        code = [layer for layer in encoder if layer.weights][-1]  # a TopK behind it has none
        residuals = self._images - ops.convert_to_numpy(decoder(codes))
        on = (ops.convert_to_numpy(codes) > 0).any(axis=0)
        dead = np.flatnonzero(~on)
        self.resampled.append(len(dead))
        if len(dead) and on.any():
            chances = (residuals**2).sum(axis=1) ** 2
            drawn = self._random.choice(len(residuals), len(dead), p=chances / chances.sum())
            directions = residuals[drawn] / np.linalg.norm(residuals[drawn], axis=1, keepdims=True)
            self._renew(code, decoder, dead, on, directions)

    def _renew(self, code, decoder, dead, on, directions):
        for weights in (*code.weights, decoder.kernel):
            values = ops.convert_to_numpy(weights).copy()
            units = values if weights is decoder.kernel else values.T  # a row for each unit
            new = 0
            if units.ndim == 2:
                new = directions * np.linalg.norm(units[on], axis=1).mean()
            units[dead] = new
            weights.assign(values)
            for moments in self._moments(weights):
                values = ops.convert_to_numpy(moments).copy()
                (values if weights is decoder.kernel else values.T)[dead] = 0
                moments.assign(values)

    def _moments(self, weights):
        """The optimizer's variables that belong to `weights`: it names them after them."""
        name = weights.path.replace("/", "_")
        return [v for v in self.model.optimizer.variables if name in v.path]
