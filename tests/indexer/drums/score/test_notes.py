import itertools
import math
from collections import Counter
from dataclasses import replace

import pytest

from indexer.drums.score.difficulty import dlevel
from indexer.drums.score.playability import playable
from indexer.drums.score.quantize import quantize
from indexer.drums.score.reduce import BASIC_KICK_GAP_S, SHARES, reduce_levels
from indexer.drums.types import FEET, BarLength, Drum, GridNote, Onset, TempoChange, TempoMap

TEMPO = TempoMap((TempoChange(0, 0, 120.0),))


def ticks(*times_s, tempo=TEMPO, beats=4):
    onsets = tuple(Onset(t, Drum.SNARE, 1.0) for t in times_s)
    return [n.position for n in quantize(onsets, tempo)]


def test_sixteenths_played_by_a_human():
    assert ticks(0.004, 0.121, 0.257, 0.369, 0.493) == [0, 24, 48, 72, 96]


def test_triplets():
    assert ticks(0.0, 1 / 6, 2 / 6, 0.5, 0.5 + 1 / 6, 0.5 + 2 / 6) == [0, 32, 64, 96, 128, 160]


def test_a_late_onset_is_no_triplet():
    assert ticks(0.0, 0.142, 0.25, 0.375, 0.5, 0.75) == [0, 24, 48, 72, 96, 144]


def test_a_roll_is_written_in_thirty_seconds():
    assert ticks(*(i / 16 for i in range(8))) == [12 * i for i in range(8)]


def test_the_next_bar_line_belongs_to_the_next_bar():
    (note,) = quantize((Onset(1.996, Drum.KICK, 1.0),), TEMPO)
    assert (note.bar, note.tick) == (1, 0)


def test_three_four():
    waltz = TempoMap((TempoChange(0, 0, 120.0),), (BarLength(0, 0.75),))
    assert ticks(0, 0.5, 1.0, 1.5, 1.75, tempo=waltz, beats=3) == [0, 128, 256, 384, 448]


def test_simultaneous_onsets_stay_together():
    onsets = (Onset(0.185, Drum.KICK, 1.0), Onset(0.190, Drum.SNARE, 1.0))
    notes = quantize(onsets, TEMPO)
    assert len({n.tick for n in notes}) == 1


def chord(tick, *drums, bar=0):
    return [GridNote(bar, tick, drum) for drum in drums]


def test_two_hands_and_one_foot():
    notes = chord(0, Drum.SNARE, Drum.HAT_CLOSED, Drum.CRASH, Drum.KICK, Drum.HAT_PEDAL)
    assert {n.drum for n in playable(notes, TEMPO)} == {Drum.SNARE, Drum.CRASH, Drum.KICK}


def test_a_plate_is_struck_in_one_way():
    notes = chord(0, Drum.HAT_CLOSED, Drum.HAT_OPEN)
    assert [n.drum for n in playable(notes, TEMPO)] == [Drum.HAT_OPEN]


def test_no_hand_is_faster_than_twelve_a_second():
    notes = [GridNote(0, tick, Drum.SNARE) for tick in range(0, 384, 4)]
    kept = playable(notes, TEMPO)
    times = [TEMPO.time_s(n.bar, n.tick) for n in kept]
    assert all(c - a > 1 / 12 - 0.001 for a, c in zip(times, times[2:], strict=False))
    assert len(kept) > 40


@pytest.fixture
def master():
    notes = []
    for bar in range(20):
        for i in range(16):
            notes.append(GridNote(bar, 24 * i, Drum.HAT_CLOSED, 0.5 + 0.01 * i))
        notes += [GridNote(bar, t, Drum.KICK, 1.0) for t in (0, 72, 96, 192, 240)]
        notes += [GridNote(bar, t, Drum.SNARE, 1.0) for t in (96, 288)]
    return playable(notes, TEMPO)


