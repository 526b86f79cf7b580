"""The application over the small library, and answers that come piece by piece."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.settings import Settings
from assistant.web.server import create_app


@pytest.fixture
def app(library: Path) -> Any:
    return create_app(Settings(use_model=False), chat=False)


@pytest.fixture
async def api(app: Any) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as client:
        yield client


class Stream:
    """An answer of server-sent events, read while the application is at it."""

    def __init__(self, app: Any, method: str, path: str, **options: Any) -> None:
        body = json.dumps(options.get("json")).encode() if "json" in options else b""
        headers = {"host": "localhost:8000", "content-type": "application/json"}
        headers |= options.get("headers", {})
        address, _, query = path.partition("?")
        self._scope = {
            "type": "http", "http_version": "1.1", "method": method, "scheme": "http",
            "path": address, "raw_path": address.encode(), "query_string": query.encode(),
            "root_path": "", "client": ("127.0.0.1", 5), "server": ("localhost", 8000),
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }  # fmt: skip
        self._app, self._sent = app, asyncio.Queue[dict[str, Any]]()
        self._received = asyncio.Queue[dict[str, Any]]()
        self._received.put_nowait({"type": "http.request", "body": body, "more_body": False})
        self._text = ""
        self.status = 0

    async def __aenter__(self) -> Stream:
        self._task = asyncio.create_task(self._app(self._scope, self._received.get, self._sent.put))
        self.status = (await self._sent.get())["status"]
        return self

    async def __aexit__(self, *error: object) -> None:
        self._received.put_nowait({"type": "http.disconnect"})
        await self._task

    async def __aiter__(self) -> AsyncIterator[tuple[str, Any]]:
        while True:
            message = await self._sent.get()
            self._text += message.get("body", b"").decode().replace("\r\n", "\n")
            while "\n\n" in self._text:
                block, _, self._text = self._text.partition("\n\n")
                fields = dict(line.partition(": ")[::2] for line in block.split("\n"))
                if "event" in fields:
                    yield fields["event"], json.loads(fields["data"])
            if not message.get("more_body"):
                return


@pytest.fixture
def stream(app: Any) -> Any:
    """`async with stream("GET", path) as events: async for name, values in events`."""
    return lambda method, path, **options: Stream(app, method, path, **options)
