"""The folder in which a class is graded: who handed in what, and what nobody would notice.

nbgrader's names hold: submitted/NAME/notebooks/01_mnist.ipynb comes in, autograded/NAME/… goes out.
"""

import re
from pathlib import Path

from .checking import read

ASSIGNMENT = "notebooks"
GRADEBOOK = "gradebook.db"
GRADED = "autograded"
LOGS = "grading_logs"
NOT_IN_NAMES = "[]*?/\\"  # nbgrader looks for a student's folder with a glob
_NOT_GRADED = "not graded yet, or the grading failed."
_NOBODY = ("exercises", "notebooks", "hand-in", "extracted")  # folders that are no student's name
_MOODLE = re.compile(r"(?P<name>.+)_(?P<number>\d+)_assignsubmission_file")
_NOTEBOOK = re.compile(r"(?<!\d)\d\d_[a-z]+(?:_[a-z]+)*")


def class_folder():
    """The current folder. Raises OSError if it is none in which a class is graded."""
    for name in ("nbgrader_config.py", GRADEBOOK):
        if not Path(name).is_file():
            raise FileNotFoundError(
                f"there is no {name} here: change to the class folder, in which "
                "nbgrader generate_assignment was run."
            )
    with open(GRADEBOOK, "rb") as file:
        if not file.read(6) == b"SQLite":
            raise OSError(f"{GRADEBOOK} is no gradebook: restore it, or make a new class folder.")
    return Path()


def notebook_names(folder):
    """The names of the notebooks that were handed out, in order."""
    return sorted(path.stem for path in (folder / "release" / ASSIGNMENT).glob("*.ipynb"))


def students(folder):
    """The folders in submitted/, one for each student, in order; links, too, to be named."""
    found = folder / "submitted"
    return sorted(
        path
        for path in (found.iterdir() if found.is_dir() else ())
        if (path.is_dir() or path.is_symlink()) and not path.name.startswith(".")
    )


def can_be_graded(student, names):
    """Whether nbgrader finds a notebook of the course in a student's folder."""
    handed_in = student / ASSIGNMENT
    fits = not set(student.name) & set(NOT_IN_NAMES)
    return fits and any((handed_in / f"{name}.ipynb").exists() for name in names)


def remarks(folder):
    """{student: [sentence, …]} for all that has no mark, or none for a notebook that is there."""
    found, names = {}, notebook_names(folder)
    for student in students(folder):
        told = list(_about(student, names, folder))
        if told:
            found[student.name] = told
    for student, told in _about_collected(folder).items():
        found[student] = told + found.get(student, [])
    return found


def print_remarks(folder=Path()):
    """The last lines of a command: a line for each remark, if there are any."""
    found = remarks(folder)
    if found:
        print("\nTo be looked at:")
    for student, told in sorted(found.items()):
        for line in told:
            print(f"  {student}: {line}")


def _about(student, names, folder):
    handed_in = student / ASSIGNMENT
    if set(student.name) & set(NOT_IN_NAMES):
        yield f"nbgrader cannot take a name with {' '.join(NOT_IN_NAMES[:4])}; rename the folder."
        return
    if not handed_in.is_dir():
        yield f"not graded; there is no folder {handed_in}: put the files there."
        return
    linked = next((part for part in (student, handed_in) if part.is_symlink()), None)
    if linked:
        yield f"{linked} is a link: nothing for what is in it."
    else:
        yield from _about_files(handed_in, names)
    if can_be_graded(student, names) and not (folder / GRADED / student.name / ASSIGNMENT).is_dir():
        log = folder / LOGS / f"{student.name}.log"
        yield f"the grading failed: {log} says why." if log.exists() else _NOT_GRADED


