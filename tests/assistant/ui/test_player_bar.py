"""The player bar of the page: one sound for all messages, its queue, keys, media session."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from store.database import db
from store.library import track_writing
from store.people import likes
from store.records import AnalysisRecord, FileFacts, TagFacts, TrackRecord

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium found: apt install chromium"),
]
SLOW = """[backbeatPlayer.deck, backbeatPlayer.standby].forEach((deck) => {
  deck.audio.defaultPlaybackRate = 0.1; deck.audio.playbackRate = 0.1; })"""
SOUNDS = "!backbeatPlayer.audio.paused && backbeatPlayer.audio.currentTime > 0"
STATE = "fetch('/api/player').then((reply) => reply.json())"
PLAY = """(tracks) => fetch('/api/player', { method: 'POST', headers: { 'Content-Type':
  'application/json' }, body: JSON.stringify({ action: 'play', tracks }) })
  .then(() => backbeatPlayer.refresh())"""


@pytest.fixture
def page(chat: Any, browser: Any, site: Any) -> Any:
    """A page with four tracks in the queue, silent."""
    opened, _ = chat.opened(browser, site)
    opened.evaluate(PLAY, [1, 2, 3, 4])
    opened.evaluate(SLOW)
    opened.wait_for_selector(".bbp")
    return opened


def bar(page: Any, name: str) -> Any:
    return page.locator(".bbp").get_by_role("button", name=name).locator("visible=true")


def panel(page: Any) -> Any:
    return page.locator(".bbp-panel")


def titles(page: Any) -> list[str]:
    return panel(page).locator(".bbp-title").all_inner_texts()


def place(page: Any, at: int) -> None:
    """Wait until page and server play the entry `at`."""
    page.wait_for_function(f"backbeatPlayer.at === {at}")
    page.wait_for_function(f"{STATE}.then((state) => state.place === {at})")


def test_buttons_of_the_bar(page: Any, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bar(page, "Play").click()
    page.wait_for_function(SOUNDS)
    page.wait_for_function(f"{STATE}.then((state) => state.playing)")
    bar(page, "Next").click()
    place(page, 1)
    assert "Sunday Kitchen" in page.locator(".bbp").inner_text()
    page.get_by_role("status").get_by_text("Now playing: Sunday Kitchen by The Porches").wait_for(
        state="attached"
    )
    bar(page, "Previous").click()
    place(page, 0)
    bar(page, "Pause").click()
    page.wait_for_function(f"{STATE}.then((state) => !state.playing)")
    page.get_by_role("slider", name="Position").press("ArrowRight")
    page.wait_for_function("backbeatPlayer.audio.currentTime > 2")
    page.locator(".bbp").get_by_role("slider", name="Volume").fill("40")
    page.wait_for_function("backbeatPlayer.audio.volume === 0.4")
    page.wait_for_function(f"{STATE}.then((state) => state.volume === 0.4)")
    bar(page, "Mute").click()
    bar(page, "Sound on").click()
    page.wait_for_function(f"{STATE}.then((state) => state.volume === 0.4)")
    bar(page, "Repeat: off").click()
    bar(page, "Repeat: the queue").click()
    bar(page, "Repeat: this track").wait_for()
    page.wait_for_function(f"{STATE}.then((state) => state.repeat === 'one')")
    bar(page, "Shuffle").click()
    page.wait_for_function(f"{STATE}.then((state) => state.shuffle)")
    assert bar(page, "Shuffle").get_attribute("aria-pressed") == "true"
    bar(page, "Like: Night Drive").click()
    page.wait_for_function(f"{STATE}.then((state) => state.tracks[state.place].liked)")
    monkeypatch.setenv("BACKBEAT_DATA", str(data))
    db.reset()
    assert likes.likes_of(1) == {1: 1}
    bar(page, "Like: Night Drive").click()
    page.wait_for_function(f"{STATE}.then((state) => !state.tracks[state.place].liked)")
    page.evaluate("backbeatPlayer.setVolume(1)")
    page.evaluate("backbeatPlayer.cycleRepeat()")


def test_new_chat_and_reload_keep_playing(chat: Any, page: Any) -> None:
    bar(page, "Play").click()
    page.wait_for_function(SOUNDS)
    chat.ask(page, "jazz")
    page.wait_for_selector(".bb-table")
    page.click("#new-chat-button")
    page.wait_for_selector(".bb-table", state="detached")
    before = page.evaluate("backbeatPlayer.audio.currentTime")
    page.wait_for_function(f"{SOUNDS} && backbeatPlayer.audio.currentTime > {before}")
    page.reload()
    page.wait_for_selector(".bbp")
    assert "Night Drive" in page.locator(".bbp").inner_text()
    page.wait_for_function(f"{SOUNDS} && backbeatPlayer.audio.currentTime >= {before}")
    page.wait_for_function(f"{STATE}.then((state) => state.playing)")


def test_the_queue_is_reordered_and_emptied(chat: Any, page: Any) -> None:
    bar(page, "Queue").click()
    four = ["Night Drive", "Sunday Kitchen", "Iron Weather", "Lundi matin"]
    assert titles(page) == four
    panel(page).get_by_role("button", name="Move down: Night Drive").press("Enter")
    page.wait_for_function("backbeatPlayer.at === 1")
    assert page.evaluate("backbeatPlayer.audio.paused")  # an edit begins no sound
    assert titles(page) == [four[1], four[0], *four[2:]]
    focused = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert focused == "Move down: Night Drive"  # so that it can be moved on
    handle = panel(page).locator(".bbp-handle").nth(3).bounding_box()
    first = panel(page).locator(".bbp-handle").first.bounding_box()
    page.mouse.move(handle["x"] + 8, handle["y"] + 8)
    page.mouse.down()
    page.mouse.move(first["x"] + 8, first["y"] + 8, steps=5)
    chat.shot(page, "queue_drag")
    page.mouse.up()
    page.wait_for_function("backbeatPlayer.at === 2")
    assert titles(page) == [four[3], four[1], four[0], four[2]]
    panel(page).get_by_role("button", name="Remove from the queue: Sunday Kitchen").click()
    page.wait_for_function("backbeatPlayer.list.length === 3")
    assert titles(page) == [four[3], four[0], four[2]]
    panel(page).get_by_role("button", name="Play: Iron Weather").click()
    place(page, 2)
    chat.shot(page, "queue")
    panel(page).get_by_role("button", name="Clear the queue").click()
    panel(page).get_by_text("The queue is empty.").wait_for()
    panel(page).get_by_role("button", name="Undo").click()
    page.wait_for_function("backbeatPlayer.list.length === 3")
    assert page.evaluate("backbeatPlayer.audio.paused")
    page.keyboard.press("Escape")
    assert page.locator("#bbp-queue").is_hidden()


def test_keys_play_and_seek_but_not_while_typing(page: Any) -> None:
    page.click("#chat-input")
    page.keyboard.press("Space")
    assert page.evaluate("backbeatPlayer.audio.paused")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Space")
    page.wait_for_function(SOUNDS)
    page.keyboard.press("Space")
    page.wait_for_function("backbeatPlayer.audio.paused")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("backbeatPlayer.audio.currentTime > 2")
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("backbeatPlayer.audio.currentTime < 1")
    page.keyboard.press("Shift+ArrowRight")
    place(page, 1)
    page.keyboard.press("Space")
    page.wait_for_function("backbeatPlayer.audio.paused")
    assert page.evaluate("navigator.mediaSession.metadata.title") == "Sunday Kitchen"
    assert page.evaluate("navigator.mediaSession.playbackState") == "paused"


def test_tracks_join_without_a_gap(page: Any) -> None:
    page.evaluate("""() => {
      window.times = {};
      [backbeatPlayer.deck, backbeatPlayer.standby].forEach((deck) => {
        deck.audio.defaultPlaybackRate = 1; deck.audio.playbackRate = 1;
        deck.audio.addEventListener('ended', () => { times.ended ??= performance.now(); });
      });
      backbeatPlayer.standby.audio.addEventListener('playing', () => {
        times.began = performance.now();
      });
      backbeatPlayer.seek(backbeatPlayer.deck.duration - 1.5);
      backbeatPlayer.toggle();
    }""")
    place(page, 1)
    page.wait_for_function("times.ended && times.began")
    gap_ms = page.evaluate("times.began - times.ended")
    print(f"gap between two tracks: {gap_ms:.0f} ms")
    assert gap_ms < 100
    page.evaluate("backbeatPlayer.pause()")


def test_the_stored_loudness_levels_the_sound(page: Any, site: Any) -> None:
    def quieter(route: Any) -> None:
        state = route.fetch().json()
        for track in state["tracks"]:
            track["gain_db"] = -6.0
        route.fulfill(json=state)

    page.route("**/api/player", quieter)
    page.click("#chat-input")  # a browser lets sound begin once a person has done something
    page.evaluate("document.activeElement.blur()")
    bar(page, "Next").click()
    page.wait_for_function(SOUNDS)
    page.wait_for_function("Math.abs((backbeatPlayer.deck.node?.gain.value ?? 1) - 0.501) < 0.01")
    page.evaluate("backbeatPlayer.pause()")


@pytest.fixture
def aiff(data: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A track of a format that Chromium cannot play."""
    monkeypatch.setenv("BACKBEAT_DATA", str(data))
    db.reset()
    path = data / "sound.aiff"
    soundfile.write(path, 0.2 * np.sin(np.arange(44100 * 3) / 20).astype("float32"), 44100)
    file = FileFacts(
        path=path, content_hash="aiff", size_bytes=path.stat().st_size, mtime_ns=1,
        duration_s=3.0, audio_format="aiff", sample_rate_hz=44100, channels=1,
    )  # fmt: skip
    number = track_writing.save_track(TrackRecord(file, TagFacts(title="Tape"), AnalysisRecord()))
    yield number
    track_writing.remove_track(number)
    db.reset()


