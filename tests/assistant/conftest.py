"""A small library in a data folder of its own, and a model server on a local port."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from store import db, vector_service


def beside(name: str) -> ModuleType:
    """A module of this folder, which is no package."""
    full = f"assistant_tests_{name}"
    if full not in sys.modules:
        path = Path(__file__).parent / f"{name}.py"
        spec = importlib.util.spec_from_file_location(full, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[full] = module
        spec.loader.exec_module(module)
    return sys.modules[full]


@pytest.fixture(scope="session")
def library_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("library")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BACKBEAT_DATA", str(folder / "data"))
        beside("small_library").build(folder / "music")
        db.reset()
    return folder


@pytest.fixture
def library(
    library_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """The data folder of a fresh copy of the small library."""
    data = tmp_path / "data"
    shutil.copytree(library_template / "data", data)
    monkeypatch.setenv("BACKBEAT_DATA", str(data))
    db.reset()
    yield data
    vector_service.close()
    db.reset()


@pytest.fixture
def empty_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder with nothing in it."""
    data = tmp_path / "data"
    monkeypatch.setenv("BACKBEAT_DATA", str(data))
    db.reset()
    db.upgrade()
    yield data
    vector_service.close()
    db.reset()


@pytest.fixture
def ollama() -> Iterator[Any]:
    """A model server; see `ollama_server.py`."""
    server = beside("ollama_server").OllamaServer().start()
    yield server
    server.stop()
