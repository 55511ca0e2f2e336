"""What the notebooks train is trained once for a class, before the first student is graded.

The course's own notebooks, solved, run and keep each epoch they train (fast/remembered.py). Where a
student's notebook trains the same, and most of it is the course's own cells, the epoch is read.
"""

import contextlib
import functools
import hashlib
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

from ..support.files import EPOCHS, KEEP_EPOCHS
from .class_folder import LOGS, notebook_names
from .notebooks import find_notebooks

TRAINED = "trained"
WORTH_IT = 3  # students: it takes about as long as to grade one of them without


def trained(folder):
    """The folder of epochs for the class folder `folder`; None if it is not complete."""
    place = _place(folder)
    return place if place.is_dir() else None


def train_once(folder, jobs, environment):
    """Fill the folder of epochs, `jobs` notebooks at a time, and print how long that took."""
    names = notebook_names(folder)
    books = [path for path in find_notebooks() if path.stem in names]
    if trained(folder) or not books:
        return
    print(f"training what {len(books)} notebooks train, once for all …", flush=True)
    began, place = time.monotonic(), _place(folder)
    for old in place.parent.glob("[0-9a-f]*"):  # of another course, or of other packages
        shutil.rmtree(old)
    place.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".", dir=place.parent) as unfinished:
        kept = Path(unfinished, "epochs").absolute()
        kept.mkdir()
        run = functools.partial(_run, folder, environment | {EPOCHS: str(kept), KEEP_EPOCHS: "1"})
        with ThreadPoolExecutor(jobs) as pool:
            tasks = [pool.submit(run, book) for book in books]
            try:
                failed = [log for log in (task.result() for task in tasks) if log]
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        with contextlib.suppress(OSError):  # another process was faster
            kept.rename(place)
    for log in failed:
        print(f"        not all of it, which only takes longer: {log} says why", flush=True)
    print(f"trained {time.monotonic() - began:4.0f} seconds", flush=True)


def _run(folder, environment, book):
    """Run a notebook of the course; its log, if something in it fails."""
    log = folder / LOGS / f"{TRAINED}_{book.stem}.log"
    with tempfile.TemporaryDirectory() as empty, log.open("w", encoding="utf-8") as file:
        copy = shutil.copy(book, empty)
        command = [sys.executable, "-P", "-m", "sparse_ae", "check", copy]
        done = subprocess.run(command, stdout=file, stderr=file, env=environment)
    return log if done.returncode else None


def _place(folder):
    """Named after what the trainings depend on beside the notebooks."""
    digest = hashlib.blake2b(digest_size=6)
    for path in sorted(Path(__file__).parents[1].rglob("*.py")):
        digest.update(path.read_bytes())
    for package in ("keras", "tensorflow", "numpy"):
        digest.update(version(package).encode())
    return folder / TRAINED / digest.hexdigest()
