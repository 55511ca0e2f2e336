"""The command line: what `sparse-ae run` writes is consistent, and nothing is ever overwritten."""

import csv
import errno
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT
from matplotlib import image

import sparse_ae as s
from sparse_ae import plotting
from sparse_ae.course.commands import main
from sparse_ae.jobs import main_job
from sparse_ae.jobs.run_folder import choose_folder
from sparse_ae.support.keras_start import keras
from sparse_ae.support.workroom import workroom

pytestmark = pytest.mark.slow  # most of it trains

# What people had in their environment and in their files when they lost a training.
HOSTILE = {
    "matplotlibrc": "text.usetex: True\nfigure.facecolor: black\nsavefig.format: svg\n",
    "keras.json": '{"floatx": "float16", "epsilon": 0.1, "backend": "theano"}',
}
HOSTILE_VARIABLES = {
    "MPLBACKEND": "no such backend",
    "PYTHONWARNINGS": "error",
    "KERAS_BACKEND": "torch",
    "KERAS_MAX_EPOCHS": "1",
    "LC_ALL": "C",
}


@pytest.fixture(scope="module")
def done(from_wheel, tmp_path_factory):
    """One short run through the real command, from the wheel, and what it printed."""
    folder = tmp_path_factory.mktemp("hostile")
    for name, text in HOSTILE.items():
        (folder / name).write_text(text)
    files = {"MATPLOTLIBRC": str(folder / "matplotlibrc"), "KERAS_HOME": str(folder)}
    options = ("--epochs", "2", "--batch-size", "2000")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (files | HOSTILE_VARIABLES).items():
            patch.setenv(name, value)
        finished = from_wheel("-m", "sparse_ae", "run", *options)
    assert finished.stderr == ""  # TensorFlow starts without a word
    return from_wheel.folder / "sparse-ae-run", finished.stdout


def test_it_announces_reports_and_writes(done):
    folder, printed = done
    lines = printed.splitlines()
    assert "sparse-ae-run/" in lines[0]
    for words in ("test BCE", "perfect copy", "mean image", "PCA", "mean code", "L0", "never on"):
        assert words in printed
    assert sorted(os.listdir(folder)) == sorted(main_job.FILES)
    for name in main_job.FILES:
        if name.endswith(".png"):
            assert (folder / name).read_bytes().startswith(b"\x89PNG")


def test_model_features_and_measures_agree(done, mnist):
    folder, printed = done
    (x_train, y_train), (x_test, y_test) = mnist
    model = keras.models.load_model(folder / "model.keras")
    encoder = keras.models.load_model(folder / "encoder.keras")
    with np.load(folder / "features.npz") as features:
        assert features["train"].shape == (60000, 32) and features["test"].shape == (10000, 32)
        assert np.allclose(features["test"], s.encode(model, x_test), atol=1e-5)
        assert np.allclose(features["train"], s.encode(encoder, x_train), atol=1e-5)
        assert np.array_equal(features["y_train"], y_train)
        assert np.array_equal(features["y_test"], y_test)
    measures = json.loads((folder / "measures.json").read_text())
    assert measures == pytest.approx(s.measure_model(model, x_test), rel=1e-6)
    assert f"{measures['bce']:.4f}" in printed and f"{measures['mse']:.4f}" in printed


