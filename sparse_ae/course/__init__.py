"""A class: the command line, students' folders, blank copies, checking, labels, grading."""

import sys

# jsonschema, which nbformat asks, loads a grammar of web addresses where it finds one, and Jupyter
# installs one: two to three seconds in each process, for what no notebook has. None: there is none.
sys.modules.setdefault("rfc3987_syntax", None)
