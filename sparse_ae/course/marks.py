"""The marks of a class from nbgrader's gradebook: students by exercises."""

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path

from ..support.files import replace
from .class_folder import ASSIGNMENT, GRADEBOOK, GRADED, class_folder, print_remarks, students

_FIRST = "student"  # how a file of marks begins


@dataclass(frozen=True)
class Marks:
    """exercises: {(notebook, exercise): points that it can give}, in the course's order.

    given: {student: {(notebook, exercise): points, or None until somebody has read the answer}};
    a notebook that was not handed in or not graded has no entries.
    """

    exercises: dict
    given: dict
    waiting: set = field(default_factory=set)

    def total(self, student):
        """All points of a student."""
        return sum(points or 0 for points in self.given[student].values())

    def share_right(self, exercise):
        """Of those whose notebook is graded, the share with all points; None if there is none."""
        marks = [given[exercise] for given in self.given.values() if exercise in given]
        full = [points == self.exercises[exercise] for points in marks]
        return sum(full) / len(full) if full else None


def print_marks(out=None):
    """Print the marks of the class in the current folder; `out`: write them as CSV, too.

    Raises OSError, in one sentence, where there is no gradebook, or `out` is another file.
    """
    folder = class_folder()
    marks = read_marks(folder)
    for line in table(marks):
        print(line)
    if out is not None:
        path = Path(out)
        if path.exists() and not path.read_bytes().startswith(_FIRST.encode()):
            raise FileExistsError(f"{path} is there and holds no marks: name another file.")
        replace(path, as_csv(marks).encode())
        print(f"\nwritten  {path}")
    if marks.waiting:
        print(f"\n{len(marks.waiting)} answers wait for a person: nbgrader formgrader shows them.")
    print_remarks(folder)


def read_marks(folder):
    """The `Marks` in the gradebook of a class folder. Raises OSError if there are none."""
    try:
        from nbgrader.api import Gradebook, MissingEntry
    except ImportError as problem:
        raise ImportError(f"{problem}: run: python -m pip install nbgrader") from None
    exercises, given, waiting = {}, {}, set()
    with Gradebook(f"sqlite:///{(folder / GRADEBOOK).absolute()}") as gradebook:
        try:
            assignment = gradebook.find_assignment(ASSIGNMENT)
        except MissingEntry:
            raise OSError(
                f"the gradebook has no assignment {ASSIGNMENT}: run nbgrader generate_assignment "
                f"{ASSIGNMENT} first."
            ) from None
        for book in sorted(assignment.notebooks, key=lambda book: book.name):
            points = {cell.name: cell.max_score for cell in book.grade_cells}
            for cell in book.source_cells:
                if cell.name in points:
                    exercises[book.name, _exercise(cell.name)] = points[cell.name]
        for submission in assignment.submissions:
            own = given.setdefault(submission.student.id, {})
            handed_in = folder / "submitted" / submission.student.id / ASSIGNMENT
            for book in submission.notebooks:
                if not (handed_in / f"{book.name}.ipynb").exists():
                    continue
                graded = folder / GRADED / submission.student.id / ASSIGNMENT
                was_graded = (graded / f"{book.name}.ipynb").exists()
                for grade in book.grades:
                    if grade.needs_manual_grade and not was_graded:  # nbgrader's own first state
                        continue
                    exercise = book.name, _exercise(grade.name)
                    own[exercise] = None if grade.needs_manual_grade else grade.score
                    if grade.needs_manual_grade:
                        waiting.add((submission.student.id, *exercise))
    for student in students(folder):  # whoever has no mark is in the table too
        given.setdefault(student.name, {})
    return Marks(exercises, dict(sorted(given.items())), waiting)


def as_csv(marks):
    """The table for a spreadsheet: a row for each student, then the points and the shares."""
    file = io.StringIO()
    write = csv.writer(file, lineterminator="\n").writerow
    write([_FIRST, *(f"{book[:2]} {name}" for book, name in marks.exercises), "total"])
    for student, own in marks.given.items():
        cells = [_text(own[key], "?") if key in own else "" for key in marks.exercises]
        write([student, *cells, _text(marks.total(student))])
    write(["(points)", *map(_text, marks.exercises.values()), _text(_all(marks))])
    shares = [marks.share_right(key) for key in marks.exercises]
    write(["(share right)", *("" if share is None else f"{share:.2f}" for share in shares), ""])
    return file.getvalue()


def table(marks):
    """The lines of the table to read: students above, and below it what each column is."""
    width = max([len("student"), *map(len, marks.given)])
    keys = list(marks.exercises)
    books = [book[:2] for book, _ in keys]
    columns = [f"{book if books.index(book) == i else '':>4}" for i, book in enumerate(books)]
    yield f"{'student':{width}} {''.join(columns)}   total"
    yield f"{'':{width}} {''.join(f'{number:4}' for number in _numbers(keys))}   of {_all(marks):g}"
    for student, own in marks.given.items():
        cells = [_text(own[key], "?") if key in own else "-" for key in keys]
        columns = "".join(f"{cell:>4}" for cell in cells)
        yield f"{student:{width}} {columns} {marks.total(student):7g}"
    if not marks.given:
        yield "no student is graded yet."
    yield ""
    yield "right: of the notebooks graded, the share with all points; - not handed in or not graded"
    names = max((len(name) for _, name in keys), default=0)
    for number, key in zip(_numbers(keys), keys, strict=True):
        share = marks.share_right(key)
        right = "" if share is None else f"{share:5.0%} right"
        points = marks.exercises[key]
        unit = "point" if points == 1 else "points"
        yield f"{key[0][:2]} {number:2}  {key[1]:{names}}  {points:g} {unit:6} {right}".rstrip()


def _numbers(keys):
    """1, 2, … within each notebook."""
    counted, numbers = {}, []
    for book, _ in keys:
        counted[book] = counted.get(book, 0) + 1
        numbers.append(counted[book])
    return numbers


def _all(marks):
    return sum(marks.exercises.values())


def _exercise(label):
    return label.removeprefix("check_")


def _text(points, unknown=""):
    return unknown if points is None else f"{points:g}"
