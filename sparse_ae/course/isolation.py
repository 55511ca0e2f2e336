"""A kernel that can change nothing but itself: it runs in bubblewrap.

What it can read: the system's programs, this Python, the course, epochs that were trained before,
and what was handed in beside its own notebook. What it can write: its memory and one temporary
folder, which go when it ends.
What it does not find: the gradebook, other hand-ins, a home, a network, other processes.
"""

import contextlib
import functools
import os
import shutil
import site
import subprocess
import sys
import tempfile
from pathlib import Path

from ..support.files import BUNDLED, EPOCHS

GIGABYTE = 2**30
MEMORY = 6 * GIGABYTE  # for a process; the course's longest notebook needs 2.3 GB
DISK = GIGABYTE  # for all that is written; it lies in memory
PROCESSES = 4000  # threads count; TensorFlow starts some for each core

_SYSTEM = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store", "/gnu"]
_SYSTEM += ["/sys/devices/system"]  # the number of cores
_SYSTEM += ["/etc/alternatives", "/etc/fonts", "/etc/group", "/etc/hosts", "/etc/ld.so.cache"]
_SYSTEM += ["/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/localtime", "/etc/passwd"]
_VARIABLES = ("PATH", "LANG", "LANGUAGE", "TZ", "PYTHONPATH", "LD_LIBRARY_PATH")
# No other variable is handed on.
_STARTS = ("LC_", "TF_", "OMP_", "OPENBLAS_", "KERAS_", "NBGRADER_")
_HANDED_IN, _HERE, _EPOCHS = "/tmp/handed-in", "/tmp/notebooks", "/tmp/epochs"

# The first program inside. It copies what was handed in to where it may be changed.
_STARTER = f"""
import os, resource, shutil, signal, sys
memory, processes, *command = sys.argv[1:]
resource.setrlimit(resource.RLIMIT_DATA, (int(memory), int(memory)))
try:
    resource.setrlimit(resource.RLIMIT_NPROC, (int(processes), int(processes)))
except ValueError:
    pass  # a lower limit holds already
open("/proc/self/oom_score_adj", "w").write("1000")  # no memory left: this one goes first
shutil.copytree("{_HANDED_IN}", "{_HERE}", symlinks=True, dirs_exist_ok=True)
os.chdir("{_HERE}")
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(command[0], command)
"""


def isolated(command, folder, hidden):
    """The command line that runs the kernel `command` in bubblewrap.

    folder: where its sockets and its connection file lie. The present folder is the notebook's.
    hidden: the class folder; nothing in it is found but what Python itself needs.
    """
    inside = [sys.executable, "-I", "-c", _STARTER, str(MEMORY), str(PROCESSES), *command]
    wrapped = [_bubblewrap(), *_arguments(folder, hidden), "--", *inside]
    # An interrupt goes to every process of the group. Bubblewrap would end; the kernel is to go on.
    return ["/bin/sh", "-c", "trap '' INT; exec \"$@\"", "sh", *wrapped]


def environment():
    """The variables that a kernel is given: none that may hold a secret."""
    handed_on = {
        name: value
        for name, value in os.environ.items()
        if name in _VARIABLES or name.startswith(_STARTS)
    }
    if site.ENABLE_USER_SITE:  # packages that were installed for the user alone
        handed_on["PYTHONUSERBASE"] = site.getuserbase()
    if EPOCHS in os.environ:
        handed_on[EPOCHS] = _EPOCHS
    return handed_on | {"HOME": "/tmp/home", "TMPDIR": "/tmp"}


def problem():
    """Why no kernel can be isolated here, in one sentence; None where it can."""
    program = _bubblewrap()
    if program is None:
        return (
            "isolate(c) needs bubblewrap, which is missing: install it (Debian and Ubuntu: apt "
            "install bubblewrap), or take isolate(c) out of nbgrader_config.py and grade where a "
            "stranger's program can do no harm."
        )
    trial = [program, *_arguments("/nowhere", "/nowhere"), "--", sys.executable, "-I", "-c", ""]
    done = subprocess.run(trial, capture_output=True, text=True, cwd="/")
    if done.returncode == 0:
        return None
    reason = (done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1]
    return (
        f"isolate(c) cannot work here ({reason}): bubblewrap needs user namespaces, which this "
        "machine or container does not allow; ask who runs it, or take isolate(c) out of "
        "nbgrader_config.py and grade where a stranger's program can do no harm."
    )


@contextlib.contextmanager
def socket_folder(in_memory):
    """A folder for a kernel's sockets, which goes in the end, whatever the kernel has left in it.

    in_memory: not on the disk, if there is such a place. The kernel may write there as much as it
    likes, and the disk should not be filled.
    """
    shared = "/dev/shm"
    place = shared if in_memory and os.access(shared, os.W_OK | os.X_OK) else None
    folder = tempfile.mkdtemp(prefix="sparse-ae-", dir=place)
    try:
        yield folder
    finally:
        if os.name == "posix":  # shutil gives up where folders lie a thousand deep in each other
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            subprocess.run(["chmod", "-R", "u+rwx", folder], **quiet)
            subprocess.run(["rm", "-rf", folder], **quiet)
        else:
            shutil.rmtree(folder, ignore_errors=True)


def _arguments(folder, hidden):
    """Bubblewrap's options: what is in the order of their paths, so that nothing covers another."""
    options = ["--unshare-all", "--die-with-parent", "--cap-drop", "ALL", "--clearenv"]
    for name, value in environment().items():
        options += ["--setenv", name, value]
    size = ["--size", str(DISK)] if _has_size(_bubblewrap()) else []
    options += ["--proc", "/proc", "--dev", "/dev"]
    options += [*size, "--tmpfs", "/dev/shm", "--remount-ro", "/dev", *size, "--tmpfs", "/tmp"]
    places = {os.path.normpath(place): ["--ro-bind-try", place] for place in _places(hidden)}
    for place in list(places):  # the class folder, where it lies in one of them
        real = os.path.realpath(place)
        if _lies_in(hidden, real):
            within = os.path.relpath(os.path.realpath(hidden), real)
            places[os.path.normpath(os.path.join(place, within))] = [*size, "--tmpfs"]
    for place in sorted(places, key=lambda path: path.count("/")):
        options += [*places[place], place]
    options += ["--dir", "/tmp/home", "--ro-bind-try", ".", _HANDED_IN]
    options += ["--ro-bind-try", os.environ.get(EPOCHS, "/nowhere"), _EPOCHS]
    options += ["--bind-try", folder, folder, "--remount-ro", "/", "--chdir", "/tmp"]
    return options


def _places(hidden):
    """What is read: the system, this Python, the course, and where Python looks for modules."""
    needed = [sys.prefix, sys.base_prefix, str(BUNDLED), str(Path(__file__).parents[2])]
    libraries = os.environ.get("LD_LIBRARY_PATH", "").split(":")
    for place in (*sys.path, *site.getsitepackages(), *libraries):
        # "python -m" puts the present folder first, which may hold the class folder, or a home
        private = any(_lies_in(path, place) for path in (hidden, "/tmp", os.path.expanduser("~")))
        if os.path.isabs(place) and os.path.exists(place) and not private:
            needed.append(place)
    return _SYSTEM + needed + [os.path.realpath(place) for place in needed]


def _lies_in(path, place):
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(place))


@functools.cache
def _bubblewrap():
    return shutil.which("bwrap")


@functools.cache
def _has_size(program):
    """Since 0.7."""
    told = subprocess.run([program, "--help"], capture_output=True, text=True)
    return "--size" in told.stdout + told.stderr
