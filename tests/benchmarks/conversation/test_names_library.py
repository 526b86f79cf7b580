"""The library of well-known names."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.turns.library_names import LibraryNames
from benchmarks.conversation.names_library import PLAYLISTS, build, known_albums
from store.database import db
from store.playlists import playlist_reading
from store.vocabulary import GENRES, MOODS


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BACKBEAT_DATA", str(tmp_path))
    return tmp_path


def test_the_albums_are_many_and_well_formed() -> None:
    albums = known_albums()
    assert sum(len(album.titles) for album in albums) >= 3000
    assert {album.genre for album in albums} <= set(GENRES)
    assert all(1600 < album.year < 2030 for album in albums)
    assert all(name.strip() == name and name for album in albums for name in album.titles)
    assert len({(album.artist, album.album) for album in albums}) == len(albums)


def test_names_are_words_of_requests_too() -> None:
    titles = {title.casefold() for album in known_albums() for title in album.titles}
    artists = {album.artist.casefold() for album in known_albums()}
    names = titles | artists | {album.album.casefold() for album in known_albums()}
    assert len(names & set(GENRES)) >= 2
    assert names & set(MOODS)
    assert {"1979", "stop", "time", "fm"} <= titles


def test_a_small_library_is_found_by_name(folder: Path) -> None:
    albums = [album for album in known_albums() if album.artist == "Charles Aznavour"]
    count = sum(len(album.titles) for album in albums)
    assert build(folder, count + 40, albums=albums) == count + 40
    names = LibraryNames()
    assert names.artists(["charles aznavour"]) == {"charles aznavour": "Charles Aznavour"}
    assert [found.name for found in names.tracks("la boheme")] == ["La Bohème"]
    assert {playlist.name for playlist in playlist_reading.playlists()} >= set(PLAYLISTS)
    assert build(folder, albums=albums) == count  # the library there is used again
    db.reset()
