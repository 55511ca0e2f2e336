"""What is said of a unit, against the same computed another way."""

import math

import numpy as np
import pytest

import sparse_ae as s

H = np.array([0.0, 5.0, 1.0, 0.0, 3.0, 0.0, 2.0, 4.0])
LABELS = np.array([3, 3, 3, 3, 7, 3, 0, 3])


@pytest.fixture(scope="module")
def weights():
    """Encoder and decoder of a model whose last unit no image lights."""
    rng = np.random.default_rng(0)
    W, V = rng.normal(size=(784, 6)).astype("float32"), rng.normal(size=(6, 784)).astype("float32")
    b = np.array([0, -1, 1, 0, 0, -1e6], "float32")
    return W, b, V / np.linalg.norm(V, axis=1, keepdims=True), np.full(784, -2, "float32")


def test_images_by_quantile_with_a_sorted_list(lesson, x_test):
    assert s.images_by_quantile(H, [1, 0.5, 0]).tolist() == [1, 4, 2]
    assert s.images_by_quantile(H, 0.49).tolist() == 6  # between two the weaker
    h = s.encode(lesson, x_test[:500])[:, 3]
    lit = sorted((a, number) for number, a in enumerate(h.tolist()) if a > 0)
    shares = (0, 0.1, 0.33, 0.5, 0.77, 1)
    wanted = [lit[math.floor(share * (len(lit) - 1))][1] for share in shares]
    assert s.images_by_quantile(h, shares).tolist() == wanted
    middle = s.images_by_quantile(h, 0.5)
    assert abs(np.sum(h > h[middle]) - np.sum((h > 0) & (h < h[middle]))) <= 1


def test_the_profile_and_the_base_rate_by_counting():
    assert s.digit_shares(H, LABELS).tolist() == [0.2, 0, 0, 0.6, 0, 0, 0, 0.2, 0, 0]
    base = s.digit_shares(np.ones(8), LABELS)
    assert base.tolist() == [LABELS.tolist().count(digit) / 8 for digit in range(10)]


def test_purity_and_recall_by_counting():
    assert s.selectivity(H, LABELS) == (0.6, 0.5)
    rng = np.random.default_rng(1)
    labels = rng.integers(0, 10, 300)
    h = np.maximum(0, rng.normal(-1, 1, 300) + 2 * (labels == 4) + (labels == 9))
    purity, recall = s.selectivity(h, labels)
    digit = s.digit_shares(h, labels).argmax()
    on, own = set(np.flatnonzero(h > 0)), set(np.flatnonzero(labels == digit))
    assert purity == pytest.approx(len(on & own) / len(on))
    assert recall == pytest.approx(len(on & own) / len(own))
    assert s.selectivity(np.ones(300), labels)[1] == 1  # always on: complete, and not pure


def test_steering_is_what_a_larger_activation_paints(weights):
    _, _, V, c = weights
    codes = np.random.default_rng(2).random((4, 6)).astype("float32")
    more = codes.copy()
    more[:, 2] += 7
    sums = codes @ V + c
    assert np.allclose(s.steered(sums, V[2], 7), s.paint(more, V, c), atol=1e-6)
    assert np.allclose(s.steered(sums, 25 * V[2], 7), s.steered(sums, V[2], 7), atol=1e-6)
    assert np.allclose(s.steered(sums, V[2], 0), s.paint(codes, V, c), atol=1e-6)
    assert np.allclose(s.steered(sums, V[2], -3), s.steered(sums, -V[2], 3), atol=1e-6)
    far = s.steered(sums, V[2], 1e6)
    assert np.array_equal(far.round(), np.broadcast_to(V[2] > 0, far.shape))


def test_nearest_atoms_with_loops():
    rng = np.random.default_rng(3)
    one, other = rng.normal(size=(5, 20)), rng.normal(size=(7, 20))

    def cosine(a, b):
        return a @ b / math.sqrt((a @ a) * (b @ b))

    wanted = [max(cosine(a, b) for b in other) for a in one]
    assert np.allclose(s.nearest_atoms(one, other), wanted)
    assert np.allclose(s.nearest_atoms(one, 9 * one), 1)
    wanted = [max(cosine(a, b) for j, b in enumerate(one) if j != i) for i, a in enumerate(one)]
    assert np.allclose(s.nearest_atoms(one), wanted)
    assert np.allclose(s.atom_cosines(one, other), [[cosine(a, b) for b in other] for a in one])


def test_a_card_says_what_the_measures_say(weights, mnist):
    (_, _), (images, labels) = mnist
    images, labels = images[:200], labels[:200]
    W, b, V, c = weights
    card = s.unit_card(1, images, labels, W, b, V, c, shares=(1, 0.5))
    codes = np.maximum(0, images @ W + b)
    h = codes[:, 1]
    assert card["activations"][0] == h.max() and len(card["images"]) == 2
    assert np.array_equal(card["images"][0], images[h.argmax()])
    assert card["rate"] == np.mean(h > 0)
    assert (card["purity"], card["recall"]) == s.selectivity(h, labels)
    assert card["profile"].argmax() == card["labels"][0] or card["purity"] < 1
    assert card["cosine"] == pytest.approx(np.corrcoef(V[1], W[:, 1])[0, 1], abs=0.05)
    off = codes * (np.arange(6) != 1)
    assert np.allclose(card["without"][0], s.paint(off[[h.argmax()]], V, c))
    for key, some in (("bce", codes), ("bce_without", off)):
        bces = s.bce_per_image(images, s.paint(some, V, c))
        assert card[key] == pytest.approx(bces[h > 0].mean(), rel=1e-5)
    # Where the unit is off, leaving it out changes nothing.
    assert np.allclose(s.paint(off[h == 0], V, c), s.paint(codes[h == 0], V, c))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: s.images_by_quantile(np.zeros(5), [1]), "above 0 for one image"),
        (lambda: s.images_by_quantile(H, [0.5, 1.5]), r"\[0, 1\]"),
        (lambda: s.images_by_quantile(H, [math.nan]), r"\[0, 1\]"),
        (lambda: s.digit_shares(np.zeros(8), LABELS), "above 0 for one image"),
        (lambda: s.selectivity(np.zeros(8), LABELS), "above 0 for one image"),
        (lambda: s.steered(np.zeros((2, 3)), np.zeros(3), 1), "length above 0"),
    ],
)
def test_bad_arguments_are_told(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_a_dead_unit_has_no_card(weights, x_test):
    with pytest.raises(ValueError, match="for none"):
        s.unit_card(5, x_test[:50], np.zeros(50, int), *weights)
