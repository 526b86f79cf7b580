"""The shape of the tree: small folders and modules, unique class names, tests that mirror it."""

from __future__ import annotations

import ast
import subprocess
from collections import Counter, defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHIPPED = ("assistant", "backbeat", "tools", "indexer", "store", "prompts")
LARGEST_FOLDER = 15
"""Modules a folder, `__init__.py` not counted."""
LONGEST_MODULE = 400
"""Lines."""


@pytest.fixture(scope="module")
def modules() -> list[Path]:
    """Every Python file of the project that git knows or does not ignore, but the tests."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.splitlines()  # fmt: skip
    return [
        Path(name) for name in listed if not name.startswith("tests/") and (ROOT / name).exists()
    ]


def test_no_folder_is_large(modules: list[Path]):
    sizes = Counter(path.parent.as_posix() for path in modules if path.name != "__init__.py")
    del sizes["store/migrations/versions"]  # one a change of the tables
    del sizes["tools"]  # one a tool
    assert sizes
    assert not {folder: size for folder, size in sizes.items() if size > LARGEST_FOLDER}


def test_no_module_is_long(modules: list[Path]):
    lengths = {path.as_posix(): len((ROOT / path).read_text().splitlines()) for path in modules}
    assert not {name: length for name, length in lengths.items() if length > LONGEST_MODULE}


def test_public_class_names_are_unique(modules: list[Path]):
    places: defaultdict[str, list[str]] = defaultdict(list)
    for path in modules:
        if path.parts[0] in SHIPPED and "migrations" not in path.parts:
            for node in ast.parse((ROOT / path).read_text()).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    places[node.name].append(path.as_posix())
    assert not {name: paths for name, paths in places.items() if len(paths) > 1}


def test_the_tests_mirror_the_tree():
    folders = {
        path.parent.relative_to(ROOT / "tests") for path in (ROOT / "tests").rglob("test_*.py")
    }
    folders -= {Path("project"), Path("faults")}  # of the whole
    assert folders
    assert not [folder.as_posix() for folder in folders if not (ROOT / folder).is_dir()]
