import numpy as np
import pytest

from indexer.drums.beat.beat_tracking import track_beats
from indexer.drums.beat.tempo_map import tempo_map
from indexer.drums.types import Drum, Onset

LANES = {
    (4, 4): {"kick": "X.......X.x.....", "snare": "....X.......X...", "hat": "X.x.X.x.X.x.X.x."},
    (3, 4): {"kick": "X...........", "snare": "....X...X...", "hat": "X.x.X.x.X.x."},
    (6, 8): {"kick": "X....x", "snare": "...X..", "hat": "XxxXxx"},
    (12, 8): {"kick": "X.....X.xX.x", "snare": "...X.....X..", "hat": "XxxXxxXxxXxx"},
    (5, 4): {"kick": "X.......x.....x.....", "snare": "....X.......X...X...",
             "hat": "X.x.X.x.X.x.X.x.X.x."},
    (7, 8): {"kick": "X...x...X.....", "snare": "....X.......X.", "hat": "X.x.X.x.X.x.x."},
}  # fmt: skip
DRUMS = {"kick": Drum.KICK, "snare": Drum.SNARE, "hat": Drum.HAT_CLOSED}


def played(signature, bpm, *, lanes=None, bars=14, start_s=0.7, jitter_s=0.006):
    """(onsets, bar lines) of a drummer with a crash every four bars; `bpm` in quarters."""
    rng = np.random.default_rng(1)
    bar_s = 240 / bpm * signature[0] / signature[1]
    onsets = []
    for bar in range(bars):
        for lane, row in (lanes or LANES[signature]).items():
            for step, mark in enumerate(row):
                if mark != ".":
                    time_s = start_s + (bar + step / len(row)) * bar_s + rng.normal(0, jitter_s)
                    onsets.append(Onset(time_s, DRUMS[lane], 0.9 if mark == "X" else 0.6))
        if bar % 4 == 0:
            onsets.append(Onset(start_s + bar * bar_s, Drum.CRASH, 0.9))
    return tuple(sorted(onsets)), start_s + bar_s * np.arange(bars)


def charted(onsets, **options):
    grid = track_beats(onsets, duration_s=onsets[-1].time_s + 1, **options)
    return grid, tempo_map(grid, first_onset_s=onsets[0].time_s)


def off_bars_s(tempo, bars_s):
    lines = np.array([tempo.time_s(bar) for bar in range(60)])
    return max(float(np.abs(lines - b).min()) for b in bars_s)


@pytest.mark.parametrize(
    ("signature", "bpm", "beats", "division", "length"),
    [
        ((4, 4), 100, 4, 2, 1.0),
        ((4, 4), 165, 4, 2, 1.0),
        ((3, 4), 110, 3, 2, 0.75),
        ((3, 4), 184, 3, 2, 0.75),
        ((6, 8), 90, 2, 3, 0.75),
        ((12, 8), 96, 4, 3, 1.5),
        ((5, 4), 132, 5, 2, 1.25),
        ((7, 8), 140, 3.5, 2, 0.875),
    ],
)
def test_bars_tempo_and_downbeats(signature, bpm, beats, division, length):
    onsets, bars_s = played(signature, bpm)
    grid, tempo = charted(onsets)
    assert (grid.beats_per_bar, grid.division) == (beats, division)
    assert tempo.bar_length(0) == length
    assert tempo.changes[0].bpm == pytest.approx(bpm, rel=0.005)
    assert off_bars_s(tempo, bars_s) < 0.015


def test_a_shuffle_is_four_four():
    lanes = {"kick": "X.....X..X..", "snare": "...X.....X..", "hat": "X.xX.xX.xX.x"}
    onsets, bars_s = played((12, 8), 180, lanes=lanes)
    grid, tempo = charted(onsets)
    assert (grid.beats_per_bar, grid.division) == (4, 2)
    assert tempo.changes[0].bpm == pytest.approx(120, rel=0.005)
    assert off_bars_s(tempo, bars_s) < 0.015


@pytest.mark.parametrize(("signature", "other_beats"), [((4, 4), 2), ((3, 4), 2)])
def test_one_bar_of_another_length_moves_the_bars_after_it(signature, other_beats):
    lanes = {
        (4, 4): {"kick": "X.....x...x.....", "snare": "....X.......X...",
                 "hat": "X.x.X.x.X.x.X.x."},
        (3, 4): LANES[3, 4],
    }[signature]  # fmt: skip
    first, lines = played(signature, 120, lanes=lanes, bars=12)
    second, more = played(signature, 120, lanes=lanes, bars=12)
    beat_s, row = 0.5, len(lanes["hat"]) // signature[0]
    shift_s = lines[-1] - lines[0] + (signature[0] + other_beats) * beat_s
    odd = [
        Onset(lines[-1] + signature[0] * beat_s + step / row * beat_s, DRUMS[lane], 0.7)
        for lane, marks in lanes.items()
        for step, mark in enumerate((marks + marks)[: other_beats * row])
        if mark != "."
    ]
    moved = [Onset(o.time_s + shift_s, o.drum, o.velocity) for o in second]
    onsets = tuple(sorted([*first, *odd, *moved]))
    grid, tempo = charted(onsets)
    assert grid.beats_per_bar == signature[0]
    assert off_bars_s(tempo, [*lines, *(more + shift_s)]) < 0.015
    lengths = [tempo.bar_length(tempo.position(t + 0.1)[0]) for t in (*lines, *(more + shift_s))]
    assert set(lengths) == {signature[0] / 4}
    odd_bar = tempo.position(lines[-1] + signature[0] * beat_s + 0.1)[0]
    assert tempo.bar_length(odd_bar) == other_beats / 4
    assert len({round(change.bpm, 1) for change in tempo.changes}) == 1


@pytest.mark.parametrize("signature", LANES)
def test_regular_bars_stay_regular(signature):
    onsets, _ = played(signature, 110, bars=24)
    assert charted(onsets)[0].bar_lines == ()


@pytest.mark.parametrize(
    ("text", "meter", "quarters"),
    [
        ("7/8", (3.5, 2), 3.5),
        ("4/4", (4, 2), 4),
        ("5/4", (5, 2), 5),
        ("6/8", (2, 3), 3),
        ("9/8", (3, 3), 4.5),
    ],
)
def test_a_time_signature_given_by_a_person_wins(text, meter, quarters):
    onsets, _ = played((4, 4), 120)
    grid, tempo = charted(onsets, time_signature=text)
    assert (grid.beats_per_bar, grid.division) == meter
    assert tempo.bar_length(0) == quarters / 4


@pytest.mark.parametrize("bpm", [60.0, 90.0, 150.0, 240.0])
def test_a_tempo_given_by_a_person_wins(bpm):
    onsets, _ = played((4, 4), 120)
    _, tempo = charted(onsets, bpm=bpm, offset_s=0.7)
    assert [c.bpm for c in tempo.changes] == [bpm]
    assert off_bars_s(tempo, [0.7]) < 1e-6


def test_a_downbeat_given_by_a_person_wins():
    onsets, bars_s = played((4, 4), 120)
    for offset_s in (bars_s[2] + 0.5, bars_s[2] + 1.0, bars_s[2] + 0.25):
        _, tempo = charted(onsets, offset_s=offset_s)
        assert off_bars_s(tempo, [offset_s]) < 0.002
