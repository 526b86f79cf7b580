"""Playlist files of other programs."""

from __future__ import annotations

import pytest

from tools.saved_playlists.file_reading import (
    PlaylistFileError,
    ReadEntry,
    read_playlist,
)

M3U = """\ufeff#EXTM3U
#PLAYLIST: Soirée
#EXTINF:210,Lumen - Orbit\r
..\\music\\orbit.flac
# note
b.mp3
"""
XSPF = """<?xml version="1.0"?>
<playlist version="1" xmlns="http://xspf.org/ns/0/"><title>Soirée</title>
<trackList><track><location>file:///music/a%20b.flac</location><title>Orbit</title>
<creator>Lumen</creator></track><track><location>c.mp3</location></track></trackList></playlist>"""


def test_m3u() -> None:
    found = read_playlist(M3U.encode(), "m3u8")
    assert found.name == "Soirée"
    assert found.entries == (
        ReadEntry("Lumen - Orbit", "../music/orbit.flac"),
        ReadEntry("", "b.mp3"),
    )
    latin = read_playlist("#EXTINF:1,Éloïse - Été\nx.mp3".encode("cp1252"), "m3u8")
    assert latin.entries[0].label == "Éloïse - Été"


def test_xspf() -> None:
    found = read_playlist(XSPF.encode(), "xspf")
    assert found.name == "Soirée"
    assert found.entries == (
        ReadEntry("Lumen - Orbit", "/music/a b.flac"),
        ReadEntry("", "c.mp3"),
    )


@pytest.mark.parametrize("content", [b"", b"#EXTM3U\n", b"x\n" * 10_001])
def test_what_is_no_playlist(content: bytes) -> None:
    with pytest.raises(PlaylistFileError):
        read_playlist(content, "m3u8")
    with pytest.raises(PlaylistFileError):
        read_playlist(content, "xspf")
