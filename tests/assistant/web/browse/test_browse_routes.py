"""The addresses of the library on the page."""

from __future__ import annotations

import asyncio
import io
import json
import threading
from pathlib import Path

import httpx
import pytest
from PIL import Image

from assistant.web.browse import waveform as waveforms
from assistant.web.browse.beat_grid import beat_grid
from assistant.web.browse.waveform import COLUMNS, NoWaveformError, waveform
from store.charts import drum_charts
from store.charts.lane_files import lanes_beside
from store.jobs import job_queue, job_reports
from store.playlists import playlist_reading
from store.records import ChartRecord
from store.settings import StoreSettings
from store.tracks import track_details

ADDRESS = "/api/browse"


async def read(api: httpx.AsyncClient, address: str, **values: object) -> object:
    reply = await api.get(f"{ADDRESS}{address}", params={k: str(v) for k, v in values.items()})
    assert reply.status_code == 200, reply.text
    return reply.json()


async def test_the_lists(api: httpx.AsyncClient) -> None:
    overview = await read(api, "/overview")
    assert overview == {"tracks": 10, "artists": 7, "albums": 7, "liked": 0, "failed": 0}
    artists = await read(api, "/artists", offset=1, limit=2)
    assert artists["total"] == 7
    assert [one["name"] for one in artists["entries"]] == ["Élodie Marchand", "Halde"]
    letters = await read(api, "/artists/letters")
    assert letters[:2] == [{"letter": "A", "place": 0}, {"letter": "E", "place": 1}]
    halde = await read(api, f"/artists/{artists['entries'][1]['id']}")
    assert [album["title"] for album in halde["own"]] == ["First"]
    album = await read(api, f"/albums/{halde['own'][0]['id']}")
    assert [row["title"] for row in album["rows"]] == ["Iron Weather", "Ladder"]
    assert (await read(api, "/albums", order="year", limit=1))["entries"][0]["year"] == 2020
    genres = await read(api, "/genres", lang="fr")
    assert {one["name"]: one["tracks"] for one in genres}["jazz"] == 2
    found = await read(api, "/search", q="iron")
    assert [row["title"] for row in found["tracks"]] == ["Iron Weather"]
    for gone in ("/artists/999", "/albums/999", "/tracks/999", "/covers/999", "/tracks/999/places"):
        assert (await api.get(ADDRESS + gone)).status_code == 404
    assert (await api.get(f"{ADDRESS}/albums", params={"limit": "9999"})).status_code == 422


async def test_folders_do_not_tell_where_the_music_is(api: httpx.AsyncClient) -> None:
    top = await read(api, "/folders")
    assert (top["name"], top["files"], top["folders"]) == ("music", 10, [])
    rows = await read(api, "/folders/tracks", offset=2, limit=2)
    assert [row["title"] for row in rows] == ["Iron Weather", "Lundi matin"]
    assert len(await read(api, "/folders/below")) == 10
    assert (await api.get(f"{ADDRESS}/folders", params={"path": "../.."})).status_code == 404
    folder = str(track_details.track_file(1).parent)
    assert folder not in json.dumps([top, rows, await read(api, "/tracks/1")])


async def test_a_cover_is_made_small(api: httpx.AsyncClient) -> None:
    row = next(a for a in (await read(api, "/albums"))["entries"] if a["cover_url"])
    reply = await api.get(row["cover_url"], params={"size": "96"})
    assert reply.headers["content-type"] == "image/webp"
    assert Image.open(io.BytesIO(reply.content)).size == (32, 32)  # not made larger
    assert (await api.get(row["cover_url"])).status_code == 200


async def test_failed_files_in_pages(api: httpx.AsyncClient) -> None:
    for name in ("one", "two"):
        job_queue.enqueue("analyse", f"/music/album/{name}.mp3")
        job = job_queue.claim("worker", ["analyse"])
        assert job is not None
        job_queue.fail(job.id, "told", retry=False, result={"code": "corrupted"})
    found = await read(api, "/failed", offset=1, limit=1, lang="fr")
    assert found["total"] == 2
    [file] = found["entries"]
    assert (file["name"], file["reason"]) == ("one.mp3", "Le fichier est abîmé.")


async def test_the_page_of_a_track(api: httpx.AsyncClient) -> None:
    page = await read(api, "/tracks/1")
    assert page["track"]["title"] == "Night Drive"
    assert (page["track"]["album"], page["tempo"]["bpm"], page["key"]["name"]) == (
        "First",
        118.0,
        "A minor",
    )
    assert page["tempo"]["alternative"] == 59.0
    dark = {"name": "dark", "label": "dark", "value": 0.8, "said": None, "learned": False}
    assert page["moods"][0] == dark
    assert page["sections"][0]["camelot"] == "8A"
    assert page["beats"] == {"origin": None, "beats_s": [], "bars_s": []}
    assert page["file"]["name"] == "00.mp3"
    assert page["file"]["sample_rate_hz"] == 22050
    assert "Night Drive" not in page["summary"]
    assert await read(api, "/tracks/1/places") == {
        "artist_id": page["artist_id"],
        "album_id": page["album_id"],
    }
    similar = await read(api, "/tracks/1/similar")
    assert similar["rows"]
    assert all(row["id"] != 1 and row["why"] for row in similar["rows"])


