"""What nbgrader knows of a cell: its metadata, read whatever was handed in, and written.

A cell is a dict, as JSON or nbformat give it. A solution cell holds an answer between
`### BEGIN SOLUTION` and `### END SOLUTION`; a check cell is graded; both have a name, `grade_id`.
"""

import ast
import re
from textwrap import dedent

AFTER_PREDICTION = "after-prediction"  # the tag of a text to be read once the cell before it ran


def source(cell):
    """The text of a cell, which a file may hold as a list of lines, and these end in \\r\\n."""
    return "".join(cell["source"]).replace("\r\n", "\n")


def tags(cell):
    """The tags of a cell, a list of texts."""
    found = cell.get("metadata", {}).get("tags")
    return [tag for tag in found if isinstance(tag, str)] if isinstance(found, list) else []


def marks(cell):
    """nbgrader's metadata of a cell; an empty dict where there is none or something else."""
    found = cell.get("metadata", {}).get("nbgrader")
    return found if isinstance(found, dict) else {}


def grade_id(cell):
    """The name by which nbgrader knows a cell, or None."""
    name = marks(cell).get("grade_id")
    return name if isinstance(name, str) else None


def is_solution(cell):
    """Whether the cell is a student's to fill in."""
    return bool(marks(cell).get("solution"))


def is_check(cell):
    """Whether a run of the cell gives points."""
    return bool(marks(cell).get("grade"))


def is_manually_graded(cell):
    """Whether a person reads the answer and gives the points, as in a text question."""
    return is_solution(cell) and is_check(cell)


def new_marks(name, *, solution=False, points=None, locked=None, **more):
    """nbgrader's metadata of a solution cell, or of a check if it has `points`."""
    grade = points is not None
    found = {"schema_version": 3, "grade_id": name, "task": False}
    found |= {"solution": solution, "grade": grade, "locked": grade if locked is None else locked}
    return found | ({"points": points} if grade else {}) | more


def answered(text):
    """What a solution cell with the source `text` defines: (name, line), or None.

    line: the index of the line `name = None` or `name = ...` if the answer is a value, and None if
    it is a function. Remarks, blank lines and decorators may come first; anything else makes it
    None.
    """
    body = _statements(text)
    first = body[0] if body else None
    if isinstance(first, ast.FunctionDef | ast.AsyncFunctionDef):
        return first.name, None
    if isinstance(first, ast.Assign) and len(first.targets) == 1:
        target, value = first.targets[0], first.value
        nothing = isinstance(value, ast.Constant) and value.value in (None, ...)
        if isinstance(target, ast.Name) and nothing:
            return target.id, first.lineno - 1
    return None


def checked(text):
    """The checks that a cell with the source `text` calls: (first, others), lists of names.

    first: the name of the check that the cell begins with, in a list, or an empty one. What a call
    returns, and is kept, as in `f = checks.if_right(f, otherwise=g)`, is no check.
    """
    body = _statements(text)
    if body is None:  # a magic of IPython, or no Python at all
        return [], re.findall(r"^[ \t]*checks\.(\w+)\(", text, re.M)
    first, others = [], []
    for node in (node for statement in body for node in ast.walk(statement)):
        call = node.value if isinstance(node, ast.Expr) else None
        asked = call.func if isinstance(call, ast.Call) else None
        if isinstance(asked, ast.Attribute) and getattr(asked.value, "id", "") == "checks":
            (first if node is body[0] else others).append(asked.attr)
    return first, others


def _statements(text):
    try:
        return ast.parse(dedent(text)).body
    except (SyntaxError, ValueError):
        return None
