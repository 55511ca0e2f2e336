"""Run the commands that README gives first, as they stand: set up and run, then test.

On Windows, README says, `.venv\\Scripts\\` stands for `.venv/bin/`.
"""

import os
import re
import subprocess
from pathlib import Path

README = Path(__file__).parent.parent / "README.md"


def commands():
    """The two shell commands, in order."""
    return re.findall(r"^```sh\n(.*?)^```", README.read_text("utf-8"), re.M | re.S)[:2]


if __name__ == "__main__":
    for command in commands():
        if os.name == "nt":
            command = command.replace(".venv/bin/", ".venv/Scripts/").replace("python3 ", "python ")
        print(f"\n$ {command}", end="", flush=True)
        subprocess.run(["bash", "-euo", "pipefail", "-c", command], check=True, cwd=README.parent)
