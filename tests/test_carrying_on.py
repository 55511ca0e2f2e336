"""What the notebooks use where a student's own function is not right yet."""

import numpy as np
import pytest

import sparse_ae
from sparse_ae import checks
from sparse_ae.support.keras_start import keras


@pytest.mark.parametrize(
    ("exercise", "package"),
    [
        ("scale_images", sparse_ae.as_rows),
        ("bce_of_copies", sparse_ae.bce_per_image),
        ("count_parameters", sparse_ae.dense_parameters),
        ("decode", sparse_ae.paint),
        ("activity_penalty", sparse_ae.l1_penalty),
        ("kernel_penalty", sparse_ae.weight_penalty),
        ("share_of_the_way", sparse_ae.share_gained),
        ("penalty_curve", sparse_ae.penalty_per_epoch),
        ("learning_rate", sparse_ae.warmed_cosine),
        ("encode_by_hand", sparse_ae.relu_codes),
        ("units_on", sparse_ae.active_units),
        ("firing_rates_of", sparse_ae.firing_rates),
        ("dead_units", sparse_ae.units_never_on),
        ("rescale", sparse_ae.shrink_weights),
        ("worst_digits", sparse_ae.worst_images),
        ("keep_strongest", sparse_ae.strongest_units),
        ("switch_off", sparse_ae.without_unit),
        ("best_rates", sparse_ae.best_settings),
        ("not_beaten", sparse_ae.unbeaten),
        ("code_penalty", keras.regularizers.L1(1e-4)),
        ("priced_penalty", sparse_ae.priced_l1),
        ("find_l1", sparse_ae.penalty_for),
        ("top_k", sparse_ae.keep_largest),
        ("best_scale", sparse_ae.scale_between),
        ("dead_since", sparse_ae.epochs_since_on),
        ("numerical_gradient", sparse_ae.gradient_by_steps),
        ("code_gradient", sparse_ae.slope_of_codes),
        ("backward", sparse_ae.encoder_gradients),
        ("ista_step", sparse_ae.step_downhill),
    ],
)
def test_the_packages_own_function_passes_the_check(exercise, package):
    assert checks.judge(exercise, package) == (True, checks.judge(exercise, package)[1])


@pytest.mark.slow
def test_a_schedule_is_read_off_a_list(x_test):
    rates = [0.0, 0.01, 0.02]
    schedule = sparse_ae.schedule_of(rates)
    assert [float(schedule(step)) for step in range(5)] == pytest.approx([*rates, 0.02, 0.02])
    again = type(schedule).from_config(schedule.get_config())
    assert np.array_equal(again.rates, schedule.rates)
    with pytest.raises(ValueError, match="rates must be"):
        sparse_ae.schedule_of([])

    trained = []
    for rate in (schedule, [0.0, 0.01, 0.02]):
        keras.utils.set_random_seed(0)
        optimizer = keras.optimizers.SGD(rate if rate is schedule else 0.0)
        model = sparse_ae.build_autoencoder(optimizer=optimizer)
        if rate is schedule:  # in whole epochs, compiled
            model.fit(sparse_ae.training_batches(x_test[:768], shuffle=False), verbose=0)
        else:
            for step, value in enumerate(rate):
                model.optimizer.learning_rate = value
                model.train_on_batch(*[x_test[256 * step : 256 * (step + 1)]] * 2)
        trained.append(model.get_weights())
    for ours, kerass in zip(*trained, strict=True):
        np.testing.assert_allclose(ours, kerass, atol=1e-6)
