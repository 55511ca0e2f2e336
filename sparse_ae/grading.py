"""What lets nbgrader 0.9 grade whatever is handed in; README's nbgrader_config.py switches it on.

By itself nbgrader gives a student nothing for a notebook, and for those after it, where cells were
copied with their labels, where labels or whole exercises are gone, and where the kernel dies.
"""

import nbformat
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.preprocessors import Execute, NbGraderPreprocessor


def grade_whatever_comes(c):
    """Change `c`, the object that a file nbgrader_config.py is given. Marks stay nbgrader's."""
    c.OverwriteCells.add_missing_cells = True  # deleted checks come back
    c.Execute.iopub_timeout = 15  # after a loop that printed without end, its output has to pass
    c.Autograde.sanitize_preprocessors.prepend([CompleteLabels])
    usual = Autograde.class_traits()["autograde_preprocessors"].default()
    c.Autograde.autograde_preprocessors = [
        ExecuteToTheEnd if step is Execute else step for step in usual
    ]


class CompleteLabels(NbGraderPreprocessor):
    """Leaves one cell to each label, and gives a cell to each label that has none.

    Of several cells with one label the last keeps it, as in nbgrader's DeduplicateIds. A solution
    that is not there is replaced by a comment, after which nbgrader puts the check back: so what
    the student has defined elsewhere counts, and what is not defined fails its own check alone.
    """

    def preprocess(self, nb, resources):
        """nbconvert's interface: a notebook node and the resources; both are returned."""
        labelled = {}
        for cell in reversed(nb.cells):
            marks = cell.metadata.get("nbgrader", {})
            if marks.get("grade_id") in (None, *labelled):
                cell.metadata.pop("nbgrader", None)
            else:
                labelled[marks["grade_id"]] = cell
        place = 0
        for name, is_solution in self._labels(resources["nbgrader"]):
            if name in labelled:
                place = nb.cells.index(labelled[name]) + 1
            elif is_solution:
                place = place or len(nb.cells)
                nb.cells.insert(place, _stand_in(name))
                place += 1
        return nb, resources

    def _labels(self, about):
        """[(label, whether it is that of a solution)] in the order of the course's notebook."""
        with Gradebook(about["db_url"]) as gradebook:
            book = gradebook.find_notebook(about["notebook"], about["assignment"])
            solutions = {cell.name for cell in book.solution_cells}
            return [(cell.name, cell.name in solutions) for cell in book.source_cells]


def _stand_in(name):
    marks = {"grade": False, "grade_id": name, "locked": False, "solution": True}
    marks |= {"schema_version": 3, "task": False, "cell_type": "code"}
    comment = f"# The cell `{name}` is not among the cells that were handed in."
    return nbformat.v4.new_code_cell(comment, metadata={"nbgrader": marks})


class ExecuteToTheEnd(Execute):
    """Runs a notebook; where its kernel dies or cannot be stopped, the checks not done fail."""

    def preprocess(self, nb, resources, **options):
        """nbconvert's interface: a notebook node and the resources; both are returned."""
        self._done = set()
        try:
            return super().preprocess(nb, resources, **options)
        except (DeadKernelError, CellTimeoutError) as problem:
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
