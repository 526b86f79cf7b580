import pytest

from indexer.drums.score.note_values import beat_of, write_beat


def spelled(ticks, division=2, beat_ticks=96.0):
    beat = write_beat(ticks, beat_ticks, division=division)
    return [(n.value, n.is_rest) for n in beat.notes], beat.tuplet


@pytest.mark.parametrize(
    ("ticks", "values", "tuplet"),
    [
        ([0], [(8, False)], 0),
        ([], [(8, True)], 0),
        ([0, 48], [(4, False), (4, False)], 0),
        ([48], [(4, True), (4, False)], 0),
        ([0, 72], [(6, False), (2, False)], 0),
        ([0, 24, 48, 72], [(2, False)] * 4, 0),
        ([0, 32, 64], [(4, False)] * 3, 3),
        ([0, 64], [(8, False), (4, False)], 3),
        ([0, 16, 32, 48, 64, 80], [(2, False)] * 6, 6),
        ([0, 60], [(4, False), (1, True), (3, False)], 0),
    ],
)
def test_beats_of_a_quarter(ticks, values, tuplet):
    assert spelled(ticks) == (values, tuplet)


@pytest.mark.parametrize(
    ("ticks", "values", "tuplet"),
    [
        ([4], [(8, False)], 0),
        ([0, 4, 48], [(4, False), (4, False)], 0),
        ([0, 24, 52, 72], [(2, False)] * 4, 0),
        ([0, 36, 64], [(4, False)] * 3, 3),
        ([8, 16, 60], [(2, False), (6, False), (4, False)], 6),
        ([0, 8, 16, 24, 32, 40, 48, 56, 64, 72, 80, 88], [(1, False)] * 12, 12),
    ],
)
def test_notes_beside_the_grid_are_written_on_it_and_none_is_lost(ticks, values, tuplet):
    assert spelled(ticks) == (values, tuplet)


def test_a_note_at_the_end_of_a_beat_does_not_go_to_its_start():
    for tick in range(60, 93):
        first = next(
            note for note in write_beat([tick], 96.0, division=2).notes if not note.is_rest
        )
        assert first.position >= 0.5


def test_beats_of_a_dotted_quarter_need_no_triplets():
    assert spelled([0, 64, 128], 3, 192.0) == ([(4, False)] * 3, 0)
    assert spelled([0], 3, 192.0) == ([(12, False)], 0)


@pytest.mark.parametrize("division", [2, 3])
def test_every_beat_is_full(division):
    whole = 12 if division == 3 else 8
    for ticks in ([0], [24], [5, 50], [0, 12, 36], [1, 49]):
        beat = write_beat(ticks, 96.0, division=division)
        written = sum(note.value for note in beat.notes)
        assert written == pytest.approx(whole * (1.5 if beat.tuplet else 1))


def test_rounded_ticks_stay_in_their_beat():
    assert beat_of(77, 5) == (1, pytest.approx(0.2))
    assert beat_of(153, 5)[0] == 1 or beat_of(154, 5)[0] == 2
    assert beat_of(383, 4)[0] == 3
