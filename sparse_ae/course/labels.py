"""What nbgrader and the blank copies need to know of an exercise, derived from its cells.

An instructor writes three cells: the task, with a line `**Exercise.** ●●○, 5 minutes.` or a heading
`### Exercise: name (medium, 5 minutes)`; the solution, a function or a value, between
`### BEGIN SOLUTION` and `### END SOLUTION`; and the check, `checks.name(name)`. Their ids, tags and
metadata follow from what is written in them.
"""

import re
from collections import Counter
from itertools import pairwise

from ..support.files import replace
from . import cells as of
from .notebooks import find_notebooks, notebook_bytes, read_notebook
from .surroundings import open_in_lab

LEVELS = {"easy": 1, "medium": 2, "hard": 3}  # the points that a check gives


def label_exercises(names=()):
    """Label the exercises of the course's notebooks, in place; say which files changed.

    names: as `find_notebooks` takes them. A notebook that is labelled already is not written.
    Raises ValueError, naming notebook and cell, before anything is written: for a solution
    without a name, a name that two have, a level that is none, or a check that is of no solution.
    Raises OSError for a notebook that is open in JupyterLab, which would write over the labels.
    """
    changed, unchecked, checks = {}, [], 0
    for path in find_notebooks(names):
        book = read_notebook(path)
        before = notebook_bytes(book)
        try:
            labelled = _label(book["cells"])
        except ValueError as problem:
            raise ValueError(f"notebook {path.stem[:2]}, {problem}") from None
        if notebook_bytes(book) != before:
            changed[path] = notebook_bytes(book)
        checks += sum(labelled.values())
        unchecked += [(path, name) for name, checked in labelled.items() if not checked]
    for path in open_in_lab(changed):
        raise OSError(
            f"{path.name} is open in JupyterLab, and its next save would write over the labels; "
            "nothing was written: save it, choose File → Close and Shut Down Notebook, then label "
            "again."
        )
    for path, content in changed.items():
        replace(path, content)
        print(f"labelled  {path.name}")
    for path, name in unchecked:
        print(
            f"unchecked {path.name}: no check of {name!r} comes after its solution: write "
            f"checks.{name}({name}) in the next cell, then label again."
        )
    if changed:
        print("Where one is open in an editor, load it from the disk again before you save it.")
    elif not unchecked:
        print(f"nothing to do: {checks} solutions and their checks have their labels.")


def _label(cells):
    """Change the cells of every exercise in place; {name: whether a check follows}, in order."""
    labelled, ids = {}, {}
    task, names = {}, []  # of the exercise whose check may be the next cell
    for previous, cell in pairwise([{}, *cells]):
        source, here = of.source(cell), f"cell `{cell.get('id')}`"
        code = cell["cell_type"] == "code"
        if code and "BEGIN SOLUTION" in source:
            name, line = of.answered(source) or (None, None)
            if name is None:
                raise ValueError(
                    f"{here}: a solution cell should begin with `def name(` or `name = None`."
                )
            if name in labelled:
                raise ValueError(
                    f"{here}: cell `{ids[name]}` is a solution {name!r} too: give one of them "
                    "another name."
                )
            labelled[name], ids[name] = False, cell.get("id")
            if line is None or not names:  # a value right after a function belongs to it
                task, names = previous, []
            if not names:
                _name_task(task, name)
            names.append(name)
            _set(cell, name, solution=True)
            continue
        first, others = of.checked(source) if code else ([], [])
        if first or others:
            asked = (first + others)[0]
            if not first or others or asked not in names:
                line = next(line.strip() for line in source.splitlines() if "checks." in line)
                raise ValueError(
                    f"{here}: {line} checks no solution: it should stand alone in its cell, and "
                    "right before it the function or the value of this name, its answer between "
                    "`### BEGIN SOLUTION` and `### END SOLUTION`."
                )
            _set(cell, f"check_{asked}", points=_points(task, here))
            labelled |= dict.fromkeys(names, True)
        task, names = {}, []
    for cell_id, number in Counter(cell.get("id") for cell in cells).items():
        if number > 1:
            raise ValueError(
                f"cell `{cell_id}`: {number} cells have this id: give the exercise or the other "
                "cell another name."
            )
    return labelled


def _name_task(task, name):
    if task.get("cell_type") == "markdown":
        task["id"] = f"task-{_hyphened(name)}"


def _set(cell, name, **marks):
    cell["id"] = _hyphened(name)
    others = [tag for tag in of.tags(cell) if tag != "raises-exception"]
    tags = [*others, "raises-exception"]
    cell["metadata"] |= {"nbgrader": of.new_marks(name, **marks), "tags": tags}


def _hyphened(name):
    return name.replace("_", "-")


def _points(task, here):
    """As many as the task has ●, or as its level is worth; 1 where it says neither."""
    text = of.source(task) if task.get("cell_type") == "markdown" else ""
    dots = re.search(r"^\*\*Exercise\.\*\* (●+)", text, re.M)
    heading = re.search(r"^#+ Exercise: .*\((\w+), ", text, re.M)
    if heading and heading[1] not in LEVELS:
        raise ValueError(
            f"{here}: its task is of the level {heading[1]!r}: write one of {', '.join(LEVELS)}."
        )
    return len(dots[1]) if dots else LEVELS[heading[1]] if heading else 1
