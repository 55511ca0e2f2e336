"""What is around a notebook: folders, files beside it, variables, a Jupyter server.

Nothing heavy is imported here. What may be missing, too old or broken is asked in a process of
its own, so that there is always an answer.
"""

import ast
import json
import os
import re
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from importlib.machinery import PathFinder
from pathlib import Path
from urllib.request import Request, urlopen

KERNEL = "sparse-ae"  # the name of the kernel that `start` registers where a server runs already
OWN_SERVER = "SPARSE_AE_SERVER"  # holds sys.prefix in the terminals of a server that `start` began


def ask(code, *arguments, environment=None, without=()):
    """What `code` prints last, a Python literal, in a process of its own, and what went wrong.

    Returns (answer, None) or (None, reason); the reason is one line. environment: variables to
    add; without: names of some to leave out. The current folder is not on
    the process's path: a file numpy.py that lies here is not taken for NumPy. Where the user has
    no home folder, a temporary one stands in for it.
    """
    with kernel_environment() as usual:
        variables = usual | {"PYTHONSAFEPATH": "1"} | (environment or {})
        try:
            done = subprocess.run(
                [sys.executable, "-c", code, *arguments],
                capture_output=True,
                text=True,
                errors="replace",
                timeout=180,
                env={name: value for name, value in variables.items() if name not in without},
            )
        except subprocess.TimeoutExpired:
            return None, "no answer within three minutes"
    if done.returncode:
        return None, _reason(done)
    try:
        return ast.literal_eval(done.stdout.splitlines()[-1]), None
    except (ValueError, SyntaxError, IndexError):
        return None, "it gave no answer"


def _reason(done):
    """Why a process failed, in one line: what a C++ library wrote last, or Python's error."""
    lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    fatal = [line.split("] ")[-1] for line in lines if re.match(r"F\d{4} |terminate called", line)]
    if done.returncode > 0:
        return [f"exit status {done.returncode}", *lines[-1:], *fatal[:1]][-1]
    return ": ".join([f"it was stopped by signal {-done.returncode}", *fatal[:1]])


@contextmanager
def kernel_environment():
    """The variables for a kernel: figures appear in the notebook, and there is a home folder."""
    found = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}
    if has_home():
        yield found
        return
    with tempfile.TemporaryDirectory(prefix="sparse-ae-home-") as home:
        yield {**found, "HOME": home}


def has_home():
    """Whether the system knows a home folder: Jupyter makes a folder named `~` where it does not.

    A user without an entry in the system's list, as in some containers, has none but $HOME.
    """
    return os.path.isabs(os.path.expanduser("~"))


def home_problem():
    """Why JupyterLab cannot keep its own files, in one sentence; None where it can."""
    remedy = "set HOME to a folder that can be written, like: HOME=$PWD sparse-ae start"
    if not has_home():
        return f"HOME is not set, and JupyterLab keeps its own files there: {remedy}"
    from jupyter_core.paths import jupyter_data_dir, jupyter_runtime_dir

    for folder in map(Path, (jupyter_data_dir(), jupyter_runtime_dir())):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=folder):
                pass
        except OSError as problem:
            return (
                f"JupyterLab keeps its own files in {folder}, which cannot be written "
                f"({problem.strerror}): {remedy}"
            )
    return None


def on_a_hub():
    """Whether this is a terminal of a JupyterHub."""
    return any(name.startswith("JUPYTERHUB_") for name in os.environ)


def server_around():
    """Whether a Jupyter server runs around this terminal: a hub's, a container's, one's own."""
    return on_a_hub() or "JUPYTER_SERVER_ROOT" in os.environ


def own_kernel_needed():
    """Whether the server around this terminal may run another Python than this one.

    A server that `start` began runs this Python, and its kernel python3 is the right one.
    """
    return server_around() and os.environ.get(OWN_SERVER) != sys.prefix


def open_in_lab(paths):
    """Those of the files `paths` that a JupyterLab of this user runs a kernel for."""
    if not paths:
        return []
    try:
        from jupyter_server.serverapp import list_running_servers

        sessions = [path for server in list_running_servers() for path in _sessions(server)]
    except ImportError:
        return []
    return [path for path in paths if Path(path).resolve() in sessions]


def _sessions(server):
    request = Request(
        f"{server['url']}api/sessions", headers={"Authorization": f"token {server['token']}"}
    )
    try:
        with urlopen(request, timeout=5) as answer:
            found = json.load(answer)
        names = [session["path"] for session in found if "path" in session]
        return [Path(server["root_dir"], name).resolve() for name in names]
    except (OSError, ValueError, KeyError, TypeError):  # it does not answer, or not to this user
        return []


# What a kernel and the notebooks' first cells import, with the folder on the path when it is for
# them. Whatever is imported before the folder's files are looked for cannot be hidden by them.
_IMPORT_AS_A_KERNEL = """
import sys
folder, course = sys.argv[1:]
taken, trouble = [], None
finder = next(f for f in sys.meta_path if getattr(f, "__name__", "") == "PathFinder")

class Watch:
    @staticmethod
    def find_spec(name, path=None, target=None):
        spec = None if path else finder.find_spec(name)
        if spec and spec.origin and spec.origin.startswith(folder):
            taken.append(name)

sys.meta_path.insert(0, Watch)
sys.path.append(course)
try:
    sys.path.insert(0, folder)
    import runpy  # `python -m ipykernel_launcher` in this folder
    sys.path.remove(folder)
    import ipykernel.kernelapp
    sys.path.insert(0, folder)
    import numpy, matplotlib.pyplot
    from sparse_ae import checks, build_autoencoder, load_mnist, plot_images
except BaseException as problem:
    trouble = (str(problem).splitlines() or [""])[0] or type(problem).__name__
print()
print(repr((taken, trouble)))
"""


def hiding_files(folder):
    """The names of files in `folder` because of which the course does not start there.

    A file keras.py beside a notebook takes the place of Keras. One that takes no place, or whose
    place does no harm, like most random.py, is not named: the imports are tried.
    """
    folder = Path(folder).absolute()
    candidates = _candidates(folder)
    if not candidates:
        return []
    taken, trouble = _import_beside(folder)
    if not trouble or not (taken or trouble is _DIED):
        return []
    with tempfile.TemporaryDirectory() as empty:
        if _import_beside(Path(empty))[1]:  # it does not start elsewhere either
            return []
    return [candidates[name] for name in dict.fromkeys(taken or candidates) if name in candidates]


_DIED = "the process died"


def _import_beside(folder):
    """The modules that were found in `folder`, and what went wrong, or None."""
    course = str(Path(__file__).resolve().parents[2])
    answer, _ = ask(_IMPORT_AS_A_KERNEL, str(folder) + os.sep, course)
    return ([], _DIED) if answer is None else answer


def _candidates(folder):
    """{module: file} for the modules in `folder` that Python finds elsewhere, too."""
    elsewhere = [p for p in sys.path if p and Path(p).absolute() != folder]
    found = {}
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return {}
    for path in entries:
        name, is_module = path.stem, path.suffix == ".py"
        if not is_module and not (path / "__init__.py").is_file():
            continue
        if name in sys.stdlib_module_names or PathFinder.find_spec(name, elsewhere):
            found[name] = path.name
    return found
