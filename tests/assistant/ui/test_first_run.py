"""The first minutes on the start page: a demo library, a folder of one's own, a model."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from store.database import db
from store.jobs import indexer_state, music_folder

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium found: apt install chromium"),
]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home" / "Sons").mkdir(parents=True)
    return tmp_path / "home"


@pytest.fixture
def new(
    chat: Any, tmp_path: Path, home: Path, ollama: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Any]:
    """A chat on an empty library, with the heartbeats of an indexer, and no model."""
    data = tmp_path / "data"
    monkeypatch.setenv("BACKBEAT_DATA", str(data))
    db.reset()
    db.upgrade()
    music_folder.record_served(data / "demo", "demo")
    ollama.models = {}
    ended = threading.Event()

    def beat() -> None:
        while not ended.is_set():
            indexer_state.record_heartbeat()
            ended.wait(3)

    indexer = threading.Thread(target=beat)
    indexer.start()
    site = chat.Site(data, HOME=str(home), BACKBEAT_OLLAMA_HOST=ollama.url)
    yield site
    site.stop()
    ended.set()
    indexer.join()
    db.reset()


def test_the_start_page_says_what_is_missing_and_gets_it(
    chat: Any, browser: Any, new: Any, home: Path
) -> None:
    indexer_state.record_rendering(3, 22)
    page, _ = chat.opened(browser, new)
    card = page.get_by_role("region", name="First steps")
    card.get_by_text("3 of 22 songs").wait_for()
    indexer_state.record_rendering(4, 22)
    card.get_by_text("4 of 22 songs").wait_for()
    chat.shot(page, "first_run")

    card.get_by_role("button", name="Fetch qwen3:1.7b").click()
    card.get_by_text("qwen3:1.7b is there and is used from now on.").wait_for()

    card.get_by_role("button", name="Choose a folder").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Sons").click()
    dialog.get_by_text(str(home / "Sons")).wait_for()
    chat.shot(page, "first_run_folder")
    dialog.get_by_role("button", name="Use this folder").press("Enter")
    dialog.wait_for(state="hidden")
    assert music_folder.chosen() == home / "Sons"
