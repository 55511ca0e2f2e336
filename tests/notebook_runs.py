"""How nbval runs and compares notebooks here: a plugin, loaded whichever files pytest is given."""

import copy
import itertools
import os
import tempfile
from pathlib import Path

from sparse_ae.course.grade_class import THREADS  # before nbval: the course makes that quick

# isort: split
import nbval.kernel
import nbval.plugin
from jupyter_client.manager import KernelManager

_sockets = tempfile.TemporaryDirectory(prefix="sockets-")
_kernels = itertools.count()
_settings = tempfile.TemporaryDirectory(prefix="ipython-")

# Three workers on two cores: threads of their own for small matrices would wait for each other.
for name in THREADS:
    os.environ.setdefault(name, "1")

# Programs of Jupyter and nbgrader that tests start are quicker without what is in this folder.
quick = [str(Path(__file__).parent / "quick"), *filter(None, [os.environ.get("PYTHONPATH")])]
os.environ["PYTHONPATH"] = os.pathsep.join(quick)

# A developer's own settings of IPython and matplotlib would change what a notebook shows.
os.environ["IPYTHONDIR"] = _settings.name
os.environ.pop("MPLBACKEND", None)


def own_sockets():
    """What a kernel manager needs so that kernels that start side by side all start.

    See kernel_manager in sparse_ae/course/kernels.py.
    """
    if os.name != "posix":
        return {}
    return {"transport": "ipc", "ip": f"{_sockets.name}/{next(_kernels)}"}


nbval.kernel.KernelManager = lambda **options: KernelManager(**own_sockets(), **options)


def without_pixels(outputs):
    """The outputs of a cell with the HTML form of each picture cut down to "a picture".

    That form carries the PNG once more, which nbval passes over, and words made from the numbers;
    that a picture is there, and all other outputs, are compared as they are.
    """
    outputs = copy.deepcopy(outputs)
    for output in outputs:
        data = output.get("data", {})
        if "image/png" in data and "text/html" in data:
            data["text/html"] = "a picture"
    return outputs


_compare_outputs = nbval.plugin.IPyNbCell.compare_outputs
nbval.plugin.IPyNbCell.compare_outputs = lambda cell, test, ref, *more: _compare_outputs(
    cell, without_pixels(test), without_pixels(ref), *more
)
