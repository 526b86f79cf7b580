import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.drums.beat.bars import BeatGrid
from indexer.drums.beat.beat_tracking import track_beats
from indexer.drums.beat.tempo_map import TOLERANCE_S, tempo_map
from indexer.drums.types import Drum, Onset


def whole_ms(tempo, bars):
    """When bars start for a player that drops parts of milliseconds at every tempo chip."""
    times, now_ms = [], 0
    starts = [*(change.bar for change in tempo.changes), bars]
    for change, end in zip(tempo.changes, starts[1:], strict=True):
        bar_ms = 240_000 * tempo.bar_length(0) / change.bpm
        times += [int(now_ms + i * bar_ms) for i in range(end - change.bar)]
        now_ms = int(now_ms + (end - change.bar) * bar_ms)
    return np.array(times) / 1000


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.floats(-0.03, 0.03), min_size=20, max_size=120),
    st.floats(60, 200),
    st.sampled_from([(3, 2), (4, 2), (2, 3), (4, 3)]),
)
def test_every_bar_is_met_by_exact_and_by_truncating_players(wander, bpm, meter):
    beats, division = meter
    lengths = 60 / bpm * np.exp(np.repeat(np.cumsum(wander) * 0.3, beats))
    times = np.concatenate([[0.0], np.cumsum(lengths)]) - 0.2
    grid = BeatGrid(tuple(map(float, times)), 0, beats, division)
    tempo = tempo_map(grid, first_onset_s=2.0)
    lead = next(b for b in range(20) if tempo.time_s(b) > times[0] - 0.1)
    bars = np.arange(len(wander))
    exact = np.array([tempo.time_s(int(b) + lead) for b in bars])
    to_click = len({change.bpm for change in tempo.changes}) == 1
    assert np.abs(exact - times[::beats][: bars.size]).max() < (0.07 if to_click else 0.0101)
    played = whole_ms(tempo, lead + bars.size)[lead:] + tempo.start_s
    assert np.abs(played - exact).max() < 0.002
    assert all(change.tick == 0 for change in tempo.changes)


def test_the_tempo_changes_only_where_it_must():
    steady = np.arange(200) * 0.5
    steps = np.where(np.arange(200) % 2, 0.001, -0.001)
    assert len(tempo_map(BeatGrid(tuple(steady + steps), 0, 4), first_onset_s=2).changes) == 1
    halves = np.concatenate([steady[:100], steady[99] + 0.45 * np.arange(1, 101)])
    changes = tempo_map(BeatGrid(tuple(halves), 0, 4), first_onset_s=2).changes
    bpms = [change.bpm for change in changes]
    assert 2 <= len(bpms) <= 3
    assert min(bpms) == pytest.approx(120, abs=0.2)
    assert max(bpms) == pytest.approx(60 / 0.45, abs=0.2)
    assert TOLERANCE_S < 0.01


def floating(seed, *, bpm, sigma_s, bars=60, drift=0.0):
    """Bar lines around a click, or on a tempo that rises by a share of `drift`."""
    rng = np.random.default_rng(seed)
    off, now = [], 0.0
    for _ in range(bars + 1):
        now = 0.4 * now + rng.normal(0, sigma_s * np.sqrt(1 - 0.16))
        off.append(now)
    lengths = 240 / bpm / (1 + drift * np.arange(bars) / bars)
    times = np.concatenate([[0.0], np.cumsum(lengths)]) + off
    beats = np.interp(np.arange(4 * bars + 1), 4 * np.arange(bars + 1), times)
    return BeatGrid(tuple(map(float, beats)), 0, 4)


@pytest.mark.parametrize("bpm", [72.0, 109.5, 110.0, 128.0, 170.0])
@pytest.mark.parametrize("sigma_s", [0.0, 0.004, 0.012])
def test_around_a_click_is_one_tempo_as_its_maker_would_write_it(bpm, sigma_s):
    for seed in range(5):
        tempo = tempo_map(floating(seed, bpm=bpm, sigma_s=sigma_s), first_onset_s=2.0)
        assert [change.bpm for change in tempo.changes] == [bpm]


@pytest.mark.parametrize("drift", [0.01, 0.03, -0.05])
def test_a_drift_is_followed_by_few_tempos(drift):
    for seed in range(5):
        grid = floating(seed, bpm=110.0, sigma_s=0.002, drift=drift)
        tempo = tempo_map(grid, first_onset_s=2.0)
        assert 3 <= len(tempo.changes) <= 14
        assert tempo.changes[-1].bpm == pytest.approx(110 * (1 + drift), rel=0.006)


def test_a_song_that_changes_its_tempo_is_followed():
    rng = np.random.default_rng(0)
    onsets, beats, now_s = [], [], 0.4
    for beat in range(140):
        length_s = 60 / (120 if beat < 72 else 104)
        beats.append(now_s)
        onsets.append(Onset(now_s + rng.normal(0, 0.004), [Drum.KICK, Drum.SNARE][beat % 2], 0.9))
        onsets += [
            Onset(now_s + half * length_s + rng.normal(0, 0.004), Drum.HAT_CLOSED, 0.6)
            for half in (0.01, 0.5)
        ]
        now_s += length_s
    grid = track_beats(tuple(sorted(onsets)), duration_s=now_s)
    found = np.array(grid.beats_s)
    missed = [b for b in beats if np.abs(found - b).min() > 0.02]
    assert len(missed) <= 8
