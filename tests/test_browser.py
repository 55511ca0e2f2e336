"""`sparse-ae start` in the hands of a student: a real JupyterLab, a real browser."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from conftest import ROOT, a_browser
from small_course import read

from sparse_ae.course.blanks import CODE_STUB

pytestmark = pytest.mark.slow  # a server is started

# Every cell in the page, also those out of sight, and no pop-ups.
SETTINGS = {
    "notebook-extension/tracker": {"windowingMode": "none"},
    "docmanager-extension/plugin": {"autosave": False},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}
# The indicator in the page says "idle" before there is a kernel, and what is run then is lost.
READY = """() => {
    const kernel = window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel;
    return kernel?.connectionStatus === "connected" && kernel.status === "idle";
}"""
BOOK = read(ROOT / "notebooks" / "01_mnist.ipynb")


@pytest.fixture(scope="module")
def student(tmp_path_factory):
    """Where a student works: the options of subprocess for an empty folder and own settings."""
    home = tmp_path_factory.mktemp("home")
    for plugin, values in SETTINGS.items():
        file = home / "settings" / "@jupyterlab" / f"{plugin}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values))
    (home / "config").mkdir()
    # A command is asked for by its name, and the kernel for its state.
    config = {"LabApp": {"expose_app_in_browser": True}}
    (home / "config" / "jupyter_lab_config.json").write_text(json.dumps(config))
    folders = {"CONFIG": "config", "DATA": "data", "RUNTIME": "runtime"}
    environment = os.environ | {f"JUPYTER_{k}_DIR": str(home / v) for k, v in folders.items()}
    environment["JUPYTERLAB_SETTINGS_DIR"] = str(home / "settings")
    environment["JUPYTERLAB_WORKSPACES_DIR"] = str(home / "workspaces")
    return {"cwd": tmp_path_factory.mktemp("student"), "env": environment}


@pytest.fixture(scope="module")
def lab(student, tmp_path_factory):
    """The address that `sparse-ae start` prints; it runs until the end."""
    with socket.create_server(("localhost", 0)) as free:
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("printed") / "log"
    with log.open("wb") as printed:
        server = subprocess.Popen(
            [sys.executable, "-m", "sparse_ae", "start", "--no-browser", "--port", str(port)],
            **student,
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
        )
    try:
        yield _address(server, log)
        server.send_signal(signal.SIGINT)  # one Ctrl-C
        assert server.wait(20) == 0, log.read_text()
    finally:
        server.kill()


def _address(server, log):
    for _ in range(600):
        found = re.findall(r"http://127\.0\.0\.1:\S+", log.read_text())
        if found:
            with contextlib.suppress(OSError), urllib.request.urlopen(found[-1]) as answer:
                assert answer.status == 200
                return found[-1]
        assert server.poll() is None, log.read_text()
        time.sleep(0.1)
    raise AssertionError(f"no address within a minute: {log.read_text()}")


def test_the_printed_address_leads_to_the_notebook(lab):
    assert "/lab/tree/01_mnist.ipynb?token=" in lab


def test_a_second_start_leads_to_the_same_server(lab, student):
    again = [sys.executable, "-m", "sparse_ae", "start", "2", "--no-browser"]
    printed = subprocess.run(again, **student, capture_output=True, text=True, timeout=60).stdout
    (address,) = re.findall(r"http://\S+", printed)
    assert "runs here already" in printed and "/lab/tree/02_autoencoder.ipynb?token=" in address
    assert address.split("token=")[1] == lab.split("token=")[1]
    with urllib.request.urlopen(address) as answer:
        assert answer.status == 200


@pytest.fixture(scope="module")
def page(lab):
    """The notebook, opened and with an idle kernel."""
    with a_browser() as page:
        page.goto(lab)
        page.locator(".jp-NotebookPanel .jp-CodeCell").first.wait_for()
        page.wait_for_function(READY)
        yield page


def exercise():
    """The first exercise of notebook 01: the solved cell's source and the check's line."""
    cells = iter(BOOK["cells"])
    solution = next(c for c in cells if c["metadata"].get("nbgrader", {}).get("solution"))
    check = next(c for c in cells if c["metadata"].get("nbgrader", {}).get("grade"))
    return "".join(solution["source"]), "".join(check["source"])


def cell(page, line):
    """The code cell with this line in it."""
    return page.locator(".jp-CodeCell").filter(has_text=line)


def answer(page, first_line, source):
    """Replace the source of a cell by typing, and run the cell."""
    dialogs = page.locator(".jp-Dialog").all_inner_texts()
    assert dialogs == [], "JupyterLab asks something"
    cell(page, first_line).locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(source)
    page.keyboard.press("Shift+Enter")


@pytest.mark.browser
def test_a_wrong_answer_and_a_right_one(page):
    from playwright.sync_api import expect

    expect.set_options(timeout=45_000)  # for Run All on a busy machine
    solved, check = exercise()
    first_line = solved.splitlines()[0]
    assert CODE_STUB[0] in cell(page, first_line).inner_text()  # it is a blank copy

    answer(page, first_line, f"{first_line}\n    return 0")
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    last = page.locator(".jp-CodeCell").last.locator(".jp-InputArea-prompt")
    expect(last).to_have_text(re.compile(r"\[\d+\]:"))
    outputs = cell(page, check).locator(".jp-OutputArea-output")
    expect(outputs).to_have_count(1)
    expect(outputs).to_have_text(re.compile(r"^\s*✗ [^\n]+\s*$"))

    answer(page, first_line, solved)
    cell(page, check).click()
    page.keyboard.press("Shift+Enter")
    expect(outputs).to_have_text(re.compile(r"^\s*✓ [^\n]+\s*$"))
