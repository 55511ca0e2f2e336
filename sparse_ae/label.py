"""What nbgrader and the blank copies need to know of an exercise, derived from its cells.

An instructor writes three cells: the task with its line `**Exercise.** ●●○, 5 minutes.`, the
solution between `### BEGIN SOLUTION` and `### END SOLUTION`, and the check `checks.name(name)`.
Their ids, tags and metadata follow from what is written in them.
"""

import json
import re

from .notebooks import find_notebooks, replace


def label_exercises(names=()):
    """Label the exercises of the course's notebooks, in place; say which files changed.

    names: as `find_notebooks` takes them. A notebook that is labelled already is not written.
    Raises ValueError, naming notebook and cell, for a solution without a name.
    """
    for path in find_notebooks(names):
        before = path.read_bytes()
        book = json.loads(before)
        if _label(book["cells"], path):
            text = json.dumps(book, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
            replace(path, text.encode())
            print(f"labelled  {path.name}")


def _label(cells, path):
    """Change the cells of every exercise in place; True if there was something to change."""
    before = json.dumps(cells, sort_keys=True)
    name, task, follows = None, {}, False  # follows: a solution stands right before
    for previous, cell in zip([{}, *cells], cells, strict=False):
        source = "".join(cell["source"])
        if cell["cell_type"] == "code" and "BEGIN SOLUTION" in source:
            found = re.match(r"def (\w+)\(|(\w+) = None\n", source)
            if found is None:
                raise ValueError(
                    f"notebook {path.stem[:2]}, cell `{cell.get('id')}`: a solution cell should "
                    "begin with `def name(` or `name = None`."
                )
            if found[1]:
                name, task = found[1], previous
                if task.get("cell_type") == "markdown":
                    task["id"] = f"task-{name.replace('_', '-')}"
            _set(cell, found[1] or found[2], grade=False)
            follows = True
        else:
            if follows and source.startswith(f"checks.{name}("):
                _set(cell, f"check_{name}", grade=True, points=_points(task))
            follows = False
    return json.dumps(cells, sort_keys=True) != before


def _set(cell, name, grade, **points):
    marks = {"grade": grade, "grade_id": name, "locked": grade, "solution": not grade}
    marks |= {"schema_version": 3, "task": False} | points
    cell["id"] = name.replace("_", "-")
    others = [tag for tag in cell["metadata"].get("tags", []) if tag != "raises-exception"]
    cell["metadata"] |= {"nbgrader": marks, "tags": [*others, "raises-exception"]}


def _points(task):
    """As many as the task has ●."""
    line = re.search(r"^\*\*Exercise\.\*\* (●+)", "".join(task.get("source", "")), re.M)
    return len(line[1]) if line else 1
