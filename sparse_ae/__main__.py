"""The command line: `sparse-ae` or `python -m sparse_ae`."""

import sys

from .course.commands import main

if __name__ == "__main__":
    sys.exit(main())
