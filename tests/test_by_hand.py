"""The slopes of the model against TensorFlow's, and codes against the conditions of an optimum."""

import numpy as np
import pytest

import sparse_ae as s


@pytest.fixture(scope="module")
def model():
    """An image batch of float64, and weights of a small model with some units off."""
    rng = np.random.default_rng(0)
    x = rng.random((6, 784)) * (rng.random((6, 784)) < 0.2)
    W, b, V, c = (rng.normal(0, 0.2, size) for size in ((784, 9), 9, (9, 784), 784))
    return x, [W, b, V, c]


def test_slopes_are_those_of_tensorflow(model):
    import tensorflow as tf

    x, weights = model
    with tf.GradientTape() as tape:
        W, b, V, c = variables = [tf.Variable(part) for part in weights]
        h = tf.nn.relu(x @ W + b)
        bce = tf.nn.sigmoid_cross_entropy_with_logits(labels=x, logits=h @ V + c)
        each = tf.reduce_mean(bce, axis=1) + 1e-3 * tf.reduce_sum(h, axis=1)
        objective = tf.reduce_mean(each)
    wanted = tape.gradient(objective, variables)
    W, b, V, c = weights
    codes = s.relu_codes(x, W, b)
    assert 0 < np.mean(codes > 0) < 1
    assert np.allclose(s.objective_per_image(x, codes, V, c, 1e-3), each, atol=1e-5)
    found = s.encoder_gradients(x, codes, s.slope_of_codes(x, codes, V, c, 1e-3))
    for mine, theirs in zip(found, wanted[:2], strict=True):
        assert np.allclose(mine, theirs, atol=1e-12)


def test_a_gradient_by_steps_is_the_gradient_of_a_known_function():
    w = np.arange(6.0).reshape(2, 3)
    found = s.gradient_by_steps(w, lambda w: float(np.sum(w**2) + w[0, 1]), 1e-3)
    assert np.allclose(found, 2 * w + [[0, 1, 0], [0, 0, 0]])
    assert np.array_equal(w, np.arange(6.0).reshape(2, 3))


def test_best_codes_are_an_optimum(model):
    """Where a unit is on its slope is 0, where it is off it is not negative."""
    x, (_, _, V, c) = model
    codes = s.best_codes(x, V, c, 1e-3, steps=2000)
    slopes = s.slope_of_codes(x, codes, V, c, 1e-3)
    assert 0 < np.mean(codes > 0) < 1
    assert np.abs(slopes[codes > 0]).max() < 1e-5
    assert slopes[codes == 0].min() > -1e-5


def test_no_step_goes_up(model):
    x, (_, _, V, c) = model
    codes, costs = np.zeros((len(x), len(V))), []
    for _ in range(30):
        codes = s.step_downhill(x, codes, V, c, 1e-3)
        assert codes.min() >= 0
        costs.append(s.objective_per_image(x, codes, V, c, 1e-3))
    assert np.all(np.diff(costs, axis=0) <= 1e-9)
    best = s.objective_per_image(x, s.best_codes(x, V, c, 1e-3), V, c, 1e-3)
    assert np.all(best <= costs[-1] + 1e-6)


def test_a_search_beats_the_lessons_encoder(lesson, x_test):
    W, b, V, c = lesson.get_weights()
    images = x_test[:100]
    by_encoder = s.objective_per_image(images, s.relu_codes(images, W, b), V, c, 1e-4)
    searched = s.objective_per_image(images, s.best_codes(images, V, c, 1e-4), V, c, 1e-4)
    assert searched.mean() < 0.95 * by_encoder.mean()
