"""The house style of the notebooks. Each message says which notebook and cell, and what to do."""

import re
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
ADDRESS = re.compile(r"0x[0-9a-f]{6,}")
MACHINE_PATH = re.compile(r"(/home/|/root/|/tmp/|/Users/|[A-Z]:\\)")


def lines(cell):
    return [line for line in cell.source.splitlines() if line.strip()]


def where(path, cell):
    return f"notebook {path.stem[:2]}, cell `{cell.id}`"


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    book = nbformat.read(request.param, as_version=4)
    nbformat.validate(book)
    return request.param, book


def code_cells(book):
    return [cell for cell in book.cells if cell.cell_type == "code"]


def test_part_one_is_complete():
    wanted = ["mnist", "autoencoder", "training", "features", "reconstructions", "experiments"]
    assert [path.stem for path in NOTEBOOKS[:6]] == [
        f"{number:02}_{name}" for number, name in enumerate(wanted, 1)
    ]


def test_text(notebook):
    path, book = notebook
    first, last = book.cells[0], book.cells[-1]
    headings = [
        line
        for cell in book.cells
        if cell.cell_type == "markdown"
        for line in cell.source.splitlines()
        if line.startswith("# ")
    ]
    assert headings == [first.source.splitlines()[0]], (
        f"{path.name}: one title, in the first cell, is wanted; the titles are {headings}"
    )
    for words in ("You will", "You need", "Time:"):
        assert words in first.source, f"{path.name}: the first cell should say {words!r}"
    (takeaways,) = (cell for cell in book.cells if "## What to take away" in cell.source)
    assert len(re.findall(r"^\d\. ", takeaways.source, re.M)) == 3, (
        f"{where(path, takeaways)}: three numbered takeaways are wanted"
    )
    assert last.id == "notes", f"{path.name}: the last cell is the place for notes, id `notes`"
    for cell in book.cells:
        assert not re.search(r"!\[\s*\]\(", cell.source), (
            f"{where(path, cell)}: a picture needs a text for those who cannot see it"
        )


def test_rhythm(notebook):
    path, book = notebook
    for before, cell in zip(book.cells, book.cells[1:], strict=False):
        if cell.cell_type == "code":
            assert before.cell_type == "markdown", (
                f"{where(path, cell)}: a code cell needs a text cell before it"
            )
    for cell in code_cells(book):
        assert 1 <= len(lines(cell)) <= 15, f"{where(path, cell)}: more than 15 lines; split it"
        assert not re.search(r"^\s*(def|class) ", cell.source, re.M), (
            f"{where(path, cell)}: a helper is defined; move it to sparse_ae"
        )


def test_executed_from_top_to_bottom_and_clean(notebook):
    path, book = notebook
    cells = code_cells(book)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1)), (
        f"{path.name}: run all cells once from top to bottom, and save"
    )
    for cell in cells:
        assert "execution" not in cell.metadata, f"{where(path, cell)}: has times in its metadata"
        for output in cell.outputs:
            assert output.output_type != "error", f"{where(path, cell)}: ends with an error"
            assert output.get("name") != "stderr", f"{where(path, cell)}: writes to stderr"
            text = output.get("text", "") + output.get("data", {}).get("text/plain", "")
            for pattern in (ADDRESS, MACHINE_PATH):
                assert not pattern.search(text), (
                    f"{where(path, cell)}: the output holds {pattern.search(text).group()}, "
                    "which differs on other machines"
                )


def test_outputs_are_compared(notebook):
    """Only a cell with live progress may be exempt from the comparison."""
    path, book = notebook
    for cell in code_cells(book):
        tags = cell.metadata.get("tags", [])
        assert set(tags) <= {"nbval-ignore-output"}, f"{where(path, cell)}: tags {tags}"
        assert ("nbval-ignore-output" in tags) == ("ProgressLine()" in cell.source), (
            f"{where(path, cell)}: nbval-ignore-output belongs to cells with ProgressLine(), "
            "and to no others"
        )


def test_progress_leaves_one_line(notebook):
    path, book = notebook
    for cell in code_cells(book):
        if "ProgressLine()" in cell.source:
            (output,) = cell.outputs
            assert re.fullmatch(r"epoch (\d+) of \1 · .*", output.data["text/plain"]), path.name


def test_links_lead_somewhere(notebook):
    path, book = notebook
    for cell in book.cells:
        if cell.cell_type == "markdown":
            for target in re.findall(r"\]\((?!http)([^)#]+)\)", cell.source):
                assert (path.parent / target).exists(), f"{where(path, cell)}: no file {target}"
