"""What the ways to get zeros and the sweep cost beside the lesson's own training: two tables.

    python tests/benchmark_sparsity.py [--rounds 3] [--sweep]

The first: seconds and CPU seconds per epoch of each variant in the compiled epoch, as ratios to the
lesson's model in the same round. The second, with --sweep, takes some minutes: CPU seconds of 78
models of 32 units in one command, beside five of the lesson's own trainings of 50 epochs. Every
measurement runs in a process of its own; nothing is asserted.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
VARIANTS = {
    "lesson": "dict()",
    "L1, atoms of length 1": "dict(unit_norm=True)",
    "priced": "dict(sparsity='priced')",
    "TopK": "dict(sparsity=s.TopK(units // 4), unit_norm=True)",
    "KL": "dict(sparsity=s.KL())",
    "Gated": "dict(sparsity='gated', unit_norm=True)",
}
EPOCHS = 6


def epochs(variant, units):
    """Median seconds and CPU seconds of an epoch after the first, and those of compiling."""
    sys.path.insert(0, str(ROOT))
    import numpy as np

    import sparse_ae as s
    from sparse_ae.support.keras_start import keras

    ends = []
    clock = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: ends.append((time.perf_counter(), time.process_time()))
    )
    keras.utils.set_random_seed(0)
    model = s.build_autoencoder(units, **eval(VARIANTS[variant]))
    batches = s.training_batches(s.load_mnist(scale=False)[0][0])
    start = time.process_time()
    model.fit(batches, epochs=EPOCHS, verbose=0, callbacks=[clock])
    seconds, cpu = np.median(np.diff(ends, axis=0), axis=0)
    return {"seconds": float(seconds), "cpu": float(cpu), "compile": ends[0][1] - start - cpu}


def measured(call):
    command = [sys.executable, __file__, "--one", call]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def print_epochs(rounds, units):
    print(
        f"\n{units} units; ratio to the lesson's   seconds  (smallest to largest)     CPU   compile"
    )
    found = {name: [] for name in VARIANTS}
    for _ in range(rounds):
        for name in VARIANTS:
            found[name].append(measured(f"epochs({name!r}, {units})"))
    for name, runs in found.items():
        seconds, cpu = (
            [run[what] / lesson[what] for run, lesson in zip(runs, found["lesson"], strict=True)]
            for what in ("seconds", "cpu")
        )
        compiling = statistics.median(run["compile"] for run in runs)
        print(
            f"{name:32} {statistics.median(seconds):8.2f}  ({min(seconds):.2f} to "
            f"{max(seconds):.2f}) {statistics.median(cpu):16.2f} {compiling:7.1f} CPU s"
        )


def cpu_of(command):
    """CPU seconds of a command and all that it starts."""
    before = os.times()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=os.environ | {
        "PYTHONPATH": str(ROOT)
    })  # fmt: skip
    after = os.times()
    return after.children_user + after.children_system - before[2] - before[3]


def print_sweep():
    lessons = []
    for seed in range(2):
        code = f"import benchmark_training; benchmark_training.lesson({seed})"
        lessons.append(cpu_of([sys.executable, "-c", f"import sys; sys.path[:0] = "
                               f"[{str(ROOT / 'tests')!r}, {str(ROOT)!r}]; {code}"]))  # fmt: skip
    five = 5 * statistics.mean(lessons)
    with tempfile.TemporaryDirectory() as folder:
        values = [f"{n}e-5" for n in (0, 3, 10, 20, 30, 40, 80, 150, 200, 300)]
        grid = ["--variant", "free", "unit", "--l1", *values, "--seeds", "3"]
        command = [sys.executable, "-m", "sparse_ae", "sweep", "--out", folder]
        spent = cpu_of([*command, *grid])
        spent += cpu_of([*command, "--variant", "topk", "--k", "2", "4", "8", "12", "16", "24",
                         "--seeds", "3"])  # fmt: skip
        number = len(list((Path(folder) / "runs").iterdir()))
    print(f"\n{number} models of 32 units: {spent:.0f} CPU s; ", end="")
    print(
        f"five of the lesson's trainings: {five:.0f} CPU s (2 measured); ratio {spent / five:.2f}"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--units", type=int, nargs="+", default=[32, 128])
    parser.add_argument("--sweep", action="store_true", help="measure the sweep, too")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(eval(options.one)))
        return
    for units in options.units:
        if options.rounds:
            print_epochs(options.rounds, units)
    if options.sweep:
        print_sweep()


if __name__ == "__main__":
    main()
