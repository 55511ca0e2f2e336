"""Labels of exercises, and the guide's way to add one, followed word for word."""

import copy
import json
import os
import re
import shutil
import subprocess
import sys

import pytest
from conftest import ROOT, under
from small_course import code, read, text, write

from sparse_ae.course import notebooks
from sparse_ae.course.blanks import blank_copy
from sparse_ae.course.commands import main

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
BLOCKS, TEXT = under("Add an exercise", "python")
BLOCKS = [block.rstrip("\n") for block in BLOCKS]
NAME = "ink_share"
if NAME in (ROOT / "sparse_ae" / "checks" / "mnist.py").read_text("utf-8"):
    NAME = "ink_share_again"  # the guide was followed right here
    BLOCKS = [block.replace("ink_share", NAME) for block in BLOCKS]


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A copy of the course's notebooks, which may be changed."""
    folder = tmp_path / "notebooks"
    shutil.copytree(ROOT / "notebooks", folder, ignore=lambda _, names: [
        name for name in names if not name.endswith(".ipynb")
    ])  # fmt: skip
    monkeypatch.setattr(notebooks, "NOTEBOOKS", folder)
    return folder


def test_the_course_is_labelled(course, capsys):
    before = {path: path.read_bytes() for path in course.iterdir()}
    assert main(["label"]) == 0
    assert capsys.readouterr().out.startswith("nothing to do: ")
    assert {path: path.read_bytes() for path in course.iterdir()} == before


def test_labels_that_are_lost_come_back(course):
    """Everything that a label says follows from the cells, so it can be taken away."""
    before = {path: path.read_bytes() for path in course.iterdir()}
    for path in before:
        book = read(path)
        for previous, cell in zip(book["cells"], book["cells"][1:], strict=False):
            if cell["metadata"].pop("nbgrader", None):
                cell["metadata"].pop("tags")
                cell["id"] = f"new-{cell['id'][-8:]}"
                if previous["cell_type"] == "markdown":
                    previous["id"] = f"new-{previous['id'][-8:]}"
        write(path, book)
    assert main(["label", "1", "2"]) == 0 and main(["label"]) == 0
    for path, content in before.items():
        assert read(path) == json.loads(content), path.name
        labelled = any("nbgrader" in cell["metadata"] for cell in read(path)["cells"])
        assert path.read_bytes() == content or not labelled


ANSWER = "def {}(x):\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION"
MISLABELLED = {
    "a solution without a name": (
        [code("nameless", "### BEGIN SOLUTION\nx = 1\n### END SOLUTION")],
        "cell `nameless`: a solution cell should begin with",
    ),
    "two solutions of one name": (
        [code("one", ANSWER.format("again")), code("two", ANSWER.format("again"))],
        "cell `two`: cell `one` is a solution 'again' too",
    ),
    "an id that another cell has": (
        [code("one", ANSWER.format("after_see"))],
        "cell `after-see`: 2 cells have this id",
    ),
    "forgotten markers": (
        [code("one", "def twice(x):\n    return 2 * x"), code("two", "checks.twice(twice)")],
        "cell `two`: checks.twice(twice) checks no solution",
    ),
    "the check of another": (
        [code("one", ANSWER.format("once")), code("two", "checks.twice(once)")],
        "cell `two`: checks.twice(once) checks no solution",
    ),
}


@pytest.mark.parametrize("case", MISLABELLED)
def test_cells_that_cannot_be_labelled(course, capsys, case):
    cells, words = MISLABELLED[case]
    path = course / "03_training.ipynb"
    book = read(path)
    book["cells"][3:3] = copy.deepcopy(cells)
    write(path, book)
    unlabelled = course / "01_mnist.ipynb"  # it would come first
    book = read(unlabelled)
    book["cells"][-1:-1] = [code("more", ANSWER.format("more"))]
    write(unlabelled, book)
    before = path.read_bytes(), unlabelled.read_bytes()
    assert main(["label"]) == 2
    message = capsys.readouterr().err
    assert f"notebook 03, {words}" in message and message.count("\n") == 1, message
    assert (path.read_bytes(), unlabelled.read_bytes()) == before


