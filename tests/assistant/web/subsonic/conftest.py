"""Calls of player apps to the small library: over a socket, and without one."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from assistant.settings import Settings
from assistant.web.server import create_app

BASE = "http://localhost:8000"


@pytest.fixture
def served(library: Path) -> Iterator[int]:
    """The port of a real server."""
    app = create_app(Settings(use_model=False), chat=False)
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", lifespan="off")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server ended"
        time.sleep(0.02)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join(20)


@pytest.fixture
def calls() -> Callable[..., Any]:
    """Makes a client that calls an app by name and returns the answer as JSON."""

    def client(settings: Settings, **always: str) -> Any:
        transport = httpx.ASGITransport(app=create_app(settings, chat=False))
        http = httpx.AsyncClient(transport=transport, base_url=BASE)

        async def call(name: str, /, **parameters: Any) -> dict[str, Any]:
            reply = await http.get(f"/rest/{name}", params={"f": "json", **always, **parameters})
            assert reply.status_code == 200, reply.text
            return reply.json()["subsonic-response"]

        return call

    return client


@pytest.fixture
async def call(library: Path, calls: Callable[..., Any]) -> AsyncIterator[Any]:
    """Calls a server on which nobody has to sign in."""
    yield calls(Settings(use_model=False), u="anybody", p="anything", c="test", v="1.16.1")


@pytest.fixture
def token() -> Callable[..., dict[str, str]]:
    """Name and proof of a password as apps send them."""

    def parameters(name: str, password: str, salt: str = "c19b2d") -> dict[str, str]:
        proof = hashlib.md5((password + salt).encode()).hexdigest()
        return {"u": name, "t": proof, "s": salt}

    return parameters
