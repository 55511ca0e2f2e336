"""Whole-epoch training against Keras's own loop and against NumPy; what it takes and refuses."""

import json
import math
import os
import subprocess
import sys
import warnings
from collections import Counter, defaultdict
from functools import partial

import numpy as np
import pytest

from sparse_ae import (
    KL,
    TopK,
    build_autoencoder,
    build_encoder,
    guarded,
    quick_optimizer,
    training_batches,
)
from sparse_ae.fast import programs, whole_epochs
from sparse_ae.fast.batches import scale
from sparse_ae.fast.lesson_step import lesson_steps
from sparse_ae.support.keras_start import keras
from sparse_ae.training import QUICK_PEAK

pytestmark = pytest.mark.slow  # most of it trains


@pytest.fixture(scope="module")
def raw(mnist):
    return np.rint(mnist[1][0][:1000] * 255).astype(np.uint8)


def train(raw, *, epochs=3, batch_size=96, model=build_autoencoder, by_batch=False, **options):
    """The history and the weights after a seeded training, by whole epochs or by Keras's batches.

    Plain gradient descent: Adam's first steps are signs of gradients, and where a gradient is
    nearly zero its sign is a matter of rounding.
    """
    keras.utils.set_random_seed(5)
    optimizer = options.pop("optimizer", keras.optimizers.SGD)()
    model = model(optimizer=optimizer, **options)
    batches = training_batches(raw, batch_size)
    if not by_batch:
        history = model.fit(batches, epochs=epochs, verbose=0).history
        return history, model.get_weights()
    history = defaultdict(list)
    for _ in range(epochs):
        sums = Counter()
        for number in range(len(batches)):
            model.reset_metrics()
            images, _ = batches[number]
            for name, value in model.train_on_batch(images, images, return_dict=True).items():
                sums[name] += float(value) * len(images) / len(raw)
        for name, value in sums.items():
            history[name].append(value)
        batches.on_epoch_end()
    return history, model.get_weights()


def assert_same(one, other, tolerance=1e-5):
    (history, weights), (other_history, other_weights) = one, other
    assert history.keys() == other_history.keys()
    for name, values in history.items():
        assert values == pytest.approx(other_history[name], rel=tolerance), name
    for found, wanted in zip(weights, other_weights, strict=True):
        assert np.allclose(found, wanted, atol=tolerance)


def fast_sgd():
    return keras.optimizers.SGD(1.0, momentum=0.9)


def lesson_with(optimizer="adam", **options):
    layers = [
        keras.Input((784,)),
        keras.layers.Dense(16, activation="relu", **options),
        keras.layers.Dense(784, activation="sigmoid"),
    ]
    model = keras.Sequential(layers)
    model.compile(optimizer=optimizer, loss="binary_crossentropy")
    return guarded(model)


def sparse(make, **more):
    """`build_autoencoder` with a sparsity of its own, made anew for each model."""
    return lambda **options: build_autoencoder(sparsity=make(), **more, **options)


class Counting(keras.layers.Layer):
    """A layer with a state that training changes, and a loss of its own."""

    def build(self, shape):
        self.seen = self.add_weight(shape=(), trainable=False, initializer="zeros")

    def call(self, inputs, training=False):
        if training:
            self.seen.assign_add(keras.ops.cast(keras.ops.shape(inputs)[0], "float32"))
        self.add_loss(1e-3 * keras.ops.mean(keras.ops.square(inputs)))
        return inputs


def counting(optimizer="adam"):
    layers = [
        keras.Input((784,)),
        keras.layers.Dense(16, activation="relu"),
        Counting(),
        keras.layers.Dense(784, activation="sigmoid"),
    ]
    model = keras.Sequential(layers)
    model.compile(optimizer=optimizer, loss="binary_crossentropy")
    return guarded(model)