@pytest.mark.parametrize("command", [["label"], ["exercises", "--out", "out"]])
@pytest.mark.parametrize("content", ["{", "<<<<<<< HEAD\n{}", "[]", '{"cells": [1]}', '{"a": 1}'])
def test_a_file_that_is_no_notebook(course, capsys, tmp_path, monkeypatch, command, content):
    monkeypatch.chdir(tmp_path)
    (course / "02_autoencoder.ipynb").write_text(content)
    assert main(command) == 2
    message = capsys.readouterr().err
    assert "02_autoencoder.ipynb is no notebook" in message and message.count("\n") == 1
    assert "git checkout HEAD -- 02_autoencoder.ipynb" in message
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", ["label", "start"])
def test_drafts_and_numbers(course, capsys, tmp_path, monkeypatch, command):
    """A file without a number is nobody's; two with one number are one too many."""
    monkeypatch.chdir(tmp_path)
    (course / "Untitled.ipynb").write_text("a draft")
    arguments = [command] if command == "label" else [command, "--no-open"]
    assert main(arguments) == 0
    assert not (tmp_path / "exercises" / "Untitled.ipynb").exists()
    (course / "03_more.ipynb").write_bytes((course / "03_training.ipynb").read_bytes())
    assert main(arguments) == 2
    message = capsys.readouterr().err
    assert "03_more.ipynb and 03_training.ipynb have the same number" in message


def test_the_walk_through_is_short():
    assert sum(bool(line) for block in BLOCKS for line in block.splitlines()) < 20


def test_an_exercise_added_as_the_guide_says(tmp_path):
    solution, check, module, answers = BLOCKS
    for name in ("sparse_ae", "notebooks", "tests", "data", "README.md", "pyproject.toml"):
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, tmp_path / name)

    line = re.search(r"`(\*\*Exercise\.\*\* .*?)`", TEXT)[1]
    hint = re.search(r"`(<details>.*?</details>)`", TEXT)[1]
    task = "\n\n".join(("The share of ink.", line, hint, hint.replace("Hint 1", "Hint 2")))
    path = tmp_path / "notebooks" / "01_mnist.ipynb"
    book = read(path)
    cells = [text("a1", task), code("b2", solution, ), code("c3", check)]  # fmt: skip
    book["cells"][-2:-2] = cells  # before "What to take away"
    write(path, book)
    for file, block in (("sparse_ae/checks/mnist.py", module), ("tests/test_checks.py", answers)):
        with (tmp_path / file).open("a", encoding="utf-8") as end:
            end.write(f"\n\n{block}\n")

    def python(*arguments):
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": ""},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return done.returncode, done.stdout

    assert python("-m", "sparse_ae", "label") == (0, "labelled  01_mnist.ipynb\n")
    run_all = ("-m", "jupyter", "nbconvert", "--to", "notebook", "--execute", "--inplace")
    quiet = "--ExecutePreprocessor.record_timing=False"
    status, printed = python(*run_all, quiet, str(path))
    assert status == 0, printed

    tests = ("-m", "pytest", "-q", "-n", "0", "-k", f"01_mnist or {NAME}")
    status, printed = python(*tests, "tests/test_notebooks.py")
    assert status == 1 and "change EXERCISES in tests/test_notebooks.py" in printed, printed
    assert "1 failed" in printed
    file = tmp_path / "tests" / "test_notebooks.py"
    counted = re.sub(r'"01": (\d+)', lambda m: f'"01": {int(m[1]) + 1}', file.read_text("utf-8"))
    file.write_text(counted, "utf-8")
    status, printed = python(*tests, "tests/test_notebooks.py", "tests/test_checks.py")
    assert status == 0, printed
    status, printed = python("-m", "ruff", "format", "--check", "sparse_ae", "tests")
    assert status == 0, printed

    cells = {cell["id"]: cell for cell in json.loads(blank_copy(path))["cells"]}
    assert "raise NotImplementedError()" in "".join(cells[NAME.replace("_", "-")]["source"])
    assert cells[f"check-{NAME}".replace("_", "-")]["metadata"]["nbgrader"]["points"] == 1
