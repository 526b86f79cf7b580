"""Answers as XML and JSON against our own table of fields, and hostile calls."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest

from assistant.settings import Settings
from assistant.web.server import create_app
from assistant.web.subsonic.routes import METHODS
from store.database.db import rows, write
from store.people import plays
from store.playlists import playlist_reading

NAMESPACE = "{http://subsonic.org/restapi}"
SONG = {
    "id": str, "parent": str, "isDir": bool, "title": str, "album": str, "artist": str,
    "track": int, "year": int, "genre": str, "coverArt": str, "size": int, "contentType": str,
    "suffix": str, "duration": int, "bitRate": int, "samplingRate": int, "channelCount": int,
    "path": str, "isVideo": bool, "userRating": int, "playCount": int, "played": str,
    "discNumber": int, "created": str, "starred": str, "albumId": str, "artistId": str,
    "type": str, "mediaType": str, "bpm": int, "musicBrainzId": str, "displayArtist": str,
    "displayAlbumArtist": str, "artists": list, "albumArtists": list, "genres": list,
    "moods": list, "replayGain": dict,
}  # fmt: skip
ALBUM = {
    "id": str, "name": str, "artist": str, "artistId": str, "coverArt": str, "songCount": int,
    "duration": int, "playCount": int, "played": str, "created": str, "starred": str,
    "userRating": int, "year": int, "genre": str, "genres": list, "artists": list,
    "displayArtist": str, "musicBrainzId": str, "song": list,
}  # fmt: skip
ARTIST = {
    "id": str, "name": str, "coverArt": str, "albumCount": int, "starred": str,
    "userRating": int, "musicBrainzId": str, "album": list,
}  # fmt: skip
PLAYLIST = {
    "id": str, "name": str, "owner": str, "public": bool, "songCount": int, "duration": int,
    "created": str, "changed": str, "coverArt": str, "entry": list,
}  # fmt: skip
NEEDED = {
    "song": (SONG, {"id", "isDir", "title"}),
    "album": (ALBUM, {"id", "name", "songCount", "duration", "created"}),
    "artist": (ARTIST, {"id", "name"}),
    "playlist": (PLAYLIST, {"id", "name", "songCount", "duration", "created", "changed"}),
}
ANSWERS = {
    "getMusicFolders": ({}, "musicFolders"),
    "getIndexes": ({}, "indexes"),
    "getArtists": ({}, "artists"),
    "getArtist": ({"id": "ar-1"}, "artist"),
    "getAlbum": ({"id": "al-1"}, "album"),
    "getSong": ({"id": "tr-1"}, "song"),
    "getMusicDirectory": ({"id": "al-1"}, "directory"),
    "getGenres": ({}, "genres"),
    "getAlbumList2": ({"type": "newest"}, "albumList2"),
    "getRandomSongs": ({"size": "3"}, "randomSongs"),
    "search3": ({"query": '""'}, "searchResult3"),
    "getStarred2": ({}, "starred2"),
    "getSonicSimilarTracks": ({"id": "tr-1"}, "sonicMatch"),
    "getUser": ({"username": "me", "u": "me"}, "user"),
    "getScanStatus": ({}, "scanStatus"),
    "getLicense": ({}, "license"),
    "getPlaylists": ({}, "playlists"),
    "createPlaylist": ({"name": "one", "songId": "tr-1"}, "playlist"),
}


@pytest.fixture
async def web(library: Path) -> Any:
    app = create_app(Settings(use_model=False), chat=False)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as client:
        yield client


def _described(name: str, value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (kind, entry) of every song, album, artist and playlist in an answer."""
    if isinstance(value, dict):
        kind = {"entry": "song", "child": "song"}.get(name, name)
        if kind in NEEDED and "id" in value:
            yield kind, value
        for part, inner in value.items():
            yield from _described(part, inner)
    elif isinstance(value, list):
        for item in value:
            yield from _described(name, item)


def _same(element: ElementTree.Element, value: Any) -> bool:
    """Return whether an element says what a value of JSON does."""
    if not isinstance(value, dict):
        return element.text == _text(value)
    for name, inner in value.items():
        parts = element.findall(NAMESPACE + name)
        if isinstance(inner, list):
            if len(parts) != len(inner) or not all(map(_same, parts, inner)):
                return False
        elif isinstance(inner, dict):
            if len(parts) != 1 or not _same(parts[0], inner):
                return False
        elif (element.text if name == "value" else element.get(name)) != _text(inner):
            return False
    return True


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


async def test_fields_and_types_the_same_in_both_formats(web: Any) -> None:
    await web.get("/rest/star", params={"id": "tr-1", "albumId": "al-1", "artistId": "ar-1"})
    await web.get("/rest/scrobble", params={"id": "tr-1"})
    seen: set[str] = set()
    for name, (parameters, key) in ANSWERS.items():
        if name not in ("createPlaylist", "getRandomSongs"):
            xml = await web.get(f"/rest/{name}.view", params=parameters)
            assert xml.headers["content-type"] == "text/xml; charset=utf-8"
        reply = await web.get(f"/rest/{name}.view", params={**parameters, "f": "json"})
        answer = reply.json()["subsonic-response"]
        assert answer["status"] == "ok"
        assert answer["openSubsonic"] is True
        assert key in answer
        if name not in ("createPlaylist", "getRandomSongs"):
            assert _same(ElementTree.fromstring(xml.content), answer), name
        for kind, entry in _described(key, answer[key]):
            fields, needed = NEEDED[kind]
            if entry.get("isDir"):
                continue
            assert needed <= entry.keys()
            for field, value in entry.items():
                assert isinstance(value, fields[field]), (name, field, value)
            seen.add(kind)
    assert seen == set(NEEDED)


