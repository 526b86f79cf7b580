"""Tokens of other programs: made, used, revoked."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.database import db
from store.people import tokens, users
from store.results import StoreError
from store.tables.people import OWNER_ID

SECRET = "a long secret"


@pytest.fixture(autouse=True)
def database(data_folder: Path) -> Path:
    db.upgrade()
    return data_folder


def test_a_token_speaks_for_its_person_until_it_is_revoked(database: Path) -> None:
    users.add_user("Zoë", SECRET)
    bruno = users.add_user("Bruno", SECRET).person.id
    made, secret = tokens.add_token("radio", bruno)
    assert (made.name, made.person, made.used_at) == ("radio", "Bruno", None)
    assert tokens.person_of_token(secret) == bruno
    assert tokens.person_of_token(secret + "x") is None
    assert tokens.person_of_token("") is None
    listed = tokens.tokens(bruno)
    assert [token.name for token in listed] == ["radio"]
    assert listed[0].used_at is not None
    assert tokens.tokens(OWNER_ID) == ()
    assert secret.encode() not in (database / "backbeat.db").read_bytes()
    assert tokens.revoke_token(made.id)
    assert not tokens.revoke_token(made.id)
    assert tokens.person_of_token(secret) is None


def test_a_token_is_valid_where_its_use_cannot_be_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    made, secret = tokens.add_token("radio", OWNER_ID)

    def full() -> None:
        raise StoreError("The disk is full.")

    with monkeypatch.context() as patched:
        patched.setattr(tokens, "write", full)
        assert tokens.person_of_token(secret) == OWNER_ID
    assert tokens.tokens()[0].used_at is None
    assert made.used_at is None


def test_tokens_go_with_their_user() -> None:
    users.add_user("Zoë", SECRET)
    bruno = users.add_user("Bruno", SECRET).person.id
    secrets = [tokens.add_token("radio", person)[1] for person in (OWNER_ID, bruno)]
    users.remove_user("Bruno")
    users.remove_user("Zoë")
    assert [tokens.person_of_token(secret) for secret in secrets] == [None, None]


@pytest.mark.parametrize("name", ["", " ", "x" * 101, "radio"])
def test_names_that_cannot_be_used(name: str) -> None:
    tokens.add_token("radio", OWNER_ID)
    with pytest.raises(StoreError):
        tokens.add_token(name, OWNER_ID)


def test_nobody_to_speak_for() -> None:
    with pytest.raises(StoreError, match="no person"):
        tokens.add_token("radio", 77)
