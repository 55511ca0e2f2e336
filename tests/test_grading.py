"""Grading by nbgrader, with the commands that the guide gives, without and with isolation."""

import contextlib
import copy
import csv
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT, under
from small_course import CHECKS, RIGHT, WAITS, WRONG, code, small_notebook, with_sources, write

from sparse_ae.course import isolation
from sparse_ae.course.blanks import blank_copy
from sparse_ae.course.trainings import _place
from sparse_ae.data import MNIST

pytestmark = pytest.mark.slow

(PREPARE,), _ = under("Prepare the grading", "sh")
(GRADE,), _ = under("Grade", "sh")
SECONDS = 5  # for a cell, instead of the guide's two minutes
CANNOT_ISOLATE = isolation.problem()


def shell(script, folder, status=0, **variables):
    """Runs the guide's lines in `folder`, without those that install; what they print."""
    script = script.replace(". .venv/bin/activate && pip install -e '.[grading]'\n", "")
    script = re.sub(r"timeout = \d+", f"timeout = {SECONDS}", script)
    own = f'c.CourseDirectory.source_directory = "{folder}"'
    script = script.replace("<<END\n", f"<<END\n{own}\n")
    script = re.sub("^sparse-ae", f"'{sys.executable}' -m sparse_ae", script, flags=re.M)
    programs = Path(sys.executable).parent
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-e", "-c", script],
        cwd=folder,
        env=os.environ | {"PATH": path} | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == status, done.stdout
    return done.stdout


def without_isolation(script):
    script = script.replace("import grade_whatever_comes, isolate", "import grade_whatever_comes")
    return re.sub(r"^isolate\(c\).*\n", "", script, flags=re.M)


def test_the_release_is_our_blank_copy_cell_for_cell(tmp_path):
    project = tmp_path / "project"
    (project / "notebooks").mkdir(parents=True)
    sources = sorted((ROOT / "notebooks").glob("*.ipynb"))
    for source in sources:
        (project / "notebooks" / source.name).write_bytes(source.read_bytes())
    book = small_notebook("A value, and a text for after the prediction")
    value = "# a, b or c?\ndouble = None\n### BEGIN SOLUTION\ndouble = 2\n### END SOLUTION"
    book = with_sources(book, double=value)
    book["cells"][0]["metadata"]["tags"] = ["after-prediction"]
    sources.append(project / "notebooks" / "99_forms.ipynb")
    write(sources[-1], book)
    shell(without_isolation(PREPARE), project)
    for source in sources:
        release = nbformat.read(tmp_path / "class/release/notebooks" / source.name, 4)
        for cell in release.cells:
            cell.metadata.get("nbgrader", {}).pop("checksum", None)
        ours = nbformat.reads(blank_copy(source).decode(), 4)
        assert ours.cells == release.cells, source.name


def copy_all(cells):
    cells.extend(copy.deepcopy(cells))


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


