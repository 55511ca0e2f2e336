"""A class folder: what is collected, what is named at the end, marks, and paths."""

import csv
import io
import json
import os
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from small_course import RIGHT, read, small_notebook, text, with_sources, write
from test_grading import PREPARE, shell, without_isolation

from sparse_ae.course import class_folder, grade_class, kernels, marks
from sparse_ae.course.commands import main
from sparse_ae.course.grading import CollectByName, ExecuteToTheEnd, ExtractWhatCan, ReadAnything

NAMES = ("01_first.ipynb", "02_second.ipynb")
MOODLE = "assignsubmission_file_"


def put(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, small_notebook(name))


@pytest.fixture
def released(tmp_path, monkeypatch):
    """A class folder in which two notebooks were handed out."""
    put(tmp_path / "release" / "notebooks", "01_first.ipynb", "02_second.ipynb")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_remarks(released):
    submitted = released / "submitted"
    put(
        submitted / "right" / "notebooks", "01_first.ipynb", "02_second.ipynb", "01_first (1).ipynb"
    )
    put(released / "autograded" / "right" / "notebooks", "01_first.ipynb")
    put(submitted / "half" / "notebooks", "02_second.ipynb", "Untitled.ipynb")
    put(submitted / "renamed" / "notebooks", "01_first (1).ipynb", "Copy of 02_second.ipynb")
    put(submitted / "elsewhere" / "exercises", "01_first.ipynb")
    put(submitted / "other" / "notebooks", "Untitled.ipynb")
    put(submitted / "brackets [A]" / "notebooks", "01_first.ipynb")
    (submitted / ".DS_Store").write_text("")
    found = class_folder.remarks(released)
    assert list(found) == ["brackets [A]", "elsewhere", "half", "other", "renamed"]
    assert "cannot take a name with [ ] * ?" in found["brackets [A]"][0]
    assert "there is no folder" in found["elsewhere"][0]
    assert found["half"] == ["not graded yet, or the grading failed."]
    (released / "grading_logs").mkdir()
    (released / "grading_logs" / "half.log").touch()
    found["half"] = class_folder.remarks(Path())["half"]
    assert found["half"] == ["the grading failed: grading_logs/half.log says why."]
    assert "no file in" in found["other"][0]
    first, second = found["renamed"]
    assert "rename it to 01_first.ipynb" in first and "rename it to 02_second.ipynb" in second


def test_links_give_nothing(released):
    """Whatever part of submitted/NAME/notebooks/01_first.ipynb is one."""
    submitted = released / "submitted"
    put(submitted / "Anna" / "notebooks", "01_first.ipynb")
    for student in ("file", "folder"):
        (submitted / student).mkdir()
    (submitted / "file" / "notebooks").mkdir()
    links = {
        "file/notebooks/01_first.ipynb": "../../Anna/notebooks/01_first.ipynb",
        "folder/notebooks": "../Anna/notebooks",
        "student": "Anna",
        "nowhere": "Nobody",
    }
    for link, target in links.items():
        (submitted / link).symlink_to(target)
    anna, *others = class_folder.students(Path())
    assert [path.name for path in others] == ["file", "folder", "nowhere", "student"]
    told = class_folder.remarks(Path())
    assert told["file"][0] == "01_first.ipynb is a link: nothing for it."
    assert told["folder"][0] == "submitted/folder/notebooks is a link: nothing for what is in it."
    assert told["student"][0] == "submitted/student is a link: nothing for what is in it."
    assert "there is no folder" in told["nowhere"][0]
    for student in [anna, *others]:
        path = (student / "notebooks" / "01_first.ipynb").absolute()
        if path.exists():
            written, _ = ReadAnything().from_filename(str(path), {})
            assert ("def double" in written) == (student is anna), student


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
def test_only_files_are_read(released, monkeypatch):
    """Who opens a pipe waits for a writer."""
    handed_in = released / "submitted" / "pipe" / "notebooks"
    (handed_in / "02_second.ipynb").mkdir(parents=True)
    os.mkfifo(handed_in / "01_first.ipynb")
    opened = []
    monkeypatch.setattr(class_folder, "read", opened.append)
    told = class_folder.remarks(released)["pipe"]
    assert told[:2] == [f"{name} is no file: nothing for it." for name in NAMES] and not opened


