"""The gain of a track, and the likes that the player shows."""

from __future__ import annotations

import httpx
import pytest

from assistant.settings import Settings
from assistant.web.player.player_view import gain_db
from assistant.web.server import create_app
from store.tracks.loudness import StoredLoudness


@pytest.mark.parametrize(
    ("loudness", "gain"),
    [
        (None, 0.0),
        (StoredLoudness(-8.0, 0.5), -10.0),  # a loud master
        (StoredLoudness(-23.0, -9.0), 5.0),
        (StoredLoudness(-23.0, -3.0), 2.0),  # no further, or it clips
        (StoredLoudness(-23.0, 0.2), 0.0),
        (StoredLoudness(-23.0, None), 0.0),
    ],
)
def test_gain(loudness: StoredLoudness | None, gain: float) -> None:
    assert gain_db(loudness) == gain


async def test_likes_and_texts(library: object) -> None:
    app = create_app(Settings(use_model=False), chat=False)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as api:
        await api.post("/api/player", json={"action": "play", "tracks": [1, 2]})
        assert (await api.put("/api/tracks/2/like")).status_code == 204
        tracks = (await api.get("/api/player")).json()["tracks"]
        assert [track["liked"] for track in tracks] == [False, True]
        assert (await api.delete("/api/tracks/2/like")).status_code == 204
        tracks = (await api.get("/api/player")).json()["tracks"]
        assert [track["liked"] for track in tracks] == [False, False]
        assert (await api.put("/api/tracks/999/like")).status_code == 404
        assert (await api.get("/api/player/texts?lang=fr-CA")).json()["next"] == "Suivant"
        french = {"Accept-Language": "fr"}
        assert (await api.get("/api/player/texts", headers=french)).json()["next"] == "Suivant"
        assert (await api.get("/api/player/texts")).json()["next"] == "Next"
