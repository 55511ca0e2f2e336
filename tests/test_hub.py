"""`sparse-ae start` on a JupyterHub: a real hub, a real proxy, a real browser.

The hub's own Python has no NumPy and no course; a student has both in an environment of their own.

    pip install -e '.[test,hub-test]' && npm install -g configurable-http-proxy
    pytest -n 0 -m hub
"""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import venv
from pathlib import Path

import pytest
from conftest import a_browser, missing
from small_course import read

pytestmark = [pytest.mark.slow, pytest.mark.hub]

CONFIG = """
c.JupyterHub.bind_url = "http://127.0.0.1:{port}/jupyter/"
c.JupyterHub.hub_port = {hub}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{api}"
c.ConfigurableHTTPProxy.command = ["{proxy}"]
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = "{homes}/{{username}}"
c.Spawner.cmd = ["{python}", "-m", "jupyterhub.singleuser"]
c.Spawner.args = ["--allow-root", "--LabApp.expose_app_in_browser=True"]
c.Spawner.start_timeout = c.Spawner.http_timeout = 120
"""
# Every cell in the page, also those out of sight, and no pop-ups.
SETTINGS = {
    "notebook-extension/tracker": '{"windowingMode": "none"}',
    "apputils-extension/notification": '{"fetchNews": "false", "checkForUpdates": false}',
}
READY = """() => {
    const kernel = window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel;
    return kernel?.connectionStatus === "connected" && kernel.status === "idle";
}"""


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    """(address, folder of the homes) of a JupyterHub that runs until the end."""
    pytest.importorskip("jupyterhub")
    proxy = shutil.which("configurable-http-proxy")
    if proxy is None:
        missing("configurable-http-proxy", "npm install -g configurable-http-proxy")
    folder = tmp_path_factory.mktemp("hub")
    homes = folder / "homes"
    ports = dict(zip(("port", "hub", "api"), free_ports(3), strict=True))
    config = CONFIG.format(python=python_of_the_hub(folder), proxy=proxy, homes=homes, **ports)
    (folder / "jupyterhub_config.py").write_text(config)
    log = folder / "log"
    with log.open("wb") as printed:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterhub"],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
        )
    try:
        address = f"http://127.0.0.1:{ports['port']}/jupyter/"
        wait_for(address + "hub/login", server, log)
        yield address.removesuffix("/jupyter/"), homes
    finally:
        server.send_signal(signal.SIGTERM)  # it stops the proxy and the students' servers
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(30)
        server.kill()


def python_of_the_hub(folder):
    """A Python with JupyterLab, like an administrator's, in which NumPy and the course are not."""
    import jupyterlab

    place = folder / "python"
    venv.create(place, symlinks=os.name == "posix", with_pip=False)
    (site,) = place.glob("lib/*/site-packages")
    (site / "all.pth").write_text("\n".join(path for path in sys.path if "site-packages" in path))
    gone = "import sys; sys.modules.update(dict.fromkeys(['numpy', 'keras', 'sparse_ae']))"
    (site / "gone.pth").write_text(gone)
    installed = Path(jupyterlab.__file__).parents[
        4
    ]  # JupyterLab's pages lie outside of its package
    for name in ("share", "etc"):
        (place / name).symlink_to(installed / name, target_is_directory=True)
    python = place / "bin" / "python"
    assert subprocess.run([python, "-c", "import jupyterlab"]).returncode == 0
    gone = subprocess.run([python, "-c", "import numpy"], capture_output=True, text=True)
    assert "ModuleNotFoundError" in gone.stderr
    return python


def free_ports(number):
    with contextlib.ExitStack() as stack:
        sockets = [
            stack.enter_context(socket.create_server(("localhost", 0))) for _ in range(number)
        ]
        return [one.getsockname()[1] for one in sockets]


def wait_for(address, server, log):
    for _ in range(600):
        with contextlib.suppress(OSError), urllib.request.urlopen(address) as answer:
            assert answer.status == 200
            return
        assert server.poll() is None, log.read_text()
        time.sleep(0.1)
    raise AssertionError(f"no hub within a minute: {log.read_text()}")


@pytest.fixture(scope="module")
def page(hub):
    """JupyterLab of the student anna, who has just logged in."""
    address, homes = hub
    settings = homes / "anna" / ".jupyter" / "lab" / "user-settings" / "@jupyterlab"
    for plugin, values in SETTINGS.items():
        file = settings / f"{plugin}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(values)
    with a_browser() as page:
        page.goto(f"{address}/jupyter/hub/login")
        page.locator("input[name=username]").fill("anna")
        page.locator("input[name=password]").fill("anything")
        page.locator("input[type=submit]").click()
        terminals = "() => window.jupyterapp?.commands.hasCommand('terminal:create-new')"
        page.wait_for_function(terminals, timeout=120_000)
        yield page


def in_a_terminal(page, home, command):
    """What `command` prints in a terminal of JupyterLab."""
    page.evaluate("() => void window.jupyterapp.commands.execute('terminal:create-new')")
    terminal = page.locator(".jp-Terminal textarea.xterm-helper-textarea").last
    terminal.wait_for(state="attached")
    time.sleep(1)  # until the shell reads
    terminal.focus()
    page.keyboard.type(f"{command} > printed 2>&1; mv printed done\n")
    for _ in range(600):
        if (home / "done").exists():
            text = (home / "done").read_text("utf-8")
            (home / "done").unlink()
            return text
        time.sleep(0.1)
    raise AssertionError("the command does not end within a minute")


def test_a_student_on_a_hub(hub, page):
    """A terminal, `start`, the printed link, Run All: the notebook runs in the student's Python."""
    from playwright.sync_api import expect

    address, homes = hub
    home = homes / "anna"
    start = f"mkdir -p 'My Course #1' && cd 'My Course #1' && {sys.executable} -m sparse_ae start"
    printed = in_a_terminal(page, home, f"({start})")
    assert "You are on a JupyterHub" in printed and "kernel to choose is sparse-ae" in printed
    book = read(home / "My Course #1" / "exercises" / "01_mnist.ipynb")
    assert book["metadata"]["kernelspec"]["name"] == "sparse-ae"
    (link,) = re.findall(r"Or open (\S+) behind", printed)

    page.goto(address + link)
    page.locator(".jp-NotebookPanel .jp-CodeCell").first.wait_for()
    page.wait_for_function(READY)
    expect(page.locator(".jp-NotebookPanel .jp-KernelName")).to_have_text("sparse-ae")
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    last = page.locator(".jp-CodeCell").last.locator(".jp-InputArea-prompt")
    expect(last).to_have_text(re.compile(r"\[\d+\]:"), timeout=120_000)
    errors = page.locator(".jp-NotebookPanel [data-mime-type='application/vnd.jupyter.error']")
    for line in errors.all_inner_texts():
        assert line.strip().startswith("✗ ") and "still blank" in line
    figures = page.locator(".jp-NotebookPanel .jp-OutputArea-output img")
    assert figures.count() >= 5

    printed = in_a_terminal(
        page, home, f"(cd 'My Course #1' && {sys.executable} -m sparse_ae doctor)"
    )
    assert "only the kernel sparse-ae is looked at: it is this Python" in printed
