"""A student's folder: blank copies to work in, and what was handed out.

`exercises/.sparse-ae.json` records, for each notebook, the sha256 of the blank copy that the
student's file was made from. So after an update of the course it is known which files are older,
and which of them were never touched. Which kernel a blank copy names makes no other version of it.
"""

import errno
import hashlib
import json
import os
import time
from pathlib import Path

from ..support.files import free_name, replace, write_new
from .blanks import blank_copy, without_own_kernel
from .notebooks import find_notebooks

FOLDER = "exercises"
RECORD = ".sparse-ae.json"
# What the system says where a disk, a share of it, or the size of a file has come to its limit.
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def exercises_folder():
    """./exercises, or the current folder if it is a student's folder itself."""
    return Path() if Path(RECORD).is_file() else Path(FOLDER)


def prepare(folder, fresh=None, kernel=None):
    """Give `folder` a blank copy of every notebook it lacks; print what was done.

    fresh: the name of a notebook to begin again; the old file is kept under a dated name.
    kernel: the name of the kernel that blank copies ask for; by default that of the course.

    A student's work is never overwritten. Only a blank that was never changed gives way to a
    newer one. Raises OSError, in one sentence, if the folder cannot be read or written.
    """
    again = {path.name for path in find_notebooks([fresh])} if fresh else set()
    blanks = {path.name: blank_copy(path, kernel) for path in find_notebooks()}
    _check_places(folder, blanks)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        record, damaged = _read_record(folder)
        before = dict(record)
        for name, blank in blanks.items():
            line = _hand_out(folder / name, blank, record, name in again)
            if line:
                print(line)
        if record != before or damaged:
            replace(folder / RECORD, (json.dumps(record, indent=2) + "\n").encode())
    except OSError as problem:
        full = problem.errno in NO_ROOM
        remedy = "make room" if full else "change to a folder of your own, and run it there"
        raise OSError(
            f"{problem.filename or folder.absolute()} cannot be read or written "
            f"({problem.strerror or problem}): {remedy}; nothing of yours is lost."
        ) from None


def _check_places(folder, names):
    if os.path.lexists(folder) and not folder.is_dir():
        raise NotADirectoryError(
            f"{folder} is in the way: a folder of this name is wanted; rename it, then start again."
        )
    for path in (folder / name for name in (*names, RECORD)):
        if os.path.lexists(path) and not path.is_file():
            what = "folder" if path.is_dir() else "link to nowhere"
            raise FileExistsError(
                f"{path} is a {what} and should be a file: rename it, then start again."
            )


def _hand_out(path, blank, record, again):
    """Make one file ready; return what there is to say, or None."""
    new, name = _version(blank), path.name
    if not path.exists():
        write_new(path, blank)
        record[name] = new
        return f"written  {path}"
    bytes_there = path.read_bytes()
    present = _version(bytes_there)
    if present == new:
        if bytes_there != blank:  # a blank that names another kernel
            replace(path, blank)
        record[name] = new
        return f"blank    {path}: it is a new blank already" if again else None
    if again:
        kept = _keep_aside(path)
        replace(path, blank)
        record[name] = new
        return f"written  {path}\nkept     {kept}: your work until now"
    if present == record.get(name):
        replace(path, blank)
        record[name] = new
        return f"renewed  {path}: the course has a newer one, and you had changed nothing"
    if record.get(name) == new:
        return None
    fresh = f"for a new blank: sparse-ae start --fresh {path.stem[:2]}"
    if name in record:
        return f"newer    {path}: the course has a newer version; your work is kept; {fresh}"
    return f"yours    {path}: kept; there is no record of its version; {fresh}"


def _keep_aside(path):
    """A second name for the file, with date and time; the name as a Path."""
    stamp = time.strftime("%Y-%m-%d-%H%M%S")
    kept = path.with_name(f"{path.stem}-{stamp}{path.suffix}")
    if os.path.lexists(kept):
        kept = free_name(kept)
    write_new(kept, path.read_bytes())
    return kept


def _read_record(folder):
    """What was handed out, as {file name: sha256}, and whether the record was damaged."""
    path = folder / RECORD
    if not path.exists():
        return {}, False
    try:
        record = json.loads(path.read_bytes())
        if not all(isinstance(value, str) for value in record.values()):
            raise ValueError
        return record, False
    except (ValueError, AttributeError):
        kept = _keep_aside(path)
        print(f"The record {path} is damaged: kept as {kept.name}, and a new one is begun.")
        return {}, True


def _version(content):
    return hashlib.sha256(without_own_kernel(content)).hexdigest()
