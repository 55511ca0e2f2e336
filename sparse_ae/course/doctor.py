"""Is this machine ready for the course? Every answer is looked up or measured.

Nothing heavy is imported here: what may be missing, too old or broken is asked in another
process, so the doctor itself always answers.
"""

import contextlib
import hashlib
import os
import re
import shutil
import sys
import tempfile
from importlib import metadata
from pathlib import Path

from ..support import machine
from .student_folder import exercises_folder
from .surroundings import KERNEL, ask, hiding_files, home_problem, own_kernel_needed

GIGABYTE = 10**9

# Keras alone, without this package, which refuses old versions of it; on TensorFlow, as there.
_MEASURE_PENALTY = """
import os
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["KERAS_BACKEND"] = "tensorflow"
import keras
layer = keras.layers.Dense(4, activity_regularizer=keras.regularizers.L1(1.0))
penalties = []
for size in (1, 32):
    layer(keras.ops.ones((size, 3)))
    penalties.append(float(sum(layer.losses)))
print(penalties)
"""

# {}: how the kernel is named. What it has of MPLBACKEND decides where figures appear.
_ASK_KERNEL = """
import os, sys
os.environ.setdefault("JUPYTER_PREFER_ENV_PATH", "1")
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import start_new_kernel
name = sys.argv[1]
if name not in KernelSpecManager().find_kernel_specs() and name != "python3":
    print(repr(None))
    sys.exit()
manager, client = start_new_kernel(kernel_name=name, startup_timeout=60)
answers = []
show = lambda message: answers.append(message["content"].get("text", ""))
try:
    client.execute_interactive("import sys; print(sys.prefix)", timeout=60, output_hook=show)
finally:
    manager.shutdown_kernel(now=True)
print(repr("".join(answers).strip()))
"""


def doctor():
    """Print a line per question, with what to do where the answer is no; True if all are yes.

    A question answers (good, line, remedy). Without a line there is nothing to say, and without a
    remedy nothing is known that would help.
    """
    ready, arrows = True, False
    of_python = (python, packages, penalty, data)
    of_the_machine = (home, write_access, files_here, memory, kernel, figures, widgets, port)
    for question in of_python + of_the_machine:
        try:
            good, line, remedy = question()
        except Exception as problem:  # a question that cannot be answered is a finding as well
            good, remedy = False, "please report this line."
            line = f"{question.__name__} could not be looked at ({problem or type(problem)})"
        if line:
            print(f"{'ok    ' if good else 'NOT OK'}  {line}", flush=True)
        if not good:
            ready = False
            if remedy:
                arrows = True
                print(f"        → {remedy}")
    if ready:
        print("This machine is ready.")
    else:
        print(f"This machine is not ready yet{': see the arrows' if arrows else ''}.")
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
    found, wrong = [f"sparse-ae {metadata.version('sparse-ae')}"], []
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
    answer, trouble = ask(_MEASURE_PENALTY)
    if trouble:
        return False, f"Keras does not start ({trouble})", _why_keras_does_not_start(trouble)
    one, many = answer
    if abs(one - many) <= 1e-4 * abs(one):
        line = "Keras charges the same penalty for 1 image and for a batch of 32"
        backend = os.environ.get("KERAS_BACKEND", "tensorflow")
        if backend != "tensorflow":
            line += f"; KERAS_BACKEND is {backend}, and the course takes TensorFlow all the same"
        return True, line, ""
    line = f"Keras charges a batch of 32 images {many / one:.0f} times the penalty of one"
    return False, line, _install('"keras>=3.14"')


def _why_keras_does_not_start(trouble):
    """What to do, found by trying: without variables of the environment, without settings."""
    if re.search(r"No module named '?(keras|tensorflow)\b|cannot import name", trouble):
        return _install('"keras>=3.14"', "tensorflow")
    if missing := re.search(r"No module named '([\w.]+)'", trouble):
        return _install(missing[1].split(".")[0])
    if "signal 4" in trouble:
        return "take another computer: this processor lacks instructions that TensorFlow is made of"
    limit = _address_space()
    if limit is not None and limit < ADDRESS_SPACE:
        return "see the line on memory below"
    names = sorted(n for n in os.environ if re.match("(TF|XLA|KERAS|CUDA|OMP|LD)_", n))
    names = [name for name in names if name in trouble] or names
    if names and ask(_MEASURE_PENALTY, without=names)[1] is None:
        return f"take {', '.join(names)} out of the environment: Keras starts without."
    folder = os.environ.get("KERAS_HOME") or os.path.expanduser("~/.keras")
    settings = Path(folder) / "keras.json"
    with tempfile.TemporaryDirectory() as empty:
        other = {"KERAS_HOME": empty}
        if settings.is_file() and ask(_MEASURE_PENALTY, environment=other)[1] is None:
            return f"rename {settings}: without it Keras starts."
    return ""


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


