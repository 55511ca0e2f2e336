"""Every way to get zeros against NumPy: values, gradients, files; and what it refuses."""

import os
import subprocess
import sys

import numpy as np
import pytest
from conftest import ROOT

import sparse_ae as s
from sparse_ae.sparsity import largest
from sparse_ae.support.keras_start import keras

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("without_xla")]  # most of it trains

UNITS = 6


def relu(z):
    return np.maximum(z, 0)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def bce(x, p):
    return -np.mean(x * np.log(p) + (1 - x) * np.log(1 - p))


def kept_by_sorting(codes, k):
    """The k largest of each row of codes ≥ 0, of equal ones the first."""
    rank = (-codes).argsort(axis=1, kind="stable").argsort(axis=1)
    return np.where(rank < k, codes, 0)


def kl_of(mean, rho):
    return rho * np.log(rho / mean) + (1 - rho) * np.log((1 - rho) / (1 - mean))


# The loss of each variant in NumPy. `still` is a copy of the weights that is no variable.


def free_loss(x, weights, still):
    W, b, V, c = weights
    h = relu(x @ W + b)
    return bce(x, sigmoid(h @ V + c)) + 3e-3 * np.mean(h.sum(axis=1))


def priced_loss(x, weights, still):
    W, b, V, c = weights
    h = relu(x @ W + b)
    lengths = np.sqrt((V**2).sum(axis=1))
    return bce(x, sigmoid(h @ V + c)) + 3e-3 * np.mean((h * lengths).sum(axis=1))


def topk_loss(x, weights, still):
    W, b, V, c = weights
    return bce(x, sigmoid(kept_by_sorting(relu(x @ W + b), 2) @ V + c))


def gated_loss(x, weights, still):
    W, b, r, m, V, c = weights
    z = x @ W
    gates = relu(z + b)
    h = (gates > 0) * relu(np.exp(r) * z + m)
    by_gates = bce(x, sigmoid(gates @ still[4] + still[5]))
    return bce(x, sigmoid(h @ V + c)) + 3e-3 * np.mean(gates.sum(axis=1)) + by_gates


def kl_loss(x, weights, still):
    W, b, V, c = weights
    h = sigmoid(x @ W + b)
    return bce(x, sigmoid(h @ V + c)) + 1e-2 * kl_of(h.mean(axis=0), 0.1).sum()


VARIANTS = {
    "free": (free_loss, lambda: {"l1": 3e-3}),
    "priced": (priced_loss, lambda: {"l1": 3e-3, "sparsity": "priced"}),
    "topk": (topk_loss, lambda: {"sparsity": s.TopK(2)}),
    "gated": (gated_loss, lambda: {"l1": 3e-3, "sparsity": "gated"}),
    "kl": (kl_loss, lambda: {"sparsity": s.KL(0.1, 1e-2)}),
}


def built(variant, **more):
    """A model with weights that are not the start's: no bias is zero."""
    keras.utils.set_random_seed(4)
    model = s.build_autoencoder(UNITS, **VARIANTS[variant][1](), **more)
    random = np.random.default_rng(1)
    model.set_weights([w + random.normal(0, 0.1, w.shape) for w in model.get_weights()])
    return model


# What people write instead, and what it changes: none of these may pass for the variant.
WRONG = {
    "priced": [free_loss, lambda x, w, still: priced_loss(x, [*w[:2], still[2], w[3]], still)],
    "topk": [free_loss, lambda x, w, still: topk_loss(x, w, still) + free_loss(x, w, still)],
    "gated": [
        lambda x, w, still: gated_loss(x, w, w),  # the decoder learns from the gates
        lambda x, w, still: gated_loss(x, [*still[:2], *w[2:]], still),  # the gates do not learn
    ],
    "kl": [
        lambda x, w, still: kl_loss(x, w, still) / 2 + bce_of(x, w) / 2,  # β halved
        lambda x, w, still: (
            bce_of(x, w) + 1e-2 * kl_of(sigmoid(x @ w[0] + w[1]).mean(axis=0), 0.1).mean()
        ),
        lambda x, w, still: (
            bce_of(x, w) + 1e-2 * kl_of(sigmoid(x @ w[0] + w[1]).mean(axis=0), 0.1).sum() / len(x)
        ),
    ],
}


def bce_of(x, weights):
    W, b, V, c = weights
    return bce(x, sigmoid(sigmoid(x @ W + b) @ V + c))


