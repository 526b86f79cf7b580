"""Further rows of a table: pages, orders, languages, refusals."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from store.people import likes


async def rows(api: httpx.AsyncClient, **asked: Any) -> dict[str, Any]:
    reply = await api.post("/api/tracks/rows", json={"query": {}, "count": 4} | asked)
    assert reply.status_code == 200, reply.text
    return reply.json()


def titles(found: dict[str, Any]) -> list[str]:
    return [track["title"] for track in found["tracks"]]


async def test_pages_follow_one_another(api: httpx.AsyncClient) -> None:
    seen: list[int] = []
    for expected in (4, 4, 2, 0):
        found = await rows(api, seen=seen)
        assert len(found["tracks"]) == expected
        seen += [track["id"] for track in found["tracks"]]
    assert sorted(seen) == list(range(1, 11))
    assert (await rows(api))["total"] == 10


async def test_the_limit_of_the_query_does_not_count(api: httpx.AsyncClient) -> None:
    assert len((await rows(api, query={"limit": 1}, count=5))["tracks"]) == 5


async def test_orders_go_both_ways(api: httpx.AsyncClient) -> None:
    up = await rows(api, count=10, order={"by": "bpm"})
    tempos = [track["bpm"] for track in up["tracks"] if "bpm" in track]
    assert tempos == sorted(tempos) and len(set(tempos)) > 2
    down = await rows(api, count=4, order={"by": "bpm", "descending": True})
    rest = await rows(
        api,
        count=6,
        order={"by": "bpm", "descending": True},
        seen=[track["id"] for track in down["tracks"]],
    )
    falling = [track["bpm"] for page in (down, rest) for track in page["tracks"] if "bpm" in track]
    assert falling == tempos[::-1]


async def test_keys_go_round_the_circle(api: httpx.AsyncClient) -> None:
    found = await rows(api, count=10, order={"by": "key"})
    keys = [track["camelot"] for track in found["tracks"] if "camelot" in track]
    assert keys == sorted(keys, key=lambda key: (int(key[:-1]), key[-1]))
    assert len(set(keys)) > 2


async def test_rows_speak_the_language_of_the_table(api: httpx.AsyncClient) -> None:
    english = await rows(api, query={"genres": ["jazz"]}, count=1)
    french = await rows(api, query={"genres": ["jazz"]}, count=1, language="fr")
    assert english["tracks"][0]["moods"] != french["tracks"][0]["moods"]


@pytest.mark.parametrize(
    "asked",
    [
        {"count": 0}, {"count": 201}, {"seen": ["x"]}, {"seen": [0]}, {"order": {"by": "path"}},
        {"query": {"nonsense": 1}}, {"seen": [1] * 5001}, {"surplus": True},
    ],
)  # fmt: skip
async def test_what_is_refused(api: httpx.AsyncClient, asked: dict[str, Any]) -> None:
    reply = await api.post("/api/tracks/rows", json={"query": {}, "count": 4} | asked)
    assert reply.status_code == 422


async def test_liked_tracks(api: httpx.AsyncClient) -> None:
    assert (await api.get("/api/tracks/liked")).json() == []
    likes.set_like(1, 3, likes.LIKED)
    likes.set_like(1, 4, likes.DISLIKED)
    assert (await api.get("/api/tracks/liked")).json() == [3]