async def test_names_that_no_xml_may_hold(web: Any) -> None:
    title = "a\x00b\x0b<&\"'>\ufffe 音楽 \U0001f941 עברית"
    with write() as session:
        rows(session, "UPDATE track SET title = :title WHERE id = 1", title=title)
        rows(session, "UPDATE artist SET name = :name WHERE id = 1", name="Δ\x1b[31m]]>")
    for form, name in (("xml", "getSong"), ("json", "getSong"), ("xml", "getAlbum")):
        number = "tr-1" if name == "getSong" else "al-1"
        reply = await web.get(f"/rest/{name}", params={"id": number, "f": form})
        assert "音楽 \U0001f941 עברית" in reply.text
        if form == "xml":
            ElementTree.fromstring(reply.content)
        else:
            shown = reply.json()["subsonic-response"]["song"]["title"]
            assert shown == "a\ufffdb\ufffd<&\"'>\ufffd 音楽 \U0001f941 עברית"


HOSTILE = (
    "", "0", "tr-", "tr--1", "tr-0", "tr-1 OR 1=1", "tr-١", "tr-" + "9" * 400, "../../etc/passwd",
    "%2e%2e%2f", "al-1\x00", "tr-1e3", "\ud800", "co-0", "pl-99", "ar-4000",
)  # fmt: skip
NUMBERS = (
    "-1", "99999999999999999999999999", "1e9", "x", "", " ", "0x10", "9" * 5000, "１",
)  # fmt: skip
_NUMBERED = (
    "size", "count", "offset", "fromYear", "toYear", "songCount", "songOffset", "albumOffset",
    "artistCount", "maxBitRate", "timeOffset", "rating", "ifModifiedSince", "time",
    "songIndexToRemove",
)  # fmt: skip


async def test_hostile_calls_are_answered(web: Any) -> None:
    ids = ("id", "albumId", "artistId", "playlistId", "songId", "startSongId", "endSongId")
    texts = {"type": "byYear", "genre": "x", "artist": "y", "query": "z"}
    given = {"id": "tr-1", "query": "", "type": "newest", "genre": "jazz", "artist": "Halde"}
    for name in METHODS:
        for hostile in HOSTILE:
            values = {**texts, **{key: hostile.encode(errors="surrogatepass") for key in ids}}
            reply = await web.post(f"/rest/{name}", data=values)
            assert reply.status_code == 200
            assert str(Path.cwd()) not in reply.text
        for hostile in NUMBERS:
            values = {**given, **dict.fromkeys(_NUMBERED, hostile)}
            assert (await web.post(f"/rest/{name}", data=values)).status_code == 200


async def test_the_library_is_as_it_was_after_hostile_calls(call: Any) -> None:
    for text in ('" OR 1', "*", "NEAR(", "a" * 100_000, "%", "\\", "title:x", "🥁"):
        answer = await call("search3", query=text[:8000])
        assert answer["status"] == "ok"
    assert (await call("search3", query="%"))["searchResult3"]["artist"] == []

    def refused(answer: dict[str, Any]) -> int:
        return answer["error"]["code"]

    assert refused(await call("noSuchCall")) == 70
    assert refused(await call("..%2fapi%2ftracks")) == 70
    assert refused(await call("setRating", id="tr-1", rating="9")) == 0
    assert refused(await call("setRating", id="tr-1")) == 10
    assert refused(await call("getAlbumList2", type="worst")) == 0
    assert refused(await call("createPlaylist")) == 10
    assert refused(await call("scrobble", id="tr-77")) == 70
    assert refused(await call("scrobble", id=["tr-1"] * 1001)) == 10
    assert plays.plays_of(1) == ()
    assert refused(await call("createPlaylist", name="x", songId="tr-77")) == 70


async def test_a_playlist_that_is_deleted_meanwhile(
    call: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = (await call("createPlaylist", name="x", songId="tr-1"))["playlist"]
    monkeypatch.setattr(playlist_reading, "playlists", lambda **_: ())
    assert (await call("getPlaylist", id=made["id"]))["error"]["code"] == 70


async def test_jsonp_is_refused(web: Any) -> None:
    reply = await web.get("/rest/ping", params={"f": "jsonp", "callback": "alert"})
    assert 'status="failed"' in reply.text
    assert "alert" not in reply.text


async def test_too_long_a_body(web: Any) -> None:
    reply = await web.post("/rest/ping", data={"x": "y" * 5_000_000})
    assert 'status="failed"' in reply.text


async def test_a_file_that_is_broken_or_gone(call: Any, web: Any, tmp_path: Path) -> None:
    broken = tmp_path / "broken.flac"
    broken.write_bytes(b"fLaC" + b"\0" * 4000)
    with write() as session:
        rows(session, "UPDATE track SET path = :path WHERE id = 1", path=str(broken))
        rows(session, "UPDATE track SET path = :path WHERE id = 2", path=str(tmp_path / "gone"))
    for _ in range(2):
        assert (await call("stream", id="tr-1", format="mp3"))["error"]["code"] == 0
    for name in ("stream", "download"):
        answer = await call(name, id="tr-2")
        assert answer["error"]["code"] == 70
        assert str(tmp_path) not in answer["error"]["message"]
    reply = await web.get("/rest/stream", params={"id": "tr-1"})
    assert reply.content == broken.read_bytes()
