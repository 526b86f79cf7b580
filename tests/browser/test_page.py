"""The chat page in a real browser: ask, see, listen, download."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from store import db, jobs, state, writing
from store.records import ChartRecord
from store.settings import StoreSettings

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ROOT = Path(__file__).parent.parent.parent
SERVE = """
import sys
import uvicorn
from assistant.settings import Settings
from assistant.web.app import create_app
settings = Settings()
uvicorn.run(create_app(settings), host=settings.host, port=settings.port, log_level="warning")
"""
START_WITHIN_S = 60
SHOTS = os.environ.get("BACKBEAT_SCREENSHOTS")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium found: apt install chromium"),
]


class Site:
    """A served chat."""

    def __init__(self, data: Path, **environment: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        self._process = subprocess.Popen(
            [sys.executable, "-c", SERVE],
            cwd=ROOT,
            env={
                **os.environ,
                "BACKBEAT_DATA": str(data),
                "BACKBEAT_PORT": str(self.port),
                "BACKBEAT_OLLAMA_HOST": "http://127.0.0.1:9",
                **environment,
            },
        )
        until = time.monotonic() + START_WITHIN_S
        while not self._up():
            assert self._process.poll() is None, "the server ended"
            assert time.monotonic() < until, "the server does not start"
            time.sleep(0.2)

    def _up(self) -> bool:
        try:
            return httpx.get(f"{self.url}/api/health", trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    def memory_bytes(self) -> int:
        status = Path(f"/proc/{self._process.pid}/statm").read_text().split()
        return int(status[1]) * os.sysconf("SC_PAGE_SIZE")

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(20)


@pytest.fixture(scope="module")
def data(library_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served") / "data"
    shutil.copytree(library_template / "data", folder)
    db.reset()
    return folder


@pytest.fixture(scope="module")
def site(data: Path) -> Iterator[Site]:
    served = Site(data)
    yield served
    served.stop()


@pytest.fixture
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
        )
        yield chromium
        chromium.close()


def opened(browser: Any, site: Site, *, locale: str = "en-US") -> tuple[Any, list[str]]:
    """The chat in a new page, and the addresses of other hosts that it asked for."""
    page = browser.new_page(locale=locale, viewport={"width": 1180, "height": 900})
    foreign: list[str] = []
    page.on("request", lambda request: foreign.append(request.url))
    page.goto(site.url)
    page.wait_for_selector("#chat-settings-open-modal")  # the chat is connected
    return page, foreign


def ask(page: Any, text: str) -> None:
    page.wait_for_selector("#stop-button", state="detached")  # the turn before is over
    page.click("#chat-input")
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def shot(page: Any, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png")


def test_a_playlist_is_made_shown_played_and_downloaded(browser: Any, site: Site) -> None:
    page, asked = opened(browser, site)
    ask(page, "make a playlist of 6 songs")
    page.wait_for_selector(".bb-table tbody tr >> nth=5")
    assert page.locator(".bb-table tbody tr").count() == 6
    page.locator(".bb-table .bb-play").nth(1).click()
    page.wait_for_function("window.backbeatPlayer.audio.currentTime > 0.2")
    assert page.evaluate("window.backbeatPlayer.audio.error") is None
    shot(page, "playlist")
    page.wait_for_function("window.backbeatPlayer.at === 2")  # goes on to the next by itself
    with page.expect_download() as download:
        page.locator("a.bb-button", has_text="M3U8").click()
    assert Path(download.value.path()).read_bytes().startswith(b"#EXTM3U")
    strangers = [url for url in asked if not url.startswith((site.url, "data:", "blob:"))]
    assert not strangers


def test_titles_are_never_run(browser: Any, site: Site) -> None:
    page, asked = opened(browser, site)
    page.on("dialog", lambda dialog: pytest.fail(f"a title opened a dialog: {dialog.message}"))
    ask(page, "techno")
    page.wait_for_selector(".bb-table tbody tr")
    ask(page, "tell me about the first one")
    page.wait_for_selector(".bb audio")
    page.wait_for_timeout(500)
    assert page.locator("img[src*='evil.example'], img[src='x']").count() == 0
    assert not [url for url in asked if "evil.example" in url]
    assert page.locator("a[href*='evil.example']").count() == 0


def test_follow_up_card_and_status(browser: Any, site: Site) -> None:
    page, _ = opened(browser, site)
    ask(page, "jazz")
    page.wait_for_selector(".bb-table tbody tr >> nth=1")
    ask(page, "tell me about the second one")
    page.wait_for_selector(".bb audio")
    shot(page, "card")
    ask(page, "library status")
    page.wait_for_selector(".bb-big >> text=10")
    shot(page, "status")


def test_the_analysis_is_paused_and_resumed(
    browser: Any, site: Site, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BACKBEAT_DATA", str(data))
    db.reset()
    state.beat()
    jobs.enqueue("analyse", "/music/later.flac")
    page, _ = opened(browser, site)
    ask(page, "how is the indexing going?")
    page.get_by_role("button", name="Pause the analysis").click()
    page.get_by_text("The analysis is paused.").wait_for()
    assert state.paused_by_owner()
    shot(page, "paused")
    state.beat()
    ask(page, "how is the indexing going?")
    page.get_by_role("button", name="Resume the analysis").click()
    page.get_by_text("The analysis goes on.").wait_for()
    assert not state.paused_by_owner()
    jobs.forget("analyse", "/music/later.flac")
    db.reset()


def test_a_choice_to_click(browser: Any, site: Site) -> None:
    page, _ = opened(browser, site)
    ask(page, "tell me about Ladder")
    page.get_by_role("button", name="Ladder by Halde").click()
    page.wait_for_selector(".bb audio")
    assert "Halde" in page.locator(".bb-head").last.inner_text()


def test_a_chart_waits_for_the_indexer(browser: Any, site: Site) -> None:
    page, _ = opened(browser, site)
    ask(page, "make a drum chart of Iron Weather")
    page.wait_for_selector(".bb [role=status]")
    shot(page, "chart")


def test_the_page_speaks_french(browser: Any, site: Site) -> None:
    page, _ = opened(browser, site, locale="fr-FR")
    page.get_by_text("Pour travailler").click()
    page.get_by_text("Utilisé").first.wait_for()
    refused: list[str] = []
    page.on("response", lambda reply: refused.append(reply.url) if reply.status >= 400 else None)
    ask(page, "du jazz")
    page.wait_for_selector("th:has-text('Tonalité')")
    shot(page, "french")
    ask(page, "état de la bibliothèque")
    page.wait_for_selector(".bb-big >> text=10")
    page.wait_for_load_state("networkidle")
    assert not refused


def test_without_a_model_the_person_is_told_once(browser: Any, site: Site) -> None:
    page, _ = opened(browser, site)
    ask(page, "why is the sky made of trombones?")
    page.get_by_text("ollama serve").wait_for()
    ask(page, "and who blows them when it thunders?")
    page.get_by_text("I did not understand that").nth(1).wait_for()
    assert page.get_by_text("ollama serve").count() == 1
    shot(page, "no_model")


def test_the_password_opens_page_and_sound(browser: Any, data: Path) -> None:
    site = Site(data, BACKBEAT_PASSWORD="hunter2")
    try:
        page = browser.new_page()
        page.goto(site.url)
        page.wait_for_selector("input[type=password]")
        shot(page, "login")
        page.fill("input[type=email], input[name=email], input#email", "me@example.com")
        page.fill("input[type=password]", "hunter2")
        page.keyboard.press("Enter")
        page.wait_for_selector("#chat-input")
        assert page.evaluate("fetch('/api/tracks/2/audio').then((reply) => reply.status)") == 200
    finally:
        site.stop()


def finds_jazz(ollama: Any) -> Any:
    """A model that always searches for jazz and speaks of two tracks."""

    def answer(body: dict[str, Any]) -> Any:
        if body["stream"]:
            return ollama.says("Two of them: T1 and T2.")
        return ollama.calls(("search_tracks", {"genres": ["jazz"]}))

    return answer


def test_memory_after_a_turn_with_a_model(browser: Any, data: Path, ollama: Any) -> None:
    ollama.answer = finds_jazz(ollama)
    site = Site(data, BACKBEAT_OLLAMA_HOST=ollama.url)
    try:
        page, _ = opened(browser, site)
        until = time.monotonic() + START_WITHIN_S
        while not ollama.chats() and time.monotonic() < until:
            time.sleep(0.2)
        ask(page, "jazz but only when it rains outside")
        page.get_by_text("Two of them").wait_for(timeout=60_000)
        shot(page, "model")
        print(f"RSS of the chat: {site.memory_bytes() / 1e6:.0f} MB")
        assert site.memory_bytes() < 400e6
    finally:
        site.stop()


def test_a_model_at_work_can_be_stopped(browser: Any, data: Path, ollama: Any) -> None:
    ollama.answer = finds_jazz(ollama)
    site = Site(data, BACKBEAT_OLLAMA_HOST=ollama.url)
    try:
        page, _ = opened(browser, site)
        ask(page, "jazz but only when it rains outside")
        page.get_by_text("Two of them").wait_for(timeout=60_000)
        asked, left = len(ollama.chats()), ollama.hung_up
        ollama.delay_s = 30.0
        ask(page, "jazz but only when it snows outside")
        until = time.monotonic() + START_WITHIN_S
        while len(ollama.chats()) == asked and time.monotonic() < until:
            time.sleep(0.1)
        page.click("#stop-button")
        while ollama.hung_up == left and time.monotonic() < until:
            time.sleep(0.1)
        assert ollama.hung_up == left + 1  # the server hears of it
        ollama.delay_s = 0.0
        ask(page, "jazz please")  # and the chat goes on, by the reader
        page.wait_for_selector(".bb-table tbody tr >> nth=3")
        assert len(ollama.chats()) == asked + 1
    finally:
        site.stop()


def test_a_model_is_fetched_from_the_settings(browser: Any, data: Path, ollama: Any) -> None:
    ollama.models.clear()
    site = Site(data, BACKBEAT_OLLAMA_HOST=ollama.url)
    try:
        page, _ = opened(browser, site)
        page.click("#chat-settings-open-modal")
        page.fill("#pull", "qwen3:1.7b")
        shot(page, "settings")
        page.get_by_role("button", name="Confirm").click()
        page.get_by_text("qwen3:1.7b is ready.").wait_for()
        assert "qwen3:1.7b" in ollama.models
    finally:
        site.stop()


def test_a_chart_moves_on_and_can_be_downloaded(
    browser: Any, site: Site, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BACKBEAT_DATA", str(data))
    page, _ = opened(browser, site)
    ask(page, "make a drum chart of Sunday Kitchen")
    page.wait_for_selector(".bb [role=status]")
    job = next(job for job in iter(lambda: jobs.claim("test"), None) if job.track_id == 2)
    jobs.progress(job.id, 0.4, "listening to the drums")
    page.get_by_text("listening to the drums · 40 %").wait_for()
    charts = StoreSettings().charts
    (charts / "kitchen.zip").write_bytes(b"PK\5\6" + bytes(18))
    Image.new("RGB", (900, 200), "white").save(charts / "kitchen.png")
    levels = {"BASIC": {"notes": 120, "dlevel": 20}, "MASTER": {"notes": 480, "dlevel": 70}}
    chart_id = writing.save_chart(
        ChartRecord(
            track_id=2, folder="kitchen", zip_file="kitchen.zip", picture="kitchen.png",
            bpm=92.0, levels=levels,
        )
    )  # fmt: skip
    jobs.finish(job.id, {"chart_id": chart_id})
    page.wait_for_selector(".bb-picture")
    assert page.evaluate("document.querySelector('.bb-picture').naturalWidth") == 900
    shot(page, "chart_done")
    with page.expect_download() as download:
        page.locator("a.bb-button.bb-main").click()
    assert download.value.suggested_filename == "kitchen.zip"
    assert Path(download.value.path()).read_bytes().startswith(b"PK")
