"""Lists of the library: artists, albums, genres, folders and names, without what is gone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from store.browse import album_list, artist_list, folder_list, genre_list, name_lookup
from store.library import catalogue_pages, track_files, track_writing
from store.records import (
    AnalysisRecord,
    CoverPicture,
    FileFacts,
    TagFacts,
    TrackGenre,
    TrackRecord,
)

Add = Callable[..., int]


@pytest.fixture
def add(data_folder: Path) -> Add:
    def one(
        path: str, artist: str, album: str, *, by: str | None = None, year: int | None = None,
        genre: str | None = None, cover: bytes | None = None,
    ) -> int:  # fmt: skip
        facts = FileFacts(
            path=Path("/music") / path, content_hash=path, size_bytes=1, mtime_ns=1,
            duration_s=100.0, audio_format="flac",
        )  # fmt: skip
        picture = CoverPicture(cover, "image/png", 1, 1) if cover else None
        tags = TagFacts(
            title=Path(path).stem, artist=artist, album=album, album_artist=by, year=year,
            cover=picture,
        )  # fmt: skip
        analysis = AnalysisRecord(genres=(TrackGenre(genre, main=True),)) if genre else None
        return track_writing.save_track(TrackRecord(facts, tags, analysis))

    return one


def test_albums_in_each_order_with_their_tracks_and_length(add: Add) -> None:
    add("a/1.flac", "The Zebras", "Early", year=1970, cover=b"zebra")
    add("a/2.flac", "The Zebras", "Early", year=1970)
    add("b/1.flac", "Ambra", "Middle", year=1990)
    last = add("c/1.flac", "Morse", "9 Late", year=2010)
    titles = {
        order: [one.title for one in album_list.album_page(order, offset=0, limit=9).entries]
        for order in ("title", "artist", "year", "added")
    }
    assert titles["title"] == ["9 Late", "Early", "Middle"]
    assert titles["artist"] == ["Middle", "9 Late", "Early"]
    assert titles["year"] == ["9 Late", "Middle", "Early"]
    assert titles["added"][0] == "9 Late"
    page = album_list.album_page("title", offset=1, limit=1)
    assert page.total == 3
    [early] = page.entries
    assert (early.artist, early.year, early.tracks, early.duration_s) == (
        "The Zebras",
        1970,
        2,
        200,
    )
    assert early.cover_id is not None
    letters = [(one.letter, one.place) for one in album_list.album_letters("title")]
    assert letters == [("#", 0), ("E", 1), ("M", 2)]

    # an album whose files are gone is not listed, nor is its artist
    track_files.mark_missing([last])
    assert album_list.album_page("artist", offset=0, limit=9).total == 2
    assert [one.letter for one in album_list.album_letters("title")] == ["E", "M"]
    assert [one.name for one in artist_list.artist_page(offset=0, limit=9).entries] == [
        "Ambra",
        "The Zebras",
    ]
    assert [(one.letter, one.place) for one in artist_list.artist_letters()] == [("A", 0), ("Z", 1)]


def test_an_artist_has_own_albums_and_those_of_others(add: Add) -> None:
    add("a.flac", "Ambra", "First", year=1990)
    add("b.flac", "Ambra", "Second", year=1995)
    add("c.flac", "Ambra", "Many", by="Various Artists", year=2000)
    [ambra] = [one for one in artist_list.artist_page(offset=0, limit=9).entries if one.tracks]
    assert (ambra.name, ambra.tracks, ambra.albums) == ("Ambra", 3, 2)
    own, guest = album_list.albums_of_artist(ambra.id)
    assert [one.title for one in own] == ["Second", "First"]
    assert [one.title for one in guest] == ["Many"]


def test_names_page_by_page_without_what_is_gone(add: Add) -> None:
    add("a/1.flac", "Ambra", "Many", by="Various Artists", year=1990)
    pictured = add("a/2.flac", "Ambra", "First", year=2001, cover=b"one")
    add("a/3.flac", "Âmbra", "Second")
    gone = add("a/4.flac", "Ambrosia", "Third")
    add("a/5.flac", "Morse", "Many", by="Various Artists")
    track_files.mark_missing([gone])
    found, total = catalogue_pages.artists(limit=9, search="AMB")
    assert (total, [one.name for one in found]) == (2, ["Ambra", "Âmbra"])
    ambra = found[0]
    assert (ambra.tracks, ambra.albums, ambra.duration_s) == (2, 2, 200.0)
    assert (ambra.year_min, ambra.year_max) == (1990, 2001)
    behind, total = catalogue_pages.artists(limit=9, after=ambra.place)
    assert (total, [one.name for one in behind]) == (3, ["Âmbra", "Morse"])
    albums, total = catalogue_pages.albums(limit=1, artist_id=ambra.id)
    assert (total, [one.title for one in albums]) == (2, ["First"])
    assert albums[0].cover_track_id == pictured
    [many], _ = catalogue_pages.albums(limit=9, after=albums[0].place, artist_id=ambra.id)
    assert (many.title, many.artist, many.tracks) == ("Many", "Various Artists", 2)
    assert many.artist_id is not None
    assert catalogue_pages.artist(many.artist_id) is None  # has no track


def test_genres_are_counted_with_pictures(add: Add) -> None:
    add("a.flac", "Ambra", "First", genre="jazz", cover=b"one")
    add("b.flac", "Ambra", "Second", genre="jazz", cover=b"two")
    gone = add("c.flac", "Ambra", "First", genre="rock")
    track_files.mark_missing([gone])
    [jazz] = genre_list.genre_list()
    assert (jazz.name, jazz.tracks, len(jazz.cover_ids)) == ("jazz", 2, 2)


def test_folders_are_a_tree_of_what_is_there(add: Add) -> None:
    add("b side/x.flac", "A", "One")
    add("B/deep/er/1.flac", "A", "One")
    gone = add("B/deep/2.flac", "A", "One")
    add("B/0.flac", "A", "One")
    add("top.flac", "A", "One")
    track_files.mark_missing([gone])
    top = folder_list.folder_entry()
    assert top is not None
    assert [(one.name, one.tracks) for one in top.folders] == [("B", 2), ("b side", 1)]
    assert (top.tracks, top.files) == (4, 1)
    inside = folder_list.folder_entry("B")
    assert inside is not None
    assert [(one.name, one.tracks) for one in inside.folders] == [("deep", 1)]
    assert (inside.tracks, inside.files) == (2, 1)
    assert [one.title for one in folder_list.folder_tracks("B", offset=0, limit=9)] == ["0"]
    assert len(folder_list.track_ids_below("B", limit=9)) == 2
    assert folder_list.folder_entry("..") is None
    assert folder_list.folder_entry("B/missing") is None


def test_a_folder_named_like_the_beginning_of_another(add: Add) -> None:
    for path in ("m/Ab/1.flac", "m/Ab-c/1.flac", "m/Ab0/1.flac", "m/Abba/1.flac", "z.flac"):
        add(path, "A", "One")
    found = folder_list.folder_entry("m")
    assert found is not None
    assert [one.name for one in found.folders] == ["Ab", "Ab-c", "Ab0", "Abba"]
    assert all(one.tracks == 1 for one in found.folders)


def test_names_are_found_by_their_beginning_and_inside(add: Add) -> None:
    gone = add("Night Drive.flac", "Déjà Voodoo", "Midnight Sun")
    add("Day.flac", "The Nightingales", "Morning")
    found = name_lookup.look_up_names("nig", limit=5)
    assert [one.name for one in found.artists] == ["The Nightingales"]
    assert [one.title for one in found.albums] == ["Midnight Sun"]
    assert [one.title for one in found.tracks] == ["Night Drive", "Day"]
    assert [one.name for one in name_lookup.look_up_names("deja v", limit=5).artists]
    assert [one.title for one in name_lookup.look_up_names("drive", limit=5).tracks]
    track_files.mark_missing([gone])
    for text in ("nig", "drive"):
        titles = [one.title for one in name_lookup.look_up_names(text, limit=5).tracks]
        assert "Night Drive" not in titles
    assert not name_lookup.look_up_names('"*', limit=5).artists
    assert not name_lookup.look_up_names("   ", limit=5).tracks
