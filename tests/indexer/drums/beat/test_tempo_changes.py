import numpy as np
import pytest

from indexer.drums.beat.tempo_changes import track_song
from indexer.drums.beat.tempo_map import tempo_map
from indexer.drums.chart import chart_onsets
from indexer.drums.formats.bundle import write_bundle
from indexer.drums.formats.bundle_music import Music
from indexer.drums.formats.dtx.check import check_bundle
from indexer.drums.formats.exchange.general_midi import read_chart, write_chart
from indexer.drums.types import Drum, Onset

ROCK = {"kick": "X.......X.x.....", "snare": "....X.......X...", "hat": "X.x.X.x.X.x.X.x."}
BALLAD = {"kick": "X.....x.x.......", "snare": "....X.......X...", "hat": "x.x.x.x.x.x.x.x."}
WALTZ = {"kick": "X.......x...", "snare": "....X.......", "hat": "X.x.X.x.X.x."}
SEVEN = {"kick": "X.......X.....", "snare": "....X.......X.", "hat": "X.x.X.x.X.x.x."}
DRUMS = {"kick": Drum.KICK, "snare": Drum.SNARE, "hat": Drum.HAT_CLOSED}


def played(*parts, start_s=0.6, jitter_s=0.005):
    """(onsets, bar lines) of parts (lanes, BPM, bars, steps a quarter) without a pause between."""
    rng = np.random.default_rng(3)
    onsets, lines_s = [], [start_s]
    for lanes, bpm, bars in parts:
        for bar in range(bars):
            steps = len(lanes["kick"])
            step_s = 15 / bpm
            for lane, row in lanes.items():
                for step, mark in enumerate(row):
                    if mark != ".":
                        time_s = lines_s[-1] + step * step_s + rng.normal(0, jitter_s)
                        onsets.append(Onset(time_s, DRUMS[lane], 0.9 if mark == "X" else 0.6))
            if bar % 4 == 0:
                onsets.append(Onset(lines_s[-1], Drum.CRASH, 0.9))
            lines_s.append(lines_s[-1] + steps * step_s)
    return tuple(sorted(onsets)), np.array(lines_s)


def mapped(onsets, bpm=None):
    bars = track_song(onsets, duration_s=onsets[-1].time_s + 1, hints={"bpm": bpm})
    return tempo_map(bars, first_onset_s=onsets[0].time_s)


def off_bars_s(tempo, lines_s):
    found = np.array([tempo.time_s(bar) for bar in range(120)])
    found = found[(found > lines_s[0] - 0.1) & (found < lines_s[-1] - 0.1)]
    assert found.size == lines_s.size - 1
    return float(np.abs(found - lines_s[:-1]).max())


@pytest.mark.parametrize(("first", "second"), [(120, 170), (170, 120), (150, 92), (100, 113)])
def test_the_tempo_changes_at_the_bar_of_a_jump(first, second):
    onsets, lines_s = played((ROCK, first, 12), (ROCK, second, 12))
    tempo = mapped(onsets)
    assert off_bars_s(tempo, lines_s) < 0.015
    for bpm, time_s in ((first, lines_s[6]), (second, lines_s[18])):
        bar = tempo.position(time_s + 0.1)[0]
        assert [c.bpm for c in tempo.changes if c.bar <= bar][-1] == pytest.approx(bpm, rel=0.01)


def test_a_slow_bridge_is_written_in_its_own_tempo():
    onsets, lines_s = played((ROCK, 140, 14), (BALLAD, 62, 8), (ROCK, 140, 10))
    assert off_bars_s(mapped(onsets), lines_s) < 0.02


def test_a_known_tempo_is_one_for_the_whole_song():
    onsets, _ = played((ROCK, 120, 12), (ROCK, 170, 12))
    assert len(mapped(onsets, bpm=120.0).changes) == 1


@pytest.mark.parametrize(("other", "length"), [(WALTZ, 0.75), (SEVEN, 0.875)])
def test_a_chorus_in_another_time_signature(other, length):
    onsets, lines_s = played((ROCK, 126, 10), (other, 126, 12), (ROCK, 126, 10))
    tempo = mapped(onsets)
    assert off_bars_s(tempo, lines_s) < 0.015
    bars = [tempo.position(line_s + 0.1)[0] for line_s in lines_s[:-1]]
    assert [tempo.bar_length(bar) for bar in bars] == [1.0] * 10 + [length] * 12 + [1.0] * 10


def test_another_tempo_and_another_time_signature():
    onsets, lines_s = played((ROCK, 126, 12), (WALTZ, 172, 14))
    tempo = mapped(onsets)
    assert off_bars_s(tempo, lines_s) < 0.015
    assert tempo.bar_length(tempo.position(lines_s[20] + 0.1)[0]) == 0.75


def test_a_given_time_signature_is_kept():
    onsets, _ = played((ROCK, 126, 10), (WALTZ, 126, 12))
    bars = track_song(onsets, duration_s=60, hints={"time_signature": "4/4"})
    assert set(np.diff(bars.quarters)) == {4.0}


def test_a_chart_with_both_passes_the_checker_and_says_its_signatures(tmp_path):
    onsets, lines_s = played((ROCK, 126, 10), (WALTZ, 172, 16), (SEVEN, 172, 12))
    duration_s = onsets[-1].time_s + 1
    chart = chart_onsets(onsets, duration_s=duration_s, title="Suite", artist="Ann")
    silence = np.zeros((1, int(duration_s * 44100)), np.float32)
    bundle = write_bundle(chart, Music([silence], 44100, bgm="none"), out=tmp_path)
    assert check_bundle(bundle.folder) == ()
    tempo, _, _ = read_chart(write_chart(chart, chart.levels[-1]))
    for bar, signature in ((5, (4, 4)), (20, (3, 4)), (32, (7, 8))):
        at_s = lines_s[bar] + 0.1
        assert chart.signature(chart.tempo.position(at_s)[0]) == signature
        place = tempo.position(at_s - chart.tempo.start_s)[0]
        assert tempo.bar_length(place) == signature[0] / signature[1]
