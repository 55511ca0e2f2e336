"""Every measure against the same quantity computed another way."""

import math

import numpy as np
import pytest

import sparse_ae as s
from sparse_ae.support.keras_start import keras

CODES = np.array(
    [
        [0.0, 2.0, 0.0, 1.0],
        [0.0, 0.5, 0.0, 0.0],
        [0.0, 1.0, 3.0, 0.0],
    ]
)


def test_counting_by_hand():
    assert s.active_units(CODES).tolist() == [2, 1, 2]
    assert np.allclose(s.firing_rates(CODES), [0, 1, 1 / 3, 1 / 3])
    assert s.units_never_on(CODES).tolist() == [0]
    assert s.mean_code(CODES) == pytest.approx(7.5 / 12)
    assert s.l1_penalty(CODES, l1=0.1) == pytest.approx(0.1 * 7.5 / 3)


def test_a_negative_activation_is_not_on():
    codes = CODES - 0.6  # as before the ReLU
    assert s.active_units(codes).tolist() == [2, 0, 2]
    assert s.l1_penalty(codes, l1=1) == pytest.approx(np.abs(codes).sum() / 3)


def test_counting_with_loops(lesson, x_test):
    codes = s.encode(lesson, x_test[:300])
    loops = [sum(1 for activation in code if activation > 0) for code in codes]
    assert s.active_units(codes).tolist() == loops
    assert np.mean(loops) == pytest.approx(s.firing_rates(codes).sum())


def test_bce_by_hand_and_as_keras(lesson, x_test):
    assert s.bce_per_image(np.full((1, 784), 1.0), np.full((1, 784), 0.9))[0] == pytest.approx(
        -math.log(0.9)
    )
    images, answers = x_test[:500], s.reconstruct(lesson, x_test[:500])
    of_keras = keras.ops.convert_to_numpy(keras.losses.binary_crossentropy(images, answers))
    assert np.allclose(s.bce_per_image(images, answers), of_keras, rtol=1e-5)
    x, p = images.astype("float64"), np.clip(answers.astype("float64"), 1e-7, 1 - 1e-7)
    by_hand = np.where(x > 0, -x * np.log(p), 0) + np.where(x < 1, -(1 - x) * np.log(1 - p), 0)
    assert np.allclose(s.bce_per_image(images, answers), by_hand.mean(axis=1), rtol=1e-5)


def test_bce_of_confident_mistakes_is_finite():
    cost = s.bce_per_image(np.ones((1, 784)), np.zeros((1, 784)))
    assert cost[0] == pytest.approx(-math.log(1e-7), rel=1e-6)


def test_half_precision_images(x_test):
    half = x_test[:100].astype("float16")
    assert s.perfect_copy_bce(half) == pytest.approx(s.perfect_copy_bce(x_test[:100]), rel=1e-2)


def test_mse_with_loops_and_as_keras(lesson, x_test):
    images, answers = x_test[:500], s.reconstruct(lesson, x_test[:500])
    of_keras = keras.ops.convert_to_numpy(keras.losses.mean_squared_error(images, answers))
    assert np.allclose(s.mse_per_image(images, answers), of_keras, rtol=1e-5)
    pairs = zip(images[7].tolist(), answers[7].tolist(), strict=True)
    by_hand = sum((x - p) ** 2 for x, p in pairs) / 784
    assert s.mse_per_image(images, answers)[7] == pytest.approx(by_hand, rel=1e-5)


def test_brackets(mnist):
    (x_train, _), (x_test, _) = mnist
    levels, counts = np.unique(x_test, return_counts=True)
    grey = (levels > 0) & (levels < 1)
    q = levels[grey].astype("float64")
    entropy = -(q * np.log(q) + (1 - q) * np.log(1 - q))
    assert s.perfect_copy_bce(x_test) == pytest.approx(
        (entropy * counts[grey]).sum() / counts.sum(), rel=1e-4
    )
    # linear in x: the mean over images needs only the mean test image
    p = np.clip(x_train.mean(axis=0, dtype="float64"), 1e-7, 1 - 1e-7)
    m = x_test.mean(axis=0, dtype="float64")
    wanted = -np.mean(m * np.log(p) + (1 - m) * np.log(1 - p))
    assert s.mean_image_bce(x_test, x_train) == pytest.approx(wanted, rel=1e-4)


