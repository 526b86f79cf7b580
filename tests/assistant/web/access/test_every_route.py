"""Where a password is set, no address answers without it but those that must."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr

from assistant.settings import Settings
from assistant.web.server import create_app

FOR_ALL = {
    "/api/health", "/api/health/live", "/api/health/ready", "/login", "/offline",
    "/service-worker.js",
}  # fmt: skip


FILES = "/chat/assets/"
"""The page's own script and styles: the same for everybody, and in every copy of this program."""
PLAYERS = "/rest/"
"""Player apps sign in by the parameters of their calls, and read a refusal in their own form."""


def addresses(routes: Sequence[Any]) -> Iterator[tuple[str, str]]:
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from addresses(inner.routes)
        path = re.sub(r"\{[^}]*\}", "1", getattr(route, "path", None) or "")
        methods: set[str] = getattr(route, "methods", None) or set()
        yield from ((method, path) for method in methods - {"HEAD"} if path not in FOR_ALL)


async def test_every_address_asks_for_a_login(library: Path) -> None:
    app: Any = create_app(Settings(use_model=False, password=SecretStr("hunter2")), chat=False)
    transport = httpx.ASGITransport(app=app)
    asked = sorted(set(addresses(app.routes)))
    assert len(asked) > 70
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as client:
        for method, path in asked:
            reply = await client.request(method, path)
            if path.startswith(PLAYERS):
                assert 'status="failed"' in reply.text, (method, path)
                continue
            if path.startswith(FILES):
                assert reply.status_code == 404, (method, path)
                continue
            assert reply.status_code == 401, (method, path)
            assert reply.json()["detail"]
        for path in FOR_ALL - {"/login", "/offline", "/service-worker.js"}:
            assert "tracks" not in (await client.get(path)).text
