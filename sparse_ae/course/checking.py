"""Run a student's notebook and tell how its checks went. The file is read and not written."""

import asyncio
import atexit
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

from . import cells as of
from .kernels import BUDGET, OutOfTime, Patience, kernel_manager, trim
from .notebooks import find_notebooks, read_notebook
from .student_folder import FOLDER, exercises_folder
from .surroundings import hiding_files, kernel_environment

OWN_CELL, COURSE_CELL = 60, 600  # seconds for a cell a student wrote, and for one of the course


def check(name, timeout=OWN_CELL):
    """Print a line for each check of a notebook; True if all pass.

    name: a number, looked for in exercises/ and then in this folder, or the path of a notebook.
    timeout: seconds for each cell that the student may write. The other cells have ten minutes.

    The checks that count are those of the course's notebook that this one was made from: one that
    is missing or did not run has failed, and one that was edited is run as the course has it.
    An error in a cell of the course, and a file that causes it, are told before the checks.
    """
    path = _find(name)
    book = read(path)
    course = _course_cells(path, book)
    wanted = _checks(course)
    if not wanted:
        raise OSError(f"{path} has no check: give a notebook of the course.")
    _ready_for_checks(book.cells, wanted)
    known = {cell.get("id") for cell in course} | {of.source(cell) for cell in course}
    print(f"{path}: running {len(book.cells)} cells …", flush=True)
    found = run(book, wanted, path.parent, timeout, known)
    for line in _trouble(book, known, found, path.parent):
        print(f"  {line}")
    width = max(map(len, found))
    for check_name, (passed, line) in found.items():
        line = line.removeprefix(f"{check_name}: ")
        print(f"  {_mark(passed)} {check_name:{width}}  {line}")
    good = sum(passed for passed, _ in found.values())
    print(f"{good} of {len(found)} checks pass.")
    by_hand = sum(map(of.is_manually_graded, course))
    if by_hand:
        print(f"{by_hand} more {'answers are' if by_hand > 1 else 'answer is'} read by a person.")
    return good == len(found)


def _trouble(book, known, found, folder):
    """Lines on what went wrong before any check: in a cell of the course, or with the kernel."""
    failed = _failed_course_cell(book.cells, known)
    if failed:
        error = _error(failed)
        told = _one_line(f"{error.ename}: {error.evalue}")
        yield f"The course's cell `{failed.get('id', '?')}` ends with {told}"
    if failed or any(line.startswith(_NOT_RUN) for _, line in found.values()):
        for file in hiding_files(folder):
            module = file.removesuffix(".py")
            yield (
                f"{folder / file} takes the place of the module {module}, and the course does not "
                "start: rename it."
            )