def test_levels_are_subsets_with_the_measured_shares(master):
    levels = reduce_levels(master, TEMPO)
    assert list(levels) == ["BASIC", "ADVANCED", "EXTREME", "MASTER"]
    for low, high in itertools.pairwise(levels.values()):
        assert set(low) < set(high)
    for level, notes in levels.items():
        assert len(notes) / len(master) == pytest.approx(SHARES[level], abs=0.1)


def test_basic_is_calm(master):
    levels = reduce_levels(master, TEMPO)
    quarters = [n for n in levels["BASIC"] if n.tick % 96 == 0]
    assert len(quarters) >= 0.9 * len(levels["BASIC"])
    feet = [TEMPO.time_s(n.bar, n.tick) for n in levels["BASIC"] if n.drum in FEET]
    assert min(b - a for a, b in itertools.pairwise(feet)) >= BASIC_KICK_GAP_S
    assert all(n.tick % 48 == 0 for n in levels["ADVANCED"])
    assert any(n.tick % 48 for n in levels["EXTREME"])


def test_dlevel_follows_the_density(master):
    assert dlevel((), TEMPO) == 10
    seconds = TEMPO.time_s(19, 360) - TEMPO.time_s(0)
    expected = -1.59 + 4.26 * math.log(len(master) / seconds)
    assert abs(dlevel(master, TEMPO) / 10 - min(expected, 9.9)) <= 1.2
    thinner = tuple(n for n in master if n.drum is not Drum.HAT_CLOSED)
    assert dlevel(thinner, TEMPO) < dlevel(master, TEMPO)


def test_tempo_map_positions_invert_times():
    tempo = TempoMap(
        (TempoChange(0, 0, 100.0), TempoChange(3, 96, 140.0)), (BarLength(5, 0.75),), -0.7
    )
    for bar, tick in ((0, 0), (2, 17), (3, 100), (7, 383)):
        found_bar, found_tick = tempo.position(tempo.time_s(bar, tick) + 1e-9)
        assert found_bar * 384 + found_tick == pytest.approx(bar * 384 + tick, abs=0.01)


def test_a_flam_is_one_note_and_a_roll_is_not():
    flam = (Onset(0.46, Drum.SNARE, 0.4), Onset(0.5, Drum.SNARE, 0.9), Onset(1.0, Drum.SNARE, 0.9))
    notes = quantize(flam, TEMPO)
    assert [(n.tick, n.velocity) for n in notes] == [(96, 0.9), (192, 0.9)]
    fast = TempoMap((TempoChange(0, 0, 170.0),))
    step_s = 60 / 170 / 8
    roll = tuple(Onset(i * step_s, Drum.SNARE, 0.5 + 0.03 * i) for i in range(16))
    assert len(quantize(roll, fast)) == 16


def test_what_is_loud_and_far_from_every_grid_stays_where_it_was_played():
    slow = TempoMap((TempoChange(0, 0, 60.0),))
    pulse = [Onset(float(i), Drum.KICK, 0.9) for i in range(8)]
    loud, soft = Onset(2.38, Drum.SNARE, 0.9), Onset(5.22, Drum.SNARE, 0.2)
    notes = quantize(tuple(sorted([*pulse, loud, soft])), slow)
    times = [slow.time_s(n.bar, n.tick) for n in notes if n.drum is Drum.SNARE]
    assert abs(times[0] - 2.38) < 0.025
    assert times[1] == pytest.approx(5.25)


def test_compound_beats_divide_into_three():
    six_eight = TempoMap((TempoChange(0, 0, 90.0),), (BarLength(0, 0.75),))
    eighth_s = 60 / 90 / 2
    onsets = tuple(Onset(i * eighth_s + 0.01 * (-1) ** i, Drum.SNARE, 1.0) for i in range(1, 12))
    notes = quantize(onsets, six_eight, division=3)
    assert [n.position for n in notes] == [64 * i for i in range(1, 12)]


