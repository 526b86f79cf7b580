"""Changes of conversations: written together, in their order, the last one of each."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from assistant.ui.noted_changes import NotedChanges
from store.conversations import conversations, steps
from store.conversations.steps import ElementChange, StepChange
from store.database.db import upgrade
from store.people import people
from store.tables.people import OWNER_ID


@pytest.fixture(autouse=True)
def library(data_folder: Path) -> None:
    upgrade()


def said(number: str, text: str) -> StepChange:
    return StepChange(number, {"id": number, "output": text}, text)


def outputs(conversation: str) -> list[str]:
    return [step.body["output"] for step in steps.steps_of(conversation)]


async def test_changes_are_written_by_themselves_the_last_of_each() -> None:
    noted = NotedChanges()
    for change in (said("s1", "jazz"), said("s2", ""), ElementChange("e1", "s2", {"id": "e1"})):
        noted.note(("c1", OWNER_ID), change)
    noted.note(("c1", OWNER_ID), said("s2", "Two tracks."))
    async with asyncio.timeout(20):
        while not steps.elements_of("c1"):
            await asyncio.sleep(0.02)
    assert outputs("c1") == ["jazz", "Two tracks."]


async def test_who_needs_them_has_them_written_at_once() -> None:
    conversations.note_conversation("mine", OWNER_ID, name="jazz")
    noted = NotedChanges()
    noted.note(("mine", people.person("Bruno").id), said("s0", "somebody else's"))
    noted.note(("mine", OWNER_ID), said("s1", "jazz"))
    noted.note(("other", OWNER_ID), said("s2", "rock"))
    await noted.written()
    assert (outputs("mine"), outputs("other")) == (["jazz"], ["rock"])
