"""The house style of the notebooks. Each message says which notebook and cell, and what to do."""

import html
import re
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest

from sparse_ae import checks
from sparse_ae.course import cells as of

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
# How many, notebook by notebook.
EXERCISES = {"01": 3, "02": 5, "03": 5, "04": 6, "05": 4, "06": 4}
EXERCISES |= {"07": 4, "08": 4, "09": 5, "10": 5}
TASK = re.compile(r"### Exercise: (\w+) \((easy|medium|hard), (\d+) minutes?\)\n")
POINTS = {"easy": 1, "medium": 2, "hard": 3}
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
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


def marks(cell):
    """What nbgrader knows of a cell; empty for one that belongs to no exercise.

    A text with nbgrader's metadata is a question whose answer a person marks.
    """
    return of.marks(cell) if cell.cell_type == "code" else {}


def is_solution(cell):
    return bool(marks(cell).get("solution"))


def is_check(cell):
    return bool(marks(cell).get("grade"))


def solution_lines(cell):
    """The lines between the markers, without what a student is given."""
    return cell.source.split(BEGIN)[1].split(END)[0].strip().splitlines()


def exercises(book):
    """The cells of each exercise: task, solution, perhaps a result, check."""
    cells = book.cells
    for i, cell in enumerate(cells):
        if is_solution(cell) and not is_solution(cells[i - 1]):
            end = i + 2 if is_solution(cells[i + 1]) else i + 1
            yield cells[i - 1 : end + 1]


def test_part_one_is_complete():
    wanted = ["mnist", "autoencoder", "training", "features", "reconstructions", "experiments"]
    assert [path.stem for path in NOTEBOOKS[:6]] == [
        f"{number:02}_{name}" for number, name in enumerate(wanted, 1)
    ]


def test_names():
    """A file without a number reaches no student; two with one number stop every command."""
    for path in NOTEBOOKS:
        assert re.fullmatch(r"\d\d_[a-z0-9_]+", path.stem), (
            f"notebooks/{path.name}: should have a name like 07_sparsity.ipynb: rename it, or "
            "move it out of notebooks/"
        )
    for one, other in pairwise(NOTEBOOKS):
        assert one.stem[:2] != other.stem[:2], (
            f"notebooks/{one.name} and {other.name} have the same number: rename one of them"
        )


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
        if cell.cell_type == "code" and not (is_solution(before) and marks(cell)):
            assert before.cell_type == "markdown", (
                f"{where(path, cell)}: a code cell needs a text cell before it"
            )
    for cell in code_cells(book):
        assert 1 <= len(lines(cell)) <= 15, f"{where(path, cell)}: more than 15 lines; split it"
        assert is_solution(cell) or not re.search(r"^\s*(def|class) ", cell.source, re.M), (
            f"{where(path, cell)}: a helper is defined; move it to sparse_ae"
        )


def test_executed_from_top_to_bottom_and_clean(notebook):
    path, book = notebook
    cells = code_cells(book)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1)), (
        f"{path.name}: run all cells once from top to bottom, and save"
    )
    for cell in cells:
        assert "execution" not in cell.metadata, (
            f"{where(path, cell)}: has times in its metadata: run all cells in JupyterLab with its "
            "setting Recording timing off, and save"
        )
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
        assert set(tags) <= {"nbval-ignore-output", "raises-exception"}, (
            f"{where(path, cell)}: tags {tags}"
        )
        assert ("raises-exception" in tags) == bool(marks(cell)), (
            f"{where(path, cell)}: the tag raises-exception belongs to the cells of an exercise, "
            "so that Run All goes on, and to no others"
        )
        assert ("nbval-ignore-output" in tags) == ("ProgressLine()" in cell.source), (
            f"{where(path, cell)}: nbval-ignore-output belongs to cells with ProgressLine(), "
            "and to no others"
        )


def test_random_weights_come_from_a_seed(notebook):
    """A model that does not take over the weights of another has random ones."""
    path, book = notebook
    for cell in code_cells(book):
        if re.search(r"build_autoencoder\(|Sequential\(", cell.source):
            assert re.search(r"set_random_seed\(|\.set_weights\(", cell.source), (
                f"{where(path, cell)}: builds a model with other random weights in each run; "
                "begin with keras.utils.set_random_seed(0)"
            )


def test_progress_leaves_one_line(notebook):
    path, book = notebook
    for cell in code_cells(book):
        if "ProgressLine()" in cell.source:
            (output,) = cell.outputs
            assert re.fullmatch(r"epoch (\d+) of \1 · .*", output.data["text/plain"]), path.name