def from_colab(cells):
    """An output, and the widgets' metadata without a state that Colab writes."""
    cells[1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x"}]


MEMORY = "import resource\nresource.setrlimit(resource.RLIMIT_AS, (3 * 2**30, 3 * 2**30))\n"
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
    "loop": ({"double": DOUBLE, "square": "def square(x):\n    while True:\n        pass"}, 1),
    "loop_in_cell": ({"double": WAITS, "square": SQUARE}, 2),
    "stubborn_loop": (
        RIGHT | {"square": f"import signal\nsignal.signal(2, signal.SIG_IGN)\n{WAITS}"},
        1,
    ),
    "input": ({"double": "def double(x):\n    return int(input())", "square": SQUARE}, 2),
    "dying_kernel": (RIGHT | {"double": "import os\nos._exit(1)"}, 0),
    "dying_in_check": (RIGHT | {"square": "def square(x):\n    import os\n    os._exit(0)"}, 1),
    "silent_kernel": (RIGHT | {"square": f"import sys\n{SQUARE}\nsys.stdout = None"}, 1),
    "sys_exit": (RIGHT | {"double": "import sys\nsys.exit()"}, 2),
    "deleted_check": ({"double": DOUBLE, "square": WRONG["square"], "check_square": None}, 1),
    "deleted_solution": (RIGHT | {"double": None}, 2),
    "copied_cells": (copy_all, 3),
    "lost_labels": (lose_labels, 3),
    "old_labels": (old_labels, 3),
    "foreign_cell": (foreign_cell, 3),
    "skipped_checks": (skip_checks, 0),
    "from_colab": (from_colab, 3),
    "no_memory": (RIGHT | {"square": MEMORY}, 1),
    "edited_check": (WRONG | {"check_square": "print('✓ square: right')"}, 0),
    "syntax_error": (RIGHT | {"double": "def double(x)\n    return 2 * x"}, 2),
    "huge_output": (RIGHT | {"double": f"print('y' * 10**7)\n{DOUBLE}"}, 3),
    "tampering": (WRONG | {"double": f"{TAMPER}\ndouble = 1"}, 3),
    "4711 Chloé Müller-李": (RIGHT, 3),
    "no_notebook": ("print('hello')", None),
    "no_cells": ("[]", None),
}
# Those whose mark or reasons hang on how kernels are run: graded without isolation as well.
OF_THE_KERNEL = {
    *("loop", "stubborn_loop", "input", "dying_in_check", "sys_exit", "no_memory", "huge_output"),
    *("right", "wrong", "partly_right", "loop_in_cell", "dying_kernel", "silent_kernel"),
    "no_notebook",
}
# What one hand-in tries, each in a cell of its own, and words that the cell then prints.
ATTACKS = {
    "rewrites_checks": (
        "import sparse_ae.checks.judging as judging\nopen(judging.__file__, 'a')",
        "Read-only file system",
    ),
    "deletes_digits": (
        f"import os\nos.rename({str(MNIST)!r}, {str(MNIST)!r})",  # as harmless as it can be
        "Read-only file system",
    ),
    "changes_gradebook": (
        "import sqlite3\nbook = sqlite3.connect('{folder}/gradebook.db')\n"
        "book.execute('update grade set auto_score = 99')\nbook.commit()",
        "OperationalError",
    ),
    "reads_another": (
        "print(open('{folder}/submitted/right/notebooks/01_first.ipynb').read())",
        "No such file or directory",
    ),
    "reads_through_a_link": ("print(open('notes.txt').read())", "No such file or directory"),
    "looks_around": (
        "import os\nprint(os.environ.get('SECRET'))\nopen('{home}/.bashrc')",
        "No such file or directory",
    ),
    "calls_home": (
        "import socket\nsocket.create_connection(('127.0.0.1', {port}), 3)",
        "Connection refused",
    ),
    "kills": ("import os\nos.kill({pid}, 9)", "No such process"),
    "leaves_a_process": (
        "import subprocess\nsubprocess.Popen(['sleep', '{sleep}'], start_new_session=True)\n"
        "raise OSError('started')",
        "started",
    ),
    "fills_memory": ("kept = bytearray(7 * 2**30)", "MemoryError"),
    "fills_disk": (
        # asked for at once: how much is written in five seconds hangs on the machine
        "import os\nfile = os.open('/tmp/large', os.O_CREAT | os.O_WRONLY)\n"
        "os.posix_fallocate(file, 0, 3 * 10**9)",
        "No space left on device",
    ),
    "writes_elsewhere": ("open('/tmp/../there', 'w')", "Read-only file system"),
    "changes_what_was_trained": (
        "import os\nplace = os.environ['SPARSE_AE_EPOCHS']\nassert os.listdir(place) == ['known']\n"
        "open(place + '/known', 'w')",
        "Read-only file system",
    ),
    "uses_its_files": (
        "open('picture.png', 'w').write('x')\nimport helper\nraise OSError(helper.WORD)",
        "my own helper",
    ),
}


def hand_in(folder, name, content):
    place = folder / "submitted" / name / "notebooks"
    place.mkdir(parents=True)
    if isinstance(content, str):
        (place / "01_first.ipynb").write_text(content)
    else:
        write(place / "01_first.ipynb", content)
    return place


