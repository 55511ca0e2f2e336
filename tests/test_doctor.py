"""`sparse-ae doctor`: it finds what is wrong, and answers whatever is missing."""

import json
import os
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from sparse_ae import data
from sparse_ae.course import doctor, lab, surroundings
from sparse_ae.course.commands import main

QUESTIONS = (
    *("python", "packages", "penalty", "data", "home", "write_access", "files_here", "memory"),
    *("kernel", "figures", "widgets", "port"),
)


@pytest.fixture(autouse=True)
def a_desktop(monkeypatch):
    """No Jupyter server around, and nothing that a developer has set."""
    for name in list(os.environ):
        if name.startswith(("JUPYTERHUB_", "JUPYTER_SERVER_", "KERAS_", "MPLBACKEND")):
            monkeypatch.delenv(name)


@pytest.mark.slow
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
        (tmp_path / f"{missing}.py").write_text(f"raise ImportError('No module named {missing}')")
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
    monkeypatch.setattr(doctor, "ask", lambda *_, **__: (answer, trouble))


def test_the_penalty_of_an_old_keras(monkeypatch):
    answers(monkeypatch, [0.5, 16.0])
    good, line, remedy = doctor.penalty()
    assert not good and "32 times" in line and "keras>=3.14" in remedy


@pytest.mark.parametrize(
    ("trouble", "remedy"),
    [
        ("ModuleNotFoundError: No module named 'keras'", 'install --upgrade "keras>=3.14" tens'),
        ("ModuleNotFoundError: No module named 'keras.src'", "pip install --upgrade"),
        ("ImportError: cannot import name 'ops' from 'keras'", "pip install --upgrade"),
        ("ModuleNotFoundError: No module named 'h5py._hl'", "pip install --upgrade h5py"),
        ("it was stopped by signal 4", "another computer"),
        ("it was stopped by signal 6", ""),
        ("RuntimeError: whatever", ""),
        ("no answer within three minutes", ""),
    ],
)
def test_a_keras_that_does_not_start_gets_a_remedy_that_fits_or_none(monkeypatch, trouble, remedy):
    answers(monkeypatch, None, trouble)
    good, line, told = doctor.penalty()
    assert not good and line == f"Keras does not start ({trouble})"
    assert remedy in told and bool(told) == bool(remedy)
    assert ("install" in told) == ("install" in remedy)


def test_a_variable_that_keeps_keras_from_starting(monkeypatch):
    """It is found by leaving it out."""
    monkeypatch.setenv("TF_XLA_FLAGS", "--of_another_version")
    monkeypatch.setenv("TF_OTHER", "0")

    def ask(code, *arguments, without=(), **_):
        return ([1, 1], None) if "TF_XLA_FLAGS" in without else (None, trouble)

    monkeypatch.setattr(doctor, "ask", ask)
    trouble = "it was stopped by signal 6"
    good, _, remedy = doctor.penalty()
    assert not good and "TF_XLA_FLAGS" in remedy and "out of the environment" in remedy
    trouble = "Unknown flag in TF_XLA_FLAGS: --of_another_version"
    assert doctor.penalty()[2].startswith("take TF_XLA_FLAGS out of the environment")


def test_settings_that_keep_keras_from_starting(monkeypatch, tmp_path):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    (tmp_path / "keras.json").write_text("[]")

    def ask(code, *arguments, environment=None, without=(), **_):
        other = environment and environment["KERAS_HOME"] != str(tmp_path)
        return ([1, 1], None) if other else (None, "AttributeError: a list has no get")

    monkeypatch.setattr(doctor, "ask", ask)
    good, _, remedy = doctor.penalty()
    assert not good and f"rename {tmp_path / 'keras.json'}" in remedy


@pytest.mark.slow
def test_another_backend_is_named_and_does_no_harm(monkeypatch):
    """The course starts Keras on TensorFlow; so does the doctor."""
    monkeypatch.setenv("KERAS_BACKEND", "no_such_backend")
    good, line, _ = doctor.penalty()
    assert good and "KERAS_BACKEND is no_such_backend" in line and "TensorFlow" in line


def test_what_another_process_says(monkeypatch, tmp_path):
    ask = surroundings.ask
    assert ask("print('noise'); print([1, 2])") == ([1, 2], None)
    assert ask("import os; os.kill(os.getpid(), 9)") == (None, "it was stopped by signal 9")
    answer, trouble = ask("import no_such_module")
    assert answer is None and "no_such_module" in trouble and "\n" not in trouble
    assert ask("print('noise')") == ask("") == (None, "it gave no answer")
    assert ask("import sys; print(sys.argv[1:])", "a", "b") == (["a", "b"], None)
    fatal = "import os; os.write(2, b'W00 a\\nF0000 x.cc:1] Unknown flag\\n*** b\\n'); os.abort()"
    assert ask(fatal) == (None, "it was stopped by signal 6: Unknown flag")
    assert ask(fatal.replace("os.abort()", "os._exit(1)")) == (None, "Unknown flag")
    assert ask("import os; os._exit(3)") == (None, "exit status 3")
    monkeypatch.chdir(tmp_path)  # a file of this folder is not taken for a module
    (tmp_path / "decimal.py").write_text("raise SystemExit(1)")
    assert ask("import decimal; print(1)") == (1, None)
    monkeypatch.setenv("MPLBACKEND", "Agg")
    monkeypatch.setenv("OTHER", "here")
    look = "import os; print([n for n in ('MPLBACKEND', 'OTHER', 'MORE') if n in os.environ])"
    assert ask(look, environment={"MORE": "1"}, without=["OTHER"]) == (["MORE"], None)


