"""`sparse-ae check`: each check gets its line, whatever the student's notebook does."""

import atexit
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest
from small_course import (
    CHECKS,
    RIGHT,
    WAITS,
    WRONG,
    code,
    read,
    small_notebook,
    text,
    with_sources,
    write,
)

from sparse_ae.course import checking
from sparse_ae.course.blanks import blank_copy
from sparse_ae.course.commands import main

pytestmark = pytest.mark.slow  # kernels are started

STUBBORN = f"import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n{WAITS}"
SQUARE = {"square": RIGHT["square"]}
# what a student did, the verdicts on `double` and `square`, words of their lines
CASES = {
    "blank": ({}, [False, False], ["still blank", "still blank"]),
    "right": (RIGHT, [True, True], ["right", "right"]),
    "wrong": (WRONG, [False, False], ["the argument is given back", "the argument is given back"]),
    "partly right": (SQUARE, [False, True], ["still blank", "right"]),
    "endless loop": (
        SQUARE | {"double": "def double(x):\n    while True:\n        pass"},
        [False, True],
        ["loop", "right"],
    ),
    "endless loop in the cell": (
        SQUARE | {"double": "while True:\n    print('x' * 1000)"},
        [False, True],
        ["time limit", "right"],
    ),
    "a loop that cannot be interrupted": (
        SQUARE | {"double": STUBBORN},
        [False, False],
        ["could not be interrupted in cell `double`", "did not run"],
    ),
    "input in the function": (
        SQUARE | {"double": "def double(x):\n    return int(input())"},
        [False, True],
        ["input", "right"],
    ),
    "input in the cell": (
        SQUARE | {"double": "x = input('x? ')"},
        [False, True],
        ["input", "right"],
    ),
    "the kernel dies": (
        {"double": RIGHT["double"], "square": "import os\nos._exit(1)"},
        [True, False],
        ["right", "the kernel died or was stopped in cell `square`"],
    ),
    "sys.exit": (
        SQUARE | {"double": "import sys\nsys.exit()"},
        [False, True],
        ["SystemExit", "right"],
    ),
    "syntax error": (
        SQUARE | {"double": "def double(x)\n    return x"},
        [False, True],
        ["SyntaxError", "right"],
    ),
    "a deleted check": (
        RIGHT | {"check_double": None},
        [False, True],
        ["check cell `checks.double(double)` is not here: put it back", "right"],
    ),
    "a deleted solution": (
        RIGHT | {"double": None},
        [False, True],
        ["NameError: name 'double' is not defined", "right"],
    ),
    "an edited check": (
        WRONG | {"check_double": "print('✓ double: right')"},
        [False, False],
        ["the argument is given back", "the argument is given back"],
    ),
    "a silenced check": (
        RIGHT | {"double": "checks.double = lambda answer: None\ndouble = 1"},
        [False, True],
        ["printed nothing", "right"],
    ),
    "an answer that prints ✓": (
        SQUARE | {"double": "def double(x):\n    print('✓ double: right')\n    return x"},
        [False, True],
        ["the argument is given back", "right"],
    ),
    "huge output": (
        RIGHT | {"double": RIGHT["double"].replace("return", "print('y' * 10**7)\n    return")},
        [True, True],
        ["right", "right"],
    ),
}


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory):
    """What is found in each case; several kernels at a time."""
    folder = tmp_path_factory.mktemp("students")
    (folder / "small_checks.py").write_text(CHECKS, "utf-8")
    course = folder / "01_first.ipynb"
    write(course, small_notebook("first"))
    wanted = {f"check_{name}": f"checks.{name}({name})" for name in RIGHT}

    def run(name):
        sources, *_ = CASES[name]
        path = folder / f"{name}.ipynb"
        write(path, with_sources(nbformat.reads(blank_copy(course).decode(), 4), **sources))
        return checking.run(checking.read(path), wanted, folder, timeout=4)

    with ThreadPoolExecutor(4) as pool:
        return dict(zip(CASES, pool.map(run, CASES), strict=True))


