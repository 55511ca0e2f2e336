"""Blank copies: no answer is left in them, and they are the same every time."""

import ast
import json
import re
from concurrent.futures import ThreadPoolExecutor

import nbformat
import pytest
from conftest import ROOT
from small_course import code, read, text, with_sources, write

from sparse_ae.course.blanks import FOLDED, blank_copy, without_own_kernel
from sparse_ae.course.cells import answered
from sparse_ae.course.commands import main
from sparse_ae.course.notebooks import find_notebooks

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def solutions(book):
    """Every line of the answers in a source notebook."""
    for cell in book["cells"]:
        source = "".join(cell["source"])
        for region in source.split("### BEGIN SOLUTION\n")[1:]:
            answer, _ = region.split("### END SOLUTION")
            yield from (line.strip() for line in answer.splitlines() if line.strip())


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_blank_copies_of_the_course(path):
    source, content = read(path), blank_copy(path)
    assert content == blank_copy(path) and content.endswith(b"\n")
    blank = json.loads(content)
    nbformat.validate(nbformat.from_dict(blank))
    assert [cell["id"] for cell in blank["cells"]] == [cell["id"] for cell in source["cells"]]
    assert "SOLUTION" not in content.decode()
    for old, new in zip(source["cells"], blank["cells"], strict=True):
        before, after = "".join(old["source"]), "".join(new["source"])
        if new["cell_type"] == "code":
            assert new["outputs"] == [] and new["execution_count"] is None
        if "SOLUTION" in before:
            name, line = answered(before)
            stub = "raise NotImplementedError()" if line is None else f"{name} = ...  # YOUR ANSWER"
            assert after.count(stub) == before.count("BEGIN SOLUTION")
        elif "after-prediction" in old["metadata"].get("tags", []):
            assert after == FOLDED.format(text=before)
        else:
            assert after == before
    solved = set(solutions(source))
    cells = {c["id"]: "".join(c["source"]) for c in blank["cells"] if "nbgrader" in c["metadata"]}
    for line in solved:
        assert not any(line in source.splitlines() for source in cells.values()), line


def names_in(source, context):
    nodes = ast.walk(ast.parse(source))
    return {node.id for node in nodes if isinstance(node, ast.Name) and type(node.ctx) is context}


def imported_in(source):
    nodes = ast.walk(ast.parse(source))
    imports = (node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom))
    return {alias.asname or alias.name for node in imports for alias in node.names}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_other_cell_needs_a_students_answer(path):
    """So that Run All reaches the last cell of a blank copy."""
    answers = set()
    for cell in read(path)["cells"]:
        if cell["cell_type"] != "code":
            continue
        source = "".join(cell["source"])
        if "SOLUTION" in source:
            for node in ast.parse(source).body:  # what a function keeps to itself is no answer
                own = {node.name} if hasattr(node, "name") else None
                answers |= own or names_in(ast.unparse(node), ast.Store)
        elif "nbgrader" not in cell["metadata"]:
            answers -= imported_in(source) | names_in(source, ast.Store)
            needed = answers & names_in(source, ast.Load)
            assert not needed, (
                f"notebook {path.stem[:2]}, cell `{cell['id']}`: needs the answer {needed}; import "
                "the package's own version in this cell or in one before it"
            )


def test_the_stub_stands_at_the_regions_indentation(small_course):
    blank = json.loads(blank_copy(small_course / "01_first.ipynb"))
    (cell,) = (cell for cell in blank["cells"] if cell["id"] == "double")
    assert "".join(cell["source"]) == (
        'def double(x):\n    """What it does."""\n    # YOUR CODE HERE\n'
        "    raise NotImplementedError()"
    )


def blank_cells(path, **options):
    """The sources of the cells of a blank copy, by their ids."""
    cells = json.loads(blank_copy(path, **options))["cells"]
    return {cell["id"]: "".join(cell["source"]) for cell in cells}


