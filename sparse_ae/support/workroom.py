"""Folders for files that are not finished, and what killed processes leave of them."""

import contextlib
import os
import secrets
import shutil
from pathlib import Path

_ROOM, _LOCK = ".partial-", "lock"


@contextlib.contextmanager
def workroom(folder):
    """A new folder inside `folder`, which is made, for files that are not finished.

    At the end it is gone, and so is all that was made for it and is empty. Of a process that is
    killed it stays; a lock, which goes with the process, tells whether one is at work in it, and
    the next workroom in `folder` removes what is left.
    """
    folder = Path(folder)
    for room in folder.glob(f"{_ROOM}*"):
        if (room / _LOCK).exists() and not _at_work(room):
            shutil.rmtree(room, ignore_errors=True)
    room = folder / f"{_ROOM}{secrets.token_hex(4)}"
    made = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        room.mkdir(parents=True)
        with (room / _LOCK).open("wb") as lock:
            with contextlib.suppress(OSError):  # a file system without locks
                _hold(lock)
            yield room
    finally:
        shutil.rmtree(room, ignore_errors=True)
        with contextlib.suppress(OSError):  # something is in it
            for path in made:
                path.rmdir()


def is_unused(folder):
    """Whether `folder` is not there, or holds nothing but what killed processes left."""
    if not folder.is_dir():
        return not os.path.lexists(folder)
    return all(path.name.startswith(_ROOM) and not _at_work(path) for path in folder.iterdir())


def _at_work(room):
    """Whether a process is at work in this workroom; True where it cannot be found out."""
    try:
        with (room / _LOCK).open("r+b") as lock:
            _hold(lock)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def _hold(file):
    """Lock a file until it is closed. Raises OSError if another process holds it."""
    if os.name == "nt":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
