"""The sweep: nothing lost, nothing twice, whatever happens; and what it ships."""

import csv
import errno
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time

import numpy as np
import pytest
from conftest import ROOT

import sparse_ae as s
from sparse_ae.course.commands import main
from sparse_ae.fast import programs
from sparse_ae.fast.batches import scale
from sparse_ae.jobs import one_model, sweep
from sparse_ae.jobs.sweep import Results, Run, course_grid, grid
from sparse_ae.jobs.sweep_tables import SWEEP, VARIANT_NAMES
from sparse_ae.support.keras_start import keras

OPTIONS = ["--l1", "1e-4", "2e-4", "--epochs", "1"]
# A training that takes a moment and no TensorFlow, for what is not about numbers.
STAND_IN = """
import sys, time
import numpy as np
from sparse_ae.jobs import one_model, sweep

def train(run):
    time.sleep(0.05)
    with open({log!r}, "a") as log:
        log.write(run.name + "\\n")
    if run.value == {bad!r}:
        return {{"problem": "this one fails."}}
    row = dict.fromkeys(sweep.COLUMNS, run.seed) | run._asdict()
    weights = {{"code/kernel": np.zeros((784, 32), "float16")}}
    return {{"rows": [row], "weights": weights, "remark": ""}}
"""


@pytest.fixture
def stand_in(monkeypatch, tmp_path):
    """In place of TensorFlow, in this process; the list of what was trained."""
    trained = []

    def train(run):
        trained.append(run)
        row = dict.fromkeys(sweep.COLUMNS, 1.5) | run._asdict() | {"setting": "l1"}
        return {"rows": [row], "weights": {"code/bias": np.ones(32, "float16")}, "remark": ""}

    monkeypatch.setattr(one_model, "train", train)
    return trained


def rows_of(folder):
    with (folder / sweep.TABLE).open() as file:
        return list(csv.DictReader(file))


def command(*arguments, **options):
    return subprocess.Popen(
        [sys.executable, "-m", "sparse_ae", "sweep", *arguments],
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        **options,
    )


@pytest.mark.long
def test_the_same_numbers_from_one_process_and_from_two(tmp_path):
    """The second model of one process is trained by the first one's program."""
    tables = {}
    for jobs in ("1", "2"):
        out = tmp_path / jobs
        done = command("--out", str(out), "--jobs", jobs, *OPTIONS)
        _, errors = done.communicate(timeout=900)
        assert done.returncode == 0 and errors == ""
        tables[jobs] = (out / sweep.TABLE).read_bytes()
    assert tables["1"] == tables["2"]
    rows = rows_of(tmp_path / "2")
    assert [row["value"] for row in rows] == ["0.0001", "0.0002"]
    assert float(rows[0]["bce"]) < float(rows[1]["bce"])


# From 1e-3 on a free model is a lottery, and three seeds say little about a fourth.
VARIANTS = {"free": 1e-4, "unit": 2e-4, "priced": 2e-4, "gated": 4e-4, "topk": 8,
            "topk_resampled": 8, "kl": 2e-2}  # fmt: skip


@pytest.fixture
def few_images(x_test, monkeypatch):
    """The sweep trains on 1,000 images and measures 500."""
    raw = np.rint(x_test[:1000] * 255).astype("uint8")
    monkeypatch.setattr(one_model, "load_mnist", lambda scale: ((raw, None), (raw[:500], None)))
    one_model._images.cache_clear()
    yield raw
    one_model._images.cache_clear()


@pytest.mark.slow
@pytest.mark.parametrize("variant", ["topk_resampled", pytest.param("kl", marks=pytest.mark.long)])
def test_a_run_is_the_fit_of_a_cell(few_images, variant, monkeypatch):
    """The second model of a program, with another number, is the one that `fit` trains alone."""
    monkeypatch.setattr(programs, "_programs", {})
    run = Run(variant, 16, VARIANTS[variant], 3, 2)
    assert "problem" not in one_model.train(run._replace(value=3))
    found = one_model.train(run)
    assert len(programs._programs) == 1

    monkeypatch.setattr(programs, "_programs", {})
    keras.utils.set_random_seed(3)
    batches = s.training_batches(few_images)
    optimizer = s.quick_optimizer(batches, 2)
    model = s.build_autoencoder(**one_model.options(run), optimizer=optimizer)
    callbacks = one_model.callbacks(run, few_images)
    model.fit(batches, epochs=2, callbacks=callbacks, verbose=0)
    wanted = s.measure_model(model, scale(few_images[:500]), more=True)
    row = found["rows"][0]
    assert {name: row[name] for name in wanted} == pytest.approx(wanted, rel=1e-4)
    kernel = model.layers[0].get_weights()[0]
    assert np.allclose(found["weights"]["code/kernel"], kernel, atol=2e-3)
    assert len(found["rows"]) == (3 if variant == "kl" else 1)


