"""A course of two small notebooks, with two exercises each, that run in a moment."""

import json

# The module of checks that lies beside the small notebooks: the course's own, for two exercises.
CHECKS = """
from sparse_ae.checks.exercises import exercise

ABOUT = {
    "inputs": [(2,), (3,), (5,)],
    "mistakes": "x  # the argument is given back.",
    "praise": "all numbers right.",
}


@exercise(by_hand=4, **ABOUT)
def double(x):
    return 2 * x


@exercise(by_hand=4, **ABOUT)
def square(x):
    return x**2
"""
RIGHT = {
    "double": "def double(x):\n    return x + x",
    "square": "def square(x):\n    return x * x",
}
WRONG = {
    "double": "def double(x):\n    return x",
    "square": "def square(x):\n    return x",
}
# A cell without an end, which leaves the processor free.
WAITS = "import time\nwhile True:\n    time.sleep(0.01)"


def text(name, source):
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": source}


def code(name, source, **metadata):
    outputs = [{"output_type": "stream", "name": "stdout", "text": "the answer is 42\n"}]
    return {
        "cell_type": "code",
        "id": name,
        "metadata": metadata,
        "source": source,
        "outputs": outputs,
        "execution_count": 1,
    }


def exercise(name, body, points):
    """The cells of an exercise, as in the course: task, solution, check."""
    solution = (
        f"def {name}(x):\n"
        f'    """What it does."""\n'
        f"    ### BEGIN SOLUTION\n    {body}\n    ### END SOLUTION"
    )
    marks = {"schema_version": 3, "task": False}
    of_solution = {"grade": False, "grade_id": name, "locked": False, "solution": True}
    of_check = {"grade": True, "grade_id": f"check_{name}", "locked": True, "solution": False}
    tags = ["raises-exception"]
    return [
        text(f"about-{name}", f"**Exercise.** {'●' * points} Write `{name}`."),
        code(name, solution, tags=tags, nbgrader=marks | of_solution),
        code(
            f"check-{name}",
            f"checks.{name}({name})",
            tags=tags,
            nbgrader=marks | of_check | {"points": points},
        ),
    ]


def small_notebook(title):
    return {
        "cells": [
            text("title", f"# {title}"),
            code("load", "import small_checks as checks"),
            *exercise("double", "return 2 * x", 1),
            *exercise("square", "return x**2", 2),
            code("last", "print('the last cell')"),
        ],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def write_course(folder):
    folder.mkdir()
    for stem in ("01_first", "02_second"):
        write(folder / f"{stem}.ipynb", small_notebook(stem))
    return folder


def read(path):
    return json.loads(path.read_text("utf-8"))


def write(path, book):
    path.write_text(json.dumps(book, ensure_ascii=False), "utf-8")


def with_sources(book, **sources):
    """The notebook with other sources in the cells of these ids; None takes the cell out."""
    sources = {name.replace("_", "-"): source for name, source in sources.items()}
    cells = [
        cell | {"source": sources.get(cell["id"], cell["source"])}
        for cell in book["cells"]
        if sources.get(cell["id"], "") is not None
    ]
    return book | {"cells": cells}
