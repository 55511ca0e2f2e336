"""What the tests share: matplotlib without a screen, MNIST, the shipped model, the wheel."""

import copy
import itertools
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import matplotlib
import nbval.kernel
import nbval.plugin
import pytest
from jupyter_client.manager import KernelManager

ROOT = Path(__file__).parent.parent
GUIDE = ROOT / "sparse_ae" / "course" / "README.md"

matplotlib.use("Agg")


def under(heading, language, page=GUIDE):
    """The code blocks in a language that a page has under a heading, and the text there."""
    sections = re.split(r"^## ", page.read_text("utf-8"), flags=re.M)
    (text,) = (text for text in sections if text.startswith(f"{heading}\n"))
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.M | re.S), text


_sockets = tempfile.TemporaryDirectory(prefix="sockets-")
_kernels = itertools.count()


def own_sockets():
    """What a kernel manager needs so that kernels that start side by side all start.

    See kernel_manager in sparse_ae/course/kernels.py.
    """
    if os.name != "posix":
        return {}
    return {"transport": "ipc", "ip": f"{_sockets.name}/{next(_kernels)}"}


nbval.kernel.KernelManager = lambda **options: KernelManager(**own_sockets(), **options)


def without_pixels(outputs):
    """The outputs of a cell with the HTML form of each picture cut down to "a picture".

    That form carries the PNG once more, which nbval passes over, and words made from the numbers;
    that a picture is there, and all other outputs, are compared as they are.
    """
    outputs = copy.deepcopy(outputs)
    for output in outputs:
        data = output.get("data", {})
        if "image/png" in data and "text/html" in data:
            data["text/html"] = "a picture"
    return outputs


_compare_outputs = nbval.plugin.IPyNbCell.compare_outputs
nbval.plugin.IPyNbCell.compare_outputs = lambda cell, test, ref, *more: _compare_outputs(
    cell, without_pixels(test), without_pixels(ref), *more
)


@pytest.fixture(scope="session")
def mnist():
    from sparse_ae import load_mnist

    return load_mnist()


@pytest.fixture(scope="session")
def x_test(mnist):
    return mnist[1][0]


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
def close_figures():
    yield
    import matplotlib.pyplot as plt

    plt.close("all")
