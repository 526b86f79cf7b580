"""Indexing live: the tab of the panel and the card of the conversation follow the store."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest

from store.jobs import indexer_state, job_queue
from store.library import track_files
from store.results import JobRow
from store.tracks.away_tracks import away_folders, mark_away

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium found: apt install chromium"),
]


@contextmanager
def running_indexer() -> Iterator[None]:
    """Heartbeats of an indexer, however slow this machine is."""
    ended = threading.Event()

    def beat() -> None:
        while not ended.is_set():
            indexer_state.record_heartbeat()
            ended.wait(3)

    thread = threading.Thread(target=beat)
    thread.start()
    yield
    ended.set()
    thread.join()
    indexer_state.clear_heartbeat()


def claimed() -> JobRow:
    job = job_queue.claim("worker", ["analyse"])
    assert job is not None
    return job


def test_the_panel_and_the_card_follow_the_analysis(
    chat: Any, browser: Any, site: Any, store: None
) -> None:
    page, _ = chat.opened(browser, site)
    asked: list[tuple[str, str]] = []
    page.on("request", lambda sent: asked.append((sent.method, urlsplit(sent.url).path)))
    chat.ask(page, "library status")
    card = page.locator(".bb .bb-grid").last
    card.wait_for()
    page.get_by_role("button", name="Playlists and indexing").click()
    page.get_by_role("tab", name="Playlists").press("ArrowRight")
    tab = page.get_by_role("tabpanel", name="Indexing")
    tab.get_by_role("heading", name="No indexer is running").wait_for()
    with running_indexer():
        follow(chat, page, tab)
    confirm_gone(page, tab)
    assert ("GET", "/api/events") in asked
    assert ("GET", "/api/indexing") not in asked  # it is told, and does not ask


def confirm_gone(page: Any, tab: Any) -> None:
    """Tracks go out of sight, which is told; then they are said to be deleted."""
    known = sorted(file.track_id for file in track_files.known_files().values())
    mark_away({"/music/<b>nas": known[:2]})
    tab.get_by_text("2 of 10 tracks are away: the folder <b>nas cannot be seen.").wait_for()
    page.locator(".bb").get_by_text("2 of 10 tracks are away").first.wait_for()
    tab.get_by_role("button", name="The 2 tracks of <b>nas are really gone").click()
    tab.get_by_text("2 of 10 tracks are away").wait_for(state="detached")
    assert not away_folders()


def follow(chat: Any, page: Any, tab: Any) -> None:
    for name in ("one", "two", "three"):
        job_queue.enqueue("analyse", f"/music/{name} <i>.mp3")
    first = claimed()
    tab.get_by_text("one <i>.mp3").wait_for()
    tab.get_by_text("10 of 13 files").wait_for()
    page.locator(".bb").get_by_text("10 / 13").wait_for()  # the card was there before
    job_queue.fail(first.id, "damaged", retry=False, result={"code": "corrupted"})
    tab.get_by_text("The file is damaged.").wait_for()
    page.locator(".bb").get_by_text("The file is damaged").or_(
        page.locator(".bb").get_by_text("damaged")
    ).first.wait_for()
    chat.shot(page, "panel_indexing")

    tab.get_by_role("button", name="Pause").click()
    tab.get_by_role("heading", name="The analysis is paused").wait_for()
    assert indexer_state.paused_by_owner()
    tab.get_by_role("button", name="Resume").click()
    tab.get_by_role("button", name="Pause").wait_for()
    assert not indexer_state.paused_by_owner()

    tab.get_by_role("button", name="Try again: one <i>.mp3").click()
    tab.get_by_text("The file is damaged.").wait_for(state="hidden")
    for _ in range(3):
        job_queue.finish(claimed().id)
    tab.get_by_role("heading", name="Everything is analysed").wait_for()
    page.locator(".bb").get_by_text("/ 13").wait_for(state="detached")
