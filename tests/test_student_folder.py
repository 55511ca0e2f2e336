"""`sparse-ae start`: work is never overwritten, and JupyterLab is started in the right way."""

import errno
import json
import os
import re
import socket
import sys
import urllib.parse

import pytest
from conftest import ROOT
from small_course import RIGHT, read, with_sources, write

from sparse_ae.course import lab, student_folder
from sparse_ae.course.blanks import blank_copy
from sparse_ae.course.commands import main
from sparse_ae.course.surroundings import OWN_SERVER
from sparse_ae.support import files

FIRST, SECOND = "exercises/01_first.ipynb", "exercises/02_second.ipynb"


def start(*arguments):
    return main(["start", "--no-open", *arguments])


def answer(path):
    """A student's work on the notebook; its bytes."""
    write(path, with_sources(read(path), double=RIGHT["double"]))
    return path.read_bytes()


def update_the_course(sources):
    for path in sources.glob("*.ipynb"):
        write(path, with_sources(read(path), last="print('a newer version')"))


@pytest.fixture
def here(small_course, capsys):
    """The student's folder after the first start, with work in notebook 01."""
    assert start() == 0
    folder = small_course.parent / "here" / "exercises"
    answer(folder / "01_first.ipynb")
    capsys.readouterr()
    return folder


def test_first_start(small_course, capsys):
    assert start() == 0
    printed = capsys.readouterr().out
    assert f"written  {FIRST}" in printed and f"ready: {FIRST}" in printed
    for path in small_course.iterdir():
        assert (small_course.parent / "here/exercises" / path.name).read_bytes() == (
            blank_copy(path)
        )


def test_the_next_start_keeps_work_and_says_nothing_of_it(here, capsys):
    work = (here / "01_first.ipynb").read_bytes()
    assert start("2") == 0
    assert capsys.readouterr().out == f"ready: {SECOND}\n"
    assert (here / "01_first.ipynb").read_bytes() == work


def test_a_start_inside_the_students_folder(here, monkeypatch, capsys):
    monkeypatch.chdir(here)
    assert start("2") == 0
    assert capsys.readouterr().out == "ready: 02_second.ipynb\n"
    assert not (here / "exercises").exists()


def test_after_an_update_of_the_course(here, small_course, capsys):
    work = (here / "01_first.ipynb").read_bytes()
    update_the_course(small_course)
    assert start() == 0
    first, second, _ = capsys.readouterr().out.splitlines()
    assert first.startswith(f"newer    {FIRST}") and "--fresh 01" in first and "kept" in first
    assert second.startswith(f"renewed  {SECOND}") and "changed nothing" in second
    assert (here / "01_first.ipynb").read_bytes() == work
    assert (here / "02_second.ipynb").read_bytes() == blank_copy(small_course / "02_second.ipynb")
    assert start() == 0  # it is said again, until the student decides
    assert "newer" in capsys.readouterr().out


def test_fresh_keeps_the_old_one_aside(here, small_course, capsys):
    work = (here / "01_first.ipynb").read_bytes()
    update_the_course(small_course)
    assert start("--fresh", "1") == 0
    printed = capsys.readouterr().out
    assert f"written  {FIRST}" in printed and "your work until now" in printed
    assert (here / "01_first.ipynb").read_bytes() == blank_copy(small_course / "01_first.ipynb")
    (kept,) = here.glob("01_first-20*.ipynb")
    assert kept.read_bytes() == work and kept.name in printed
    assert start("--fresh", "1") == 0  # nothing to keep
    assert "a new blank already" in capsys.readouterr().out
    assert len(list(here.glob("01_first*"))) == 2


def test_fresh_twice_in_one_second(here, monkeypatch):
    monkeypatch.setattr(student_folder.time, "strftime", lambda _: "2026-01-01-120000")
    works = {answer(here / "01_first.ipynb")}
    assert start("--fresh", "01") == 0
    path = here / "01_first.ipynb"
    write(path, with_sources(read(path), double=RIGHT["double"] + "  # again"))
    works.add(path.read_bytes())
    assert start("--fresh", "01") == 0
    assert {kept.read_bytes() for kept in here.glob("01_first-2026*")} == works


def test_a_deleted_notebook_comes_back(here, small_course):
    (here / "02_second.ipynb").unlink()
    assert start() == 0
    assert (here / "02_second.ipynb").read_bytes() == blank_copy(small_course / "02_second.ipynb")