def test_half_an_emoji():
    """JSON can hold it, and no file can."""
    book = small_notebook("title")
    book["cells"][1]["source"] = "word = 'half \ud83d, whole \U0001f600'"
    book["cells"][1]["outputs"][0]["text"] = "\ude00"
    file = io.StringIO(json.dumps(book))
    file.name = "01_first.ipynb"
    written, _ = ReadAnything().from_file(file, {})
    cell = nbformat.reads(written.encode().decode(), 4).cells[1]
    assert cell.source == "word = 'half \ufffd, whole \U0001f600'"
    assert cell.outputs[0].text == "\ufffd"


@pytest.mark.parametrize("most", [100, 1000])
def test_many_outputs_leave_the_error(most):
    """nbgrader gives all points where there is none."""
    error = nbformat.v4.new_output("error", ename="CheckFailed", evalue="✗", traceback=[])
    outputs = [error]
    for number in range(3 * most):
        outputs.append(nbformat.v4.new_output("stream", name="stdout", text=str(number)))
        kernels.trim(outputs, most)
    assert outputs[0] is error and len(outputs) == most + 1
    assert outputs[-1].text == str(3 * most - 1)
    for _ in range(3 * most):
        outputs.append(error)
        kernels.trim(outputs, most)
    assert len(outputs) < 2 * most


@pytest.mark.parametrize(
    ("where", "name", "kept"),
    [("check-double", "stdout", 1), ("check-double", "stderr", 0), ("double", "stderr", 1)],
)
def test_a_warning_beside_a_check_costs_nothing(where, name, kept):
    """nbgrader gives no points to a cell that has written to stderr."""
    book = nbformat.from_dict(small_notebook("title"))
    place = next(place for place, cell in enumerate(book.cells) if cell.get("id") == where)
    execute, outputs = ExecuteToTheEnd(), []
    execute.nb, execute.clear_before_next_output = book, False  # as nbclient begins a cell
    content = {"name": name, "text": "a line\n"}
    about = {"msg_type": "stream"}
    message = about | {"header": about, "content": content, "parent_header": {"msg_id": "1"}}
    execute.output(outputs, message, None, place)
    assert len(outputs) == kept


def test_the_reason_of_a_failure():
    told = (
        "[AutogradeApp | ERROR] There was an error processing assignment: x\n"
        "[AutogradeApp | ERROR] Traceback (most recent call last):\n"
        "    UnicodeEncodeError: surrogates not allowed\n"
        "    \n"
        "[AutogradeApp | WARNING] Removing failed assignment: x\n"
        "[AutogradeApp | ERROR] Please see the the above traceback\n"
    )
    assert grade_class._reason(told) == "UnicodeEncodeError: surrogates not allowed"


@pytest.mark.slow
def test_what_is_not_graded_waits_for_no_person(released, monkeypatch):
    """nbgrader's gradebook says of both that they do; a grading that failed leaves no notebook."""
    programs = str(Path(sys.executable).parent)  # a new gradebook is made by a program, alembic
    monkeypatch.setenv("PATH", programs + os.pathsep + os.environ["PATH"])
    for student in ("waits", "failed"):
        put(released / "submitted" / student / "notebooks", "01_first.ipynb")
    put(released / "autograded" / "waits" / "notebooks", "01_first.ipynb")
    with Gradebook(f"sqlite:///{released}/gradebook.db") as gradebook:
        gradebook.add_assignment("notebooks")
        gradebook.add_notebook("01_first", "notebooks")
        about = {"max_score": 2, "cell_type": "code"}
        gradebook.add_grade_cell("check_double", "01_first", "notebooks", **about)
        gradebook.add_source_cell("check_double", "01_first", "notebooks", cell_type="code")
        for student in ("waits", "failed"):
            gradebook.add_student(student)
            gradebook.add_submission("notebooks", student)
    found = marks.read_marks(released)
    assert found.given == {"failed": {}, "waits": {("01_first", "double"): None}}
    assert found.waiting == {("waits", "01_first", "double")}


