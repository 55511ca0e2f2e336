"""A class: the command line, students' folders, blank copies, checking, labels, grading."""
