"""Labels of exercises, and the way to add one, followed word for word."""

import contextlib
import copy
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from conftest import ROOT, under
from small_course import code, read, text, write

from sparse_ae.course import notebooks
from sparse_ae.course.blanks import blank_copy
from sparse_ae.course.commands import main

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PAGE = ROOT / "sparse_ae" / "checks" / "README.md"
BLOCKS, WAY = under("To add an exercise", "python", PAGE)
BLOCKS = [block.rstrip("\n") for block in BLOCKS]
NAME = "ink_share"


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


SOLUTION = "### BEGIN SOLUTION\n{}\n### END SOLUTION"
FUNCTION = "def new(x):\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION"
VALUE = f"new = None\n{SOLUTION.format('new = 42')}"
SPELLINGS = {
    "as README has it": (FUNCTION, "checks.new(new)"),
    "line ends of Windows": (FUNCTION.replace("\n", "\r\n"), "checks.new(new)\r\n"),
    "a decorator": (f"@np.vectorize\n@cache(\n    size=3\n)\n{FUNCTION}", "checks.new(new)"),
    "a remark": (f"# what is asked\n\n{FUNCTION}", "# run me\n\nchecks.new(new)"),
    "a blank line": (f"\n{FUNCTION}", "\n  \nchecks.new(new)\n"),
    "a space": (FUNCTION, " checks.new(new)"),
    "a value": (VALUE, "checks.new(new)"),
    "a value with line ends of Windows": (VALUE.replace("\n", "\r\n"), "checks.new(new)"),
    "a value without spaces": (VALUE.replace(" = None", "=None"), "checks.new(new)"),
    "a value with a remark": (VALUE.replace("None", "None  # yours"), "checks.new(new)"),
    "a value with a space": (VALUE.replace("None", "None "), "checks.new(new)"),
    "a value after a remark": (f"# yours\n\n{VALUE}", "checks.new(new)"),
    "an ellipsis": (VALUE.replace("None", "..."), "checks.new( new )"),
}


@pytest.mark.parametrize("case", SPELLINGS)
def test_however_the_cells_are_spelled(course, capsys, case):
    solution, check = SPELLINGS[case]
    path = course / "04_features.ipynb"
    book = read(path)
    task = text("a", "### Exercise: new (hard, 5 minutes)\n\nDo it.")
    after = code("d", "new = checks.if_right(new, otherwise=len)\nnew(3)")
    book["cells"][3:3] = [task, code("b", solution), code("c", check), after]
    write(path, book)
    assert main(["label"]) == 0
    assert "labelled  04_features.ipynb" in capsys.readouterr().out
    cells = {cell["id"]: cell["metadata"] for cell in read(path)["cells"]}
    assert list(cells)[3:7] == ["task-new", "new", "check-new", "d"]
    assert cells["new"]["nbgrader"]["solution"] and cells["new"]["nbgrader"]["grade_id"] == "new"
    assert cells["check-new"]["nbgrader"]["grade_id"] == "check_new"
    assert cells["check-new"]["nbgrader"]["points"] == 3
    assert main(["label"]) == 0
    assert capsys.readouterr().out.startswith("nothing to do: ")


@pytest.mark.parametrize(
    ("line", "points"),
    [
        ("**Exercise.** ●●○, 6 minutes.", 2),
        ("### Exercise: new (easy, 1 minute)", 1),
        ("## Exercise: what a copy costs (medium, 6 minutes)", 2),
        ("### Exercise: new (hard, 6 minutes)", 3),
        ("Write it.", 1),
    ],
)
def test_points_follow_from_the_task(course, line, points):
    path = course / "04_features.ipynb"
    book = read(path)
    cells = [text("a", f"First.\n\n{line}\n\nHints."), code("b", FUNCTION)]
    book["cells"][3:3] = [*cells, code("c", VALUE.replace("new", "used")),
                          code("d", "checks.new(new, used)")]  # fmt: skip
    write(path, book)
    assert main(["label"]) == 0
    cells = {cell["id"]: cell["metadata"] for cell in read(path)["cells"]}
    assert list(cells)[3:7] == ["task-new", "new", "used", "check-new"]
    assert cells["check-new"]["nbgrader"]["points"] == points


def test_a_solution_without_a_check_is_named(course, capsys):
    """It is not said of every solution that it has its labels."""
    path = course / "04_features.ipynb"
    book = read(path)
    book["cells"][3:3] = [text("a", "Write."), code("b", FUNCTION), text("c", "So.")]
    write(path, book)
    assert main(["label"]) == main(["label"]) == 0
    printed = capsys.readouterr().out
    assert printed.count("unchecked 04_features.ipynb: no check of 'new'") == 2
    assert "checks.new(new) in the next cell" in printed and "nothing to do" not in printed