def test_collecting(released):
    """Names as Moodle gives them, for a folder or for a file, and zips of students."""
    extracted = released / "downloaded" / "notebooks" / "extracted"
    put(
        extracted / "Course-42",
        f"Chloé Müller_11_{MOODLE}/01_first.ipynb",
        f"Chloé Müller_11_{MOODLE}/02_second (1).ipynb",
        f"Jo [A] Ng_12_{MOODLE}/hand-in/01_first.ipynb",
        f"Jo [A] Ng_12_{MOODLE}/hand-in/__MACOSX/._01_first.ipynb",
        f"Anna Schmidt_13_{MOODLE}/01_first (1).ipynb",
        f"Anna Schmidt_13_{MOODLE}/01_first.ipynb",
        f"Anna Schmidt_14_{MOODLE}/01_first.ipynb",
        f"Flat File_15_{MOODLE}02_second.ipynb",
        f"Zipped File_16_{MOODLE}hand-in/02_second.ipynb",
        f"Only Pdf_17_{MOODLE}/report.pdf",
    )
    put(extracted, "bert/01_first.ipynb", "carl/exercises/01_first-2026-01-01.ipynb")
    put(extracted, "hand-in/01_first.ipynb", "Folders/dora/01_first.ipynb")
    found = class_folder.collected(extracted)
    assert {key: path.name for key, path in found.items()} == {
        ("Chloé Müller", "01_first"): "01_first.ipynb",
        ("Chloé Müller", "02_second"): "02_second (1).ipynb",
        ("Jo _A_ Ng", "01_first"): "01_first.ipynb",
        ("Anna Schmidt_13", "01_first"): "01_first.ipynb",
        ("Anna Schmidt_14", "01_first"): "01_first.ipynb",
        ("Flat File", "02_second"): f"Flat File_15_{MOODLE}02_second.ipynb",
        ("Zipped File", "02_second"): "02_second.ipynb",
        ("bert", "01_first"): "01_first.ipynb",
        ("carl", "01_first"): "01_first-2026-01-01.ipynb",
        ("dora", "01_first"): "01_first.ipynb",
    }
    told = class_folder.remarks(released)
    assert set(told) == {"Chloé Müller", "Anna Schmidt", "Only Pdf", "carl", "nobody"}
    assert told["Chloé Müller"] == ["02_second (1).ipynb was taken for 02_second.ipynb."]
    assert "report.pdf was not collected" in told["Only Pdf"][0]
    assert "01_first (1).ipynb was not collected" in told["Anna Schmidt"][0]
    assert "hand-in/01_first.ipynb was not collected" in told["nobody"][0]


def zipped(*names):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, json.dumps(small_notebook(name)) * (not name.endswith("/")))
    return file.getvalue()