def test_a_solution_cell_has_its_task_and_its_check(notebook):
    path, book = notebook
    cells = book.cells
    for before, cell, after in zip([None, *cells], cells, [*cells[1:], None], strict=False):
        if cell.cell_type == "code" and (BEGIN in cell.source or END in cell.source):
            assert is_solution(cell), (
                f"{where(path, cell)}: a cell with {BEGIN} needs nbgrader's metadata; copy a "
                "solution cell of another exercise"
            )
        if is_solution(cell):
            assert cell.source.count(BEGIN) == cell.source.count(END) == 1, (
                f"{where(path, cell)}: a solution cell needs one {BEGIN} and one {END}"
            )
            assert after is not None and (is_check(after) or is_solution(after)), (
                f"{where(path, cell)}: a solution cell needs a check cell after it"
            )
            assert before.cell_type == "markdown" or is_solution(before), (
                f"{where(path, cell)}: a solution cell needs a task, a text cell, before it"
            )
        if is_check(cell):
            assert is_solution(before), (
                f"{where(path, cell)}: a check cell needs a solution cell before it"
            )


def test_exercises(notebook):
    """Ids, metadata and form, so that the checks, nbgrader and the blank copies agree."""
    path, book = notebook
    found = list(exercises(book))
    wanted = EXERCISES.get(path.stem[:2], 0)
    assert len(found) == wanted, (
        f"notebook {path.stem[:2]} has {len(found)} exercises and {wanted} are expected: if that "
        "is meant, change EXERCISES in tests/test_notebooks.py"
    )
    for task, *answers, check in found:
        solution = answers[0]
        name = marks(solution)["grade_id"]
        here = where(path, solution)
        asked = TASK.match(task.source)
        assert asked and asked[1] == name, (
            f"{where(path, task)}: should begin with a line like "
            f"### Exercise: {name} (medium, 5 minutes)"
        )
        assert name in checks.NAMES, (
            f"{here}: there is no check named {name!r}; write one in sparse_ae/checks"
        )
        assert solution.id == name.replace("_", "-"), (
            f"{here}: its id should be {name.replace('_', '-')}; run `sparse-ae label`"
        )
        assert re.match(rf"def {name}\(|{name} = None\n{BEGIN}\n", solution.source), (
            f"{here}: should begin with def {name}(, or with {name} = None and {BEGIN}"
        )
        assert check.id == f"check-{solution.id}", (
            f"{where(path, check)}: should be the check of `{solution.id}`, checks.{name}({name}), "
            f"and have the id check-{solution.id}; then run `sparse-ae label`"
        )
        results = [marks(cell)["grade_id"] for cell in answers[1:]]
        for cell, result in zip(answers[1:], results, strict=True):
            assert cell.source.startswith(f"{result} = None\n{BEGIN}\n"), (
                f"{where(path, cell)}: should begin with {result} = None and {BEGIN}"
            )
        assert check.source == f"checks.{name}({', '.join([name, *results])})", (
            f"{where(path, check)}: should be one line, checks.{name}(…)"
        )
        for hint in (1, 2):
            assert re.search(rf"<details><summary>Hint {hint}: \w.+</summary>", task.source), (
                f"{where(path, task)}: needs two fold-out hints that say what they help with, and "
                f"number {hint} is missing"
            )
        common = {"schema_version": 3, "task": False}
        for cell in answers:
            form = {"grade": False, "locked": False, "solution": True, **common}
            assert marks(cell) == {"grade_id": marks(cell)["grade_id"], **form}, where(path, cell)
        form = {"grade": True, "locked": True, "solution": False, **common}
        assert marks(check) == {"grade_id": f"check_{name}", "points": POINTS[asked[2]], **form}, (
            f"{where(path, check)}: its metadata should be {form}, with {POINTS} points"
        )


CARRIED_ON = {"01": 2, "02": 4, "03": 4, "04": 5, "05": 3, "06": 3}
CARRIED_ON |= {"07": 2, "08": 3, "09": 4, "10": 4}


def test_right_functions_carry_on(notebook):
    """After its check a function is the student's own or the package's, and is used."""
    path, book = notebook
    cells, used = code_cells(book), 0
    for _, solution, *_, check in exercises(book):
        name = marks(solution)["grade_id"]
        later = "\n".join(cell.source for cell in cells[cells.index(check) + 1 :]).splitlines()
        handed_over = [
            line for line in later if line.startswith(f"{name} = checks.if_right({name}, ")
        ]
        uses = [line for line in later if re.search(rf"\b{name}\b", line)]
        if solution.source.startswith("def ") and uses:
            assert handed_over, (
                f"{where(path, check)}: a later cell uses {name}, which may be unsolved: write "
                f"{name} = checks.if_right({name}, otherwise=…) before it"
            )
            used += len(uses) > 1
    assert used == CARRIED_ON.get(path.stem[:2], used), f"{path.name}: {used} functions carry on"


