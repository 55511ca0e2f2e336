"""What the tests share: matplotlib without a screen, MNIST, the shipped model, the wheel."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import matplotlib
import numpy as np
import pytest

from tests.notebook_runs import own_sockets  # noqa: F401 - for tests that run kernels

ROOT = Path(__file__).parent.parent
GUIDE = ROOT / "sparse_ae" / "course" / "README.md"

matplotlib.use("Agg")

# What a shell starts in the background ignores Ctrl-C, and so would every program of the tests.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


# Files that take long, the longest first: one that began last would leave the other workers idle.
LONGEST = (
    *("test_grading", "test_sweep", "03_training", "06_experiments", "test_training"),
    *("test_programs", "09_by_hand", "10_units", "test_checking", "test_main_job", "08_topk"),
    *("test_explorer", "test_checks"),
    *("07_dial", "test_browser", "test_class_folder", "test_blanks", "05_reconstructions"),
    *("04_features", "test_doctor", "test_guarded", "test_sparsity", "02_autoencoder"),
    *("test_keras_start", "test_labels", "test_models"),
)


@pytest.hookimpl(tryfirst=True)  # before the marks are looked at
def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.suffix == ".ipynb" or item.get_closest_marker("long"):
            item.add_marker("slow")
    items.sort(key=lambda item: LONGEST.index(item.path.stem) if item.path.stem in LONGEST else 99)


def under(heading, language, page=GUIDE):
    """The code blocks in a language that a page has under a heading, and the text there."""
    sections = re.split(r"^## ", page.read_text("utf-8"), flags=re.M)
    (text,) = (text for text in sections if text.startswith(f"{heading}\n"))
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.M | re.S), text


def missing(program, remedy):
    """Skip the test, for `program` is not here; on the machine that tests all, fail."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"no {program} here: {remedy}")
    pytest.skip(f"no {program} here")


@contextlib.contextmanager
def a_browser():
    """A page in headless Chromium."""
    chromium = shutil.which("chromium")
    if chromium is None:
        missing("chromium", "apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1100, "height": 900})
        page.set_default_timeout(45_000)
        yield page
        browser.close()


@pytest.fixture(scope="session")
def mnist():
    from sparse_ae import load_mnist

    return load_mnist()


@pytest.fixture(scope="session")
def x_test(mnist):
    return mnist[1][0]


@pytest.fixture(scope="session")
def raw(mnist):
    """300 of the test images as they are in the file: bytes."""
    return np.rint(mnist[1][0][:300] * 255).astype(np.uint8)


@pytest.fixture(scope="session")
def lesson():
    from sparse_ae import load_lesson_model

    return load_lesson_model()


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    """The wheel, built offline from the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (file,) = folder.glob("*.whl")
    return file


@pytest.fixture(scope="session")
def from_wheel(wheel, tmp_path_factory):
    """Runs Python, with the package of the unpacked wheel, in an empty folder; the finished run.

    `status` is the exit status that is wanted.
    """
    site = tmp_path_factory.mktemp("site")
    zipfile.ZipFile(wheel).extractall(site)
    folder = tmp_path_factory.mktemp("empty")

    def run(*arguments, status=0):
        finished = subprocess.run(
            [sys.executable, *arguments],
            cwd=folder,
            env=os.environ | {"PYTHONPATH": str(site)},
            capture_output=True,
            text=True,
        )
        assert finished.returncode == status, finished.stdout + finished.stderr
        return finished

    where = run("-c", "import sparse_ae; print(sparse_ae.__file__)").stdout
    assert where.startswith(str(site))
    run.folder = folder
    return run


@pytest.fixture
def without_xla(monkeypatch):
    """Training uncompiled: for tests that XLA would spend more time on than their few steps take.

    That the numbers are the same is a test of test_training.py.
    """
    import tensorflow as tf

    from sparse_ae.fast import programs

    function = tf.function

    def plain(*positional, jit_compile=None, **named):
        return function(*positional, **named)

    monkeypatch.setattr(tf, "function", plain)
    monkeypatch.setattr(programs, "_programs", {})


@pytest.fixture
def small_course(tmp_path, monkeypatch):
    """A course of two small notebooks in place of the real one; the folder of its sources.

    The current folder is an empty one, where the module with the checks lies.
    """
    from small_course import CHECKS, write_course

    from sparse_ae.course import notebooks

    sources = write_course(tmp_path / "course")
    monkeypatch.setattr(notebooks, "NOTEBOOKS", sources)
    here = tmp_path / "here"
    (here / "exercises").mkdir(parents=True)
    (here / "exercises" / "small_checks.py").write_text(CHECKS, "utf-8")
    monkeypatch.chdir(here)
    return sources


@pytest.fixture(autouse=True)
def same_environment():
    """What a test or a command sets in the environment does not reach the next test."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(autouse=True)
def close_figures():
    yield
    import matplotlib.pyplot as plt

    plt.close("all")