def run(book, wanted, folder, timeout=OWN_CELL, known=None, budget=BUDGET):
    """Execute `book`, a notebook node, in `folder`; {name: (passed, line)} for `wanted`.

    wanted: {grade_id: source} of the checks. known: ids and sources of the course's cells; a cell
    with neither is the student's own. budget: seconds for the whole notebook. `book` is changed:
    it gets outputs.
    """
    patience = Patience(max(budget, timeout))
    try:
        from nbclient import NotebookClient
        from nbclient.exceptions import CellTimeoutError, DeadKernelError
    except ImportError as problem:
        raise ImportError(f"{problem}: run: python -m pip install jupyter") from None

    class Client(NotebookClient):
        def output(self, outputs, message, display_id, cell_index):
            super().output(outputs, message, display_id, cell_index)
            trim(outputs, 100)

    def executed(cell, cell_index, execute_reply):
        timed_out = _record_error(cell, execute_reply)
        patience.note(timed_out, cell.outputs)

    reached = []
    client = Client(
        book,
        resources={"metadata": {"path": str(folder)}},
        allow_errors=True,
        timeout_func=lambda cell: patience.seconds(
            timeout if _is_own(cell, known) else max(timeout, COURSE_CELL)
        ),
        interrupt_on_timeout=True,
        error_on_timeout={
            "ename": "Timeout",
            "evalue": "stopped at the time limit: a loop without an end?",
            "traceback": [],
        },
        raise_on_iopub_timeout=True,
        iopub_timeout=15,  # after a loop that printed without end, what it printed has to pass
        shutdown_kernel="immediate",
        on_cell_execute=lambda cell, cell_index: reached.append(cell),
        on_cell_executed=executed,
    )
    for cell in book.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            cell.source = wanted.get(_grade_id(cell), cell.source)
    stopped = None
    try:
        with (
            tempfile.TemporaryDirectory(prefix="sparse-ae-") as sockets,
            kernel_environment() as env,
        ):
            client.km = kernel_manager(sockets)
            # the kernel's own notes to a terminal are nothing for the student
            client.execute(env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except DeadKernelError:
        stopped = "the kernel died or was stopped"
    except CellTimeoutError:
        stopped = "the kernel could not be interrupted"
    except OutOfTime as problem:
        stopped = str(problem)
    except Exception as problem:
        stopped = f"the kernel failed ({_one_line(problem)})"
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
    finally:
        atexit.unregister(client._cleanup_kernel)  # nbclient forgets it where no kernel started
    if hasattr(client, "_async_cleanup_kernel_future"):  # nbclient has taken a Ctrl-C or SIGTERM
        raise KeyboardInterrupt
    if stopped and reached:
        stopped += f" in cell `{reached[-1].get('id', '?')}`"
    return _verdicts(book, wanted, reached, stopped, known)


def _is_own(cell, known):
    """Whether the student wrote the cell, or may: one that was added, an answer, a check."""
    added = known is not None and not {cell.get("id"), of.source(cell)} & known
    return added or of.is_solution(cell) or of.is_check(cell)


def _failed_course_cell(cells, known):
    """The first cell of the course itself that ended with an error; None if there is none."""
    code = (cell for cell in cells if cell.cell_type == "code" and not _is_own(cell, known))
    return next((cell for cell in code if _error(cell)), None)


_NOT_RUN = "did not run: "


def _verdicts(book, wanted, reached, stopped, known):
    """{name: (passed, line)} from the outputs of an executed notebook."""
    done = {id(cell) for cell in (reached[:-1] if stopped else reached)}
    failed, failed_yet = _failed_course_cell(book.cells, known), None
    found, own_error = {}, None
    for cell in book.cells:
        if _grade_id(cell) not in wanted:
            if cell is failed:
                failed_yet = cell
            if of.is_solution(cell) or of.is_check(cell):
                own_error = _error(cell) or own_error
            continue
        if id(cell) not in done:
            verdict = False, f"{_NOT_RUN}{stopped or 'the cell is no code cell'}"
        else:
            verdict = _verdict(cell, own_error, failed_yet)
        found[_grade_id(cell)] = verdict
        own_error = None
    for grade_id, source in wanted.items():
        gone = (
            f"its check cell `{source}` is not here: put it back, or get the course's present "
            "version with sparse-ae start --fresh"
        )
        found.setdefault(grade_id, (False, gone))
    return {grade_id.removeprefix("check_"): found[grade_id] for grade_id in wanted}


def _verdict(cell, own_error, failed):
    error = _error(cell)
    if error is not None:
        if error.ename != "CheckFailed" and failed is not None:
            return False, f"not checked, because the course's cell `{failed.get('id')}` failed"
        if error.ename != "CheckFailed" and own_error is not None:
            error = own_error  # why there is nothing to check
        if error.ename == "StdinNotImplementedError":
            return False, "the answer asks for input(), and nobody is there to type"
        line = error.evalue if error.ename == "CheckFailed" else f"{error.ename}: {error.evalue}"
        return False, _one_line(line)
    printed = "".join(o.text for o in cell.get("outputs", []) if o.get("name") == "stdout")
    lines = [line for line in printed.splitlines() if line.startswith(("✓", "✗"))]
    if not lines:
        return False, "the check printed nothing: is `checks` still the course's?"
    return lines[-1].startswith("✓"), _one_line(lines[-1])


def _record_error(cell, execute_reply):
    """Whether the cell was stopped: it ends with an error in the reply, and none in its outputs."""
    content = execute_reply["content"]
    stopped = content["status"] == "error" and content["ename"] == "Timeout"
    if stopped:
        from nbformat.v4 import new_output

        error = {name: content[name] for name in ("ename", "evalue", "traceback")}
        cell.outputs.append(new_output("error", **error))
    return stopped


def _error(cell):
    errors = [o for o in cell.get("outputs", []) if o.get("output_type") == "error"]
    return errors[-1] if errors else None


def _one_line(text):
    line = (str(text).strip().splitlines() or [""])[0].lstrip("✓✗ ")
    return line if len(line) <= 300 else line[:300] + " …"


def _grade_id(cell):
    """A cell that is no code has no check, whatever its metadata says."""
    return of.grade_id(cell) if cell["cell_type"] == "code" else None


def _ready_for_checks(cells, wanted):
    """Take off tags, by which a cell can ask not to be run; mark checks that lost their marks."""
    lost = {source: grade_id for grade_id, source in wanted.items()}
    for grade_id in map(_grade_id, cells):
        lost.pop(wanted.get(grade_id), None)
    for cell in cells:
        cell.metadata.pop("tags", None)
        if cell.cell_type == "code" and of.source(cell).strip() in lost:
            grade_id = lost.pop(of.source(cell).strip())
            cell.metadata["nbgrader"] = {"grade_id": grade_id, "grade": True}


def _find(name):
    path = Path(name)
    if path.suffix == ".ipynb" or not _is_number(name):
        if path.is_file():
            return path
        if path.suffix == ".ipynb" or path.exists():
            what = f"{path} is a folder" if path.is_dir() else f"there is no file {path}"
            raise FileNotFoundError(f"{what}: give a number, like 01, or the path of a notebook.")
    (course,) = find_notebooks([name])
    for path in (exercises_folder() / course.name, Path(course.name)):
        if path.is_file():
            return path
    raise FileNotFoundError(
        f"there is no {FOLDER}/{course.name} here: run sparse-ae start first, or give its path."
    )


def _is_number(name):
    """A bare number is one, whatever files and folders of that name there are."""
    return str(name).isdecimal()


def read(path):
    """A notebook that was handed out, as a node of nbformat. Raises OSError if it is none."""
    import nbformat

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of old formats and missing ids
            book = nbformat.reads(path.read_text("utf-8-sig"), as_version=4)  # Windows' mark
        if not all(cell["cell_type"] in ("code", "markdown", "raw") for cell in book.cells):
            raise ValueError
    except Exception:  # nbformat raises a different one for each way a file can be broken
        raise OSError(
            f"{path} is no notebook that can be read: put an older copy back, or see "
            "sparse-ae start --fresh."
        ) from None
    return book


def _course_cells(path, book):
    """The cells of the course's notebook that `book` was made from, or else those of `book`.

    A file with a name of the course is that notebook. Another one is known by its checks, and
    where these are gone, or are those of several notebooks, by what is left of its name.
    """
    courses = {course: read_notebook(course)["cells"] for course in find_notebooks()}
    there = {_grade_id(cell) for cell in book.cells} | {of.source(cell) for cell in book.cells}

    def likeness(course):
        checks = _checks(courses[course])
        kept = sum(name in there or source in there for name, source in checks.items())
        number = path.stem.startswith(course.stem[:2])
        return course.name == path.name, kept, course.stem in path.stem, number

    best = max(courses, key=likeness)
    return courses[best] if any(likeness(best)[:3]) else book.cells


def _checks(cells):
    """{grade_id: source} of the checks that count."""
    return {
        _grade_id(cell): of.source(cell)
        for cell in cells
        if _grade_id(cell) and of.is_check(cell) and not of.is_manually_graded(cell)
    }


def _mark(passed):
    mark = "✓" if passed else "✗"
    try:
        mark.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:  # an old code page
        return "ok" if passed else "NO"
    return mark
