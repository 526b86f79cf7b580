import numpy as np
import pytest

from indexer.drums.beat.beat_tracking import track_beats
from indexer.drums.beat.tempo_map import tempo_map
from indexer.drums.types import Drum, DrumsError, Onset


def grid_of(loop, **options):
    return track_beats(loop.onsets, duration_s=loop.samples.size / 44100, **options)


def bar_errors_s(loop, tempo, beats_per_bar):
    bars = np.array([tempo.time_s(bar) for bar in range(40)])
    return [float(np.abs(bars - t).min()) for t in loop.beats_s[::beats_per_bar]]


def test_a_steady_beat_needs_one_tempo(rock):
    grid = grid_of(rock)
    tempo = tempo_map(grid, first_onset_s=rock.onsets[0].time_s)
    assert (grid.beats_per_bar, grid.division) == (4, 2)
    assert [c.bpm for c in tempo.changes] == [pytest.approx(120, abs=0.01)]
    assert max(bar_errors_s(rock, tempo, 4)) < 0.005


def test_three_four(waltz):
    grid = grid_of(waltz)
    tempo = tempo_map(grid, first_onset_s=waltz.onsets[0].time_s)
    assert grid.beats_per_bar == 3
    assert tempo.bar_lengths[0].length == 0.75
    assert tempo.changes[0].bpm == pytest.approx(150, abs=0.05)
    assert max(bar_errors_s(waltz, tempo, 3)) < 0.005


def test_a_drifting_tempo_is_followed_with_few_changes(drifting):
    tempo = tempo_map(grid_of(drifting), first_onset_s=drifting.onsets[0].time_s)
    assert 2 <= len(tempo.changes) <= 8
    assert max(bar_errors_s(drifting, tempo, 4)) < 0.011
    assert all(change.tick == 0 for change in tempo.changes)


def test_the_chart_starts_before_the_recording_and_its_first_note(rock):
    tempo = tempo_map(grid_of(rock), first_onset_s=rock.onsets[0].time_s)
    assert tempo.start_s <= 0
    assert rock.onsets[0].time_s - tempo.start_s >= 1


def test_tempo_and_offset_given_by_a_person(rock):
    grid = grid_of(rock, bpm=60.0, offset_s=0.9)
    assert np.diff(grid.beats_s) == pytest.approx(1.0)
    downbeats = np.array(grid.bars.downbeats_s)
    assert np.abs(downbeats - 0.9).min() < 1e-6


@pytest.mark.parametrize("part", [0.0, 0.3, 0.5, 0.7])
def test_an_offset_leaves_the_tempo_as_it_is(rock, part):
    offset_s = rock.beats_s[-1] - (1 - part) * 0.5
    grid = grid_of(rock, offset_s=offset_s)
    assert np.median(np.diff(grid.beats_s)) == pytest.approx(0.5, abs=0.005)
    assert grid.beats_per_bar == 4
    assert np.abs(np.array(grid.bars.downbeats_s) - offset_s).min() < 1e-6


def test_a_tempo_hint_selects_the_octave():
    hats = tuple(Onset(0.3 * i, Drum.HAT_CLOSED, 0.8) for i in range(80))
    slow = track_beats(hats, duration_s=25.0, tempo_hint=100.0)
    fast = track_beats(hats, duration_s=25.0, tempo_hint=200.0)
    assert np.median(np.diff(slow.beats_s)) == pytest.approx(0.6, abs=0.01)
    assert np.median(np.diff(fast.beats_s)) == pytest.approx(0.3, abs=0.01)


@pytest.mark.parametrize("bpm", [0, -5, 1e9])
def test_impossible_tempos(rock, bpm):
    with pytest.raises(DrumsError, match="20 to 400"):
        grid_of(rock, bpm=bpm)


@pytest.mark.parametrize("offset_s", [1e4, -3.0, float("nan")])
def test_offsets_outside_the_recording(rock, offset_s):
    with pytest.raises(DrumsError, match="outside the recording"):
        grid_of(rock, offset_s=offset_s)


def test_too_few_onsets(rock):
    with pytest.raises(DrumsError, match="too few"):
        track_beats(rock.onsets[:5], duration_s=10.0)


def test_a_click_is_kept_through_a_passage_without_drums(rock):
    onsets = tuple(o for o in rock.onsets if not 8.15 < o.time_s < 16.15)
    grid = track_beats(onsets, duration_s=rock.samples.size / 44100)
    tempo = tempo_map(grid, first_onset_s=onsets[0].time_s)
    assert len(tempo.changes) == 1
    assert max(bar_errors_s(rock, tempo, 4)) < 0.005


@pytest.mark.parametrize("seed", [0, 1, 3])
def test_accents_off_the_beat_do_not_bend_a_click(seed):
    rng = np.random.default_rng(seed)
    onsets = []
    for bar in range(48):
        accents = rng.permutation(16)[:5] if bar // 8 % 2 else (0, 3, 6, 9, 12)
        for place in accents:
            time_s = 0.2 + (4 * bar + place / 4) * 60 / 140 + rng.normal(0, 0.003)
            onsets.append(Onset(time_s, Drum.SNARE if place % 2 else Drum.KICK, 1.0))
    onsets.sort(key=lambda onset: onset.time_s)

    grid = track_beats(tuple(onsets), duration_s=84.0)

    lengths = np.diff(grid.beats_s)
    assert np.ptp(lengths) < 1e-6
    assert 60 / lengths[0] == pytest.approx(140, abs=0.05)
