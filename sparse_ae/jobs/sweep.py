"""A sweep: many models in one command, in as many processes as there are cores, or on a cluster.

    sparse-ae sweep --variant unit --l1 1e-4 2e-4 4e-4 --seeds 3

Every finished model is one file in the folder `runs`, which appears whole or not at all. So a
sweep may be stopped at any moment, and the same command goes on with what is missing.
"""

import contextlib
import csv
import io
import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..support.files import UNREADABLE, replace, write_even_if_killed
from ..support.machine import cores, memory, show_line
from ..training import QUICK_EPOCHS
from .sweep_tables import variants_table

# What the number of a variant is called: in a file's name, on the command line, in the table.
SETTINGS = {
    "plain": "units",
    "free": "l1",
    "unit": "l1",
    "priced": "l1",
    "gated": "l1",
    "topk": "k",
    "topk_resampled": "k",
    "kl": "beta",
}
TABLE, WEIGHTS, VARIANTS = "sweep.csv", "sweep_weights.npz", "variants.md"
COLUMNS = (
    "variant", "units", "setting", "value", "seed", "epochs", "threshold", "bce", "mse", "ev",
    "l0", "mean_code", "never_on", "mostly_on", "atom_length",
)  # fmt: skip
LONGER = 4 * QUICK_EPOCHS  # does the answer depend on how long one trains?
SCHEDULER_ANSWERS = 20  # seconds
ONE_PROCESS = 1_500_000_000  # bytes that a process with TensorFlow and the images needs


class Run(NamedTuple):
    """One model: its variant, units, λ or k or β, seed and epochs."""

    variant: str
    units: int
    value: float
    seed: int
    epochs: int = QUICK_EPOCHS

    @property
    def name(self):
        return f"{self.variant}_{self.units}_{self.value:g}_seed{self.seed}_{self.epochs}epochs"


def grid(variants, units, seeds, epochs=QUICK_EPOCHS, **values):
    """Each of `variants` with each of its values, `units`, and seeds 0, 1, …; by shape.

    values: l1, k and beta, a list each, of which a variant takes the one that is its own.
    "plain" has none. Raises ValueError for a variant without values.
    """
    runs = []
    for variant in variants:
        setting = SETTINGS[variant]
        own = [0] if setting == "units" else values.get(setting) or ()
        if not own:
            raise ValueError(f"--{setting} must be given for --variant {variant}.")
        runs += [Run(variant, n, v, s, epochs) for n in units for v in own for s in range(seeds)]
    return list(dict.fromkeys(runs))


def course_grid():
    """The runs that notebooks show, three seeds each; their measures are shipped in data/."""
    free = [0, 1e-4, 3e-4, 1e-3, 1.5e-3, 2e-3, 2.5e-3, 3e-3, 4e-3, 6e-3]
    unit = [0, 3e-5, 1e-4, 2e-4, 4e-4, 8e-4, 1.5e-3, 3e-3]
    return [
        *grid(["free"], [32], 3, l1=free),
        *grid(["unit"], [32], 3, l1=unit),
        *grid(["priced"], [32], 3, l1=[1e-4, 2e-4, 4e-4, 8e-4, 1.5e-3]),
        *grid(["topk"], [32], 3, k=[2, 4, 8, 12, 16, 24]),
        *grid(["topk_resampled"], [32], 3, k=[8]),
        *grid(["gated"], [32], 3, l1=[1e-4, 4e-4, 8e-4]),
        *grid(["kl"], [32], 3, beta=[2e-2]),
        *grid(["plain"], [8, 16, 28], 3),
        *grid(["unit"], [128], 3, l1=[2e-4, 4e-4, 8e-4]),
        *grid(["topk", "topk_resampled"], [128], 3, k=[16]),
        *grid(["gated"], [128], 3, l1=[8e-4]),
        *grid(["free"], [32], 3, LONGER, l1=[2e-3]),
        *grid(["unit"], [32], 3, LONGER, l1=[2e-4]),
        *grid(["gated"], [32], 3, LONGER, l1=[8e-4]),
    ]