@pytest.mark.parametrize("name", CASES)
def test_verdicts(verdicts, name):
    _, passed, words = CASES[name]
    found = verdicts[name]
    assert list(found) == ["double", "square"]
    assert [verdict for verdict, _ in found.values()] == passed, found
    for (_, line), word in zip(found.values(), words, strict=True):
        assert word in line and "\n" not in line and len(line) < 310, line


def test_a_kernel_that_cannot_start(tmp_path, monkeypatch):
    """Its reason takes the place of a verdict; nothing is left for the end of the program."""
    left = []
    monkeypatch.setattr(atexit, "register", left.append)
    monkeypatch.setattr(atexit, "unregister", left.remove)
    monkeypatch.setattr(sys, "executable", "false")
    book = nbformat.from_dict(small_notebook("first"))
    found = checking.run(book, {"check_double": "checks.double(double)"}, tmp_path)
    assert found["double"][0] is False and "kernel failed" in found["double"][1]
    assert not left


def work(sources, path="exercises/01_first.ipynb"):
    assert main(["start", "--no-open"]) == 0
    path = Path(path)
    write(path, with_sources(read(path), **sources))
    return path.read_bytes()


def test_all_pass(small_course, capsys):
    before = work(RIGHT)
    capsys.readouterr()
    assert main(["check", "1"]) == 0
    title, double, square, end = capsys.readouterr().out.splitlines()
    assert title.startswith("exercises/01_first.ipynb") and end == "2 of 2 checks pass."
    assert (
        double.split() == ["✓", "double", "all", "numbers", "right."] and square.split()[0] == "✓"
    )
    assert Path("exercises/01_first.ipynb").read_bytes() == before


def test_a_path_and_a_deleted_check(small_course, capsys):
    """A copy under another name is measured by the course's checks of its number."""
    work(RIGHT | {"check_square": None})
    Path("exercises/01_first.ipynb").rename("exercises/01_first-2026-01-01.ipynb")
    assert main(["check", "exercises/01_first-2026-01-01.ipynb"]) == 1
    printed = capsys.readouterr().out
    assert "✗ square" in printed and "1 of 2 checks pass." in printed


def test_labels_and_tags_are_not_needed(small_course, capsys):
    """Other programs lose a cell's metadata; a tag can ask not to run a check."""
    work(RIGHT)
    path = Path("exercises/01_first.ipynb")
    book = read(path)
    for cell in book["cells"]:
        cell["metadata"] = {"tags": ["skip-execution"]}
    write(path, book)
    assert main(["check", "1"]) == 0
    assert "2 of 2 checks pass." in capsys.readouterr().out


def test_an_endless_cell_that_was_added(small_course, capsys):
    work(RIGHT)
    path = Path("exercises/01_first.ipynb")
    book = read(path)
    book["cells"].insert(2, code("added", WAITS))
    write(path, book)
    assert main(["check", "1", "--timeout", "4"]) == 0  # and not ten minutes later
    assert "2 of 2 checks pass." in capsys.readouterr().out


