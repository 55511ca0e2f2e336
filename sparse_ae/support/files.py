"""Where the bundled files lie, and writing that is done whole or not at all.

Nothing that is there is replaced, except by `replace` and `write_even_if_killed`.
"""

import contextlib
import os
import zipfile
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
# A wheel carries data/ and notebooks/ inside the package; in a checkout they stand beside it.
BUNDLED = _PACKAGE / "bundled" if (_PACKAGE / "bundled").is_dir() else _PACKAGE.parent

# What reading a .npz raises that is not there, not whole, or another's.
UNREADABLE = (OSError, ValueError, KeyError, zipfile.BadZipFile, EOFError)
# Variables of the environment: the folder of epochs that were trained before, and whether those
# that are trained now are kept there (fast/remembered.py).
EPOCHS, KEEP_EPOCHS = "SPARSE_AE_EPOCHS", "SPARSE_AE_KEEP_EPOCHS"


def write_new(path, content):
    """Write the bytes `content` to `path` at once. Raises FileExistsError if `path` is there."""
    partial = _partial(path, content)
    try:
        place(partial, path)
    finally:
        partial.unlink()


def replace(path, content):
    """Write the bytes `content` to `path` at once, in place of what is there."""
    partial = _partial(path, content)
    try:
        os.replace(partial, path)
    except OSError:  # `path` is a folder, or may not be replaced
        partial.unlink()
        raise


def write_even_if_killed(path, content):
    """Write the bytes `content` to `path` so that a kill leaves nothing half-written behind."""
    try:
        nameless = os.open(path.parent, os.O_TMPFILE | os.O_WRONLY, 0o644)
    except (AttributeError, OSError):  # not Linux, or a file system without nameless files
        replace(path, content)
        return
    with open(nameless, "wb") as file:
        file.write(content)
        file.flush()
        try:
            os.link(f"/proc/self/fd/{nameless}", path, follow_symlinks=True)
        except FileExistsError:  # another process has finished it meanwhile
            pass
        except OSError:
            replace(path, content)


def place(source, target):
    """Give the finished file `source` the name `target` too; FileExistsError if that is taken."""
    try:
        os.link(source, target)  # a link, unlike a rename, replaces nothing
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        with open(target, "xb") as copy:
            try:
                copy.write(Path(source).read_bytes())
            except BaseException:
                with contextlib.suppress(OSError):
                    os.unlink(target)
                raise


def place_all(names, source, target):
    """Give the files `names` of the folder `source` a name in the folder `target`, all or none.

    Raises FileExistsError if one of them is there already.
    """
    placed = []
    try:
        for name in names:
            place(source / name, target / name)
            placed.append(target / name)
    except BaseException:
        for path in placed:
            path.unlink()
        raise


def free_name(path):
    """`path` with the first number behind its name that is not taken: run-2, run-3, …"""
    number = 2
    while os.path.lexists(free := path.with_name(f"{path.stem}-{number}{path.suffix}")):
        number += 1
    return free


def _partial(path, content):
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        partial.write_bytes(content)
    except BaseException:  # a full disk, Ctrl-C
        with contextlib.suppress(OSError):
            partial.unlink()
        raise
    return partial
