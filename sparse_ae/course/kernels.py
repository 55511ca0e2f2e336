"""Kernels of this Python for one notebook, and how long a notebook may take.

Students' notebooks are run by `sparse-ae check` and by nbgrader; both take their kernels here.
"""

import os
import sys
import time

BUDGET = 900  # seconds for a whole notebook; the longest of the course takes about 60


def kernel_manager(folder, around=None):
    """A manager of kernels of this Python; its sockets and its secrets lie in `folder`.

    What a notebook or the user's own settings call "python3" may be another Python.
    around: given the command that starts the kernel, gives the one that is run in its place.
    """
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager

    class ThisPython(KernelSpecManager):
        def get_kernel_spec(self, kernel_name):
            module = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
            return KernelSpec(argv=module, display_name="Python 3", language="python")

    class Manager(AsyncKernelManager):
        def format_kernel_cmd(self, extra_arguments=None):
            command = super().format_kernel_cmd(extra_arguments)
            return around(command) if around else command

    own = {"connection_file": os.path.join(folder, "kernel.json")}
    # Ports are chosen before the kernel takes them: where kernels start side by side, about one
    # in a hundred finds its port taken, and dies. A socket's path has at most 103 characters.
    if os.name == "posix" and len(folder) < 90:
        own |= {"transport": "ipc", "ip": os.path.join(folder, "kernel")}
    return Manager(kernel_spec_manager=ThisPython(), **own)


def trim(outputs, most):
    """Leave the last `most` outputs of a cell, for a loop that prints without end must not fill
    the memory; and a few of the errors before them, for an error decides on the points.
    """
    errors = [output for output in outputs[:-most] if output["output_type"] == "error"]
    outputs[:-most] = errors[-9:]


class OutOfTime(Exception):
    """The notebook is not run any further."""


class Patience:
    """How long one notebook is waited for, cell by cell.

    A kernel whose `sys.stdout` is gone, for example, answers no cell, and each would be waited for.
    """

    def __init__(self, budget=BUDGET):
        self._budget, self._end, self._silent = budget, time.monotonic() + budget, 0

    def seconds(self, wanted):
        """The seconds for the next cell: `wanted`, or what is left. Raises OutOfTime."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise OutOfTime(f"the {self._budget} seconds for the whole notebook are over")
        return left if wanted is None else min(wanted, left)

    def note(self, timed_out, outputs):
        """Look at a cell that is over. Raises OutOfTime where waiting on makes no sense.

        A loop that was interrupted says so; a kernel that says nothing, twice, has nothing to say.
        """
        heard = any(output.get("ename") == "KeyboardInterrupt" for output in outputs)
        self._silent = self._silent + 1 if timed_out and not heard else 0
        if self._silent > 1:
            raise OutOfTime("the kernel no longer answers")