def _about_files(handed_in, names):
    there = sorted(path.name for path in handed_in.glob("*.ipynb"))
    missing = [name for name in names if f"{name}.ipynb" not in there]
    others = [(name, other) for name in missing for other in there if _notebook_of(other) == name]
    for name, other in others:
        yield (
            f"{other} has another name and was not graded: rename it to {name}.ipynb, and grade "
            "again with --force."
        )
    if missing == names and not others:
        yield f"not graded; no file in {handed_in} has the name of a notebook of the course."
    for name in (name for name in names if name not in missing):
        path = handed_in / f"{name}.ipynb"
        if path.is_symlink():
            yield f"{path.name} is a link: nothing for it."
            continue
        if not path.is_file():  # a pipe would be waited for
            yield f"{path.name} is no file: nothing for it."
            continue
        try:
            read(path)
        except OSError:
            yield f"{name}.ipynb is no notebook that can be read: nothing for it."


def who(path, extracted):
    """(student, number) of a file that was collected; student is None where no name tells it.

    Moodle names a folder, or the file itself, `Chloe Mueller_123_assignsubmission_file_…`. Else the
    innermost folder counts, as `NAME` from `NAME.zip`. number: Moodle's, or None.
    """
    parts = path.relative_to(extracted).parts
    for part in parts:
        found = _MOODLE.match(part)
        if found:
            return _clean(found["name"]), found["number"]
    own = [part for part in parts[:-1] if part.lower() not in _NOBODY]
    return (_clean(own[-1]), None) if own else (None, None)


def collected(extracted):
    """{(student, notebook): path} of the files that are taken, one for each.

    Where there are several, the one with the notebook's own name is taken, or else the last.
    Students of one name are told apart by Moodle's number.
    """
    numbers, found = {}, {}
    paths = files(extracted)
    for path in paths:
        student, number = who(path, extracted)
        numbers.setdefault(student, set()).add(number)
    for path in paths:
        student, number = who(path, extracted)
        name = _notebook_of(path.name)
        if student is None or name is None or path.suffix != ".ipynb":
            continue
        student = f"{student}_{number}" if len(numbers[student]) > 1 else student
        before = found.get((student, name))
        if before is None or _own_name(before.stem) != name:
            found[student, name] = path
    return found


def _about_collected(folder):
    """{student: [sentence, …]} for files that came from a learning platform under other names."""
    extracted = folder / "downloaded" / ASSIGNMENT / "extracted"
    taken = collected(extracted) if extracted.is_dir() else {}
    found = {}
    for (student, name), path in taken.items():
        if _own_name(path.stem) != name:
            found.setdefault(student, []).append(f"{path.name} was taken for {name}.ipynb.")
    with_one = {student for student, _ in taken}
    for path in zips(extracted):  # one that was unpacked is gone
        student, _ = who(path.with_suffix("") / path.name, extracted)
        told = "was not collected: it is empty, damaged or no zip, or has a password."
        found.setdefault(student or "nobody", []).append(f"{path.relative_to(extracted)} {told}")
    for path in files(extracted):
        if path.suffix.lower() == ".zip":
            continue
        student, number = who(path, extracted)
        names = {student, f"{student}_{number}"}
        if path not in taken.values() and (path.suffix == ".ipynb" or not names & with_one):
            told = f"{path.relative_to(extracted)} was not collected."
            found.setdefault(student or "nobody", []).append(told)
    return found


def files(extracted):
    """What was handed in, in a folder into which zips were unpacked."""
    return sorted(
        path
        for path in extracted.rglob("*")
        if path.is_file() and not path.name.startswith(".") and "__MACOSX" not in path.parts
    )


def zips(extracted):
    """The zips among the files."""
    return [path for path in files(extracted) if path.suffix.lower() == ".zip"]


def _notebook_of(name):
    found = _NOTEBOOK.search(_own_name(name))
    return found and found[0]


def _own_name(name):
    """A file's name without what Moodle puts before it."""
    return name.rpartition("assignsubmission_file_")[2]


def _clean(name):
    return "".join("_" if character in NOT_IN_NAMES else character for character in name).strip()
