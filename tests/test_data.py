"""MNIST is the canonical one, in Keras's form, and every way it can fail is one sentence."""

import hashlib
import os
import re
import struct
import subprocess
import sys
import urllib.error
from pathlib import Path

import numpy as np
import pytest

from sparse_ae import check_images, data, load_mnist

README = Path(data.MNIST).with_name("README.md").read_text("utf-8")


def one_sentence(problem):
    text = str(problem.value)
    assert "\n" not in text and text.endswith("."), text
    return text


def test_default_form(mnist):
    (x_train, y_train), (x_test, y_test) = mnist
    assert x_train.shape == (60000, 784) and x_test.shape == (10000, 784)
    assert x_train.dtype == x_test.dtype == np.float32
    assert y_train.shape == (60000,) and y_test.shape == (10000,)
    assert x_train.min() == 0 and x_train.max() == 1
    assert set(y_train) == set(range(10))


def test_scaling_and_flattening_are_the_lessons(mnist):
    (raw, labels), _ = load_mnist(flatten=False, scale=False)
    assert raw.dtype == np.uint8 and raw.shape == (60000, 28, 28)
    by_hand = raw.astype("float32") / 255.0
    assert np.array_equal(by_hand.reshape(len(raw), -1), mnist[0][0])
    assert np.array_equal(labels, mnist[0][1])
    (square, _), _ = load_mnist(flatten=False)
    assert np.array_equal(square, by_hand)
    (flat, _), _ = load_mnist(scale=False)
    assert flat.dtype == np.uint8 and np.array_equal(flat, raw.reshape(-1, 784))


def idx(array):
    """The bytes of an unpacked IDX file (magic number, sizes, values)."""
    header = struct.pack(">HBB", 0, 8, array.ndim) + struct.pack(f">{array.ndim}I", *array.shape)
    return header + array.tobytes()


@pytest.mark.slow
def test_canonical_md5_sums_and_the_rebuilding_lines_of_the_data_readme(tmp_path):
    """The bundled arrays, written as IDX, are the canonical files; the README's lines read them."""
    (x_train, y_train), (x_test, y_test) = load_mnist(flatten=False, scale=False)
    sums = dict(re.findall(r"`([\w-]+ubyte)` \| `(\w{32})`", README))
    assert len(sums) == 4
    for (name, md5), array in zip(sums.items(), (x_train, y_train, x_test, y_test), strict=True):
        content = idx(array)
        assert hashlib.md5(content).hexdigest() == md5, name
        (tmp_path / name).write_bytes(content)
    lines, _ = re.findall(r"```python\n(.*?)```", README, re.S)  # the second trains for minutes
    subprocess.run([sys.executable, "-c", lines], cwd=tmp_path, check=True)
    with np.load(tmp_path / "mnist.npz") as rebuilt, np.load(data.MNIST) as bundled:
        assert sorted(rebuilt.files) == sorted(bundled.files)
        assert all(np.array_equal(rebuilt[name], bundled[name]) for name in bundled.files)


def test_sha256_in_readme_and_code_is_the_files():
    found = hashlib.sha256(data.MNIST.read_bytes()).hexdigest()
    assert found == data.SHA256 and found in README


@pytest.mark.parametrize(
    "damage",
    [lambda good: good[: len(good) // 2], lambda good: b"", lambda good: b"x" + good[1:]],
    ids=["truncated", "empty", "one byte"],
)
def test_damaged_file(tmp_path, monkeypatch, damage):
    file = tmp_path / "mnist.npz"
    file.write_bytes(damage(data.MNIST.read_bytes()))
    monkeypatch.setattr(data, "MNIST", file)
    with pytest.raises(OSError) as problem:
        load_mnist()
    text = one_sentence(problem)
    assert str(file) in text and "damaged" in text and "git checkout" in text


def test_unreadable_file(tmp_path, monkeypatch):
    monkeypatch.setattr(data, "MNIST", tmp_path)
    with pytest.raises(OSError, match="cannot be read") as problem:
        load_mnist()
    one_sentence(problem)


def test_missing_file_without_network_keeps_kerass_own_file(tmp_path, monkeypatch):
    """Keras deletes the file under its cache name when a download fails: ours has another name."""
    from keras.src.utils import file_utils

    def no_network(*_, **__):
        raise urllib.error.URLError("no network")

    cache = tmp_path / "datasets"
    cache.mkdir()
    (cache / "mnist.npz").write_bytes(b"somebody's file")
    monkeypatch.setattr(file_utils, "urlretrieve", no_network)
    monkeypatch.setattr(file_utils.config, "keras_home", lambda: str(tmp_path))
    monkeypatch.setattr(data, "MNIST", tmp_path / "nothing.npz")
    with pytest.raises(OSError) as problem:
        load_mnist()
    assert "git checkout" in one_sentence(problem)
    assert (cache / "mnist.npz").read_bytes() == b"somebody's file"
    assert os.listdir(cache) == ["mnist.npz"]


def test_download_only_when_asked(monkeypatch):
    from sparse_ae.support.keras_start import keras

    small = (np.zeros((2, 28, 28), "uint8"), np.zeros(2, "uint8"))
    monkeypatch.setattr(keras.datasets.mnist, "load_data", lambda path: (small, small))
    assert len(load_mnist()[0][0]) == 60000
    assert len(load_mnist(download=True)[0][0]) == 2


def test_two_processes_elsewhere_without_tensorflow(tmp_path):
    code = (
        "import sys, sparse_ae; (x, _), _ = sparse_ae.load_mnist(); assert x.shape == (60000, 784);"
        "assert 'tensorflow' not in sys.modules and 'keras' not in sys.modules"
    )
    both = [subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path) for _ in range(2)]
    assert [process.wait() for process in both] == [0, 0]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("images", "error", "words"),
    [
        (np.zeros((3, 28, 28)), ValueError, ["(3, 28, 28)", "reshape"]),
        (np.zeros(784), ValueError, ["(784,)", "np.newaxis"]),
        (np.zeros((3, 783)), ValueError, ["(3, 783)", "(n, 784)"]),
        (np.zeros((0, 784)), ValueError, ["(0, 784)"]),
        (np.zeros((3, 784), "uint8"), TypeError, ["uint8", "/ 255"]),
        (np.zeros((3, 784), bool), TypeError, ["bool", "astype('float32')."]),
        (np.full((3, 784), np.float32(1.0000001)), ValueError, ["1.0000001"]),
        (np.full((3, 784), np.nan), ValueError, ["2352 NaN", "nan_to_num"]),
        (np.full((3, 784), 255.0), ValueError, ["255", "[0, 1]", "divide"]),
        (np.full((3, 784), -0.1), ValueError, ["-0.1", "clip"]),
        (np.full((3, 784), np.inf), ValueError, ["inf"]),
    ],
)
def test_bad_images(images, error, words):
    with pytest.raises(error) as problem:
        check_images(images, "x_train")
    text = one_sentence(problem)
    assert text.startswith("x_train") and all(word in text for word in words), text


def test_good_images(x_test):
    assert check_images(x_test) is x_test
    assert check_images(np.zeros((1, 784), "float64")).dtype == np.float64
