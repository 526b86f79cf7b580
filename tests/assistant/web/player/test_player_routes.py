"""The player's addresses: state, actions, reports, refusals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx

from assistant.settings import Settings
from assistant.web.server import create_app
from store.people import player

HOST = "http://localhost:8000"


async def act(api: httpx.AsyncClient, action: str, **values: Any) -> dict[str, Any]:
    reply = await api.post("/api/player", json={"action": action, **values})
    assert reply.status_code == 200, reply.text
    assert reply.json() == (await api.get("/api/player")).json()
    return reply.json()


def ids(state: dict[str, Any]) -> list[int]:
    return [track["id"] for track in state["tracks"]]


async def test_an_empty_player(api: httpx.AsyncClient) -> None:
    assert (await api.get("/api/player")).json() == {
        "tracks": [], "place": 0, "playing": False, "seconds": 0.0, "volume": 1.0,
        "shuffle": False, "repeat": "off", "version": 0, "started": 0,
    }  # fmt: skip


async def test_tracks_are_played_queued_and_moved(api: httpx.AsyncClient) -> None:
    state = await act(api, "play", tracks=[1, 2, 3], place=1)
    assert (ids(state), state["place"], state["playing"]) == ([1, 2, 3], 1, True)
    assert state["tracks"][0] == {
        "id": 1, "title": "Night Drive", "artist": "Neon Coast", "album": "First",
        "duration_s": 3.0, "audio_url": "/api/tracks/1/audio", "cover_url": "/api/tracks/1/cover",
        "gain_db": 0.0, "liked": False,
    }  # fmt: skip
    assert ids(await act(api, "insert", tracks=[7])) == [1, 2, 7, 3]
    assert ids(await act(api, "append", tracks=[8, 8])) == [1, 2, 7, 3, 8, 8]
    assert ids(await act(api, "move", place=5, to=0)) == [8, 1, 2, 7, 3, 8]
    assert ids(await act(api, "remove", place=0)) == [1, 2, 7, 3, 8]
    assert (await act(api, "jump", place=4))["place"] == 4
    assert ids(await act(api, "clear")) == []
    assert ids(await act(api, "undo")) == [1, 2, 7, 3, 8]


async def test_buttons(api: httpx.AsyncClient) -> None:
    await act(api, "play", tracks=[1, 2, 3])
    assert (await act(api, "next"))["place"] == 1
    assert (await act(api, "previous"))["place"] == 0
    assert not (await act(api, "pause"))["playing"]
    assert (await act(api, "resume"))["playing"]
    assert not (await act(api, "stop"))["playing"]
    assert (await act(api, "quieter"))["volume"] == 0.9
    assert (await act(api, "louder"))["volume"] == 1.0
    assert (await act(api, "volume", volume=0.25))["volume"] == 0.25
    assert (await act(api, "shuffle"))["shuffle"]
    assert not (await act(api, "shuffle", on=False))["shuffle"]
    assert (await act(api, "repeat"))["repeat"] == "one"
    assert (await act(api, "repeat", repeat="one"))["repeat"] == "one"


async def test_a_page_reports_where_it_is(api: httpx.AsyncClient) -> None:
    state = await act(api, "play", tracks=[1, 2])
    told = {"version": state["version"], "track": 1, "seconds": 1.5, "playing": True}
    after = await act(api, "report", **told)
    assert (after["seconds"], after["version"]) == (1.5, state["version"])
    ended = await act(api, "report", **told, ended=True)
    assert (ended["place"], ended["playing"]) == (1, True)
    assert await act(api, "report", **told, ended=True) == ended  # an older state


async def test_only_what_is_known_is_taken(api: httpx.AsyncClient) -> None:
    await act(api, "play", tracks=[1, 2])
    before = player.player(1)
    for wrong in (
        {}, {"action": "explode"}, {"action": "play"}, {"action": "play", "tracks": []},
        {"action": "play", "tracks": [0]}, {"action": "play", "tracks": ["a"]},
        {"action": "play", "tracks": [2**64]}, {"action": "play", "tracks": [1] * 3001},
        {"action": "play", "tracks": [1], "place": 1}, {"action": "next", "person": 2},
        {"action": "jump", "place": -1}, {"action": "jump", "place": 2},
        {"action": "volume", "volume": 1.1}, {"action": "repeat", "repeat": "twice"},
        {"action": "report", "version": 1, "track": 1, "seconds": -1, "playing": True},
    ):  # fmt: skip
        reply = await api.post("/api/player", json=wrong)
        assert reply.status_code == 422, wrong
    text = '{"action": "volume", "volume": NaN}'
    assert (await api.post("/api/player", content=text)).status_code == 422
    assert (await api.post("/api/player", content="no json")).status_code == 422
    unknown = await api.post("/api/player", json={"action": "play", "tracks": [1, 999]})
    assert unknown.status_code == 404
    assert player.player(1) == before


async def test_nothing_to_undo(api: httpx.AsyncClient) -> None:
    assert (await api.post("/api/player", json={"action": "undo"})).status_code == 409


async def test_other_sites_and_strangers_are_kept_out(library: Path) -> None:
    app = create_app(Settings(use_model=False, password="hunter2"), chat=False)  # type: ignore[arg-type]
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url=HOST) as client:
        assert (await client.get("/api/player")).status_code == 401
        assert (await client.post("/api/player", json={"action": "next"})).status_code == 401
        foreign = {"Origin": "http://evil.example"}
        reply = await client.post(
            "/api/player", json={"action": "next"}, headers=foreign, auth=("me", "hunter2")
        )
        assert reply.status_code == 403
        assert (await client.get("/api/player", auth=("me", "hunter2"))).status_code == 200
