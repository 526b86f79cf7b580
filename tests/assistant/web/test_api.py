"""The API on a real library: ranges, refusals, formats."""

from __future__ import annotations

import io
from pathlib import Path

import av
import httpx
import numpy as np
import pytest
import soundfile

from store.database import db
from store.playlists.playlist_writing import save_playlist
from store.tracks import track_details


async def test_health_counts_the_tracks(api: httpx.AsyncClient) -> None:
    health = (await api.get("/api/health")).json()
    assert health["status"] == "ok"
    assert health["tracks"] == 10
    assert health["model"]["problem"] == "off"


async def test_health_of_a_broken_library(api: httpx.AsyncClient, library: Path) -> None:
    db.reset()
    for file in library.glob("backbeat.db*"):
        file.unlink()
    (library / "backbeat.db").write_bytes(b"no database" * 1000)
    reply = await api.get("/api/health")
    assert reply.status_code == 503
    assert "backbeat doctor" in reply.json()["detail"]
    assert str(library) not in reply.text


async def test_a_database_that_cannot_be_used(api: httpx.AsyncClient, library: Path) -> None:
    with db.write() as session:
        db.rows(session, "ALTER TABLE playlist RENAME TO gone")
    for reply in (
        await api.get("/api/playlists"),
        await api.post("/api/playlists?lang=en", json={"name": "x", "tracks": [1]}),
        await api.get("/api/playlists", headers={"Accept-Language": "fr"}),
        await api.get("/rest/getPlaylists", params={"f": "json", "u": "x", "p": "x"}),
    ):
        assert "`backbeat doctor`" in reply.text
        assert str(library) not in reply.text
        if "/rest/" in str(reply.url):
            assert reply.json()["subsonic-response"]["error"]["code"] == 0
        else:
            assert reply.status_code == 503
            french = reply.request.headers.get("accept-language") == "fr"
            assert reply.json()["detail"].startswith("La biblio" if french else "The library")


@pytest.mark.parametrize("number", ["-1", "0", "99999999999999999999", "1e9"])
async def test_numbers_that_nothing_has(api: httpx.AsyncClient, number: str) -> None:
    for path in (
        f"tracks/{number}", f"tracks/{number}/audio", f"tracks/{number}/mir",
        f"playlists/{number}", f"charts/{number}.zip", f"jobs/{number}",
    ):  # fmt: skip
        assert (await api.get(f"/api/{path}")).status_code == 422
    reply = await api.get("/api/tracks", params={"year_min": number})
    assert reply.status_code in {200, 422}


async def test_search_by_address_and_by_body(api: httpx.AsyncClient) -> None:
    by_address = (await api.get("/api/tracks", params={"genres": "jazz", "sort": "bpm"})).json()
    by_body = (await api.post("/api/tracks", json={"genres": ["jazz"], "sort": "bpm"})).json()
    titles = [track["title"] for track in by_address["tracks"]]
    assert titles == ["Slow Harbour", "Paper Boats"]
    assert [track["title"] for track in by_body["tracks"]] == titles


@pytest.mark.parametrize("query", [{"bpm_min": "fast"}, {"moods": "polka"}, {"nonsense": "1"}])
async def test_search_refuses_what_it_does_not_know(
    api: httpx.AsyncClient, query: dict[str, str]
) -> None:
    assert (await api.get("/api/tracks", params=query)).status_code == 422


async def test_details_do_not_tell_where_files_are(api: httpx.AsyncClient, tmp_path: Path) -> None:
    reply = await api.get("/api/tracks/1")
    assert reply.json()["row"]["title"] == "Night Drive"
    assert "music" not in reply.text
    assert (await api.get("/api/tracks/999")).status_code == 404


async def test_audio_in_ranges(api: httpx.AsyncClient) -> None:
    content = track_details.track_file(1).read_bytes()
    whole = await api.get("/api/tracks/1/audio")
    assert whole.content == content
    assert whole.headers["content-type"] == "audio/mpeg"
    assert whole.headers["accept-ranges"] == "bytes"
    part = await api.get("/api/tracks/1/audio", headers={"Range": "bytes=100-199"})
    assert part.status_code == 206
    assert part.content == content[100:200]
    assert part.headers["content-range"] == f"bytes 100-199/{len(content)}"
    tail = await api.get("/api/tracks/1/audio", headers={"Range": "bytes=-10"})
    assert tail.content == content[-10:]
    beyond = await api.get("/api/tracks/1/audio", headers={"Range": f"bytes={len(content)}-"})
    assert beyond.status_code == 416


async def test_audio_types(api: httpx.AsyncClient) -> None:
    types = [(await api.get(f"/api/tracks/{n}/audio")).headers["content-type"] for n in (2, 3, 4)]
    assert types == ["audio/wav", "audio/flac", "audio/ogg"]


async def test_audio_of_a_deleted_file(api: httpx.AsyncClient, library: Path) -> None:
    file = track_details.track_file(2)
    content = file.read_bytes()
    file.unlink()
    try:
        reply = await api.get("/api/tracks/2/audio")
    finally:
        file.write_bytes(content)
    assert reply.status_code == 404
    assert str(file.parent) not in reply.text


@pytest.mark.parametrize(
    "path",
    [
        "/api/tracks/../../etc/passwd/audio",
        "/api/tracks/..%2F..%2Fetc%2Fpasswd/audio",
        "/api/tracks/%2Fetc%2Fpasswd/audio",
        "/api/tracks/1%00/audio",
        "/api/charts/..%2f..%2fbackbeat.db.zip",
        "/api/playlists/1/export...%2f..%2fx",
    ],
)
async def test_no_path_leads_out(api: httpx.AsyncClient, path: str) -> None:
    reply = await api.get(path)
    assert reply.status_code in (404, 422)
    assert "root:" not in reply.text