def test_zips_that_hold_nothing_stop_no_others(released):
    """nbgrader ends with a traceback where one zip of a class cannot be unpacked."""
    downloaded = released / "downloaded" / "notebooks"
    archive, extracted = downloaded / "archive", downloaded / "extracted"
    archive.mkdir(parents=True)
    extracted.mkdir()
    good = zipped("exercises/01_first.ipynb", "../slip.ipynb", "/slip.ipynb")
    locked = bytearray(good)
    for mark, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):  # says that a password is needed
        locked[locked.index(mark) + place] |= 1
    inner = zipfile.ZipFile(archive / "Course-42.zip", "w")
    with inner:
        inner.writestr(f"Flat File_15_{MOODLE}hand-in.zip", good)
        inner.writestr(f"Broken File_16_{MOODLE}/hand-in.zip", good[:-30])
    files = {
        "Anna.zip": good,
        "Bert.ZIP": good,
        f"Corry Upt_17_{MOODLE}work.zip": b"<html>log in first</html>",
        "Half.zip": good[: len(good) // 2],
        "Secret.zip": bytes(locked),
        "Empty.zip": zipped(),
        "Mac.zip": zipped("__MACOSX/exercises/._01_first.ipynb", "exercises/"),
        "Pdf.zip": zipped("report.pdf"),
    }
    for name, content in files.items():
        (archive / name).write_bytes(content)
    put(archive, "Dora/01_first.ipynb")
    ExtractWhatCan().extract(str(archive), str(extracted))
    found = class_folder.collected(extracted)
    assert {student for student, _ in found} == {"Anna", "Bert", "Flat File", "Dora"}
    assert not list(downloaded.rglob("slip.ipynb"))
    told = class_folder.remarks(released)
    assert set(told) == {"Broken File", "Corry Upt", "Half", "Secret", "Empty", "Mac", "Pdf"}
    for student in set(told) - {"Pdf"}:
        (line,) = told[student]
        assert ".zip was not collected: it is empty, damaged or no zip, or has a" in line
    assert CollectByName().collect(str(extracted / "Half.zip")) is None


@pytest.fixture(scope="module")
def with_text_question(tmp_path_factory):
    """A project whose first notebook has a question that a person marks, and its class folder.

    The name of the folder above both has what nbgrader takes for a pattern.
    """
    project = tmp_path_factory.mktemp("R&D + x (1)") / "project"
    book = small_notebook("first")
    question = text("why", "### BEGIN SOLUTION\nBecause.\n### END SOLUTION")
    marks = {"schema_version": 3, "grade_id": "why", "grade": True, "solution": True}
    question["metadata"]["nbgrader"] = marks | {"locked": False, "points": 4, "task": False}
    book["cells"].insert(-1, question)
    put(project / "notebooks", "02_second.ipynb")
    write(project / "notebooks" / "01_first.ipynb", book)
    from small_course import CHECKS

    (project / "notebooks" / "small_checks.py").write_text(CHECKS, "utf-8")
    shell(without_isolation(PREPARE), project)
    return project


def student_of(project, **sources):
    """The notebook of a student, from what was handed out."""
    path = project.parent / "class" / "release" / "notebooks" / "01_first.ipynb"
    return with_sources(read(path), **sources)


@pytest.mark.long
def test_a_class_from_the_platform_to_the_marks(with_text_question, monkeypatch, capsys):
    """zip_collect, several students at once, an answer in words, the table, as CSV too."""
    project = with_text_question
    folder = project.parent / "class"
    archive = folder / "downloaded" / "notebooks" / "archive"
    archive.mkdir(parents=True)
    ours = read(project / "notebooks" / "01_first.ipynb")
    assert "YOUR ANSWER HERE" in str(student_of(project)) and "Because." in str(ours)
    answers = {
        "Chloé Müller": RIGHT | {"why": "I think so."},
        "Bert": RIGHT | {"why": None},
        "4711": {"double": RIGHT["double"]},
    }
    with zipfile.ZipFile(archive / "Course-42.zip", "w") as platform:
        for number, (name, work) in enumerate(answers.items()):
            write(folder / "x.ipynb", student_of(project, **work))
            inner = "01_first (1).ipynb" if name == "Bert" else "01_first.ipynb"
            platform.write(folder / "x.ipynb", f"{name}_{number}_{MOODLE}/{inner}")
        platform.writestr(f"Dora_9_{MOODLE}/01_first.docx", "no notebook")
    (archive / f"Erna_10_{MOODLE}work.zip").write_text("<html>log in first</html>")
    shell("cd ../class\nnbgrader zip_collect notebooks\n", project)
    monkeypatch.chdir(folder)
    assert main(["grade", "--jobs", "3"]) == 0
    printed = capsys.readouterr().out
    assert printed.count("graded  ") == 3
    assert "Bert: 01_first (1).ipynb was taken for 01_first.ipynb." in printed
    assert f"Erna: Erna_10_{MOODLE}work.zip was not collected: it is" in printed
    assert "Dora: " in printed and "01_first.docx was not collected." in printed

    assert main(["grade", "Bert"]) == 0
    assert "before  Bert: graded already; --force grades again" in capsys.readouterr().out
    (folder / "autograded" / "Bert" / "notebooks" / "01_first.ipynb").chmod(0o644)  # not finished
    assert main(["grade", "Bert"]) == 0
    assert "graded  Bert" in capsys.readouterr().out
    assert main(["grade", "Nobody"]) == 2
    assert "no folder submitted/Nobody" in capsys.readouterr().err

    assert main(["marks", "--out", "marks.csv"]) == 0
    printed = capsys.readouterr().out
    lines = [line.split() for line in printed.splitlines()]
    assert ["4711", "1", "0", "0", "-", "-", "1"] in lines  # an untouched answer has no points
    assert ["Bert", "1", "2", "?", "-", "-", "3"] in lines
    assert "01  1  double  1 point   100% right" in printed
    assert "2 answers wait for a person" in printed and "Bert: " in printed
    with Gradebook(f"sqlite:///{folder}/gradebook.db") as gradebook:
        grade = gradebook.find_grade("why", "01_first", "notebooks", "Chloé Müller")
        grade.manual_score, grade.needs_manual_grade = 3, False
        gradebook.db.commit()
    assert main(["marks", "--out", "marks.csv"]) == 0
    with open("marks.csv", encoding="utf-8") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert rows["Chloé Müller"] == {
        "student": "Chloé Müller", "01 double": "1", "01 square": "2", "01 why": "3",
        "02 double": "", "02 square": "", "total": "6",
    }  # fmt: skip
    assert rows["(points)"]["total"] == "10" and rows["(share right)"]["01 square"] == "0.67"
    assert main(["marks", "--out", "nbgrader_config.py"]) == 1
    assert "holds no marks" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize(
    ("above", "course", "sentence"),
    [("SS [2025]", "course", "rename that folder"), ("x", "course (1)", "rename that folder")],
)
def test_paths_that_nbgrader_cannot_take(tmp_path, above, course, sentence):
    project = tmp_path / above / course
    put(project / "notebooks", "01_first.ipynb")
    printed = shell(without_isolation(PREPARE), project, status=1)
    assert sentence in printed.splitlines()[-1] and "Traceback" not in printed


@pytest.mark.slow
def test_a_class_in_the_course_itself(tmp_path):
    """In isolation the class folder is hidden, and with it the course would be."""
    put(tmp_path / "project" / "notebooks", "01_first.ipynb")
    script = without_isolation(PREPARE).replace("../class", "../project")
    printed = shell(script.replace("mkdir", "mkdir -p"), tmp_path / "project", status=1)
    assert "grade in a folder of its own" in printed.splitlines()[-1]


@pytest.mark.parametrize("command", ["grade", "marks"])
def test_not_in_a_class_folder(tmp_path, monkeypatch, capsys, command):
    monkeypatch.chdir(tmp_path)
    assert main([command]) == 1
    told = capsys.readouterr().err
    assert "change to the class folder" in told and told.count("\n") == 1
    (tmp_path / "nbgrader_config.py").write_text("c.x = nonsense")
    (tmp_path / "gradebook.db").touch()
    assert main([command]) == 1
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and "is no gradebook" in told


@pytest.mark.slow
def test_a_mistake_in_the_configuration(with_text_question, monkeypatch, capsys):
    """nbgrader itself would grade on, without isolation."""
    folder = with_text_question.parent / "class"
    monkeypatch.chdir(folder)
    before = (folder / "nbgrader_config.py").read_text()
    try:
        (folder / "nbgrader_config.py").write_text("c.x = nonsense")
        assert main(["grade"]) == 1
    finally:
        (folder / "nbgrader_config.py").write_text(before)
    told = capsys.readouterr().err
    assert "nbgrader_config.py cannot be used" in told and "nonsense" in told


def test_the_share_that_is_right():
    """Of those whose notebook is graded, and of nobody for one that nobody handed in."""
    key, other = ("01_first", "double"), ("02_second", "double")
    found = marks.Marks({key: 2, other: 1}, {"a": {key: 2}, "b": {key: 1}, "c": {}})
    assert found.share_right(key) == 0.5 and found.share_right(other) is None
    assert [found.total(student) for student in "abc"] == [2, 1, 0]
    assert list(marks.table(marks.Marks({}, {})))[2] == "no student is graded yet."