MODELS = {
    "TopK": {"model": sparse(lambda: TopK(4), unit_norm=True)},
    "KL": {"model": sparse(KL)},
    "priced": {"model": sparse(lambda: "priced", l1=1e-2)},
    "gated": {"model": sparse(lambda: "gated", l1=1e-2, unit_norm=True)},
    "state and a loss of its own": {"model": counting},
    "the lesson's": {},
    "no penalty": {"l1": 0},
    "five units, strong penalty": {"l1": 1e-2, "code_size": 5},
    "large steps": {"optimizer": fast_sgd},
    "two metrics": {"metrics": ["accuracy", "binary_crossentropy"]},
    "squared error": {"loss": "mean_squared_error"},
    "kernel penalty": {
        "model": partial(lesson_with, kernel_regularizer=keras.regularizers.L1(1e-4))
    },
    "no biases": {"model": partial(lesson_with, use_bias=False)},
    "unit norm": {"model": partial(lesson_with, kernel_constraint=keras.constraints.UnitNorm())},
}


@pytest.mark.parametrize("name", MODELS)
def test_whole_epochs_are_keras_own_training(raw, name):
    """1,000 images in batches of 96 leave a short last batch of 40, and 960 leave none."""
    options = MODELS[name]
    if name not in ("the lesson's", "TopK", "gated", "two metrics"):
        raw = raw[:960]  # a batch of another size is traced anew, twice
    assert_same(train(raw, **options), train(raw, by_batch=True, **options))


def test_state_is_kept_and_callbacks_come_between_epochs(raw):
    model = counting()
    seen = []
    between = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: (
            seen.append(float(model.layers[1].seen)),
            model.layers[0].bias.assign(np.full(16, -1e3)),  # from here on nothing is on
        )
    )
    losses = model.fit(training_batches(raw), epochs=2, callbacks=[between], verbose=0).history
    assert seen == [1000, 2000] and losses["loss"][1] != losses["loss"][0]
    assert not model(scale(raw[:9]))[:, 0].numpy().std()  # the same answer to every image


def test_whole_epochs_with_adam(raw):
    options = dict(optimizer=keras.optimizers.Adam, epochs=1)
    (one, _), (other, _) = train(raw, **options), train(raw, by_batch=True, **options)
    assert one["loss"] == pytest.approx(other["loss"], rel=1e-4)


def test_the_lessons_own_step_is_taken_for_it_alone(raw):
    images = scale(raw[:64])

    def taken(model):
        model.test_on_batch(images, images)  # Keras makes the metrics now
        return lesson_steps(model) is not None

    assert taken(build_autoencoder()) and taken(build_autoencoder(7, 0, metrics=[]))
    assert not taken(build_autoencoder(metrics=["accuracy"]))
    assert not taken(build_autoencoder(loss="mean_squared_error"))
    assert not taken(build_autoencoder(activation="tanh"))
    assert not taken(lesson_with(kernel_regularizer=keras.regularizers.L1(1e-4)))
    assert not taken(lesson_with(use_bias=False))
    frozen = build_autoencoder()
    frozen.layers[0].trainable = False
    assert not taken(frozen)


def test_several_calls_of_the_program_are_one_epoch(raw, monkeypatch):
    whole = train(raw)
    monkeypatch.setattr(whole_epochs, "WHOLE_BYTES", 0)
    assert_same(train(raw), whole)
    monkeypatch.setattr(whole_epochs, "PART_BYTES", 3 * 96 * 784)
    assert_same(train(raw), whole)


def test_the_images_may_lie_anywhere_in_memory(raw):
    """TensorFlow shares what is aligned and can be written, and gets a copy of anything else."""
    model = build_autoencoder(optimizer=keras.optimizers.SGD())
    start = model.get_weights()

    def losses(images):
        model.set_weights(start)
        return model.fit(training_batches(images, 96, seed=5), epochs=2, verbose=0).history

    wanted = losses(raw)
    assert wanted["loss"][1] < wanted["loss"][0]
    for offset, writeable in ((0, False), (16, True)):
        memory = np.zeros(raw.size + 128, np.uint8)
        first = -memory.ctypes.data % 64 + offset
        images = memory[first : first + raw.size].reshape(raw.shape)
        images[:] = raw
        images.flags.writeable = writeable
        assert losses(images) == wanted and np.array_equal(images, raw)
    assert losses(np.repeat(raw, 2, axis=0)[::2]) == wanted
    assert losses(np.asfortranarray(raw)) == wanted


