"""The one line of a check, where a student and a grader see it."""

import sys


def line_of(passed, name, words):
    """`✓ name: …` or `✗ name: …`, in one line."""
    return f"{'✓' if passed else '✗'} {name}: {' '.join(str(words).split())}"


def report(passed, name, words):
    """Print the line. In a kernel a failure is an error output, and the cell goes on all the same.

    An error output can be seen from afar, and a grader counts it.
    """
    line = line_of(passed, name, words)
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
