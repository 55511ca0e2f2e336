"""README, and the guide for instructors, say what is so."""

import doctest
import re
import shlex

import pytest
from conftest import GUIDE, ROOT

from sparse_ae.course.commands import parser
from sparse_ae.training import EPOCHS

README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = re.findall(r"^```sh\n(.*?)^```", README, re.M | re.S)


def test_the_two_commands_are_on_the_first_screen():
    first_screen = "\n".join(README.splitlines()[:24])
    main_job, tests = COMMANDS[:2]
    assert main_job in first_screen and tests in first_screen
    assert main_job.count("\n") == tests.count("\n") == 1
    assert "pytest" in tests and main_job.startswith("python3 -m venv --upgrade-deps .venv && ")


def test_the_main_job_is_the_lessons():
    *_, run = COMMANDS[0].split("&&")
    program, *arguments = shlex.split(run)
    assert program == ".venv/bin/sparse-ae"
    options = vars(parser().parse_args(arguments))
    assert "epochs" not in options and EPOCHS[options["recipe"]] == 50
    assert (options["batch_size"], options["l1"]) == (256, 1e-4)
    assert (options["code_size"], options["loss"]) == (32, "binary_crossentropy")
    assert options["optimizer"] == "adam"


def test_every_command_is_one():
    text = README + GUIDE.read_text("utf-8")
    start = r"(?:`|^|^\.venv/bin/|^\.venv\\Scripts\\)"
    commands = re.findall(rf"{start}sparse-ae ([^`\n]+)", text, re.M)
    commands += re.findall(r"`((?:start|grade) [^`]+)`", text)
    assert len(commands) >= 20
    for command in commands:
        arguments = shlex.split(command.replace("DIR", "somewhere"))
        parser().parse_args(arguments)


@pytest.mark.slow
def test_the_example_gives_these_numbers(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (example,) = re.findall(r"^```pycon\n(.*?)^```", README, re.M | re.S)
    parsed = doctest.DocTestParser().get_doctest(example, {}, "README.md", None, 0)
    assert len(parsed.examples) == 9
    results = doctest.DocTestRunner().run(parsed)
    assert results.failed == 0
    assert (tmp_path / "model_plot.png").exists()


def test_every_notebook_is_in_the_table():
    rows = re.findall(r"^\| \[(\w+)\]\(notebooks/\1\.ipynb\) ", README, re.M)
    assert rows == sorted(path.stem for path in ROOT.glob("notebooks/*.ipynb"))


def test_the_table_of_variants_is_the_shipped_one():
    assert (ROOT / "data" / "variants.md").read_text("utf-8") in README


def test_links_lead_somewhere():
    folders = ("*.md", ".github/*.md", "data/*.md", "sparse_ae/**/*.md")
    pages = [page for folder in folders for page in ROOT.glob(folder)]
    assert len(pages) > 4
    for page in pages:
        for target in re.findall(r"\]\((?!http)([^)#]+)\)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), target


def test_the_first_page_is_short():
    assert len(README.splitlines()) < 110


def test_top_level():
    """Nothing but the seven, beside dotfiles, LICENSE and what running leaves behind."""
    ignored = ("sparse-ae-run", "build", "dist", "exercises", "__pycache__")
    found = {p.name for p in ROOT.iterdir() if not p.name.startswith((".", *ignored))}
    assert found == {
        "notebooks", "sparse_ae", "tests", "data", "pyproject.toml", "README.md", "LICENSE"
    }  # fmt: skip