def slopes(loss, x, weights, directions):
    """How fast `loss` grows along each direction, by central differences in float64."""
    step = 1e-6
    found = []
    for direction in directions:
        up, down = (
            loss(x, [w + sign * step * d for w, d in zip(weights, direction, strict=True)], weights)
            for sign in (1, -1)
        )
        found.append((up - down) / (2 * step))
    return np.array(found)


@pytest.mark.long
def test_the_gates_learn_from_a_decoder_that_has_not_moved(x_test):
    """TensorFlow changes variables as soon as it can: one step in twelve was another one."""
    found = []
    for _ in range(40):
        model = built("gated", optimizer=keras.optimizers.SGD(0.5))
        model.train_on_batch(x_test[:64], x_test[:64])
        found.append(model.get_weights()[0])
    assert np.ptp(found, axis=0).max() < 1e-6


@pytest.mark.parametrize("variant", VARIANTS)
def test_loss_and_one_training_step(x_test, variant):
    images, rate = x_test[:64], 0.5
    loss, _ = VARIANTS[variant]
    model = built(variant, optimizer=keras.optimizers.SGD(rate))
    x, weights = images.astype("float64"), [w.astype("float64") for w in model.get_weights()]
    assert model.evaluate(images, images, batch_size=64, verbose=0)[0] == pytest.approx(
        loss(x, weights, weights), rel=2e-5
    )
    model.train_on_batch(images, images)
    gradient = [
        (before - after) / rate for before, after in zip(weights, model.get_weights(), strict=True)
    ]
    # Along the gradient of each array alone, and along chance directions.
    arrays = range(len(weights))
    directions = [[g * (i == j) for j, g in enumerate(gradient)] for i in arrays]
    random = np.random.default_rng(2)
    directions += [[random.normal(0, 1e-2, w.shape) for w in weights] for _ in range(5)]
    of_keras = [
        sum(np.sum(g * d) for g, d in zip(gradient, direction, strict=True))
        for direction in directions
    ]
    wanted = slopes(loss, x, weights, directions)
    assert of_keras == pytest.approx(wanted, rel=2e-3, abs=1e-6)
    for wrong in WRONG.get(variant, []):
        assert of_keras != pytest.approx(slopes(wrong, x, weights, directions), rel=2e-2)


@pytest.mark.parametrize("k", [0, 1, 3, 8, 9, 100])
def test_topk_is_sorting(k):
    random = np.random.default_rng(k)
    codes = random.normal(0, 1, (200, 8)).astype("float32")
    codes[:50] = random.integers(-1, 3, (50, 8))  # ties, also at zero
    codes[50:60] *= 1e-30
    codes[60] = codes[61] = 0
    codes[61, 3] = 7
    found = keras.ops.convert_to_numpy(s.TopK(k)(codes))
    assert np.array_equal(found, kept_by_sorting(relu(codes), k))
    assert (found > 0).sum(axis=1).max() <= k
    if k >= 8:
        assert np.array_equal(found, relu(codes))


def test_of_equal_ones_exactly_k_stay():
    which = largest(np.ones((2, 5), "float32"), 3)
    assert keras.ops.convert_to_numpy(which).tolist() == [[True] * 3 + [False] * 2] * 2


def test_topk_as_a_layer_and_as_an_activation(x_test):
    """The plain Keras way, without `build_autoencoder`."""
    keras.utils.set_random_seed(0)
    layered = keras.Sequential(
        [
            keras.Input((784,)),
            keras.layers.Dense(16, activation="relu"),
            s.TopK(4),
            keras.layers.Dense(784, activation="sigmoid"),
        ]
    )
    model = s.build_autoencoder(16, sparsity=s.TopK(4))
    model.set_weights(layered.get_weights())
    images = x_test[:50]
    assert np.array_equal(s.encode(layered, images), s.encode(model, images))
    assert np.array_equal(s.reconstruct(layered, images), s.reconstruct(model, images))
    assert s.active_units(s.encode(s.build_encoder(layered), images)).max() == 4
    layered.compile(optimizer="adam", loss="binary_crossentropy")
    layered.layers[0].bias.assign([-1e3] * 12 + [0] * 4)
    callback = s.Resample(images, after=[1])
    s.guarded(layered).fit(s.training_batches(images), callbacks=[callback], verbose=0)
    assert callback.resampled[0] >= 12 > len(s.units_never_on(s.encode(layered, images)))


def penalty(model, images):
    model(images)
    return float(sum(model.losses))