def test_nothing_is_cheaper_than_a_perfect_copy(x_test):
    images = x_test[:200].astype("float64")
    floor = s.perfect_copy_bce(images)
    noise = np.random.default_rng(0).normal(0, 0.05, images.shape)
    assert s.bce_per_image(images, np.clip(images + noise, 0, 1)).mean() > floor
    assert s.bce_per_image(images, 0.9 * images).mean() > floor
    assert s.bce_per_image(images, (images > 0.5).astype(float)).mean() > floor
    assert s.perfect_copy_bce((images > 0.5).astype(float)) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("size", [1, 32])
def test_pca_by_singular_values(mnist, size):
    """Another way to the same space: and what is left of the training images is as Eckart and
    Young say, the sum of the squares of the singular values that are dropped."""
    (x_train, _), (x_test, _) = mnist
    train, test = x_train[:2000].astype("float64"), x_test[:1000].astype("float64")
    ours = s.fit_pca(train, size)
    mean = train.mean(axis=0)
    _, singular_values, rows = np.linalg.svd(train - mean, full_matrices=False)
    assert ours.components.shape == (size, 784)
    assert np.allclose(ours.components @ ours.components.T, np.eye(size), atol=1e-6)
    back = mean + (test - mean) @ rows[:size].T @ rows[:size]
    assert np.allclose(s.pca_reconstructions(test, ours), back, atol=1e-6)
    left = np.square(train - s.pca_reconstructions(train, ours)).sum()
    assert left == pytest.approx(np.square(singular_values[size:]).sum(), rel=1e-6)


def test_pca_of_all_components_is_a_copy(x_test):
    pca = s.fit_pca(x_test[:1000], 784)
    assert np.allclose(s.pca_reconstructions(x_test[:50], pca), x_test[:50], atol=1e-4)


def test_measures_and_table(lesson, x_test):
    codes, answers = s.encode(lesson, x_test), s.reconstruct(lesson, x_test)
    found = s.measures(x_test, codes, answers)
    assert found == s.measure_model(lesson, x_test)
    assert found["bce"] == pytest.approx(np.mean(s.bce_per_image(x_test, answers)))
    assert found["l0"] == pytest.approx(32 * (codes > 0).mean())
    heading, row = s.measures_table({"lesson": found}).split("\n")
    assert len(heading) == len(row)
    assert row.split() == ["lesson", "0.09", "0.010", "1.7", "30", "1"]
    heading, row = s.measures_table({"lesson": found}, digits=3).split("\n")
    assert len(heading) == len(row)
    assert row.split() == ["lesson", "0.094", "0.0102", "1.7", "29.6", "1"]


def test_models_that_no_other_beats():
    pairs = {"a": (0.2, 5), "b": (0.1, 9), "c": (0.2, 9), "d": (0.3, 6), "a again": (0.2, 5)}
    rows = {name: {"bce": bce, "l0": l0} for name, (bce, l0) in pairs.items()}
    assert s.unbeaten(rows) == ["a", "b", "c", "a again"]  # "c" equals one of each, and stays


def test_the_best_setting_of_each():
    results = {("adam", 1): 0.3, ("sgd", 10): 0.2, ("adam", 0.01): 0.1, ("sgd", 1): 0.2}
    assert s.best_settings(results) == {"adam": 0.01, "sgd": 10}


def test_worst_images_come_in_order(x_test, lesson):
    images = x_test[:50]
    answers = s.reconstruct(lesson, images)
    errors = s.bce_per_image(images, answers)
    worst = s.worst_images(images, answers, n=50)
    assert sorted(worst) == list(range(50))
    assert np.all(np.diff(errors[worst]) <= 0)
    assert list(s.worst_images(images, answers, n=3)) == list(worst[:3])


def test_the_strongest_units_are_kept():
    atoms = np.repeat([[1.0], [3.0], [1.0]], 784, axis=1)  # lengths 28, 84, 28
    codes = np.array([[3.0, 2, 1], [5, 1, 4]])
    kept = {k: s.strongest_units(codes, atoms, k).tolist() for k in range(4)}
    assert kept[0] == [[0, 0, 0], [0, 0, 0]]
    assert kept[1] == [[0, 2, 0], [5, 0, 0]]
    assert kept[2] == [[3, 2, 0], [5, 0, 4]]
    assert kept[3] == codes.tolist()