def test_predictions_are_answered_in_a_cell_that_blanks_fold_away(notebook):
    path, book = notebook
    for number, cell in enumerate(book.cells):
        if cell.cell_type != "markdown" or "**Predict" not in cell.source:
            continue
        after = book.cells[number + 1 :]
        answers = [c for c in after if "after-prediction" in c.metadata.get("tags", [])]
        assert answers, f"{where(path, cell)}: no text after it has the tag after-prediction"
        between = after[: after.index(answers[0])]
        assert between and between[-1].cell_type == "code", (
            f"{where(path, answers[0])}: should follow the code that shows the answer"
        )
        assert not any("**Predict" in c.source for c in between), (
            f"{where(path, cell)}: the next prediction comes before its answer"
        )


def test_every_figure_is_described_and_followed_by_a_text(notebook):
    path, book = notebook
    for cell, after in pairwise(book.cells):
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "image/png" not in data:
                continue
            here = where(path, cell)
            words = re.search(r'<img alt="([^"]{40,1500})"', data.get("text/html", ""))
            assert words, f"{here}: its figure has no alternative text: see describe()"
            alt = html.unescape(words[1])
            assert output.metadata["image/png"]["alt"] == alt, here
            assert "nan" not in alt.split(), f"{here}: {alt}"
            assert after.cell_type == "markdown" or is_check(after), (
                f"{here}: a sentence should follow the figure"
            )


def test_the_notebooks_are_small():
    sizes = [path.stat().st_size for path in NOTEBOOKS]
    assert sum(sizes[:6]) < 2_000_000 and sum(sizes) < 2_500_000


def test_nothing_gives_an_answer_away(notebook):
    """No line of a solution stands elsewhere in its notebook, in code or in a text."""
    path, book = notebook
    results = [cell.id for _, _, *more, _ in exercises(book) for cell in more]
    for solution in filter(is_solution, book.cells):
        for line in solution_lines(solution):
            telling = re.sub(r"^(return|[\w, ]+ =)\s+", "", line.strip())
            if len(telling) < 15:
                continue
            given = code_cells(book) if solution.id in results else book.cells
            for cell in given:
                assert is_solution(cell) or telling not in cell.source, (
                    f"{where(path, cell)}: holds {telling!r}, a line of the solution "
                    f"`{solution.id}`; use the package's function instead"
                )


def test_solutions_pass_in_the_saved_outputs(notebook):
    path, book = notebook
    for cell in filter(is_check, book.cells):
        text = "".join(output.get("text", "") for output in cell.outputs)
        assert text.startswith("✓ ") and len(cell.outputs) == 1, (
            f"{where(path, cell)}: its check does not pass; run all cells, and save"
        )


def test_minutes_are_those_of_readme(notebook):
    path, book = notebook
    minutes = re.search(r"\*\*Time:\*\* (\d+) minutes", book.cells[0].source)[1]
    rows = [line for line in README.splitlines() if line.startswith(f"| [{path.stem}]")]
    assert len(rows) == 1, f"{path.name}: give it a line in README's table of notebooks"
    assert rows[0].split("|")[4].strip() == minutes, (
        f"{path.name} says {minutes} minutes in its first cell, and README's table says "
        f"{rows[0].split('|')[4].strip()}: make them the same"
    )
    work = sum(int(asked[3]) for asked in map(TASK.match, (c.source for c in book.cells)) if asked)
    assert int(minutes) >= work + 10, (
        f"{path.name} says {minutes} minutes, and its exercises alone take {work}: ten more are "
        "the least; change **Time:** in its first cell, and README's table"
    )


def test_links_lead_somewhere(notebook):
    path, book = notebook
    for cell in book.cells:
        if cell.cell_type == "markdown":
            for target in re.findall(r"\]\((?!http)([^)#]+)\)", cell.source):
                assert (path.parent / target).exists(), f"{where(path, cell)}: no file {target}"


def test_an_instructor_is_told_what_is_missing():
    path = ROOT / "notebooks" / "04_features.ipynb"

    def told(rule, change):
        book = nbformat.read(path, as_version=4)
        change({cell.id: cell for cell in book.cells}, book.cells)
        with pytest.raises(AssertionError) as problem:
            rule((path, book))
        return str(problem.value)

    assert "notebook 04, cell `units-on`: a solution cell needs a check cell after it" in told(
        test_a_solution_cell_has_its_task_and_its_check,
        lambda cell, cells: cells.remove(cell["check-units-on"]),
    )
    assert (
        "cell `task-units-on`: needs two fold-out hints that say what they help with, and number 2"
        in told(
            test_exercises,
            lambda cell, cells: cell["task-units-on"].update(
                source=cell["task-units-on"].source.split("<details><summary>Hint 2")[0]
            ),
        )
    )
    assert "cell `l0`: holds '(codes > 0).sum(axis=1)', a line of the solution" in told(
        test_nothing_gives_an_answer_away,
        lambda cell, cells: cell["l0"].update(source="l0 = (codes > 0).sum(axis=1)"),
    )
    assert "cell `l0`: the tag raises-exception belongs to the cells of an exercise" in told(
        test_outputs_are_compared,
        lambda cell, cells: cell["l0"].metadata.update(tags=["raises-exception"]),
    )