@pytest.mark.parametrize("batch", [1, 32, 256])
@pytest.mark.parametrize("variant", ["priced", "gated", "kl"])
def test_penalties_do_not_grow_or_shrink_with_the_batch(x_test, variant, batch):
    """The same image, repeated: a mean stays, a sum or a second division by the batch does not."""
    model = built(variant)
    one = penalty(model, x_test[:1])
    assert penalty(model, np.repeat(x_test[:1], batch, axis=0)) == pytest.approx(one, rel=1e-5)


def test_kl_by_hand():
    """One unit that is 0.5 and 1 on average .75, one that is always 0.25: 2 images."""
    codes = np.array([[0.5, 0.25], [1.0, 0.25]], "float32")
    by_hand = 2 * (
        0.25 * np.log(0.25 / 0.75) + 0.75 * np.log(0.75 / 0.25)  # and the second is at rho: 0
    )
    # Keras divides what a regularizer returns by the 2 images.
    assert float(s.KL(0.25, 2.0)(codes)) / 2 == pytest.approx(by_hand, rel=1e-6)


def test_the_price_does_not_change_with_the_length_of_the_code(x_test):
    """`shrink_weights` makes the lesson's penalty ten times smaller, and the priced one not."""
    for variant, change in {"priced": 1, "free": 10}.items():
        model = built(variant)
        before = penalty(model, x_test[:100])
        model.set_weights(s.shrink_weights(model.get_weights(), 10))
        assert penalty(model, x_test[:100]) == pytest.approx(before / change, rel=1e-5)


def test_an_atom_of_length_zero_is_no_end(x_test):
    model = s.build_autoencoder(4, sparsity="priced")
    W, b, V, c = model.get_weights()
    model.set_weights([W, b, np.zeros_like(V), c])
    model.train_on_batch(x_test[:32], x_test[:32])
    assert all(np.isfinite(w).all() for w in model.get_weights())


@pytest.mark.parametrize("variant", VARIANTS)
def test_save_and_load(tmp_path, x_test, variant):
    model = built(variant)
    images = x_test[:200]
    model.train_on_batch(images, images)
    for saved in (model, s.build_encoder(model)):
        saved.save(tmp_path / "model.keras")
        loaded = keras.models.load_model(tmp_path / "model.keras")
        assert type(loaded) is type(saved)
        for one, other in zip(loaded.layers, saved.layers, strict=True):
            assert type(one) is type(other) and one.name == other.name
        assert all(map(np.array_equal, loaded.get_weights(), saved.get_weights()))
        assert np.array_equal(s.encode(loaded, images), s.encode(saved, images))
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert loaded.evaluate(images, images, verbose=0) == model.evaluate(images, images, verbose=0)
    # The optimizer's state came along: both go on as one.
    assert loaded.train_on_batch(images, images) == model.train_on_batch(images, images)


