"""The lesson's autoencoder and its encoder: the reference code of the course."""

import itertools
from functools import partial

import numpy as np

from .data import check_images
from .fast.guarded import guarded
from .measuring import measures
from .sparsity import KL, Gated, GatedAutoencoder, PricedDense, TopK
from .support.arguments import number, whole_number
from .support.files import BUNDLED
from .support.keras_start import check_precision, keras

Dense = keras.layers.Dense


def _network(
    code_size, activation, penalty, constraint, kind=keras.Sequential, encoder=Dense, decoder=Dense
):
    """The whole model: 784 pixels → `code_size` units → 784 pixels."""
    return kind(
        [
            keras.Input((784,), name="image"),
            encoder(code_size, activation=activation, activity_regularizer=penalty, name="code"),
            decoder(784, activation="sigmoid", kernel_constraint=constraint, name="reconstruction"),
        ],
        name="autoencoder",
    )


def build_autoencoder(
    code_size=32,
    l1=1e-4,
    *,
    unit_norm=False,
    sparsity="l1",
    loss="binary_crossentropy",
    optimizer="adam",
    activation="relu",
    metrics=("binary_crossentropy",),
):
    """The lesson's model, compiled: 784 pixels → `code_size` units → 784 pixels.

    code_size: units of the hidden layer, at least 1. The layer is named "code".
    l1: λ ≥ 0 of the L1 activity regularizer. Keras adds λ · Σ|h|, summed over the units and
        averaged over the batch, to the loss (keras.Layer, `activity_regularizer`, Keras ≥ 3.14).
    unit_norm: True keeps every atom, a row of the decoder's kernel, at length 1, from the first
        step on: `kernel_constraint=UnitNorm(axis=1)`. Then long atoms cannot make up for a
        small code (Bricken et al., 2023, Towards Monosemanticity).
    sparsity: another way to zeros than the L1 penalty, see `sparsity.py`. "priced" and "gated"
        take their λ from `l1`; TopK(k) and KL(rho, beta) take its place, and with KL the code is
        a sigmoid.
    loss, optimizer, activation: any Keras name or object; the activation is the hidden layer's.
        The output layer, named "reconstruction", is a sigmoid.
    metrics: recorded beside the loss. The default shows the binary cross-entropy without the
        penalty, whatever the loss is.

    Takes float images (n, 784) in [0, 1] and returns reconstructions of the same form. `fit`,
    `evaluate` and `predict` are Keras's own, and look at arrays before they take them: see
    `guarded`, and `check_images` for what they raise.
    Raises TypeError or ValueError, naming the argument, for anything it cannot use.
    """
    check_precision()
    code_size = whole_number("code_size", code_size, least=1, example=32)
    l1 = number("l1", l1, "1e-4, or 0 for no penalty")
    activation = _known(keras.activations.get, "activation", activation, "relu, tanh, sigmoid")
    _known(keras.losses.get, "loss", loss, "binary_crossentropy, mean_squared_error")
    optimizer = _known(keras.optimizers.get, "optimizer", optimizer, "adam, sgd, adadelta")
    constraint = keras.constraints.UnitNorm(axis=1) if unit_norm else None
    activation, penalty, parts = _parts(sparsity, l1, activation)
    autoencoder = _network(code_size, activation, penalty, constraint, **parts)
    autoencoder.compile(optimizer=optimizer, loss=loss, metrics=list(metrics))
    return guarded(autoencoder)


def _parts(sparsity, l1, activation):
    """Activation and penalty of the code, and what in the network is not the lesson's."""
    if isinstance(sparsity, TopK | KL):
        if l1 not in (0, 1e-4):  # 1e-4 is what nobody wrote
            raise ValueError(f"l1 must be left out beside sparsity={sparsity!r} and is {l1}.")
        if isinstance(sparsity, TopK):
            return sparsity, None, {}
        return "sigmoid" if activation is keras.activations.relu else activation, sparsity, {}
    if sparsity == "l1":
        return activation, keras.regularizers.L1(l1), {}
    if sparsity == "priced":
        return activation, None, {"decoder": partial(PricedDense, l1=l1)}
    if sparsity == "gated":
        return activation, None, {"kind": GatedAutoencoder, "encoder": partial(Gated, l1=l1)}
    raise ValueError(
        f'sparsity must be "l1", "priced", "gated", a TopK or a KL and is {sparsity!r}: '
        "try TopK(8)."
    )


def build_encoder(autoencoder):
    """A new model that stops at the code: (n, 784) images → (n, code_size) codes.

    It has the layers of `autoencoder` up to the code once more, with a copy of their weights:
    training one afterwards leaves the other as it is. Raises TypeError if there are none.
    """
    layers = _encoding_layers(autoencoder)
    copies = [type(layer).from_config(layer.get_config()) for layer in layers]
    encoder = keras.Sequential([keras.Input((784,), name="image"), *copies], name="encoder")
    encoder.set_weights([weights for layer in layers for weights in layer.get_weights()])
    return guarded(encoder)


