"""The addresses of the map: points, what is found, playlists made of it, artists alike."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from indexer.ingest import map_writer
from store.database.db import rows, write
from store.library import track_files
from store.playlists import playlist_reading
from store.vectors import map_positions
from store.vocabulary import CAMELOT_CODES, GENRES, MOODS


@pytest.fixture(autouse=True)
def mapped(library: Path) -> None:
    map_writer.update()


def unpacked(content: bytes) -> dict[str, np.ndarray]:
    (count,) = struct.unpack_from("<I", content)
    at, found = 4, {}
    for name, kind in (
        ("ids", "<u4"), ("x", "<u2"), ("y", "<u2"), ("genres", "u1"), ("moods", "u1"),
        ("tempos", "u1"), ("keys", "u1"), ("energies", "u1"),
    ):  # fmt: skip
        found[name] = np.frombuffer(content, kind, count, at)
        at += found[name].nbytes
    assert at == len(content)
    return found


async def test_the_points_say_where_tracks_lie_and_what_colours_them(
    api: httpx.AsyncClient,
) -> None:
    reply = await api.get("/api/map/points")
    points = unpacked(reply.content)
    assert points["ids"].tolist() == list(range(1, 11))
    assert max(points["x"].max(), points["y"].max()) == map_positions.SIZE
    first = {name: int(values[0]) for name, values in points.items()}
    assert GENRES[first["genres"] - 1] == "electronic"
    assert MOODS[first["moods"] - 1] == "dark"
    assert CAMELOT_CODES[first["keys"] - 1] == "8A"
    assert first["tempos"] == 118
    same = {"If-None-Match": reply.headers["ETag"]}
    again = await api.get("/api/map/points", headers=same)
    assert again.status_code == 304
    assert not again.content
    assert again.headers["ETag"] == reply.headers["ETag"]


async def test_a_new_layout_is_served_at_once(api: httpx.AsyncClient) -> None:
    before = await api.get("/api/map/points")
    track_files.mark_missing([3])
    assert map_writer.update()
    after = await api.get("/api/map/points", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert 3 not in unpacked(after.content)["ids"].tolist()


async def test_names_come_in_the_order_of_the_points(api: httpx.AsyncClient) -> None:
    texts = (await api.get("/api/map/texts", params={"lang": "fr"})).json()
    assert [one["id"] for one in texts["genres"]] == list(GENRES)
    assert texts["moods"][MOODS.index("dark")]["name"] == "sombre"
    assert texts["title"] == "Carte"


async def test_tracks_are_found_and_told_of(api: httpx.AsyncClient) -> None:
    found = (await api.get("/api/map/found", params={"q": "quist"})).json()
    assert sorted(found["tracks"]) == [5, 9]
    told = (await api.get("/api/map/tracks", params={"ids": "9,5,999"})).json()
    assert [one["title"] for one in told] == ["Paper Boats", "Slow Harbour"]
    assert (await api.get("/api/map/tracks", params={"ids": "1;2"})).status_code == 422


async def test_chosen_tracks_become_a_saved_playlist(api: httpx.AsyncClient) -> None:
    reply = await api.post("/api/map/playlist", json={"tracks": [1, 6, 3, 6]})
    assert reply.status_code == 201
    made: dict[str, Any] = reply.json()
    kept = playlist_reading.playlist(made["id"])
    assert kept is not None
    assert sorted(entry.track.id for entry in kept.entries) == [1, 3, 6]
    assert made["name"] == kept.name
    assert (await api.delete(f"/api/playlists/{made['id']}")).status_code == 200
    assert playlist_reading.playlist(made["id"]) is None
    assert (await api.post("/api/map/playlist", json={"tracks": []})).status_code == 422
    assert (await api.post("/api/map/playlist", json={"tracks": [999]})).status_code == 409


async def test_a_way_leads_from_one_track_to_another(api: httpx.AsyncClient) -> None:
    reply = await api.post("/api/map/way", json={"start": 1, "end": 9})
    made = reply.json()
    assert reply.status_code == 201
    assert (made["tracks"][0], made["tracks"][-1]) == (1, 9)
    assert len(made["tracks"]) > 2
    assert (await api.post("/api/map/way", json={"start": 1, "end": 1})).status_code == 409
    assert (await api.post("/api/map/way", json={"start": 1, "end": 99})).status_code == 404


async def test_a_way_between_two_tracks_of_one_name(api: httpx.AsyncClient) -> None:
    with write() as session:
        rows(session, "UPDATE track SET (title, artist_id) = "
            "(SELECT title, artist_id FROM track WHERE id = 1) WHERE id = 9")  # fmt: skip
    reply = await api.post("/api/map/way", json={"start": 1, "end": 9})
    assert reply.status_code == 201
    assert (reply.json()["tracks"][0], reply.json()["tracks"][-1]) == (1, 9)


async def test_artists_by_the_mean_sound_of_their_tracks(api: httpx.AsyncClient) -> None:
    told = (await api.get("/api/artists/1/similar", params={"limit": 3})).json()
    assert told["artist"] == {"id": 1, "name": "Neon Coast"}
    assert len(told["similar"]) == 3
    assert 1 not in [one["id"] for one in told["similar"]]
    alike = [one["similarity"] for one in told["similar"]]
    assert alike == sorted(alike, reverse=True)
    assert (await api.get("/api/artists/999/similar")).status_code == 404
