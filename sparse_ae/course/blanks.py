"""Blank copies of the notebooks: what a student starts from.

A source notebook is complete. Its answers stand between `### BEGIN SOLUTION` and
`### END SOLUTION`, in cells that carry nbgrader's metadata. A blank copy has no outputs, and in
place of the answers nbgrader's stub, or, where the answer is a value, `name = ...`, which stops
nobody with a red error. A text with the tag `after-prediction` is folded away in it. Its cells are
those of `nbgrader generate_assignment` with the steps of release.py, except that nbgrader adds a
checksum.
"""

import json
import os
from pathlib import Path

from ..support.files import write_new
from . import cells as of
from .notebooks import find_notebooks, notebook_bytes, read_notebook
from .surroundings import KERNEL

CODE_STUB = ["# YOUR CODE HERE", "raise NotImplementedError()"]
TEXT_STUB = ["YOUR ANSWER HERE"]
VALUE_STUB = "{name} = ...  # YOUR ANSWER HERE"
FOLDED = "<details><summary>After you ran it</summary>\n\n{text}\n\n</details>"
KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}


def write_exercises(out, names=(), solutions=False):
    """Write blank copies of the notebooks into the folder `out`; say what was done.

    names: as `find_notebooks` takes them; all notebooks by default.
    solutions: True writes the notebooks as they are, complete and executed.

    Nothing is overwritten: raises FileExistsError, before anything is written, if another file
    has one of the names. A file that is the same already is left alone.
    """
    folder = Path(out)
    contents = {
        folder / path.name: path.read_bytes() if solutions else blank_copy(path)
        for path in find_notebooks(names)
    }
    there = {path for path in contents if os.path.lexists(path)}
    for path in sorted(there):
        if not path.is_file() or path.read_bytes() != contents[path]:
            raise FileExistsError(
                f"{path} is there, is not the same, and is kept; nothing was written: "
                "name another folder with --out, or move the file away."
            )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, content in contents.items():
            if path not in there:
                write_new(path, content)
            print(f"{'same   ' if path in there else 'written'}  {path}")
    except OSError as problem:
        raise OSError(
            f"{folder} cannot be written ({problem.strerror}): name another folder with --out."
        ) from None


def blank_copy(path, kernel=None):
    """The bytes of the blank copy of the notebook `path`: the same bytes every time.

    kernel: the name of the kernel to run it; by default the one that the notebook names.

    Raises ValueError, naming notebook and cell, if a solution's BEGIN and END do not pair or
    stand in a cell that is no solution cell.
    """
    book = read_notebook(path)
    try:
        cells = [_blank_cell(cell) for cell in book["cells"]]
    except _Unpaired as problem:
        raise ValueError(f"notebook {path.stem[:2]}, {problem}") from None
    metadata = {k: v for k, v in book["metadata"].items() if k not in ("widgets", "celltoolbar")}
    if kernel is not None:
        metadata["kernelspec"] = KERNELSPEC | {"display_name": kernel, "name": kernel}
    blank = {**book, "cells": cells, "metadata": metadata}
    return notebook_bytes(blank)


def without_own_kernel(content):
    """The bytes of a blank copy as they are where it does not name the kernel of `start`."""
    if KERNEL.encode() not in content:
        return content
    try:
        book = json.loads(content)
        if book["metadata"]["kernelspec"]["name"] == KERNEL:
            book["metadata"]["kernelspec"] = KERNELSPEC
            return notebook_bytes(book)
    except (ValueError, KeyError, TypeError):  # no notebook: whatever it is, it is no blank
        pass
    return content


def blank_source(cell):
    """What a cell says in a blank copy where that is not what nbgrader makes of it; or None."""
    if cell["cell_type"] == "markdown" and of.AFTER_PREDICTION in of.tags(cell):
        return FOLDED.format(text=of.source(cell).strip())
    if cell["cell_type"] == "code" and of.is_solution(cell):
        name, line = of.answered(of.source(cell)) or (None, None)
        if line is not None:
            lines = of.source(cell).split("\n")
            lines[line] = VALUE_STUB.format(name=name)
            kept, found = _without(lines, "SOLUTION", [], cell)
            return "\n".join(kept if found else lines[: line + 1])
    return None


class _Unpaired(Exception):
    """A solution that cannot be taken out; the message names the cell."""


def _blank_cell(cell):
    marks = of.marks(cell)
    code = cell["cell_type"] == "code"
    stub = CODE_STUB if code else TEXT_STUB
    own = blank_source(cell)
    lines = of.source(cell).split("\n")
    kept, found = _without(lines, "SOLUTION", stub, cell)
    if own is not None:
        kept, found = own.split("\n"), True
    if found and own is None and not of.is_solution(cell):
        raise _Unpaired(
            f"cell `{_name(cell)}`: a solution stands in a cell that is no solution cell: "
            'give the cell nbgrader\'s metadata with "solution": true.'
        )
    if of.is_solution(cell) and not found:  # the whole cell is the answer
        kept = stub
    for secret in ("HIDDEN TESTS", "MARK SCHEME"):
        kept, _ = _without(kept, secret, [], cell)

    metadata = {k: v for k, v in cell["metadata"].items() if k not in ("collapsed", "scrolled")}
    if of.is_solution(cell) or of.is_check(cell) or marks.get("locked"):
        metadata["nbgrader"] = marks | {"cell_type": cell["cell_type"]}
        metadata["deletable"] = False
        if not of.is_solution(cell):
            metadata["editable"] = False
    blank = {**cell, "metadata": metadata, "source": "\n".join(kept).splitlines(keepends=True)}
    if code:
        blank |= {"outputs": [], "execution_count": None}
    return blank


def _without(lines, region, stub, cell):
    """`lines` with `stub` in place of each region, and whether there was one."""
    begin, end = f"BEGIN {region}", f"END {region}"
    kept, inside, found = [], False, False
    for line in lines:
        if begin in line or end in line:
            if inside == (begin in line):
                raise _Unpaired(
                    f"cell `{_name(cell)}`: {begin} and {end} do not pair: "
                    f"each `### {begin}` needs one `### {end}` after it."
                )
            inside = begin in line
            if inside:
                found = True
                indent = line[: len(line) - len(line.lstrip())]
                kept += [indent + stub_line for stub_line in stub]
        elif not inside:
            kept.append(line)
    if inside:
        raise _Unpaired(
            f"cell `{_name(cell)}`: {begin} has no {end}: put a line `### {end}` after the answer."
        )
    return kept, found


def _name(cell):
    return cell.get("id", "without an id")
