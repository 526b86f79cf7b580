"""A page that is closed while it opens leaves no traceback in the log."""

from __future__ import annotations

from typing import Any

import engineio
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from assistant.web.departed_clients import DepartedClients

PATH = "/engine.io/"


async def _ask(app: ASGIApp, *received: str) -> None:
    messages = iter(received)

    async def receive() -> dict[str, Any]:
        return {"type": next(messages), "body": b"", "more_body": True}

    async def send(_: object) -> None:
        """Nobody listens."""

    scope = {
        "type": "http", "method": "POST", "path": PATH, "raw_path": PATH.encode(),
        "query_string": b"", "headers": [], "root_path": "",
    }  # fmt: skip
    await app(scope, receive, send)


async def _read(request: Request) -> JSONResponse:
    return JSONResponse(await request.json())


async def _broken(request: Request) -> JSONResponse:
    await request.is_disconnected()
    raise KeyError("name")


SOCKET: ASGIApp = engineio.ASGIApp(engineio.AsyncServer(async_mode="asgi"))
PAGE = Starlette(routes=[Route(PATH, _read, methods=["POST"])])
BROKEN = Starlette(routes=[Route(PATH, _broken, methods=["POST"])])


@pytest.mark.parametrize("app", [SOCKET, PAGE])
async def test_a_request_without_a_client_is_no_error(app: ASGIApp) -> None:
    with pytest.raises(Exception, match=r"REQUEST_METHOD|^$"):
        await _ask(app, "http.disconnect")
    await _ask(DepartedClients(app), "http.disconnect")


async def test_other_errors_are_errors() -> None:
    with pytest.raises(KeyError, match="name"):
        await _ask(DepartedClients(BROKEN), "http.disconnect")
