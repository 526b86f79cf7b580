"""Conversations that are kept: whose they are, how they are listed, found, renamed, deleted."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.conversations import conversations, steps
from store.conversations.steps import ElementChange, StepChange
from store.database.db import upgrade
from store.people import people
from store.results import StoreError
from store.tables.people import OWNER_ID


@pytest.fixture(autouse=True)
def database(data_folder: Path) -> None:
    upgrade()


@pytest.fixture
def other() -> int:
    return people.person("Bruno").id


def names(found: list[conversations.ConversationRow]) -> list[str]:
    return [row.name for row in found]


def test_the_latest_is_first_and_pages_follow_one_another() -> None:
    for number in range(5):
        conversations.note_conversation(f"c{number}", OWNER_ID, name=f"request {number}")
    conversations.note_conversation("c1", OWNER_ID)  # goes on
    first, more = conversations.conversations(OWNER_ID, limit=3)
    assert names(first) == ["request 1", "request 4", "request 3"]
    assert more
    rest, more = conversations.conversations(OWNER_ID, limit=3, after=first[-1].id)
    assert names(rest) == ["request 2", "request 0"]
    assert not more


def test_each_person_has_their_own(other: int) -> None:
    conversations.note_conversation("mine", OWNER_ID, name="jazz")
    assert conversations.conversations(other) == ([], False)
    for attempt in (
        lambda: conversations.note_conversation("mine", other, name="stolen"),
        lambda: conversations.keep_state("mine", other, {}),
        lambda: steps.save("mine", other, [StepChange("s", {})]),
        lambda: steps.save("mine", other, [ElementChange("e", "s", {})]),
    ):
        with pytest.raises(StoreError, match="somebody else"):
            attempt()
    row = conversations.conversation("mine")
    assert row is not None
    assert (row.name, row.person_id) == ("jazz", OWNER_ID)


@pytest.mark.parametrize("words", ["ÉTÉ", "ete", "a summer", "50 volume"])
def test_a_search_looks_through_names_and_messages(words: str) -> None:
    conversations.note_conversation("c1", OWNER_ID, name="Musique d'été: A summer")
    steps.save("c1", OWNER_ID, [StepChange("s1", {"id": "s1"}, "at 50 volume")])
    conversations.note_conversation("c2", OWNER_ID, name="at 501 volume")
    found, _ = conversations.conversations(OWNER_ID, search=words)
    assert [row.id for row in found] == ["c1"]
    assert conversations.conversations(OWNER_ID, search="nowhere")[0] == []


def test_a_name_is_kept_short_and_never_lost() -> None:
    conversations.note_conversation("c1", OWNER_ID, name="x" * 200)
    assert conversations.rename_conversation("c1", "  Nuit techno\x00 ")
    assert not conversations.rename_conversation("c1", "  ")
    assert not conversations.rename_conversation("none", "name")
    assert names(conversations.conversations(OWNER_ID)[0]) == ["Nuit techno"]


def test_a_deleted_one_leaves_nothing() -> None:
    conversations.note_conversation("c1", OWNER_ID, name="jazz")
    said, shown = StepChange("s1", {"id": "s1"}, "jazz"), ElementChange("e1", "s1", {"id": "e1"})
    steps.save("c1", OWNER_ID, [said, shown])
    conversations.keep_state("c1", OWNER_ID, {"query": "jazz"})
    assert conversations.state_of("c1") == {"query": "jazz"}
    assert conversations.delete_conversation("c1")
    assert not conversations.delete_conversation("c1")
    assert conversations.conversation("c1") is None
    assert conversations.state_of("c1") == {}
    assert steps.steps_of("c1") == []
    assert steps.elements_of("c1") == []
