"""Settings that stay with a person."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from store.database.db import rows, upgrade, write
from store.people import people
from store.people.preferences import (
    Preferences,
    change_preferences,
    preferences,
    results_per_page,
)
from store.results import StoreError
from store.tables.people import OWNER_ID


@pytest.fixture(autouse=True)
def database(data_folder: Path) -> None:
    upgrade()


def test_they_are_kept_for_each_person() -> None:
    other = people.person("Bruno").id
    assert preferences(OWNER_ID) == Preferences()
    change_preferences(OWNER_ID, {"results_per_page": 50, "theme": "light"})
    after = change_preferences(OWNER_ID, {"language": "fr", "radio": True})
    assert after == Preferences("fr", None, 50, "light", crossfade=None, radio=True)
    assert preferences(OWNER_ID) == after
    assert results_per_page(OWNER_ID) == 50
    assert results_per_page(other) == 10


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("results_per_page", 11), ("results_per_page", "10"), ("results_per_page", True),
        ("theme", "blue"), ("radio", 1), ("language", ""), ("model", "x" * 201), ("model", 3),
        ("unknown", True),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be(name: str, value: Any) -> None:
    with pytest.raises(StoreError, match=name):
        change_preferences(OWNER_ID, {"theme": "dark", name: value})
    assert preferences(OWNER_ID) == Preferences()


def test_what_another_version_wrote_does_no_harm() -> None:
    kept = '{"theme": "blue", "results_per_page": 25, "unknown": 1}'
    with write() as session:
        rows(session, "update person set preferences = :kept where id = 1", kept=kept)
    assert preferences(OWNER_ID) == Preferences(results_per_page=25)


def test_nobody_has_none() -> None:
    with pytest.raises(StoreError, match="99"):
        change_preferences(99, {"theme": "dark"})
    assert preferences(99) == Preferences()
