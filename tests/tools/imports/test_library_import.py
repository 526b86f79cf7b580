"""Playlists, likes and stars of other programs, found among the tracks of the library."""

from __future__ import annotations

import json
import sqlite3
import unicodedata
from pathlib import Path

import pytest
from typer.testing import CliRunner

from backbeat.cli import app
from store.people import likes, ratings
from store.playlists.playlist_reading import playlist_named, playlists
from store.results import StoreError
from tools.export_playlist import export_bytes
from tools.imports.library_import import import_library, read_foreign
from tools.saved_playlists.file_reading import PlaylistFileError

OWNER = 1


def take(file: Path, user: str | None = None):
    return import_library(read_foreign(file, user=user), person=OWNER)


def titles(name: str) -> list[str]:
    found = playlist_named(name)
    assert found is not None
    return [entry.track.title for entry in found.entries]


def navidrome(path: Path, music: str = "") -> Path:
    """A database with the tables of Navidrome that count."""
    with sqlite3.connect(path) as connection:
        connection.executescript(
            """CREATE TABLE user (id TEXT, user_name TEXT);
            CREATE TABLE media_file (id TEXT, path TEXT, title TEXT, artist TEXT, album TEXT);
            CREATE TABLE annotation (user_id TEXT, item_id TEXT, item_type TEXT, rating INTEGER,
                starred BOOL, play_count INTEGER);
            CREATE TABLE playlist (id TEXT, name TEXT, owner_id TEXT);
            CREATE TABLE playlist_tracks (id INTEGER, playlist_id TEXT, media_file_id TEXT);
            INSERT INTO user VALUES ('u1', 'anna'), ('u2', 'bert');
            INSERT INTO playlist VALUES ('p1', 'Evening, "soft"', 'u1'), ('p2', 'Other', 'u2'),
                ('p3', 'Unknown', 'u1');
            INSERT INTO playlist_tracks VALUES (2, 'p1', 'a'), (1, 'p1', 'b'), (3, 'p1', 'x'),
                (1, 'p2', 'a'), (1, 'p3', 'x');
            INSERT INTO annotation VALUES ('u1', 'a', 'media_file', 4, 1, 7),
                ('u1', 'b', 'media_file', 0, 1, 0), ('u1', 'x', 'media_file', 5, 0, 0),
                ('u1', 'z', 'album', 5, 1, 0), ('u2', 'b', 'media_file', 1, 0, 0);"""
        )
        rows = [
            ("a", f"{music}08 Angel.flac", "Angel", "Massive Attack", "Mezzanine"),
            ("b", "somewhere/else.mp3", "Voilà", "Françoise Hardy", ""),
            ("x", "not/here.mp3", "Not Here", "Nobody At All", ""),
        ]
        connection.executemany("INSERT INTO media_file VALUES (?, ?, ?, ?, ?)", rows)
    return path


def test_navidrome(shelf, tmp_path):
    file = navidrome(tmp_path / "navidrome.db")
    with pytest.raises(PlaylistFileError, match="anna, bert"):
        take(file)
    report = take(file, "Anna")
    assert titles('Evening, "soft"') == ["Voilà", "Angel"]
    assert report.playlists[0].missing == ("Nobody At All - Not Here",)
    assert report.left_out == ("Unknown",)
    assert (report.liked, report.rated, report.missing) == (2, 1, ("Nobody At All - Not Here",))
    assert set(likes.likes_of(OWNER)) == {shelf.id("Angel"), shelf.id("Voilà")}
    assert ratings.stars_of(OWNER, shelf.id("Angel")) == 4
    (tmp_path / "other.db").write_bytes(b"SQLite format 3\0" + bytes(200))
    with pytest.raises(StoreError, match="cannot be read"):
        take(tmp_path / "other.db")


def test_rekordbox_gives_back_what_was_exported_and_stars(shelf, tmp_path):
    file = tmp_path / "rekordbox.xml"
    file.write_text(
        """<?xml version="1.0" encoding="UTF-8"?><DJ_PLAYLISTS Version="1.0.0">
        <COLLECTION Entries="2">
        <TRACK TrackID="7" Name="Angel" Artist="Massive Attack" Rating="204"
            Location="file://localhost/D:/Musik/Mezzanine/08%20Angel.flac"/>
        <TRACK TrackID="9" Name="Nirgends &amp; nie" Artist="X, Y" Rating="255"
            Location="file://localhost/D:/x.mp3"/></COLLECTION>
        <PLAYLISTS><NODE Type="0" Name="ROOT"><NODE Type="0" Name="Clubs">
        <NODE Type="1" Name="Fr&amp;Sa" KeyType="0"><TRACK Key="7"/><TRACK Key="9"/></NODE>
        </NODE></NODE></PLAYLISTS></DJ_PLAYLISTS>""",
        "utf-8",
    )
    report = take(file)
    assert titles("Fr&Sa") == ["Angel"] and report.missing == ("X, Y - Nirgends & nie",)
    assert ratings.stars_of(OWNER, shelf.id("Angel")) == 4
    number = playlists()[0].id
    file.write_bytes(export_bytes(number, "rekordbox")[2])
    assert take(file).playlists[0].tracks == 1


def test_saved_replies_of_opensubsonic(shelf, tmp_path):
    song = {"id": "1", "title": "Angel", "artist": "Massive Attack", "path": "a/b/c.flac"}
    replies = [
        {"subsonic-response": {"status": "ok", "playlist": {"name": "Röst", "entry": [song]}}},
        {"subsonic-response": {"starred2": {"song": [{**song, "starred": "2024-01-01"}]}}},
        {"song": [{"id": "2", "title": "Voilà", "artist": "Françoise Hardy", "userRating": 3}]},
    ]
    file = tmp_path / "replies.json"
    file.write_text(json.dumps(replies))
    report = take(file)
    assert titles("Röst") == ["Angel"] and (report.liked, report.rated) == (1, 1)
    file.write_text('{"subsonic-response": {"status": "failed"}}')
    with pytest.raises(PlaylistFileError):
        take(file)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_m3u_of_another_machine_in_any_encoding(shelf, tmp_path, encoding):
    names = {title: next(shelf.music.glob(f"*{title}*")).name for title in ("Angel", "Voilà")}
    text = (
        "#EXTM3U\r\n#EXTINF:1,Somebody - Something Else\r\n"
        f"D:\\Musik\\Ünsere Stücke\\{names['Voilà'].upper()}\r\n"
        f"\\\\nas\\music\\{names['Angel']}\r\n"
        "#EXTINF:5,Nobody At All - Not Here, ça va\r\nx\\y.mp3\r\n"
    )
    file = tmp_path / "Meine Liste.m3u"
    file.write_bytes(text.encode(encoding))
    report = take(file)
    assert titles("Meine Liste") == ["Voilà", "Angel"]
    assert report.playlists[0].missing == ("Nobody At All - Not Here, ça va",)
    if encoding == "utf-8":  # as macOS writes names
        file.write_bytes(unicodedata.normalize("NFD", text).encode())
        assert take(file).playlists[0].tracks == 2


def test_the_command_lists_what_it_did_not_find(shelf, tmp_path):
    file = navidrome(tmp_path / "navidrome.db")
    done = CliRunner().invoke(app, ["import", str(file), "--from-user", "anna"])
    assert done.exit_code == 0, done.output
    assert '“Evening, "soft"”: 2 tracks.' in done.output
    assert "2 tracks liked, 1 with stars." in done.output
    assert "Nobody At All - Not Here" in done.output