def test_a_unit_is_switched_off_in_a_copy():
    codes = np.arange(6.0).reshape(2, 3)
    assert s.without_unit(codes, 1).tolist() == [[0, 0, 2], [3, 0, 5]]
    assert codes[0, 1] == 1


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda x: s.active_units(np.zeros(32)), ["codes", "(32,)", "np.newaxis"]),
        (lambda x: s.firing_rates(np.full((2, 3), np.nan)), ["codes", "NaN", "learning rate"]),
        (lambda x: s.without_unit(np.zeros(32), 3), ["codes", "(32,)"]),
        (lambda x: s.strongest_units(np.zeros(32), x[:32], 3), ["codes", "(32,)"]),
        (lambda x: s.bce_per_image(x[:3], x[:2]), ["reconstructions", "(3, 784)", "(2, 784)"]),
        (lambda x: s.mse_per_image(x[:3], x[0]), ["reconstructions", "(784,)"]),
        (lambda x: s.bce_per_image(x[:3], x[:3] * np.nan), ["reconstructions", "NaN"]),
        (lambda x: s.perfect_copy_bce(x[:3] * 255), ["images", "[0, 1]", "255"]),
        (lambda x: s.mean_image_bce(x[:3], x[0]), ["train_images", "(784,)"]),
        (lambda x: s.measures(x[:3], np.ones((2, 4)), x[:3]), ["codes", "3", "2"]),
        (lambda x: s.fit_pca(x[:3], 32.0), ["size", "32.0"]),
        (lambda x: s.fit_pca(x[:3], 0), ["size", "0", "784"]),
        (lambda x: s.fit_pca(x[:3], 785), ["size", "785"]),
    ],
)
def test_bad_arguments(x_test, call, words):
    with pytest.raises(ValueError) as problem:
        call(x_test)
    text = str(problem.value)
    assert "\n" not in text and text.startswith(words[0]) and all(w in text for w in words), text


def test_the_largest_are_kept_and_of_equal_ones_the_first():
    codes = np.array([[3, -9, 2, 2, 2], [0, 1, 0, -1, 0]])
    assert s.keep_largest(codes, 3).tolist() == [[3, 0, 2, 2, 0], [0, 1, 0, 0, 0]]
    assert s.keep_largest(codes, 0).sum() == 0
    assert s.keep_largest(codes, 9).tolist() == np.maximum(codes, 0).tolist()


def test_the_price_is_that_of_shrunken_codes():
    codes, atoms = np.array([[1.0, 0], [2, 3]]), np.array([[3.0, 4], [0, 2]])
    assert s.priced_l1(codes, atoms, 0.1) == pytest.approx(0.1 * (5 + 10 + 6) / 2)
    assert s.priced_l1(codes / 10, atoms * 10, 0.1) == pytest.approx(s.priced_l1(codes, atoms, 0.1))


def test_refitted_codes_are_the_best_with_these_units_on():
    """Against a search in one unit at a time; and no unit is switched on."""
    rng = np.random.default_rng(0)
    V, c = rng.normal(0, 1, (5, 784)), rng.normal(-1, 1, 784)
    codes = np.where(rng.random((6, 5)) < 0.6, rng.random((6, 5)), 0)
    images = s.paint(np.where(codes > 0, 2 * codes + rng.normal(0, 0.2, codes.shape), 1), V, c)
    found = s.refit(images, codes, V, c)
    assert np.all(found[codes == 0] == 0) and np.all(found >= 0)
    best = s.bce_per_image(images, s.paint(found, V, c))
    assert np.all(best < s.bce_per_image(images, s.paint(codes, V, c)))
    for unit in range(5):
        for change in (-0.02, 0.02):
            other = found.copy()
            other[:, unit] = np.where(codes[:, unit] > 0, np.maximum(0, other[:, unit] + change), 0)
            assert np.all(s.bce_per_image(images, s.paint(other, V, c)) >= best - 1e-7)


def test_the_scale_between_two_codes_is_that_of_least_squares():
    rng = np.random.default_rng(1)
    codes, wanted = rng.random((7, 4)), rng.random((7, 4))
    slope = np.linalg.lstsq(codes.reshape(-1, 1), wanted.ravel(), rcond=None)[0]
    assert s.scale_between(codes, wanted) == pytest.approx(slope[0])
    assert s.scale_between(codes, 3 * codes) == pytest.approx(3)


def test_epochs_since_a_unit_was_on():
    history = [[True, True, False, False], [True, False, False, True], [True, False, False, False]]
    assert s.epochs_since_on(history).tolist() == [0, 2, 3, 1]
