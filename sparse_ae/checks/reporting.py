"""The one line of a check, where a student and a grader see it."""

import sys


def report(passed, line):
    """Print the line. In a kernel a failure is an error output, and the cell goes on all the same.

    An error output can be seen from afar, and a grader counts it.
    """
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    kernel = getattr(shell, "kernel", None)
    if passed or kernel is None:
        try:
            print(line)
        except UnicodeEncodeError:
            line = line.replace("✓", "ok:").replace("✗", "NO:")
            print(line.encode("ascii", "replace").decode())
        return
    sys.stdout.flush()
    content = {"ename": "CheckFailed", "evalue": line, "traceback": [line]}
    kernel.send_response(kernel.iopub_socket, "error", content, ident=kernel._topic("error"))
