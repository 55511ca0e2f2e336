"""The folder of a run: which one is taken, and how files get into it whole, replacing nothing."""

import itertools
import os
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path

from ..support.files import free_name, place_all
from ..support.workroom import is_unused, workroom

DEFAULT_OUT = "sparse-ae-run"


def choose_folder(files, out=None):
    """The folder to write `files`, names, into, as a Path; nothing that is there is overwritten.

    `out` None takes the first unused one of sparse-ae-run, sparse-ae-run-2, … Raises
    FileExistsError if a folder that was named holds one of the files.
    """
    if out is None:
        names = itertools.chain([""], (f"-{number}" for number in itertools.count(2)))
        folders = (Path(DEFAULT_OUT + name) for name in names)
        return next(folder for folder in folders if is_unused(folder))
    if not str(out):
        raise ValueError("--out must name a folder and is empty: try --out my-run.")
    folder = Path(out)
    taken = [name for name in files if os.path.lexists(folder / name)]
    if taken:
        raise FileExistsError(
            f"{folder} already holds {taken[0]} and a run overwrites nothing: "
            "name another folder with --out, or move this one away."
        )
    return folder


class RunFolder:
    """Where the files of a run appear, a group at a time, each group whole or not at all."""

    def __init__(self, path, room):
        self.path, self.all_in_place, self._room = path, True, room

    def write(self, files):
        """files: for each name a function that writes a file with the path it is given.

        Where another run has taken one of the names meanwhile, it keeps its files, and these and
        all that follow go into a folder beside it. Raises OSError with the file's name.
        """
        self._room.mkdir(parents=True, exist_ok=True)  # somebody may have tidied up meanwhile
        for name, write in files.items():
            with _told_of(self.path / name):
                write(self._room / name)
        try:
            self._place(files)
        except FileExistsError:
            taken, self.path, self.all_in_place = self.path, self._another(), False
            print(
                f"sparse-ae: another run has written into {taken} during this one and keeps its "
                f"files: the files of this run are in {self.path}.",
                file=sys.stderr,
            )
            self._place(files)

    def _place(self, names):
        with _told_of(self.path):
            place_all(names, self._room, self.path)

    def _another(self):
        try:
            other = free_name(self.path.resolve())
            other.mkdir()
        except OSError:  # the folder around it is somebody else's
            other = free_name(self.path / "run")
            other.mkdir()
        return other


@contextmanager
def run_folder(path):
    """A RunFolder at `path`, which is made; if nothing was placed, nothing is left of it."""
    with ExitStack() as stack:
        try:
            room = stack.enter_context(workroom(path))
        except OSError as problem:
            raise OSError(
                f"{path} cannot be written ({problem.strerror}): name another folder with --out."
            ) from None
        yield RunFolder(path, room)


@contextmanager
def _told_of(path):
    """What the system says of a file is told with the name that the file was to have."""
    try:
        yield
    except FileExistsError:
        raise
    except OSError as problem:
        if problem.errno is None:
            raise
        raise OSError(problem.errno, os.strerror(problem.errno), str(path)) from None
