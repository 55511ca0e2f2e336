"""What was trained once is not trained again, and only where nothing at all is different."""

import os
import shutil

import numpy as np
import pytest
from conftest import ROOT
from small_course import code, read, small_notebook, write
from test_grading import PREPARE, shell, without_isolation

from sparse_ae import TopK, build_autoencoder, guarded, training_batches
from sparse_ae.course import isolation, notebooks, trainings
from sparse_ae.fast import programs
from sparse_ae.support.files import EPOCHS, KEEP_EPOCHS
from sparse_ae.support.keras_start import keras

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("without_xla")]
Adam = keras.optimizers.Adam


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """An empty folder in which epochs are kept."""
    monkeypatch.setenv(EPOCHS, str(tmp_path))
    monkeypatch.setenv(KEEP_EPOCHS, "1")
    return tmp_path


def trained(images, change=lambda model: None, order=1, size=64, epochs=2, judged=None, **options):
    """All that is there after a training: weights, the optimizer's variables, the history."""
    keras.utils.set_random_seed(0)
    made = {name: value() if callable(value) else value for name, value in options.items()}
    model = build_autoencoder(**{"code_size": 8} | made)
    change(model)
    judged = np.float32(images[:50] / 255) if judged is None else judged
    past = model.fit(
        training_batches(images, size, seed=order),
        epochs=epochs,
        validation_data=(judged, judged),
        verbose=0,
    )
    moments = [variable.numpy() for variable in model.optimizer.variables]
    return [*model.get_weights(), *moments, *past.history.values()]


def no_training(*_):
    raise AssertionError("this is trained, or tested, once more")


@pytest.mark.parametrize(
    "options", [{}, {"unit_norm": True, "optimizer": lambda: Adam(0.01)}, {"sparsity": "gated"}]
)
def test_the_second_time_nothing_is_trained(raw, kept, monkeypatch, options):
    first = trained(raw, **options)
    files = len([*kept.iterdir()])
    assert files == 4  # two epochs, two validations
    monkeypatch.setattr(programs.Program, "_run", no_training)
    second = trained(raw, **options)
    assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))
    assert len([*kept.iterdir()]) == files


def one_pixel(raw):
    other = raw.copy()
    other[7, 400] ^= 255
    return {"images": other, "judged": np.float32(raw[:50] / 255)}


def frozen(model):
    model.layers[0].trainable = False


def heavier(model):
    model.layers[0].set_weights([2 * array for array in model.layers[0].get_weights()])


def forgetful(model):
    model.optimizer.beta_1 = 0.5


OTHERS = {
    "λ": lambda raw: {"l1": 1e-2},
    "order": lambda raw: {"order": 2},
    "size of the batches": lambda raw: {"size": 60},
    "one pixel": one_pixel,
    "learning rate": lambda raw: {"optimizer": lambda: Adam(0.01)},
    "loss": lambda raw: {"loss": "mse"},
    "weights at the start": lambda raw: {"change": heavier},
    "a setting of the optimizer": lambda raw: {"change": forgetful},
    "a layer that is frozen": lambda raw: {"change": frozen},
    "length of the atoms": lambda raw: {"unit_norm": True},
    "images to judge by": lambda raw: {"judged": np.float32(raw[50:60] / 255)},
}


@pytest.fixture(scope="module")
def usual(raw, tmp_path_factory):
    """What the usual training comes to, and the folder in which it is kept."""
    folder = tmp_path_factory.mktemp("usual")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(EPOCHS, str(folder))
        patch.setenv(KEEP_EPOCHS, "1")
        return trained(raw), folder


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_whatever_decides_is_looked_at(raw, usual, monkeypatch, other):
    options = {"images": raw} | other(raw)
    wanted = trained(**options)
    monkeypatch.setenv(EPOCHS, str(usual[1]))
    found = trained(**options)
    assert all(np.allclose(a, b, atol=1e-6) for a, b in zip(wanted, found, strict=True))
    assert not all(np.allclose(a, b, atol=1e-6) for a, b in zip(usual[0], found, strict=False))


def test_k_and_one_epoch_more(raw, kept, monkeypatch):
    for k in (2, 5):
        trained(raw, sparsity=lambda k=k: TopK(k))
    assert len([*kept.iterdir()]) == 8
    longer = trained(raw, sparsity=lambda: TopK(5), epochs=3)
    assert len([*kept.iterdir()]) == 10
    monkeypatch.delenv(EPOCHS)
    wanted = trained(raw, sparsity=lambda: TopK(5), epochs=3)
    assert all(np.allclose(a, b, atol=1e-6) for a, b in zip(wanted, longer, strict=True))


