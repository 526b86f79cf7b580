"""What the page is told of a turn: as little as Chainlit needs.

Chainlit looks at every message of a conversation anew for each step, each element, and each
beginning and end of a turn. Most turns are over before a sign that they run is of use: their steps
are sent at once, as one tree. The page places tables itself (`public/table/placing.js`).
"""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import Any, Final

from chainlit.element import ElementDict
from chainlit.emitter import ChainlitEmitter
from chainlit.session import WebsocketSession
from chainlit.step import StepDict

LONG_S: Final = 0.5
"""From which a turn is worth a sign that it runs, and a step of its own."""
_PLACED_BY_PAGE: Final = "TrackTable"


class PageEmitter(ChainlitEmitter):
    """Sends `task_start` after `LONG_S`, and neither it nor `task_end` for a shorter turn.

    The steps of a turn wait for its end too, or for `LONG_S`.
    """

    def __init__(self, session: WebsocketSession) -> None:
        super().__init__(session)
        self._waiting: asyncio.Task[None] | None = None
        self._told = True  # a turn of an earlier event may have been told of
        self._held: dict[str, StepDict] | None = None  # by id; None: steps are sent at once
        self._in_order = asyncio.Lock()  # a step follows the one that it belongs to

    def task_start(self) -> Any:
        """Tell the page, later, that a turn runs."""
        self._told = False
        self._held = {}
        self._waiting = asyncio.get_running_loop().create_task(self._tell())
        return _nothing()

    async def task_end(self) -> None:
        """Send what waits, and tell the page that no turn runs any more, if it was told of one."""
        if self._waiting:
            self._waiting.cancel()
            self._waiting = None
        await self._send_held()
        if self._told:
            await super().task_end()

    async def send_step(self, step_dict: StepDict) -> None:
        """Show a step, with the others of its turn where that is short."""
        if self._held is None:
            async with self._in_order:
                await super().send_step(step_dict)
        else:
            self._held[_id(step_dict)] = step_dict

    async def update_step(self, step_dict: StepDict) -> None:
        """Show what changed of a step."""
        if self._held is not None and _id(step_dict) in self._held:
            self._held[_id(step_dict)] = step_dict
        else:
            await super().update_step(step_dict)

    async def delete_step(self, step_dict: StepDict) -> None:
        """Take a step away."""
        if self._held is None or not self._held.pop(_id(step_dict), None):
            await super().delete_step(step_dict)

    async def stream_start(self, step_dict: StepDict) -> None:
        """Begin a step that is shown word by word."""
        await self._send_held()
        await super().stream_start(step_dict)

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
        await self._send_held()
        await super().task_start()

    async def _send_held(self) -> None:
        """Send what waits, each step within the one that it belongs to; from now on at once."""
        async with self._in_order:
            held, self._held = self._held or {}, None
            for step in _trees(held):
                await super().send_step(step)


def _id(step: StepDict) -> str:
    return step.get("id", "")


def _trees(steps: dict[str, StepDict]) -> list[StepDict]:
    """Return the steps that belong to none of the others, with those that belong to them."""
    trees = {number: step.copy() for number, step in steps.items()}
    roots: list[StepDict] = []
    for step in trees.values():
        parent = trees.get(step.get("parentId") or "")
        if parent is None:
            roots.append(step)
        else:
            parent["steps"] = [*parent.get("steps", ()), step]  # type: ignore[typeddict-unknown-key]
    return roots


async def _nothing() -> None:
    """Send nothing."""


def use_page_emitter() -> None:
    """Let every session tell so; Chainlit looks its emitter up by this name."""
    import_module("chainlit.emitter").ChainlitEmitter = PageEmitter  # type: ignore[attr-defined]
