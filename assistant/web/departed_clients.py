"""Requests whose client is gone before they are read: a page that was closed while it opened."""

from __future__ import annotations

from typing import Final

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_GONE: Final = frozenset({"http.disconnect", "websocket.disconnect"})
_NOT_READ: Final = ("REQUEST_METHOD",)
"""What the socket of the chat misses in a request that it could not read."""


class DepartedClients:
    """ASGI middleware: what fails only because nobody waits for it is not logged as an error."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on."""
        gone = False

        async def watched() -> Message:
            nonlocal gone
            message = await receive()
            gone = gone or message["type"] in _GONE
            return message

        try:
            await self._app(scope, watched, send)
        except (ClientDisconnect, KeyError) as error:
            is_expected = isinstance(error, ClientDisconnect) or error.args == _NOT_READ
            if not (gone and is_expected):
                raise
