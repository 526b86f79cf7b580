"""Hashes of passwords (Argon2id); the passwords themselves are kept nowhere."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import TYPE_CHECKING, Final

from store.results import StoreError

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST: Final = 8
"""Characters of a password."""
LONGEST: Final = 1000
"""Characters; more would be work for the server and no safer."""
_MEMORY_KIB: Final = 19 * 1024  # OWASP's least memory for Argon2id: a small board hashes in 0.2 s
_ROUNDS: Final = 3


def hashed(password: str) -> str:
    """Return the salted hash of a new password.

    Raises:
        StoreError: The password is too short, too long or blank.
    """
    if len(password) < SHORTEST or not password.strip():
        raise StoreError(f"A password has {SHORTEST} characters or more.")
    if len(password) > LONGEST:
        raise StoreError(f"A password has {LONGEST} characters at most.")
    return _hasher().hash(password)


def matches(password: str, kept: str | None) -> bool:
    """Return whether a password is that of a hash; takes as long where there is no hash."""
    from argon2.exceptions import InvalidHashError, VerificationError

    if len(password) > LONGEST:
        return False
    try:
        return _hasher().verify(kept or _nobody(), password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def stamp(kept: str | None) -> str:
    """Return what a session carries of a hash, so that it ends with the password; "" for none."""
    return hashlib.sha256(kept.encode()).hexdigest()[:24] if kept else ""


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=_ROUNDS, memory_cost=_MEMORY_KIB, parallelism=1)


@cache
def _nobody() -> str:
    return _hasher().hash("nobody has this password")
