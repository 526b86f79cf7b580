"""Short turns are not signalled, long ones are."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

from assistant.ui.task_signals import LONG_S, LateSignals


class Told:
    """A session that remembers what it was told."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.session = SimpleNamespace(emit=self._emit)

    async def _emit(self, name: str, _: object) -> None:
        self.names.append(name)

    def signals(self) -> LateSignals:
        return LateSignals(cast("Any", self.session))


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
