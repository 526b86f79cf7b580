import pytest

from store.people import player_state as play
from store.people.player_state import PlayerState
from store.results import StoreError


def at(place, *, queue=(1, 2, 3), **values):
    return PlayerState(queue=queue, place=place, playing=True, version=7, **values)


def test_next_goes_on_and_stops_behind_the_last():
    second = play.next_track(at(0, seconds=9.0))
    assert (second.current, second.playing, second.seconds, second.started) == (2, True, 0.0, 8)
    end = play.next_track(at(2, seconds=9.0))
    assert (end.current, end.playing, end.seconds) == (3, False, 0.0)
    assert play.next_track(end) == end
    assert play.next_track(PlayerState()) == PlayerState()


def test_next_wraps_where_all_is_repeated():
    assert play.next_track(at(2, repeat="all")).current == 1
    assert play.next_track(at(0, repeat="one")).current == 2  # asked for: no repetition


def test_a_track_that_ended():
    assert play.track_ended(at(0)).current == 2
    again = play.track_ended(at(0, repeat="one"))
    assert (again.current, again.started) == (1, 8)
    assert not play.track_ended(at(2)).playing


def test_previous_goes_back_and_restarts_the_first():
    assert play.previous_track(at(2)).current == 2
    first = play.previous_track(at(0, seconds=50.0))
    assert (first.current, first.seconds, first.started) == (1, 0.0, 8)
    assert play.previous_track(at(0, repeat="all")).current == 3


def test_what_comes_next():
    assert at(0).upcoming == 2
    assert at(2).upcoming is None
    assert at(2, repeat="all").upcoming == 1
    assert at(1, repeat="one").upcoming == 2
    assert PlayerState().upcoming is None and PlayerState().current is None


def test_pause_keeps_the_position_and_stop_does_not():
    paused = play.pause(at(1, seconds=30.0))
    assert (paused.playing, paused.seconds, paused.started) == (False, 30.0, 0)
    assert play.resume(paused) == at(1, seconds=30.0)
    stopped = play.stop(paused)
    assert (stopped.current, stopped.seconds, stopped.started) == (2, 0.0, 8)
    assert not play.resume(PlayerState()).playing


def test_volume_moves_in_steps_between_0_and_1():
    assert play.louder(at(0, volume=0.5)).volume == 0.6
    assert play.quieter(at(0, volume=0.3)).volume == 0.2
    assert play.louder(at(0, volume=0.95)).volume == 1.0
    assert play.quieter(at(0, volume=0.05)).volume == 0.0
    assert play.set_volume(at(0), 7).volume == 1.0


def test_repetition_goes_round():
    modes = [play.cycle_repeat(at(0, repeat=mode)).repeat for mode in ("off", "one", "all")]
    assert modes == ["one", "all", "off"]


@pytest.mark.parametrize("place", [-1, 3])
def test_no_such_place(place):
    with pytest.raises(StoreError, match="3 entries"):
        play.jump(at(0), place)
