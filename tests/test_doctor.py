"""`sparse-ae doctor`: it finds what is wrong, and answers whatever is missing."""

import json
import os
import socket
import subprocess
import sys

import pytest

from sparse_ae import data
from sparse_ae.course import doctor, lab
from sparse_ae.course.commands import main

QUICK = [f for f in ("python", "packages", "data", "write_access", "memory", "widgets", "port")]


def test_this_machine_is_ready_from_the_wheel(from_wheel):
    printed = from_wheel("-m", "sparse_ae", "doctor").stdout
    lines = printed.splitlines()
    assert lines[-1] == "This machine is ready." and len(lines) == 10
    assert all(line.startswith("ok ") for line in lines[:-1])
    assert "same penalty for 1 image and for a batch of 32" in printed
    assert "its kernel is this Python" in printed and "undamaged" in printed


# As much of Keras 3.13 as the doctor asks: its penalty is summed over the batch.
OLD_KERAS = """
from types import SimpleNamespace as Namespace


class Dense:
    def __init__(self, units, activity_regularizer):
        self.losses = []

    def __call__(self, batch):
        self.losses = [0.5 * len(batch)]


layers = Namespace(Dense=Dense)
regularizers = Namespace(L1=float)
ops = Namespace(ones=lambda shape: [[1.0] * shape[1]] * shape[0])
"""


@pytest.fixture
def old_keras(tmp_path):
    """Runs a command where Keras is 3.13.2; the finished run."""
    info = tmp_path / "packages" / "keras-3.13.2.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: keras\nVersion: 3.13.2\n")
    (info.parent / "keras.py").write_text(OLD_KERAS)

    def run(*command):
        return subprocess.run(
            [sys.executable, *command],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(info.parent)},
        )

    return run


def test_the_doctor_answers_with_an_old_keras(old_keras):
    done = old_keras("-m", "sparse_ae", "doctor")
    assert done.returncode == 1 and done.stderr == ""
    assert "NOT OK  keras 3.13.2; wanted: keras>=3.14" in done.stdout
    assert "NOT OK  Keras charges a batch of 32 images 32 times the penalty" in done.stdout
    assert done.stdout.count('install --upgrade "keras>=3.14"') == 2
    assert done.stdout.count("NOT OK") == 2


def test_the_installed_command_refuses_an_old_keras_in_one_line(old_keras, tmp_path):
    script = tmp_path / "sparse-ae"  # as pip writes it
    script.write_text("import sys\nfrom sparse_ae.course.commands import main\nsys.exit(main())\n")
    done = old_keras(str(script), "run")
    assert done.returncode == 1 and done.stderr.count("\n") == 1
    assert done.stderr.startswith("sparse-ae: sparse_ae needs Keras 3.14")


def test_missing_modules_do_not_stop_the_doctor(tmp_path):
    """Modules that cannot be imported come first on the path of every process."""
    for missing in ("numpy", "packaging", "jupyter_client", "keras", "matplotlib"):
        (tmp_path / f"{missing}.py").write_text(f"raise ImportError('No module {missing}')")
    done = subprocess.run(
        [sys.executable, "-m", "sparse_ae", "doctor"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
    )
    assert done.returncode == 1 and done.stderr == ""
    findings = [line for line in done.stdout.splitlines() if line.startswith("NOT OK")]
    assert len(findings) == 4 and done.stdout.count("pip install") == 4, done.stdout
    for words, line in zip(
        ("packaging", "keras", "numpy", "jupyter_client"), findings, strict=True
    ):
        assert words in line


def answers(monkeypatch, answer, trouble=None):
    monkeypatch.setattr(doctor, "_ask", lambda code: (answer, trouble))


def test_the_penalty_of_an_old_keras(monkeypatch):
    answers(monkeypatch, [0.5, 16.0])
    good, line, remedy = doctor.penalty()
    assert not good and "32 times" in line and "keras>=3.14" in remedy


def test_a_keras_that_does_not_start(monkeypatch):
    answers(monkeypatch, None, "it was stopped by signal 4")
    assert doctor.penalty()[:2] == (False, "Keras does not start (it was stopped by signal 4)")


def test_what_another_process_says():
    assert doctor._ask("print('noise'); print([1, 2])") == ([1, 2], None)
    assert doctor._ask("import os; os.kill(os.getpid(), 9)") == (None, "it was stopped by signal 9")
    answer, trouble = doctor._ask("import no_such_module")
    assert answer is None and "no_such_module" in trouble and "\n" not in trouble
    assert doctor._ask("print('noise')") == doctor._ask("") == (None, "it gave no answer")


def test_another_kernel(monkeypatch):
    answers(monkeypatch, "/somewhere/else")
    good, line, remedy = doctor.kernel()
    assert not good and "/somewhere/else" in line and "ipykernel install" in remedy


@pytest.mark.parametrize("content", [None, b"", b"damaged"])
def test_damaged_data(tmp_path, monkeypatch, content):
    monkeypatch.setattr(data, "MNIST", tmp_path / "mnist.npz")
    if content is not None:
        (tmp_path / "mnist.npz").write_bytes(content)
    good, line, remedy = doctor.data()
    assert not good and ("missing" if content is None else "damaged") in line
    assert "git checkout" in remedy


def test_a_folder_that_cannot_be_written(monkeypatch):
    def refuse(**_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(doctor.tempfile, "NamedTemporaryFile", refuse)
    good, line, remedy = doctor.write_access()
    assert not good and "Permission denied" in line and "folder" in remedy


def test_a_file_named_exercises(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "exercises").touch()
    good, line, remedy = doctor.write_access()
    assert not good and line.endswith("exercises is a file") and "rename" in remedy


def test_little_room_and_little_memory(monkeypatch):
    monkeypatch.setattr(doctor, "GIGABYTE", 10**15)
    assert not doctor.write_access()[0] and not doctor.memory()[0]


@pytest.mark.parametrize("version", [(3, 10, 1), (3, 14, 0), (4, 0, 0)])
def test_another_python(monkeypatch, version):
    monkeypatch.setattr(sys, "version_info", version)
    good, line, _ = doctor.python()
    assert not good and ".".join(map(str, version)) in line


def test_ports(monkeypatch):
    with socket.create_server(("localhost", 0)) as other:
        assert not lab.port_is_free(other.getsockname()[1])
    monkeypatch.setattr(lab, "port_is_free", lambda port: port == 0)
    assert doctor.port()[0]
    monkeypatch.setattr(lab, "port_is_free", lambda port: False)
    assert not doctor.port()[0]


def test_a_question_that_breaks_is_a_finding(monkeypatch, capsys):
    def broken():
        raise RuntimeError("out of order")

    for name in (*QUICK, "penalty", "kernel"):
        monkeypatch.setattr(doctor, name, lambda: (True, "fine", ""))
    assert main(["doctor"]) == 0
    monkeypatch.setattr(doctor, "memory", broken)
    assert main(["doctor"]) == 1
    printed = capsys.readouterr().out
    assert "out of order" in printed and printed.endswith("see the arrows.\n")


def test_help_and_doctor_import_little():
    code = (
        "import sys, json, contextlib, io\n"
        "from sparse_ae.course.commands import main\n"
        "with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):\n"
        "    main(['--help'])\n"
        "from sparse_ae.course import doctor\n"
        "print(json.dumps(sorted({'numpy', 'keras', 'tensorflow'} & set(sys.modules))))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []
