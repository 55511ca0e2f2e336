"""Is this machine ready for the course? Every answer is looked up or measured.

Nothing heavy is imported here: what may be missing, too old or broken is asked in another
process, so the doctor itself always answers.
"""

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from importlib import metadata
from pathlib import Path

GIGABYTE = 10**9

# Keras alone, without this package, which refuses old versions of it.
_MEASURE_PENALTY = """
import json, os
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
layer = keras.layers.Dense(4, activity_regularizer=keras.regularizers.L1(1.0))
penalties = []
for size in (1, 32):
    layer(keras.ops.ones((size, 3)))
    penalties.append(float(sum(layer.losses)))
print(json.dumps(penalties))
"""

_ASK_KERNEL = """
import json, os
os.environ.setdefault("JUPYTER_PREFER_ENV_PATH", "1")
from jupyter_client.manager import start_new_kernel
manager, client = start_new_kernel(kernel_name="python3", startup_timeout=60)
answers = []
show = lambda message: answers.append(message["content"].get("text", ""))
try:
    client.execute_interactive("import sys; print(sys.prefix)", timeout=60, output_hook=show)
finally:
    manager.shutdown_kernel(now=True)
print(json.dumps("".join(answers).strip()))
"""


def doctor():
    """Print a line per question, with what to do where the answer is no; True if all are yes."""
    ready = True
    for question in (python, packages, penalty, data, write_access, memory, kernel, widgets, port):
        try:
            good, line, remedy = question()
        except Exception as problem:  # a question that cannot be answered is a finding as well
            good, remedy = False, "please report this line."
            line = f"{question.__name__} could not be looked at ({problem or type(problem)})"
        print(f"{'ok    ' if good else 'NOT OK'}  {line}", flush=True)
        if not good:
            print(f"        → {remedy}")
            ready = False
    print("This machine is ready." if ready else "This machine is not ready yet: see the arrows.")
    return ready


def python():
    """The version that TensorFlow has wheels for."""
    wanted = (3, 11) <= sys.version_info[:2] <= (3, 13)
    line = f"Python {'.'.join(map(str, sys.version_info[:3]))} at {sys.executable}"
    return wanted, line, "install Python 3.11, 3.12 or 3.13 and make a new environment with it."


def packages():
    """Everything that the package's own metadata asks for."""
    try:
        requirements = metadata.requires("sparse-ae") or []
    except metadata.PackageNotFoundError:
        return False, "sparse-ae itself is not installed", "run: python -m pip install -e ."
    try:
        from packaging.requirements import Requirement
    except ImportError:
        return False, "packaging, a part of jupyter, is missing", _install("jupyter")
    found, wrong = [], []
    for requirement in map(Requirement, requirements):
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        try:
            version = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            version = None
        if version and requirement.specifier.contains(version, prereleases=True):
            found.append(f"{requirement.name} {version}")
        else:
            wrong.append((str(requirement), f"{requirement.name} {version or 'is missing'}"))
    if wrong:
        wanted, problems = zip(*wrong, strict=True)
        line = ", ".join(problems) + "; wanted: " + ", ".join(wanted)
        return False, line, _install(*(f'"{one}"' for one in wanted))
    return True, ", ".join(found), ""


def penalty():
    """Keras 3.0 to 3.13 sum the activity penalty over the batch (keras issue 22018)."""
    answer, trouble = _ask(_MEASURE_PENALTY)
    if trouble:
        return False, f"Keras does not start ({trouble})", _install('"keras>=3.14"', "tensorflow")
    one, many = answer
    if abs(one - many) <= 1e-4 * abs(one):
        return True, "Keras charges the same penalty for 1 image and for a batch of 32", ""
    line = f"Keras charges a batch of 32 images {many / one:.0f} times the penalty of one"
    return False, line, _install('"keras>=3.14"')


