"""Programs that models share: each gets the numbers of a program of its own, and no stranger's."""

import random
import threading

import numpy as np
import pytest

from sparse_ae import KL, TopK, build_autoencoder, guarded, training_batches
from sparse_ae.fast import programs
from sparse_ae.support.keras_start import keras

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("without_xla")]
Adam, SGD, ops = keras.optimizers.Adam, keras.optimizers.SGD, keras.ops


def built(**options):
    """A model with eight units. A function among the options makes what belongs to one model."""
    keras.utils.set_random_seed(0)
    made = {name: value() if callable(value) else value for name, value in options.items()}
    return build_autoencoder(**{"code_size": 8} | made)


def trained(model, raw, **options):
    """Weights and losses after two epochs. 300 images in batches of 64: the last one is short."""
    options = {"epochs": 2, "verbose": 0} | options
    history = model.fit(training_batches(raw, 64, seed=1), **options).history
    return [*model.get_weights(), *history.values()]


def program_of(model):
    programs.make_variables(model)
    return programs.program_for(model, 64)


def equal(some, others):
    return len(some) == len(others) and all(
        np.shape(a) == np.shape(b) and np.allclose(a, b, atol=1e-6)
        for a, b in zip(some, others, strict=True)
    )


def each(name, values, **more):
    return [{name: value, **more} for value in values]


SHARING = {
    "λ": each("l1", [1e-3, 1e-1, 0]),
    "λ, atoms of length 1": each("l1", [1e-3, 1e-1], unit_norm=True),
    "λ, priced": each("l1", [1e-4, 1e-1], sparsity="priced"),
    "λ, gated": each("l1", [1e-4, 1e-1], sparsity="gated"),
    "k": each("sparsity", [lambda: TopK(2), lambda: TopK(5)]),
    "beta": each("sparsity", [lambda: KL(0.1, 1e-4), lambda: KL(0.1, 1.0)]),
    "rate": each("optimizer", [lambda: Adam(1e-3), lambda: Adam(1e-2)]),
    "rate, another loss": each("optimizer", [lambda: SGD(0.1), lambda: SGD(1.0)], loss="mse"),
}
NOT_SHARING = {
    "rho": each("sparsity", [lambda: KL(0.1, 1.0), lambda: KL(0.4, 1.0)]),
    "loss": each("loss", ["mse", "binary_crossentropy"]),
    "activation": each("activation", ["relu", "tanh"]),
    "optimizer": each("optimizer", [Adam, SGD]),
    "momentum": each("optimizer", [lambda: SGD(1.0, 0.5), lambda: SGD(1.0, 0.9)]),
    "schedule": each(
        "optimizer",
        [lambda r=r: SGD(keras.optimizers.schedules.CosineDecay(r, 10)) for r in (0.1, 1.0)],
    ),
    "metrics": each("metrics", [[], ["accuracy"]]),
    "way to zeros": each("sparsity", ["priced", "gated", "l1"], l1=0.1),
    "length of atoms": each("unit_norm", [True, False]),
    "units": each("code_size", [8, 9]),
}


@pytest.mark.parametrize("models", SHARING.values(), ids=SHARING)
def test_models_that_differ_in_a_number_share_a_program(raw, models):
    found = [trained(built(**options), raw) for options in models]
    assert len(programs._programs) == 1 and not equal(*found[:2])
    for options, one in list(zip(models, found, strict=True))[1:]:
        programs._programs.clear()
        assert equal(one, trained(built(**options), raw))


@pytest.mark.parametrize("models", NOT_SHARING.values(), ids=NOT_SHARING)
def test_models_of_other_forms_do_not(models):
    found = [program_of(built(**options)) for options in models]
    assert all(
        program_of(built(**options)) is one for options, one in zip(models, found, strict=True)
    )
    assert len(set(found)) == len(models)


def test_what_is_changed_after_the_model_is_built_counts(raw):
    def changed(change):
        model = built(optimizer=SGD)
        change(model)
        return model

    changes = [
        lambda model: None,
        lambda model: setattr(model.optimizer, "learning_rate", 0.5),
        lambda model: setattr(model.layers[0], "activity_regularizer", keras.regularizers.L2(1.0)),
        lambda model: setattr(model.layers[0], "activation", keras.activations.tanh),
        lambda model: setattr(model.layers[1], "kernel_constraint", keras.constraints.UnitNorm(1)),
        lambda model: setattr(model.layers[1], "trainable", False),
        lambda model: model.compile(SGD(), "mse"),
        lambda model: model.compile(Adam(1e-2), "mse"),
        lambda model: (
            model.compile(Adam(1e-2), "mse"),
            setattr(model.optimizer, "beta_1", 0.0),
        ),
    ]
    found = [trained(changed(change), raw) for change in changes]
    for i, one in enumerate(found):
        assert not any(equal(one, other) for other in found[:i])


