"""The page plays what the person asks for in words, and obeys."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium found: apt install chromium"),
]
SLOW = "window.backbeatPlayer.audio.defaultPlaybackRate = 0.1"  # 3 s of sound last half a minute
SOUNDS = "!window.backbeatPlayer.audio.paused && window.backbeatPlayer.audio.currentTime > 0"
SILENT = "window.backbeatPlayer.audio.paused"
STATE = "fetch('/api/player').then((reply) => reply.json())"


@pytest.fixture
def listening(chat: Any, data: Path) -> Iterator[Any]:
    """A chat of its own, as what plays is kept in the library."""
    site = chat.Site(data)
    yield site
    site.stop()


def title(page: Any) -> str:
    return page.evaluate("window.backbeatPlayer.list[window.backbeatPlayer.at].title")


def test_play_pause_next_and_stop_in_words(chat: Any, browser: Any, listening: Any) -> None:
    page, asked = chat.opened(browser, listening)
    page.evaluate(SLOW)
    chat.ask(page, "play jazz and metal sorted by bpm")
    page.wait_for_function(SOUNDS)
    assert title(page) == "Slow Harbour"
    assert page.locator(".bb-table tr.bb-on").inner_text().startswith("1")
    chat.shot(page, "player_plays")

    chat.ask(page, "pause")
    page.wait_for_function(SILENT)
    assert page.evaluate("window.backbeatPlayer.audio.currentTime") > 0
    page.get_by_role("button", name="Play: Slow Harbour").last.wait_for()
    assert not page.evaluate(STATE)["playing"]

    chat.ask(page, "next song")
    page.wait_for_function(SOUNDS)
    assert title(page) == "Paper Boats"
    assert page.locator(".bb-table tr.bb-on").inner_text().startswith("2")
    assert page.get_by_role("button", name="Pause: Paper Boats").count() == 1  # in its row
    assert "Paper Boats" in page.locator(".bbp").inner_text()
    chat.shot(page, "player_next")

    chat.ask(page, "a bit quieter please")
    page.wait_for_function("window.backbeatPlayer.audio.volume === 0.9")
    assert title(page) == "Paper Boats" and page.evaluate(SOUNDS)

    page.evaluate("window.backbeatPlayer.audio.playbackRate = 4")  # to its end
    page.wait_for_function("window.backbeatPlayer.at === 2")
    page.wait_for_function(SOUNDS)
    assert page.evaluate(STATE)["place"] == 2

    chat.ask(page, "stop the music")
    page.wait_for_function(SILENT)
    assert page.evaluate(STATE)["seconds"] == 0
    assert not [url for url in asked if not url.startswith((listening.url, "data:", "blob:"))]


def test_a_click_is_known_to_the_words_after_it(chat: Any, browser: Any, listening: Any) -> None:
    page, _ = chat.opened(browser, listening)
    page.evaluate(SLOW)
    chat.ask(page, "jazz")
    page.locator(".bb-table .bb-play").first.click()
    page.wait_for_function(SOUNDS)
    first = title(page)
    chat.ask(page, "next song")
    page.wait_for_function(f"window.backbeatPlayer.at === 1 && {SOUNDS}")
    assert title(page) != first
    page.locator(".bb-table tr.bb-on .bb-play").click()  # pause by hand
    page.wait_for_function(f"{STATE}.then((state) => !state.playing && state.place === 1)")


def test_words_go_on_after_a_reload(chat: Any, browser: Any, listening: Any) -> None:
    page, _ = chat.opened(browser, listening)
    page.evaluate(SLOW)
    chat.ask(page, "play Night Drive")
    page.wait_for_function("window.backbeatPlayer.audio.currentTime > 0.2")
    chat.ask(page, "pause")
    page.wait_for_function(SILENT)
    page.reload()
    page.wait_for_selector("#chat-settings-open-modal")
    page.wait_for_function("window.backbeatPlayer.at === 0")
    page.evaluate(SLOW)
    assert page.evaluate(SILENT)
    chat.ask(page, "go on")
    page.wait_for_function(f"{SOUNDS} && window.backbeatPlayer.audio.currentTime > 0.2")
