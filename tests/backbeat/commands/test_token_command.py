"""`backbeat token` in process."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from backbeat.cli import app
from store.people import tokens, users
from store.tables.people import OWNER_ID


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["token", *arguments])
    return result.exit_code, result.stdout, result.stderr


def test_tokens_are_made_listed_and_revoked(data_folder: Path) -> None:
    assert run("list")[:2] == (0, "")
    code, secret, told = run("add", "Home [radio]")
    assert code == 0
    assert "shown only now" in told
    assert tokens.person_of_token(secret.strip()) == OWNER_ID
    users.add_user("Zoë", "a long secret")
    bruno = users.add_user("Bruno", "a long secret").person.id
    assert tokens.person_of_token(run("add", "phone", "--user", "bruno")[1].strip()) == bruno
    listed = run("list")[1]
    assert "Home [radio]  Zoë" in listed
    assert "phone  Bruno" in listed
    assert "bb_" not in listed
    assert "phone" not in run("list", "--user", "zoe")[1]
    assert run("revoke", "phone")[0] == 0
    assert tokens.person_of_token(secret.strip()) == OWNER_ID
    assert run("revoke", str(tokens.tokens()[0].id))[0] == 0
    assert tokens.person_of_token(secret.strip()) is None


def test_what_cannot_be_done_is_said(data_folder: Path) -> None:
    assert run("revoke", "radio")[0] == 1
    code, _, problem = run("add", "radio", "--user", "nobody")
    assert code == 1
    assert "backbeat user list" in " ".join(problem.split())