def test_layers_that_are_frozen_between_two_trainings(raw):
    model = built()
    trained(model, raw)
    before = model.get_weights()
    model.layers[0].trainable = False
    after = trained(model, raw)
    assert equal(before[:2], after[:2]) and not equal(before[2:], after[2:4])


def test_two_functions_of_one_name_are_two(raw):
    """What a student writes is called as Keras's own is, and written again a cell further down."""

    def named(name, function):
        function.__name__ = function.__qualname__ = name
        return function

    class Reg(keras.regularizers.Regularizer):
        def __init__(self, power):
            self.power = power

        def __call__(self, codes):
            return ops.sum(ops.abs(codes) ** self.power)

        def get_config(self):
            return {}

    def rate(value):
        class Rate(keras.optimizers.schedules.LearningRateSchedule):
            def __call__(self, step):
                return value

            def get_config(self):
                return {}

        return Rate()

    def patched(factor):
        model = built(optimizer=SGD)
        call = model.layers[0].call
        model.layers[0].call = lambda images, **more: call(images, **more) * factor
        return model

    def with_parts(**parts):
        model = built(optimizer=SGD, metrics=[])
        for name, part in parts.items():
            setattr(model.layers[0], name, part)
        return model

    def compiled(loss):
        model = built()
        model.compile(SGD(1.0), loss)
        return model

    pairs = [
        [with_parts(activation=named("relu", lambda z, f=f: f * ops.relu(z))) for f in (1, 3)],
        [with_parts(activity_regularizer=Reg(power)) for power in (1, 2)],
        [compiled(named("binary_crossentropy", lambda x, y, f=f: f * ops.mean((x - y) ** 2)))
         for f in (1, 3)],
        [compiled([named("mse", lambda x, y, f=f: f * ops.mean((x - y) ** 2))]) for f in (1, 3)],
        [built(optimizer=lambda v=v: SGD(rate(v))) for v in (0.1, 1.0)],
        [built(metrics=[named("mse", lambda x, y, f=f: f * ops.mean((x - y) ** 2))])
         for f in (1, 3)],
        [patched(factor) for factor in (1, 3)],
    ]  # fmt: skip
    for models in pairs:
        for model in models:
            model.set_weights(built().get_weights())
        assert not equal(*[trained(model, raw) for model in models])
    assert not programs._programs


def test_random_numbers_go_on_whether_a_program_is_there_or_not(raw):
    def drawn():
        model = built()
        model.fit(training_batches(raw), verbose=0)
        order = training_batches(raw).order.tolist()
        return random.random(), order, build_autoencoder().get_weights()[0].sum()

    assert drawn() == drawn()


def test_a_model_goes_on_where_it_stopped(raw):
    """Moments and steps belong to the model: another one of its form comes between its epochs."""
    whole = trained(built(), raw, epochs=2)[:4]
    model, other = built(), built(l1=1e-2)
    batches = training_batches(raw, 64, seed=1)

    def between(epoch, logs):
        trained(other, raw)

    callback = keras.callbacks.LambdaCallback(on_epoch_end=between)
    model.fit(batches, epochs=1, verbose=0, callbacks=[callback])
    model.fit(batches, epochs=1, verbose=0)
    assert equal(model.get_weights(), whole)
    assert int(model.optimizer.iterations) == 2 * len(batches)


def test_two_threads_train_two_models(raw):
    wanted = {l1: trained(built(l1=l1), raw, epochs=8) for l1 in (0, 0.1)}
    models, found = {l1: built(l1=l1) for l1 in wanted}, {}

    def work(l1):
        found[l1] = trained(models[l1], raw, epochs=8)

    threads = [threading.Thread(target=work, args=(l1,)) for l1 in wanted]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(equal(found[l1], wanted[l1]) for l1 in wanted)


def test_what_hangs_on_a_layer_and_has_no_module_is_a_stranger(raw):
    model = built()
    model.layers[0].told = [].append
    assert trained(model, raw) and not programs._programs


def test_few_programs_are_kept(raw, monkeypatch):
    monkeypatch.setattr(programs, "MOST", 2)
    for units in (3, 4, 3, 5, 3):
        built(code_size=units).fit(training_batches(raw), verbose=0)
        assert len(programs._programs) <= 2
    assert [f'"units": {units}' in str(list(programs._programs)) for units in (3, 4, 5)] == [
        True, False, True,
    ]  # fmt: skip


def test_a_model_from_a_file_shares_too(raw, tmp_path):
    model = built()
    model.save(tmp_path / "model.keras")
    loaded = guarded(keras.models.load_model(tmp_path / "model.keras"))
    assert equal(trained(loaded, raw), trained(model, raw)) and len(programs._programs) == 1
