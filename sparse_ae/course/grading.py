"""What lets nbgrader 0.9 grade whatever is handed in; the guide's nbgrader_config.py calls it.

By itself nbgrader gives a student nothing for a notebook, and for those after it, where cells were
copied with their labels, where labels or whole exercises are gone, and where the kernel dies.
"""

import atexit
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import warnings
import zipfile
from pathlib import Path

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.plugins import ExtractorPlugin, FileNameCollectorPlugin
from nbgrader.preprocessors import Execute, NbGraderPreprocessor
from sqlalchemy.exc import SAWarning
from traitlets import Bool, Integer

from ..support.files import BUNDLED, EPOCHS
from . import cells as of
from . import isolation
from .class_folder import collected, files, print_remarks, zips
from .kernels import BUDGET, Patience, kernel_manager, trim
from .release import release_blank_copies
from .trainings import trained


def grade_whatever_comes(c):
    """Change `c`, the object that a file nbgrader_config.py is given. Marks stay nbgrader's.

    The places that the file has set before are kept, and a pattern for zip_collect. Ends nbgrader
    with one sentence where the path of the class folder or of the course has a character that
    nbgrader cannot take.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    warnings.filterwarnings("ignore", category=SAWarning)  # of nbgrader's own, for each student
    _set_places(c)
    c.OverwriteCells.add_missing_cells = True  # deleted checks come back
    c.Execute.iopub_timeout = 15  # after a loop that printed without end, its output has to pass
    c.Autograde.exporter_class = ReadAnything
    c.Autograde.sanitize_preprocessors.prepend([CompleteLabels])
    release_blank_copies(c)
    usual = Autograde.class_traits()["autograde_preprocessors"].default()
    c.Autograde.autograde_preprocessors = [
        ExecuteToTheEnd if step is Execute else step for step in usual
    ]
    c.ZipCollectApp.collector_plugin = CollectByName
    c.ZipCollectApp.extractor_plugin = ExtractWhatCan
    if sys.argv[1:2] == ["autograde"] and "SPARSE_AE_GRADE" not in os.environ:
        atexit.register(print_remarks)  # after nbgrader's own last lines


def isolate(c):
    """Run every student's program in bubblewrap: it can change nothing but itself.

    `c` as for `grade_whatever_comes`. Ends nbgrader with one sentence where that is impossible.
    """
    problem = isolation.problem()
    if problem:
        raise SystemExit(problem)  # nbgrader goes on after any other exception, without isolation
    c.ExecuteToTheEnd.isolated = True


def _set_places(c):
    """Tell nbgrader where the course is. It reads the path of its class folder as a glob, and the
    name that leads from there to the course as a regular expression.
    """
    folder = os.path.abspath(c.CourseDirectory.get("root", os.getcwd()))
    source = c.CourseDirectory.get("source_directory", str(BUNDLED))
    if os.path.isabs(source) and os.path.splitdrive(source)[0] == os.path.splitdrive(folder)[0]:
        source = os.path.relpath(source, folder)
    if source == os.curdir:
        raise SystemExit(f"{folder} is the course itself: grade in a folder of its own beside it.")
    for path, refused in ((folder, "[]*?"), (source, "()[]{}+*?^$|")):
        found = [character for character in refused if character in path]
        if found:
            raise SystemExit(
                f"nbgrader cannot work with the path {path}: it has {' '.join(found)}; rename "
                f"that folder, so that it has none of {' '.join(refused)}"
            )
    c.CourseDirectory.source_directory = source
    # several students are graded at once: a gradebook that another one writes to is waited for
    book = "sqlite:///" + os.path.join(folder, "gradebook.db") + "?timeout=60"
    c.CourseDirectory.db_url = c.CourseDirectory.get("db_url", book)
    if epochs := trained(Path(folder)):
        os.environ[EPOCHS] = str(epochs)


class ReadAnything(NotebookExporter):
    """Reads files as they are handed in. One that is no notebook counts as one without cells."""

    def from_filename(self, filename, resources=None, **options):
        """nbconvert's interface: as in Exporter."""
        path = Path(filename)  # …/submitted/NAME/notebooks/01_mnist.ipynb
        if any(part.is_symlink() for part in (path, *path.parents[:2])):  # perhaps to another's
            return self._nothing("it is a link", filename, resources)
        if not path.is_file():
            return self._nothing("it is no file", filename, resources)
        return super().from_filename(filename, resources, **options)

    def from_file(self, file_stream, resources=None, **options):
        """nbconvert's interface: as in Exporter."""
        try:
            text = file_stream.read().removeprefix("\ufeff")  # the mark of a Windows editor
            text = json.dumps(json.loads(text), ensure_ascii=False)
            text = re.sub("[\ud800-\udfff]", "\ufffd", text)  # half an emoji cannot be written
            book = nbformat.reads(text, as_version=4)
            if not all(cell.cell_type in ("code", "markdown", "raw") for cell in book.cells):
                raise ValueError("it has cells of an unknown kind")
        except Exception as problem:  # nbformat raises a different one for each kind of damage
            reason = str(problem).strip().split("\n")[0][:100] or type(problem).__name__
            return self._nothing(reason, file_stream.name, resources)
        return self.from_notebook_node(book, resources, **options)

    def _nothing(self, reason, filename, resources):
        path = Path(filename)
        self.log.error("%s is no notebook that can be read: %s", path, reason)
        told = f"The file `{path.name}` is no notebook that can be read."
        book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(told)])
        resources["metadata"] = {"name": path.stem, "path": str(path.parent)}
        return self.from_notebook_node(book, resources)


