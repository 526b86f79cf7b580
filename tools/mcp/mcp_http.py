"""The MCP server over streamable HTTP, for programs on this machine that know its token."""

from __future__ import annotations

import contextlib
import hmac
import os
import secrets
import socket
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any, Final

from tools.base import ToolError

if TYPE_CHECKING:
    from mcp.server.lowlevel import Server
    from starlette.types import ASGIApp, Receive, Scope, Send

HOST: Final = "127.0.0.1"
PATH: Final = "/mcp"
SESSIONS_AT_MOST: Final = 32
"""Open at once: the programs of one person."""
_TOKEN_BYTES: Final = 24


def new_token() -> str:
    """A token that cannot be guessed."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def serve(server: Server[Any, Any], *, token: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve until interrupted.

    Args:
        server: The MCP server.
        token: Asked of every request.
        port: 0 for any that is free.
        ready: Gets the address.

    Raises:
        ToolError: The port is taken.
    """
    import uvicorn

    try:
        listening = socket.create_server((HOST, port))
    except OSError as error:
        why = os.strerror(error.errno or 0)
        raise ToolError(f"Port {port}: {why}. Choose another with --port.") from error
    with listening:
        port = listening.getsockname()[1]
        application = guarded(server, token=token, port=port)
        ready(f"http://{HOST}:{port}{PATH}")
        # a client's open stream would keep a stopping server waiting
        config = uvicorn.Config(application, log_level="warning", timeout_graceful_shutdown=1)
        uvicorn.Server(config).run(sockets=[listening])


def guarded(server: Server[Any, Any], *, token: str, port: int) -> ASGIApp:
    """The application: 401 without the token, 421 and 403 for foreign hosts and origins."""
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
    from mcp.server.transport_security import TransportSecuritySettings
    from starlette.applications import Starlette
    from starlette.routing import Route

    names = (HOST, "localhost")
    manager = StreamableHTTPSessionManager(
        server,
        security_settings=TransportSecuritySettings(
            allowed_hosts=[f"{name}:{port}" for name in names],
            allowed_origins=[f"http://{name}:*" for name in names],
        ),
        max_sessions=SESSIONS_AT_MOST,
    )

    class Endpoint:
        """An instance is taken as it is; a function would be wrapped for requests."""

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            await manager.handle_request(scope, receive, send)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with manager.run():
            yield

    routes = [Route(PATH, endpoint=Endpoint(), methods=["GET", "POST", "DELETE"])]
    return _Token(Starlette(routes=routes, lifespan=lifespan), token)


class _Token:
    """Lets through what carries the token."""

    def __init__(self, application: ASGIApp, token: str) -> None:
        self._application = application
        self._wanted = f"Bearer {token}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._knows(scope):
            from starlette.responses import PlainTextResponse

            refusal = PlainTextResponse(
                "The token is missing or wrong.", 401, {"WWW-Authenticate": "Bearer"}
            )
            await refusal(scope, receive, send)
            return
        await self._application(scope, receive, send)

    def _knows(self, scope: Scope) -> bool:
        given = [value for name, value in scope["headers"] if name == b"authorization"]
        return len(given) == 1 and hmac.compare_digest(given[0], self._wanted)