def test_what_the_browser_cannot_play_is_converted(page: Any, aiff: int) -> None:
    page.evaluate(PLAY, [aiff])
    bar(page, "Play").click()
    page.wait_for_function(SOUNDS)
    assert "as_flac" in page.evaluate("backbeatPlayer.audio.src")
    page.evaluate("backbeatPlayer.pause()")


def test_the_queue_on_a_phone_in_french(chat: Any, browser: Any, site: Any) -> None:
    page, asked = chat.opened(browser, site, locale="fr-FR", width=390, theme="light")
    page.evaluate(PLAY, [1, 2, 3, 4])
    bar(page, "File d'attente").click()
    panel(page).get_by_role("button", name="J'aime : Night Drive").wait_for()
    panel(page).get_by_role("slider", name="Volume").wait_for()
    chat.shot(page, "queue_phone")
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(wide)
    assert not [url for url in asked if not url.startswith((site.url, "data:", "blob:"))]


def test_a_crossfade_on_the_beat(page: Any) -> None:
    plan = {"start_s": 1.5, "entry_s": 0.3, "fade_s": 1.0, "rate": 0.96}
    page.route("**/api/player/mix**", lambda route: route.fulfill(json=plan))
    bar(page, "Queue").click()
    panel(page).get_by_role("button", name="Mix like a DJ").click()
    page.evaluate("""() => {
      const { deck, standby } = backbeatPlayer;
      [deck, standby].forEach((one) => {
        one.audio.defaultPlaybackRate = 1; one.audio.playbackRate = 1;
      });
      standby.audio.addEventListener('timeupdate', () => {
        if (!window.both && !deck.audio.paused && !standby.audio.paused)
          window.both = { first: deck.audio.currentTime, rate: standby.audio.playbackRate };
      });
      backbeatPlayer.toggle();
    }""")
    page.wait_for_function("window.both && backbeatPlayer.at === 1")
    both = page.evaluate("window.both")
    assert 1.4 < both["first"] < 2.5
    assert both["rate"] != 1
    assert 0.94 <= both["rate"] <= 1.06
    page.wait_for_function("!backbeatPlayer.crossfade.old")  # the first one is silent now
    page.wait_for_function("backbeatPlayer.audio.playbackRate > 0.965")  # back to its own tempo
    assert page.evaluate("backbeatPlayer.crossfade.on")
    page.evaluate("backbeatPlayer.pause()")
    assert page.evaluate("backbeatPlayer.audio.playbackRate") == 1