class CompleteLabels(NbGraderPreprocessor):
    """Leaves one cell to each label of the course's notebook, and none to others.

    Of several cells with one label the last keeps it, as in nbgrader's DeduplicateIds. A solution
    that is not there is replaced by a comment, after which nbgrader puts the check back: so what
    the student has defined elsewhere counts, and what is not defined fails its own check alone.
    What a label says, and the tags, by which a cell can ask not to be run, are not the student's.
    """

    def preprocess(self, nb, resources):
        """nbconvert's interface: a notebook node and the resources; both are returned."""
        nb.metadata.pop("widgets", None)  # Colab's has no state, and no page is made of it
        labels, labelled = self._labels(resources["nbgrader"]), {}
        for cell in reversed(nb.cells):
            cell.metadata.pop("tags", None)
            name = of.grade_id(cell)
            cell.metadata.pop("nbgrader", None)
            if name in labels and name not in labelled:
                cell.metadata["nbgrader"] = nbformat.from_dict(labels[name])
                labelled[name] = cell
        place = 0
        for name, marks in labels.items():
            if name in labelled:
                place = nb.cells.index(labelled[name]) + 1
            elif marks["solution"]:
                place = place or len(nb.cells)
                nb.cells.insert(place, self._instead_of(name, marks))
                place += 1
        return nb, resources

    def _instead_of(self, name, marks):
        told = f"The cell `{name}` is not among the cells that were handed in."
        metadata = {"nbgrader": marks}
        if marks["cell_type"] == "markdown":
            return nbformat.v4.new_markdown_cell(told, metadata=metadata)
        return nbformat.v4.new_code_cell(f"# {told}", metadata=metadata)

    def _labels(self, about):
        """{label: nbgrader's metadata} in the order of the course's notebook."""
        with Gradebook(about["db_url"]) as gradebook:
            book = gradebook.find_notebook(about["notebook"], about["assignment"])
            points = {cell.name: cell.max_score for cell in book.grade_cells}
            solutions = {cell.name for cell in book.solution_cells}
            labels = {}
            for cell in book.source_cells:
                labels[cell.name] = of.new_marks(
                    cell.name,
                    solution=cell.name in solutions,
                    points=points.get(cell.name),
                    locked=cell.locked,
                    cell_type=cell.cell_type,
                )
            return labels