# A file beside the notebooks, and whether the course starts all the same.
BESIDE = {
    "random.py": True,
    "keras.py": False,
    "types.py": False,
    "matplotlib/__init__.py": False,
}


@pytest.fixture(scope="module")
def hiding(tmp_path_factory):
    """For each file, alone in a folder, what `hiding_files` names; several at a time."""
    folders = {}
    for name in BESIDE:
        folders[name] = tmp_path_factory.mktemp("beside")
        (folders[name] / name).parent.mkdir(exist_ok=True)
        (folders[name] / name).write_text("x = 1\nprint('imported')\n")
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(surroundings.hiding_files, folders.values())
        return dict(zip(folders, found, strict=True))


@pytest.mark.long
@pytest.mark.parametrize("name", BESIDE)
def test_a_file_that_hides_a_module_is_named_if_it_does_harm(hiding, name):
    assert hiding[name] == ([] if BESIDE[name] else [name.split("/")[0]])


def test_a_file_is_not_blamed_for_what_is_broken_elsewhere(tmp_path, monkeypatch):
    """The same error in an empty folder: it is not the file's fault."""
    (tmp_path / "copy.py").touch()
    tried = []

    def tell(code, folder, course):
        tried.append(folder)
        return (["copy"], "No module named keras"), None

    monkeypatch.setattr(surroundings, "ask", tell)
    assert surroundings.hiding_files(tmp_path) == [] and len(set(tried)) == 2


def test_the_doctor_names_a_file_that_hides_a_module(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "exercises").mkdir()
    monkeypatch.setattr(doctor, "hiding_files", lambda f: ["keras.py"] * (f.name == "exercises"))
    good, line, remedy = doctor.files_here()
    path = tmp_path / "exercises" / "keras.py"
    assert not good and f"{path} takes the place of the module keras" in line
    assert remedy == f"rename {path}."
    monkeypatch.setattr(doctor, "hiding_files", lambda f: [])
    assert doctor.files_here() == (True, "", "")


def test_matplotlibs_backend_is_named(monkeypatch):
    assert doctor.figures() == (True, "", "")
    monkeypatch.setenv("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    assert doctor.figures() == (True, "", "")
    monkeypatch.setenv("MPLBACKEND", "Agg")
    good, line, _ = doctor.figures()
    assert good and "MPLBACKEND is Agg: sparse-ae start takes it out" in line


def test_a_home_that_is_missing_or_cannot_be_written(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    for name in ("JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path / "file" / name))
    good, line, remedy = doctor.home()
    assert not good and "cannot be written" in line and remedy.startswith("set HOME to a folder")
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    good, line, remedy = doctor.home()
    assert not good and "HOME is not set" in line and remedy.startswith("set HOME to a folder")
    monkeypatch.chdir(tmp_path)
    answer, _ = surroundings.ask("import os; print(repr(os.environ['HOME']))")
    assert os.path.isabs(answer) and not os.path.exists(answer)
    assert os.listdir(tmp_path) == ["file"]  # and nothing named ~


def test_a_limit_of_the_address_space(monkeypatch):
    resource = pytest.importorskip("resource")
    assert doctor.memory()[0]
    limits = {resource.RLIMIT_AS: (3_072_000_000, resource.RLIM_INFINITY)}
    monkeypatch.setattr(resource, "getrlimit", lambda kind: limits[kind])
    good, line, remedy = doctor.memory()
    assert not good and "3.1 GB" in line and "ulimit -v" in line and "install" not in remedy
    answers(monkeypatch, None, "it was stopped by signal 6")
    assert "memory" in doctor.penalty()[2]


def test_the_kernel_of_a_server_that_runs_around(monkeypatch):
    """Not the server's python3, which is another Python, but the one that `start` gives it."""
    monkeypatch.setenv("JUPYTERHUB_USER", "ann")
    asked = []

    def ask(code, *arguments):
        asked.append(arguments)
        return given, None

    monkeypatch.setattr(doctor, "ask", ask)
    given = None
    good, line, _ = doctor.kernel()
    assert good and "sparse-ae start will give it one" in line and asked == [("sparse-ae",)]
    given = sys.prefix
    good, line, _ = doctor.kernel()
    assert good and "only the kernel sparse-ae is looked at: it is this Python" in line
    given = "/old/environment"
    good, line, remedy = doctor.kernel()
    assert not good and "/old/environment" in line and "sparse-ae start" in remedy


def test_a_real_kernel_of_a_server_that_runs_around(monkeypatch, tmp_path):
    monkeypatch.setenv("JUPYTER_SERVER_ROOT", str(tmp_path))
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    assert "will give it one" in doctor.kernel()[1]
    lab.register_kernel()
    assert doctor.kernel()[1].endswith("it is this Python")


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
    monkeypatch.setattr(doctor, "MEMORY", 10**15)
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

    for name in QUESTIONS:
        monkeypatch.setattr(doctor, name, lambda: (True, "fine", ""))
    assert main(["doctor"]) == 0
    monkeypatch.setattr(doctor, "memory", broken)
    assert main(["doctor"]) == 1
    printed = capsys.readouterr().out
    assert "out of order" in printed and printed.endswith("see the arrows.\n")
    monkeypatch.setattr(doctor, "memory", lambda: (False, "no remedy is known", ""))
    assert main(["doctor"]) == 1
    printed = capsys.readouterr().out
    assert "→" not in printed and printed.endswith("is not ready yet.\n")


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
