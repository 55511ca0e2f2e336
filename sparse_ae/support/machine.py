"""What this machine has, and one line in its terminal."""

import contextlib
import os
import sys


def cores():
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def memory():
    """The bytes of memory; None where the system does not say, as Windows."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None


def show_line(text, last=False):
    """In a terminal one line is rewritten; elsewhere (a log file) only the last state is written.

    Where nobody reads any more, nothing happens: the work goes on.
    """
    if sys.stdout is None:
        return
    with contextlib.suppress(OSError):
        if sys.stdout.isatty():
            print(f"\r\x1b[K{text}", end="\n" if last else "", flush=True)
        elif last:
            print(text, flush=True)
