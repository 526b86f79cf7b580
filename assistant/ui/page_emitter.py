"""What the page is told of a turn: as little as Chainlit needs.

Chainlit draws every message of a conversation anew for each beginning and end of a turn and for
each element. Most turns are over before a sign that they run is of use, and the page places
tables itself (`public/table/placing.js`).
"""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import Any, Final

from chainlit.element import ElementDict
from chainlit.emitter import ChainlitEmitter
from chainlit.session import WebsocketSession

LONG_S: Final = 0.3
"""From which a turn is worth a sign that it runs, and a step of its own."""
_PLACED_BY_PAGE: Final = "TrackTable"


class PageEmitter(ChainlitEmitter):
    """Sends `task_start` after `LONG_S`, and neither it nor `task_end` for a shorter turn."""

    def __init__(self, session: WebsocketSession) -> None:
        super().__init__(session)
        self._waiting: asyncio.Task[None] | None = None
        self._told = True  # a turn of an earlier event may have been told of

    def task_start(self) -> Any:
        """Tell the page, later, that a turn runs."""
        self._told = False
        self._waiting = asyncio.get_running_loop().create_task(self._tell())
        return _nothing()

    def task_end(self) -> Any:
        """Tell the page that no turn runs any more, where it was told of one."""
        if self._waiting:
            self._waiting.cancel()
            self._waiting = None
        return super().task_end() if self._told else _nothing()

    async def send_element(self, element_dict: ElementDict) -> None:
        """Show an element; a conversation that is opened later brings all of them by itself."""
        if element_dict.get("name") != _PLACED_BY_PAGE:
            await super().send_element(element_dict)
            return
        told = {"backbeat": "table", "session": self.session.id, "element": element_dict}
        await self.send_window_message(told)

    async def _tell(self) -> None:
        await asyncio.sleep(LONG_S)
        self._told = True
        await super().task_start()


async def _nothing() -> None:
    """Send nothing."""


def use_page_emitter() -> None:
    """Let every session tell so; Chainlit looks its emitter up by this name."""
    import_module("chainlit.emitter").ChainlitEmitter = PageEmitter  # type: ignore[attr-defined]
