"""Steps, elements and thumbs of a conversation."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.conversations import steps
from store.database.db import upgrade
from store.people import people
from store.tables.people import OWNER_ID


@pytest.fixture(autouse=True)
def conversation(data_folder: Path) -> None:
    upgrade()
    for number in range(3):
        body = {"id": f"s{number}", "output": f"text {number}"}
        steps.save_step("c1", OWNER_ID, f"s{number}", body, said=f"text {number}")


def outputs() -> list[str]:
    return [step.body["output"] for step in steps.steps_of("c1")]


def test_a_change_keeps_the_place() -> None:
    steps.save_step("c1", OWNER_ID, "s0", {"id": "s0", "output": "changed"})
    assert outputs() == ["changed", "text 1", "text 2"]


def test_a_step_goes_with_its_elements() -> None:
    for number in (0, 1):
        steps.save_element("c1", OWNER_ID, f"e{number}", f"s{number}", {"id": f"e{number}"})
    steps.delete_step("s0")
    assert outputs() == ["text 1", "text 2"]
    assert steps.elements_of("c1") == [{"id": "e1"}]
    steps.delete_element("e1")
    assert steps.elements_of("c1") == []


def test_a_thumb_is_kept_changed_and_taken_back_by_its_person_alone() -> None:
    up, down = {"value": 1, "comment": "fits"}, {"value": 0, "comment": None}
    assert steps.save_feedback("s1", up, person_id=OWNER_ID)
    steps.save_step("c1", OWNER_ID, "s1", {"id": "s1", "output": "later"})
    assert [step.feedback for step in steps.steps_of("c1")] == [{}, up, {}]
    assert not steps.save_feedback("s1", down, person_id=people.person("Bruno").id)
    assert steps.steps_of("c1")[1].feedback == up
    assert steps.save_feedback("s1", down, person_id=OWNER_ID)
    assert steps.steps_of("c1")[1].feedback == down
    assert steps.save_feedback("s1", {}, person_id=OWNER_ID)
    assert steps.steps_of("c1")[1].feedback == {}
    assert not steps.save_feedback("none", up, person_id=OWNER_ID)
