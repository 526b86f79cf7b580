import random

import pytest

from store.people import queue_edits as edits
from store.people.player_state import PlayerState, jump, next_track
from store.results import StoreError


def queued(*ids, place=0, **values):
    return PlayerState(queue=ids, place=place, playing=True, version=4, **values)


def test_a_new_queue_is_played_in_its_order():
    state = edits.play_now(queued(9, 8, shuffle=True, ranks=(1, 0), repeat="one"), [1, 2, 3])
    assert (state.queue, state.place, state.playing, state.started) == ((1, 2, 3), 0, True, 5)
    assert (state.shuffle, state.ranks, state.repeat) == (False, (), "off")
    assert edits.play_now(queued(9, repeat="all"), [1, 2], place=1).current == 2
    assert edits.play_now(queued(9, repeat="all"), [1, 2]).repeat == "all"


def test_next_comes_behind_the_current_one_and_end_at_the_end():
    assert edits.insert_next(queued(1, 2, 3, place=1), [7, 8]).queue == (1, 2, 7, 8, 3)
    assert edits.append(queued(1, 2), [7, 8]).queue == (1, 2, 7, 8)
    assert edits.insert_next(queued(1, 2, place=1), [7]).current == 2


@pytest.mark.parametrize("add", [edits.insert_next, edits.append])
def test_an_empty_queue_starts(add):
    assert add(PlayerState(), [7, 8]).playing


def test_a_moved_entry_leaves_the_current_one():
    assert edits.move(queued(1, 2, 3, 4, place=1), 0, 3) == queued(2, 3, 4, 1, place=0)
    assert edits.move(queued(1, 2, 3, 4, place=1), 1, 2) == queued(1, 3, 2, 4, place=2)
    assert edits.move(queued(1, 2, 3, 4, place=1), 3, 0) == queued(4, 1, 2, 3, place=2)


def test_removed_before_behind_and_at_the_current_one():
    assert edits.remove(queued(1, 2, 3, place=1, seconds=5.0), [0]).seconds == 5.0
    assert edits.remove(queued(1, 2, 3, place=1), [0, 2]) == queued(2, place=0)
    gone = edits.remove(queued(1, 2, 3, place=1, seconds=5.0), [1])
    assert (gone.current, gone.playing, gone.seconds, gone.started) == (3, True, 0.0, 5)
    last = edits.remove(queued(1, 2, 3, place=2), [2])
    assert (last.current, last.playing) == (2, False)
    assert edits.clear(queued(1, 2, seconds=5.0)) == PlayerState(version=4)


def test_shuffle_keeps_the_current_one_first_and_is_undone():
    before = queued(*range(20), place=7)
    mixed = edits.set_shuffle(before, True, rng=random.Random(1))
    assert mixed.current == 7 and mixed.place == 0
    assert sorted(mixed.queue) == list(range(20)) and mixed.queue[1:] != (*range(7), *range(8, 20))
    assert edits.set_shuffle(mixed, True) == mixed
    assert edits.set_shuffle(mixed, False) == before


def test_the_former_order_knows_what_was_added_moved_and_removed():
    state = edits.set_shuffle(queued(10, 11, 12, 13), True, rng=random.Random(3))
    state = edits.insert_next(state, [20, 10])  # one track twice
    state = edits.append(state, [30])
    state = edits.remove(state, [state.queue.index(12)])
    state = edits.move(state, 0, 3)
    assert len(state.ranks) == len(state.queue)
    assert edits.set_shuffle(state, False).queue == (10, 20, 10, 11, 13, 30)


def test_a_shuffled_queue_plays_through():
    state = edits.set_shuffle(queued(1, 2, 3, 4), True, rng=random.Random(2))
    played = [state.current]
    for _ in range(3):
        state = next_track(state)
        played.append(state.current)
    assert set(played) == {1, 2, 3, 4}
    assert edits.set_shuffle(state, False).current == played[-1]


def test_a_queue_is_cut():
    most = edits.QUEUE_AT_MOST
    full = edits.play_now(PlayerState(), range(most + 5))
    assert len(full.queue) == most
    assert len(edits.append(full, [1, 2]).queue) == most
    assert edits.insert_next(edits.remove(full, [0]), [7, 8, 9]).queue[:2] == (1, 7)


def test_no_such_place_and_nothing_to_play():
    for edit in (lambda s: edits.move(s, 0, 2), lambda s: edits.remove(s, [2]),
                 lambda s: jump(s, -1)):  # fmt: skip
        with pytest.raises(StoreError, match="2 entries"):
            edit(queued(1, 2))
    with pytest.raises(StoreError, match="nothing to play"):
        edits.play_now(queued(1, 2), [])