def test_a_notebook_that_is_open_in_jupyterlab(course, capsys, monkeypatch):
    """JupyterLab keeps the cells as they were, and its next save writes them over the labels."""
    path = course / "04_features.ipynb"
    book = read(path)
    book["cells"][3:3] = [text("a", "Write."), code("b", FUNCTION), code("c", "checks.new(new)")]
    write(path, book)
    before = path.read_bytes()
    opened = [{"path": "04_features.ipynb"}, {"path": "elsewhere.ipynb"}, {}]
    with a_jupyter_server(course, opened, monkeypatch):
        assert main(["label"]) == 1
    message = capsys.readouterr().err
    assert "04_features.ipynb is open in JupyterLab" in message and message.count("\n") == 1
    assert "Close and Shut Down" in message and path.read_bytes() == before
    with a_jupyter_server(course, [{"path": "01_mnist.ipynb"}], monkeypatch):
        assert main(["label"]) == 0
    assert "load it from the disk again" in capsys.readouterr().out


@contextlib.contextmanager
def a_jupyter_server(folder, sessions, monkeypatch):
    """As much of one as is asked for the notebooks that it runs."""
    from jupyter_server import serverapp

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self):
            assert self.path == "/base/api/sessions"
            known = self.headers["Authorization"] == "token secret"
            self.send_response(200 if known else 403)
            self.end_headers()
            self.wfile.write(json.dumps(sessions).encode())

        def log_message(self, *_):
            pass

    with HTTPServer(("localhost", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        here = {"url": f"http://localhost:{server.server_port}/base/", "token": "secret"}
        gone = {"url": "http://localhost:1/", "token": "", "root_dir": str(folder)}
        running = [gone, here | {"root_dir": str(folder)}]
        monkeypatch.setattr(serverapp, "list_running_servers", lambda: iter(running))
        yield
        server.shutdown()


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
    "a check that is not alone": (
        [code("one", ANSWER.format("twice")), code("two", "x = 1\nchecks.twice(twice)")],
        "cell `two`: checks.twice(twice) checks no solution: it should stand alone",
    ),
    "a check after a magic": (
        [code("one", ANSWER.format("twice")), code("two", "%%time\nchecks.twice(twice)")],
        "cell `two`: checks.twice(twice) checks no solution: it should stand alone",
    ),
    "a value that is none": (
        [code("one", "x = 0\n### BEGIN SOLUTION\nx = 1\n### END SOLUTION")],
        "cell `one`: a solution cell should begin with `def name(` or `name = None`",
    ),
    "a level that is none": (
        [
            text("task", "### Exercise: twice (tricky, 3 minutes)"),
            code("one", ANSWER.format("twice")),
            code("two", "checks.twice(twice)"),
        ],
        "cell `two`: its task is of the level 'tricky': write one of easy, medium, hard",
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


@pytest.mark.long
def test_an_exercise_added_as_the_guide_says(tmp_path):
    solution, check, module, answers = BLOCKS
    for name in ("sparse_ae", "notebooks", "tests", "data", "README.md", "pyproject.toml"):
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, tmp_path / name)

    line = re.search(r"`(### Exercise: .*?)`", WAY)[1]
    hints = re.findall(r"`(<details>.*?</details>)`", WAY)
    task = "\n\n".join((line, "The share of ink.", *hints))
    path = tmp_path / "notebooks" / "01_mnist.ipynb"
    book = read(path)
    cells = [text("a1", task), code("b2", solution, ), code("c3", check)]  # fmt: skip
    book["cells"][-2:-2] = cells  # before "What to take away"
    write(path, book)
    module_of_01 = "sparse_ae/checks/exercises/nb01_mnist.py"
    for file, block in ((module_of_01, module), ("tests/answers.py", answers)):
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

    status, printed = python("-m", "sparse_ae", "label")
    assert status == 0 and printed.startswith("labelled  01_mnist.ipynb\n"), printed
    run_all = ("-m", "jupyter", "nbconvert", "--to", "notebook", "--execute", "--inplace")
    quiet = "--ExecutePreprocessor.record_timing=False"
    status, printed = python(*run_all, quiet, str(path))
    assert status == 0, printed

    tests = ("-m", "pytest", "-q", "-n", "0", "-k", f"(01_mnist or {NAME}) and not minutes")
    status, printed = python(*tests, "tests/test_notebooks.py")
    assert status == 1 and "change EXERCISES in tests/test_notebooks.py" in printed, printed
    assert "1 failed" in printed
    file = tmp_path / "tests" / "test_notebooks.py"
    rules = file.read_text("utf-8")
    counted = re.sub(r'"01": (\d+)', lambda m: f'"01": {int(m[1]) + 1}', rules, count=1)
    file.write_text(counted, "utf-8")
    status, printed = python("tests/test_checks.py")
    assert status == 0, printed
    status, printed = python(*tests, "tests/test_notebooks.py", "tests/test_checks.py")
    assert status == 0, printed
    assert NAME in (tmp_path / "tests" / "sentences.txt").read_text("utf-8")
    status, printed = python("-m", "ruff", "format", "--check", "sparse_ae", "tests")
    assert status == 0, printed

    cells = {cell["id"]: cell for cell in json.loads(blank_copy(path))["cells"]}
    assert "raise NotImplementedError()" in "".join(cells[NAME.replace("_", "-")]["source"])
    assert cells[f"check-{NAME}".replace("_", "-")]["metadata"]["nbgrader"]["points"] == 1
