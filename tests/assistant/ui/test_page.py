"""The chat page in a real browser: ask, see, listen, download."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from store.charts import drum_charts
from store.database import db
from store.jobs import indexer_state, job_queue
from store.records import ChartRecord
from store.settings import StoreSettings

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium found: apt install chromium"),
]


def test_a_playlist_is_made_shown_played_and_downloaded(chat: Any, browser: Any, site: Any) -> None:
    page, asked = chat.opened(browser, site)
    chat.ask(page, "make a playlist of 6 songs")
    page.wait_for_selector(".bb-table tbody tr >> nth=5")
    assert page.locator(".bb-table tbody tr").count() == 6
    page.locator(".bb-table .bb-play").nth(1).click()
    page.wait_for_function("window.backbeatPlayer.audio.currentTime > 0.2")
    assert page.evaluate("window.backbeatPlayer.audio.error") is None
    chat.shot(page, "playlist")
    page.wait_for_function("window.backbeatPlayer.at === 2")  # goes on to the next by itself
    with page.expect_download() as download:
        page.locator("a.bb-button", has_text="M3U8").click()
    assert Path(download.value.path()).read_bytes().startswith(b"#EXTM3U")
    strangers = [url for url in asked if not url.startswith((site.url, "data:", "blob:"))]
    assert not strangers


def test_titles_are_never_run(chat: Any, browser: Any, site: Any) -> None:
    page, asked = chat.opened(browser, site)
    page.on("dialog", lambda dialog: pytest.fail(f"a title opened a dialog: {dialog.message}"))
    chat.ask(page, "techno")
    page.wait_for_selector(".bb-table tbody tr")
    chat.ask(page, "tell me about the first one")
    page.wait_for_selector(".bb-card")
    page.wait_for_timeout(500)
    assert page.locator("img[src*='evil.example'], img[src='x']").count() == 0
    assert not [url for url in asked if "evil.example" in url]
    assert page.locator("a[href*='evil.example']").count() == 0


def test_follow_up_card_and_status(chat: Any, browser: Any, site: Any) -> None:
    page, _ = chat.opened(browser, site)
    chat.ask(page, "jazz")
    page.wait_for_selector(".bb-table tbody tr >> nth=1")
    chat.ask(page, "tell me about the second one")
    page.wait_for_selector(".bb-card")
    chat.shot(page, "card")
    chat.ask(page, "library status")
    page.wait_for_selector(".bb-big >> text=10")
    chat.shot(page, "status")


def test_the_analysis_is_paused_and_resumed(
    chat: Any, browser: Any, site: Any, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BACKBEAT_DATA", str(data))
    db.reset()
    job_queue.enqueue("analyse", "/music/later.flac")
    page, _ = chat.opened(browser, site)
    indexer_state.record_heartbeat()
    chat.ask(page, "how is the indexing going?")
    page.get_by_text("Listening: 10 / 11").wait_for()
    chat.shot(page, "pause")
    page.get_by_role("button", name="Pause the analysis").click()
    page.get_by_text("The analysis is paused.").wait_for()
    assert indexer_state.paused_by_owner()
    page.get_by_text("Paused: 10 / 11").wait_for()  # the card follows
    chat.shot(page, "paused")
    indexer_state.record_heartbeat()
    page.get_by_role("button", name="Resume the analysis").click()
    page.get_by_text("The analysis goes on.").wait_for()
    assert not indexer_state.paused_by_owner()
    chat.ask(page, "pause the analysis")  # in words as well, with the button to go on
    page.get_by_role("button", name="Resume the analysis").wait_for()
    assert indexer_state.paused_by_owner()
    chat.ask(page, "resume the analysis")
    page.get_by_text("The analysis goes on").nth(1).wait_for()
    assert not indexer_state.paused_by_owner()
    job_queue.delete_jobs("analyse", "/music/later.flac")
    db.reset()


def test_a_choice_to_click(chat: Any, browser: Any, site: Any) -> None:
    page, _ = chat.opened(browser, site)
    chat.ask(page, "tell me about Ladder")
    page.get_by_role("button", name="Halde - Ladder").click()
    page.wait_for_selector(".bb-card")
    assert "Halde" in page.locator(".bb-head").last.inner_text()


def test_a_chart_waits_for_the_indexer(chat: Any, browser: Any, site: Any) -> None:
    page, _ = chat.opened(browser, site)
    chat.ask(page, "make a drum chart of Iron Weather")
    page.wait_for_selector(".bb [role=status]")
    chat.shot(page, "chart")


def test_the_page_speaks_french(chat: Any, browser: Any, site: Any) -> None:
    page, _ = chat.opened(browser, site, locale="fr-FR")
    page.get_by_text("Pour travailler").click()
    page.get_by_text("Utilisé").first.wait_for()
    refused: list[str] = []
    page.on("response", lambda reply: refused.append(reply.url) if reply.status >= 400 else None)
    chat.ask(page, "du jazz")
    page.wait_for_selector("th:has-text('Tonalité')")
    chat.shot(page, "french")
    chat.ask(page, "état de la bibliothèque")
    page.wait_for_selector(".bb-big >> text=10")
    page.wait_for_load_state("networkidle")
    assert not refused


def test_without_a_model_the_person_is_told_once(chat: Any, browser: Any, site: Any) -> None:
    page, _ = chat.opened(browser, site)
    chat.ask(page, "why is the sky made of trombones?")
    page.get_by_text("ollama serve").wait_for()
    chat.ask(page, "and who blows them when it thunders?")
    page.get_by_text("Say “help” for what I can do").wait_for()
    assert page.get_by_text("ollama serve").count() == 1
    chat.shot(page, "no_model")


def test_the_password_opens_page_and_sound(chat: Any, browser: Any, data: Path) -> None:
    site = chat.Site(data, BACKBEAT_PASSWORD="hunter2")
    try:
        page = browser.new_page()
        page.goto(site.url)
        page.wait_for_selector("input[type=password]")
        chat.shot(page, "login")
        page.fill("input[type=password]", "hunter3")
        page.keyboard.press("Enter")
        page.get_by_role("alert").get_by_text("That is not the password.").wait_for()
        page.fill("input[type=password]", "hunter2")
        page.keyboard.press("Enter")
        page.wait_for_selector("#chat-input")
        assert page.evaluate("fetch('/api/tracks/2/audio').then((reply) => reply.status)") == 200
    finally:
        site.stop()


def finds_jazz(ollama: Any) -> Any:
    """A model that always searches for jazz and speaks of two tracks."""

    def answer(body: dict[str, Any]) -> Any:
        if body["messages"][-1]["content"].startswith("search_tracks: "):  # the result
            return ollama.answers("Two of them: T1 and T2.")
        return ollama.chooses(("search_tracks", {"genres": ["jazz"]}), read=True)

    return answer


def test_memory_after_a_turn_with_a_model(chat: Any, browser: Any, data: Path, ollama: Any) -> None:
    ollama.answer = finds_jazz(ollama)
    site = chat.Site(data, BACKBEAT_OLLAMA_HOST=ollama.url)
    try:
        page, _ = chat.opened(browser, site)
        until = time.monotonic() + chat.START_WITHIN_S
        while not ollama.chats() and time.monotonic() < until:
            time.sleep(0.2)
        chat.ask(page, "jazz but only when it rains outside")
        page.get_by_text("Two of them").wait_for(timeout=60_000)
        chat.shot(page, "model")
        print(f"RSS of the chat: {site.memory_bytes() / 1e6:.0f} MB")
        assert site.memory_bytes() < 430e6
    finally:
        site.stop()


def test_a_model_at_work_can_be_stopped(chat: Any, browser: Any, data: Path, ollama: Any) -> None:
    ollama.answer = finds_jazz(ollama)
    site = chat.Site(data, BACKBEAT_OLLAMA_HOST=ollama.url)
    try:
        page, _ = chat.opened(browser, site)
        chat.ask(page, "jazz but only when it rains outside")
        page.get_by_text("Two of them").wait_for(timeout=60_000)
        ollama.delay_s = 2 * chat.START_WITHIN_S  # the answer never comes before the stop
        chat.ask(page, "jazz but only when it snows outside")
        until = time.monotonic() + chat.START_WITHIN_S
        while not ollama.chats_about("snows") and time.monotonic() < until:
            time.sleep(0.1)
        page.click("#stop-button")
        hung_up: list[str] = []
        while not any("snows" in words for words in hung_up) and time.monotonic() < until:
            time.sleep(0.1)
            hung_up = [body["messages"][-1]["content"] for body in ollama.hung_up]
        assert any("snows" in words for words in hung_up)  # the server hears of it
        ollama.delay_s = 0.0
        chat.ask(page, "jazz please")  # and the chat goes on, by the reader
        page.wait_for_selector(".bb-table tbody tr >> nth=3")
        assert not ollama.chats_about("jazz please")
    finally:
        site.stop()


def test_a_model_is_fetched_from_the_settings(
    chat: Any, browser: Any, data: Path, ollama: Any
) -> None:
    ollama.models.clear()
    site = chat.Site(data, BACKBEAT_OLLAMA_HOST=ollama.url)
    try:
        page, _ = chat.opened(browser, site)
        page.click("#chat-settings-open-modal")
        page.fill("#pull", "qwen3:1.7b")
        chat.shot(page, "settings")
        page.get_by_role("button", name="Confirm").click()
        page.get_by_text("qwen3:1.7b is ready.").wait_for()
        assert "qwen3:1.7b" in ollama.models
    finally:
        site.stop()


def test_a_chart_moves_on_and_can_be_downloaded(
    chat: Any, browser: Any, site: Any, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BACKBEAT_DATA", str(data))
    page, _ = chat.opened(browser, site)
    chat.ask(page, "make a drum chart of Sunday Kitchen")
    page.wait_for_selector(".bb [role=status]")
    job = next(job for job in iter(lambda: job_queue.claim("test"), None) if job.track_id == 2)
    job_queue.record_progress(job.id, 0.4, "listening to the drums")
    page.get_by_text("listening to the drums · 40 %").wait_for()
    charts = StoreSettings().charts
    (charts / "kitchen.zip").write_bytes(b"PK\5\6" + bytes(18))
    Image.new("RGB", (900, 200), "white").save(charts / "kitchen.png")
    levels = {"BASIC": {"notes": 120, "dlevel": 20}, "MASTER": {"notes": 480, "dlevel": 70}}
    chart_id = drum_charts.save_chart(
        ChartRecord(
            track_id=2, folder="kitchen", zip_file="kitchen.zip", picture="kitchen.png",
            bpm=92.0, levels=levels,
        )
    )  # fmt: skip
    job_queue.finish(job.id, {"chart_id": chart_id})
    page.wait_for_selector(".bb-picture")
    assert page.evaluate("document.querySelector('.bb-picture').naturalWidth") == 900
    chat.shot(page, "chart_done")
    with page.expect_download() as download:
        page.locator("a.bb-button[download]").click()
    assert download.value.suggested_filename == "kitchen.zip"
    assert Path(download.value.path()).read_bytes().startswith(b"PK")