# Whose weights of seed 0 are shipped: as many as fit into four megabytes.
SHIPPED = {
    ("free", 32): (1e-4, 1e-3, 2e-3, 3e-3),
    ("unit", 32): (0, 1e-4, 2e-4, 4e-4, 8e-4, 1.5e-3),
    ("priced", 32): (1e-4, 2e-4, 4e-4, 8e-4),
    ("topk", 32): (4, 8, 16),
    ("topk_resampled", 32): (8,),
    ("gated", 32): (1e-4, 4e-4, 8e-4),
    ("kl", 32): (2e-2,),
    ("plain", 8): (0,),
    ("unit", 128): (2e-4, 8e-4),
    ("topk", 128): (16,),
    ("topk_resampled", 128): (16,),
    ("gated", 128): (8e-4,),
}


def sweep(folder, runs, *, jobs=None, dask=None, ship=False):
    """Train what of `runs` is missing in `folder`, and write the table of all. True if all is well.

    jobs: processes on this machine, by default one per core, as far as the memory goes.
    dask: the address of a Dask scheduler whose workers train instead.
    ship: True writes the weights and the table of variants that the course ships, too.
    What fails is told in one sentence, and the others go on. Raises OSError if `folder` cannot be
    written, ImportError or OSError for a cluster that is not there.
    """
    results = Results(Path(folder))
    left = [run for run in runs if not results.has(run)]
    failed = set()
    with (
        _live_line(len(runs), len(left)) as show,
        contextlib.closing(_trained(left, jobs, dask, show.tell)) as trained,
    ):
        for run, found in trained:
            try:
                if "problem" in found:
                    raise ValueError(found["problem"])
                results.add(run, found)
            except (OSError, ValueError) as problem:
                failed.add(run)
                show.tell(f"{run.name}: {_sentence(problem)}")
            show.one_done(failed=run in failed)
    return _write_tables(results, runs, ship) and not failed


class Results:
    """The finished runs of a folder, a file each: measures, and weights as float16."""

    def __init__(self, folder):
        self.folder = folder
        self.runs = folder / "runs"
        self.runs.mkdir(parents=True, exist_ok=True)
        for half in self.runs.glob(".*.partial"):  # of a sweep that was killed while it wrote
            with contextlib.suppress(OSError):
                half.unlink()

    def has(self, run):
        """Whether `run` is finished. A file that cannot be read is told and taken away."""
        try:
            self.read(run)
        except FileNotFoundError:
            return False
        except UNREADABLE as problem:
            path = self.path(run)
            _tell(f"{path} cannot be read ({type(problem).__name__}): this model is trained again.")
            path.unlink()
            return False
        return True

    def path(self, run):
        return self.runs / f"{run.name}.npz"

    def add(self, run, found):
        content = io.BytesIO()
        told = {name: np.array(json.dumps(found[name])) for name in ("rows", "remark")}
        np.savez_compressed(content, **told, **found["weights"])
        write_even_if_killed(self.path(run), content.getvalue())

    def read(self, run):
        """The rows of a run, a remark, its weights by name. FileNotFoundError if there is none."""
        with np.load(self.path(run), allow_pickle=False) as file:
            found = {name: file[name] for name in file.files}
        return *(json.loads(str(found.pop(name))) for name in ("rows", "remark")), found


def _trained(runs, jobs, dask, tell):
    """Pairs (run, what was found), in the order in which they end."""
    if not runs:
        return
    if dask is None:
        yield from _trained_here(runs, jobs, tell)
    else:
        yield from _trained_on_cluster(runs, dask, tell)


def _trained_here(runs, jobs, tell):
    """The pairs from processes of this machine.

    A process that dies takes the others with it: what is left is begun anew, twice.
    """
    from joblib import Parallel, delayed
    from joblib.externals.loky import get_reusable_executor
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    hook = threading.excepthook

    def tell_others(problem):
        # At Ctrl-C the thread that hands out the work may find that it is gone.
        if not (problem.exc_type is KeyError and "ExecutorManager" in problem.thread.name):
            hook(problem)

    threading.excepthook = tell_others
    left, tries = list(runs), 3
    try:
        while left and tries:
            jobs = min(jobs or _processes(), len(left))
            parallel = Parallel(jobs, return_as="generator_unordered", batch_size=1)
            tasks = (delayed(_train)(run, os.getpid()) for run in left.copy())
            try:
                for run, found in parallel(tasks):
                    left.remove(run)
                    yield run, found
            except TerminatedWorkerError:
                tries -= 1
                if tries:
                    tell("A process was ended from outside: the rest begins anew.")
        for run in left:
            yield run, {"problem": "its process was ended three times: is memory short?"}
    finally:
        get_reusable_executor().shutdown(wait=True, kill_workers=True)
        threading.excepthook = hook


