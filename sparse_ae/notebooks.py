"""The notebooks that travel with the package."""

import os
from pathlib import Path

from .data import BUNDLED

NOTEBOOKS = BUNDLED / "notebooks"


def copy_notebooks(out):
    """Copy every notebook of the course into the folder `out` and say what was done.

    A file that is already there is kept as it is. Raises OSError if `out` cannot be written.
    """
    folder = Path(out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for source in sorted(NOTEBOOKS.glob("*.ipynb")):
            target = folder / source.name
            if target.exists():
                print(f"kept     {target}")
                continue
            partial = folder / f".{source.name}.{os.getpid()}.partial"
            partial.write_bytes(source.read_bytes())
            partial.rename(target)
            print(f"written  {target}")
    except OSError as problem:
        raise OSError(
            f"{folder} cannot be written ({problem.strerror}): name another folder with --out."
        ) from None
