"""The chat's tables and cards: buttons, reasons, versions; on a phone; in two themes."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from store.database import db
from store.jobs import indexer_state, job_queue
from store.library import track_writing
from store.records import AnalysisRecord, FileFacts, TagFacts, TrackGenre, TrackRecord
from store.tracks import track_details

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium found: apt install chromium"),
]
LEAST_CONTRAST = 4.5  # of small text, WCAG 2 AA
NAMELESS = """() =>
  [...document.querySelectorAll(':is(.bb, .bbp, .bbp-panel) :is(button, a, input)')]
  .filter((e) => !(e.getAttribute('aria-label') || e.innerText || '').trim())
  .map((e) => e.outerHTML.slice(0, 120))"""
TOO_WIDE = """() => [...document.querySelectorAll('.bb-box, .bb-table, .bbp, .bbp-panel, html')]
  .filter((e) => e.scrollWidth > e.clientWidth + 1)
  .map((e) => `${e.className}: ${e.scrollWidth} > ${e.clientWidth}`)"""
# Contrast of every text in the elements; translucent grounds are painted over those below.
PALE = """(least) => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const over = (colours) => {
    canvas.clearRect(0, 0, 1, 1);
    colours.forEach((c) => { canvas.fillStyle = c; canvas.fillRect(0, 0, 1, 1); });
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = (rgb) => rgb.slice(0, 3).map((v) => v / 255)
    .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0);
  return [...document.querySelectorAll(':is(.bb, .bbp, .bbp-panel) *')].filter((e) =>
    e.checkVisibility() && !e.closest('.bb-cover, .bb-hidden, .bbp-cover, button:disabled')
    && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())
  ).map((e) => {
    const grounds = [];
    for (let at = e; at; at = at.parentElement)
      grounds.unshift(getComputedStyle(at).backgroundColor);
    const ground = light(over(grounds));
    const ink = light(over([...grounds, getComputedStyle(e).color]));
    const ratio = (Math.max(ground, ink) + 0.05) / (Math.min(ground, ink) + 0.05);
    return [ratio, e.className, e.innerText.slice(0, 30)];
  }).filter(([ratio]) => ratio < least).map(String);
}"""


def rows(page: Any) -> Any:
    return page.locator(".bb-table").last.locator("tbody tr")


def shown_anew(page: Any, tables: int) -> None:
    page.wait_for_function(f"document.querySelectorAll('.bb-table').length === {tables}")


def test_another_choice_for_the_same_wish(chat: Any, browser: Any, site: Any) -> None:
    page, _ = chat.opened(browser, site)
    chat.ask(page, "make a playlist of 4 songs")
    shown_anew(page, 1)
    button = page.get_by_role("button", name="Choose again")
    assert "choice no. " in button.get_attribute("title")
    button.click()
    shown_anew(page, 2)
    assert rows(page).count() == 4
    assert page.get_by_text("Choose again: ").count() == 1  # as said by the person
    chat.ask(page, "remove number 2")  # a button's result can be spoken of
    shown_anew(page, 3)
    assert rows(page).count() == 3


def test_a_change_and_its_undoing_are_seen(chat: Any, browser: Any, site: Any) -> None:
    page, _ = chat.opened(browser, site)
    chat.ask(page, "make a playlist of 5 songs")
    shown_anew(page, 1)
    made = rows(page).evaluate_all("all => all.map((row) => row.dataset.track)")
    chat.ask(page, "remove number 2")
    shown_anew(page, 2)
    left = rows(page).evaluate_all("all => all.map((row) => row.dataset.track)")
    assert left == made[:1] + made[2:]
    page.get_by_text("Say “undo”").wait_for()
    chat.shot(page, "removed")
    chat.ask(page, "undo")
    shown_anew(page, 3)
    assert rows(page).evaluate_all("all => all.map((row) => row.dataset.track)") == made


def test_each_step_of_a_playlist_has_its_number_and_reason(
    chat: Any, browser: Any, site: Any
) -> None:
    page, _ = chat.opened(browser, site)
    chat.ask(page, "make a playlist of 6 songs")
    shown_anew(page, 1)
    numbers = rows(page).locator("td:first-child").all_inner_texts()
    assert numbers == ["1", "2", "3", "4", "5", "6"]
    reasons = rows(page).locator(".bb-why").all_inner_texts()
    assert reasons[0].startswith("opens")
    keys = rows(page).locator(".bb-wide .bb-key").all_inner_texts()
    assert all(key in reason for key, reason in zip(keys, reasons, strict=True)), reasons


def test_what_a_description_was_taken_as(chat: Any, browser: Any, site: Any) -> None:
    page, _ = chat.opened(browser, site, locale="fr-FR")
    chat.ask(page, "un dimanche de pluie dans un café")
    shown_anew(page, 1)
    head = page.locator(".bb-head")
    assert "Compris comme" in head.inner_text()
    assert head.locator(".bb-chip").count() >= 2
    chat.shot(page, "taken_as")


def test_from_a_title_to_its_card_and_on(chat: Any, browser: Any, site: Any) -> None:
    page, _ = chat.opened(browser, site)
    chat.ask(page, "jazz")
    shown_anew(page, 1)
    page.get_by_role("button", name="About “Paper Boats”").click()
    page.get_by_role("meter", name="Energy").wait_for()
    page.get_by_role("button", name="Similar songs").click()
    shown_anew(page, 2)
    assert "Paper Boats" not in rows(page).all_inner_texts()
    chat.ask(page, "library status")
    page.get_by_role("button", name="jazz, 2 tracks").click()
    shown_anew(page, 3)
    assert rows(page).count() == 2


def fits(page: Any) -> None:
    """Wait until nothing is wider than its box: columns go once the box has been measured."""
    until = time.monotonic() + 30
    while (wide := page.evaluate(TOO_WIDE)) and time.monotonic() < until:
        time.sleep(0.2)
    assert wide == []


def test_a_button_that_the_page_never_drew(chat: Any, browser: Any, site: Any) -> None:
    page, _ = chat.opened(browser, site)
    chat.ask(page, "jazz")
    shown_anew(page, 1)
    page.route(
        "**/project/action",
        lambda route: route.continue_(
            post_data=route.request.post_data.replace("summarize_track", "delete_everything")
        ),
    )
    page.locator(".bb-link").first.click()
    page.get_by_text("Something went wrong inside").wait_for()


def test_a_list_is_clicked_to_ask(chat: Any, browser: Any, site: Any) -> None:
    page, _ = chat.opened(browser, site)
    chat.ask(page, "make a playlist called Été 夜 of 3 songs")
    shown_anew(page, 1)

    def instead(route: Any) -> None:
        request = json.loads(route.request.post_data)
        request["action"]["payload"] |= {"tool": "list_playlists", "arguments": {}}
        route.continue_(post_data=json.dumps(request))

    page.route("**/project/action", instead)
    page.locator(".bb-link").first.click()
    page.wait_for_selector(".bb-items")
    page.unroute("**/project/action")
    assert "3 tracks" in page.locator(".bb-items li").first.inner_text()
    assert page.evaluate(NAMELESS) == []
    fits(page)
    assert page.evaluate(PALE, LEAST_CONTRAST) == []
    chat.shot(page, "list")
    page.get_by_role("button", name="Été 夜", exact=True).click()
    page.get_by_text("play the playlist Été 夜").wait_for()


@pytest.fixture
def live_version(data: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A second version of a song of the library."""
    monkeypatch.setenv("BACKBEAT_DATA", str(data))
    db.reset()
    file = track_details.track_file(next(n for n in range(1, 11) if title_of(n) == "Paper Boats"))
    copy = file.with_name("live.wav")
    shutil.copy(file, copy)
    facts = FileFacts(
        path=copy, content_hash="live", size_bytes=copy.stat().st_size, mtime_ns=1,
        duration_s=3.8, audio_format="wav", sample_rate_hz=22050, channels=1,
    )  # fmt: skip
    tags = TagFacts(title="Paper Boats (Live)", artist="Mira Quist")
    analysis = AnalysisRecord(genres=(TrackGenre("jazz", main=True),))
    number = track_writing.save_track(TrackRecord(facts, tags, analysis))
    yield number
    track_writing.remove_track(number)
    db.reset()


