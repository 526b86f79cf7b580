"""Playing along on the page: lanes, hits by keyboard and kit, results, settings."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from indexer.charts.chart_job import make_chart
from store.database import db
from store.jobs import job_queue

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium found: apt install chromium"),
]
KIT = """
  window.kit = { onmidimessage: null, name: 'Test kit', state: 'connected' };
  navigator.requestMIDIAccess = async () => ({ inputs: new Map([['1', window.kit]]) });
"""
STRIKE = "(note) => kit.onmidimessage({ data: [0x99, note, 100], timeStamp: performance.now() })"
# A player that strikes each note of some lanes as it reaches the line.
HITS = """([lanes, strike]) => {
  const keys = { HH: 's', SD: 'd', BD: ' ', RD: ';', CY: 'l', HT: 'f', FT: 'k' };
  const codes = { HH: 'KeyS', SD: 'KeyD', BD: 'Space', RD: 'Semicolon', CY: 'KeyL',
    HT: 'KeyF', FT: 'KeyK' };
  const pads = { HH: 42, SD: 38, BD: 36, RD: 51, CY: 57, HT: 48, FT: 43 };
  const { session } = backbeatLanes.view;
  const look = () => {
    if (!backbeatLanes.view) return;
    const due = (note) => !note.judgement && !note.struck && lanes.includes(note.lane)
      && session.playing && session.time >= note.time;
    session.judge.notes.filter(due).forEach((note) => {
      note.struck = true;
      if (strike === 'kit')
        kit.onmidimessage({ data: [0x99, pads[note.lane], 90], timeStamp: performance.now() });
      else document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {
        key: keys[note.lane], code: codes[note.lane], bubbles: true, cancelable: true }));
    });
    requestAnimationFrame(look);
  };
  look();
}"""
COUNTS = "backbeatLanes.view.session.judge.counts"
TIME = "backbeatLanes.view.session.time"
PIXELS = """() => {
  const canvas = document.querySelector('.bbd-canvas');
  const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  let sum = 0;
  for (let at = 0; at < data.length; at += 404) sum = (sum * 31 + data[at]) % 1000003;
  return sum;
}"""


@pytest.fixture(scope="module")
def data(
    library_template: Path,
    tmp_path_factory: pytest.TempPathFactory,
    load: Callable[[str], ModuleType],
) -> Path:
    """The small library and a track with a chart."""
    folder = tmp_path_factory.mktemp("charted") / "data"
    shutil.copytree(library_template / "data", folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BACKBEAT_DATA", str(folder))
        db.reset()
        load("assistant/charted_song.py").build(folder / "music")
        db.reset()
    return folder


def opened(chat: Any, browser: Any, site: Any, **options: Any) -> Any:
    """The lanes of the chart, with a kit that can be connected."""
    page, asked = chat.opened(browser, site, **options)
    page.add_init_script(KIT)
    page.reload()
    page.wait_for_selector("#chat-settings-open-modal")
    chat.ask(page, "make a drum chart of Tin Roof")
    page.locator(".bb-head button").click()
    page.wait_for_selector(".bbd-canvas")
    return page, asked


def test_from_the_chart_to_a_kept_result(chat: Any, browser: Any, site: Any) -> None:
    page, asked = opened(chat, browser, site)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    lanes = page.get_by_role("dialog", name="Play along: Tin Roof")
    lanes.get_by_text("<b>The Gutters</b>").wait_for()  # text, not markup
    page.evaluate("backbeatPlayer.audio.muted = true")

    # they scroll with the music, and the player bar is silent meanwhile
    before = page.evaluate(PIXELS)
    page.keyboard.press("Enter")
    page.wait_for_function(f"{TIME} > 0.3 && !backbeatLanes.view.session.transport.audio.paused")
    assert page.evaluate(PIXELS) != before
    assert page.evaluate("backbeatPlayer.audio.paused")
    start = page.evaluate(f"[{TIME}, backbeatLanes.view.lanes.frames]")
    page.wait_for_function(f"{TIME} > {start[0] + 1}")
    frames = page.evaluate("backbeatLanes.view.lanes.frames") - start[1]
    print(f"{frames} frames in a second")
    assert frames > 5
    drift_s = page.evaluate(
        f"backbeatLanes.view.session.transport.audio.currentTime - {TIME}"
    )  # the recording begins at 0
    assert abs(drift_s) < 0.15

    # half the kit by keyboard, the other half by MIDI
    lanes.get_by_role("button", name="From the start").click()
    page.keyboard.press("Enter") if page.evaluate("!backbeatLanes.view.session.playing") else None
    page.evaluate(HITS, [["HH", "SD", "BD"], "keys"])
    page.evaluate("backbeatLanes.view.inputs.connect()")
    page.wait_for_function("kit.onmidimessage !== null")
    page.evaluate(HITS, [["RD", "CY", "HT", "FT"], "kit"])
    page.wait_for_function(f"{COUNTS}.perfect + {COUNTS}.great + {COUNTS}.good > 5")
    chat.shot(page, "lanes_playing")
    result = page.locator(".bbd-sheet")
    result.get_by_text("Your best at this level!").wait_for()
    chat.shot(page, "lanes_result")
    assert result.locator("tbody tr").count() == 7
    hit = page.evaluate("""[...document.querySelectorAll('.bbd-counts strong')].slice(0, 3)
      .reduce((sum, e) => sum + Number(e.textContent), 0)""")
    assert hit > 40  # of 52, also on a slow machine
    lanes.get_by_role("button", name="Close").click()
    page.wait_for_selector(".bbd", state="detached")
    page.locator(".bb-best").wait_for()

    # it is there again after a reload
    page.reload()
    page.locator(".bb-best").get_by_text("%").first.wait_for()
    assert not problems
    assert not [url for url in asked if not url.startswith((site.url, "data:", "blob:"))]


def test_practice_setup_and_latency(chat: Any, browser: Any, site: Any) -> None:
    page, _ = opened(chat, browser, site, locale="fr-FR", width=390, theme="light")
    lanes = page.get_by_role("dialog")
    session = "backbeatLanes.view.session"
    page.get_by_role("combobox", name="Niveau").select_option("BASIC")
    assert page.evaluate(f"{session}.judge.notes.length") == 18
    lanes.get_by_role("slider", name="Vitesse").fill("50")
    assert page.evaluate(f"{session}.transport.audio.playbackRate") == 0.5
    assert page.evaluate(f"{session}.transport.audio.preservesPitch")
    music = lanes.get_by_label("Musique")
    for recording, address in (("batterie baissée", "bgm.ogg"), ("avec sa batterie", "/audio")):
        music.select_option(recording)
        assert address in page.evaluate(f"{session}.transport.audio.src")
    lanes.get_by_role("button", name="Batterie de la partition").click()
    page.wait_for_selector("[aria-pressed=true] >> text=Batterie de la partition")
    lanes.get_by_role("button", name="Métronome").click()
    lanes.get_by_role("slider", name="Vitesse").fill("125")

    # a loop of one bar goes on by itself
    lanes.get_by_role("spinbutton", name="De la mesure").fill("2")
    lanes.get_by_role("spinbutton", name="à la mesure").fill("2")
    lanes.get_by_role("button", name="Boucle").click()
    assert page.evaluate(f"[{session}.loop.start, {session}.loop.end]") == [2.5, 4.5]
    page.evaluate("""() => { window.passes = 0; let judge = null; const look = () => {
      if (judge && backbeatLanes.view.session.judge !== judge) passes += 1;
      judge = backbeatLanes.view.session.judge; requestAnimationFrame(look); }; look(); }""")
    page.locator(".bbd-stage").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("passes >= 2")
    assert page.evaluate(TIME) < 4.8
    chat.shot(page, "lanes_phone")
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(wide)

    # lanes are assigned by pressing a key, by hitting a pad
    lanes.get_by_role("button", name="Touches et batterie").click()
    lanes.get_by_role("button", name="Caisse claire : D").click()
    page.keyboard.press("g")
    lanes.get_by_role("button", name="Caisse claire : G").wait_for()
    lanes.get_by_role("button", name="Connecter une batterie").click()
    lanes.get_by_text("Connecté : Test kit").wait_for()
    lanes.get_by_role("button", name="Ride : notes").click()
    page.evaluate(STRIKE, 99)
    lanes.get_by_role("button", name="Ride : notes 51, 53, 59, 99").wait_for()

    # taps that come 30 ms late
    lanes.get_by_role("button", name="Mesurer").evaluate("""(button) => { button.click();
      const { setup } = backbeatLanes.view;
      const begin = performance.now() + 600;
      for (let n = 0; n < 12; n += 1) setup.taps(begin + 600 * n + 30); }""")
    measured = lanes.get_by_role("spinbutton", name="Millisecondes à retirer")
    page.wait_for_function("document.querySelectorAll('.bbd-sheet .bbd-number')[0].value !== '0'")
    assert 15 <= int(measured.input_value()) <= 45
    chat.shot(page, "lanes_setup_phone")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.wait_for_selector(".bbd", state="detached")
    kept = page.evaluate("JSON.parse(localStorage.getItem('backbeat-lanes'))")
    assert kept["keys"]["KeyG"] == "SD" and "KeyD" not in kept["keys"]
    assert kept["pads"]["99"] == "RD"
    assert kept["midi"] and kept["metronome"] and kept["level"] == "BASIC"


def test_the_tempo_is_corrected_on_the_card(
    chat: Any, browser: Any, site: Any, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, _ = chat.opened(browser, site)
    chat.ask(page, "make a drum chart of Tin Roof")
    page.locator("summary", has_text="Tempo and offset: 120.0 BPM").click()
    page.get_by_role("button", name="Count half as fast").click()
    page.get_by_role("progressbar").wait_for()
    chat.shot(page, "timing")
    monkeypatch.setenv("BACKBEAT_DATA", str(data))
    db.reset()
    job = job_queue.claim("test", ("chart",))
    assert job is not None
    result = make_chart(
        job, on_progress=lambda part, step: job_queue.record_progress(job.id, part, step)
    )
    job_queue.finish(job.id, result)
    db.reset()
    page.locator("summary", has_text="Tempo and offset: 60.0 BPM").wait_for()
    page.get_by_role("progressbar").wait_for(state="detached")
    address = page.locator(".bb-head a").get_attribute("href")
    assert address == f"/api/charts/{result['chart_id']}.zip"
    page.reload()  # the conversation remembers the first chart, the card shows the one that counts
    page.locator("summary", has_text="Tempo and offset: 60.0 BPM").click()
    page.get_by_role("button", name="As found").click()
    page.get_by_role("progressbar").wait_for()
    db.reset()
    back = job_queue.claim("test", ("chart",))
    assert back is not None
    job_queue.finish(back.id, make_chart(back, on_progress=lambda *_: None))
    db.reset()
    page.locator("summary", has_text="Tempo and offset: 120.0 BPM").wait_for()
