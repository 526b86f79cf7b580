from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from store.library import track_files, track_writing
from store.people import player_state, queue_edits
from store.people.people import person
from store.people.player import EARLIER_QUEUES, PlayerReport, change, player, report, undo
from store.people.player_state import PlayerState
from store.results import StoreError


@pytest.fixture
def ids(library):
    return [library.id(title) for title in ("Orbit", "Halo", "Ashes", "Drift")]


def play(ids, person_id=1):
    return change(person_id, partial(queue_edits.play_now, track_ids=ids))


def test_nothing_plays_at_first(library):
    assert player(1) == PlayerState()


def test_a_change_is_kept_and_counted(library, ids):
    first = play(ids)
    assert (first.version, first.started, first.queue) == (1, 1, tuple(ids))
    assert player(1) == first
    second = change(1, player_state.next_track)
    assert (second.version, second.started, second.current) == (2, 2, ids[1])
    assert change(1, player_state.resume) == second  # no change, no version
    shuffled = change(1, partial(queue_edits.set_shuffle, on=True))
    assert player(1) == shuffled and shuffled.ranks[0] == 1


def test_everyone_has_a_player(library, ids):
    other = person("Mia").id
    play(ids)
    play(ids[2:], other)
    assert player(1).queue == tuple(ids) and player(other).queue == tuple(ids[2:])
    with pytest.raises(StoreError, match="no person"):
        play(ids, 999)
    assert player(999) == PlayerState()


def test_an_edit_that_fails_changes_nothing(library, ids):
    before = play(ids)
    with pytest.raises(StoreError):
        change(1, partial(player_state.jump, place=10))
    assert player(1) == before


def test_tracks_that_left_the_library_fall_out(library, ids):
    play(ids)
    change(1, partial(player_state.jump, place=2))
    track_files.mark_missing([ids[0]])
    assert player(1).queue == tuple(ids[1:]) and player(1).current == ids[2]
    track_writing.remove_track(ids[2])
    state = player(1)
    assert (state.current, state.seconds, state.playing) == (ids[3], 0.0, True)
    assert change(1, player_state.pause).queue == (ids[1], ids[3])


def test_unknown_tracks_never_get_in(library, ids):
    assert play([999_999, ids[0]]).queue == (ids[0],)
    assert play([999_999]).queue == ()


def test_the_last_change_of_the_queue_is_undone(library, ids):
    play(ids[:2])
    change(1, player_state.next_track)
    play(ids[2:])
    back = undo(1)
    assert back is not None
    assert (back.queue, back.current) == (tuple(ids[:2]), ids[1])
    assert back.started == back.version == player(1).version
    empty = undo(1)
    assert empty is not None and empty.queue == () and not empty.playing
    assert undo(1) is None


def test_undone_additions_let_the_music_play_on(library, ids):
    play(ids[:2])
    change(1, partial(queue_edits.append, track_ids=ids[2:]))
    change(1, player_state.next_track)
    before = player(1)
    after = undo(1)
    assert after is not None
    assert (after.queue, after.current, after.started) == (
        tuple(ids[:2]), before.current, before.started,
    )  # fmt: skip


def test_a_few_earlier_queues_are_kept(library, ids):
    for _ in range(EARLIER_QUEUES + 3):
        change(1, partial(queue_edits.append, track_ids=ids[:1]))
    undone = 0
    while undo(1) is not None:
        undone += 1
    assert undone == EARLIER_QUEUES


def told(state, **values):
    given = {"version": state.version, "track_id": state.current, "seconds": 12.5, "playing": True}
    return report(1, PlayerReport(**{**given, **values}))


def test_a_position_is_noted_without_a_new_version(library, ids):
    state = play(ids)
    after = told(state)
    assert (after.seconds, after.version) == (12.5, state.version)
    assert player(1).seconds == 12.5
    assert told(state, playing=False).version == state.version + 1


def test_at_its_end_the_next_track_follows(library, ids):
    state = play(ids[:2])
    second = told(state, ended=True)
    assert (second.current, second.started) == (ids[1], second.version)
    end = told(second, ended=True)
    assert (end.current, end.playing, end.seconds) == (ids[1], False, 0.0)


def test_a_report_of_an_older_state_is_not_believed(library, ids):
    state = play(ids)
    newer = change(1, player_state.next_track)
    assert told(state, ended=True) == newer
    assert told(newer, track_id=ids[3], ended=True) == newer
    assert player(1) == newer


def test_changes_at_the_same_time_are_all_kept(library, ids):
    play(ids[:1])

    def append_often(track_id):
        for _ in range(20):
            change(1, partial(queue_edits.append, track_ids=[track_id]))

    with ThreadPoolExecutor(2) as workers:
        list(workers.map(append_often, ids[1:3]))
    queue = player(1).queue
    assert [queue.count(number) for number in ids[:3]] == [1, 20, 20]
