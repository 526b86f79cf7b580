"""The session of a page that opens a kept conversation.

Such a page connects twice: first as if for a new conversation, then for the kept one, under the
same session id. Where the first connection came through, Chainlit would restore its empty session
and never show the kept conversation.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from chainlit.server import sio
from chainlit.session import WebsocketSession

Connect = Callable[[str, dict[str, Any], Mapping[str, Any]], Awaitable[bool]]


def use_kept_sessions() -> None:
    """Let a connection for a kept conversation begin its session anew where nothing was said."""
    connect: Connect = sio.handlers["/"]["connect"]  # pyright: ignore[reportAttributeAccessIssue]

    async def connect_anew(sid: str, environ: dict[str, Any], auth: Mapping[str, Any]) -> bool:
        session = WebsocketSession.get_by_id(str(auth.get("sessionId")))
        if session and auth.get("threadId") and not session.has_first_interaction:
            await session.delete()
        return await connect(sid, environ, auth)

    sio.on("connect", connect_anew)  # pyright: ignore[reportOptionalCall]
