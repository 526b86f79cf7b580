import random
from datetime import UTC, datetime

import pytest

from store.results import TrackRow
from tools.saved_playlists import editing
from tools.saved_playlists.editing import Slot


def track(number, title="x", **values):
    fields = {"artist": None, "album": None, "year": None, "bpm": None, "camelot": None}
    return TrackRow(
        id=number, title=title, duration_s=100.0 - number, bpm_alternative=None, genre=None,
        **{**fields, **values},
    )  # fmt: skip


SLOTS = [Slot(track(1)), Slot(track(2), locked=True), Slot(track(3)), Slot(track(4))]


def ids(slots):
    return [slot.track.id for slot in slots]


@pytest.mark.parametrize(
    ("position", "order", "at"),
    [
        (None, [1, 2, 3, 4, 9], 4), (1, [9, 1, 2, 3, 4], 0), (3, [1, 2, 9, 3, 4], 2),
        (99, [1, 2, 3, 4, 9], 4), (-1, [1, 2, 3, 4, 9], 4), (-2, [1, 2, 3, 9, 4], 3),
        (-99, [9, 1, 2, 3, 4], 0), (0, [1, 2, 3, 4, 9], 4),
    ],
)  # fmt: skip
def test_inserted_at_a_position(position, order, at):
    slots, index = editing.inserted(SLOTS, [Slot(track(9))], position)
    assert (ids(slots), index) == (order, at)


@pytest.mark.parametrize(
    ("indices", "position", "order"),
    [([3], 1, [4, 1, 2, 3]), ([0], -1, [2, 3, 4, 1]), ([0], 2, [2, 1, 3, 4]),
     ([2, 0], 1, [3, 1, 2, 4]), ([1], 2, [1, 2, 3, 4])],
)  # fmt: skip
def test_moved(indices, position, order):
    assert ids(editing.moved(SLOTS, indices, position)[0]) == order


@pytest.mark.parametrize(
    ("position", "index"), [(1, 0), (4, 3), (5, None), (0, None), (-1, 3), (-4, 0), (-5, None)]
)
def test_positions_count_from_both_ends(position, index):
    assert editing.index_of(position, 4) == index


def test_shuffled_around_what_is_locked():
    orders = set()
    for seed in range(20):
        slots = editing.shuffled(SLOTS, chance=random.Random(seed))
        assert slots[1] == SLOTS[1] and sorted(ids(slots)) == [1, 2, 3, 4]
        assert ids(slots) != [1, 2, 3, 4]
        orders.add(tuple(ids(slots)))
    assert len(orders) > 2
    assert ids(editing.shuffled(SLOTS[:2], chance=random.Random(1))) == [1, 2]


def test_locks_are_set_and_where_all_are_set_released():
    slots, locked = editing.toggled_locks(SLOTS, [0, 1])
    assert locked and [slot.locked for slot in slots] == [True, True, False, False]
    slots, locked = editing.toggled_locks(slots, [0, 1])
    assert not locked and not any(slot.locked for slot in slots)


VALUED = [
    Slot(track(1, "Étoile", bpm=120.0, year=1990, camelot="10A", energy=0.2, artist="Zed")),
    Slot(track(2, "夜", bpm=None, year=None, camelot=None, energy=None)),
    Slot(track(3, "alpha", bpm=90.0, year=2001, camelot="2B", energy=0.9, artist="abba"), True),
    Slot(track(4, "Fugue", bpm=140.0, year=1970, camelot="2A", energy=0.5, artist="Élan")),
]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("bpm", [3, 1, 4, 2]), ("energy", [3, 4, 1, 2]), ("year", [4, 1, 3, 2]),
        ("length", [4, 3, 2, 1]), ("title", [3, 1, 4, 2]), ("artist", [3, 4, 1, 2]),
        ("key", [4, 3, 1, 2]), ("added", [2, 4, 3, 1]),
    ],
)  # fmt: skip
def test_sorted_with_what_is_unknown_at_the_end(sort, order):
    added = {2: datetime(2024, 3, 1, tzinfo=UTC), 4: datetime(2024, 2, 1, tzinfo=UTC)}
    added |= {3: datetime(2024, 1, 1, tzinfo=UTC)}
    slots = editing.sorted_by(VALUED, sort, added=added, chance=random.Random(1))
    assert ids(slots) == order
    assert [slot.locked for slot in slots if slot.track.id == 3] == [True]


def test_sorted_at_random_and_for_smooth_steps():
    orders = {
        tuple(ids(editing.sorted_by(VALUED, "random", added={}, chance=random.Random(seed))))
        for seed in range(9)
    }
    assert len(orders) > 2
    slots = [Slot(track(n, bpm=bpm)) for n, bpm in enumerate((100.0, 140.0, 104.0, 137.0), 1)]
    flow = editing.sorted_by(slots, "relevance", added={}, chance=random.Random(1))
    assert ids(flow) in ([1, 3, 4, 2], [2, 4, 3, 1], [3, 1, 4, 2], [2, 4, 1, 3])