class Graded:
    """The class folder after grading, and what the grading printed."""

    def __init__(self, folder, isolated):
        project = folder / "project"
        (project / "notebooks").mkdir(parents=True)
        source = project / "notebooks" / "01_first.ipynb"
        write(source, small_notebook("first"))
        (project / "notebooks" / "small_checks.py").write_text(CHECKS, "utf-8")
        self.folder = folder / "class"
        shell(PREPARE if isolated else without_isolation(PREPARE), project)
        blank = nbformat.reads(blank_copy(source).decode(), 4)
        self.students = STUDENTS.keys() if isolated or CANNOT_ISOLATE else OF_THE_KERNEL
        for student in self.students:
            work, _ = STUDENTS[student]
            if isinstance(work, str):
                hand_in(self.folder, student, work)
                continue
            changed = isinstance(work, dict)
            book = with_sources(copy.deepcopy(blank), **(work if changed else RIGHT))
            if not changed:
                work(book["cells"])
            if work is from_colab:
                state = {"application/vnd.jupyter.widget-state+json": {}}
                book["metadata"] = book["metadata"] | {"widgets": state}
            hand_in(self.folder, student, book)
        trained = _place(self.folder)
        trained.mkdir(parents=True)
        (trained / "known").touch()
        mark = self.folder / "submitted" / "right" / "notebooks" / "01_first.ipynb"
        mark.write_bytes(b"\xef\xbb\xbf" + mark.read_bytes())  # as some editors on Windows do
        self.sleep = f"{86400 + os.getpid()}"
        with socket.create_server(("127.0.0.1", 0)) as server:
            if isolated:
                self.attack(blank, port=server.getsockname()[1])
            # one process for all; tests/test_class_folder.py has one for each student
            script = GRADE.replace("sparse-ae grade\n", "nbgrader autograde notebooks\n")
            self.printed = shell(script, project, SECRET="a secret")

    def attack(self, blank, port):
        known = dict(folder=self.folder, port=port, pid=os.getpid(), sleep=self.sleep)
        known["home"] = Path.home()
        book = with_sources(blank, **RIGHT)
        for name, (attack, _) in ATTACKS.items():
            lines = attack.format(**known).replace("\n", "\n    ")
            tried = f"try:\n    {lines}\nexcept BaseException as problem:\n    "
            tried += "print(type(problem).__name__, problem)\nelse:\n    print('done')"
            book["cells"].insert(1, code(name, tried))
        place = hand_in(self.folder, "attacks", book)
        (place / "helper.py").write_text("WORD = 'my own helper'")
        (place / "notes.txt").symlink_to(self.folder / "gradebook.db")
        place = hand_in(self.folder, "links_to_another", "")
        (place / "01_first.ipynb").unlink()
        (place / "01_first.ipynb").symlink_to("../../right/notebooks/01_first.ipynb")

    def marks(self):
        with (self.folder / "marks.csv").open(encoding="utf-8") as file:
            rows = {row["student"]: row for row in csv.DictReader(file)}
        assert rows.pop("(points)")["total"] == "3" and rows.pop("(share right)")
        return {student: float(row["total"]) for student, row in rows.items()}

    def graded(self, student):
        path = self.folder / "autograded" / student / "notebooks" / "01_first.ipynb"
        return nbformat.read(path, 4)


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    return Graded(tmp_path_factory.mktemp("plain"), isolated=False)


@pytest.fixture(scope="module")
def isolated(tmp_path_factory):
    if CANNOT_ISOLATE:
        pytest.skip(CANNOT_ISOLATE)
    return Graded(tmp_path_factory.mktemp("isolated"), isolated=True)


# The guide advises isolation: where it can be had, the other way is one of the long tests.
LONG = () if CANNOT_ISOLATE else pytest.mark.long
BOTH = pytest.mark.parametrize("way", [pytest.param("plain", marks=LONG), "isolated"])


@BOTH
def test_a_class(way, request):
    marked = request.getfixturevalue(way)
    assert len(STUDENTS) > 20
    found = {student: mark for student, mark in marked.marks().items() if student in STUDENTS}
    assert found == {student: STUDENTS[student][1] or 0 for student in marked.students}
    last = marked.printed.rpartition("To be looked at:\n")[2]
    named = re.findall(r"^  (.+?): 01_first.ipynb is (?:no notebook|a link)", last, re.M)
    assert sorted(named) == sorted(
        [student for student in marked.students if STUDENTS[student][1] is None]
        + (["links_to_another"] if way == "isolated" else [])
    )


@BOTH
def test_reasons_are_printed(way, request):
    log = request.getfixturevalue(way).printed
    for reason in ("Kernel died", "Timeout waiting for", "no longer answers", "no notebook"):
        assert reason in log
    for noise in ("SAWarning", "cuInit", "encryption"):
        assert noise not in log


