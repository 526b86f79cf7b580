"""What the page is told: long turns, tables apart from other elements."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

from assistant.ui.page_emitter import LONG_S, PageEmitter


class Told:
    """A session that remembers what it was told."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.session = SimpleNamespace(emit=self._emit, id="of-this-session")

    async def _emit(self, name: str, _: object) -> None:
        self.names.append(name)

    def signals(self) -> PageEmitter:
        return PageEmitter(cast("Any", self.session))


async def test_a_short_turn_is_not_told_of() -> None:
    told = Told()
    signals = told.signals()
    await signals.task_start()
    await signals.task_end()
    await asyncio.sleep(LONG_S + 0.1)
    assert told.names == []


async def test_a_long_turn_begins_and_ends() -> None:
    told = Told()
    signals = told.signals()
    await signals.task_start()
    async with asyncio.timeout(10):
        while not told.names:
            await asyncio.sleep(0.02)
    await signals.task_end()
    assert told.names == ["task_start", "task_end"]


async def test_a_stop_ends_the_turn_of_another_event() -> None:
    told = Told()
    await told.signals().task_end()
    assert told.names == ["task_end"]


async def test_a_table_goes_beside_the_other_elements() -> None:
    told = Told()
    emitter = told.signals()
    for name in ("TrackTable", "TrackCard"):
        await emitter.send_element(cast("Any", {"name": name, "id": "1"}))
    assert told.names == ["window_message", "element"]
