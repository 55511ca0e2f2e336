"""What makes the release version of nbgrader the blank copy of this course, cell for cell."""

from nbgrader.converters import GenerateAssignment
from nbgrader.preprocessors import ClearSolutions

from .blanks import blank_source


def release_blank_copies(c):
    """Change `c`, the object that a file nbgrader_config.py is given, for generate_assignment."""
    usual = GenerateAssignment.class_traits()["preprocessors"].default()
    c.GenerateAssignment.preprocessors = [
        ClearAnswers if step is ClearSolutions else step for step in usual
    ]


class ClearAnswers(ClearSolutions):
    """nbgrader's step, but for answers that are values, and for texts that are folded away."""

    def preprocess_cell(self, cell, resources, cell_index):
        """nbconvert's interface: a cell and the resources; both are returned."""
        own = blank_source(cell)
        if own is None:
            return super().preprocess_cell(cell, resources, cell_index)
        cell.source = own
        return cell, resources
