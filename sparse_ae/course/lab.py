"""Opening a notebook in JupyterLab: on a desktop, over SSH, in a container, on a JupyterHub."""

import os
import socket
import sys
import webbrowser
from pathlib import Path
from urllib.parse import quote, urlsplit

from .surroundings import KERNEL, OWN_SERVER, home_problem, on_a_hub, own_kernel_needed


def register_kernel():
    """Let the Jupyter server around this terminal run this Python, as the kernel `sparse-ae`.

    Its own kernel python3 is often another Python, without the course. Returns the kernel's name.
    Raises OSError, in one sentence, where the user's folder for kernels cannot be written.
    """
    try:
        from ipykernel.kernelspec import install
    except ImportError:
        raise ImportError(
            f"ipykernel is not installed for {sys.executable}: run: python -m pip install jupyter"
        ) from None
    try:
        problem = home_problem()
        if problem is None:
            # The server's own MPLBACKEND would keep figures out of the notebook.
            inline = {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}
            install(user=True, kernel_name=KERNEL, display_name=KERNEL, env=inline)
            return KERNEL
    except OSError as failed:
        problem = str(failed)
    raise OSError(
        f"the kernel {KERNEL} could not be registered: {problem}. Or ask who runs this server to "
        "install the course into its own environment."
    )


def open_lab(path, browser=True, ip=None, port=None):
    """Start JupyterLab on the notebook `path` and stay until it is stopped.

    In a terminal of a Jupyter server, as on a JupyterHub, or where a server of that folder runs
    already, none is started: the way to the notebook is printed.
    browser: False prints the address only. ip, port: where the server listens.
    Raises ImportError if JupyterLab is missing, OSError if `port` is taken or there is no home.
    """
    path = Path(path).absolute()
    if own_kernel_needed():
        print(directions(path))
        return
    # Of two kernels named python3 the one of this Python is to run, not the one of the user.
    os.environ.setdefault("JUPYTER_PREFER_ENV_PATH", "1")
    os.environ[OWN_SERVER] = sys.prefix
    os.environ.pop("MPLBACKEND", None)  # with it, figures would not appear in the notebook
    try:
        problem = home_problem()
        if problem:
            raise OSError(f"{problem}. Your notebooks are ready in {path.parent}.")
        from jupyter_server.serverapp import list_running_servers
        from jupyterlab.labapp import LabApp
    except ImportError:
        raise ImportError(
            f"JupyterLab is not installed for {sys.executable}; your notebooks are ready in "
            f"{path.parent}; run: python -m pip install jupyter"
        ) from None
    for server in list_running_servers():
        if Path(server["root_dir"]) == path.parent and port in (None, server["port"]):
            address = f"{server['url']}lab/tree/{quote(path.name)}?token={server['token']}"
            print(f"JupyterLab runs here already: {address}")
            if browser and has_screen():
                webbrowser.open(address)
            return
    if port is not None and not port_is_free(port, ip or "localhost"):
        raise OSError(
            f"port {port} is taken by another program: name another one with --port, or leave "
            "--port out, and JupyterLab finds a free one."
        )
    print(f"JupyterLab opens {path.name}; Ctrl-C here stops it.", flush=True)
    LabApp.launch_instance(lab_arguments(path, browser and has_screen(), ip, port))


def lab_arguments(path, browser, ip, port):
    """JupyterLab's arguments for the notebook `path`, whose folder is the server's root."""
    arguments = [
        f"--ServerApp.root_dir={path.parent}",
        f"--LabApp.default_url=/lab/tree/{quote(path.name)}",
        "--ServerApp.answer_yes=True",  # one Ctrl-C is enough
        "--ServerApp.log_level=ERROR",
        "--LabApp.log_level=ERROR",
    ]
    if not browser:
        arguments.append("--no-browser")
    if getattr(os, "geteuid", lambda: 1)() == 0:
        arguments.append("--allow-root")  # as in most containers
    if ip is not None:
        arguments.append(f"--ServerApp.ip={ip}")
    if port is not None:
        arguments += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    return arguments


def directions(path):
    """How to reach the notebook `path` through the server around this terminal, in plain words."""
    hub = on_a_hub()
    where = "You are on a JupyterHub" if hub else "A Jupyter server runs here already"
    root = Path(os.environ.get("JUPYTER_SERVER_ROOT") or os.path.expanduser("~"))
    try:
        inside = path.resolve().relative_to(root.resolve())
    except ValueError:
        return (
            f"{where} and {path} is outside {root}, which is what its file "
            f"browser shows: run sparse-ae start in a folder inside {root}."
        )
    *folders, name = inside.parts
    served = urlsplit(os.environ.get("JUPYTER_SERVER_URL", "")).path
    prefix = os.environ.get("JUPYTERHUB_SERVICE_PREFIX") or served
    clicks = " → ".join(folders) or "the top folder"
    return (
        f"{where}{', whose server runs already' if hub else ''}. In the file browser on the left: "
        f"{clicks} → double-click {name}\n"
        f"Or open {prefix.rstrip('/')}/lab/tree/{quote(inside.as_posix())} behind the "
        f"{'hub' if hub else 'server'}'s address.\n"
        f"The kernel to choose is {KERNEL}: where the upper right corner names another one, click "
        "there. If it is not in the list, reload the page."
    )


def port_is_free(port, ip="localhost"):
    """Whether a server of one's own could listen on `port`."""
    try:
        with socket.create_server((ip or "localhost", port)):
            return True
    except (OSError, OverflowError):
        return False


def has_screen():
    """Whether a browser that opens here would be seen."""
    if "SSH_CONNECTION" in os.environ:
        return False
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
