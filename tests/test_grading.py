"""Grading by nbgrader, with the commands that README gives."""

import copy
import csv
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT, own_sockets
from small_course import CHECKS, RIGHT, WRONG, small_notebook, with_sources, write

from sparse_ae.course.blanks import blank_copy

README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```", README, re.M | re.S)
PREPARE, GRADE = (block for block in BLOCKS if "\nnbgrader " in block or "&& nbgrader " in block)
SECONDS = 8  # for a cell, instead of README's two minutes


def shell(script, folder, status=0):
    """Runs README's lines in `folder`, without those that install; what they print."""
    script = script.replace(". .venv/bin/activate && pip install -e '.[grading]'\n", "")
    script = re.sub(r"timeout = \d+", f"timeout = {SECONDS}", script)
    for name, value in own_sockets().items():
        script = script.replace("\nEND\n", f"\nc.KernelManager.{name} = '{value}'\nEND\n")
    programs = Path(sys.executable).parent
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env=os.environ | {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == status, done.stdout
    return done.stdout


def test_the_release_is_our_blank_copy_cell_for_cell(tmp_path):
    project = tmp_path / "project"
    (project / "notebooks").mkdir(parents=True)
    sources = sorted((ROOT / "notebooks").glob("*.ipynb"))
    for source in sources:
        (project / "notebooks" / source.name).write_bytes(source.read_bytes())
    shell(PREPARE, project)
    for source in sources:
        release = nbformat.read(tmp_path / "class/release/notebooks" / source.name, 4)
        for cell in release.cells:
            cell.metadata.get("nbgrader", {}).pop("checksum", None)
        ours = nbformat.reads(blank_copy(source).decode(), 4)
        assert ours.cells == release.cells, source.name


def copy_all(cells):
    cells.extend(copy.deepcopy(cells))


def copy_check(cells):
    (check,) = (cell for cell in cells if cell["id"] == "check-double")
    cells.insert(0, copy.deepcopy(check))


def lose_labels(cells):
    for cell in cells:
        cell["metadata"].clear()


def old_labels(cells):
    for cell in cells:
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"]["schema_version"] = 1


def foreign_cell(cells):
    """Pasted from another notebook, with its label."""
    cells.insert(2, copy.deepcopy(next(c for c in cells if c["id"] == "double")))
    cells[2]["metadata"]["nbgrader"]["grade_id"] = "elsewhere"


def skip_checks(cells):
    """Blank, and the checks ask not to be run."""
    for cell in cells:
        if cell["id"] in RIGHT:
            cell["source"] = "pass"
        cell["metadata"]["tags"] = ["skip-execution"]


MEMORY = "import resource\nresource.setrlimit(resource.RLIMIT_AS, (2**32, 2**32))\n"
MEMORY += "kept = []\nwhile True:\n    kept.append(bytearray(10**6))"
DOUBLE, SQUARE = RIGHT["double"], RIGHT["square"]  # 1 point and 2 points
TAMPER = "import sparse_ae.checks as real\nreal.exercises.reporting.report = lambda *_: None"
# What each student hands in: the sources of cells, a change of the solved cells, or the text of
# the file; and the mark. None stands for "named in the last lines, with a reason", and 0.
STUDENTS = {
    "blank": ({}, 0),
    "right": (RIGHT, 3),
    "wrong": (WRONG, 0),
    "partly_right": ({"double": DOUBLE, "square": WRONG["square"]}, 1),
    "half_done": ({"square": SQUARE}, 2),
    "loop": ({"double": DOUBLE, "square": "def square(x):\n    while True:\n        pass"}, 1),
    "loop_in_cell": ({"double": "while True:\n    pass", "square": SQUARE}, 2),
    "stubborn_loop": (
        RIGHT | {"square": "import signal\nsignal.signal(2, signal.SIG_IGN)\nwhile True:\n    1"},
        1,
    ),
    "input": ({"double": "def double(x):\n    return int(input())", "square": SQUARE}, 2),
    "dying_kernel": (RIGHT | {"double": "import os\nos._exit(1)"}, 0),
    "dying_in_check": (RIGHT | {"square": "def square(x):\n    import os\n    os._exit(0)"}, 1),
    "sys_exit": (RIGHT | {"double": "import sys\nsys.exit()"}, 2),
    "deleted_check": ({"double": DOUBLE, "square": WRONG["square"], "check_square": None}, 1),
    "deleted_solution": (RIGHT | {"double": None}, 2),
    "deleted_exercise": (RIGHT | {"double": None, "check_double": None}, 2),
    "copied_cells": (copy_all, 3),
    "copied_check": (copy_check, 3),
    "lost_labels": (lose_labels, 3),
    "old_labels": (old_labels, 3),
    "foreign_cell": (foreign_cell, 3),
    "skipped_checks": (skip_checks, 0),
    "no_memory": (RIGHT | {"square": MEMORY}, 1),
    "edited_check": (WRONG | {"check_square": "print('✓ square: right')"}, 0),
    "syntax_error": (RIGHT | {"double": "def double(x)\n    return 2 * x"}, 2),
    "huge_output": (RIGHT | {"double": f"print('y' * 10**7)\n{DOUBLE}"}, 3),
    "tampering": (WRONG | {"double": f"{TAMPER}\ndouble = 1"}, 3),
    "no_notebook": ("print('hello')", None),
    "empty_file": ("", None),
}


@pytest.fixture(scope="module")
def marked(tmp_path_factory):
    """The class folder after grading, and what the grading printed."""
    project = tmp_path_factory.mktemp("teaching") / "project"
    (project / "notebooks").mkdir(parents=True)
    source = project / "notebooks" / "01_first.ipynb"
    write(source, small_notebook("first"))
    (project / "notebooks" / "small_checks.py").write_text(CHECKS, "utf-8")
    shell(PREPARE, project)
    blank = nbformat.reads(blank_copy(source).decode(), 4)
    for student, (work, _) in STUDENTS.items():
        folder = project.parent / "class" / "submitted" / student / "notebooks"
        folder.mkdir(parents=True)
        if isinstance(work, str):
            (folder / source.name).write_text(work)
            continue
        changed = isinstance(work, dict)
        book = with_sources(copy.deepcopy(blank), **(work if changed else RIGHT))
        if not changed:
            work(book["cells"])
        write(folder / source.name, book)
    printed = shell(GRADE, project)
    return project.parent / "class", printed


def test_a_class(marked):
    folder, printed = marked
    assert len(STUDENTS) > 20
    with (folder / "grades.csv").open() as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert rows.keys() == STUDENTS.keys()
    assert {row["max_score"] for row in rows.values()} == {"3.0"}
    found = {student: float(row["score"]) for student, row in rows.items()}
    assert found == {student: mark or 0 for student, (_, mark) in STUDENTS.items()}
    named = re.findall(r"There was an error processing assignment .* for student '(\w+)'", printed)
    assert sorted(named) == sorted(
        student for student, (_, mark) in STUDENTS.items() if mark is None
    )


def test_reasons_are_printed(marked):
    _, printed = marked
    for reason in ("Kernel died", "Timeout waiting for", "NotJSONError"):
        assert reason in printed


def test_feedback_shows_the_line_of_a_failed_check(marked):
    folder, _ = marked
    written = {path.parent.parent.name for path in folder.glob("feedback/*/notebooks/*.html")}
    assert written == {student for student, (_, mark) in STUDENTS.items() if mark is not None}
    dead = (folder / "feedback/dying_kernel/notebooks/01_first.html").read_text("utf-8")
    assert dead.count("not run: Kernel died") >= 2
    page = (folder / "feedback/partly_right/notebooks/01_first.html").read_text("utf-8")
    assert "✗ square: the argument is given back" in page and "✓ double: all numbers right." in page
