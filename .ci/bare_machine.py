"""Run the program of README's first command where nothing is but Python, to see what it presumes.

    .venv/bin/python .ci/bare_machine.py

A root folder of its own holds the interpreter, the libraries that it is linked to, those of C and
C++, and this checkout with its .venv: no GLib, no Graphviz, no fonts, no shell. First it is looked
whether that is so, then `sparse-ae run` trains for one epoch and must write all its files. As root
on Debian, for `chroot` and `mount`; the mounts are gone with the process.
"""

import os
import re
import shlex
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
NOT_HERE = ("libgobject-2.0.so.0", "libglib-2.0.so.0", "libcairo.so.2", "libfontconfig.so.1")

INSIDE = f"""
import ctypes, os, shutil, subprocess, sys
ctypes.CDLL("libstdc++.so.6")
for name in {NOT_HERE}:
    try:
        ctypes.CDLL(name)
    except OSError:
        continue
    sys.exit(name + " is here: this proves nothing")
for name in ("dot", "sh", "fc-list"):
    assert shutil.which(name) is None, name
assert not os.path.exists("/usr/share/fonts")
from sparse_ae.jobs.main_job import FILES
subprocess.run([sys.argv[1], "run", "--epochs=1", "--out", "/tmp/run"], check=True)
sizes = {{name: os.path.getsize("/tmp/run/" + name) for name in FILES}}
assert sizes["layers.png"] > 8_000, sizes  # empty boxes in place of letters are smaller
print("nothing of the system was needed:", ", ".join(sizes))
"""


def linked_libraries(files):
    """The paths of the libraries that these programs and modules are linked to."""
    answer = subprocess.run(["ldd", *files], capture_output=True, text=True).stdout
    return {Path(path) for path in re.findall(r"(/\S+) \(0x", answer)}


def every_debians():
    """The libraries of the packages that no Debian is without, because apt needs them."""
    packages = ("libc6", "libgcc-s1", "libstdc++6", "zlib1g")
    listed = subprocess.run(["dpkg", "-L", *packages], capture_output=True, text=True).stdout
    return {path for path in map(Path, listed.split("\n")) if ".so" in path.name and path.is_file()}


def interpreters():
    """The names under which the .venv finds its Python, from link to link."""
    path = CHECKOUT / ".venv/bin/python"
    while path.is_symlink():
        path = path.parent / path.readlink()
        yield path


def main():
    python, standard = Path(sys.executable).resolve(), Path(sysconfig.get_path("stdlib"))
    # Without windows: Tk is linked to fonts and more, and Debian has it in a package of its own.
    modules = (standard / "lib-dynload").glob("*.so")
    modules = [str(path) for path in modules if not path.name.startswith("_tkinter")]
    files = {*interpreters()} | linked_libraries([str(python), *modules]) | every_debians()
    with tempfile.TemporaryDirectory() as root:
        for file in files:
            if not file.is_relative_to(CHECKOUT):
                copy = Path(root, *file.parts[1:])
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(file.read_bytes())
                copy.chmod(0o755)
        # The mounts are seen by this one process and its children alone.
        script = f"mkdir -p {root}/proc {root}/tmp && mount -t proc proc {root}/proc"
        script += f" && mount -t tmpfs tmpfs {root}/tmp"
        for folder in (standard, CHECKOUT, Path("/dev")):
            there = shlex.quote(f"{root}{folder}")
            script += f" && mkdir -p {there} && mount --rbind {shlex.quote(str(folder))} {there}"
        program = [str(CHECKOUT / ".venv/bin" / name) for name in ("python", "sparse-ae")]
        inside = ["chroot", root, program[0], "-c", INSIDE, program[1]]
        subprocess.run(
            ["unshare", "--mount", "sh", "-c", f'{script} && exec "$@"', "sh", *inside],
            env={"HOME": "/tmp", "PATH": f"{os.defpath}:/usr/sbin:/sbin"},
            check=True,
        )


if __name__ == "__main__":
    main()
