"""The addresses of playlists: order, edits with their undo, charts, other people's lists."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from store.jobs import job_queue
from store.people import people
from store.playlists.playlist_writing import save_playlist
from store.results import PlaylistDetail


@pytest.fixture
def saved(library: Any) -> PlaylistDetail:
    return save_playlist("Evening", [(1, ""), (2, ""), (5, "")], {"moods": ["relaxed"]})


def ids(shown: dict[str, Any]) -> list[int]:
    return [entry["track"]["id"] for entry in shown["entries"]]


async def mark(api: httpx.AsyncClient) -> str:
    return (await api.get("/api/playlists/changes")).json()["mark"]


async def test_the_list_shows_first_covers(api: httpx.AsyncClient, saved: PlaylistDetail) -> None:
    listed = (await api.get("/api/playlists")).json()
    assert [(each["name"], each["tracks"]) for each in listed] == [("Evening", 3)]
    covers = [cover["cover_url"] for cover in listed[0]["covers"]]
    assert covers == ["/api/tracks/1/cover", None, "/api/tracks/5/cover"]


async def test_a_playlist_with_what_the_page_shows(
    api: httpx.AsyncClient, saved: PlaylistDetail
) -> None:
    shown = (await api.get(f"/api/playlists/{saved.id}")).json()
    assert ids(shown) == [1, 2, 5]
    first = shown["entries"][0]["track"]
    assert (first["camelot"], first["bpm"], first["audio_url"]) == (
        "8A", 118.0, "/api/tracks/1/audio",
    )  # fmt: skip
    assert shown["undo"] is None


async def test_tracks_are_reordered_and_that_is_undone(
    api: httpx.AsyncClient, saved: PlaylistDetail
) -> None:
    address, before = f"/api/playlists/{saved.id}", await mark(api)
    reply = await api.put(f"{address}/tracks", json={"tracks": [5, 1, 2]})
    assert ids(reply.json()) == [5, 1, 2]
    assert reply.json()["undo"] == "move"
    assert await mark(api) != before
    for others in ([5, 1], [5, 1, 2, 2], [5, 1, 3], []):
        reply = await api.put(f"{address}/tracks", json={"tracks": others})
        assert reply.status_code == 409
    reply = await api.post(f"{address}/undo")
    assert ids(reply.json()) == [1, 2, 5]
    assert reply.json()["said"]
    assert (await api.post(f"{address}/undo")).status_code == 409


async def test_tracks_are_removed_locked_and_refilled(
    api: httpx.AsyncClient, saved: PlaylistDetail
) -> None:
    address = f"/api/playlists/{saved.id}"
    for locked in (True, True, False, True):
        reply = await api.patch(f"{address}/tracks/2", json={"locked": locked})
        states = [entry["locked"] for entry in reply.json()["entries"]]
        assert states == [False, locked, False]
    reply = await api.post(f"{address}/refill")
    assert ids(reply.json())[1] == 2
    assert ids(reply.json()) != [1, 2, 5]
    assert (await api.post(f"{address}/undo")).json()["entries"][1]["locked"]
    assert ids((await api.delete(f"{address}/tracks/1")).json()) == [2, 5]
    assert (await api.delete(f"{address}/tracks/1")).status_code == 409


async def test_renamed_deleted_and_brought_back(
    api: httpx.AsyncClient, saved: PlaylistDetail
) -> None:
    save_playlist("Night", [(3, "")], {})
    address = f"/api/playlists/{saved.id}"
    assert (await api.patch(address, json={"name": "Soir"})).json()["name"] == "Soir"
    taken = await api.patch(address, json={"name": "night"}, headers={"Accept-Language": "fr"})
    assert taken.status_code == 409
    assert "autre nom" in taken.json()["detail"]
    assert (await api.delete(address)).json()["said"]
    assert (await api.get(address)).status_code == 404
    assert [each["name"] for each in (await api.get("/api/playlists")).json()] == ["Night"]
    assert (await api.post(f"{address}/undo")).json()["name"] == "Soir"


async def test_charts_of_all_tracks(api: httpx.AsyncClient, saved: PlaylistDetail) -> None:
    address = f"/api/playlists/{saved.id}/charts"
    assert (await api.get(address)).json()["tracks"] == {}
    begun = (await api.post(address)).json()
    assert (begun["total"], begun["open"], begun["done"]) == (3, 3, 0)
    job = job_queue.claim("test")
    assert job is not None
    job_queue.record_progress(job.id, 0.4, "beats")
    shown = (await api.get(address)).json()["tracks"][str(job.track_id)]
    assert shown == {"state": "running", "progress": 0.4}
    job_queue.fail(job.id, "no drums", retry=False, result={"code": "no_drums"})
    shown = (await api.get(address)).json()
    assert (shown["open"], shown["failed"]) == (2, 1)
    assert "drum" in shown["tracks"][str(job.track_id)]["reason"]
    assert (await api.delete(address)).json()["open"] == 0


async def test_the_lists_of_other_people_are_not_there(
    api: httpx.AsyncClient, library: Any
) -> None:
    other = save_playlist("Secret", [(1, "")], {}, person=people.person("somebody").id)
    address = f"/api/playlists/{other.id}"
    assert (await api.get("/api/playlists")).json() == []
    for method, path, body in (
        ("GET", "", None), ("DELETE", "", None), ("PATCH", "", {"name": "Mine"}),
        ("POST", "/undo", None), ("POST", "/refill", None), ("PUT", "/tracks", {"tracks": [1]}),
        ("DELETE", "/tracks/1", None), ("PATCH", "/tracks/1", {"locked": True}),
        ("GET", "/charts", None), ("POST", "/charts", None), ("GET", "/export.m3u8", None),
    ):  # fmt: skip
        reply = await api.request(method, address + path, json=body)
        assert reply.status_code == 404, (method, path)


async def test_texts_in_two_languages(api: httpx.AsyncClient) -> None:
    english = (await api.get("/api/panel/texts")).json()
    french = (await api.get("/api/panel/texts", params={"lang": "fr-CA"})).json()
    assert (english["tab_indexing"], french["tab_indexing"]) == ("Indexing", "Analyse")
    assert english.keys() == french.keys()