def encode(model, images):
    """The codes of `images` (n, 784) as a float32 array (n, code_size).

    `model` is an autoencoder or an encoder: its first Dense layer answers, and a TopK behind it.
    Raises as `check_images` does, and TypeError for something that is no such model.
    """
    return _in_pieces(_encoding_layers(model), check_images(images))


def reconstruct(autoencoder, images):
    """The reconstructions of `images`, both float32 (n, 784).

    Raises as `check_images` does, and TypeError for something that is no such model.
    """
    _encoding_layers(autoencoder)
    if autoencoder.output_shape[-1] != 784:
        raise TypeError(
            f"autoencoder must answer with 784 pixels and has the output shape "
            f"{autoencoder.output_shape}: an encoder's answers are given by encode()."
        )
    return _in_pieces([autoencoder], check_images(images))


def measure_model(autoencoder, images, *, more=False):
    """The course's five measures of a model on `images`: see `measures`. A dict of numbers.

    more: True adds the three that look at the atoms.
    """
    reconstructions = reconstruct(autoencoder, images)
    atoms = autoencoder.layers[-1].get_weights()[0] if more else None
    return measures(images, encode(autoencoder, images), reconstructions, atoms)


def shrink_weights(weights, factor):
    """Weights [W, b, V, c] with which the same images come from a code `factor` times smaller.

    A ReLU passes a positive factor through, so the decoder can make up for a smaller code.
    Raises ValueError unless `factor` is positive.
    """
    if not factor > 0:
        raise ValueError(f"factor must be larger than zero and is {factor!r}: try 10.")
    W, b, V, c = weights
    return [W / factor, b / factor, V * factor, c]


def shrink_code(autoencoder, factor):
    """A new model of `build_autoencoder` with `shrink_weights` of the one that is given."""
    weights = shrink_weights(autoencoder.get_weights(), factor)
    smaller = build_autoencoder(code_size=len(weights[1]))
    smaller.set_weights(weights)
    return smaller


# Trained for 50 epochs with this (λ, unit_norm); data/README.md says how they were made.
LESSON_MODELS = {
    (1e-4, False): BUNDLED / "data" / "lesson_model.keras",
    (0, False): BUNDLED / "data" / "lesson_model_without_penalty.keras",
    (2e-4, True): BUNDLED / "data" / "lesson_model_unit_norm.keras",
}


def dense_parameters(sizes):
    """Weights and biases of a chain of dense layers; `sizes` begins with the number of inputs."""
    return sum((inputs + 1) * units for inputs, units in itertools.pairwise(sizes))


def load_lesson_model(l1=1e-4, *, unit_norm=False):
    """The lesson's model after its 50 epochs, so that nobody has to wait for them.

    l1: 1e-4 for the lesson's penalty, 0 for the same model trained without one.
    unit_norm: True, with l1=2e-4, for the one whose atoms have length 1, and whose code is sparse.
    Raises ValueError for any other pair, OSError if the file is missing or damaged.
    """
    if (l1, bool(unit_norm)) not in LESSON_MODELS:
        raise ValueError(
            f"l1 must be 1e-4 or 0, or 2e-4 with unit_norm=True, and is {l1!r} with "
            f"unit_norm={unit_norm!r}: no other trained model is bundled."
        )
    path = LESSON_MODELS[l1, bool(unit_norm)]
    try:
        return guarded(keras.models.load_model(path))
    except Exception as problem:  # zipfile, h5py and Keras each have their own
        raise OSError(
            f"{path} cannot be loaded ({type(problem).__name__}); restore it with "
            f"`git checkout -- data/{path.name}` or reinstall sparse-ae."
        ) from None


def _in_pieces(layers, rows, size=4096):
    """What `layers` make of `rows`, a piece at a time. `predict` would compile each model anew."""

    def answer(piece):
        for layer in layers:
            piece = layer(piece)
        return keras.ops.convert_to_numpy(piece)

    pieces = [answer(rows[start : start + size]) for start in range(0, len(rows), size)]
    return np.concatenate(pieces)


def _encoding_layers(autoencoder):
    """The layers up to the code: the first Dense one, and a TopK behind it."""
    layers = getattr(autoencoder, "layers", None) or []
    layers = [layer for layer in layers if not isinstance(layer, keras.layers.InputLayer)]
    first = layers[0] if layers else None
    if isinstance(first, Dense) and first.built and first.kernel.shape[0] == 784:
        return layers[: 1 + any(isinstance(layer, TopK) for layer in layers[1:2])]
    raise TypeError(
        f"autoencoder must be a Keras model that begins with a Dense layer on 784 pixels and is "
        f"{type(autoencoder).__name__}: make one with build_autoencoder()."
    )


def _known(get, argument, value, examples):
    """What Keras makes of `value`, or one sentence instead of its list of all names."""
    try:
        found = get(value)
    except Exception:  # some of Keras's names want arguments of their own
        found = None
    if found is None or (argument == "optimizer" and not isinstance(found, keras.Optimizer)):
        raise ValueError(
            f"{argument} must be a Keras name or object and is {value!r}: try {examples}."
        )
    return found
