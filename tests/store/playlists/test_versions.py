import pytest

from store.database import db
from store.library import track_files, track_writing
from store.playlists import playlist_reading as reading
from store.playlists import playlist_writing as writing
from store.playlists.playlist_versions import undo_change
from store.playlists.playlist_writing import Change, Entry
from store.results import StoreError


@pytest.fixture
def saved(library):
    """Orbit, Ashes, Halo."""
    ids = [library.id(title) for title in ("Orbit", "Ashes", "Halo")]
    return writing.save_playlist("Evening", [(i, f"r{i}") for i in ids], {"moods": ["chill"]})


def titles(playlist_id):
    return [entry.track.title for entry in reading.playlist(playlist_id).entries]


def entries(library, *names, locked=()):
    return [Entry(library.id(name), "", name in locked) for name in names]


def test_every_kind_of_change_is_undone_in_reverse(library, saved):
    writing.change_playlist(saved.id, Change(kind="sort", entries=entries(library, "Halo")))
    writing.change_playlist(saved.id, Change(kind="rename", name="Nacht 夜"))
    writing.change_playlist(saved.id, Change(kind="refill", request={"limit": 3}))
    assert reading.playlist(saved.id).request == {"limit": 3}
    assert writing.delete_playlist(saved.id)
    assert reading.playlist(saved.id) is None and reading.playlists() == ()
    assert reading.playlist(saved.id, deleted=True).deleted
    undone = [undo_change(saved.id) for _ in range(4)]
    assert [each.kind for each in undone] == ["delete", "refill", "rename", "sort"]
    assert undone[2].former == "Nacht 夜" and undone[2].wanted == "Evening"
    assert reading.playlist(saved.id) == saved
    assert undo_change(saved.id) is None


def test_locks_are_kept_and_come_back(library, saved):
    writing.change_playlist(
        saved.id, Change(kind="lock", entries=entries(library, "Orbit", "Halo", locked=["Halo"]))
    )
    assert [e.locked for e in reading.playlist(saved.id).entries] == [False, True]
    writing.change_playlist(saved.id, Change(kind="remove", entries=[]))
    undo_change(saved.id)
    assert [e.locked for e in reading.playlist(saved.id).entries] == [False, True]


def test_a_name_taken_is_refused_and_nothing_changes(library, saved):
    other = writing.save_playlist("Gym", [], {})
    with pytest.raises(writing.NameTakenError):
        writing.change_playlist(other.id, Change(kind="rename", name="ÉVENING"))
    assert reading.playlist(other.id).name == "Gym" and undo_change(other.id) is None
    assert writing.change_playlist(other.id, Change(kind="rename", name="GYM")).name == "GYM"
    writing.save_playlist("Evening", [], {}, person=2)


def test_a_name_without_letters_is_refused(saved):
    with pytest.raises(StoreError, match="needs a name"):
        writing.change_playlist(saved.id, Change(kind="rename", name=" \n"))


def test_a_playlist_brought_back_gets_a_number_where_its_name_is_taken(saved):
    writing.delete_playlist(saved.id)
    writing.save_playlist("evening", [], {})
    undone = undo_change(saved.id)
    assert undone is not None
    assert (undone.playlist.name, undone.wanted) == ("Evening 2", "Evening")


def test_the_playlists_of_others_are_not_found(saved):
    assert reading.playlist_asked("last", person=2) is None
    assert reading.playlist_named("Evening", person=2) is None
    assert reading.playlists(person=2) == () and reading.last_changed(person=2) is None
    writing.delete_playlist(saved.id)
    assert reading.deleted_playlist("evening", person=2) is None
    assert reading.deleted_playlist("evening").id == reading.last_changed().id == saved.id


def test_a_playlist_called_last_does_not_hide_the_newest(saved):
    writing.save_playlist("Last", [], {})
    newest = writing.save_playlist("Newest", [], {})
    assert reading.playlist_asked("last").id == newest.id


def test_entries_whose_files_are_missing_outlive_a_change(library, saved):
    track_files.mark_missing([library.id("Ashes")])
    writing.change_playlist(saved.id, Change(kind="add", entries=entries(library, "Halo", "Orbit")))
    assert titles(saved.id) == ["Halo", "Orbit"]
    track_files.mark_missing([library.id("Ashes")], missing=False)
    assert titles(saved.id) == ["Halo", "Ashes", "Orbit"]


def test_a_track_that_left_the_library_stays_away(library, saved):
    writing.change_playlist(saved.id, Change(kind="remove", entries=entries(library, "Halo")))
    track_writing.remove_track(library.id("Orbit"))
    undo_change(saved.id)
    assert titles(saved.id) == ["Ashes", "Halo"]


def test_twenty_changes_are_kept(library, saved):
    for number in range(25):
        writing.change_playlist(saved.id, Change(kind="rename", name=f"Name {number}"))
    names = []
    while undone := undo_change(saved.id):
        names.append(undone.playlist.name)
    assert names == [f"Name {number}" for number in range(23, 3, -1)]


def test_what_was_deleted_long_ago_is_removed(library, saved):
    writing.delete_playlist(saved.id)
    with db.write() as session:
        db.rows(session, "UPDATE playlist SET deleted_at = '2020-01-01 00:00:00.000000'")
    other = writing.save_playlist("Other", [], {})
    assert reading.playlist(saved.id, deleted=True) is not None
    writing.delete_playlist(other.id)
    assert reading.playlist(saved.id, deleted=True) is None
    assert reading.playlist(other.id, deleted=True) is not None


def test_a_deleted_playlist_cannot_be_changed(saved):
    writing.delete_playlist(saved.id)
    with pytest.raises(StoreError, match="was deleted"):
        writing.change_playlist(saved.id, Change(kind="rename", name="x"))