def test_a_song_that_swings_swings_in_every_bar():
    swung = [b + p for b in range(32) for p in (0.0, 0.66)]
    swung[41] = 20.615  # one stroke on its way to being straight
    onsets = tuple(Onset(0.5 * b, Drum.HAT_CLOSED, 0.8) for b in swung)
    notes = quantize(onsets, TEMPO)
    assert {n.tick % 96 for n in notes} == {0, 64}
    levels = reduce_levels(notes, TEMPO)
    assert any(n.tick % 96 for n in levels["ADVANCED"])
    assert sum(n.tick % 96 == 0 for n in levels["BASIC"]) >= 0.9 * len(levels["BASIC"])


def test_the_backbeat_and_crashes_with_their_ground_stay_longest():
    notes = []
    for bar in range(16):
        notes += [GridNote(bar, 48 * i, Drum.HAT_CLOSED) for i in range(8)]
        notes += [GridNote(bar, t, Drum.SNARE) for t in (96, 288)]
        notes += [GridNote(bar, t, Drum.KICK) for t in (0, 48, 192, 240)]
    notes += [GridNote(bar, 0, Drum.CRASH) for bar in (0, 8)]
    basic = reduce_levels(playable(notes, TEMPO), TEMPO)["BASIC"]
    assert sum(n.drum is Drum.SNARE for n in basic) == 32
    for bar in (0, 8):
        assert {n.drum.family for n in basic if n.position == bar * 384} >= {"CY", "KD"}