@pytest.mark.parametrize("batch_size", [4000, 1])
def test_odd_batch_sizes(raw, batch_size):
    options = dict(batch_size=batch_size, epochs=2)
    images = raw if batch_size > 1 else raw[:7]
    assert_same(train(images, **options), train(images, by_batch=True, **options))


# XLA_CPU stands for a graphics card: like one it has memory of its own, and keeps a copy of what it
# was given. Where that memory is written to again by us, it does not see it.
OTHER_DEVICE = """
import json
import numpy as np
import tensorflow as tf
from sparse_ae import build_autoencoder, training_batches
from sparse_ae.fast import whole_epochs
from sparse_ae.support.keras_start import keras
raw = np.random.default_rng(0).integers(0, 255, (1000, 784), np.uint8)
raw[:500] = 0
losses = []
for device in ("CPU", "XLA_CPU"):
    for whole, part, l1 in ((10**8, 10**7, 1e-4), (0, 784 * 200, 0)):
        whole_epochs.WHOLE_BYTES, whole_epochs.PART_BYTES = whole, part
        with tf.device(f"/device:{device}:0"):
            keras.utils.set_random_seed(0)
            model = build_autoencoder(4, l1, optimizer=keras.optimizers.SGD(5.0))
            history = model.fit(training_batches(raw, 90), epochs=4, verbose=0).history
            losses.append(history["loss"])
print(json.dumps(losses))
"""


@pytest.mark.long
def test_a_device_with_memory_of_its_own_sees_every_batch():
    done = subprocess.run(
        [sys.executable, "-c", OTHER_DEVICE],
        capture_output=True,
        text=True,
        env=os.environ | {"TF_XLA_FLAGS": "--tf_xla_enable_xla_devices"},
    )
    assert done.returncode == 0, done.stderr
    here, there = np.array(json.loads(done.stdout.splitlines()[-1])).reshape(2, 2, 4)
    assert np.allclose(there, here, rtol=1e-4)
    assert np.all(np.diff(here) < 0)


def test_functions_that_run_eagerly(raw, capfd):
    """TensorFlow's own error messages advise this line, and notebooks have it at the top."""
    import tensorflow as tf

    wanted = train(raw[:300])
    tf.config.run_functions_eagerly(True)
    try:
        assert_same(train(raw[:300]), wanted)
    finally:
        tf.config.run_functions_eagerly(False)
    assert "slow way" not in capfd.readouterr().err
    assert_same(train(raw[:300]), wanted)


def test_without_xla_the_numbers_are_the_same_and_it_is_said_once(raw, monkeypatch):
    wanted = train(raw)
    import tensorflow as tf

    function = tf.function

    def broken(body, jit_compile=False, **options):
        def refuse(*_):
            raise tf.errors.UnimplementedError(None, None, "no XLA here\nat all")

        return refuse if jit_compile else function(body, **options)

    monkeypatch.setattr(tf, "function", broken)
    monkeypatch.setattr(programs, "_programs", {})
    with pytest.warns(UserWarning, match=r"XLA cannot compile .*no XLA here\): it goes on") as said:
        assert_same(train(raw), wanted)
    assert len(said) == 1


def test_plain_arrays_keep_working(raw):
    images = scale(raw)
    model = build_autoencoder()
    model.fit(training_batches(raw), verbose=0)
    assert len(model.fit(images, images, epochs=2, verbose=0).history["loss"]) == 2
    assert model.train_on_batch(images[:10], images[:10])
    model.fit(training_batches(raw), verbose=0)


