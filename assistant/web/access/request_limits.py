"""How much a request may send."""

from __future__ import annotations

import json
from typing import Final

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_BYTES: Final = 8 * 2**20
"""The largest that is meant is a playlist file of 4 MiB; a posted analysis has some kB."""


class RequestLimits:
    """ASGI middleware: a body that is too large is refused (413), announced or not.

    It is read by nobody: a body of 200 MB would take ten times that while it is parsed.
    """

    def __init__(self, app: ASGIApp, limit: int = BODY_BYTES) -> None:
        self._app, self._limit = app, limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on until the limit."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "")
        if announced.isdigit() and int(announced) > self._limit:
            await self._refuse(send)
            return
        received, refused = 0, False

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            return {"type": "http.disconnect"} if received > self._limit else message

        async def answer(message: Message) -> None:
            nonlocal refused
            if received <= self._limit:
                await send(message)
            elif not refused:
                refused = True
                await self._refuse(send)

        try:
            await self._app(scope, counted, answer)
        except ClientDisconnect:
            if received <= self._limit or refused:
                raise
            await self._refuse(send)

    async def _refuse(self, send: Send) -> None:
        reason = f"A request has {self._limit} bytes at most."
        body = json.dumps({"detail": reason, "choices": [], "fields": []}).encode()
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", b"%d" % len(body)),
            (b"connection", b"close"),  # what is still sent is not read
        ]
        await send({"type": "http.response.start", "status": 413, "headers": headers})
        await send({"type": "http.response.body", "body": body})