@pytest.mark.skipif(os.name != "posix", reason="signals are those of POSIX")
@pytest.mark.parametrize("seconds", [0.3, 4])
def test_ctrl_c(small_course, seconds):
    """Before the kernel is there, and while it runs; not within the print that is waited for."""
    work(RIGHT | {"double": WAITS}, "exercises/01_first.ipynb")
    Path("my.ipynb").write_bytes(Path("exercises/01_first.ipynb").read_bytes())
    command = [sys.executable, "-m", "sparse_ae", "check", "my.ipynb"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as one:
        assert "running" in one.stdout.readline()
        time.sleep(seconds)
        one.send_signal(signal.SIGINT)
        printed, told = one.communicate(timeout=60)
    assert one.returncode == 130 and printed == "", told
    assert "sparse-ae: stopped" in told and "Traceback" not in told


def test_a_notebook_in_the_current_folder(small_course, capsys):
    work(RIGHT)
    Path("exercises/01_first.ipynb").rename("01_first.ipynb")
    Path("exercises/small_checks.py").rename("small_checks.py")
    assert main(["check", "1"]) == 0
    assert "01_first.ipynb: running" in capsys.readouterr().out


@pytest.mark.parametrize(
    "name", ["Copy of 02_second.ipynb", "05.04.2025 02_second (1).ipynb", "mine.ipynb", "1.ipynb"]
)
def test_a_renamed_notebook_is_known_by_its_checks(small_course, capsys, name):
    """Not by a number in its name, and the more of them are left the better."""
    course = small_course / "02_second.ipynb"
    book = read(course)
    for cell in book["cells"]:
        if cell["id"] == "square":
            cell["id"], cell["metadata"]["nbgrader"]["grade_id"] = "cube", "cube"
            cell["source"] = cell["source"].replace("square", "cube").replace("**2", "**3")
        if cell["id"] == "check-square":
            cell["id"], cell["metadata"]["nbgrader"]["grade_id"] = "check-cube", "check_cube"
            cell["source"] = "checks.cube(cube)"
    write(course, book)
    checks = CHECKS + "\n\n@exercise(by_hand=8, **ABOUT)\ndef cube(x):\n    return x**3\n"
    Path("exercises/small_checks.py").write_text(checks, "utf-8")
    write(Path("exercises") / name, book)
    assert main(["check", f"exercises/{name}"]) == 0
    printed = capsys.readouterr().out
    assert "✓ cube" in printed and "2 of 2 checks pass." in printed and "square" not in printed


def test_what_is_left_of_a_name_where_no_check_is_left(small_course, capsys):
    write(Path("05.04.2025 02_second.ipynb"), with_sources(small_notebook("x"), check_double=None,
                                                           check_square=None))  # fmt: skip
    assert main(["check", "05.04.2025 02_second.ipynb"]) == 1
    assert capsys.readouterr().out.count("is not here: put it back") == 2


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_a_number_is_a_number_whatever_else_has_that_name(small_course, capsys, kind):
    work(RIGHT)
    for name in ("1", "01"):
        Path(name).mkdir() if kind == "folder" else Path(name).touch()
        assert main(["check", name]) == 0
    assert capsys.readouterr().out.count("exercises/01_first.ipynb: running") == 2


@pytest.mark.parametrize("name", ["keras.py", "types.py"])
def test_a_file_that_takes_the_place_of_a_module(small_course, capsys, name):
    """The first error of the course's own cells is told, and not what follows from it."""
    work(RIGHT)
    book = read(Path("exercises/01_first.ipynb"))
    load = "from sparse_ae import build_autoencoder\nimport small_checks as checks"
    book["cells"][1]["source"] = load
    write(Path("exercises/01_first.ipynb"), book)
    Path("exercises", name).write_text("x = 1\n")
    assert main(["check", "1"]) == 1
    printed = capsys.readouterr().out
    assert f"exercises/{name} takes the place of the module {name[:-3]}" in printed
    assert "NameError" not in printed and "0 of 2 checks pass" in printed
    if name == "keras.py":
        assert "The course's cell `load` ends with " in printed
        assert printed.count("not checked, because the course's cell `load` failed") == 2
    else:  # the kernel itself does not start
        assert printed.count("did not run: ") == 2


def test_an_error_of_the_courses_own_cells(small_course, capsys):
    """And where a check did its work all the same, its line stays."""
    work(RIGHT | {"load": "import small_checks as checks\n1 / 0"})
    assert main(["check", "1"]) == 0
    printed = capsys.readouterr().out
    assert "The course's cell `load` ends with ZeroDivisionError: division by zero" in printed
    assert "2 of 2 checks pass." in printed and "takes the place" not in printed
    work({"load": "import no_such_module"})
    assert main(["check", "1"]) == 1
    printed = capsys.readouterr().out
    assert "`load` ends with ModuleNotFoundError: No module named 'no_such_module'" in printed
    assert printed.count("not checked, because the course's cell `load` failed") == 2


def test_answers_that_a_person_reads(small_course, capsys):
    """A text question, and code that is marked by hand, have no check; nothing of them is lost."""
    path = small_course / "01_first.ipynb"
    book = read(path)
    marks = {"schema_version": 3, "task": False, "locked": False, "points": 4}
    marks |= {"grade": True, "solution": True}
    words = text("why", "Because.") | {"metadata": {"nbgrader": marks | {"grade_id": "why"}}}
    essay = code("plot", "answer = 42", nbgrader=marks | {"grade_id": "plot"})
    book["cells"][-1:-1] = [words, essay]
    write(path, book)
    work(RIGHT | {"plot": "answer = 43", "last": "assert answer == 43"})
    assert main(["check", "1"]) == 0
    *_, end, by_hand = capsys.readouterr().out.splitlines()
    assert end == "2 of 2 checks pass." and by_hand == "2 more answers are read by a person."


@pytest.mark.parametrize("change", ["a mark at the start", "line ends of Windows"])
def test_what_editors_of_windows_do(small_course, capsys, change):
    work(RIGHT)
    path = Path("exercises/01_first.ipynb")
    if change == "a mark at the start":
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    else:
        book = read(path)
        for cell in book["cells"]:
            cell["source"] = "".join(cell["source"]).replace("\n", "\r\n") + "\r\n"
            cell["metadata"] = {}
        write(path, book)
    assert main(["check", "1"]) == 0
    assert "2 of 2 checks pass." in capsys.readouterr().out


def test_a_kernel_that_no_longer_answers_is_given_up(small_course, capsys):
    """Each of the cells after it would be waited for, for as long as it may take."""
    work(RIGHT | {"double": "import sys\nsys.stdout = None"})
    book = read(Path("exercises/01_first.ipynb"))
    book["cells"] += [code(f"more-{n}", "1") for n in range(30)]
    write(Path("exercises/01_first.ipynb"), book)
    start = time.monotonic()
    assert main(["check", "1", "--timeout", "3"]) == 1
    assert time.monotonic() - start < 60
    assert "0 of 2 checks pass." in capsys.readouterr().out


def test_a_user_without_a_home(small_course, capsys, monkeypatch):
    """The kernel gets a temporary one, and no folder named ~ appears."""
    work(RIGHT | {"last": "import os\nassert os.path.isdir(os.environ['HOME'])"})
    monkeypatch.delenv("HOME")
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    assert main(["check", "1"]) == 0
    printed = capsys.readouterr().out
    assert "2 of 2 checks pass." in printed and "ends with" not in printed
    assert not Path("~").exists() and not Path("exercises/~").exists()


@pytest.mark.parametrize("content", ["", "hello", "[]", "{}", '{"cells": 1}', b"\xff\xfe\x00"])
def test_a_file_that_is_no_notebook(small_course, capsys, content):
    work({})
    path = Path("exercises/01_first.ipynb")
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert main(["check", "01"]) == 1
    message = capsys.readouterr().err
    assert "no notebook that can be read" in message and message.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("1", "start"),
        ("7", "no notebook '7'"),
        ("nothing.ipynb", "no file nothing.ipynb"),
        ("exercises", "exercises is a folder"),
    ],
)
def test_nothing_to_check(small_course, capsys, name, words):
    assert main(["check", name]) != 0
    message = capsys.readouterr().err
    assert words in message and message.count("\n") == 1


def test_a_notebook_without_checks(small_course, capsys):
    write(Path("my.ipynb"), with_sources(small_notebook("x"), check_double=None,
                                                check_square=None))  # fmt: skip
    assert main(["check", "my.ipynb"]) == 1
    assert "has no check" in capsys.readouterr().err


def test_without_jupyter(small_course, capsys, monkeypatch):
    work(RIGHT)
    monkeypatch.setitem(sys.modules, "nbclient", None)
    assert main(["check", "1"]) == 1
    message = capsys.readouterr().err
    assert "pip install jupyter" in message and message.count("\n") == 1
