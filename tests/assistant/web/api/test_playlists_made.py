"""Playlists made of tracks and from files."""

from __future__ import annotations

import httpx
import pytest


async def test_made_filled_ordered_and_deleted(api: httpx.AsyncClient) -> None:
    made = await api.post("/api/playlists", json={"name": "Evening", "tracks": [3, 1]})
    assert made.status_code == 201
    address = f"/api/playlists/{made.json()['id']}"
    added = (await api.post(f"{address}/tracks", json={"tracks": [5, 2], "position": 1})).json()
    assert [entry["track"]["id"] for entry in added["entries"]] == [5, 2, 3, 1]
    ordered = await api.put(f"{address}/tracks", json={"tracks": [1, 2, 3, 5]})
    assert [entry["track"]["id"] for entry in ordered.json()["entries"]] == [1, 2, 3, 5]
    assert (await api.patch(address, json={"name": "Night"})).json()["name"] == "Night"
    assert (await api.delete(address)).json().keys() == {"said"}
    assert (await api.get(address)).status_code == 404
    for body in ({"name": "x", "tracks": [77]}, {"name": " "}, {"name": "x", "path": "/etc"}):
        assert (await api.post("/api/playlists", json=body)).status_code in (404, 422)
    twice = await api.post("/api/playlists", json={"name": "Same"})
    again = await api.post("/api/playlists", json={"name": "Same"})
    assert (twice.json()["name"], again.json()["name"]) == ("Same", "Same 2")


@pytest.mark.parametrize("format", ["m3u8", "xspf"])
async def test_what_is_exported_is_imported(api: httpx.AsyncClient, format: str) -> None:
    made = (await api.post("/api/playlists", json={"name": "Tour", "tracks": [4, 9, 2]})).json()
    file = (await api.get(f"/api/playlists/{made['id']}/export.{format}")).content
    reply = await api.post("/api/playlists/import", params={"format": format}, content=file)
    assert reply.status_code == 201
    taken = reply.json()
    assert [entry["track"]["id"] for entry in taken["entries"]] == [4, 9, 2]
    assert (taken["name"], taken["matched"], taken["missing"]) == ("Tour 2", 3, [])


async def test_entries_are_found_by_name_too_and_what_is_missing_is_told(
    api: httpx.AsyncClient,
) -> None:
    file = (
        "#EXTINF:1,Mira Quist - Slow Harbour\n/elsewhere/x.mp3\n"
        "#EXTINF:1,Nobody - Nothing <b>\n../../etc/passwd\n/music/other/03.ogg\n"
    )
    reply = await api.post("/api/playlists/import", params={"name": "Mixed"}, content=file)
    taken = reply.json()
    assert [entry["track"]["title"] for entry in taken["entries"]] == [
        "Slow Harbour", "Lundi matin",
    ]  # fmt: skip
    assert len(taken["missing"]) == 1
    for content in (b"", b"nothing\n", b"x" * (5 * 1024 * 1024)):
        refused = await api.post("/api/playlists/import", content=content)
        assert refused.status_code in (413, 422)