async def test_covers(api: httpx.AsyncClient) -> None:
    reply = await api.get("/api/tracks/1/cover")
    assert reply.headers["content-type"] == "image/png"
    assert reply.content.startswith(b"\x89PNG")
    assert (await api.get("/api/tracks/2/cover")).status_code == 404


async def test_summary_in_two_languages(api: httpx.AsyncClient) -> None:
    path = "/api/tracks/1/mir-summary"
    english = (await api.get(path)).json()
    french = (await api.get(path, headers={"Accept-Language": "fr-FR,fr;q=0.9,en;q=0.5"})).json()
    asked = (await api.get(path, params={"lang": "fr"})).json()
    assert set(english) == {"track_id", "summary", "context", "search_suggestions"}
    assert english["context"]["bpm"] == 118
    assert english["context"]["key"] == "8A"
    assert french["summary"] == asked["summary"] != english["summary"]


async def test_the_exchange_format_goes_in_and_out(api: httpx.AsyncClient) -> None:
    exchange = (await api.get("/api/tracks/2/mir")).json()
    exchange["normalized"]["danceability"] = 0.125
    reply = await api.post("/api/tracks/2/mir", json=exchange)
    assert (reply.status_code, reply.json()) == (201, {"success": True, "track_id": 2})
    again = (await api.get("/api/tracks/2/mir")).json()
    assert again["normalized"]["danceability"] == 0.125


@pytest.mark.parametrize(
    "body", [b"not json", b"[1]", b'{"normalized": {"danceability": 7}}', b'{"scores": 3}']
)
async def test_a_bad_exchange_is_refused(api: httpx.AsyncClient, body: bytes) -> None:
    reply = await api.post("/api/tracks/2/mir", content=body)
    assert reply.status_code == 422
    assert reply.json()["detail"]


async def test_playlists_and_their_files(api: httpx.AsyncClient) -> None:
    saved = save_playlist("Soirée / d'été", [(1, "start"), (2, "slower")], {})
    listed = (await api.get("/api/playlists")).json()
    assert listed[0]["name"] == "Soirée / d'été"
    for format, begins in (("m3u8", b"#EXTM3U"), ("xspf", b"<?xml"), ("rekordbox", b"<?xml")):
        reply = await api.get(f"/api/playlists/{saved.id}/export.{format}")
        assert reply.content.startswith(begins)
        assert "attachment" in reply.headers["content-disposition"]
    nsp = (await api.get(f"/api/playlists/{saved.id}/export.nsp")).json()
    assert {"all", "any"} & set(nsp)
    assert (await api.get(f"/api/playlists/{saved.id}/export.exe")).status_code == 422
    assert (await api.get("/api/playlists/99/export.m3u8")).status_code == 404


async def test_status_and_missing_things(api: httpx.AsyncClient) -> None:
    status = (await api.get("/api/status")).json()
    assert status["tracks"] == 10
    assert status["genres"]["jazz"] == 2
    for path in ("/api/jobs/77", "/api/charts/77.zip", "/api/charts/77/picture"):
        assert (await api.get(path)).status_code == 404


async def test_root_leads_to_the_chat(api: httpx.AsyncClient) -> None:
    reply = await api.get("/")
    assert reply.status_code == 307
    assert reply.headers["location"] == "/chat/"


@pytest.mark.parametrize("codec", [("aiff", "pcm_s16be"), ("asf", "wmav2"), ("ipod", "alac")])
async def test_what_browsers_do_not_play_comes_as_flac(
    api: httpx.AsyncClient, tmp_path: Path, codec: tuple[str, str]
) -> None:
    file = track_details.track_file(2)
    original = file.read_bytes()
    try:
        file.write_bytes(_encoded(tmp_path / "x", *codec))
        reply = await api.get("/api/tracks/2/audio", params={"as_flac": True})
        again = await api.get(
            "/api/tracks/2/audio", params={"as_flac": True}, headers={"Range": "bytes=0-3"}
        )
    finally:
        file.write_bytes(original)
    assert reply.headers["content-type"] == "audio/flac"
    sound, rate = soundfile.read(io.BytesIO(reply.content))
    assert len(sound) / rate == pytest.approx(2.0, abs=0.1)
    assert np.abs(sound).max() > 0.1
    assert (again.status_code, again.content) == (206, b"fLaC")


async def test_what_is_no_sound_is_refused(api: httpx.AsyncClient) -> None:
    file = track_details.track_file(2)
    original = file.read_bytes()
    try:
        file.write_bytes(b"no sound at all")
        reply = await api.get("/api/tracks/2/audio", params={"as_flac": True})
    finally:
        file.write_bytes(original)
    assert reply.status_code == 415


def _encoded(path: Path, container: str, codec: str) -> bytes:
    time_s = np.arange(44100 * 2) / 44100
    sound = (np.sin(2 * np.pi * 330 * time_s) * 12000).astype("<i2")
    with av.open(str(path), "w", format=container) as sink:
        stream = sink.add_stream(codec, rate=44100, layout="mono")
        context = stream.codec_context
        context.bit_rate = 128_000
        context.open()
        resampler = av.AudioResampler(
            context.format.name, "mono", 44100, frame_size=context.frame_size or 1024
        )
        frame = av.AudioFrame.from_ndarray(sound[None], "s16", "mono")
        frame.sample_rate = 44100
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            sink.mux(stream.encode(piece))
        sink.mux(stream.encode(None))
    return path.read_bytes()
