"""The judging of hits, in a real Chromium without a page of the chat."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium found: apt install chromium"),
]
PUBLIC = Path(__file__).parents[3] / "assistant" / "ui" / "public"
NOTES = """[
  { time: 1, lane: 'SD', kind: 'snare' }, { time: 1, lane: 'BD', kind: 'kick' },
  { time: 2, lane: 'SD', kind: 'snare' }, { time: 2.075, lane: 'SD', kind: 'snare' },
  { time: 3, lane: 'CY', kind: 'crash' }, { time: 4, lane: 'LP', kind: 'kick_left' },
  { time: 5, lane: 'LP', kind: 'hat_pedal' },
]"""


@pytest.fixture
def module(browser: Any) -> Any:
    """Runs JavaScript that has the module as `m` and the notes as `notes`."""
    page = browser.new_page()
    page.route("http://lanes.test/**", lambda route: route.fulfill(
        path=PUBLIC / route.request.url.removeprefix("http://lanes.test/"),
        content_type="text/javascript",
    ) if route.request.url.endswith(".js") else route.fulfill(body="<title>t</title>"))  # fmt: skip
    page.goto("http://lanes.test/")

    def run(body: str, name: str = "judge") -> Any:
        return page.evaluate(
            f"import('http://lanes.test/lanes/{name}.js')"
            f".then((m) => {{ const notes = {NOTES}; {body} }})"
        )

    return run


def test_windows(module: Any) -> None:
    judged = module("return [0, 34, -34, 35, 67, -68, 100, 101].map((ms) => m.judgementOf(ms));")
    assert judged == ["perfect", "perfect", "perfect", "great", "great", "good", "good", None]


def test_hits_misses_combo_and_score(module: Any) -> None:
    told = module("""
      const judge = new m.Judge(notes);
      const say = (note) => note && [note.judgement, Math.round(note.ms)];
      const out = {};
      out.snare = say(judge.hit('SD', 1.02));
      out.kick = say(judge.hit('BD', 0.94));
      out.stray = say(judge.hit('BD', 1.3));
      out.missed = judge.advance(2.05).length;
      out.near = say(judge.hit('SD', 2.06));   // the nearer one of two
      out.first = say(judge.hit('SD', 2.06));
      out.later = judge.advance(10).length;
      out.result = judge.result();
      out.finished = judge.finished;
      return out;""")
    assert told["snare"] == ["perfect", 20]
    assert told["kick"] == ["great", -60]
    assert told["stray"] is None
    assert told["missed"] == 0
    assert told["near"] == ["perfect", -15]
    assert told["first"] == ["great", 60]
    assert told["later"] == 3
    result = told["result"]
    assert result["counts"] == {"perfect": 2, "great": 2, "good": 0, "miss": 3}
    assert result["longest_combo"] == 4
    assert result["accuracy"] == pytest.approx((2 + 2 * 0.6) / 7)
    assert result["score"] == round(1e6 * (0.85 * 3.2 / 7 + 0.15 * 4 / 7))
    assert result["lanes"]["BD"] == {"hits": 1, "misses": 0, "mean_ms": pytest.approx(-60)}
    assert result["lanes"]["CY"] == {"hits": 0, "misses": 1, "mean_ms": None}
    assert "HH" not in result["lanes"]
    assert told["finished"]


def test_all_perfect_is_a_million(module: Any) -> None:
    score = module("""
      const judge = new m.Judge(notes);
      notes.forEach((note) => judge.hit(note.lane, note.time));
      return judge.score;""")
    assert score == 1_000_000


def test_other_lanes_that_a_kit_lacks(module: Any) -> None:
    told = module("""
      const judge = new m.Judge(notes);
      return ['LC 3', 'HH 3', 'BD 4', 'BD 5'].map((text) => text.split(' '))
        .map(([lane, time]) => { const hit = judge.hit(lane, +time); return hit && hit.lane; });""")
    assert told == ["CY", None, "LP", None]


def test_windows_are_of_the_persons_time(module: Any) -> None:
    told = module("""
      const judge = new m.Judge(notes, { speed: 0.5 });
      const hit = judge.hit('SD', 1.03);
      return [hit.judgement, Math.round(hit.ms), judge.hit('BD', 1.06)];""")
    assert told == ["great", 60, None]


def test_latency_is_measured_by_the_middle_tap(module: Any) -> None:
    told = module("""
      const taps = [0, 1, 2, 3, 4, 5, 6, 7].map((n) => 100 + 600 * n + 40 + (n % 3));
      return [m.tapOffset([...taps, 5500], 100, 600), m.tapOffset(taps.slice(0, 3), 100, 600),
        m.tapOffset(taps.map((tap, n) => tap + 80 * n), 100, 600)];""")
    assert told == [41, None, None]


def test_bars_and_loops(module: Any) -> None:
    told = module(
        """
      const bars = [-1.5, 0.5, 2.5, 4.5];
      return [m.barAt(bars, -9), m.barAt(bars, 0.5), m.barAt(bars, 3), m.loopTimes(bars, 2, 1),
        m.loopTimes(bars, 0, 99).end];""",
        "timeline",
    )
    loop = {"from": 1, "to": 2, "start": 0.5, "end": 4.5}
    assert told == [0, 1, 2, loop, 4.5]