def test_any_other_keras_model_takes_the_batches(raw):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((784,)), keras.layers.Dense(784)])
    model.compile(loss="mse")
    losses = model.fit(training_batches(raw), epochs=3, verbose=0).history["loss"]
    assert losses[-1] < losses[0]
    eager = build_autoencoder()
    eager.compile(loss="binary_crossentropy", run_eagerly=True)
    assert eager.fit(training_batches(raw[:300]), verbose=0).history["loss"]


def test_seeded_runs_repeat_exactly(raw):
    first, second = train(raw), train(raw)
    assert first[0] == second[0]
    assert all(map(np.array_equal, first[1], second[1]))
    orders = [training_batches(raw, seed=seed).order for seed in (1, 1, 2)]
    assert np.array_equal(orders[0], orders[1]) and not np.array_equal(orders[0], orders[2])


def test_every_image_once_per_epoch_in_a_new_order(raw):
    batches = training_batches(raw, 96)
    seen = []
    for _ in range(2):
        rows = np.concatenate([batches[number][0] for number in range(len(batches))])
        assert np.array_equal(rows, scale(raw[batches.order]))
        assert sorted(batches.order) == list(range(1000))
        seen.append(batches.order)
        batches.on_epoch_end()
    assert not np.array_equal(*seen)
    assert np.array_equal(training_batches(raw, shuffle=False).order, np.arange(1000))
    x, y = batches[0]
    assert training_batches(raw, 10**12).batch_size == 1000  # no more is held ready than there is
    assert x is y and x.dtype == np.float32 and x.shape == (96, 784) and len(batches) == 11


def test_what_is_kept(raw, tmp_path):
    """Whole 255ths become bytes and come back to the last bit; other floats stay as they are."""
    images = scale(raw)
    kept = training_batches(images).images
    assert kept.dtype == np.uint8 and np.array_equal(kept, raw)
    assert np.array_equal(scale(kept), images)
    assert training_batches(raw).images is raw
    noisy = np.clip(images + np.float32(1e-4), 0, 1)
    assert training_batches(noisy).images is noisy
    few = noisy[:300]
    found = train(few)
    assert_same(found, train(few, by_batch=True))
    assert_same(train(few.astype("float64")), found, tolerance=1e-6)
    np.save(tmp_path / "images.npy", raw)
    mapped = np.load(tmp_path / "images.npy", mmap_mode="r")
    assert np.shares_memory(training_batches(mapped).images, mapped)
    assert train(mapped, epochs=2)[0] == train(raw, epochs=2)[0]


def test_validation_and_callbacks(raw):
    images = scale(raw)
    model = build_autoencoder()
    ends = []
    callback = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: ends.append(batch)
    )
    history = model.fit(
        training_batches(raw),
        epochs=5,
        validation_data=(images[:300], images[:300]),
        verbose=0,
        callbacks=[callback, keras.callbacks.EarlyStopping("loss", min_delta=10, patience=1)],
    ).history
    assert ends == [0, 0] and len(history["loss"]) == 2
    found = model.evaluate(images[:300], images[:300], verbose=0, return_dict=True)
    assert history["val_loss"][-1] == pytest.approx(found["loss"], rel=1e-5)


@pytest.mark.parametrize("options", [{}, {"unit_norm": True}], ids=str)
def test_validation_is_evaluation(raw, options):
    """Whatever is evaluated beside it, and however many images are left for the last batch."""
    images, others = scale(raw)[:300], scale(raw)[300:450]
    model = build_autoencoder(**options)
    meanwhile = []

    def look(*_):
        model.test_on_batch(others, others)
        meanwhile.append(model.evaluate(others, others, verbose=0))

    for targets, steps in ((images, None), (images.copy(), None), (1 - images, None), (images, 2)):
        history = model.fit(
            training_batches(raw),
            epochs=2,
            validation_data=(images, targets),
            validation_batch_size=128,
            validation_steps=steps,
            callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=look)],
            verbose=0,
        ).history
        seen = slice(steps and steps * 128)
        found = model.evaluate(images[seen], targets[seen], verbose=0, return_dict=True)
        assert {name: history[f"val_{name}"][-1] for name in found} == pytest.approx(found, 1e-5)
        assert meanwhile[-1] == pytest.approx(model.evaluate(others, others, verbose=0), 1e-5)


