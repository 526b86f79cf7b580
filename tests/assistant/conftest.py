"""A small library with sound in a data folder of its own; the page's tests share this file."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from store.database import db
from store.vectors import vector_service


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


@pytest.fixture(scope="session")
def chat(load: Callable[[str], ModuleType]) -> ModuleType:
    """`serving.py`: the server and what a person does on its page."""
    return load("assistant/ui/serving.py")


@pytest.fixture(scope="module")
def data(library_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the served chat."""
    folder = tmp_path_factory.mktemp("served") / "data"
    shutil.copytree(library_template / "data", folder)
    db.reset()
    return folder


@pytest.fixture(scope="module")
def site(chat: Any, data: Path) -> Iterator[Any]:
    """A chat on the small library."""
    served = chat.Site(data)
    yield served
    served.stop()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Chromium, started once a module: a start takes seconds."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("chromium-browser"),
            args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
        )
        yield launched
        launched.close()


@pytest.fixture
def browser(chromium: Any) -> Iterator[Any]:
    """Chromium without the pages of other tests."""
    yield chromium
    for context in chromium.contexts:
        context.close()


@pytest.fixture
def store(data: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The store of the served chat, also for this process."""
    monkeypatch.setenv("BACKBEAT_DATA", str(data))
    db.reset()
    yield
    db.reset()
