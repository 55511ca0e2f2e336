"""Opening a notebook in JupyterLab: on a desktop, over SSH, in a container, on a JupyterHub."""

import os
import socket
import sys
import webbrowser
from pathlib import Path


def open_lab(path, browser=True, ip=None, port=None):
    """Start JupyterLab on the notebook `path` and stay until it is stopped.

    On a JupyterHub, or where a server of that folder runs already, none is started: the way to
    the notebook is printed.
    browser: False prints the address only. ip, port: where the server listens.
    Raises ImportError if JupyterLab is missing, OSError if `port` is taken.
    """
    path = Path(path).absolute()
    if on_a_hub():
        print(hub_directions(path))
        return
    # Of two kernels named python3 the one of this Python is to run, not the one of the user.
    os.environ.setdefault("JUPYTER_PREFER_ENV_PATH", "1")
    try:
        from jupyter_server.serverapp import list_running_servers
        from jupyterlab.labapp import LabApp
    except ImportError:
        raise ImportError(
            f"JupyterLab is not installed for {sys.executable}; your notebooks are ready in "
            f"{path.parent}; run: python -m pip install jupyter"
        ) from None
    for server in list_running_servers():
        if Path(server["root_dir"]) == path.parent and port in (None, server["port"]):
            address = f"{server['url']}lab/tree/{path.name}?token={server['token']}"
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
        f"--LabApp.default_url=/lab/tree/{path.name}",
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


def on_a_hub():
    """Whether this is a terminal of a JupyterHub, where a server runs already."""
    return any(name.startswith("JUPYTERHUB_") for name in os.environ)


def hub_directions(path):
    """How to reach the notebook `path` through the hub's server, in plain words."""
    root = Path(os.environ.get("JUPYTER_SERVER_ROOT") or Path.home())
    try:
        inside = path.resolve().relative_to(root.resolve())
    except ValueError:
        return (
            f"You are on a JupyterHub and {path} is outside {root}, which is what its file "
            f"browser shows: run sparse-ae start in a folder inside {root}."
        )
    *folders, name = inside.parts
    prefix = os.environ.get("JUPYTERHUB_SERVICE_PREFIX", "/").rstrip("/")
    clicks = " → ".join(folders) or "the top folder"
    return (
        "You are on a JupyterHub, whose server runs already. In the file browser on the left: "
        f"{clicks} → double-click {name}\n"
        f"Or open {prefix}/lab/tree/{inside.as_posix()} behind the hub's address."
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