def data():
    """The bundled digits, byte for byte."""
    try:
        from ..data import MNIST, SHA256
    except ImportError as problem:
        return False, f"MNIST could not be looked at ({problem})", _install("numpy")
    restore = "run: git checkout -- data, or install sparse-ae again."
    if not MNIST.is_file():
        return False, f"MNIST is missing at {MNIST}", restore
    if hashlib.sha256(MNIST.read_bytes()).hexdigest() != SHA256:
        return False, f"MNIST at {MNIST} is damaged", restore
    missing = [p.name for p in _shipped(MNIST.parent) if not p.is_file()]
    if missing:
        return False, f"{missing[0]} is missing in {MNIST.parent}", restore
    return True, "MNIST and the lesson's models are here and undamaged", ""


def _shipped(folder):
    return [folder / f"lesson_model{tail}.keras" for tail in ("", "_without_penalty", "_unit_norm")]


def write_access():
    """Whether exercises can be written here, and whether there is room for them."""
    exercises = Path("exercises")
    if exercises.exists() and not exercises.is_dir():
        return False, f"{exercises.absolute()} is a file", "rename it: start makes a folder there."
    here = exercises if exercises.exists() else Path()
    try:
        with tempfile.NamedTemporaryFile(dir=here, prefix=".sparse-ae-"):
            pass
    except OSError as problem:
        line = f"{here.absolute()} cannot be written ({problem.strerror})"
        return False, line, "change to a folder of your own."
    free = shutil.disk_usage(here).free
    line = f"{here.absolute()} can be written; {free / GIGABYTE:.0f} GB are free"
    return free > GIGABYTE / 2, line, "make room: half a gigabyte is enough."


def memory():
    """Roughly: what the machine has, or what its container may use."""
    if not hasattr(os, "sysconf"):
        return True, "memory: not looked at on this system; 4 GB are enough", ""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with contextlib.suppress(OSError, ValueError):  # no container, or one without a limit
        total = min(total, int(Path("/sys/fs/cgroup/memory.max").read_text()))
    line = f"{total / GIGABYTE:.1f} GB of memory"
    return total > 2 * GIGABYTE, line, "close other programs, or use a machine with 4 GB."


def kernel():
    """Start the kernel that JupyterLab would start, and ask it where it lives."""
    try:
        lab = metadata.version("jupyterlab")
    except metadata.PackageNotFoundError:
        return False, "JupyterLab is missing", _install("jupyter")
    answer, trouble = _ask(_ASK_KERNEL)
    if trouble:
        return False, f"JupyterLab's kernel does not start ({trouble})", _install("jupyter")
    if Path(answer) != Path(sys.prefix):
        line = f"JupyterLab's kernel python3 belongs to {answer}, not to {sys.prefix}"
        remedy = "run: python -m ipykernel install --prefix " + sys.prefix
        return False, line, remedy
    return True, f"JupyterLab {lab}, and its kernel is this Python", ""


def widgets():
    """No notebook needs them: never a reason not to be ready."""
    try:
        return True, f"ipywidgets {metadata.version('ipywidgets')} (no notebook needs it)", ""
    except metadata.PackageNotFoundError:
        return True, "ipywidgets is missing, and no notebook needs it", ""


def port():
    """Whether JupyterLab can listen: it tries 8888 and, where that is taken, others."""
    from .lab import port_is_free

    if port_is_free(8888):
        return True, "port 8888 is free for JupyterLab", ""
    if port_is_free(0):
        return True, "port 8888 is taken; JupyterLab finds another one", ""
    return False, "no port of localhost can be opened", "ask who runs this machine."


def _install(*names):
    return f"run: {sys.executable} -m pip install --upgrade {' '.join(names)}"


def _ask(code):
    """What `code` prints as JSON in a process of its own, and else what went wrong."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, timeout=180
        )
    except subprocess.TimeoutExpired:
        return None, "no answer within three minutes"
    lines = done.stderr.strip().splitlines()
    if done.returncode < 0:
        return None, f"it was stopped by signal {-done.returncode}"
    if done.returncode:
        return None, lines[-1] if lines else f"exit status {done.returncode}"
    try:
        return json.loads(done.stdout.splitlines()[-1]), None
    except (ValueError, IndexError):
        return None, "it gave no answer"