def home():
    """Jupyter, Keras and matplotlib keep files of their own in the user's home folder."""
    problem = home_problem()
    if problem is None:
        return True, "", ""
    line, remedy = problem.split(": ", 1)
    return False, line, f"{remedy}."


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


def files_here():
    """A file like keras.py beside the notebooks takes the place of Keras."""
    folders = dict.fromkeys(path.absolute() for path in (exercises_folder(), Path()))
    found = [folder / name for folder in folders for name in hiding_files(folder)]
    if not found:
        return True, "", ""
    line = f"{found[0]} takes the place of the module {found[0].stem}: the course does not start"
    return False, line, f"rename {' and '.join(map(str, found))}."


ADDRESS_SPACE = 4 * GIGABYTE  # what Keras and TensorFlow reserve, most of it never used
MEMORY = 3 * GIGABYTE  # the kernel of the largest notebook, JupyterLab, and a little more


def memory():
    """Roughly: what the machine has, or what its container, its job or its user may use."""
    total = machine.memory()
    if total is None:
        return True, "memory: not looked at on this system; 4 GB are enough", ""
    limit = _address_space()
    if limit is not None and limit < ADDRESS_SPACE:
        line = f"a program may reserve {limit / GIGABYTE:.1f} GB of memory here (ulimit -v)"
        return False, line, "run: ulimit -v unlimited; or ask who runs this machine for 4 GB."
    total = min([total, *_container_limits()])
    line = f"{total / GIGABYTE:.1f} GB of memory"
    return total > MEMORY, line, "close other programs, or use a machine with 4 GB."


def _address_space():
    """The bytes that a program may reserve; None where there is no limit."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    return None if limit == resource.RLIM_INFINITY else limit


def _container_limits():
    """The bytes that the groups of this process may use, of either version of Linux's cgroups."""
    root = Path("/sys/fs/cgroup")
    files = [root / "memory/memory.limit_in_bytes"]
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/cgroup").read_text().splitlines():
            group = root / line.split(":")[-1].strip("/")
            files += [folder / "memory.max" for folder in (group, *group.parents)]
    for file in files:
        with contextlib.suppress(OSError, ValueError):  # not there, or "max"
            yield int(file.read_text())


def kernel():
    """Start the kernel that will run the notebooks, and ask it where it lives."""
    try:
        lab = metadata.version("jupyterlab")
    except metadata.PackageNotFoundError:
        return False, "JupyterLab is missing", _install("jupyter")
    name = KERNEL if own_kernel_needed() else "python3"
    answer, trouble = ask(_ASK_KERNEL, name)
    if trouble:
        remedy = _install("jupyter") if "No module named" in trouble else ""
        return False, f"JupyterLab's kernel does not start ({trouble})", remedy
    if name == KERNEL:
        line = f"a Jupyter server runs here, of which only the kernel {KERNEL} is looked at"
        if answer is None:
            return True, f"{line}: sparse-ae start will give it one of this Python", ""
        if Path(answer) != Path(sys.prefix):
            line = f"{line}: it belongs to {answer}, not to {sys.prefix}"
            return False, line, "run: sparse-ae start --no-open"
        return True, f"{line}: it is this Python", ""
    if Path(answer) != Path(sys.prefix):
        line = f"JupyterLab's kernel python3 belongs to {answer}, not to {sys.prefix}"
        remedy = "run: python -m ipykernel install --prefix " + sys.prefix
        return False, line, remedy
    return True, f"JupyterLab {lab}, and its kernel is this Python", ""


def figures():
    """With MPLBACKEND a kernel shows no figures; the kernels of `start` do not get it."""
    backend = os.environ.get("MPLBACKEND")
    if not backend or "inline" in backend:
        return True, "", ""
    line = (
        f"MPLBACKEND is {backend}: sparse-ae start takes it out, and in a JupyterLab that is "
        "started otherwise figures do not appear: take it out there, too"
    )
    return True, line, ""


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
