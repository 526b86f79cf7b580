"""Changes of conversations that are written together: a turn has several, at its busiest time."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import Final

from store.conversations import steps
from store.conversations.steps import ElementChange, StepChange
from store.results import StoreError

QUIET_S: Final = 0.1
"""Changes are written once none came for this long."""

Conversation = tuple[str, int]
"""Id of a conversation and of the person whose it is."""


class NotedChanges:
    """Steps and elements that wait to be written, by conversation."""

    def __init__(self) -> None:
        self._waiting: dict[Conversation, dict[str, StepChange | ElementChange]] = {}
        self._writing: dict[Conversation, asyncio.Task[None]] = {}
        self._noted_s = 0.0
        self._one_at_a_time = asyncio.Lock()

    def note(self, conversation: Conversation, change: StepChange | ElementChange) -> None:
        """Write a change soon; a later change of the same takes its place."""
        self._noted_s = time.monotonic()
        self._waiting.setdefault(conversation, {})[change.id] = change
        if conversation not in self._writing:
            task = asyncio.get_running_loop().create_task(self._write_later(conversation))
            self._writing[conversation] = task

    async def written(self) -> None:
        """Write what waits, now; what may not be written stands in nobody else's way."""
        for conversation in list(self._waiting):
            with suppress(StoreError):
                await self._write(conversation)

    async def _write_later(self, conversation: Conversation) -> None:
        while (left_s := self._noted_s + QUIET_S - time.monotonic()) > 0:
            await asyncio.sleep(left_s)
        del self._writing[conversation]
        await self._write(conversation)

    async def _write(self, conversation: Conversation) -> None:
        async with self._one_at_a_time:
            if changes := self._waiting.pop(conversation, None):
                await asyncio.to_thread(steps.save, *conversation, list(changes.values()))
