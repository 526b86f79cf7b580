"""The page hears of a turn's beginning and end only when the turn takes a while.

Each of the two signals makes Chainlit draw every message of the conversation anew; most turns are
over sooner than that.
"""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import Any, Final

from chainlit.emitter import ChainlitEmitter
from chainlit.session import WebsocketSession

LONG_S: Final = 0.3
"""From which a turn is worth a sign that it runs, and a step of its own."""


class LateSignals(ChainlitEmitter):
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

    async def _tell(self) -> None:
        await asyncio.sleep(LONG_S)
        self._told = True
        await super().task_start()


async def _nothing() -> None:
    """Send nothing."""


def use_late_signals() -> None:
    """Let every session signal so; Chainlit looks its emitter up by this name."""
    import_module("chainlit.emitter").ChainlitEmitter = LateSignals  # type: ignore[attr-defined]