@pytest.mark.parametrize("late", [17, 37])
def test_every_level_can_be_played_where_bars_are_not_those_of_the_music(master, late):
    moved = (replace(n, bar=n.bar + (n.tick + late) // 384, tick=(n.tick + late) % 384)
             for n in master)  # fmt: skip
    levels = reduce_levels(tuple(sorted(moved)), TEMPO)
    for low, high in itertools.pairwise(levels.values()):
        assert set(low) < set(high)
    for level, notes in levels.items():
        assert len(notes) / len(master) == pytest.approx(SHARES[level], abs=0.1)
    feet = [TEMPO.time_s(n.bar, n.tick) for n in levels["BASIC"] if n.drum in FEET]
    assert min(b - a for a, b in itertools.pairwise(feet)) >= BASIC_KICK_GAP_S


def test_the_right_hand_keeps_time_in_every_level():
    notes = []
    for bar in range(16):
        notes += [GridNote(bar, 48 * i, Drum.HAT_CLOSED) for i in range(8)]
        notes += [GridNote(bar, t, Drum.SNARE) for t in (96, 192, 288)]
        notes += [GridNote(bar, 48 * i, Drum.KICK) for i in range(8)]
    levels = reduce_levels(playable(notes, TEMPO), TEMPO)
    for chosen in levels.values():
        counts = Counter(n.drum.family for n in chosen)
        assert counts["HH"] >= 0.25 * len(chosen)
        assert counts["KD"] >= 0.15 * len(chosen)
    assert sum(n.drum is Drum.KICK and n.tick == 0 for n in levels["BASIC"]) == 16


def test_two_pedals_are_for_the_upper_levels():
    fast = TempoMap((TempoChange(0, 0, 180.0),))
    notes = [GridNote(bar, 24 * i, Drum.KICK) for bar in range(12) for i in range(16)]
    notes += [GridNote(bar, 96 * i, Drum.CRASH) for bar in range(12) for i in range(4)]
    levels = reduce_levels(playable(notes, fast), fast)
    for level, chosen in levels.items():
        assert any(n.drum is Drum.KICK_LEFT for n in chosen) == (level in ("EXTREME", "MASTER"))


@pytest.mark.parametrize("late_s", [0.04, -0.04, 0.05])
@pytest.mark.parametrize("hats", [True, False])
def test_a_late_stroke_stays_where_its_drum_stands_in_other_bars(late_s, hats):
    """Unison with a hat, or sixteen bars of one groove: four of them are no other rhythm."""
    beat_s = 60 / 110
    onsets = []
    for bar in range(16):
        start_s = 4 * beat_s * bar + 1
        off_s = late_s if bar in (2, 6, 9, 13) else 0.0
        onsets.append(Onset(start_s + beat_s + off_s, Drum.SNARE, 0.9))
        onsets += [Onset(start_s + beat * beat_s, Drum.KICK, 1.0) for beat in (0, 2, 2.5)]
        if hats:
            onsets += [Onset(start_s + beat * beat_s, Drum.HAT_CLOSED, 0.7) for beat in range(4)]
    tempo = TempoMap((TempoChange(0, 0, 110.0),), start_s=1.0)
    snares = [n for n in quantize(tuple(sorted(onsets)), tempo) if n.drum is Drum.SNARE]
    assert [note.tick for note in snares] == [96] * 16


GROOVES = {
    "hats": (4, 110, [(Drum.HAT_CLOSED, range(0, 384, 48)), (Drum.KICK, (0, 192)),
                      (Drum.SNARE, (96, 288))]),
    "ride": (4, 110, [(Drum.RIDE, range(0, 384, 48)), (Drum.KICK, (0, 192, 240)),
                      (Drum.SNARE, (96, 288))]),
    "open hats": (4, 128, [(Drum.HAT_OPEN, range(0, 384, 96)), (Drum.KICK, (0, 144, 192)),
                           (Drum.SNARE, (96, 288))]),
    "crashes": (4, 170, [(Drum.CRASH, range(0, 384, 48)), (Drum.KICK, (0, 192)),
                         (Drum.SNARE, (96, 288))]),
    "china and two feet": (4, 180, [(Drum.CHINA, range(0, 384, 96)), (Drum.SNARE, (96, 288)),
                                    (Drum.KICK, range(0, 384, 24))]),
    "sixteenths": (4, 95, [(Drum.HAT_CLOSED, range(0, 384, 24)), (Drum.KICK, (0, 72, 240)),
                           (Drum.SNARE, (96, 288))]),
    "half time": (4, 150, [(Drum.RIDE, range(0, 384, 96)), (Drum.KICK, (0, 144)),
                           (Drum.SNARE, (192,))]),
}  # fmt: skip


@pytest.mark.parametrize("first", GROOVES)
@pytest.mark.parametrize("second", GROOVES)
def test_each_passage_keeps_its_groove_on_every_level(first, second):
    notes, bpm = [], GROOVES[first][1]
    for bar in range(16):
        for drum, ticks in GROOVES[first if bar < 8 else second][2]:
            notes += [GridNote(bar, tick, drum, 0.8) for tick in ticks]
    tempo = TempoMap((TempoChange(0, 0, float(bpm)),))
    for level, kept in reduce_levels(playable(notes, tempo), tempo).items():
        for name, bars in ((first, range(8)), (second, range(8, 16))):
            leader = GROOVES[name][2][0][0].family
            time = [n for n in kept if n.bar in bars and n.drum.family == leader]
            assert len(time) >= 8, (level, name)
            assert sum(n.bar in bars and n.drum is Drum.SNARE for n in kept) >= 8, (level, name)
            downbeats = {n.bar for n in kept if n.bar in bars and n.tick == 0 and n.drum in FEET}
            assert len(downbeats) >= 7, (level, name)


@pytest.mark.parametrize(("clicks", "kept"), [(1, 0), (4, 0), (8, 0), (9, 9)])
def test_what_counts_a_song_in_is_no_stroke(clicks, kept):
    count_in = [Onset(0.5 * beat, Drum.SIDE_STICK, 0.6) for beat in range(clicks)]
    start_s = 0.5 * clicks
    groove = [Onset(start_s + 0.5 * beat, (Drum.KICK, Drum.SIDE_STICK)[beat % 2], 0.9)
              for beat in range(8)]  # fmt: skip
    notes = quantize((*count_in, *groove), TEMPO)
    assert sum(n.drum is Drum.SIDE_STICK for n in notes) == kept + 4