def test_history_adds_up(done, x_test):
    folder, _ = done
    with (folder / "history.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["epoch"] for row in rows] == ["1", "2"]
    for row in rows:
        for prefix in ("", "val_"):
            parts = [
                float(row[f"{prefix}{name}"]) for name in ("loss", "binary_crossentropy", "penalty")
            ]
            assert parts[0] == pytest.approx(parts[1] + parts[2], abs=2e-6)
    model = keras.models.load_model(folder / "model.keras")
    penalty = s.l1_penalty(s.encode(model, x_test), 1e-4)
    assert float(rows[-1]["val_penalty"]) == pytest.approx(penalty, rel=1e-3)


def test_a_second_run_overwrites_nothing(done, monkeypatch, capsys):
    folder, _ = done
    monkeypatch.chdir(folder.parent)
    assert choose_folder(main_job.FILES).name == "sparse-ae-run-2"
    before = {name: (folder / name).read_bytes() for name in main_job.FILES}
    assert main(["run", "--out", str(folder)]) == 1
    message = capsys.readouterr().err
    assert "already holds model.keras" in message and message.count("\n") == 1
    assert {name: (folder / name).read_bytes() for name in main_job.FILES} == before


def test_a_folder_with_other_files_keeps_them(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    assert choose_folder(main_job.FILES, tmp_path) == tmp_path


@pytest.fixture(scope="module")
def few(mnist):
    (x_train, y_train), (x_test, y_test) = mnist
    return (x_train[:600], y_train[:600]), (x_test[:100], y_test[:100])


@pytest.fixture
def few_images(few, monkeypatch):
    monkeypatch.setattr(main_job, "load_mnist", lambda: few)


OPTIONS = {"code_size": 32, "l1": 1e-4, "optimizer": "adam", "unit_norm": False}


@pytest.fixture(scope="module")
def trained(few):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(main_job, "load_mnist", lambda: few)
        return main_job.train(1, 256, 0, "binary_crossentropy", "lesson", OPTIONS)


@pytest.fixture
def short_run(tmp_path, trained, monkeypatch):
    """A run into `tmp_path / "out"` that is trained already; the exit status.

    Without `pictures` it draws none, which would take most of the time.
    """

    def run(pictures=False):
        if not pictures:
            monkeypatch.setattr(main_job, "draw", lambda *_: [])
        return main(["run", "--out", str(tmp_path / "out")])

    monkeypatch.setattr(main_job, "train", lambda *_: trained)
    return run


def test_the_numbers_are_those_of_a_usual_machine(done):
    folder, _ = done
    usual = main_job.train(2, 2000, 0, "binary_crossentropy", "lesson", OPTIONS)
    with (folder / "history.csv").open() as file:
        rows = list(csv.DictReader(file))
    for name in ("loss", "val_loss"):
        found = [float(row[name]) for row in rows]
        assert found == pytest.approx(usual.history[name], rel=1e-4)


def test_pictures_are_those_of_a_usual_machine(done):
    folder, _ = done
    for name in main_job.PICTURES:
        pixels = image.imread(folder / name)
        assert pixels[:3, :3, :3].min() > 0.9, name  # white, and not black


@pytest.mark.parametrize("taken", ["model.keras", "measures.json", "loss.png"])
def test_two_runs_into_one_folder(tmp_path, monkeypatch, capsys, trained, short_run, taken):
    """The other one finishes first: both keep their files."""
    out = tmp_path / "out"

    def train_while_another_finishes(*_):
        (out / taken).write_text("theirs")
        return trained

    monkeypatch.setattr(main_job, "train", train_while_another_finishes)
    assert short_run(pictures=True) == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and "keeps its files: the files of this run are in" in error
    assert (out / taken).read_text() == "theirs"
    ours = [*out.iterdir(), *(tmp_path / "out-2").iterdir()]
    assert sorted(path.name for path in ours if path != out / taken) == sorted(main_job.FILES)
    assert (tmp_path / "out-2" / taken).exists()


def test_a_folder_that_is_deleted_meanwhile(tmp_path, monkeypatch, trained, short_run):
    def train_while_somebody_tidies_up(*_):
        shutil.rmtree(tmp_path / "out")
        return trained

    monkeypatch.setattr(main_job, "train", train_while_somebody_tidies_up)
    assert short_run() == 0
    assert sorted(os.listdir(tmp_path / "out")) == sorted(main_job.RESULTS)


def test_without_hard_links(tmp_path, monkeypatch, short_run):
    def no_links(*_):
        raise OSError("this file system has none")

    monkeypatch.setattr(os, "link", no_links)
    assert short_run() == 0
    assert sorted(os.listdir(tmp_path / "out")) == sorted(main_job.RESULTS)
    keras.models.load_model(tmp_path / "out" / "model.keras")


def closed_pipe():
    """What `sparse-ae … | head -0` writes to."""
    read, write = os.pipe()
    os.close(read)
    return write


def test_a_reader_that_goes_away_costs_no_results(tmp_path, monkeypatch, short_run):
    for name in ("stdout", "stderr"):
        stream = io.TextIOWrapper(io.BufferedWriter(io.FileIO(closed_pipe(), "wb")))
        monkeypatch.setattr(sys, name, stream)
    assert short_run() == 0
    monkeypatch.undo()
    assert sorted(os.listdir(tmp_path / "out")) == sorted(main_job.RESULTS)


def test_a_reader_that_goes_away_is_no_error_for_any_command(tmp_path):
    for command in (["notebooks", "--out", "all"], ["--help"], ["no such command"]):
        done = subprocess.run(
            [sys.executable, "-m", "sparse_ae", *command],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=closed_pipe(),
            stderr=subprocess.PIPE if command[0] != "no such command" else closed_pipe(),
        )
        assert done.returncode == (2 if command[0] == "no such command" else 0)
        assert not done.stderr
    assert len(list((tmp_path / "all").iterdir())) == len(
        list((ROOT / "notebooks").glob("*.ipynb"))
    )


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="the device is Linux's")
def test_a_report_with_no_room_costs_no_training(tmp_path, monkeypatch, capsys, short_run):
    with open("/dev/full", "w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        assert short_run() == 1  # told at the first line, before a training whose report is lost
        monkeypatch.undo()
    assert "No space left on device: make room" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("broken", ["plot_atoms", "savefig", "no diagram"])
def test_a_picture_that_fails_costs_a_line(tmp_path, monkeypatch, capsys, short_run, broken):
    def fail(*_, **__):
        raise RuntimeError("Failed to process string with tex\nbecause latex could not be found")

    missing = ["atoms.png"]
    if broken == "plot_atoms":
        monkeypatch.setattr(plotting, "plot_atoms", fail)
    elif broken == "savefig":
        monkeypatch.setattr("matplotlib.figure.Figure.savefig", fail)
        missing = [name for name in main_job.PICTURES if name != "layers.png"]
    else:
        monkeypatch.setattr("sparse_ae.support.diagram._programs", lambda: [("dot", "/no/dot")])
        missing = ["layers.png"]
    assert short_run(pictures=True) == 1
    out, error = capsys.readouterr()
    there = set(main_job.FILES) - set(missing)
    assert set(os.listdir(tmp_path / "out")) == there
    assert error.count("\n") == len(missing) and "test BCE" in out
    for name in missing:
        assert f"sparse-ae: {name} could not be drawn: " in error
    assert f"out/ without {', '.join(missing)}" in out.splitlines()[-1]


def test_a_measure_that_fails_keeps_the_model(tmp_path, monkeypatch, capsys, short_run):
    def fail(_):
        raise MemoryError

    monkeypatch.setattr(main_job, "measure", fail)
    assert short_run() == 1
    assert sorted(os.listdir(tmp_path / "out")) == ["encoder.keras", "history.csv", "model.keras"]
    assert "the model is in" in (error := capsys.readouterr().err) and "MemoryError" in error


@pytest.mark.skipif(sys.platform == "win32", reason="the limit is Unix's")
@pytest.mark.parametrize(
    ("most", "failed", "kept"),
    [
        (300_000, "model.keras", []),
        (650_000, "features.npz", ["encoder.keras", "history.csv", "model.keras"]),
    ],
)
def test_a_file_that_may_not_be_so_large(
    tmp_path, monkeypatch, capsys, short_run, most, failed, kept
):
    import resource

    measure = main_job.measure

    def measure_much(trained):
        found = measure(trained)
        found.codes_train = np.random.default_rng(0).random((60_000, 8), np.float32)
        return found

    monkeypatch.setattr(main_job, "measure", measure_much)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    try:
        assert short_run() == 1
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and f"out/{failed}: File too large: raise the limit" in error
    assert sorted(os.listdir(tmp_path / "out") if kept else os.listdir(tmp_path)) == kept


@pytest.mark.parametrize("number", [errno.EDQUOT, errno.ENOSPC, errno.EMFILE, errno.EIO])
def test_what_the_system_says_of_a_file(tmp_path, monkeypatch, capsys, short_run, number):
    def fail(*_, **__):
        raise OSError(number, "the library's own words")

    monkeypatch.setattr(np, "savez_compressed", fail)
    assert short_run() == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and f"out/features.npz: {os.strerror(number)}: " in error
    assert "look at what you gave" not in error
    assert (tmp_path / "out" / "model.keras").exists()


def test_what_killed_runs_leave_is_no_reason_for_another_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code = """
import os
from sparse_ae.support.workroom import workroom
with workroom("sparse-ae-run"):
    os.abort()
"""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True)
    (left,) = (tmp_path / "sparse-ae-run").iterdir()
    assert choose_folder(main_job.FILES) == Path("sparse-ae-run")
    with workroom("sparse-ae-run") as room:
        assert not left.exists() and room.is_dir()
        assert choose_folder(main_job.FILES) == Path("sparse-ae-run-2")
        with workroom("sparse-ae-run"):
            assert room.is_dir()
    assert os.listdir("sparse-ae-run") == []
    (tmp_path / "sparse-ae-run" / "mine").write_text("mine")
    assert choose_folder(main_job.FILES) == Path("sparse-ae-run-2")
    (tmp_path / "sparse-ae-run-2").write_text("a file")
    assert choose_folder(main_job.FILES) == Path("sparse-ae-run-3")


def test_a_diverging_run_is_no_success(tmp_path, capsys, few_images):
    out = tmp_path / "out"
    assert main(["run", "--out", str(out), "--epochs", "2", "--l1", "1e38"]) == 2
    assert "diverged in epoch 1" in capsys.readouterr().err and not out.exists()


def test_recipes(tmp_path, monkeypatch, capsys, few_images):
    """Each has its own number of epochs; --epochs goes before it."""
    monkeypatch.setattr(main_job, "draw", lambda *_: [])
    for options, epochs in (([], 8), (["--epochs", "2"], 2)):
        out = tmp_path / f"{epochs}"
        assert main(["run", "--out", str(out), "--recipe", "quick", *options]) == 0
        assert f"epochs: {epochs};" in capsys.readouterr().out
        with (out / "history.csv").open() as file:
            assert len(list(csv.DictReader(file))) == epochs
        rate = keras.models.load_model(out / "model.keras").optimizer.learning_rate
        assert float(rate) == pytest.approx(0, abs=1e-9)
    both = ["--recipe", "quick", "--optimizer", "sgd"]
    assert main(["run", "--out", str(tmp_path / "3"), *both]) == 2
    assert "--recipe quick brings its own optimizer" in capsys.readouterr().err


@pytest.mark.parametrize("stop", [KeyboardInterrupt, ValueError("loss"), MemoryError])
def test_a_run_stopped_before_it_has_results_leaves_nothing(tmp_path, monkeypatch, stop):
    def stopped(*_):
        raise stop

    monkeypatch.setattr(main_job, "train", stopped)
    new = tmp_path / "new"
    assert main(["run", "--out", str(new / "er" / "est")]) in (1, 2, 130)
    assert not new.exists()
    (tmp_path / "notes.txt").write_text("mine")
    assert main(["run", "--out", str(tmp_path)]) in (1, 2, 130)
    assert os.listdir(tmp_path) == ["notes.txt"]


def test_a_run_stopped_after_its_results_keeps_them(tmp_path, monkeypatch, capsys, short_run):
    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(main_job, "draw", stopped)
    assert short_run(pictures=True) == 130
    assert sorted(os.listdir(tmp_path / "out")) == sorted(main_job.RESULTS)
    assert "nothing is half-written" in capsys.readouterr().err


def test_unit_norm(tmp_path, monkeypatch, capsys, few_images):
    monkeypatch.setattr(main_job, "draw", lambda *_: [])
    options = ["--out", str(tmp_path / "out"), "--epochs", "1", "--l1", "2e-4"]
    assert main(["run", "--unit-norm", *options]) == 0
    assert "λ 0.0002, atoms of length 1" in capsys.readouterr().out
    atoms = keras.models.load_model(tmp_path / "out" / "model.keras").get_weights()[2]
    assert np.allclose(np.linalg.norm(atoms, axis=1), 1, atol=1e-5)


def test_out_is_a_file(tmp_path, capsys):
    file = tmp_path / "taken"
    file.write_text("mine")
    assert main(["run", "--out", str(file)]) == 1
    message = capsys.readouterr().err
    assert "cannot be written" in message and "--out" in message and message.count("\n") == 1
    assert file.read_text() == "mine"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--epochs", "0"], ["--epochs", "'0'", "at least 1"]),
        (["--epochs", "many"], ["--epochs", "'many'"]),
        (["--batch-size", "-1"], ["--batch-size", "'-1'"]),
        (["--code-size", "3.5"], ["--code-size", "'3.5'"]),
        (["--seed", "-1"], ["--seed", "'-1'", "at least 0"]),
        (["--code-size", "20000"], ["--code-size", "'20000'", "at most 16384"]),
        (["--l1", "much"], ["--l1", "'much'", "1e-4"]),
        (["--l1", "-1"], ["--l1", "'-1'", "zero or larger"]),
        (["--l1", "nan"], ["--l1", "'nan'", "finite"]),
        (["--l1", "1e300"], ["--l1", "'1e300'", "finite"]),
        (["--loss", "nonsense"], ["loss", "'nonsense'", "mean_squared_error"]),
        (["--optimizer", "nonsense"], ["optimizer", "'nonsense'", "sgd"]),
        (["--optimiser", "sgd"], ["--optimiser"]),
        (["--out", ""], ["--out", "empty"]),
    ],
)
def test_bad_options_are_one_sentence_before_keras_starts(
    tmp_path, monkeypatch, capsys, options, words
):
    monkeypatch.setattr(main_job, "run", None)
    try:
        status = main(["run", "--out", str(tmp_path / "out"), *options])
    except SystemExit as stopped:
        status = stopped.code
    message = capsys.readouterr().err
    assert status == 2 and message.count("\n") == 1 and all(word in message for word in words)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "options", [["--optimizer", "LossScaleOptimizer"], ["--loss", "Loss"]], ids=" ".join
)
def test_names_of_keras_that_are_no_answer(tmp_path, capsys, few_images, options):
    out = tmp_path / "out"
    assert main(["run", "--out", str(out), *options]) == 2
    message = capsys.readouterr().err
    assert message.startswith(f"sparse-ae: {options[0][2:]} must be a Keras ")
    assert options[1] in message and message.count("\n") == 1 and not out.exists()


