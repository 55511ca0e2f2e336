"""Several students at once: nbgrader's autograde, a process for each student."""

import os
import re
import stat
import sys
import time

from ..support.machine import cores, memory
from .class_folder import (
    ASSIGNMENT,
    GRADED,
    LOGS,
    can_be_graded,
    class_folder,
    notebook_names,
    print_remarks,
    students,
)
from .side_by_side import side_by_side
from .trainings import WORTH_IT, train_once

MEMORY = 3e9  # bytes for one student at a time, generously
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS")


def grade(names=(), jobs=None, force=False):
    """Grade the students of the class folder that is the current one; True if none failed.

    names: only these; by default all. jobs: how many at once; by default as many as there are
    cores and memory for. force: also who was graded before. Prints a line for each student; what
    nbgrader says of one is in grading_logs/.
    """
    folder = class_folder()
    _check_configuration()
    wanted = _wanted(folder, names)
    jobs = jobs or usual_jobs()
    (folder / LOGS).mkdir(exist_ok=True)
    if len(wanted) >= WORTH_IT:
        train_once(folder, jobs, _environment(jobs))
    print(f"{len(wanted)} students, {jobs} at a time …", flush=True)
    failed = []

    def one(student, run):
        began = time.monotonic()
        log = folder / LOGS / f"{student.name}.log"
        again = force or _is_unfinished(folder / GRADED / student.name)
        status = run(_command(student.name, again), log, _environment(jobs))
        told = log.read_text("utf-8", errors="replace")
        seconds = f"{time.monotonic() - began:4.0f} seconds"
        if status:
            failed.append(student.name)
            reason = _reason(told) or f"exit status {status}"
            print(f"FAILED  {student.name}: {reason} (all of it: {log})", flush=True)
        elif "Skipping existing assignment" in told:
            print(f"before  {student.name}: graded already; --force grades again", flush=True)
        else:
            print(f"graded  {student.name}: {seconds}", flush=True)

    side_by_side(jobs, one, wanted)
    print_remarks(folder)
    return not failed


def usual_jobs():
    """As many students at a time as there are cores, and memory for."""
    room = memory()
    return 1 if room is None else max(1, min(cores(), int(room / MEMORY)))


def _check_configuration():
    """nbgrader goes on without what its file says, where that has a mistake."""
    from traitlets.config.loader import PyFileConfigLoader

    try:
        import nbgrader  # noqa: F401

        PyFileConfigLoader("nbgrader_config.py", path=os.getcwd()).load_config()
    except ImportError as problem:
        raise ImportError(f"{problem}: run: python -m pip install nbgrader") from None
    except Exception as problem:
        raise OSError(f"nbgrader_config.py cannot be used: {problem!r}") from None


def _wanted(folder, names):
    by_name = {path.name: path for path in students(folder)}
    for name in names:
        if name not in by_name:
            raise ValueError(f"there is no folder submitted/{name}: give the name of a folder.")
    books = notebook_names(folder)
    wanted = [by_name[name] for name in names] or list(by_name.values())
    return [student for student in wanted if can_be_graded(student, books)]


def _reason(told):
    """The last line of nbgrader's that says why, and not only that."""
    lines = map(str.strip, re.sub(r"\[\w+ \| ERROR\] ", "", told).splitlines())
    empty = ("Please see the", "There was an error processing", "[")
    return next((line for line in reversed([*lines]) if line and not line.startswith(empty)), "")


def _is_unfinished(graded):
    """nbgrader takes the right to write away when a student is done; a power cut comes before."""
    return any(path.stat().st_mode & stat.S_IWUSR for path in graded.rglob("*.ipynb"))


def _command(student, again):
    command = [sys.executable, "-P", "-m", "nbgrader", "autograde", ASSIGNMENT]
    return [*command, f"--student={student}", *(["--force"] if again else [])]


def _environment(jobs):
    """The remarks come once, at the end; a mistake in nbgrader_config.py ends nbgrader.

    The kernels that run at one time share the cores: with threads for all of them in each, those
    for small matrices would wait for each other.
    """
    own = {"SPARSE_AE_GRADE": "1", "TRAITLETS_APPLICATION_RAISE_CONFIG_FILE_ERROR": "1"}
    return dict.fromkeys(THREADS, str(max(1, cores() // jobs))) | os.environ | own
