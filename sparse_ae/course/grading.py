"""What lets nbgrader 0.9 grade whatever is handed in; README's nbgrader_config.py switches it on.

By itself nbgrader gives a student nothing for a notebook, and for those after it, where cells were
copied with their labels, where labels or whole exercises are gone, and where the kernel dies.
"""

import nbformat
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.preprocessors import Execute, NbGraderPreprocessor

from . import cells as of
from .release import release_blank_copies


def grade_whatever_comes(c):
    """Change `c`, the object that a file nbgrader_config.py is given. Marks stay nbgrader's."""
    c.OverwriteCells.add_missing_cells = True  # deleted checks come back
    c.Execute.iopub_timeout = 15  # after a loop that printed without end, its output has to pass
    c.Autograde.sanitize_preprocessors.prepend([CompleteLabels])
    release_blank_copies(c)
    usual = Autograde.class_traits()["autograde_preprocessors"].default()
    c.Autograde.autograde_preprocessors = [
        ExecuteToTheEnd if step is Execute else step for step in usual
    ]


class CompleteLabels(NbGraderPreprocessor):
    """Leaves one cell to each label of the course's notebook, and none to others.

    Of several cells with one label the last keeps it, as in nbgrader's DeduplicateIds. A solution
    that is not there is replaced by a comment, after which nbgrader puts the check back: so what
    the student has defined elsewhere counts, and what is not defined fails its own check alone.
    What a label says, and the tags, by which a cell can ask not to be run, are not the student's.
    """

    def preprocess(self, nb, resources):
        """nbconvert's interface: a notebook node and the resources; both are returned."""
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
                comment = f"# The cell `{name}` is not among the cells that were handed in."
                cell = nbformat.v4.new_code_cell(comment, metadata={"nbgrader": marks})
                nb.cells.insert(place, cell)
                place += 1
        return nb, resources

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

    def preprocess(self, nb, resources, **options):
        """nbconvert's interface: a notebook node and the resources; both are returned."""
        self._done = set()
        try:
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

    def preprocess_cell(self, cell, resources, index):
        """Run one cell, and remember that it came to its end."""
        answer = super().preprocess_cell(cell, resources, index)
        self._done.add(id(cell))
        return answer
