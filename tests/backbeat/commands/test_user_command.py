"""`backbeat user` in process."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from backbeat.cli import app
from store.people import app_passwords, passwords, users


def run(*arguments: str, given: str = "") -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["user", *arguments], input=given)
    problem = str(result.exception) if result.exception else ""
    return result.exit_code, result.stdout, result.stderr + problem


def test_a_user_is_added_listed_changed_and_removed(data_folder: Path) -> None:
    assert run("list")[:2] == (0, "")
    assert run("add", "Zoë", "--password-stdin", given="first secret\n")[0] == 0
    assert run("add", "Bruno", "--password-stdin", given="another one\n")[0] == 0
    _, listed, _ = run("list")
    assert [line.split()[0] for line in listed.splitlines()] == ["Zoë", "Bruno"]
    assert run("password", "zoe", "--password-stdin", given="second secret\n")[0] == 0
    found = users.account_named("Zoë")
    assert found is not None
    assert passwords.matches("second secret", found.password)
    assert run("remove", "Bruno", given="n\n")[0] == 1
    assert users.account_named("Bruno") is not None
    assert run("remove", "Bruno", given="y\n")[0] == 0
    assert users.account_named("Bruno") is None


@pytest.mark.parametrize(
    ("arguments", "given", "words"),
    [
        (("add", "Zoë", "--password-stdin"), "short\n", "8 characters"),
        (("add", "Zoë", "--password-stdin"), "", "8 characters"),
        (("add", "Zoë"), "a long secret\na long secret\n", "--password-stdin"),
        (("password", "Zoë", "--password-stdin"), "a long secret\n", "no user"),
        (("remove", "Zoë", "--yes"), "", "no user"),
    ],
)
def test_what_cannot_be_done_is_said(
    data_folder: Path, arguments: tuple[str, ...], given: str, words: str
) -> None:
    code, _, problem = run(*arguments, given=given)
    assert code == 1
    assert words in problem
    assert not users.users_exist()


def test_a_password_for_an_app(data_folder: Path) -> None:
    run("add", "Zoë", "--password-stdin", given="first secret\n")
    code, password, _ = run("app-password", "zoe", "--for", "phone")
    assert code == 0
    assert app_passwords.person_of_app_password(password.strip()) == 1
    assert run("app-password", "zoe", "--list")[1].split()[:2] == ["1", "phone"]
    assert run("app-password", "zoe", "--revoke", "1")[0] == 0
    assert run("app-password", "zoe", "--list")[1] == ""
    assert run("app-password", "zoe", "--revoke", "1")[0] == 1
    assert "no user" in run("app-password", "nobody")[2]
