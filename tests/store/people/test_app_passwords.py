"""Passwords of player apps, stars and plays."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from store.database import db
from store.database.db import read, rows
from store.people import app_passwords, plays, ratings, users
from store.results import StoreError


@pytest.fixture
def zoe(data_folder: Path) -> int:
    db.upgrade()
    return users.add_user("Zoë", "a long secret").person.id


def _token(password: str, salt: str) -> str:
    return hashlib.md5((password + salt).encode()).hexdigest()


def test_an_app_password_is_proved_listed_and_revoked(zoe: int, data_folder: Path) -> None:
    password = app_passwords.make_app_password("zoe", "phone")
    assert app_passwords.proves_app_password(zoe, _token(password, "salt"), "salt")
    assert app_passwords.proves_app_password(zoe, _token(password, "salt").upper(), "salt")
    assert not app_passwords.proves_app_password(zoe, _token(password, "salt"), "other")
    assert not app_passwords.proves_app_password(zoe, "é", "salt")
    assert app_passwords.person_of_app_password(password) == zoe
    assert app_passwords.person_of_app_password(password + "x") is None
    [listed] = app_passwords.app_passwords("Zoë")
    assert listed.label == "phone"
    app_passwords.revoke_app_password("Zoë", listed.id)
    assert not app_passwords.proves_app_password(zoe, _token(password, "salt"), "salt")
    with pytest.raises(StoreError, match="no app password"):
        app_passwords.revoke_app_password("Zoë", listed.id)


def test_the_database_alone_gives_no_password_away(zoe: int, data_folder: Path) -> None:
    password = app_passwords.make_app_password("Zoë", "phone")
    with read() as session:
        stored = str(rows(session, "SELECT * FROM apppassword"))
    assert password not in stored
    key = data_folder / app_passwords.KEY_FILE
    assert key.stat().st_mode & 0o777 == 0o600
    key.unlink()
    app_passwords.make_app_password("Zoë", "tablet")  # with a new key
    assert not app_passwords.proves_app_password(zoe, _token(password, "s"), "s")


def test_they_go_with_the_right_to_sign_in(zoe: int) -> None:
    password = app_passwords.make_app_password("Zoë", "phone")
    users.remove_user("Zoë")  # the owner, who stays without a password
    assert app_passwords.person_of_app_password(password) is None
    with pytest.raises(StoreError, match="no user"):
        app_passwords.make_app_password("nobody", "phone")


def test_a_play_that_is_told_twice_is_stored_once(library: Any) -> None:
    orbit, time = library.id("Orbit"), datetime(2024, 5, 1, 20, tzinfo=UTC)
    for _ in range(2):
        plays.store_play(1, orbit, source="app\x00", played_at=time)
    plays.store_play(1, orbit, source="app", played_at=time + timedelta(minutes=4))
    later = plays.plays_of(1)
    assert [source for _, _, source in later] == ["app", "app"]
    plays.store_play(1, orbit, source="app", played_at=datetime(2999, 1, 1, tzinfo=UTC))
    assert plays.plays_of(1, limit=1)[0][1] <= datetime.now(UTC)
    with pytest.raises(StoreError):
        plays.store_play(1, 9999, source="app")


@pytest.mark.parametrize("stars", [-1, 6])
def test_stars_that_there_are_not(library: Any, stars: int) -> None:
    with pytest.raises(StoreError):
        ratings.rate_track(1, library.id("Orbit"), stars)
    with pytest.raises(StoreError):
        ratings.rate(1, "artist", 1, stars)


def test_what_is_not_there_gets_no_stars(library: Any) -> None:
    for change in (
        lambda: ratings.rate_track(1, 9999, 3),
        lambda: ratings.rate(1, "album", 9999, 3),
        lambda: ratings.like(1, "artist", 9999),
    ):
        with pytest.raises(StoreError, match="There is no"):
            change()
