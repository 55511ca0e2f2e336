"""Whatever Keras is told by the environment and by its file, the course's numbers are the same."""

import gc
import json
import os
import subprocess
import sys

import pytest

from sparse_ae.support import keras_start
from sparse_ae.support.keras_version import check_name

TRAIN = """
import json
from sparse_ae import build_autoencoder, load_mnist, training_batches
from sparse_ae.support.keras_start import keras
(x, _), _ = load_mnist()
keras.utils.set_random_seed(0)
model = build_autoencoder()
history = model.fit(training_batches(x[:2000]), epochs=3, verbose=0).history
loss = model.evaluate(x[:2000], x[:2000], verbose=0, return_dict=True)
print(json.dumps([history["loss"], loss, keras.config.backend(), model.predict(x[:64]).shape]))
"""


def python(code, **environment):
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=os.environ | environment,
    )


@pytest.fixture
def settings(tmp_path):
    """Writes Keras's settings file; the environment in which Keras finds it."""

    def write(text):
        (tmp_path / "keras.json").write_text(text)
        return {"KERAS_HOME": str(tmp_path)}

    return write


@pytest.mark.long
def test_file_and_environment_do_not_change_the_numbers(settings):
    odd = {"floatx": "float16", "epsilon": 0.1, "backend": "theano"}
    environment = settings(json.dumps(odd)) | {
        "KERAS_BACKEND": "torch",
        "KERAS_MAX_EPOCHS": "1",
        "KERAS_MAX_STEPS_PER_EPOCH": "1",
    }
    usual, found = python(TRAIN), python(TRAIN, **environment)
    assert found.returncode == 0, found.stderr
    assert found.stdout.splitlines()[-1] == usual.stdout.splitlines()[-1]
    assert found.stderr == usual.stderr == ""


def test_only_what_keras_is_made_of_is_passed_over_in_searches_for_garbage():
    assert gc.isenabled() and gc.get_freeze_count() > 100_000
    kept = gc.get_freeze_count()
    with pytest.raises(ImportError), keras_start.no_garbage_collection():
        assert not gc.isenabled()
        raise ImportError
    assert gc.isenabled() and gc.get_freeze_count() == kept
    gc.disable()
    try:
        with pytest.raises(ImportError), keras_start.no_garbage_collection():
            raise ImportError
        assert not gc.isenabled()
    finally:
        gc.enable()


@pytest.mark.parametrize("text", ["[1]", "3", '{"floatx": "float99"}', '{"epsilon": 1}'])
def test_a_broken_settings_file_is_named(settings, text):
    failed = python("from sparse_ae import build_autoencoder", **settings(text))
    last = failed.stderr.strip().splitlines()[-1]
    assert last.startswith("ImportError: Keras does not start (") and "keras.json, and it" in last
    assert failed.returncode == 1


def test_a_broken_variable_is_named():
    failed = python("from sparse_ae import build_autoencoder", KERAS_MAX_EPOCHS="many")
    assert "take KERAS_MAX_EPOCHS out of the environment" in failed.stderr.splitlines()[-1]


def test_keras_that_runs_on_something_else_already(monkeypatch):
    monkeypatch.setattr(keras_start.keras.config, "backend", lambda: "jax")
    with pytest.raises(
        ImportError, match=r"^Keras runs on jax already .*KERAS_BACKEND.*keras\.json"
    ):
        keras_start._start()


@pytest.mark.slow
def test_warnings_as_errors():
    done = python("from sparse_ae import build_autoencoder", PYTHONWARNINGS="error")
    assert (done.returncode, done.stderr) == (0, "")


def test_every_name_that_keras_knows_passes():
    from keras.src import losses, optimizers

    for kind, module in (("loss", losses), ("optimizer", optimizers)):
        for name in module.ALL_OBJECTS_DICT:
            check_name(kind, name)
            check_name(kind, name.upper())
        with pytest.raises(ValueError, match=f"^{kind} must be a Keras {kind} by name and is 'my'"):
            check_name(kind, "my")