def test_what_has_a_part_of_a_strangers_is_always_trained(raw, kept):
    model = build_autoencoder(8)
    model.layers[0].activity_regularizer = lambda codes: 0.1 * keras.ops.sum(codes)
    guarded(model).compile("adam", "mse")
    model.fit(training_batches(raw, 64), epochs=1, verbose=0)
    assert not [*kept.iterdir()]


def test_broken_files_a_full_disk_and_a_folder_that_is_read_only(raw, kept, monkeypatch):
    first = trained(raw)
    for path in kept.iterdir():
        path.write_bytes(path.read_bytes()[:-100])
    damaged = {path: path.read_bytes() for path in kept.iterdir()}
    monkeypatch.delenv(KEEP_EPOCHS)
    broken = trained(raw)
    assert {path: path.read_bytes() for path in kept.iterdir()} == damaged  # nothing was written
    monkeypatch.setenv(EPOCHS, str(kept / "not" / "there"))
    monkeypatch.setenv(KEEP_EPOCHS, "1")
    for found in (broken, trained(raw)):
        assert all(np.allclose(a, b, atol=1e-6) for a, b in zip(first, found, strict=True))
    assert len([*kept.iterdir()]) == 4


def small_book(path, line, mark="✓"):
    """A notebook with one cell and one check, which passes."""
    marks = {"grade": True, "grade_id": "check_fine", "locked": True, "solution": False}
    marks |= {"schema_version": 3, "points": 1, "task": False}
    check = code("check-fine", f"print('{mark} fine: so it is.')", nbgrader=marks)
    write(path, small_notebook("") | {"cells": [code("line", line), check]})


@pytest.fixture
def class_folder(tmp_path, monkeypatch):
    """A class folder with two notebooks, which come from a course of three."""
    folder = tmp_path / "class"
    for place in (tmp_path / "course", folder / "release" / "notebooks", folder / "grading_logs"):
        place.mkdir(parents=True)
    for name in ("01_first", "02_second", "03_third"):
        line = f"import os; open(os.environ['{EPOCHS}'] + '/{name}', 'w').write('x')"
        small_book(tmp_path / "course" / f"{name}.ipynb", line)
    for name in ("01_first", "02_second"):
        small_book(folder / "release" / "notebooks" / f"{name}.ipynb", "")
    monkeypatch.setattr(notebooks, "NOTEBOOKS", tmp_path / "course")
    return folder


def test_the_notebooks_of_a_class_train_once(class_folder, monkeypatch, capsys):
    assert trainings.trained(class_folder) is None
    trainings.train_once(class_folder, 2, dict(os.environ))
    place = trainings.trained(class_folder)
    assert sorted(path.name for path in place.iterdir()) == ["01_first", "02_second"]
    assert "trained " in capsys.readouterr().out
    trainings.train_once(class_folder, 2, dict(os.environ))
    assert not capsys.readouterr().out

    monkeypatch.setattr(trainings, "version", lambda package: "another one")
    assert trainings.trained(class_folder) is None
    small_book(notebooks.NOTEBOOKS / "02_second.ipynb", "", mark="✗")
    trainings.train_once(class_folder, 1, dict(os.environ))
    (new,) = place.parent.iterdir()
    assert new == trainings.trained(class_folder) != place
    assert [path.name for path in new.iterdir()] == ["01_first"]
    assert "02_second.log says why" in capsys.readouterr().out


def test_a_training_that_is_stopped_leaves_nothing(class_folder, monkeypatch):
    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(shutil, "copy", stopped)
    with pytest.raises(KeyboardInterrupt):
        trainings.train_once(class_folder, 2, dict(os.environ))
    assert not [*(class_folder / trainings.TRAINED).iterdir()]


@pytest.mark.long
def test_a_class_whose_students_train_nothing(tmp_path):
    """Their notebooks cannot train: what 02 trains, they find."""
    project, name = tmp_path / "project", "02_autoencoder.ipynb"
    (project / "notebooks").mkdir(parents=True)
    shutil.copy(ROOT / "notebooks" / name, project / "notebooks")
    shell(PREPARE if isolation.problem() is None else without_isolation(PREPARE), project)
    book = read(ROOT / "notebooks" / name)
    forbid = "from sparse_ae.fast import programs; programs.Program._run = None"
    book["cells"].insert(1, code("forbid", forbid))
    for student in ("Ann", "Ben", "Cleo"):
        place = tmp_path / "class" / "submitted" / student / "notebooks"
        place.mkdir(parents=True)
        write(place / name, book)
    printed = shell("cd ../class\nsparse-ae grade\nsparse-ae marks\n", project)
    assert "training what 1 notebooks train" in printed and "not all of it" not in printed
    for student in ("Ann", "Ben", "Cleo"):
        *_, marks = next(line for line in printed.splitlines() if line.startswith(student)).split()
        assert f"of {marks}" in printed, printed