@pytest.mark.parametrize(
    ("source", "blank"),
    [
        ("{} = None\n{begin}\n{} = 42\n{end}", "{} = ...  # YOUR ANSWER HERE"),
        ("{} = ...\n{begin}\n{} = 42\n{end}\n", "{} = ...  # YOUR ANSWER HERE\n"),
        ("{}=None\r\n{begin}\r\n{} = 42\r\n{end}", "{} = ...  # YOUR ANSWER HERE"),
        (
            "# a, b, or c?\n\n{} = None  # one\n{begin}\n{} = 42\n{end}\nprint({})",
            "# a, b, or c?\n\n{} = ...  # YOUR ANSWER HERE\nprint({})",
        ),
        ("{} = None", "{} = ...  # YOUR ANSWER HERE"),
    ],
)
def test_an_answer_that_is_a_value_raises_nothing(small_course, source, blank):
    """So a blank notebook has no red error but where a function is called."""
    path = small_course / "01_first.ipynb"
    words = {"begin": "### BEGIN SOLUTION", "end": "### END SOLUTION"}
    source = source.replace("{}", "double").format(**words)
    write(path, with_sources(read(path), double=source))
    found = blank_cells(path)["double"]
    assert found == blank.replace("{}", "double")
    exec(found, variables := {})
    assert variables["double"] is ...


def test_a_text_for_after_the_prediction_is_folded_away_in_blanks_alone(small_course, tmp_path):
    path = small_course / "01_first.ipynb"
    book = read(path)
    book["cells"][-1:-1] = [text("see", "It is **42**.\n")]
    book["cells"][-2]["metadata"]["tags"] = ["after-prediction"]
    write(path, book)
    assert blank_cells(path)["see"] == (
        "<details><summary>After you ran it</summary>\n\nIt is **42**.\n\n</details>"
    )
    assert main(["exercises", "1", "--out", str(tmp_path / "all"), "--solutions"]) == 0
    assert (tmp_path / "all" / path.name).read_bytes() == path.read_bytes()


def test_a_blank_copy_for_a_kernel(small_course):
    """It is the same blank: only the kernel is another."""
    path = small_course / "01_first.ipynb"
    usual, named = blank_copy(path), blank_copy(path, kernel="sparse-ae")
    assert json.loads(named)["metadata"]["kernelspec"]["name"] == "sparse-ae"
    assert without_own_kernel(named) == without_own_kernel(usual) == usual
    for other in (b"sparse-ae", b"[sparse-ae", b'{"metadata": "sparse-ae"}'):
        assert without_own_kernel(other) == other


def test_what_else_is_taken_out(small_course):
    """A solution cell without markers, a text answer, hidden tests, and the state of widgets."""
    path = small_course / "01_first.ipynb"
    book = read(path)
    marks = {"grade": False, "locked": False, "solution": True, "schema_version": 3, "task": False}
    whole = code("whole", "secret = 42", nbgrader=marks | {"grade_id": "whole"})
    words = code("words", "secret words", nbgrader=marks | {"grade_id": "words"})
    words = {k: v for k, v in words.items() if k not in ("outputs", "execution_count")}
    words["cell_type"] = "markdown"
    hidden = "checks.double(double)\n### BEGIN HIDDEN TESTS\nsecret()\n### END HIDDEN TESTS"
    book = with_sources(book, check_double=hidden)
    book["cells"] += [whole, words]
    book["metadata"]["widgets"] = {"state": "the answer"}
    write(path, book)
    content = blank_copy(path).decode()
    assert "secret" not in content and "the answer" not in content
    sources = {cell["id"]: "".join(cell["source"]) for cell in json.loads(content)["cells"]}
    assert sources["whole"] == "# YOUR CODE HERE\nraise NotImplementedError()"
    assert sources["words"] == "YOUR ANSWER HERE"
    assert sources["check-double"] == "checks.double(double)"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("### BEGIN SOLUTION\nx = 1", "BEGIN SOLUTION has no END SOLUTION"),
        ("x = 1\n### END SOLUTION", "do not pair"),
        ("### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION", "do not pair"),
        ("### END SOLUTION\n### BEGIN SOLUTION", "do not pair"),
    ],
)
def test_markers_that_do_not_pair(small_course, capsys, source, words):
    path = small_course / "02_second.ipynb"
    write(path, with_sources(read(path), square=source))
    assert main(["exercises", "--out", "blank"]) == 2
    message = capsys.readouterr().err
    assert "notebook 02, cell `square`" in message and words in message
    assert message.count("\n") == 1


