"""Run a student's notebook and tell how its checks went. The file is read and not written."""

import asyncio
import atexit
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

from . import cells as of
from .kernels import BUDGET, OutOfTime, Patience, kernel_manager
from .notebooks import find_notebooks, read_notebook
from .student_folder import FOLDER, exercises_folder

OWN_CELL, COURSE_CELL = 60, 600  # seconds for a cell a student wrote, and for one of the course


def check(name, timeout=OWN_CELL):
    """Print a line for each check of a notebook; True if all pass.

    name: a number, looked for in exercises/ and then in this folder, or the path of a notebook.
    timeout: seconds for each cell that the student may write. The other cells have ten minutes.

    The checks that count are those of the course's notebook with this number: one that is missing
    or did not run has failed, and one that was edited is run as the course has it.
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
    width = max(map(len, found))
    for check_name, (passed, line) in found.items():
        line = line.removeprefix(f"{check_name}: ")
        print(f"  {_mark(passed)} {check_name:{width}}  {line}")
    good = sum(passed for passed, _ in found.values())
    print(f"{good} of {len(found)} checks pass.")
    return good == len(found)


def run(book, wanted, folder, timeout=OWN_CELL, known=None, budget=BUDGET):
    """Execute `book`, a notebook node, in `folder`; {name: (passed, line)} for `wanted`.

    wanted: {grade_id: source} of the checks. known: ids and sources of the course's cells; a cell
    with neither is the student's own. budget: seconds for the whole notebook. `book` is changed:
    it gets outputs.
    """
    patience = Patience(max(budget, timeout))

    def is_own(cell):
        added = known is not None and not {cell.get("id"), cell.source} & known
        return added or of.is_solution(cell) or of.is_check(cell)

    try:
        from nbclient import NotebookClient
        from nbclient.exceptions import CellTimeoutError, DeadKernelError
    except ImportError as problem:
        raise ImportError(f"{problem}: run: python -m pip install jupyter") from None

    class Client(NotebookClient):
        def output(self, outputs, message, display_id, cell_index):
            super().output(outputs, message, display_id, cell_index)
            del outputs[:-100]  # a loop that prints without end must not fill the memory

    def executed(cell, cell_index, execute_reply):
        timed_out = _record_error(cell, execute_reply)
        patience.note(timed_out, cell.outputs)

    reached = []
    client = Client(
        book,
        resources={"metadata": {"path": str(folder)}},
        allow_errors=True,
        timeout_func=lambda cell: patience.seconds(
            timeout if is_own(cell) else max(timeout, COURSE_CELL)
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
        with tempfile.TemporaryDirectory(prefix="sparse-ae-") as sockets:
            client.km = kernel_manager(sockets)
            # the kernel's own notes to a terminal are nothing for the student
            client.execute(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
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
    return _verdicts(book, wanted, reached, stopped)


def _verdicts(book, wanted, reached, stopped):
    """{name: (passed, line)} from the outputs of an executed notebook."""
    done = {id(cell) for cell in (reached[:-1] if stopped else reached)}
    found, own_error = {}, None
    for cell in book.cells:
        if _grade_id(cell) not in wanted:
            if of.is_solution(cell) or of.is_check(cell):
                own_error = _error(cell) or own_error
            continue
        if id(cell) not in done:
            verdict = False, f"did not run: {stopped or 'the cell is no code cell'}"
        else:
            verdict = _verdict(cell, own_error)
        found[_grade_id(cell)] = verdict
        own_error = None
    for grade_id, source in wanted.items():
        gone = (
            f"its check cell `{source}` is not here: put it back, or get the course's present "
            "version with sparse-ae start --fresh"
        )
        found.setdefault(grade_id, (False, gone))
    return {grade_id.removeprefix("check_"): found[grade_id] for grade_id in wanted}


def _verdict(cell, own_error):
    error = _error(cell)
    if error is not None:
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
        if cell.cell_type == "code" and cell.source.strip() in lost:
            grade_id = lost.pop(cell.source.strip())
            cell.metadata["nbgrader"] = {"grade_id": grade_id, "grade": True}


def _find(name):
    path = Path(name)
    if path.suffix == ".ipynb" or path.exists():
        if not path.is_file():
            what = f"{path} is a folder" if path.is_dir() else f"there is no file {path}"
            raise FileNotFoundError(f"{what}: give a number, like 01, or the path of a notebook.")
        return path
    (course,) = find_notebooks([name])
    for path in (exercises_folder() / course.name, Path(course.name)):
        if path.is_file():
            return path
    raise FileNotFoundError(
        f"there is no {FOLDER}/{course.name} here: run sparse-ae start first, or give its path."
    )


def read(path):
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
    """The cells of the course's notebook with the number of `path`, or else those of `book`."""
    try:
        (course,) = find_notebooks([path.stem[:2]])
        return read_notebook(course)["cells"]
    except ValueError:  # a notebook from elsewhere is asked for its own checks
        return book.cells


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
