"""The notebooks that travel with the package: finding, reading and copying them."""

import json
from itertools import pairwise
from pathlib import Path

from ..support.files import BUNDLED, write_new

NOTEBOOKS = BUNDLED / "notebooks"


def find_notebooks(names=()):
    """The paths of the course's notebooks, in order; with `names` only of those.

    A name is a number ("4", "04") or a file name ("04_features", "04_features.ipynb"). Raises
    ValueError for one that the course does not have. A file without a number belongs to nobody's
    course: an instructor may keep drafts beside the others.
    """
    course = sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))
    if not course:
        raise FileNotFoundError(f"there is no notebook in {NOTEBOOKS}: reinstall sparse-ae.")
    for one, other in pairwise(course):
        if one.stem[:2] == other.stem[:2]:
            raise ValueError(
                f"{one.name} and {other.name} have the same number: give one of them another."
            )
    found = set()
    for name in names:
        stem = str(name).removesuffix(".ipynb")
        fits = [p for p in course if stem == p.stem or stem.zfill(2) == p.stem[:2]]
        if not fits:
            raise ValueError(
                f"there is no notebook {str(name)!r}: "
                f"give a number from {course[0].stem[:2]} to {course[-1].stem[:2]}."
            )
        found.update(fits)
    return sorted(found) if names else course


def read_notebook(path):
    """The notebook `path` as a dict. Raises ValueError, in one sentence, if it is none."""
    try:
        book = json.loads(path.read_text("utf-8-sig"))  # some editors put a mark first
        for cell in book["cells"]:
            cell["cell_type"], cell["source"], cell["metadata"].get("nbgrader")
        return book
    except (KeyError, TypeError, AttributeError, UnicodeDecodeError, json.JSONDecodeError):
        raise ValueError(
            f"{path} is no notebook, or holds marks of a merge (<<<<<<<): mend it, or restore the "
            f"last version that was committed, with `git checkout HEAD -- {path.name}`."
        ) from None


def notebook_bytes(book):
    """A notebook as it is written: the same bytes for the same cells every time."""
    return (json.dumps(book, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def copy_notebooks(out):
    """Copy every notebook of the course into the folder `out` and say what was done.

    A file that is already there is kept as it is. Raises OSError if `out` cannot be written.
    """
    folder = Path(out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for source in find_notebooks():
            target = folder / source.name
            try:
                write_new(target, source.read_bytes())
                print(f"written  {target}")
            except FileExistsError:
                print(f"kept     {target}")
    except OSError as problem:
        raise OSError(
            f"{folder} cannot be written ({problem.strerror}): name another folder with --out."
        ) from None