def test_quick_schedule(raw):
    """Up in a straight line, down along half a cosine, as computed by hand."""
    optimizer = quick_optimizer(training_batches(raw, 100), epochs=10)
    peak = QUICK_PEAK
    for step in range(0, 100, 7):
        optimizer.iterations.assign(step)
        down = (1 + math.cos(math.pi * (step - 30) / 70)) / 2
        by_hand = peak * (step / 30 if step < 30 else down)
        assert float(optimizer.learning_rate) == pytest.approx(by_hand, abs=1e-6)
    optimizer.iterations.assign(100)
    assert float(optimizer.learning_rate) == pytest.approx(0, abs=1e-9)
    with pytest.raises(ValueError, match="epochs must be a whole number of at least 1 and is 0"):
        quick_optimizer(training_batches(raw), 0)


@pytest.mark.parametrize(
    ("images", "error", "words"),
    [
        (np.zeros((5, 28, 28), np.uint8), ValueError, r"\(5, 28, 28\).*reshape"),
        (np.zeros((0, 784), np.uint8), ValueError, "no image"),
        (np.zeros((5, 784), np.int64), TypeError, "int64.*255"),
        (np.full((5, 784), 3.0), ValueError, r"\[0, 1\]"),
        (np.full((5, 784), np.nan), ValueError, "NaN"),
        ([[0.5] * 3], ValueError, r"\(1, 3\)"),
        ("images", ValueError, "shape"),
    ],
)
def test_bad_images_are_one_sentence(images, error, words):
    with pytest.raises(error, match=f"^images .*{words}") as problem:
        training_batches(images)
    assert "\n" not in str(problem.value)


@pytest.mark.parametrize("options", [{"batch_size": 0}, {"batch_size": 2.5}, {"seed": -1}], ids=str)
def test_bad_options_are_one_sentence(raw, options):
    ((name, value),) = options.items()
    with pytest.raises((TypeError, ValueError), match=f"^{name} must.*{value}.*try"):
        training_batches(raw, **options)


@pytest.mark.parametrize(
    "options",
    [
        {"y": np.zeros((5, 784))},
        {"batch_size": 32},
        {"steps_per_epoch": 3},
        {"validation_split": 0.5},
    ],
    ids=str,
)
def test_what_the_batches_bring_is_not_given_again(raw, options):
    (name,) = options
    with pytest.raises(ValueError, match=f"^{name} must not be given beside training_batches"):
        build_autoencoder().fit(training_batches(raw), **options)


def test_wrong_models_fail_as_in_keras(raw):
    """An encoder without `compile` cannot be fitted; nothing of the fast path hides that."""
    with pytest.raises(ValueError, match="compile"):
        build_encoder(build_autoencoder()).fit(training_batches(raw), verbose=0)


def test_no_warning_on_the_usual_path(raw):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        train(raw, epochs=1)


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="the limit is Linux's")
def test_a_file_larger_than_the_memory_that_may_be_used(tmp_path):
    """A memory-mapped file is trained on where its bytes as an array would not be allowed."""
    code = """
import resource, sys
import numpy as np
from sparse_ae import build_autoencoder, training_batches
images = np.lib.format.open_memmap("images.npy", "w+", np.uint8, (300_000, 784))
del images  # the file is empty pages: it takes no disk
batches = training_batches(np.load("images.npy", mmap_mode="r"), 4096)
model = build_autoencoder(code_size=2)
model.fit(training_batches(np.zeros((4096, 784), np.uint8), 4096), verbose=0)
used = int(open("/proc/self/statm").read().split()[5]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_DATA, (used + 150_000_000,) * 2)
try:
    np.array(batches.images)
except MemoryError:
    print("too large")
print(len(model.fit(batches, verbose=0).history["loss"]))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n")[:2] == ["too large", "1"]
