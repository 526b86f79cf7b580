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
        self.said: list[Any] = []
        self.session = SimpleNamespace(emit=self._emit, id="of-this-session")

    async def _emit(self, name: str, what: object) -> None:
        self.names.append(name)
        self.said.append(what)

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


def step(name: str, parent: str | None = None, **values: Any) -> Any:
    return {"id": name, "parentId": parent, **values}


async def test_the_steps_of_a_short_turn_come_at_once_as_a_tree() -> None:
    told = Told()
    emitter = told.signals()
    await emitter.task_start()
    await emitter.send_step(step("run", "request"))
    await emitter.send_step(step("search", "run"))
    await emitter.send_step(step("gone", "run"))
    await emitter.delete_step(step("gone"))
    await emitter.send_step(step("answer", "run"))
    await emitter.update_step(step("run", "request", end="now"))
    assert told.names == []
    await emitter.task_end()
    assert told.names == ["new_message"]
    inside = [step("search", "run"), step("answer", "run")]
    assert told.said == [step("run", "request", end="now", steps=inside)]
    await emitter.send_step(step("later"))
    assert told.names == ["new_message"] * 2


async def test_the_steps_of_a_long_turn_do_not_wait_for_its_end() -> None:
    told = Told()
    emitter = told.signals()
    await emitter.task_start()
    await emitter.send_step(step("run"))
    async with asyncio.timeout(10):
        while len(told.names) < 2:
            await asyncio.sleep(0.02)
    assert told.names == ["new_message", "task_start"]
    await emitter.update_step(step("run", end="now"))
    await emitter.task_end()
    assert told.names[2:] == ["update_message", "task_end"]


async def test_an_answer_word_by_word_follows_the_steps_before_it() -> None:
    told = Told()
    emitter = told.signals()
    await emitter.task_start()
    await emitter.send_step(step("run"))
    await emitter.stream_start(step("answer", "run"))
    await emitter.task_end()
    assert told.names == ["new_message", "stream_start"]
