import itertools
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.drums.formats.dtx import spec
from indexer.drums.score.difficulty import dlevel, independence
from indexer.drums.score.lanes import FOOT_GAP_S, assign_lanes
from indexer.drums.score.playability import playable
from indexer.drums.score.sticking import HAND_GAP_S
from indexer.drums.types import FEET, Drum, GridNote, TempoChange, TempoMap

TEMPO = TempoMap((TempoChange(0, 0, 120.0),))
FAST = TempoMap((TempoChange(0, 0, 200.0),))
LEFT_FOOT = {Drum.KICK_LEFT, Drum.HAT_PEDAL}
drums = st.sampled_from([d for d in Drum if d not in (Drum.KICK_LEFT, Drum.CRASH_LEFT)])
notes = st.lists(
    st.builds(
        GridNote,
        st.integers(0, 3),
        st.integers(0, 31).map(lambda i: 12 * i),
        drums,
        st.floats(0.2, 1.0),
    ),
    max_size=120,
)


def times(chosen, tempo):
    return [tempo.time_s(n.bar, n.tick) for n in sorted(chosen)]


def chord(tick, *struck, bar=0, velocity=1.0):
    return [GridNote(bar, tick, drum, velocity) for drum in struck]


def lanes(found):
    return Counter(note.drum for note in found)


@settings(max_examples=80, deadline=None)
@given(notes, st.floats(60, 280))
def test_any_onsets_become_notes_for_two_hands_and_two_feet(heard, bpm):
    tempo = TempoMap((TempoChange(0, 0, bpm),))
    kept = playable(heard, tempo)
    for _, together in itertools.groupby(kept, key=lambda n: n.position):
        struck = list(together)
        feet = [n for n in struck if n.drum in FEET]
        assert len(feet) <= 1 and len(struck) - len(feet) <= 2
    hands = times([n for n in kept if n.drum not in FEET], tempo)
    assert all(c - a >= HAND_GAP_S - 0.003 for a, c in zip(hands, hands[2:], strict=False))
    for foot in ({Drum.KICK}, LEFT_FOOT):
        gaps = itertools.pairwise(times([n for n in kept if n.drum in foot], tempo))
        assert all(b - a >= FOOT_GAP_S - 0.003 for a, b in gaps)
    assert {n.position for n in kept} <= {n.position for n in heard}
    assert playable(kept, tempo) == kept or any(n.drum is Drum.CRASH for n in kept)


def test_a_hand_needs_longer_for_a_drum_that_is_far():
    near = [GridNote(0, 16 * i, Drum.SNARE) for i in range(24)]
    far = [
        GridNote(0, 16 * i, drum)
        for i in range(24)
        for drum in ([Drum.HAT_CLOSED, Drum.SNARE], [Drum.TOM_FLOOR, Drum.RIDE])[i % 2]
    ]
    assert len(playable(near, TEMPO)) == 24
    kept = playable(far, TEMPO)
    assert len(kept) < 40


def test_fast_bass_drums_go_to_two_feet_and_the_right_one_leads():
    sixteenths = [GridNote(0, 24 * i, Drum.KICK) for i in range(16)]
    kept = playable(sixteenths, FAST)
    assert [n.drum for n in kept] == [Drum.KICK, Drum.KICK_LEFT] * 8
    assert lanes(playable(sixteenths, TEMPO))[Drum.KICK_LEFT] == 8
    assert lanes(playable(sixteenths, TempoMap((TempoChange(0, 0, 100.0),)))) == {Drum.KICK: 16}


def test_two_quick_bass_drums_are_one_foots():
    pair = chord(0, Drum.KICK) + chord(24, Drum.KICK)
    assert lanes(playable(pair, TEMPO)) == {Drum.KICK: 2}
    assert lanes(playable(pair, FAST)) == {Drum.KICK: 1, Drum.KICK_LEFT: 1}


def test_a_crash_on_the_first_beat_has_ground_under_it():
    assert lanes(assign_lanes(chord(0, Drum.CRASH), TEMPO)) == {Drum.CRASH: 1, Drum.KICK: 1}
    assert lanes(assign_lanes(chord(0, Drum.CRASH, Drum.SNARE), TEMPO))[Drum.KICK] == 0
    assert lanes(assign_lanes(chord(96, Drum.CRASH), TEMPO))[Drum.KICK] == 0


