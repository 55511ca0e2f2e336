"""What nbgrader knows of a cell: its metadata, read whatever was handed in, and written.

A cell is a dict, as JSON or nbformat give it. A solution cell holds an answer between
`### BEGIN SOLUTION` and `### END SOLUTION`; a check cell is graded; both have a name, `grade_id`.
"""


def source(cell):
    """The text of a cell, which a file may hold as a list of lines."""
    return "".join(cell["source"])


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
