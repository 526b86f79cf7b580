"""A small library with sound in a data folder of its own; the page's tests share this file."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from store import db, vector_service


@pytest.fixture(scope="session")
def library_template(
    tmp_path_factory: pytest.TempPathFactory, load: Callable[[str], ModuleType]
) -> Path:
    folder = tmp_path_factory.mktemp("library")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BACKBEAT_DATA", str(folder / "data"))
        load("assistant/small_library.py").build(folder / "music")
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
