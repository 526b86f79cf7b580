"""Lists page by page over HTTP: tracks, artists, albums; and what resembles a name."""

from __future__ import annotations

import base64
import json
from typing import Any

import httpx
import pytest


async def walked(api: httpx.AsyncClient, path: str, kind: str, **params: Any) -> list[int]:
    found: list[int] = []
    more: str | None = None
    while True:
        asked = {**params, **({"cursor": more} if more else {})}
        page = (await api.get(path, params=asked)).json()
        found += [each["id"] for each in page[kind]]
        more = page["next"]
        if more is None:
            assert page["total"] == len(found)
            return found


@pytest.mark.parametrize("sort", ["relevance", "title", "bpm", "added", "random", "popularity"])
async def test_tracks_page_by_page(api: httpx.AsyncClient, sort: str) -> None:
    found = await walked(api, "/api/tracks", "tracks", sort=sort, limit=3)
    assert sorted(found) == list(range(1, 11))


async def test_filters_hold_on_every_page(api: httpx.AsyncClient) -> None:
    asked = {"genres": ["jazz", "metal"], "bpm_max": 160, "sort": "bpm"}
    found = await walked(api, "/api/tracks", "tracks", **asked, limit=1)
    whole = (await api.get("/api/tracks", params=asked)).json()
    assert found == [track["id"] for track in whole["tracks"]]
    assert [track["bpm"] for track in whole["tracks"]] == [72.0, 84.0, 150.0]
    alike = await walked(api, "/api/tracks", "tracks", like="Slow Harbour", limit=4)
    assert len(alike) == len(set(alike)) == 9


@pytest.mark.parametrize("cursor", ["x", "e30", "WzFd", "W10", "ü", "null"])
async def test_what_is_no_cursor(api: httpx.AsyncClient, cursor: str) -> None:
    for path in ("/api/tracks", "/api/artists", "/api/albums"):
        reply = await api.get(path, params={"cursor": cursor})
        assert reply.status_code == 422
        assert "cursor" in reply.json()["detail"]


@pytest.mark.parametrize("name", [r'"\ud800"', "NaN", "-Infinity", "1e999"])
async def test_a_forged_cursor(api: httpx.AsyncClient, name: str) -> None:
    for path in ("/api/tracks?sort=bpm", "/api/tracks?sort=title", "/api/artists?", "/api/albums?"):
        more = (await api.get(f"{path}&limit=1")).json()["next"]
        mark, *_ = json.loads(base64.urlsafe_b64decode(more + "=" * (-len(more) % 4)))
        forged = base64.urlsafe_b64encode(f'["{mark}",{name},1]'.encode()).decode().rstrip("=")
        assert (await api.get(f"{path}&limit=1&cursor={forged}")).status_code == 422


async def test_a_cursor_belongs_to_its_list(api: httpx.AsyncClient) -> None:
    page = (await api.get("/api/tracks", params={"sort": "bpm", "limit": 2})).json()
    for other in ({"sort": "title"}, {"sort": "bpm", "genres": "jazz"}):
        reply = await api.get("/api/tracks", params={**other, "cursor": page["next"]})
        assert reply.status_code == 422
    longer = await api.get(
        "/api/tracks", params={"sort": "bpm", "limit": 5, "cursor": page["next"]}
    )
    assert len(longer.json()["tracks"]) == 5


async def test_artists_and_albums(api: httpx.AsyncClient) -> None:
    found = await walked(api, "/api/artists", "artists", limit=2)
    assert len(found) == 7
    quist = (await api.get("/api/artists", params={"q": "QUIST"})).json()["artists"]
    assert [(one["name"], one["tracks"]) for one in quist] == [("Mira Quist", 2)]
    artist = (await api.get(f"/api/artists/{quist[0]['id']}")).json()
    assert (artist["year_min"], artist["year_max"]) == (1961, 1964)
    album = (await api.get(f"/api/albums/{artist['album_list'][0]['id']}")).json()
    assert {track["artist"] for track in album["track_list"]} == {"Mira Quist"}
    albums = await walked(api, "/api/albums", "albums", limit=3)
    assert albums and len(albums) == len(set(albums))
    for path in ("/api/artists/77", "/api/albums/77"):
        assert (await api.get(path)).status_code == 404


async def test_names_that_resemble_a_text(api: httpx.AsyncClient) -> None:
    await api.post("/api/playlists", json={"name": "Harbour nights", "tracks": [1]})
    found = (await api.get("/api/search", params={"q": "slow harbur"})).json()
    assert found["tracks"][0]["name"] == "Slow Harbour"
    found = (await api.get("/api/search", params={"q": "harbour"})).json()
    assert [one["name"] for one in found["playlists"]] == ["Harbour nights"]
    assert (await api.get("/api/search", params={"q": ""})).status_code == 422


async def test_stats_and_recommendations(api: httpx.AsyncClient) -> None:
    stats = (await api.get("/api/stats")).json()
    assert (stats["tracks"], stats["genres"]["jazz"], stats["decades"]["1980"]) == (10, 2, 2)
    nothing = (await api.get("/api/recommendations")).json()
    assert (nothing["based_on"], nothing["tracks"]) == ("nothing", [])
    await api.put("/api/tracks/5/like")
    liked = (await api.get("/api/recommendations", params={"limit": 3})).json()
    assert (liked["based_on"], liked["seeds"], len(liked["tracks"])) == ("likes", [5], 3)
    given = (await api.get("/api/recommendations", params={"track": [3, 7]})).json()
    assert not {3, 7} & {track["id"] for track in given["tracks"]}
    unknown = await api.get("/api/recommendations", params={"track": 77})
    assert unknown.status_code == 404
