"""The package as it is imported and installed."""

import errno
import subprocess
import sys
import zipfile
from importlib import metadata

import pytest
from conftest import ROOT

import sparse_ae
from sparse_ae.course import commands, labels
from sparse_ae.support.keras_version import check_keras


def python(code, **options):
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, **options
    )


def test_import_starts_neither_tensorflow_nor_matplotlib():
    heavy = "{'tensorflow', 'keras', 'matplotlib', 'numpy'} & set(sys.modules)"
    assert python(f"import sys, sparse_ae; print({heavy})").stdout == "set()\n"
    light = "{'tensorflow', 'keras'} & set(sys.modules)"
    code = f"import sys; from sparse_ae import load_mnist, measures, plot_images; print({light})"
    assert python(code).stdout == "set()\n"


def test_public_names():
    for name in sparse_ae.__all__:
        assert getattr(sparse_ae, name).__doc__, name
    assert set(sparse_ae.__all__) <= set(dir(sparse_ae))
    for name in ("load_mnist", "build_autoencoder", "build_encoder", "plot_model"):
        assert name in sparse_ae.__all__
    with pytest.raises(AttributeError, match="no_such_name"):
        sparse_ae.no_such_name  # noqa: B018


def test_the_version_is_that_of_the_metadata(capsys):
    """Looked up only when it is asked for, whatever Keras there is."""
    assert sparse_ae.__version__ == metadata.version("sparse-ae")
    code = (
        "import sys, sparse_ae; sparse_ae.__version__; print({'keras', 'numpy'} & set(sys.modules))"
    )
    assert python(code).stdout == "set()\n"
    with pytest.raises(SystemExit) as done:
        commands.main(["--version"])
    printed = capsys.readouterr().out
    assert done.value.code == 0 and printed.count("\n") == 1
    assert printed.startswith(f"sparse-ae {sparse_ae.__version__} in ") and "Python 3." in printed


def test_a_checkout_that_is_not_installed(monkeypatch):
    def missing(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", missing)
    assert sparse_ae.__version__ == "not installed"


@pytest.mark.parametrize("found", ["3.13.2", "3.0.0", "2.15.0", "none"])
def test_an_older_keras_is_refused(found):
    with pytest.raises(ImportError) as problem:
        check_keras(found)
    text = str(problem.value)
    assert found in text and 'pip install --upgrade "keras>=3.14"' in text and "\n" not in text


@pytest.mark.parametrize("found", ["3.14.0", "3.15.1", "3.100.0", "4.0.0", "3.14.0rc1"])
def test_a_newer_keras_is_fine(found):
    check_keras(found)


def test_an_older_keras_is_told_on_import(tmp_path):
    """A package folder that says it is Keras 3.13 comes first on the path."""
    info = tmp_path / "keras-3.13.2.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: keras\nVersion: 3.13.2\n")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from sparse_ae import load_mnist"
    failed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert failed.returncode == 1
    assert failed.stderr.splitlines()[-1].startswith("ImportError: sparse_ae needs Keras 3.14")


def test_the_wheel_carries_data_and_notebooks_and_only_the_package(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0].split("-")[0] for name in names} <= {"sparse_ae"}
    bundled = "sparse_ae/bundled"
    for source in [*ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("data/*")]:
        assert f"{bundled}/{source.relative_to(ROOT).as_posix()}" in names
    stray = [n for n in names if n.startswith(f"{bundled}/notebooks/") and ".ipynb" not in n]
    assert stray == []


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (OSError(errno.ENOSPC, "full", "here"), "here: full: make room"),
        (PermissionError(errno.EACCES, "no", "there"), "there: no: choose a folder of your own"),
        (OSError("in one sentence."), "in one sentence."),
        (ValueError(), "ValueError"),
    ],
)
def test_what_the_system_says_gets_a_remedy(problem, words, monkeypatch, capsys):
    def fail(*_):
        raise problem

    monkeypatch.setattr(labels, "label_exercises", fail)
    assert commands.main(["label"]) in (1, 2)
    assert capsys.readouterr().err.startswith(f"sparse-ae: {words}")
