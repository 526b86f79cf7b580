from datetime import UTC, datetime, timedelta

import pytest

from store.database import db
from store.playlists import playlist_writing as writing
from store.playlists.refresh_times import added_times, due_playlists, is_due
from store.stored_values import stamp


def saved(refresh, *, chosen):
    made = writing.save_playlist("x", [], {"refresh": refresh} if refresh else {})
    with db.write() as session:
        statement = "UPDATE playlist SET refreshed_at = :at WHERE id = :id"
        db.rows(session, statement, at=stamp(chosen), id=made.id)
    return made.id


MONDAY = datetime(2024, 1, 1, 12, tzinfo=UTC).astimezone()


@pytest.mark.parametrize(
    ("refresh", "days", "due"),
    [
        ("daily", 0, False), ("daily", 1, True), ("weekly", 6, False), ("weekly", 7, True),
        ("weekly", 365, True), ("never", 400, False), (None, 400, False), ("hourly", 9, False),
    ],
)  # fmt: skip
def test_a_new_day_or_week_makes_it_due(library, refresh, days, due):
    number = saved(refresh, chosen=MONDAY)
    assert is_due(number, at=MONDAY + timedelta(days=days)) is due
    assert (number in due_playlists(at=MONDAY + timedelta(days=days))) is due


def test_a_new_track_makes_it_due_once(library):
    newest = max(added_times(list(library.ids.values())).values())
    number = saved("on_new", chosen=newest - timedelta(seconds=1))
    assert is_due(number)
    writing.mark_refreshed(number)
    assert not is_due(number)


def test_what_was_deleted_is_never_due(library):
    number = saved("daily", chosen=MONDAY)
    writing.delete_playlist(number)
    assert not is_due(number) and due_playlists() == ()
    assert due_playlists(person=2) == () and not is_due(999)