@pytest.mark.long
def test_a_saved_model_says_what_it_needs(tmp_path):
    s.build_autoencoder(sparsity=s.TopK(8)).save(tmp_path / "model.keras")

    def python(code):
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        return subprocess.run(
            [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True
        )

    code = "import keras; keras.models.load_model('model.keras')"
    failed = python(code)
    assert failed.returncode == 1
    sentence = failed.stderr.decode().strip().splitlines()[-1]
    assert "Could not locate class 'TopK'" in sentence and "sparse_ae.sparsity" in sentence
    assert python(f"from sparse_ae import build_autoencoder; {code}").returncode == 0


def dead_and_alive(x_test, sparsity, **options):
    """A model of 8 units, of which at least 2 and 5 are never on, after some training."""
    keras.utils.set_random_seed(0)
    model = s.build_autoencoder(8, sparsity=sparsity, **options)
    model.fit(x_test[:512], x_test[:512], epochs=2, verbose=0)
    weights = model.get_weights()
    weights[1][[2, 5]] = -1e3
    model.set_weights(weights)
    return model


@pytest.mark.parametrize("sparsity", ["l1", "gated"])
def test_resampling(x_test, sparsity):
    images = x_test[:512]
    model = dead_and_alive(x_test, sparsity)
    dead = s.units_never_on(s.encode(model, images)).tolist()
    alive = [unit for unit in range(8) if unit not in dead]
    assert {2, 5} <= set(dead) and len(alive) > 3
    residuals = images - s.reconstruct(model, images)
    before = model.get_weights()
    moments = {v.path: v.numpy() for v in model.optimizer.variables}
    callback = s.Resample(images, after=[3])
    callback.set_model(model)
    callback.on_epoch_end(1)
    assert all(map(np.array_equal, before, model.get_weights())) and callback.resampled == []
    callback.on_epoch_end(2)
    assert callback.resampled == [len(dead)]

    after = model.get_weights()
    W, V = after[0], after[-2]
    directions = residuals / np.linalg.norm(residuals, axis=1, keepdims=True)
    for unit in dead:
        atom = V[unit] / np.linalg.norm(V[unit])
        assert (directions @ atom).max() == pytest.approx(1, abs=1e-5)  # one image's residual
        assert np.allclose(W[:, unit] / np.linalg.norm(W[:, unit]), atom, atol=1e-5)
    lengths = np.linalg.norm(V, axis=1)
    assert lengths[dead] == pytest.approx(lengths[alive].mean(), rel=1e-5)
    columns = np.linalg.norm(W, axis=0)
    assert columns[dead] == pytest.approx(columns[alive].mean(), rel=1e-5)
    for old, new in zip(before, after, strict=True):
        if old.shape[-1] == 8:
            assert np.array_equal(old[..., alive], new[..., alive])
            assert old.ndim == 2 or (new[dead] == 0).all()
    assert np.array_equal(before[-2][alive], V[alive]) and np.array_equal(before[-1], after[-1])

    touched = 0
    for variable in model.optimizer.variables:
        old, new = moments[variable.path], variable.numpy()
        if np.array_equal(old, new):
            continue
        touched += 1
        units = new if new.shape == V.shape else new.T
        assert (units[dead] == 0).all()
        assert np.array_equal(units[alive], (old if new.shape == V.shape else old.T)[alive])
    # Two moments of each: kernel, bias and atoms; a gated layer has two weights more.
    assert touched == (10 if sparsity == "gated" else 6)
    assert len(s.units_never_on(s.encode(model, images))) == 0


def test_resampling_leaves_living_units_alone(x_test):
    model = s.build_autoencoder(8)
    before = model.get_weights()
    model.optimizer.build(model.trainable_variables)
    callback = s.Resample(x_test[:500], after=[1])
    callback.set_model(model)
    callback.on_epoch_end(0)
    dead = callback.resampled[0]
    assert dead == len(s.units_never_on(s.encode(s.build_autoencoder(8), x_test[:500]))) or dead < 8
    if not dead:
        assert all(map(np.array_equal, before, model.get_weights()))


def test_resampling_between_compiled_epochs_brings_units_back(x_test):
    """In a wide TopK layer most units die; the callback is called between whole epochs."""
    found = {}
    images = x_test[:1000]
    for callbacks in ([], [s.Resample(images, after=range(1, 5))]):
        keras.utils.set_random_seed(0)
        batches = s.training_batches(images, 32)
        optimizer = s.quick_optimizer(batches, 6)
        model = s.build_autoencoder(96, sparsity=s.TopK(8), unit_norm=True, optimizer=optimizer)
        model.fit(batches, epochs=6, callbacks=callbacks, verbose=0)
        found[len(callbacks)] = s.measure_model(model, images, more=True)
    assert found[0]["never_on"] > 30 > found[1]["never_on"]
    assert found[1]["atom_length"] == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: s.TopK(-1), ValueError, ["k", "-1", "try 8"]),
        (lambda: s.TopK(2.5), TypeError, ["k", "2.5", "try 8"]),
        (lambda: s.TopK(True), TypeError, ["k", "True"]),
        (lambda: s.KL(rho=0), ValueError, ["rho", "0", "try 0.05"]),
        (lambda: s.KL(rho=1), ValueError, ["rho", "1"]),
        (lambda: s.KL(beta=-1), ValueError, ["beta", "-1"]),
        (lambda: s.KL(beta="2"), TypeError, ["beta", "'2'"]),
        (lambda: s.Gated(8, l1=-1), ValueError, ["l1", "-1"]),
        (lambda: s.PricedDense(8, l1=float("nan")), ValueError, ["l1", "nan"]),
        (lambda: s.build_autoencoder(sparsity="topk"), ValueError, ["sparsity", "'topk'", "TopK"]),
        (lambda: s.build_autoencoder(sparsity=8), ValueError, ["sparsity", "8", "TopK(8)"]),
        (
            lambda: s.build_autoencoder(l1=1e-3, sparsity=s.TopK(8)),
            ValueError,
            ["l1", "0.001", "left out"],
        ),
    ],
)
def test_bad_arguments_are_one_sentence(call, error, words):
    with pytest.raises(error) as problem:
        call()
    text = str(problem.value)
    assert text.startswith(f"{words[0]} must") and all(word in text for word in words), text
    assert "\n" not in text
