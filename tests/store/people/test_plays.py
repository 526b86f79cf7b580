"""Full plays and skips that the page's player counts."""

from datetime import timedelta
from functools import partial

from store.people import player, plays, preferences
from store.people.given_feedback import given_feedback
from store.people.player_state import next_track, previous_track
from store.people.queue_edits import play_now
from store.stored_values import now
from store.tables.people import OWNER_ID


def listened():
    given = given_feedback(OWNER_ID, with_plays=True)
    return [(one.track_id, one.value) for one in given[::-1] if one.field == "play"]


def test_full_plays_and_skips_are_counted_unless_turned_off(library, monkeypatch):
    first, second, third = (library.id(title) for title in ("Halo", "Orbit", "Ashes"))
    clock = [now()]
    monkeypatch.setattr(player, "now", lambda: clock[0])

    def after(seconds, edit):
        clock[0] += timedelta(seconds=seconds)
        return player.change(OWNER_ID, edit)

    player.change(OWNER_ID, partial(play_now, track_ids=[first, second, third]))
    after(1, next_track)  # looked for another one
    assert listened() == []
    after(30, next_track)
    assert listened() == [(second, "skip")]
    after(40, previous_track)
    assert listened() == [(second, "skip")]
    state = after(0, partial(play_now, track_ids=[first, second, third]))
    ended = player.PlayerReport(
        version=state.version, track_id=first, seconds=0.0, playing=True, ended=True
    )
    player.report(OWNER_ID, ended)
    after(1000, next_track)
    assert listened() == [(second, "skip"), (first, "full"), (second, "full")]
    preferences.change_preferences(OWNER_ID, {"count_plays": False})
    after(50, partial(play_now, track_ids=[first]))
    assert len(listened()) == 3
    assert (plays.forget_plays(OWNER_ID), listened()) == (3, [])
