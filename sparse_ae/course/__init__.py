"""A class: the command line, students' folders, blank copies, checking, labels, grading."""

import sys

# jsonschema, which nbformat asks, loads a grammar of web addresses where it is installed, as Jupyter
# does: two to three seconds in each process, for what no notebook has. None: it is not installed.
sys.modules.setdefault("rfc3987_syntax", None)
