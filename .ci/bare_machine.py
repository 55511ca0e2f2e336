"""Run the program of README's first command where nothing is but Python, to see what it presumes.

    .venv/bin/python .ci/bare_machine.py

A root folder of its own holds the interpreter, the libraries that it is linked to, C's and
C++'s own, and this checkout with its .venv: no GLib, no Graphviz, no fonts, no shell. First
it is looked whether that is so, then `sparse-ae run` trains for one epoch and must write all its
files. As root on Linux, for `chroot` and `mount`; the mounts are gone with the process.
"""

import os
import re
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


def main():
    python = Path(sys.executable).resolve()
    standard = Path(sysconfig.get_path("stdlib"))
    # Without windows: Tk is linked to fonts and more, and Debian has it in a package of its own.
    modules = (standard / "lib-dynload").glob("*.so")
    modules = [str(path) for path in modules if not path.name.startswith("_tkinter")]
    files = {python} | linked_libraries([str(python), *modules]) | every_debians()
    folders = [standard, CHECKOUT, Path("/dev")]
    with tempfile.TemporaryDirectory() as root:
        for file in files:
            copy = Path(root, *file.parts[1:])
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(file.read_bytes())
            copy.chmod(0o755)
        for folder in (*folders, Path("/proc"), Path("/tmp")):
            Path(root, *folder.parts[1:]).mkdir(parents=True, exist_ok=True)
        mounts = [f"mount --rbind '{folder}' '{root}{folder}'" for folder in folders]
        mounts += [f"mount -t proc proc '{root}/proc'", f"mount -t tmpfs tmpfs '{root}/tmp'"]
        inside = ["chroot", root, *(str(CHECKOUT / ".venv/bin" / name) for name in ("python",))]
        inside += ["-c", INSIDE, str(CHECKOUT / ".venv/bin/sparse-ae")]
        command = " && ".join([*mounts, 'exec "$@"'])
        subprocess.run(
            ["unshare", "--mount", "sh", "-c", command, "sh", *inside],
            env={"HOME": "/tmp", "PATH": os.defpath + ":/usr/sbin:/sbin"},
            check=True,
        )


if __name__ == "__main__":
    main()
