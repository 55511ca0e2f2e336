"""What a student hands in: one zip, with the names that the grading looks for."""

import io
import json
import os
import zipfile
from pathlib import Path

from ..support.files import write_new
from . import cells as of
from .blanks import blank_copy
from .checking import check, read
from .notebooks import find_notebooks
from .student_folder import exercises_folder


def hand_in(name=None, checked=True):
    """Check the notebooks in exercises/ and write them into NAME.zip; True if all checks pass.

    name: of the student, by default hand-in. checked: False leaves the checks out.
    Nothing is overwritten. Raises OSError or ValueError, in one sentence, where nothing is written.
    """
    target = _target(name)
    folder = exercises_folder()
    found, missing = [], []
    for course in find_notebooks():
        path = folder / course.name
        (found if path.is_file() else missing).append((path, course))
    if not found:
        raise FileNotFoundError(
            f"there is no notebook of the course in {folder.absolute()}: change to the folder in "
            "which you ran sparse-ae start."
        )
    books = [(path, course, read(path)) for path, course in found]  # before minutes of checks
    blank, passed, failed = [], [], []
    for path, course, book in books:
        if _sources(book) == _sources(json.loads(blank_copy(course))):
            blank.append(path)
        elif checked:
            (passed if check(path) else failed).append(path)
    _write(target, [path for path, _ in found])
    print(f"written  {target}, with {len(found)} notebooks:")
    if checked:
        _say("every check passes", passed)
        _say("not every check passes", failed)
    else:
        _say("not checked", [path for path, _ in found if path not in blank])
    _say("still blank, not checked", blank)
    _say("not there", [path for path, _ in missing])
    return not failed


def _sources(book):
    """What the cells say; outputs, and the kernel that the notebook names, may differ."""
    return [of.source(cell) for cell in book["cells"]]


def _say(what, paths):
    if paths:
        print(f"  {what}: {', '.join(path.name for path in paths)}")


def _target(name):
    target = Path(f"{name or 'hand-in'}.zip")
    if name is not None and (not name.strip() or set(name) & set('[]*?/\\:"<>|')):
        raise ValueError(f'a name has none of [ ] * ? / \\ : " < > | and this is {name!r}.')
    if os.path.lexists(target):
        raise FileExistsError(
            f"{target} is there already and is kept: rename it, or give another name."
        )
    return target


def _write(target, paths):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in paths:
            archive.write(path, path.name)
    write_new(target, content.getvalue())