@pytest.mark.parametrize("content", ["{", "[1]", '{"01_first.ipynb": 1}', "", "null"])
def test_a_damaged_record(here, small_course, capsys, content):
    work = (here / "01_first.ipynb").read_bytes()
    update_the_course(small_course)
    (here / ".sparse-ae.json").write_text(content)
    assert start() == 0
    printed = capsys.readouterr().out
    assert "damaged" in printed and f"yours    {FIRST}" in printed
    assert (here / "01_first.ipynb").read_bytes() == work
    (kept,) = here.glob(".sparse-ae-*.json")
    assert kept.read_text() == content
    assert json.loads((here / ".sparse-ae.json").read_text()) == {}
    assert start() == 0
    assert "damaged" not in capsys.readouterr().out


def one_line(capsys):
    message = capsys.readouterr().err
    assert message.startswith("sparse-ae: ") and message.count("\n") == 1, message
    return message


def test_a_folder_in_the_place_of_a_notebook(here, capsys):
    (here / "02_second.ipynb").unlink()
    (here / "02_second.ipynb").mkdir()
    before = sorted(os.listdir(here))
    assert start() == 1
    assert "02_second.ipynb is a folder" in one_line(capsys)
    assert sorted(os.listdir(here)) == before


def test_a_file_in_the_place_of_the_folder(small_course, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "exercises").write_text("mine")
    assert start() == 1
    assert "exercises is in the way" in one_line(capsys)
    assert (tmp_path / "exercises").read_text() == "mine"


FULL = [errno.ENOSPC, errno.EDQUOT, errno.EFBIG]


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES, *FULL])
def test_a_folder_that_cannot_be_written(here, small_course, capsys, monkeypatch, number):
    """Root may write everywhere, so the refusal is acted."""
    update_the_course(small_course)
    before = {path.name: path.read_bytes() for path in here.iterdir()}

    def refuse(path, content):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(files, "_partial", refuse)
    assert start() == 1
    message = one_line(capsys)
    remedy = "make room" if number in FULL else "folder of your own"
    assert os.strerror(number) in message and remedy in message
    assert {path.name: path.read_bytes() for path in here.iterdir()} == before


def test_a_read_only_folder_with_everything_in_it_is_no_hindrance(here, monkeypatch):
    monkeypatch.setattr(files, "_partial", None)
    assert start() == 0


def test_a_half_written_file_never_appears(small_course, capsys, monkeypatch):
    def full(self, content):
        with open(self, "wb") as file:
            file.write(content[:10])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files.Path, "write_bytes", full)
    assert start() == 1
    assert "No space left" in one_line(capsys)
    assert os.listdir("exercises") == ["small_checks.py"]


def test_without_hard_links(small_course, monkeypatch):
    def no_links(*_):
        raise OSError("this file system has none")

    monkeypatch.setattr(os, "link", no_links)
    assert start() == 0
    assert sorted(p for p in os.listdir("exercises") if p.endswith(".ipynb")) == [
        "01_first.ipynb",
        "02_second.ipynb",
    ]


def test_links_between_the_blank_copies_lead_somewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert start() == 0
    names = {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}
    found = {path.name for path in (tmp_path / "exercises").glob("*.ipynb")}
    assert found == names  # and tests/test_notebooks.py looks after the links among these names


@pytest.fixture
def launched(monkeypatch):
    """The arguments that JupyterLab would be started with."""
    from jupyterlab.labapp import LabApp

    calls = []
    monkeypatch.setattr(LabApp, "launch_instance", calls.append)
    around = [name for name in os.environ if name.startswith(("JUPYTERHUB_", "JUPYTER_SERVER_"))]
    for name in ("SSH_CONNECTION", "DISPLAY", "WAYLAND_DISPLAY", *around):
        monkeypatch.delenv(name, raising=False)
    for name in (OWN_SERVER, "JUPYTER_PREFER_ENV_PATH", "MPLBACKEND"):  # `start` changes them
        monkeypatch.setenv(name, "")
    return calls


@pytest.fixture
def kernels(tmp_path, monkeypatch):
    """The folder of this user's kernels."""
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
    return tmp_path / "data" / "kernels"


def test_the_lab_opens_the_notebook(here, launched, monkeypatch):
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(sys, "platform", "linux")
    assert main(["start", "2"]) == 0
    (arguments,) = launched
    assert f"--ServerApp.root_dir={here}" in arguments
    assert "--LabApp.default_url=/lab/tree/02_second.ipynb" in arguments
    assert "--no-browser" not in arguments