def test_a_loss_that_wants_labels(tmp_path, capsys, few_images):
    out = tmp_path / "out"
    loss = "sparse_categorical_crossentropy"
    assert main(["run", "--out", str(out), "--epochs", "1", "--loss", loss]) == 2
    message = capsys.readouterr().err
    assert loss in message and message.count("\n") == 1 and not out.exists()


def test_every_option_has_a_help_line(capsys):
    with pytest.raises(SystemExit):
        main(["run", "--help"])
    text = " ".join(capsys.readouterr().out.split())
    for option in (
        "out",
        "recipe",
        "epochs",
        "batch-size",
        "l1",
        "unit-norm",
        "code-size",
        "loss",
        "optimizer",
        "seed",
    ):
        assert f"--{option} " in text


def test_an_old_code_page(from_wheel, monkeypatch):
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    assert "--l1 ?" in from_wheel("-m", "sparse_ae", "run", "--help").stdout


def test_notebooks_are_copied_and_kept(from_wheel):
    out = from_wheel.folder / "mine"
    out.mkdir()
    (out / "01_mnist.ipynb").write_text("my work")
    printed = from_wheel("-m", "sparse_ae", "notebooks", "--out", "mine").stdout
    assert (out / "01_mnist.ipynb").read_text() == "my work"
    assert printed.count("kept ") == 1
    sources = sorted((ROOT / "notebooks").glob("*.ipynb"))
    assert [p.name for p in sorted(out.iterdir())] == [p.name for p in sources]
    assert (out / sources[1].name).read_bytes() == sources[1].read_bytes()
