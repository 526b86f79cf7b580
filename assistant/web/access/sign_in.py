"""Who makes a request: by a token, the session of the page, or name and password."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from starlette.datastructures import Headers

from assistant.settings import Settings
from assistant.web.access.login_limits import LoginLimits
from assistant.web.access.session_cookie import session_in
from store.people import tokens, users
from store.people.passwords import matches
from store.people.users import Account
from store.tables.people import OWNER_ID

_REMEMBERED: Final = 100
"""Basic logins that are known without hashing the password again."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who makes a request.

    Attributes:
        person: Id of who is signed in; the owner where nobody has to sign in; else None.
        session: Whether the page has a session of this person.
        token: Whether a token speaks for this person, which begins no session.
        wait_s: Seconds until a password may be tried again; 0 where none was refused for that.
    """

    person: int | None
    session: bool = False
    token: bool = False
    wait_s: float = 0.0


class TooManyAttemptsError(Exception):
    """A password was not looked at.

    Attributes:
        wait_s: Seconds until it may be tried again.
    """

    def __init__(self, wait_s: float) -> None:
        super().__init__(f"Too many attempts: try again in {wait_s:.0f} s.")
        self.wait_s = wait_s


class SignIn:
    """Checks sessions and passwords of one server."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._limits = LoginLimits()
        self._one_at_a_time = asyncio.Lock()  # hashing takes memory, guessing is to be slow
        self._key = secrets.token_bytes(32)
        self._known: dict[bytes, Caller] = {}

    async def caller(self, headers: Headers, address: str) -> Caller:
        """Return who makes a request of these headers."""
        authorization = headers.get("authorization", "")
        if (token := _bearer(authorization)) is not None:  # a wrong one is no reason for another
            return Caller(await asyncio.to_thread(tokens.person_of_token, token), token=True)
        found = await asyncio.to_thread(self._by_session, headers.get("cookie", ""))
        if found.person is not None:
            return found
        given = _basic(authorization)
        return found if given is None else await self.by_password(*given, address)

    async def log_in(self, name: str, password: str, address: str) -> Account | None:
        """Return who signs in on the page; None for a wrong name or password.

        Raises:
            TooManyAttemptsError: Too many were wrong before.
        """
        shared = not await asyncio.to_thread(users.users_exist)
        return await self._checked(name, password, address, shared=shared)

    async def proved(self, name: str, address: str, person: Callable[[], int | None]) -> Caller:
        """Return whom a proof tells, such as a token, under the same delays as a password.

        Args:
            name: That of the proof, or "" for one without a name.
            address: Where it comes from.
            person: Checks it; None where it is wrong.
        """
        if wait_s := self._limits.wait_s(name, address):
            return Caller(None, wait_s=wait_s)
        found = await asyncio.to_thread(person)
        if found is None:
            self._limits.failed(name, address)
        else:
            self._limits.succeeded(name)
        return Caller(found)

    async def _checked(
        self, name: str, password: str, address: str, *, shared: bool
    ) -> Account | None:
        async with self._one_at_a_time:
            if wait_s := self._limits.wait_s(name, address):
                raise TooManyAttemptsError(wait_s)
            found = await asyncio.to_thread(self._account, name, password, shared)
            if found is None:
                self._limits.failed(name, address)
            else:
                self._limits.succeeded(name)
            return found

    def _by_session(self, cookie: str) -> Caller:
        session, users_exist = session_in(cookie), users.users_exist()
        guarded = users_exist or self._settings.password is not None
        if session is not None and (guarded or not self._settings.open_to_network):
            account = users.account(session.person)
            signs_in = account is not None and (account.password is not None or not users_exist)
            if account and signs_in and hmac.compare_digest(account.stamp, session.stamp):
                return Caller(session.person, session=True)
        needed = guarded or self._settings.open_to_network
        return Caller(None if needed else OWNER_ID)

    async def by_password(self, name: str, password: str, address: str) -> Caller:
        """Return who has this name and password."""
        account = await asyncio.to_thread(users.account_named, name)
        parts = (name, password, account.stamp if account else "")
        seen = hmac.digest(self._key, repr(parts).encode(), hashlib.sha256)
        if seen in self._known:
            return self._known[seen]
        try:
            found = await self._checked(name, password, address, shared=True)
        except TooManyAttemptsError as refused:
            return Caller(None, wait_s=refused.wait_s)
        if found is None:
            return Caller(None)
        if len(self._known) >= _REMEMBERED:
            self._known.pop(next(iter(self._known)))
        self._known[seen] = Caller(found.person.id)
        return self._known[seen]

    def _account(self, name: str, password: str, shared: bool) -> Account | None:
        """Return who has this name and password; with `shared` also by the server's password."""
        found = users.account_named(name)
        if matches(password, found.password if found else None):
            return found
        secret = self._settings.password
        if shared and secret is not None and _same(password, secret.get_secret_value()):
            return users.account(OWNER_ID)
        return None


def _same(given: str, password: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(given.encode(), password.encode())


def _bearer(authorization: str) -> str | None:
    """Return the token of an Authorization header; None where it holds none."""
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _basic(authorization: str) -> tuple[str, str] | None:
    """Return name and password of an Authorization header; None where it holds none."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, password = base64.b64decode(token, validate=True).decode().partition(":")
    except ValueError:
        return None
    return name, password
