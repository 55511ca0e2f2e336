"""What is hung on a Keras model, and what becomes of it when the model is loaded or copied."""

import copy

import numpy as np
import pytest

from sparse_ae import build_autoencoder, guarded, training_batches
from sparse_ae.support.keras_start import keras

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("without_xla")]  # most of it trains

EVERY_METHOD = {
    "train_on_batch": lambda model, x: model.train_on_batch(x, x),
    "test_on_batch": lambda model, x: model.test_on_batch(x, x),
    "predict_on_batch": lambda model, x: model.predict_on_batch(x),
    "train_step": lambda model, x: model.train_step((x, x)),
    "test_step": lambda model, x: model.test_step((x, x)),
    "fit": lambda model, x: model.fit(x, x, verbose=0),
    "evaluate": lambda model, x: model.evaluate(x, x, verbose=0),
    "predict": lambda model, x: model.predict(x, verbose=0),
}


@pytest.mark.parametrize("call", EVERY_METHOD.values(), ids=EVERY_METHOD)
def test_raw_pixels_are_refused_everywhere(raw, call):
    model = build_autoencoder()
    before = model.get_weights()
    with pytest.raises(TypeError, match=r"must be floating-point pixels in \[0, 1\] and is uint8"):
        call(model, raw)
    with pytest.raises(ValueError, match=r"must lie in \[0, 1\] and runs from 0.0 to 255"):
        call(model, raw.astype("float32"))
    assert all(map(np.array_equal, before, model.get_weights()))
    call(model, keras.ops.cast(raw[:32], "float32") / 255)


def saved_and_loaded(model, folder):
    model.save(folder / "model.keras")
    return keras.models.load_model(folder / "model.keras")


def cloned(model, _):
    clone = keras.models.clone_model(model)
    clone.compile(loss="binary_crossentropy", optimizer="adam")
    return clone


OTHERS = {
    "load_model": saved_and_loaded,
    "clone_model": cloned,
    "copy": lambda model, _: copy.copy(model),
    "deepcopy": lambda model, _: copy.deepcopy(model),
}


@pytest.mark.parametrize("another", OTHERS.values(), ids=OTHERS)
def test_a_model_that_comes_back_from_keras_says_once_that_it_is_slow(
    raw, tmp_path, capsys, another
):
    model = build_autoencoder(4)
    before = model.get_weights()
    other = another(model, tmp_path)
    batches, calls = training_batches(raw, 100), []
    counting = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: calls.append(batch)
    )
    capsys.readouterr()
    for _ in range(2):
        other.fit(batches, epochs=2, verbose=0, callbacks=[counting])
    out, said = capsys.readouterr()
    assert out == "" and said.count("\n") == 1 and "model = guarded(model), from sparse_ae" in said
    assert len(calls) == 12 and all(map(np.array_equal, before, model.get_weights()))
    assert guarded(other) is other and guarded(other) is other
    calls.clear()
    other.fit(training_batches(raw, 100), epochs=2, verbose=0, callbacks=[counting])
    assert len(calls) == 2 and capsys.readouterr() == ("", "")
    with pytest.raises(TypeError, match=r"^x must be floating-point pixels"):
        other.fit(raw, raw)


def test_guarded_models_train_as_those_that_were_never_away(raw, tmp_path):
    def trained(model):
        model.compile(keras.optimizers.SGD(1.0), "binary_crossentropy")
        model.set_weights(start)
        model.fit(training_batches(raw, 100, seed=1), epochs=2, verbose=0)
        return model.get_weights()

    model = build_autoencoder()
    start = model.get_weights()
    wanted = trained(model)
    for another in (saved_and_loaded, OTHERS["deepcopy"]):
        found = trained(guarded(another(model, tmp_path)))
        assert all(np.allclose(a, b, atol=1e-6) for a, b in zip(found, wanted, strict=True))


def test_what_is_no_model_is_refused():
    for wrong in ("model.keras", keras.layers.Dense(3), None):
        with pytest.raises(TypeError, match=r"^model must be a Keras model and is .*load_model"):
            guarded(wrong)


@pytest.fixture
def floats():
    """Sets Keras's floats; afterwards they are as they were."""
    before = keras.config.floatx(), keras.config.dtype_policy()

    def set_floats(floatx=None, policy=None):
        if floatx:
            keras.config.set_floatx(floatx)
        if policy:
            keras.mixed_precision.set_global_policy(policy)

    yield set_floats
    keras.config.set_floatx(before[0])
    keras.config.set_dtype_policy(before[1])


@pytest.mark.parametrize(
    ("floatx", "policy"),
    [
        ("float16", None),
        ("float64", None),
        (None, "mixed_float16"),
        (None, "mixed_bfloat16"),
        (None, "float16"),
    ],
)
def test_other_floats_than_float32_are_one_sentence(raw, floats, floatx, policy):
    model = build_autoencoder()
    floats(floatx, policy)
    wrong = floatx or policy
    calls = [
        build_autoencoder,
        lambda: model.fit(training_batches(raw)),
        lambda: model.evaluate(raw),
    ]
    for call in calls:
        with pytest.raises(ValueError, match=rf"^Keras is set to {wrong} and .*keras\.json") as no:
            call()
        assert "\n" not in str(no.value)
    # The remedy that the sentence gives is enough.
    keras.config.set_floatx("float32")
    keras.config.set_dtype_policy("float32")
    images = raw[:32] / np.float32(255)
    assert model.evaluate(images, images, verbose=0, return_dict=True)["loss"] < 1
    assert {weight.dtype for weight in build_autoencoder().get_weights()} == {np.dtype("float32")}