def title_of(number: int) -> str:
    return track_details.track_rows([number])[0].title


def test_versions_of_a_song(chat: Any, browser: Any, site: Any, live_version: int) -> None:
    page, _ = chat.opened(browser, site)
    chat.ask(page, "jazz")
    shown_anew(page, 1)
    assert rows(page).count() == 2
    page.get_by_role("button", name="one more version").click()
    page.locator(".bb-versions .bb-play").click()
    page.wait_for_function("window.backbeatPlayer.audio.currentTime > 0.2")
    assert f"/{live_version}/" in page.evaluate("window.backbeatPlayer.audio.src")
    chat.shot(page, "versions")
    page.locator(".bb-versions .bb-link").click()
    page.get_by_text("Paper Boats (Live)").last.wait_for()
    page.locator(".bb-card").get_by_role("button", name="Pause: Paper Boats (Live)").wait_for()


def test_a_chart_tells_its_steps_and_failure(
    chat: Any, browser: Any, site: Any, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BACKBEAT_DATA", str(data))
    db.reset()
    indexer_state.record_heartbeat()
    page, _ = chat.opened(browser, site, locale="fr-FR")
    chat.ask(page, "fais-moi la partition de batterie de Glass Garden")
    page.get_by_text("Attend son tour").wait_for()
    page.get_by_text("elle apparaîtra ici").wait_for()
    job = next(job for job in iter(lambda: job_queue.claim("test"), None) if job.track_id == 10)
    job_queue.record_progress(job.id, 0.3, "finding the beat")
    page.get_by_text("recherche de la pulsation · 30 %").wait_for()
    job_queue.fail(job.id, "I hear no drums", retry=False, result={"code": "no_drums"})
    page.get_by_text("Échec : je n'entends pas de batterie").wait_for()
    page.get_by_role("button", name="Réessayer").click()
    page.get_by_text("Attend son tour").wait_for()
    again = job_queue.claim("test")
    assert again is not None
    assert again.track_id == 10
    job_queue.finish(again.id, {})


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_names_contrast_and_width_on_a_phone(
    chat: Any, browser: Any, site: Any, theme: str
) -> None:
    page, asked = chat.opened(browser, site, width=390, theme=theme)
    for number, text in enumerate(
        ("make a playlist of 6 songs", "tell me about Night Drive", "library status",
         "make a drum chart of Iron Weather"),
        start=1,
    ):  # fmt: skip
        chat.ask(page, text)
        page.wait_for_function(f"document.querySelectorAll('.bb').length === {number}")
    page.locator(".bb-play").nth(1).click()
    page.wait_for_selector(".bbp")
    chat.shot(page, f"phone_{theme}")
    assert page.evaluate("document.documentElement.classList.contains('dark')") == (theme == "dark")
    title = page.locator(".bb-table td:nth-child(3)").first.bounding_box()
    assert title["width"] > 200  # room for words
    assert page.evaluate(NAMELESS) == []
    fits(page)
    assert page.evaluate(PALE, LEAST_CONTRAST) == []
    page.get_by_role("button", name="Queue", exact=True).click()
    page.wait_for_selector(".bbp-entry")
    assert page.evaluate(NAMELESS) == []
    fits(page)
    assert page.evaluate(PALE, LEAST_CONTRAST) == []
    assert not [url for url in asked if not url.startswith((site.url, "data:", "blob:"))]


def test_a_list_is_played_from_the_keyboard(chat: Any, browser: Any, site: Any) -> None:
    page, _ = chat.opened(browser, site)
    chat.ask(page, "make a playlist of 4 songs")
    shown_anew(page, 1)
    page.locator(".bb-table .bb-play").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("!window.backbeatPlayer.audio.paused")
    page.keyboard.press("Tab")
    assert "About" in page.evaluate("document.activeElement.getAttribute('aria-label')")


def test_a_mistake_inside_is_told(chat: Any, browser: Any, data: Path) -> None:
    site = chat.Site(data, first="import assistant.turns.turn\nassistant.turns.turn.read = None\n")
    try:
        page, _ = chat.opened(browser, site)
        chat.ask(page, "jazz")
        page.get_by_text("Your music is untouched").wait_for()
    finally:
        site.stop()