def _trained_on_cluster(runs, address, tell):
    """The pairs from the workers of a Dask cluster, which may come and go meanwhile."""
    try:
        from distributed import Client, as_completed
    except ImportError:
        raise ImportError("--dask needs Dask: pip install 'sparse-ae[cluster]'.") from None
    try:
        client = Client(address, timeout=SCHEDULER_ANSWERS)
    except (OSError, ValueError) as problem:
        raise OSError(
            f"--dask must be the address of a running scheduler and is {address!r} "
            f"({type(problem).__name__}): try tcp://127.0.0.1:8786."
        ) from None
    with client:
        if not client.scheduler_info()["workers"]:
            tell(f"The cluster at {address} has no worker yet: waiting for one.")
        # Dask gives the work of a lost worker to another one.
        of = {client.submit(_train, run, None, key=run.name, pure=False): run for run in runs}
        for future in as_completed(of):
            try:
                yield future.result()
                future.release()
            except ImportError:  # no worker has the course, or TensorFlow
                raise
            except Exception as problem:  # a run whose workers died again and again
                yield of[future], {"problem": f"the cluster lost it ({type(problem).__name__})."}


def _train(run, parent):
    from .one_model import end_with, train

    if parent not in (None, os.getpid()):
        end_with(parent)
    return run, train(run)


def _processes():
    """For this machine: one per core that may be used, as far as the memory goes."""
    room = memory()
    return cores() if room is None else max(1, min(cores(), room // ONE_PROCESS))


def _write_tables(results, runs, ship):
    """The table of all finished runs, and what the course ships. False if a disk is full."""
    rows, weights = [], {}
    for run in runs:
        try:
            found, remark, arrays = results.read(run)
        except UNREADABLE:
            continue  # told already
        if remark:
            _tell(f"{run.name}: {remark}")
        rows += found
        wanted = SHIPPED.get((run.variant, run.units), ())
        if ship and (run.seed, run.epochs) == (0, QUICK_EPOCHS) and run.value in wanted:
            prefix = f"{run.variant}_{run.units}_{run.value:g}"
            weights |= {f"{prefix}/{name}": array for name, array in arrays.items()}
    table = io.StringIO()
    writer = csv.DictWriter(table, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _plain(row[name]) for name in COLUMNS} for row in rows)
    contents = {TABLE: table.getvalue().encode()}
    if ship:
        packed = io.BytesIO()
        np.savez_compressed(packed, **weights)
        contents |= {WEIGHTS: packed.getvalue(), VARIANTS: variants_table(rows).encode()}
    try:
        for name, content in contents.items():
            replace(results.folder / name, content)
    except OSError as problem:
        _tell(_sentence(problem))
        return False
    print(f"{len(rows)} rows in {results.folder / TABLE}")
    return True


def _plain(value):
    return f"{value:.6g}" if isinstance(value, float) else value


def _sentence(problem):
    if isinstance(problem, OSError) and problem.strerror:
        return f"it cannot be written ({problem.strerror}): make room and run the command again."
    return str(problem)


def _tell(text):
    print(text, file=sys.stderr, flush=True)


@contextlib.contextmanager
def _live_line(number, left):
    """One line that says what is done, what is left and for how long; in a log its last state."""
    line = _Line(number, left)
    try:
        line.show()
        yield line
    finally:
        line.show(last=True)


class _Line:
    def __init__(self, number, left):
        self._number, self._done, self._at_first = number, number - left, number - left
        self._failed, self._start = 0, time.monotonic()

    def one_done(self, failed):
        self._done += 1
        self._failed += failed
        self.show()

    def tell(self, sentence):
        _tell(f"\r\x1b[K{sentence}" if sys.stdout.isatty() else sentence)

    def show(self, last=False):
        seconds = time.monotonic() - self._start
        left, now = self._number - self._done, self._done - self._at_first
        text = f"{self._done} of {self._number} models done"
        if self._failed:
            text += f", {self._failed} of them failed"
        if left:
            text += f", {left} left"
        if now and not last:
            minutes, rest = divmod(round(seconds / now * left), 60)
            text += f", about {minutes} min {rest:02} s"
        show_line(text, last)
