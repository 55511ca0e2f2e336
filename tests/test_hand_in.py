"""`sparse-ae hand-in`: one zip with the right names, after a check."""

import zipfile
from pathlib import Path

import pytest
from small_course import RIGHT, read, with_sources, write

from sparse_ae.course.commands import main

FIRST = Path("exercises/01_first.ipynb")


@pytest.fixture
def started(small_course, capsys):
    assert main(["start", "--no-open"]) == 0
    capsys.readouterr()


def names(path):
    with zipfile.ZipFile(path) as archive:
        return archive.namelist()


def test_a_zip_with_the_right_names(started, capsys):
    write(FIRST, with_sources(read(FIRST), **RIGHT))
    write(FIRST.with_name("01_first-2026-01-01.ipynb"), {})
    assert main(["hand-in", "Chloé Müller"]) == 0
    assert names("Chloé Müller.zip") == ["01_first.ipynb", "02_second.ipynb"]
    printed = capsys.readouterr().out
    assert "2 of 2 checks pass." in printed and "every check passes: 01_first.ipynb" in printed
    assert "still blank, not checked: 02_second.ipynb" in printed
    with zipfile.ZipFile("Chloé Müller.zip") as archive:
        assert archive.read("01_first.ipynb") == FIRST.read_bytes()


def test_it_is_written_though_a_check_fails(started, capsys):
    write(FIRST, with_sources(read(FIRST), double=RIGHT["double"]))
    Path("exercises/02_second.ipynb").unlink()
    assert main(["hand-in"]) == 1
    assert names("hand-in.zip") == ["01_first.ipynb"]
    printed = capsys.readouterr().out
    assert "not every check passes: 01_first.ipynb" in printed
    assert "not there: 02_second.ipynb" in printed


def test_nothing_is_overwritten(started, capsys):
    Path("anna.zip").write_text("mine")
    assert main(["hand-in", "anna", "--no-check"]) == 1
    assert "is there already and is kept" in capsys.readouterr().err
    assert Path("anna.zip").read_text() == "mine"
    write(FIRST, with_sources(read(FIRST), **RIGHT))
    assert main(["hand-in", "--no-check"]) == 0
    assert "not checked: 01_first.ipynb" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["../anna", "a/b", " ", "[x]", "*"])
def test_a_name_that_no_file_or_folder_can_have(started, capsys, name):
    assert main(["hand-in", name]) == 2
    assert capsys.readouterr().err.count("\n") == 1 and not list(Path().glob("*.zip"))


def test_nothing_to_hand_in(small_course, capsys):
    assert main(["hand-in"]) == 1
    assert "change to the folder in which you ran" in capsys.readouterr().err
    assert main(["start", "--no-open"]) == 0
    FIRST.write_text("<html>")
    assert main(["hand-in"]) == 1
    told = capsys.readouterr().err
    assert "01_first.ipynb is no notebook" in told and not Path("hand-in.zip").exists()
