"""What the notebooks train is trained once for a class, before the first student is graded.

The course's own notebooks, solved, run and keep each epoch they train (fast/remembered.py). Where a
student's notebook trains the same, and most of it is the course's own cells, the epoch is read.
"""

import contextlib
import hashlib
import shutil
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

from ..support.files import EPOCHS, KEEP_EPOCHS
from .class_folder import LOGS, notebook_names
from .notebooks import find_notebooks
from .side_by_side import side_by_side

TRAINED = "trained"
WORTH_IT = 3  # students: it takes about as long as to grade one of them without


def trained(folder):
    """The folder of epochs for the class folder `folder`; None if it is not complete."""
    place = _place(folder)
    return place if place.is_dir() else None


def train_once(folder, jobs, environment):
    """Fill the folder of epochs, `jobs` notebooks at a time, and print how long that took."""
    names, place = notebook_names(folder), _place(folder)
    books = [path for path in find_notebooks() if path.stem in names]
    if place.is_dir() or not books:
        return
    print(f"training what {len(books)} notebooks train, once for all …", flush=True)
    began = time.monotonic()
    for old in place.parent.glob("[0-9a-f]*"):  # of another course, or of other packages
        shutil.rmtree(old)
    place.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".", dir=place.parent) as unfinished:
        kept = Path(unfinished, "epochs").absolute()
        kept.mkdir()
        environment = environment | {EPOCHS: str(kept), KEEP_EPOCHS: "1"}

        def one(book, run):
            """Run a notebook of the course; its log, if something in it fails."""
            log = folder / LOGS / f"{TRAINED}_{book.stem}.log"
            with tempfile.TemporaryDirectory() as empty:
                copy = shutil.copy(book, empty)
                command = [sys.executable, "-P", "-m", "sparse_ae", "check", copy]
                return log if run(command, log, environment) else None

        failed = [log for log in side_by_side(jobs, one, books) if log]
        with contextlib.suppress(OSError):  # another process was faster
            kept.rename(place)
    for log in failed:
        print(f"        not all of it, which only takes longer: {log} says why", flush=True)
    print(f"trained {time.monotonic() - began:4.0f} seconds", flush=True)


def _place(folder):
    """Named after what the trainings depend on beside the notebooks."""
    digest = hashlib.blake2b(digest_size=6)
    for path in sorted(Path(__file__).parents[1].rglob("*.py")):
        digest.update(path.read_bytes())
    for package in ("keras", "tensorflow", "numpy"):
        digest.update(version(package).encode())
    return folder / TRAINED / digest.hexdigest()
