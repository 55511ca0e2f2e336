"""The command line: what `sparse-ae run` writes is consistent, and nothing is ever overwritten."""

import csv
import json
import os

import numpy as np
import pytest
from conftest import ROOT

import sparse_ae as s
from sparse_ae.course.commands import main
from sparse_ae.jobs import main_job
from sparse_ae.support.keras_start import keras


@pytest.fixture(scope="module")
def done(from_wheel):
    """One short run through the real command, from the wheel, and what it printed."""
    options = ("--epochs", "2", "--batch-size", "2000")
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
    assert main_job.choose_folder().name == "sparse-ae-run-2"
    before = {name: (folder / name).read_bytes() for name in main_job.FILES}
    assert main(["run", "--out", str(folder)]) == 1
    message = capsys.readouterr().err
    assert "already holds model.keras" in message and message.count("\n") == 1
    assert {name: (folder / name).read_bytes() for name in main_job.FILES} == before


def test_a_folder_with_other_files_keeps_them(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    assert main_job.choose_folder(tmp_path) == tmp_path


def test_two_runs_into_one_folder(tmp_path, monkeypatch):
    """The other one finishes first: both keep their files."""

    def other_finishes(folder, *_):
        for name in main_job.FILES:
            (folder / name).write_text("mine")
        (folder.parent / "loss.png").write_text("theirs")
        return {}, "report"

    monkeypatch.setattr(main_job, "_train_and_write", other_finishes)
    out = tmp_path / "out"
    with pytest.raises(FileExistsError, match=r"files of this run are in .*out-2"):
        main_job.run(out, epochs=1, batch_size=1, seed=0, loss="mse")
    assert os.listdir(out) == ["loss.png"] and (out / "loss.png").read_text() == "theirs"
    for name in main_job.FILES:
        assert (tmp_path / "out-2" / name).read_text() == "mine"


def test_without_hard_links(tmp_path, monkeypatch):
    def finishes(folder, *_):
        for name in main_job.FILES:
            (folder / name).write_text("mine")
        return {}, "report"

    def no_links(*_):
        raise OSError("this file system has none")

    monkeypatch.setattr(main_job, "_train_and_write", finishes)
    monkeypatch.setattr(os, "link", no_links)
    main_job.run(tmp_path / "out", epochs=1, batch_size=1, seed=0, loss="mse")
    assert sorted(os.listdir(tmp_path / "out")) == sorted(main_job.FILES)
    assert (tmp_path / "out" / "loss.png").read_text() == "mine"


def test_a_reader_that_goes_away_costs_no_results(tmp_path, monkeypatch):
    """As in `sparse-ae run | head -1`."""

    def finishes(folder, *_):
        for name in main_job.FILES:
            (folder / name).write_text("mine")
        return {}, "report"

    def closed(*_, **__):
        raise BrokenPipeError

    monkeypatch.setattr(main_job, "_train_and_write", finishes)
    monkeypatch.setattr(main_job, "print", closed, raising=False)
    with pytest.raises(BrokenPipeError):
        main_job.run(tmp_path / "out", epochs=1, batch_size=1, seed=0, loss="mse")
    assert len(os.listdir(tmp_path / "out")) == len(main_job.FILES)


@pytest.fixture
def few_images(mnist, monkeypatch):
    (x_train, y_train), (x_test, y_test) = mnist
    few = (x_train[:600], y_train[:600]), (x_test[:100], y_test[:100])
    monkeypatch.setattr(main_job, "load_mnist", lambda: few)


def test_a_diverging_run_is_no_success(tmp_path, capsys, few_images):
    out = tmp_path / "out"
    assert main(["run", "--out", str(out), "--epochs", "2", "--l1", "1e38"]) == 2
    assert "diverged in epoch 1" in capsys.readouterr().err and not out.exists()


def test_recipes(tmp_path, capsys, few_images):
    """Each has its own number of epochs; --epochs goes before it."""
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
def test_a_stopped_run_leaves_nothing(tmp_path, monkeypatch, stop):
    def stopped(folder, *_):
        (folder / "model.keras").write_text("half")
        raise stop

    monkeypatch.setattr(main_job, "_train_and_write", stopped)
    options = dict(epochs=1, batch_size=1, seed=0, loss="mse")
    new = tmp_path / "new"
    with pytest.raises(BaseException):  # noqa: B017 - whichever it was
        main_job.run(new, **options)
    assert not new.exists()
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(BaseException):  # noqa: B017
        main_job.run(tmp_path, **options)
    assert os.listdir(tmp_path) == ["notes.txt"]


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
        (["--l1", "much"], ["--l1", "'much'"]),
        (["--l1", "-1"], ["l1", "-1.0", "zero or larger"]),
        (["--l1", "nan"], ["l1", "nan"]),
        (["--l1", "1e300"], ["l1", "1e+300"]),
        (["--optimizer", "LossScaleOptimizer"], ["optimizer", "LossScaleOptimizer"]),
        (["--loss", "Loss"], ["loss", "'Loss'"]),
        (["--loss", "nonsense"], ["loss", "'nonsense'", "mean_squared_error"]),
        (["--optimizer", "nonsense"], ["optimizer", "'nonsense'", "sgd"]),
        (["--optimiser", "sgd"], ["--optimiser"]),
        (["--out", ""], ["--out", "empty"]),
    ],
)
def test_bad_options_are_one_sentence_and_write_nothing(tmp_path, capsys, options, words):
    try:
        status = main(["run", "--out", str(tmp_path / "out"), *options])
    except SystemExit as stopped:
        status = stopped.code
    message = capsys.readouterr().err
    assert status == 2 and message.count("\n") == 1 and all(word in message for word in words)
    assert list(tmp_path.iterdir()) == []


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
