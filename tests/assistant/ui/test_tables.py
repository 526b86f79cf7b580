"""Tables of tracks: further rows, orders, the menu of a row, labels to take away, folding."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from store.database import db
from store.library import track_writing
from store.people import likes
from store.records import (
    AnalysisRecord,
    AudioFeatures,
    FileFacts,
    TagFacts,
    TrackGenre,
    TrackRecord,
)
from store.tracks import track_details

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium found: apt install chromium"),
]
TRACKS = 64
PLAYED = 61
SLOW = "backbeatPlayer.audio.defaultPlaybackRate = 0.1"  # 4 s of sound last long enough
STATE = "fetch('/api/player').then((reply) => reply.json())"
FOCUSED = "document.activeElement.innerText || document.activeElement.getAttribute('aria-label')"


@pytest.fixture
def many(data: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Tracks of one genre, the tempos in another order than the titles."""
    monkeypatch.setenv("BACKBEAT_DATA", str(data))
    db.reset()
    shutil.copy(track_details.track_file(2), data / f"ska{PLAYED}.flac")  # the others are silent
    made = [track_writing.save_track(_track(data, number)) for number in range(TRACKS)]
    yield made
    for number in made:
        track_writing.remove_track(number)
    db.reset()


def _track(data: Path, number: int) -> TrackRecord:
    file = FileFacts(
        path=data / f"ska{number}.flac", content_hash=f"ska{number}", size_bytes=1, mtime_ns=1,
        duration_s=100.0 + number, audio_format="flac", sample_rate_hz=44100, channels=2,
    )  # fmt: skip
    bpm = 80.0 + number * 37 % TRACKS
    features = AudioFeatures(
        bpm=bpm, bpm_alternative=2 * bpm, energy=number / TRACKS, camelot_key="8A", key="A",
        scale="minor",
    )  # fmt: skip
    analysis = AnalysisRecord(features=features, genres=(TrackGenre("ska", main=True),))
    return TrackRecord(
        file, TagFacts(title=f"Tune {number:02d}", artist=f"Band {number}"), analysis
    )


def rows(page: Any) -> Any:
    return page.locator(".bb-table").last.locator("tbody tr")


def tempos(page: Any) -> list[float]:
    cells = rows(page).locator("td:nth-child(4) > span:first-child").all_inner_texts()
    return [float(text) for text in cells]


def sorted_by(page: Any, name: str, way: str) -> None:
    heading = page.locator(f"th[aria-sort={way}]", has_text=name)
    page.get_by_role("columnheader").get_by_role("button", name=name).click()
    heading.wait_for()


def choose(page: Any, title: str, entry: str) -> None:
    """Open the menu of a row by the keyboard and choose an entry."""
    page.get_by_role("button", name=f"More for “{title}”").press("Enter")
    menu = page.get_by_role("menu")
    menu.wait_for()
    for _ in range(menu.get_by_role("menuitem").count()):
        if page.evaluate(FOCUSED) == entry:
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    menu.wait_for(state="hidden")