@pytest.mark.parametrize("user", [0, 1000])
def test_root_is_allowed(here, launched, monkeypatch, user):
    monkeypatch.setattr(os, "geteuid", lambda: user, raising=False)
    assert main(["start"]) == 0
    assert ("--allow-root" in launched[0]) == (user == 0)


def test_no_browser(here, launched, monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    assert main(["start"]) == 0  # no screen
    monkeypatch.setenv("DISPLAY", ":0")
    assert main(["start", "--no-browser"]) == 0
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.1 1 10.0.0.2 22")
    assert main(["start"]) == 0
    assert all("--no-browser" in arguments for arguments in launched) and len(launched) == 3


def test_where_a_server_runs_already(here, launched, monkeypatch, capsys):
    """It is used again, unless another port is wanted; a server of another folder is not."""
    from jupyter_server import serverapp

    mine = {"root_dir": str(here), "url": "http://localhost:8889/", "token": "abc", "port": 8889}
    servers, opened = [mine], []
    monkeypatch.setattr(serverapp, "list_running_servers", lambda: iter(servers))
    monkeypatch.setattr(lab.webbrowser, "open", opened.append)
    monkeypatch.setattr(sys, "platform", "linux")
    address = "http://localhost:8889/lab/tree/02_second.ipynb?token=abc"
    assert main(["start", "2"]) == main(["start", "2", "--port", "8889"]) == 0  # no screen
    assert capsys.readouterr().out.count(address) == 2 and launched == opened == []
    monkeypatch.setenv("DISPLAY", ":0")
    assert main(["start", "2"]) == 0
    assert opened == [address] and launched == []
    servers[:] = [mine | {"root_dir": str(here.parent)}]
    assert main(["start", "2"]) == 0
    servers[:] = [mine]
    assert main(["start", "2", "--port", "8890"]) == 0
    assert len(launched) == 2 and opened == [address]


def test_a_port_that_is_taken(here, launched, capsys):
    with socket.create_server(("localhost", 0)) as other:
        port = other.getsockname()[1]
        assert main(["start", "--port", str(port)]) == 1
    assert f"port {port} is taken" in one_line(capsys) and launched == []
    assert main(["start", "--port", str(port), "--ip", "127.0.0.1"]) == 0
    assert f"--ServerApp.port={port}" in launched[0]
    assert "--ServerApp.ip=127.0.0.1" in launched[0]


@pytest.mark.parametrize("port", ["0", "65536", "eight"])
def test_no_such_port(port, capsys):
    with pytest.raises(SystemExit):
        main(["start", "--port", port])
    assert repr(port) in capsys.readouterr().err


def test_without_jupyter(here, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "jupyterlab.labapp", None)
    assert main(["start"]) == 1
    message = one_line(capsys)
    assert "pip install jupyter" in message and str(here) in message


def kernel_of(path):
    return read(path)["metadata"]["kernelspec"]["name"]


def test_on_a_hub(here, launched, kernels, capsys, monkeypatch):
    monkeypatch.setenv("JUPYTERHUB_USER", "ann")
    monkeypatch.setenv("JUPYTERHUB_SERVICE_PREFIX", "/user/ann/")
    monkeypatch.setenv("JUPYTER_SERVER_ROOT", str(here.parent.parent))
    assert main(["start", "2"]) == 0
    printed = capsys.readouterr().out
    assert "here → exercises → double-click 02_second.ipynb" in printed
    assert "/user/ann/lab/tree/here/exercises/02_second.ipynb" in printed
    monkeypatch.setenv("JUPYTER_SERVER_ROOT", str(here / "elsewhere"))
    assert main(["start"]) == 0
    assert "outside" in capsys.readouterr().out and launched == []


def test_a_server_around_gets_a_kernel_of_this_python(here, launched, kernels, monkeypatch, capsys):
    """Its own kernel python3 may be another Python: a hub's, a container's."""
    monkeypatch.setenv("JUPYTER_SERVER_ROOT", str(here.parent))
    monkeypatch.setenv("JUPYTER_SERVER_URL", "http://127.0.0.1:8888/node/7/")
    assert main(["start", "2"]) == 0
    spec = json.loads((kernels / "sparse-ae" / "kernel.json").read_text())
    assert spec["argv"][0] == sys.executable and "inline" in spec["env"]["MPLBACKEND"]
    printed = capsys.readouterr().out
    assert "A Jupyter server runs here already" in printed and "JupyterHub" not in printed
    assert "Or open /node/7/lab/tree/exercises/02_second.ipynb behind" in printed
    assert "kernel to choose is sparse-ae" in printed and launched == []


def test_the_blanks_name_the_kernel_where_it_is_needed(here, kernels, monkeypatch, capsys):
    """Work is left alone, and nothing is called a newer version for it."""
    work = (here / "01_first.ipynb").read_bytes()
    assert kernel_of(here / "02_second.ipynb") == "python3"
    monkeypatch.setenv("JUPYTERHUB_USER", "ann")
    assert start() == 0
    assert capsys.readouterr().out == f"ready: {FIRST}\n"
    assert (kernels / "sparse-ae" / "kernel.json").is_file()
    assert kernel_of(here / "02_second.ipynb") == "sparse-ae"
    assert (here / "01_first.ipynb").read_bytes() == work
    monkeypatch.delenv("JUPYTERHUB_USER")  # the folder comes to another machine
    assert start() == 0
    assert capsys.readouterr().out == f"ready: {FIRST}\n"
    assert kernel_of(here / "02_second.ipynb") == "python3"


def test_a_newer_course_on_a_hub(here, small_course, kernels, monkeypatch, capsys):
    monkeypatch.setenv("JUPYTERHUB_USER", "ann")
    assert start("--fresh", "1") == 0
    update_the_course(small_course)
    capsys.readouterr()
    assert start() == 0
    assert capsys.readouterr().out.count("renewed") == 2
    assert start() == 0
    assert "renewed" not in capsys.readouterr().out


def test_a_terminal_of_a_server_that_start_began(here, launched, kernels, monkeypatch):
    """Its kernel python3 is this Python: no other is needed."""
    assert main(["start"]) == 0
    monkeypatch.setenv("JUPYTER_SERVER_ROOT", str(here))  # what such a terminal has besides
    assert start() == 0
    assert not kernels.exists() and kernel_of(here / "02_second.ipynb") == "python3"


@pytest.mark.parametrize("name", ["My Course #1", "100 %", "what?", "a b+c&d"])
def test_links_are_quoted(name, small_course, kernels, launched, monkeypatch, capsys, tmp_path):
    (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / name)
    monkeypatch.setenv("JUPYTER_SERVER_ROOT", str(tmp_path))
    assert main(["start"]) == 0
    (link,) = re.findall(r"Or open (\S+) behind", capsys.readouterr().out)
    parts = urllib.parse.urlsplit(link)
    assert parts.query == parts.fragment == ""
    wanted = f"/lab/tree/{name}/exercises/01_first.ipynb"
    assert urllib.parse.unquote(parts.path) == wanted


def test_figures_are_shown_whatever_matplotlib_is_told(here, launched, monkeypatch):
    monkeypatch.setenv("MPLBACKEND", "Agg")
    assert main(["start"]) == 0
    assert "MPLBACKEND" not in os.environ and len(launched) == 1


@pytest.fixture
def no_home(monkeypatch):
    """A user without HOME and without an entry in the system's list."""
    for name in ("JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("HOME")
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)


def test_without_a_home(here, launched, no_home, capsys):
    assert main(["start"]) == 1
    message = one_line(capsys)
    assert "HOME is not set" in message and "HOME=$PWD" in message and launched == []
    assert "notebooks are ready" in message and not os.path.exists("~")


def test_without_a_home_on_a_hub(here, launched, no_home, monkeypatch, capsys):
    monkeypatch.setenv("JUPYTERHUB_USER", "ann")
    assert main(["start"]) == 1
    message = one_line(capsys)
    assert "kernel sparse-ae could not be registered: HOME is not set" in message
    assert not os.path.exists("~")


@pytest.mark.parametrize("around", [False, True])
def test_a_home_that_cannot_be_written(here, launched, monkeypatch, capsys, tmp_path, around):
    """Root may write everywhere, so the home is a file."""
    (tmp_path / "file").touch()
    for name in ("JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path / "file" / name))
    if around:
        monkeypatch.setenv("JUPYTER_SERVER_ROOT", str(here))
    assert main(["start"]) == 1
    message = one_line(capsys)
    assert "file" in message and "set HOME to a folder that can be written" in message
    assert launched == []


def test_port_is_free():
    assert lab.port_is_free(0) and not lab.port_is_free(70_000)