@BOTH
def test_feedback_shows_the_line_of_a_failed_check(way, request):
    marked = request.getfixturevalue(way)
    folder = marked.folder
    written = {path.parent.parent.name for path in folder.glob("feedback/*/notebooks/*.html")}
    assert written >= set(marked.students)
    dead = (folder / "feedback/dying_kernel/notebooks/01_first.html").read_text("utf-8")
    assert dead.count("not run: Kernel died") >= 2
    page = (folder / "feedback/partly_right/notebooks/01_first.html").read_text("utf-8")
    assert "✗ square: the argument is given back" in page and "✓ double: all numbers right." in page
    page = (folder / "feedback/no_notebook/notebooks/01_first.html").read_text("utf-8")
    assert "01_first.ipynb</code> is no notebook that can be read" in page


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_changes_nothing_but_itself(isolated, name):
    """Its own answers count as ever, and so do those of all others: see test_a_class."""
    (cell,) = (cell for cell in isolated.graded("attacks").cells if cell.get("id") == name)
    printed = "".join(output.get("text", "") for output in cell.outputs)
    assert ATTACKS[name][1] in printed, printed
    assert "a secret" not in printed
    assert isolated.marks()["attacks"] == 3


def test_nothing_is_left_of_an_attack(isolated):
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):  # it has just ended
            assert isolated.sleep.encode() not in path.read_bytes().split(b"\0"), path
    left = isolated.folder.rglob("*")
    assert not {"picture.png", "there"} & {path.name for path in left}
    assert "is a link" in isolated.printed
    assert isolated.marks()["links_to_another"] == 0


def test_the_folder_of_the_sockets_goes_whole():
    """What a kernel can leave in it: folders too deep for shutil.rmtree, and a closed one."""
    with isolation.socket_folder(in_memory=True) as folder:
        place = os.open(folder, os.O_RDONLY)
        for _ in range(2000):
            os.mkdir("d", dir_fd=place)
            above, place = place, os.open("d", os.O_RDONLY, dir_fd=place)
            os.close(above)
        os.close(place)
        (Path(folder) / "closed" / "inner").mkdir(parents=True)
        (Path(folder) / "closed").chmod(0)
        (Path(folder) / "link").symlink_to("/")
    assert not Path(folder).exists()


@pytest.mark.skipif(CANNOT_ISOLATE is not None, reason=str(CANNOT_ISOLATE))
def test_a_class_folder_inside_the_course_is_hidden(tmp_path, monkeypatch):
    """And so is one that Python looks for modules in, as `python -m` does; no path is too odd."""
    project = tmp_path / "my course (1)"
    folder = project / "class"
    folder.mkdir(parents=True)
    for path in (project / "module.py", folder / "gradebook.db"):
        path.write_text("x")
    monkeypatch.setattr(sys, "path", [str(project), str(folder), str(tmp_path), *sys.path])
    monkeypatch.setattr(isolation, "BUNDLED", project)
    monkeypatch.chdir(folder)  # what lies here is copied, as what was handed in
    look = "import os, sys; print(*(sorted(os.listdir(p)) for p in sys.argv[1:]))"
    command = [sys.executable, "-c", look, str(project), str(folder), str(tmp_path)]
    done = subprocess.run(
        isolation.isolated(command, "/nowhere", folder), capture_output=True, text=True
    )
    assert done.stdout == "['class', 'module.py'] [] ['my course (1)']\n", done.stderr


@pytest.mark.parametrize(
    ("program", "words"),
    [
        (None, "apt install bubblewrap"),
        ("#!/bin/sh\necho 'bwrap: No permissions' >&2\nexit 1\n", "(bwrap: No permissions)"),
    ],
)
def test_without_bubblewrap_nothing_is_graded(tmp_path, program, words):
    """nbgrader goes on after most mistakes in its configuration, which would be without it."""
    (tmp_path / "programs").mkdir()
    if program:
        (tmp_path / "programs" / "bwrap").write_text(program)
        (tmp_path / "programs" / "bwrap").chmod(0o755)
    lines = PREPARE.partition("<<END\n")[2].partition("END\n")[0]
    (tmp_path / "nbgrader_config.py").write_text(lines)
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "generate_assignment", "notebooks"],
        cwd=tmp_path,
        env=os.environ | {"PATH": str(tmp_path / "programs")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1 and words in done.stderr, done.stderr
    assert done.stderr.count("\n") == 1 and not (tmp_path / "release").exists()