async def test_a_waveform_is_read_once_and_follows_the_sound(api: httpx.AsyncClient) -> None:
    first = await read(api, "/tracks/2/waveform")
    assert len(first["peaks"]) == len(first["levels"]) == COLUMNS
    assert max(first["peaks"]) == pytest.approx(0.2 * 255, abs=3)
    middle = first["levels"][COLUMNS // 2]
    assert middle == pytest.approx(0.2 / 2**0.5 * 255, abs=3)
    [kept] = (StoreSettings().folder / "chat" / "waveforms").iterdir()
    kept.write_bytes(bytes(2 * COLUMNS))
    assert max((await read(api, "/tracks/2/waveform"))["peaks"]) == 0
    assert (await api.get(f"{ADDRESS}/tracks/999/waveform")).status_code == 404


async def test_who_waits_for_a_waveform_holds_up_nobody(api: httpx.AsyncClient) -> None:
    go_on = threading.Event()
    waveforms._maker.submit(go_on.wait)
    address = f"{ADDRESS}/tracks/3/waveform"
    waiting = [asyncio.create_task(api.get(address)) for _ in range(50)]  # more than threads
    try:
        for _ in range(3):
            assert (await asyncio.wait_for(read(api, "/overview"), 60))["tracks"] == 10
        assert not any(task.done() for task in waiting)
    finally:
        go_on.set()
    replies = await asyncio.wait_for(asyncio.gather(*waiting), 60)
    assert {reply.status_code for reply in replies} == {200}
    assert len({reply.content for reply in replies}) == 1


async def test_what_is_no_sound_has_no_waveform(library: Path) -> None:
    file = library / "noise.mp3"
    file.write_bytes(b"no sound at all")
    with pytest.raises(NoWaveformError):
        await waveform(file, 4)


async def test_beats_are_those_of_the_chart(api: httpx.AsyncClient) -> None:
    charts = StoreSettings().charts
    (charts / "1-x").mkdir()
    lanes_beside(charts / "1-x" / "song").write_text(
        json.dumps({"bars": [0.5, 2.5], "beats": [-0.5, 1.0, 1.5, 2.0, 99.0]})
    )
    drum_charts.save_chart(
        ChartRecord(
            track_id=1, folder="1-x/song", zip_file="1-x/song.zip", picture=None, bpm=120.0,
            levels={"BASIC": {"notes": 12, "dlevel": 20}},
        )
    )  # fmt: skip
    detail = track_details.track(1)
    assert detail is not None
    found = beat_grid(detail)
    assert (found.origin, found.bars_s) == ("chart", (0.5, 2.5))
    assert found.beats_s == (0.5, 1.0, 1.5, 2.0, 2.5)
    [chart] = (await read(api, "/tracks/1"))["charts"]
    assert chart["levels"] == [{"level": "BASIC", "dlevel": 20, "notes": 12}]


async def test_several_tracks_at_once(api: httpx.AsyncClient) -> None:
    address = f"{ADDRESS}/selection"
    body = {"name": "Both", "tracks": [3, 1, 999]}
    saved = (await api.post(f"{address}/playlist", json=body)).json()
    detail = playlist_reading.playlist(saved["id"])
    assert detail is not None
    assert [entry.track.id for entry in detail.entries] == [3, 1]
    charts = (await api.post(f"{address}/charts", json={"tracks": [1, 2]})).json()
    assert charts == {"queued": 2, "tracks": 2}
    assert job_reports.counts("chart") == {"queued": 2}
    await api.put(f"{address}/likes", json={"tracks": [1, 2], "liked": True})
    assert (await read(api, "/overview"))["liked"] == 2
    await api.put(f"{address}/likes", json={"tracks": [2], "liked": False})
    assert (await api.get("/api/tracks/liked")).json() == [1]


async def test_texts_in_both_languages(api: httpx.AsyncClient) -> None:
    english, french = [await read(api, "/texts", lang=one) for one in ("en", "fr")]
    assert english.keys() == french.keys()
    assert english["sources"].keys() == french["sources"].keys()
    assert (english["section_liked"], french["section_liked"]) == ("Liked", "Favoris")


def test_beats_counted_at_an_even_tempo(library: Path) -> None:
    from dataclasses import replace

    from store.track_structure import TrackStructure

    detail = track_details.track(2)
    assert detail is not None
    structure = TrackStructure(beats_per_bar=3, first_downbeat_s=0.4, stability="constant")
    even = replace(detail, structure=structure, row=replace(detail.row, bpm=120.0, duration_s=3.0))
    found = beat_grid(even)
    assert found.origin == "tempo"
    assert found.beats_s == (0.4, 0.9, 1.4, 1.9, 2.4, 2.9)
    assert found.bars_s == (0.4, 1.9)
    changing = replace(even, structure=replace(structure, stability="changing"))
    assert beat_grid(changing).origin is None
