"""The model against NumPy: forward pass, penalty, one training step; bad arguments; files."""

import json
import re

import numpy as np
import pytest

from sparse_ae import (
    QUICK_EPOCHS,
    build_autoencoder,
    build_encoder,
    encode,
    load_lesson_model,
    measure_model,
    models,
    quick_optimizer,
    reconstruct,
    shrink_code,
    shrink_weights,
    training_batches,
)
from sparse_ae.support.keras_start import keras

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("without_xla")]  # most of it trains


def relu(z):
    return np.maximum(z, 0)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def test_layers_are_the_lessons():
    model = build_autoencoder()
    assert type(model) is keras.Sequential and model.built
    assert [layer.name for layer in model.layers] == ["code", "reconstruction"]
    assert model.input_shape == (None, 784) and model.output_shape == (None, 784)
    assert model.count_params() == 784 * 32 + 32 + 32 * 784 + 784
    code, reconstruction = model.layers
    assert code.activation is keras.activations.relu
    assert reconstruction.activation is keras.activations.sigmoid
    assert float(code.activity_regularizer.l1) == pytest.approx(1e-4)
    assert code.kernel_regularizer is None and reconstruction.activity_regularizer is None
    assert type(model.optimizer) is keras.optimizers.Adam and model.loss == "binary_crossentropy"


def test_forward_pass_is_two_formulas(lesson, x_test):
    W, b, V, c = lesson.get_weights()
    codes = relu(x_test @ W + b)
    assert np.allclose(encode(lesson, x_test), codes, atol=1e-4)
    assert np.allclose(reconstruct(lesson, x_test), sigmoid(codes @ V + c), atol=1e-5)


def test_pieces_equal_predict(lesson, x_test):
    assert np.allclose(reconstruct(lesson, x_test), lesson.predict(x_test, verbose=0), atol=1e-6)
    assert np.array_equal(encode(lesson, x_test), encode(build_encoder(lesson), x_test))
    assert reconstruct(lesson, x_test[:1]).shape == (1, 784)


@pytest.mark.parametrize("batch", [1, 32, 256])
def test_penalty_is_a_mean_over_the_batch(x_test, batch):
    model = build_autoencoder(l1=3e-4)
    images = x_test[:batch]
    W, b, _, _ = model.get_weights()
    per_image = 3e-4 * np.abs(relu(images @ W + b)).sum(axis=1)
    model(images)
    penalty = float(sum(model.losses))
    assert penalty == pytest.approx(per_image.mean(), rel=1e-5)
    loss = model.evaluate(images, images, batch_size=batch, verbose=0, return_dict=True)
    assert loss["loss"] - loss["binary_crossentropy"] == pytest.approx(per_image.mean(), rel=1e-3)
    if batch > 1:  # what Keras 3.0 to 3.13 added
        assert penalty != pytest.approx(per_image.sum(), rel=0.5)


def test_one_training_step_is_the_gradient_of_bce_plus_penalty(x_test):
    """Backpropagation by hand, in float64, against one step of plain gradient descent."""
    images, rate, l1 = x_test[:64], 0.5, 1e-3
    model = build_autoencoder(8, l1, optimizer=keras.optimizers.SGD(rate))
    W, b, V, c = (w.astype("float64") for w in model.get_weights())
    x = images.astype("float64")
    h = relu(x @ W + b)
    p = sigmoid(h @ V + c)
    to_output = (p - x) / x.size  # BCE is a mean over images and pixels
    to_code = (to_output @ V.T + l1 / len(x)) * (h > 0)
    expected = [
        W - rate * x.T @ to_code,
        b - rate * to_code.sum(axis=0),
        V - rate * h.T @ to_output,
        c - rate * to_output.sum(axis=0),
    ]
    model.train_on_batch(images, images)
    for found, wanted in zip(model.get_weights(), expected, strict=True):
        assert np.allclose(found, wanted, atol=2e-7)


def test_options_by_name_and_by_object(x_test):
    model = build_autoencoder(
        7,
        0,
        loss="mse",
        optimizer=keras.optimizers.SGD(0.1),
        activation=keras.activations.tanh,
        metrics=[],
    )
    model.fit(x_test[:64], x_test[:64], verbose=0)
    assert encode(model, x_test[:5]).shape == (5, 7) and encode(model, x_test[:50]).min() < 0
    assert isinstance(build_autoencoder(optimizer="sgd").optimizer, keras.optimizers.SGD)
    assert build_autoencoder(np.int64(4), np.float32(1e-3)).layers[0].units == 4
    with_alpha = build_autoencoder(loss=keras.losses.Huber(0.5))
    assert with_alpha.evaluate(x_test[:8], x_test[:8], verbose=0)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"l1": -1e-4}, ValueError),
        ({"l1": float("nan")}, ValueError),
        ({"l1": float("inf")}, ValueError),
        ({"l1": "1e-4"}, TypeError),
        ({"l1": None}, TypeError),
        ({"code_size": 0}, ValueError),
        ({"code_size": -3}, ValueError),
        ({"code_size": 32.0}, TypeError),
        ({"code_size": "32"}, TypeError),
        ({"code_size": True}, TypeError),
        ({"loss": "no such loss"}, ValueError),
        ({"loss": None}, ValueError),
        ({"optimizer": "no such optimizer"}, ValueError),
        ({"optimizer": 3}, ValueError),
        ({"activation": "no such activation"}, ValueError),
    ],
)
def test_bad_arguments_are_one_sentence(arguments, error):
    ((name, value),) = arguments.items()
    with pytest.raises(error) as problem:
        build_autoencoder(**arguments)
    text = str(problem.value)
    assert text.startswith(f"{name} must") and str(value) in text and "try" in text
    assert "\n" not in text and text.endswith(".")


