"""What nbgrader and the blank copies need to know of an exercise, derived from its cells.

An instructor writes three cells: the task with its line `**Exercise.** ●●○, 5 minutes.`, the
solution between `### BEGIN SOLUTION` and `### END SOLUTION`, and the check `checks.name(name)`.
Their ids, tags and metadata follow from what is written in them.
"""

import re
from collections import Counter
from itertools import pairwise

from ..support.files import replace
from . import cells as of
from .notebooks import find_notebooks, notebook_bytes, read_notebook


def label_exercises(names=()):
    """Label the exercises of the course's notebooks, in place; say which files changed.

    names: as `find_notebooks` takes them. A notebook that is labelled already is not written.
    Raises ValueError, naming notebook and cell, before anything is written: for a solution
    without a name, a name that two have, or a check that is of no solution.
    """
    changed = {}
    for path in find_notebooks(names):
        book = read_notebook(path)
        before = notebook_bytes(book)
        try:
            _label(book["cells"])
        except ValueError as problem:
            raise ValueError(f"notebook {path.stem[:2]}, {problem}") from None
        if notebook_bytes(book) != before:
            changed[path] = notebook_bytes(book)
    for path, content in changed.items():
        replace(path, content)
        print(f"labelled  {path.name}")
    if not changed:
        print("nothing to do: every solution and its check have their labels.")


def _label(cells):
    """Change the cells of every exercise in place."""
    name, task, check, labelled = None, {}, None, {}  # check: how the next cell should begin
    for previous, cell in pairwise([{}, *cells]):
        source, here = of.source(cell), f"cell `{cell.get('id')}`"
        code = cell["cell_type"] == "code"
        if code and "BEGIN SOLUTION" in source:
            found = re.match(r"def (\w+)\(|(\w+) = None\n", source)
            if found is None:
                raise ValueError(
                    f"{here}: a solution cell should begin with `def name(` or `name = None`."
                )
            own = found[1] or found[2]
            if own in labelled:
                raise ValueError(
                    f"{here}: cell `{labelled[own]}` is a solution {own!r} too: give one of them "
                    "another name."
                )
            labelled[own] = cell.get("id")
            if found[1]:
                name, task = own, previous
                if task.get("cell_type") == "markdown":
                    task["id"] = f"task-{_hyphened(name)}"
            _set(cell, own, solution=True)
            check = f"checks.{name}("
            continue
        if code and source.startswith("checks."):
            if check is None or not source.startswith(check):
                raise ValueError(
                    f"{here}: {source.splitlines()[0]} checks no solution: right before it should "
                    "stand the function of this name, its answer between `### BEGIN SOLUTION` and "
                    "`### END SOLUTION`."
                )
            _set(cell, f"check_{name}", points=_points(task))
        check = None
    for cell_id, number in Counter(cell.get("id") for cell in cells).items():
        if number > 1:
            raise ValueError(
                f"cell `{cell_id}`: {number} cells have this id: give the exercise or the other "
                "cell another name."
            )


def _set(cell, name, **marks):
    cell["id"] = _hyphened(name)
    others = [tag for tag in cell["metadata"].get("tags", []) if tag != "raises-exception"]
    tags = [*others, "raises-exception"]
    cell["metadata"] |= {"nbgrader": of.new_marks(name, **marks), "tags": tags}


def _hyphened(name):
    return name.replace("_", "-")


def _points(task):
    """As many as the task has ●."""
    line = re.search(r"^\*\*Exercise\.\*\* (●+)", "".join(task.get("source", "")), re.M)
    return len(line[1]) if line else 1
