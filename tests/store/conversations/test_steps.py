"""Steps, elements and thumbs of a conversation."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.conversations import steps
from store.conversations.steps import ElementChange, StepChange
from store.database.db import upgrade
from store.people import people
from store.tables.people import OWNER_ID


@pytest.fixture(autouse=True)
def conversation(data_folder: Path) -> None:
    upgrade()
    steps.save("c1", OWNER_ID, [said(f"s{number}", f"text {number}") for number in range(3)])


def said(step: str, text: str) -> StepChange:
    return StepChange(step, {"id": step, "output": text}, text)


def outputs() -> list[str]:
    return [step.body["output"] for step in steps.steps_of("c1")]


def test_a_change_keeps_the_place() -> None:
    steps.save("c1", OWNER_ID, [said("s0", "changed")])
    assert outputs() == ["changed", "text 1", "text 2"]


def test_a_step_goes_with_its_elements() -> None:
    shown = [ElementChange(f"e{at}", f"s{at}", {"id": f"e{at}"}) for at in (0, 1)]
    steps.save("c1", OWNER_ID, shown)
    steps.delete_step("s0")
    assert outputs() == ["text 1", "text 2"]
    assert steps.elements_of("c1") == [{"id": "e1"}]
    steps.delete_element("e1")
    assert steps.elements_of("c1") == []


def test_a_thumb_is_kept_changed_and_taken_back_by_its_person_alone() -> None:
    up, down = {"value": 1, "comment": "fits"}, {"value": 0, "comment": None}
    assert steps.save_feedback("s1", up, person_id=OWNER_ID)
    steps.save("c1", OWNER_ID, [said("s1", "later")])
    assert [step.feedback for step in steps.steps_of("c1")] == [{}, up, {}]
    assert not steps.save_feedback("s1", down, person_id=people.person("Bruno").id)
    assert steps.steps_of("c1")[1].feedback == up
    assert steps.save_feedback("s1", down, person_id=OWNER_ID)
    assert steps.steps_of("c1")[1].feedback == down
    assert steps.save_feedback("s1", {}, person_id=OWNER_ID)
    assert steps.steps_of("c1")[1].feedback == {}
    assert not steps.save_feedback("none", up, person_id=OWNER_ID)