def test_rows_are_added_sorted_and_used(
    chat: Any, browser: Any, site: Any, many: list[int]
) -> None:
    page, _ = chat.opened(browser, site)
    chat.ask(page, "ska")
    page.locator(".bb-foot").get_by_text(f"10 of {TRACKS}").wait_for()
    given = rows(page).locator(".bb-link").all_inner_texts()
    assert len(given) == 10
    assert rows(page).first.locator(".bb-or").first.inner_text().startswith("or ")
    chat.shot(page, "table")

    sorted_by(page, "BPM", "ascending")  # of all that were found, not of those shown
    assert tempos(page) == [80.0 + n for n in range(10)]
    sorted_by(page, "BPM", "descending")
    assert tempos(page) == [80.0 + n for n in range(TRACKS - 1, TRACKS - 11, -1)]
    page.get_by_role("button", name="50 more").click()
    page.locator(".bb-foot").get_by_text(f"60 of {TRACKS}").wait_for()
    page.get_by_role("button", name=f"All {TRACKS}").click()
    page.locator(".bb-foot").get_by_text(f"{TRACKS} of {TRACKS}").wait_for()
    assert tempos(page) == [80.0 + n for n in range(TRACKS - 1, -1, -1)]
    page.get_by_role("columnheader").get_by_role("button", name="BPM").click()
    page.wait_for_selector("th[aria-sort]", state="detached")
    assert rows(page).locator(".bb-link").all_inner_texts() == given
    assert page.locator("[data-step-type=user_message]").count() == 1  # nothing was asked anew
    sorted_by(page, "Energy", "descending")
    assert rows(page).locator(".bb-link").first.inner_text() == f"Tune {TRACKS - 1}"

    page.evaluate(SLOW)
    rows(page).nth(2).locator(".bb-play").click()  # the one of the third highest energy
    page.wait_for_function(f"{STATE}.then((state) => state.tracks.length === {TRACKS})")
    assert rows(page).nth(2).evaluate("(row) => row.classList.contains('bb-on')")
    page.evaluate("backbeatPlayer.pause()")
    choose(page, "Tune 60", "Play next")
    page.wait_for_function(f"{STATE}.then((state) => state.tracks[3].title === 'Tune 60')")
    choose(page, "Tune 60", "Add to the queue")
    page.wait_for_function(f"{STATE}.then((state) => state.tracks.at(-1).title === 'Tune 60')")
    choose(page, "Tune 59", "Like")
    page.get_by_text("Tune 59 is liked.").wait_for()
    page.get_by_role("img", name="Liked").wait_for()
    assert many[59] in likes.likes_of(1)
    page.get_by_role("button", name="More for “Tune 58”").click()
    chat.shot(page, "row_menu")
    page.keyboard.press("Escape")
    assert page.evaluate(FOCUSED) == "More for “Tune 58”"
    choose(page, "Tune 58", "Open the summary")
    page.locator(".bb-card", has_text="Tune 58").wait_for()
    page.get_by_text("About “Tune 58”", exact=True).wait_for()

    chat.ask(page, "tell me about number 7")  # as the rows are now: sorted by energy
    page.locator(".bb-card", has_text="Tune 57").wait_for()
    page.wait_for_url("**/thread/*")
    page.reload()  # in the order of the answer again
    page.locator(".bb-foot").get_by_text(f"10 of {TRACKS}").wait_for()
    chat.ask(page, "tell me about number 3")
    page.locator(".bb-card", has_text=given[2]).wait_for()


def test_a_phone_sorts_by_a_list(chat: Any, browser: Any, site: Any, many: list[int]) -> None:
    page, _ = chat.opened(browser, site, locale="fr-FR", width=390, theme="light")
    chat.ask(page, "du ska")
    page.locator(".bb-foot").get_by_text(f"10 sur {TRACKS}").wait_for()
    page.get_by_label("Ordre").select_option("energy")
    page.wait_for_function("document.querySelector('.bb-link').innerText === 'Tune 63'")
    page.get_by_role("button", name="Dans l'autre sens").click()
    page.wait_for_function("document.querySelector('.bb-link').innerText === 'Tune 00'")
    page.get_by_role("button", name="Autres actions pour « Tune 00 »").click()
    page.get_by_role("menuitem", name="Ajouter à la file").wait_for()
    chat.shot(page, "table_phone")
    page.mouse.click(200, 20)
    page.get_by_role("menu").wait_for(state="hidden")
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(wide)


def test_labels_are_taken_away_and_old_tables_fold(chat: Any, browser: Any, site: Any) -> None:
    page, _ = chat.opened(browser, site)
    chat.ask(page, "jazz between 60 and 100 bpm")
    page.wait_for_selector(".bb-table tbody tr")
    narrow = rows(page).count()
    labels = page.locator(".bb-filter").all_inner_texts()
    assert len(labels) == 2
    page.get_by_role("button", name=f"Search again without: {labels[1]}").press("Enter")
    page.wait_for_function("document.querySelectorAll('.bb-table').length === 2")
    page.get_by_text(f"without {labels[1]}").wait_for()  # as said by the person
    assert rows(page).count() >= narrow
    assert page.locator(".bb-table").nth(1).locator("xpath=..").locator(".bb-filter").count() == 1
    chat.ask(page, "tell me about the second one")  # of the answer that has just come
    page.wait_for_selector(".bb-card")
    for number, text in enumerate(("metal", "folk", "pop", "house"), start=3):
        chat.ask(page, text)
        page.wait_for_function(
            f"document.querySelectorAll('.bb-table, .bb-folded').length === {number}"
        )
    page.locator(".bb-folded").wait_for()
    assert page.locator(".bb-table").count() == 5
    page.get_by_role("button", name=f"Show: {', '.join(labels)}").click()
    assert page.locator(".bb-table").first.locator("tbody tr").count() == narrow
    assert page.locator(".bb-folded").count() == 0