def test_bad_images_and_models(lesson, x_test):
    for use in (encode, reconstruct, measure_model):
        with pytest.raises(ValueError, match=r"^images must have the shape"):
            use(lesson, x_test.reshape(-1, 28, 28))
        with pytest.raises(TypeError, match=r"^images must be floating-point"):
            use(lesson, (x_test * 255).astype("uint8"))
    with pytest.raises(TypeError, match="build_autoencoder"):
        build_encoder("model.keras")
    other = keras.Sequential([keras.Input((10,)), keras.layers.Dense(3)])
    with pytest.raises(TypeError, match="Dense layer on 784 pixels"):
        build_encoder(other)
    scaled = keras.Sequential([keras.Input((784,)), keras.layers.Rescaling(0.5), lesson.layers[0]])
    with pytest.raises(TypeError, match="begins with a Dense layer"):
        encode(scaled, x_test)
    with pytest.raises(TypeError, match="784 pixels"):
        reconstruct(build_encoder(lesson), x_test)
    with pytest.raises(TypeError, match="784 pixels and is str"):
        reconstruct("model.keras", x_test)


BAD_IMAGES = [
    (lambda x: x.reshape(-1, 28, 28), ValueError, r"\(20, 28, 28\).*reshape"),
    (lambda x: x[:, :700], ValueError, r"\(20, 700\)"),
    (lambda x: (x * 255).astype("uint8"), TypeError, "uint8.*/ 255"),
    (lambda x: x * 255, ValueError, r"\[0, 1\].*255"),
    (lambda x: x - 0.5, ValueError, r"\[0, 1\].*-0.5"),
    (lambda x: np.where(x > 0.5, np.nan, x), ValueError, "NaN"),
]


@pytest.mark.parametrize(("spoil", "error", "words"), BAD_IMAGES)
def test_keras_methods_look_at_their_images(x_test, spoil, error, words):
    good = x_test[:20]
    bad = spoil(good)
    model = build_autoencoder()
    before = model.get_weights()
    calls = {
        "x ": [
            lambda: model.fit(bad, good),
            lambda: model.evaluate(x=bad, y=good),
            lambda: model.predict(bad),
            lambda: build_encoder(model).predict(bad),
            lambda: load_lesson_model().predict(bad),
        ],
        "y ": [lambda: model.fit(good, bad), lambda: model.evaluate(good, bad)],
        r"validation_data\[1\] ": [lambda: model.fit(good, good, validation_data=(good, bad))],
    }
    for argument, each in calls.items():
        for call in each:
            with pytest.raises(error, match=f"^{argument}must.*{words}|^{argument}has.*{words}"):
                call()
    assert all(map(np.array_equal, before, model.get_weights()))


def test_keras_methods_take_what_keras_takes(x_test):
    model = build_autoencoder()
    images = keras.ops.convert_to_tensor(x_test[:64])
    with pytest.raises(TypeError, match=r"^x must be floating-point"):
        model.fit(keras.ops.cast(images, "uint8"), images)
    weights = np.ones(64)
    model.fit(images, images, validation_data=(images, images, weights), verbose=0)
    history = model.fit(images, images, 32, 2, validation_split=0.25, verbose=0).history
    assert len(history["val_loss"]) == 2
    assert model.fit.__doc__ == keras.Sequential.fit.__doc__
    assert keras.models.clone_model(model).fit.__name__ == "fit"


@pytest.mark.parametrize("whole_epochs", [True, False], ids=["batches", "arrays"])
def test_unit_norm_keeps_every_atom_at_length_one(x_test, whole_epochs):
    lengths = {}
    for unit_norm in (True, False):
        keras.utils.set_random_seed(0)
        model = build_autoencoder(unit_norm=unit_norm)
        assert model.layers[1].kernel.shape == (32, 784)
        if whole_epochs:
            model.fit(training_batches(x_test[:512]), epochs=2, verbose=0)
        else:
            model.fit(x_test[:512], x_test[:512], epochs=2, verbose=0)
        lengths[unit_norm] = np.sqrt((model.get_weights()[2] ** 2).sum(axis=1))
    assert np.allclose(lengths[True], 1, atol=1e-5)
    assert np.abs(lengths[False] - 1).min() > 0.1


