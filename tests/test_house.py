"""The rooms of the package: which may import which, and what a student meets first."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "sparse_ae"
# For each room or file, the others of the package that it may import, wherever in the file.
MAY_IMPORT = {
    "support": "",
    "data": "support",
    "measuring": "data",
    "fast": "support data",
    "training": "support fast",
    "pca": "data measuring",
    "units": "measuring",
    "by_hand": "measuring units",
    "plotting": "support",
    "sparsity": "support",
    "models": "support data measuring fast sparsity",
    "jobs": "support data measuring fast training pca units sparsity models plotting",
    "checks": "support",
    "course": "support data training jobs",
    "__main__": "course",
    "__init__": "support",
}


def room(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path):
    """The rooms of the package that a file imports."""
    package = ("sparse_ae", *path.relative_to(PACKAGE).parent.parts)
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            start = ".".join((*base, *filter(None, [node.module])))
            modules = [f"{start}.{alias.name}" for alias in node.names]
        else:
            continue
        yield from (name.split(".")[1] for name in modules if name.startswith("sparse_ae."))


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: p.stem)
def test_nothing_imports_upwards(path):
    own = room(path)
    wrong = {name for name in imported(path) if name not in (own, *MAY_IMPORT[own].split())}
    assert not wrong, f"{path.relative_to(PACKAGE)} imports {wrong}: see MAY_IMPORT"


def test_no_two_files_have_one_name():
    names = [path.stem for path in PACKAGE.rglob("*.py") if path.stem != "__init__"]
    assert sorted(names) == sorted(set(names))
