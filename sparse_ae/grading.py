"""What nbgrader 0.9 needs to grade whatever is handed in, as a preprocessor before its own.

Students copy cells, and nbgrader's labels are copied with them; other programs than JupyterLab
delete cells or labels. By itself nbgrader stops at either, and the student gets nothing.
"""

import nbformat
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor


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