def test_unit_norm_gives_the_penalty_a_price(mnist):
    """The course's remedy: at the lesson's λ fewer units are on, and none is dead."""
    (x_train, _), (x_test, _) = mnist
    found = {}
    for unit_norm in (True, False):
        keras.utils.set_random_seed(1)
        batches = training_batches(x_train[:20_000], 128)
        model = build_autoencoder(unit_norm=unit_norm, optimizer=quick_optimizer(batches))
        model.fit(batches, epochs=QUICK_EPOCHS, verbose=0)
        found[unit_norm] = measure_model(model, x_test)
    assert found[True]["l0"] < 22 and found[False]["l0"] > 28
    assert found[True]["never_on"] == 0
    assert found[False]["bce"] < found[True]["bce"] < 0.12


def test_encoder_is_a_copy(x_test):
    model = build_autoencoder(optimizer=keras.optimizers.SGD(1.0))
    encoder = build_encoder(model)
    before = encoder.predict(x_test[:10], verbose=0)
    assert np.array_equal(before, encode(model, x_test[:10]))
    model.train_on_batch(x_test[:64], x_test[:64])
    assert np.array_equal(encoder.predict(x_test[:10], verbose=0), before)
    assert not np.array_equal(encode(model, x_test[:10]), before)


@pytest.mark.parametrize("ending", ["keras", "h5"])
def test_save_and_load(tmp_path, x_test, ending):
    model = build_autoencoder()
    model.fit(x_test[:512], x_test[:512], verbose=0)
    for saved in (model, build_encoder(model)):
        saved.save(tmp_path / f"model.{ending}")
        loaded = keras.models.load_model(tmp_path / f"model.{ending}")
        assert type(loaded) is keras.Sequential
        assert np.array_equal(
            loaded.predict(x_test[:100], verbose=0), saved.predict(x_test[:100], verbose=0)
        )


def test_a_seed_repeats_a_run(x_test):
    def losses():
        keras.utils.set_random_seed(3)
        model = build_autoencoder()
        return model.fit(x_test[:600], x_test[:600], epochs=2, verbose=0).history["loss"]

    assert losses() == losses()


@pytest.mark.parametrize(("l1", "unit_norm"), models.LESSON_MODELS)
def test_shipped_models_measure_as_recorded(x_test, l1, unit_norm):
    model = load_lesson_model(l1, unit_norm=unit_norm)
    assert float(model.layers[0].activity_regularizer.l1) == pytest.approx(l1)
    file = models.LESSON_MODELS[l1, unit_norm]
    recorded = file.with_name(re.sub("model(.*).keras", r"measures\1.json", file.name))
    for name, value in json.loads(recorded.read_text()).items():
        assert measure_model(model, x_test)[name] == pytest.approx(value, rel=1e-4), name


def test_the_lessons_findings_in_the_shipped_models(x_test):
    """With λ = 1e-4 the code is about five times smaller, the atoms longer, L0 nearly the same."""
    without, lesson = load_lesson_model(0), load_lesson_model()
    small, large = measure_model(lesson, x_test), measure_model(without, x_test)
    assert 4 < large["mean_code"] / small["mean_code"] < 6
    assert large["l0"] - small["l0"] < 2 and small["l0"] > 28
    lengths = [
        np.linalg.norm(m.layers[1].get_weights()[0], axis=1).mean() for m in (without, lesson)
    ]
    assert lengths[1] > 2 * lengths[0]


def test_damaged_shipped_model(tmp_path, monkeypatch):
    file = tmp_path / "lesson_model.keras"
    file.write_bytes(b"no zip file")
    monkeypatch.setitem(models.LESSON_MODELS, (1e-4, False), file)
    with pytest.raises(OSError, match=r"lesson_model.keras cannot be loaded.*git checkout"):
        load_lesson_model()
    with pytest.raises(ValueError, match="l1 must be 1e-4 or 0"):
        load_lesson_model(l1=1e-3)


def test_a_smaller_code_gives_the_same_images(lesson, x_test):
    smaller = shrink_code(lesson, 10)
    images = x_test[:100]
    assert np.allclose(encode(smaller, images) * 10, encode(lesson, images), atol=1e-4)
    assert np.allclose(reconstruct(smaller, images), reconstruct(lesson, images), atol=1e-5)
    assert np.array_equal(shrink_weights(lesson.get_weights(), 10)[2], smaller.get_weights()[2])
    with pytest.raises(ValueError, match="factor must be larger than zero and is 0"):
        shrink_code(lesson, 0)
