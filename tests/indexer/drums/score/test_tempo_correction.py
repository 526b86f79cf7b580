"""A tempo map counted otherwise keeps its bar lines on the recording."""

import numpy as np
import pytest

from indexer.drums.score.tempo_correction import corrected, whole_milliseconds
from indexer.drums.types import BarLength, TempoChange, TempoMap

EVEN = TempoMap((TempoChange(0, 0, 120.0), TempoChange(3, 0, 100.0)), (), -1.5)
WALTZ = TempoMap((TempoChange(0, 0, 90.0),), (BarLength(0, 0.75),), -0.2)
MIXED = TempoMap(
    (TempoChange(0, 0, 120.0), TempoChange(4, 0, 126.0)), (BarLength(2, 0.875), BarLength(5, 1.0)),
    -2.0,
)  # fmt: skip


@pytest.mark.parametrize("tempo", [EVEN, WALTZ])
def test_twice_as_fast_makes_two_bars_of_one(tempo):
    faster = corrected(tempo, factor=2.0)
    for bar in range(9):
        assert faster.time_s(2 * bar) == pytest.approx(tempo.time_s(bar))
    assert faster.changes[0].bpm == 2 * tempo.changes[0].bpm
    assert faster.bar_length(4) == tempo.bar_length(2)


@pytest.mark.parametrize("tempo", [EVEN, WALTZ])
def test_half_as_fast_makes_one_bar_of_two(tempo):
    slower = corrected(tempo, factor=0.5)
    for bar in range(9):
        assert slower.time_s(bar) == pytest.approx(tempo.time_s(2 * bar))
    assert corrected(slower, factor=2.0) == tempo


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_bars_of_different_lengths_keep_their_places(factor):
    counted = corrected(MIXED, factor=factor)
    for bar in range(9):
        assert counted.time_s(bar) == pytest.approx(MIXED.time_s(bar))
        assert counted.bar_length(bar) == factor * MIXED.bar_length(bar)


@pytest.mark.parametrize("shift_s", [0.02, -0.02, 3.4])
@pytest.mark.parametrize("tempo", [EVEN, WALTZ, MIXED])
def test_bars_are_moved_and_begin_before_the_recording(tempo, shift_s):
    moved = corrected(tempo, shift_s=shift_s)
    assert moved.start_s <= 0
    lead = next(bar for bar in range(9) if moved.time_s(bar) >= tempo.start_s + shift_s - 1e-6)
    for bar in range(9):
        assert moved.time_s(bar + lead) == pytest.approx(tempo.time_s(bar) + shift_s)
        assert moved.bar_length(bar + lead) == tempo.bar_length(bar)


def test_nothing_to_correct():
    assert corrected(MIXED) == MIXED


def test_many_tempos_last_whole_milliseconds():
    rng = np.random.default_rng(4)
    tempo = TempoMap(
        tuple(TempoChange(bar, 0, float(rng.uniform(90, 150))) for bar in range(120)),
        tuple(BarLength(bar, (1.0, 0.75)[bar % 2]) for bar in range(0, 120, 3)),
        start_s=-0.4,
    )
    made = whole_milliseconds(tempo)
    now_ms = 0
    for bar in range(120):
        assert made.time_s(bar) == pytest.approx(tempo.time_s(bar), abs=0.001)
        assert now_ms / 1000 + made.start_s == pytest.approx(made.time_s(bar), abs=0.002)
        now_ms += int(1000 * (made.time_s(bar + 1) - made.time_s(bar)) + 1e-6)
    steady = TempoMap((TempoChange(0, 0, 128.0), TempoChange(4, 0, 97.3)))
    assert whole_milliseconds(steady) is steady
