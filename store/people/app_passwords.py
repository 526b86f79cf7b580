"""Passwords of player apps.

The apps prove that they know a password by MD5(password + salt), so the server has to know it
too. These passwords are therefore made at random, are good for players alone, and are stored
encrypted with a key that lies in a file of its own, which only the owner of the data folder may
read: a copy of the database gives none of them away.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, insert, select
from sqlmodel import col

from store.database.db import read, rows, write
from store.people.users import account_named
from store.results import StoreError
from store.settings import StoreSettings
from store.stored_values import as_utc, clean, now
from store.tables.people import AppPassword

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

KEY_FILE: Final = "app_passwords.key"
_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without letters and digits that are taken for each other when typed on a television."""
_GROUPS: Final = 5
_GROUP: Final = 4
"""Five groups of four: 99 bits."""
LONGEST_LABEL: Final = 100


@dataclass(frozen=True, slots=True)
class AppPasswordRow:
    """A password as it is listed, without the password.

    Attributes:
        id: Number by which it is revoked.
        label: Which app has it.
        created_at: When it was made.
    """

    id: int
    label: str
    created_at: datetime


def make_app_password(name: str, label: str) -> str:
    """Return a new password for an app of a person; it is shown this once.

    Raises:
        StoreError: There is no such person.
    """
    password = "-".join(
        "".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS)
    )
    new = insert(AppPassword).values(
        person_id=_person(name),
        label=(clean(label) or "app")[:LONGEST_LABEL],
        digest=_digest(password),
        secret=_cipher().encrypt(password.encode()).decode(),
        created_at=now(),
    )
    with write() as session:
        rows(session, new)
    return password


def app_passwords(name: str) -> tuple[AppPasswordRow, ...]:
    """Return a person's passwords, the oldest first.

    Raises:
        StoreError: There is no such person.
    """
    listed = select(col(AppPassword.id), col(AppPassword.label), col(AppPassword.created_at))
    of_person = listed.where(col(AppPassword.person_id) == _person(name))
    with read() as session:
        found = rows(session, of_person.order_by(col(AppPassword.id)))
    return tuple(AppPasswordRow(row.id, row.label, as_utc(row.created_at)) for row in found)


def revoke_app_password(name: str, number: int) -> None:
    """Revoke a password: its app cannot sign in any more.

    Raises:
        StoreError: The person has no such password.
    """
    gone = delete(AppPassword).where(
        col(AppPassword.person_id) == _person(name), col(AppPassword.id) == number
    )
    with write() as session:
        if not rows(session, gone.returning(col(AppPassword.id))):
            raise StoreError(f"{clean(name)} has no app password with the number {number}.")


def any_app_password() -> bool:
    """Return whether anybody has a password for an app."""
    with read() as session:
        return bool(rows(session, select(1).select_from(AppPassword).limit(1)))


def proves_app_password(person_id: int, token: str, salt: str) -> bool:
    """Return whether a token is MD5(password + salt) of one of a person's passwords."""
    kept = select(col(AppPassword.secret)).where(col(AppPassword.person_id) == person_id)
    with read() as session:
        found = rows(session, kept)
    return any(
        is_token(token, password, salt)
        for row in found
        if (password := _opened(row.secret)) is not None
    )


def person_of_app_password(password: str) -> int | None:
    """Return the person whose app has this password; None for a wrong one."""
    person = select(col(AppPassword.person_id)).where(col(AppPassword.digest) == _digest(password))
    with read() as session:
        found = rows(session, person)
    return found[0].person_id if found else None


def is_token(token: str, password: str, salt: str) -> bool:
    """Return whether a token is MD5(password + salt) in hexadecimal digits."""
    expected = hashlib.md5((password + salt).encode(errors="replace"), usedforsecurity=False)
    return hmac.compare_digest(
        token.lower().encode(errors="replace"), expected.hexdigest().encode()
    )


def _person(name: str) -> int:
    found = account_named(name)
    if found is None:
        raise StoreError(f"There is no user “{clean(name) or ''}”.")
    return found.person.id


def _digest(password: str) -> str:
    return hashlib.sha256(password.encode(errors="replace")).hexdigest()


def _opened(secret: str) -> str | None:
    """Return a stored password; None where the key is another one than it was stored with."""
    from cryptography.fernet import InvalidToken

    try:
        return _cipher().decrypt(secret.encode()).decode()
    except InvalidToken:
        return None


def _cipher() -> Fernet:
    """Return the cipher of the key file, which is made with the first password."""
    from cryptography.fernet import Fernet

    file = StoreSettings().folder / KEY_FILE
    if not file.exists():
        part = file.with_suffix(f".{secrets.token_hex(8)}")
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(Fernet.generate_key())
        try:
            os.link(part, file)  # another process may have made it meanwhile
        except FileExistsError:
            pass
        finally:
            part.unlink()
    return Fernet(file.read_bytes())