class ExecuteToTheEnd(Execute):
    """Runs a notebook; where its kernel dies, is out of memory or cannot be stopped, the checks
    that were not done fail. An error before the first cell is nbgrader's, and stays one.
    """

    isolated = Bool(False, help="Whether the kernel runs in bubblewrap.").tag(config=True)
    budget = Integer(BUDGET, help="Seconds for a whole notebook.").tag(config=True)

    def preprocess(self, nb, resources, **options):
        """nbconvert's interface: a notebook node and the resources; both are returned."""
        self.shutdown_kernel = "immediate"  # TensorFlow takes two seconds to say good-bye
        self._done, patience = set(), Patience(self.budget)
        self._patience, seconds = patience, self.timeout
        self.timeout_func = lambda cell: patience.seconds(seconds)
        if self.isolated:
            self._remove_links(resources)
        try:
            with isolation.socket_folder(in_memory=self.isolated) as self._sockets:
                return super().preprocess(nb, resources, **options)
        except Exception as problem:
            if not self._done:
                raise
            reason = str(problem).strip().split("\n")[0] or type(problem).__name__
        self.log.error("%s: %s", resources["metadata"]["name"], reason)
        for cell in nb.cells:
            if cell.cell_type == "code" and id(cell) not in self._done:
                error = dict(ename="NotRun", evalue=reason, traceback=[f"not run: {reason}"])
                cell.outputs = [nbformat.v4.new_output("error", **error)]
        return nb, resources

    def create_kernel_manager(self):
        """nbclient's interface. The kernel is one of this Python, whatever the notebook says."""
        around = None
        if self.isolated:
            folder, hidden = self._sockets, os.getcwd()

            def around(command):
                return isolation.isolated(command, folder, hidden)

        self.km = kernel_manager(self._sockets, around)
        return self.km

    def start_new_kernel(self, **options):
        """nbclient's interface. What the kernel tells a terminal is nothing for the instructor."""
        options |= {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        if self.isolated:
            options["env"] = isolation.environment()
        super().start_new_kernel(**options)

    def preprocess_cell(self, cell, resources, index):
        """Run one cell, and remember that it came to its end."""
        answer = super().preprocess_cell(cell, resources, index)
        self._done.add(id(cell))
        return answer

    def output(self, outs, msg, display_id, cell_index):
        """nbclient's interface. nbgrader takes a warning beside a check for an error."""
        warning = msg["msg_type"] == "stream" and msg["content"]["name"] == "stderr"
        if warning and of.is_check(self.nb.cells[cell_index]):
            return
        super().output(outs, msg, display_id, cell_index)
        trim(outs, 1000)

    def on_cell_executed(self, **about):
        """nbclient's interface: look at what came of a cell."""
        super().on_cell_executed(**about)
        content = about["execute_reply"]["content"]
        timed_out = content.get("ename") == self.error_on_timeout["ename"]
        self._patience.note(timed_out, about["cell"].outputs)

    def _remove_links(self, resources):
        """A link that was handed in may lead to the gradebook; nbgrader has copied its target."""
        about, places = resources["nbgrader"], self.parent.parent.coursedir
        handed_in = Path(
            places.format_path(places.submitted_directory, about["student"], about["assignment"])
        )
        for path in handed_in.rglob("*"):
            copy = Path(resources["metadata"]["path"], path.relative_to(handed_in))
            if path.is_symlink() and copy.is_file() and copy.suffix != ".ipynb":
                self.log.warning("%s is a link: not there for the notebook", path)
                copy.unlink()


class ExtractWhatCan(ExtractorPlugin):
    """Unpacks zips, and those in them. One that holds no file, or cannot be unpacked, is left where
    it is, by which the remarks know it, and stops no other. Other archives may hold links.
    """

    def extract(self, archive_path, extracted_path):
        """nbgrader's interface: the folders of what was downloaded, and of what comes of it."""
        archive, extracted = Path(archive_path), Path(extracted_path)
        for path in sorted(path for path in archive.rglob("*") if path.is_file()):
            copy = extracted / path.relative_to(archive)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
        seen = set()
        for _ in range(5):  # zips in zips; one can be made that holds itself
            for path in (path for path in zips(extracted) if path not in seen):
                self._unpack(path, path.with_suffix(""))
                seen.add(path)

    def _unpack(self, path, folder):
        self.log.info("Unpacking %s", path)
        try:
            with zipfile.ZipFile(path) as packed, tempfile.TemporaryDirectory() as place:
                inside = [
                    name
                    for name in packed.namelist()
                    if not name.startswith("/") and ".." not in name.split("/")
                ]
                packed.extractall(place, inside)
                shutil.copytree(place, folder, dirs_exist_ok=True)
        except Exception as problem:  # zipfile raises a different one for each kind of damage
            self.log.warning("%s cannot be unpacked: %s", path, problem)
            return
        if files(folder):
            path.unlink()


class CollectByName(FileNameCollectorPlugin):
    """Finds student and notebook in the names of what is unpacked, see `who` in class_folder.py.

    Of several files for one notebook one is taken. A pattern in nbgrader_config.py is used instead.
    """

    def collect(self, submitted_file):
        """nbgrader's interface: a dict with student_id and file_id, or None to skip the file."""
        if Path(submitted_file).suffix.lower() == ".zip":  # see ExtractWhatCan
            return None
        if self.named_regexp:
            return super().collect(submitted_file)
        if self._taken is None:
            self._taken = {path: who for who, path in collected(_extracted(submitted_file)).items()}
        student, name = self._taken.get(Path(submitted_file), (None, None))
        return {"student_id": student, "file_id": name} if student else None

    _taken = None


def _extracted(path):
    """The folder into which nbgrader has unpacked the file `path`."""
    return next(folder for folder in Path(path).parents if folder.name == "extracted")
