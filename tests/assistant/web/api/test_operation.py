"""Health and measurements."""

from __future__ import annotations

from pathlib import Path

import httpx

from store.database import db
from store.jobs import indexer_state


async def test_readiness_names_what_is_missing(api: httpx.AsyncClient) -> None:
    ready = await api.get("/api/health/ready")
    checks = ready.json()["checks"]
    assert (ready.status_code, ready.json()["status"]) == (200, "ready")
    assert checks["vectors"]["detail"] == "10 vectors"
    assert (checks["indexer"]["ok"], checks["model"]["ok"]) == (False, False)
    indexer_state.record_heartbeat()
    assert (await api.get("/api/health/ready")).json()["checks"]["indexer"]["ok"]


async def test_a_broken_library_is_not_ready_but_lives(
    api: httpx.AsyncClient, library: Path
) -> None:
    db.reset()
    for file in library.glob("backbeat.db*"):
        file.unlink()
    (library / "backbeat.db").write_bytes(b"no database" * 1000)
    ready = await api.get("/api/health/ready")
    assert (ready.status_code, ready.json()["status"]) == (503, "not_ready")
    assert not ready.json()["checks"]["database"]["ok"]
    assert str(library) not in ready.text
    assert (await api.get("/api/health/live")).json() == {"status": "ok"}
    assert (await api.get("/api/health")).status_code == 503


async def test_measurements(api: httpx.AsyncClient) -> None:
    await api.get("/api/tracks/1/cover")
    await api.get("/api/tracks/77")
    await api.get("/nothing/here")
    text = (await api.get("/metrics")).text
    for line in (
        'backbeat_http_requests_total{method="GET",route="/api/tracks/{track_id}/cover",status="200"} 1.0',  # noqa: E501
        'backbeat_http_requests_total{method="GET",route="/api/tracks/{track_id}",status="404"} 1.0',  # noqa: E501
        'backbeat_http_requests_total{method="GET",route="other",status="404"} 1.0',
        "backbeat_tracks 10.0",
        "backbeat_indexer_up 0.0",
    ):
        assert line in text
