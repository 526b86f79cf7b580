"""People who may sign in."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.database import db
from store.people import passwords, people, users
from store.playlists import playlist_reading, playlist_writing
from store.results import StoreError
from store.tables.people import OWNER_ID

SECRET = "a long secret"


@pytest.fixture(autouse=True)
def database(data_folder: Path) -> None:
    db.upgrade()


def test_the_first_user_takes_over_what_was_collected_without_a_login() -> None:
    assert not users.users_exist()
    first = users.add_user("Zoë", SECRET)
    assert first.person.id == OWNER_ID
    assert first.person.name == people.people()[0].name == "Zoë"
    second = users.add_user("Bruno", SECRET)
    assert second.person.id != OWNER_ID
    assert users.users_exist()


def test_somebody_known_without_a_password_becomes_a_user() -> None:
    known = people.person("Bruno")
    assert users.add_user("bruno", SECRET).person == known


def test_a_name_is_taken_once_whatever_its_case_and_accents() -> None:
    users.add_user("Zoë", SECRET)
    with pytest.raises(StoreError, match="Zoë"):
        users.add_user("ZOE", SECRET)
    found = users.account_named("zoe")
    assert found is not None
    assert passwords.matches(SECRET, found.password)
    assert not passwords.matches(SECRET + " ", found.password)


@pytest.mark.parametrize("name", ["", "  ", "\x00", "x" * 101])
def test_a_name_that_cannot_be_used(name: str) -> None:
    with pytest.raises(StoreError):
        users.add_user(name, SECRET)


@pytest.mark.parametrize("secret", ["", "short", " " * 12, "x" * 1001])
def test_a_password_that_cannot_be_used(secret: str) -> None:
    with pytest.raises(StoreError, match="password"):
        users.add_user("Zoë", secret)
    assert not users.users_exist()


def test_a_stamp_changes_with_the_password_even_to_the_same() -> None:
    before = users.add_user("Zoë", SECRET)
    after = users.set_password("zoë", SECRET)
    assert before.stamp
    assert after.stamp != before.stamp
    assert SECRET not in str(after.password)


def test_nobody_has_the_password_of_a_missing_hash() -> None:
    assert not passwords.matches("nobody has this password", None)
    assert not passwords.matches(SECRET, "no hash")
    assert passwords.stamp(None) == ""


def test_a_removed_user_leaves_nothing_and_the_owner_stays() -> None:
    users.add_user("Zoë", SECRET)
    bruno = users.add_user("Bruno", SECRET).person
    playlist_writing.save_playlist("His", [], {}, person=bruno.id)
    playlist_writing.save_playlist("Hers", [], {}, person=OWNER_ID)
    assert users.remove_user("BRUNO")
    assert users.account(bruno.id) is None
    assert playlist_reading.playlists(person=bruno.id) == ()
    assert not users.remove_user("Zoë")
    assert not users.users_exist()
    assert [row.name for row in playlist_reading.playlists(person=OWNER_ID)] == ["Hers"]
    with pytest.raises(StoreError, match="no user"):
        users.remove_user("Zoë")
    with pytest.raises(StoreError, match="no user"):
        users.set_password("Zoë", SECRET)
