"""The step of a tool call: sent once it ended, or sooner where it takes a while."""

from __future__ import annotations

import asyncio
from typing import Any

import chainlit as cl
from chainlit.utils import utc_now

from assistant.ui.page_emitter import LONG_S


class ShownStep:
    """A tool call with its name and its arguments as they are shown."""

    def __init__(self, name: str, arguments: str, *, parent_id: str | None) -> None:
        # otherwise the picture is looked up by the step's name, which must be ASCII
        picture: dict[str, Any] = {"avatarName": "default"}
        self._step = cl.Step(
            name=name, type="tool", show_input="json", metadata=picture, parent_id=parent_id
        )
        self._step.input = arguments
        self._step.start = utc_now()
        self._sending = asyncio.create_task(self._send_later())

    async def progress(self, text: str) -> None:
        """Show how far it is."""
        sent = await self.sent()
        self._step.output = text
        await (self._step.update() if sent else self._step.send())

    async def end(self, output: str, *, failed: bool = False) -> None:
        """Show the result."""
        sent = await self.sent()
        self._step.output = output
        self._step.is_error = failed
        self._step.end = utc_now()
        await (self._step.update() if sent else self._step.send())

    async def remove(self) -> None:
        """Take it away."""
        if await self.sent():
            await self._step.remove()

    async def sent(self) -> bool:
        """Return whether the page has it; it is not sent by itself any more."""
        if not self._step.persisted:
            self._sending.cancel()
            return False
        await asyncio.wait([self._sending])
        return True

    async def _send_later(self) -> None:
        await asyncio.sleep(LONG_S)
        await self._step.send()