def test_crashes_take_the_side_that_the_hands_come_from():
    toms = chord(288, Drum.TOM_HIGH) + chord(336, Drum.TOM_LOW) + chord(360, Drum.TOM_FLOOR)
    hats = chord(288, Drum.HAT_CLOSED) + chord(336, Drum.HAT_CLOSED)
    after = chord(0, Drum.CRASH, Drum.KICK, bar=1)
    assert Drum.CRASH in lanes(assign_lanes(toms + after, TEMPO))
    assert Drum.CRASH_LEFT in lanes(assign_lanes(hats + after, TEMPO))
    quick = [GridNote(1, tick, Drum.CRASH) for tick in (0, 48, 96, 144)]
    sides = [n.drum for n in assign_lanes(quick, TEMPO) if n.drum.family == "CY"]
    assert all(a != b for a, b in itertools.pairwise(sides))


def test_a_crash_that_keeps_time_stays_on_one_side():
    ridden = [GridNote(bar, tick, Drum.CRASH) for bar in range(3) for tick in range(0, 384, 48)]
    snares = [GridNote(bar, tick, Drum.SNARE) for bar in range(3) for tick in (96, 288)]
    found = lanes(assign_lanes(ridden + snares, FAST))
    assert found[Drum.CRASH] == len(ridden)
    assert Drum.CRASH_LEFT not in found


def test_beside_a_china_the_right_cymbal_is_its_own():
    crashes = [GridNote(bar, tick, Drum.CRASH) for bar in (0, 1, 2) for tick in (0, 48, 96)]
    chinas = [GridNote(bar, 192, Drum.CHINA) for bar in (0, 2)]
    found = lanes(assign_lanes(crashes + chinas, TEMPO))
    assert found[Drum.CHINA] == 2 and found[Drum.CRASH_LEFT] == 9
    assert Drum.CRASH not in found
    kept = playable(crashes + chinas, TEMPO)
    channels = {spec.CHANNEL_OF[n.drum] for n in kept if n.drum is Drum.CHINA}
    assert channels == {spec.CHANNEL_OF[Drum.CRASH]}


@pytest.mark.parametrize(
    ("closing", "drum"),
    [
        (chord(48, Drum.HAT_CLOSED, velocity=0.4), Drum.HAT_PEDAL),
        (chord(48, Drum.HAT_CLOSED, velocity=0.9), Drum.HAT_CLOSED),
        (chord(48, Drum.HAT_CLOSED, Drum.SNARE, Drum.TOM_LOW), Drum.HAT_PEDAL),
        (chord(48, Drum.HAT_CLOSED, Drum.KICK, velocity=0.4), Drum.HAT_CLOSED),
    ],
)
def test_the_foot_closes_an_open_hat_softly_or_where_no_hand_is_free(closing, drum):
    before = [GridNote(0, 24 * i, Drum.HAT_CLOSED, 0.8) for i in (8, 10, 12, 14)]
    heard = [*before, *chord(24, Drum.HAT_OPEN, velocity=0.9), *closing]
    kept = playable(heard, TEMPO)
    assert [n.drum for n in kept if n.tick == 48 and n.drum.family == "HH"] == [drum]


def beat(*, kick_ticks, bars=12):
    made = []
    for bar in range(bars):
        made += [GridNote(bar, 48 * i, Drum.HAT_CLOSED) for i in range(8)]
        made += [GridNote(bar, t, Drum.SNARE) for t in (96, 288)]
        made += [GridNote(bar, t, Drum.KICK) for t in kick_ticks]
    return tuple(sorted(made))


def test_free_feet_and_a_busy_passage_raise_the_level():
    plain, free = beat(kick_ticks=(0, 192)), beat(kick_ticks=(24, 216))
    assert (independence(plain), independence(free)) == (0.0, 1.0)
    assert dlevel(free, TEMPO) > dlevel(plain, TEMPO)
    roll = [GridNote(11, 12 * i, Drum.TOM_LOW) for i in range(32)]
    even = [GridNote(bar, 24, Drum.TOM_LOW) for bar in range(12)]
    even += [GridNote(bar, 72, Drum.TOM_LOW) for bar in range(10)]
    even += [GridNote(bar, 120, Drum.TOM_LOW) for bar in range(10)]
    assert len(even) == len(roll)
    busy = tuple(sorted({*plain, *roll}))
    assert dlevel(busy, TEMPO) > dlevel(tuple(sorted({*plain, *even})), TEMPO)


def test_nothing_to_play_is_easy():
    assert dlevel((), TEMPO) == dlevel((GridNote(0, 0, Drum.KICK),), TEMPO) == 10