def test_it_goes_on_with_what_is_missing(tmp_path, stand_in, capsys):
    runs = grid(["unit"], [32], 3, l1=[1e-4, 2e-4])
    assert sweep.sweep(tmp_path, runs[:2], jobs=1) and stand_in == runs[:2]
    assert sweep.sweep(tmp_path, runs, jobs=1) and stand_in == runs
    assert sweep.sweep(tmp_path, runs, jobs=1) and stand_in == runs
    assert len(rows_of(tmp_path)) == 6
    assert "6 of 6 models done" in capsys.readouterr().out


@pytest.mark.parametrize("content", [b"", b"no archive", "half", "other"])
def test_a_broken_result_is_told_and_trained_again(tmp_path, stand_in, capsys, content):
    runs = grid(["unit"], [32], 2, l1=[1e-4])
    sweep.sweep(tmp_path, runs, jobs=1)
    path = Results(tmp_path).path(runs[0])
    if content == "half":
        content = path.read_bytes()[: path.stat().st_size // 2]
    if content == "other":
        np.savez(path, other=np.ones(3))
    else:
        path.write_bytes(content)
    capsys.readouterr()
    assert sweep.sweep(tmp_path, runs, jobs=1) and stand_in == [*runs, runs[0]]
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and path.name in told and "trained again" in told
    assert len(rows_of(tmp_path)) == 2


def test_what_fails_is_one_sentence_and_the_others_go_on(tmp_path, stand_in, capsys, monkeypatch):
    train = one_model.train

    def fails(run):
        return {"problem": "it cannot be."} if run.value == 2e-4 else train(run)

    monkeypatch.setattr(one_model, "train", fails)
    runs = grid(["unit"], [32], 1, l1=[1e-4, 2e-4, 4e-4])
    assert not sweep.sweep(tmp_path, runs, jobs=1)
    said = capsys.readouterr()
    assert said.err == "unit_32_0.0002_seed0_8epochs: it cannot be.\n"
    assert "1 of them failed" in said.out and len(rows_of(tmp_path)) == 2


def test_a_full_disk_is_one_sentence_and_the_others_go_on(tmp_path, stand_in, capsys, monkeypatch):
    write = sweep.write_even_if_killed

    def full(path, content):
        if "0.0002" in path.name:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        write(path, content)

    monkeypatch.setattr(sweep, "write_even_if_killed", full)
    runs = grid(["unit"], [32], 1, l1=[1e-4, 2e-4, 4e-4])
    assert not sweep.sweep(tmp_path, runs, jobs=1)
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and "No space left" in told and "make room" in told
    assert len(list((tmp_path / "runs").iterdir())) == 2
    monkeypatch.setattr(sweep, "write_even_if_killed", write)
    assert sweep.sweep(tmp_path, runs, jobs=1) and len(rows_of(tmp_path)) == 3


@pytest.mark.skipif(not os.path.isdir("/dev/shm") or os.geteuid() != 0, reason="needs a small disk")
def test_a_disk_that_is_really_full(tmp_path, stand_in, capsys):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = ["mount", "-t", "tmpfs", "-o", "size=40k", "none", str(disk)]
    if subprocess.run(mounted, capture_output=True).returncode:
        pytest.skip("no disk of its own can be mounted here")
    try:
        (disk / "ballast").write_bytes(bytes(30_000))
        runs = grid(["unit"], [32], 9, l1=[1e-4, 2e-4])
        assert not sweep.sweep(disk, runs, jobs=1)
        told = capsys.readouterr().err
        assert "No space left" in told and "Traceback" not in told
        for path in (disk / "runs").iterdir():
            np.load(path)
        (disk / "ballast").unlink()
        finished = len(list((disk / "runs").iterdir()))
        assert 0 < finished < 18 and len(stand_in) == 18
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.slow
def test_a_collapsed_and_a_diverged_model(tmp_path, few_images, capsys):
    """λ 1 leaves nothing; a model without finite numbers has no row; both are told."""
    runs = grid(["free"], [8], 1, 30, l1=[1.0, 1e30, 1e-4])
    assert sweep.sweep(tmp_path, runs, jobs=1)
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 2 and "all units are off" in told[0] and "diverged" in told[1], told
    assert [row["value"] for row in rows_of(tmp_path)] == ["1", "0.0001"]


def stand_in_command(tmp_path, out, number=40, bad=None, **options):
    """A process that sweeps `number` runs with the stand-in, as the command does."""
    log = tmp_path / "log"
    (tmp_path / "stand_in.py").write_text(STAND_IN.format(log=str(log), bad=bad))
    code = f"""
import sys
sys.path.insert(0, {str(tmp_path)!r})
import stand_in
from sparse_ae.jobs import sweep

def _train(run, parent):
    from sparse_ae.jobs.one_model import end_with
    end_with(parent)
    return run, stand_in.train(run)

sweep._train = _train
from sparse_ae.course.commands import main
options = "--variant unit --l1 1e-4 --jobs 2 --seeds {number}".split()
sys.exit(main(["sweep", *options, "--out", {str(out)!r}]))
"""
    return subprocess.Popen(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def whole(folder):
    """The runs in a folder; every file in it can be read."""
    found = set()
    for path in (folder / "runs").iterdir() if (folder / "runs").is_dir() else ():
        with np.load(path) as file:
            (row,) = json.loads(str(file["rows"]))
            assert file["code/kernel"].shape == (784, 32)
        assert path.name == f"unit_32_0.0001_seed{row['seed']}_8epochs.npz"
        found.add(row["seed"])
    return found


@pytest.mark.long
def test_killed_at_many_moments(tmp_path):
    out, chance = tmp_path / "out", random.Random(0)
    finished = set()
    for _ in range(4):
        process = stand_in_command(tmp_path, out, number=60)
        time.sleep(chance.uniform(1, 4))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert whole(out) >= finished  # nothing that was there is lost
        finished = whole(out)
    process = stand_in_command(tmp_path, out, number=60)
    _, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors
    assert whole(out) == set(range(60)) and len(rows_of(out)) == 60
    trained = (tmp_path / "log").read_text().split()
    # Trained twice is at most what was in flight: two processes, what they had been sent ahead,
    # and what had come back but was not written.
    assert len(trained) - len(set(trained)) <= 4 * 6


@pytest.mark.long
def test_stopped_by_ctrl_c(tmp_path):
    """It reaches the workers as well, as in a terminal, in the middle of their training."""

    def hear_it():  # a shell starts what is in its background deaf to it
        signal.signal(signal.SIGINT, signal.default_int_handler)

    process = stand_in_command(
        tmp_path, tmp_path / "out", number=400, start_new_session=True, preexec_fn=hear_it
    )
    until = time.monotonic() + 300
    while not list(tmp_path.glob("out/runs/*")) and time.monotonic() < until:
        time.sleep(0.1)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 130, errors
    assert errors == "\nsparse-ae: stopped; nothing is half-written.\n"
    for path in (tmp_path / "out" / "runs").iterdir():
        np.load(path)


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def dask(folder, name, *options):
    """A scheduler or a worker of Dask on this machine, which finds modules in `folder`."""
    return subprocess.Popen(
        [sys.executable, "-m", "distributed.cli." + name, *options], cwd=folder,
        env=os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{folder}"},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip


@pytest.mark.slow
def test_dask_with_a_worker_that_is_killed(tmp_path):
    """A scheduler and two workers on this machine; one is killed on the way."""
    pytest.importorskip("distributed")
    address = f"tcp://127.0.0.1:{free_port()}"
    log = tmp_path / "log"
    (tmp_path / "stand_in.py").write_text(STAND_IN.format(log=str(log), bad=None))
    # What each worker loads first: the stand-in in place of TensorFlow.
    (tmp_path / "replace.py").write_text(
        "import sys, types, stand_in\n"
        "program = types.ModuleType('sparse_ae.jobs.one_model')\n"
        "program.train, program.end_with = stand_in.train, None\n"
        "sys.modules['sparse_ae.jobs.one_model'] = program\n"
    )
    (tmp_path / "stand_in.py").write_text(
        (tmp_path / "stand_in.py").read_text().replace("import one_model, sweep", "import sweep")
    )
    host, port = "127.0.0.1", address.rsplit(":", 1)[1]
    scheduler = dask(tmp_path, "dask_scheduler", "--host", host, "--port", port, "--no-dashboard")
    options = ("--no-dashboard", "--no-nanny", "--nthreads", "1", "--preload", "replace")
    workers = [dask(tmp_path, "dask_worker", address, *options) for _ in range(2)]
    try:
        process = command(
            "--out", str(tmp_path / "out"), "--dask", address, "--l1", "1e-4", "--seeds", "60"
        )
        until = time.monotonic() + 120
        while not log.exists() and time.monotonic() < until:
            time.sleep(0.1)
        time.sleep(1)
        workers[0].send_signal(signal.SIGKILL)
        _, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors
        assert whole(tmp_path / "out") == set(range(60)) and len(rows_of(tmp_path / "out")) == 60
        trained = log.read_text().split()
        # What the lost worker had finished and not yet handed over is trained again.
        assert len(set(trained)) == 60 and len(trained) < 100
    finally:
        for one in (*workers, scheduler):
            one.kill()
            one.wait()


@pytest.mark.long
def test_a_cluster_gives_the_numbers_of_this_machine(tmp_path, few_images):
    """Though Dask draws random numbers in a worker meanwhile, to estimate the sizes of results."""
    pytest.importorskip("distributed")
    runs = grid(["unit"], [8], 4, 1, l1=[1e-3])
    assert sweep.sweep(tmp_path / "here", runs, jobs=1)
    np.save(tmp_path / "raw.npy", few_images)
    (tmp_path / "few.py").write_text(
        "import numpy as np\nfrom sparse_ae.jobs import one_model\n"
        f"raw = np.load({str(tmp_path / 'raw.npy')!r})\n"
        "one_model.load_mnist = lambda scale: ((raw, None), (raw[:500], None))\n"
    )
    port = str(free_port())
    address = f"tcp://127.0.0.1:{port}"
    options = ("--no-dashboard", "--no-nanny", "--nthreads", "1", "--preload", "few")
    started = [
        dask(tmp_path, "dask_scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard"),
        dask(tmp_path, "dask_worker", address, *options),
    ]
    try:
        assert sweep.sweep(tmp_path / "there", runs, dask=address)
    finally:
        for one in started:
            one.kill()
            one.wait()
    here, there = (sorted(map(str, rows_of(tmp_path / name))) for name in ("here", "there"))
    assert here == there


def test_a_cluster_that_is_not_there(tmp_path, capsys, monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr(sweep, "SCHEDULER_ANSWERS", 1)
    address = f"tcp://127.0.0.1:{free_port()}"
    assert main(["sweep", "--out", str(tmp_path), "--dask", address]) == 1
    told = capsys.readouterr().err
    assert address in told and told.count("\n") == 1


def test_without_dask(tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert main(["sweep", "--out", str(tmp_path), "--dask", "tcp://127.0.0.1:1"]) == 1
    assert "pip install 'sparse-ae[cluster]'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--variant", "best"], ["--variant", "best"]),
        (["--l1", "-1"], ["--l1", "'-1'"]),
        (["--l1", "nan"], ["--l1", "'nan'"]),
        (["--k", "2.5"], ["--k", "'2.5'"]),
        (["--seeds", "0"], ["--seeds", "'0'"]),
        (["--jobs", "0"], ["--jobs", "'0'"]),
    ],
)
def test_bad_options_are_one_sentence(tmp_path, capsys, options, words):
    with pytest.raises(SystemExit) as stopped:
        main(["sweep", "--out", str(tmp_path / "out"), *options])
    told = capsys.readouterr().err
    assert stopped.value.code == 2 and told.count("\n") == 1
    assert all(word in told for word in words) and not (tmp_path / "out").exists()


def test_out_is_a_file(tmp_path, capsys):
    (tmp_path / "taken").write_text("mine")
    assert main(["sweep", "--out", str(tmp_path / "taken")]) == 1
    assert capsys.readouterr().err.count("\n") == 1 and (tmp_path / "taken").read_text() == "mine"


def test_the_variants_of_the_command_are_those_of_the_sweep():
    from sparse_ae.course.commands import parser

    options = vars(parser().parse_args(["sweep", "--variant", *sweep.SETTINGS]))
    assert options["variant"] == list(sweep.SETTINGS)
    assert set(VARIANT_NAMES) == set(sweep.SETTINGS)
    with pytest.raises(SystemExit):
        parser().parse_args(["sweep", "--variant", "free", "other"])


# What is shipped in data/.


@pytest.fixture(scope="module")
def shipped():
    if not SWEEP.exists():
        pytest.skip("the course's sweep is not in data/ yet: sparse-ae sweep --course")
    return s.load_sweep()


def test_the_shipped_table_is_the_courses_grid(shipped):
    rows, weights = shipped
    found = [Run(*(row[name] for name in Run._fields)) for row in rows if not row["threshold"]]
    assert found == course_grid()
    for row in rows:
        assert 0.05 < row["bce"] < 0.3 and row["ev"] <= 1
        assert row["atom_length"] == pytest.approx(1, abs=1e-4) or row["variant"] in (
            "free", "priced", "plain", "kl"
        )  # fmt: skip
    names = {
        f"{variant}_{units}_{value:g}"
        for (variant, units), values in sweep.SHIPPED.items()
        for value in values
    }
    assert weights.keys() == names


def test_shipped_files_are_small(shipped):
    size = sum((ROOT / "data" / name).stat().st_size for name in (sweep.TABLE, sweep.WEIGHTS))
    assert size <= 4_000_000


@pytest.mark.slow
def test_shipped_weights_measure_as_the_table_says(shipped, x_test):
    rows, weights = shipped
    one_of_each = {name.rsplit("_", 1)[0]: name for name in weights}.values()
    for name in one_of_each:
        arrays = weights[name]
        variant, units, value = name.rsplit("_", 2)
        run = Run(variant, int(units), float(value), 0)
        if variant.startswith("topk"):
            run = run._replace(value=int(value))
        model = s.build_autoencoder(**one_model.options(run))
        model.set_weights(list(arrays.values()))
        found = s.measure_model(model, x_test, more=True)
        (row,) = (
            r for r in rows if Run(*(r[f] for f in Run._fields)) == run and not r["threshold"]
        )
        assert {n: row[n] for n in found} == pytest.approx(found, rel=5e-3, abs=1e-3), name


def test_the_table_of_variants_is_generated(shipped):
    rows, _ = shipped
    table = s.variants_table(rows)
    assert (ROOT / "data" / sweep.VARIANTS).read_text("utf-8") == table
    heading, _, *lines = table.splitlines()
    assert all(line.count("|") == heading.count("|") for line in lines)
    assert {line.split(" | ")[1] for line in lines} == set(VARIANT_NAMES.values())


@pytest.mark.long
@pytest.mark.parametrize("variant", VARIANTS)
def test_a_shipped_point_is_found_anew(shipped, variant):
    """Another seed than the shipped ones falls within their spread, widened for three seeds."""
    rows, _ = shipped
    value = VARIANTS[variant]
    of_point = [
        row for row in rows
        if (row["variant"], row["units"], row["value"]) == (variant, 32, value)
        and row["epochs"] == s.QUICK_EPOCHS
        and not row["threshold"]
    ]  # fmt: skip
    assert len(of_point) == 3
    found = one_model.train(Run(variant, 32, value, 3))["rows"][0]
    # Three seeds may lie close together by chance: hence a least spread, of two per cent.
    for name, least in (("bce", 0.0025), ("l0", 0.4), ("ev", 0.012)):
        shipped_ones = [row[name] for row in of_point]
        spread = max(4 * np.std(shipped_ones, ddof=1), least)
        assert abs(found[name] - np.mean(shipped_ones)) < spread, name


def test_the_penalty_for_an_l0_is_read_off_between_the_points():
    penalties, l0s = [1e-4, 1e-3, 1e-2], [20, 10, 4]
    for l0, wanted in {20: 1e-4, 10: 1e-3, 4: 1e-2, 15: 10**-3.5, 7: 10**-2.5, 30: 1e-4}.items():
        assert s.penalty_for(l0, penalties, l0s) == pytest.approx(wanted)


def test_a_damaged_sweep_is_one_sentence(tmp_path):
    (tmp_path / "sweep.csv").write_text("variant,units\nunit,32\n")
    (tmp_path / "weights.npz").write_bytes(b"no archive")
    for arguments in (
        (tmp_path / "none.csv",),
        (tmp_path / "sweep.csv", tmp_path / "weights.npz"),
    ):
        with pytest.raises(OSError, match=r"cannot be read .*restore them") as problem:
            s.load_sweep(*arguments)
        assert "\n" not in str(problem.value)
    assert s.load_sweep(tmp_path / "sweep.csv", None) == ([{"variant": "unit", "units": 32}], {})