def test_the_radio_keeps_going(page: Any) -> None:
    page.evaluate(PLAY, [1])
    bar(page, "Queue").click()
    panel(page).get_by_role("button", name="Keep going with similar music").click()
    page.wait_for_function("backbeatPlayer.list.length === 6")
    assert len(set(page.evaluate("backbeatPlayer.list.map((track) => track.id)"))) == 6
    assert page.evaluate("backbeatPlayer.audio.paused")
    page.evaluate("backbeatPlayer.jump(4)")
    page.wait_for_function("backbeatPlayer.list.length > 6")
    page.evaluate("backbeatPlayer.pause()")


def test_all_that_a_search_found_is_played(chat: Any, page: Any) -> None:
    chat.ask(page, "jazz")
    page.wait_for_selector(".bb-table")
    assert page.locator(".bb-table tbody tr").count() == 2
    found = page.evaluate("backbeatPlayer.list.map((track) => track.id)")
    track = page.evaluate("fetch('/api/tracks/5').then((reply) => reply.json())")["row"]
    page.evaluate(
        """(track) => backbeatPlayer.play([{ ...track, audio_url: '/api/tracks/5/audio' }], 0,
          { genres: ['jazz'] })""",
        track,
    )
    page.wait_for_function("backbeatPlayer.list.length === 2")
    assert page.evaluate("backbeatPlayer.list.map((track) => track.id)") != found
    page.wait_for_function(f"{STATE}.then((state) => state.tracks.length === 2)")
    page.locator(".bb-table tr.bb-on").wait_for()  # marked where it is shown
    page.evaluate("backbeatPlayer.pause()")


def test_lyrics_follow_the_music(chat: Any, page: Any) -> None:
    lines = [{"time_s": 0.0, "text": "<b>First</b>"}, {"time_s": 2.0, "text": "Second"}]
    page.route("**/api/tracks/*/lyrics", lambda route: route.fulfill(json={"lines": lines}))
    bar(page, "Lyrics").click()
    panel(page).get_by_role("button", name="Second").click()
    page.locator("#bbp-lyrics [aria-current]", has_text="Second").wait_for()
    assert page.evaluate("backbeatPlayer.audio.currentTime") >= 2
    panel(page).get_by_text("<b>First</b>").wait_for()  # text, not markup
    chat.shot(page, "lyrics")
    page.keyboard.press("Escape")
    assert page.locator("#bbp-lyrics").is_hidden()