def test_a_solution_in_another_cell(small_course, capsys):
    path = small_course / "01_first.ipynb"
    write(path, with_sources(read(path), last="### BEGIN SOLUTION\nx = 1\n### END SOLUTION"))
    assert main(["exercises", "--out", "blank"]) == 2
    message = capsys.readouterr().err
    assert "notebook 01, cell `last`" in message and '"solution": true' in message


def test_nothing_is_overwritten(small_course, tmp_path, capsys):
    out = tmp_path / "blank"
    assert main(["exercises", "2", "--out", str(out)]) == 0
    assert [path.name for path in out.iterdir()] == ["02_second.ipynb"]
    assert main(["exercises", "--out", str(out)]) == 0  # the same again, and the other
    assert "same" in capsys.readouterr().out and len(list(out.iterdir())) == 2
    (out / "01_first.ipynb").write_text("mine")
    (out / "02_second.ipynb").unlink()
    assert main(["exercises", "--out", str(out)]) == 1
    message = capsys.readouterr().err
    assert "01_first.ipynb" in message and "--out" in message and message.count("\n") == 1
    assert (out / "01_first.ipynb").read_text() == "mine" and len(list(out.iterdir())) == 1


def test_solutions_are_the_files_themselves(small_course, tmp_path):
    assert main(["exercises", "--out", str(tmp_path / "all"), "--solutions"]) == 0
    for path in small_course.iterdir():
        assert (tmp_path / "all" / path.name).read_bytes() == path.read_bytes()


@pytest.mark.parametrize("name", ["2", "02", "02_second", "02_second.ipynb"])
def test_names_of_notebooks(small_course, name):
    assert [path.name for path in find_notebooks([name])] == ["02_second.ipynb"]


@pytest.mark.parametrize("name", ["3", "0", "first", "", "../01_first"])
def test_no_such_notebook(small_course, capsys, name):
    assert main(["exercises", name, "--out", "blank"]) == 2
    message = capsys.readouterr().err
    assert f"no notebook {name!r}" in message and "01 to 02" in message


def test_a_folder_that_cannot_be_written(small_course, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert main(["exercises", "--out", str(tmp_path / "file" / "blank")]) == 1
    message = capsys.readouterr().err
    assert "cannot be written" in message and "--out" in message and message.count("\n") == 1


def test_from_the_wheel(from_wheel):
    from_wheel("-m", "sparse_ae", "exercises", "--out", "blank")
    for path in NOTEBOOKS:
        assert (from_wheel.folder / "blank" / path.name).read_bytes() == blank_copy(path)


@pytest.mark.slow
def test_check_from_the_wheel(from_wheel):
    """Blank, every check fails and says so; solved, all pass. The real notebook 01."""
    from_wheel("-m", "sparse_ae", "start", "--no-open")
    from_wheel("-m", "sparse_ae", "exercises", "01", "--out", "solved", "--solutions")
    check = ("-m", "sparse_ae", "check")
    with ThreadPoolExecutor(2) as pool:
        blank = pool.submit(from_wheel, *check, "01", status=1)
        solved = pool.submit(from_wheel, *check, "solved/01_mnist.ipynb")
        blank, solved = blank.result().stdout, solved.result().stdout
    assert blank.count("still blank") == len(re.findall("^  ✗", blank, re.M)) >= 2
    assert re.search(r"^0 of \d+ checks pass\.$", blank, re.M)
    assert "✗" not in solved and re.search(r"^(\d+) of \1 checks pass\.$", solved, re.M)
