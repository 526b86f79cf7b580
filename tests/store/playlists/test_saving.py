import pytest

from store.library import track_files, track_writing
from store.playlists.playlist_reading import (
    newest_playlist,
    playlist,
    playlist_asked,
    playlist_named,
    playlists,
)
from store.playlists.playlist_writing import delete_playlist, save_playlist
from store.results import StoreError


def test_a_playlist_keeps_its_order_and_reasons(library):
    order = [library.id(name) for name in ("Orbit", "Ashes", "Halo", "Ashes")]
    made = save_playlist("Évening", [(n, f"r{n}") for n in order], {"moods": ["chill"]})
    found = playlist_named("evening")
    assert found == made
    assert [entry.track.id for entry in made.entries] == order
    assert [entry.reason for entry in made.entries] == [f"r{n}" for n in order]
    assert made.request == {"moods": ["chill"]}
    assert made.duration_s == sum(entry.track.duration_s for entry in made.entries)


def test_a_name_already_used_gets_a_number(library):
    names = [save_playlist(name, [], {}).name for name in ("Mix", "mix", "MIX", "")]
    assert names == ["Mix", "mix 2", "MIX 3", "Playlist"]


def test_the_last_playlist_is_found_by_that_word(library):
    assert newest_playlist() is None
    save_playlist("One", [], {})
    two = save_playlist("Two", [], {})
    for word in ("last", "LAST", "dernière"):
        found = playlist_asked(word)
        assert found is not None and found.id == two.id
    assert [shown.name for shown in playlists()] == ["Two", "One"]
    assert playlist(two.id) == playlist_named("two")
    assert playlist_asked("three") is None and playlist(999) is None


def test_missing_and_removed_tracks_leave_the_rest_in_order(library):
    one, two, three = (library.id(name) for name in ("Orbit", "Ashes", "Halo"))
    made = save_playlist("x", [(one, ""), (two, ""), (three, "")], {})
    track_files.mark_missing([one])
    track_writing.remove_track(two)
    found = playlist(made.id)
    assert found is not None and [entry.track.id for entry in found.entries] == [three]
    assert playlists()[0].tracks == 1


def test_an_unknown_track_is_refused_and_nothing_is_saved(library):
    with pytest.raises(StoreError, match="no track"):
        save_playlist("x", [(library.id("Halo"), ""), (10**9, "")], {})
    assert playlists() == ()


def test_a_deleted_playlist_is_gone(library):
    made = save_playlist("x'; DROP TABLE playlist; --", [(library.id("Halo"), "")], {})
    assert delete_playlist(made.id) and not delete_playlist(made.id)
    assert playlists() == ()
