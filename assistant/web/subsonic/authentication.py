"""Who calls: by an API key, by name and token, or by name and password.

Where nobody has to sign in on the page, nobody has to here either: apps send some name and
password in any case, and these are not looked at.
"""

from __future__ import annotations

import asyncio
import math
from dataclasses import replace
from typing import Final

from fastapi import Request
from starlette.datastructures import Headers

from assistant.settings import current
from assistant.web.access.access_guard import address_of
from assistant.web.access.sign_in import Caller, SignIn
from assistant.web.subsonic.answers import (
    CONFLICT,
    MISSING,
    NO_TOKENS,
    WRONG,
    WRONG_KEY,
    SubsonicError,
)
from assistant.web.subsonic.calls import Call
from store.people import app_passwords, tokens, users
from store.tables.people import OWNER_ID

_HEXADECIMAL: Final = "enc:"
_HOW: Final = "Apps sign in with an app password: backbeat user app-password NAME"


async def signed_in(call: Call, request: Request) -> Call:
    """Return the call with the person who makes it.

    Raises:
        SubsonicError: Name, password, token or key are wrong, missing or contradict each other.
    """
    key, name, token = call.text("apiKey"), call.text("u"), call.text("t")
    password = call.text("p")
    if (key and (name or token or password)) or (password and token):
        raise SubsonicError(CONFLICT, "Give an API key, or a name with a password or a token.")
    sign_in: SignIn = request.state.sign_in
    address = address_of(request.scope)
    if key:
        return await _by_key(call, key, sign_in, address)
    open_to_all = await sign_in.caller(Headers(), address)
    if open_to_all.person is not None:
        return replace(call, person=open_to_all.person)
    if not name or not (password or token):
        raise SubsonicError(MISSING, f"Name and password are missing. {_HOW}")
    if token:
        return await _by_token(call, sign_in, address)
    return await _by_password(call, _clear(password), sign_in, address)


async def _by_key(call: Call, key: str, sign_in: SignIn, address: str) -> Call:
    person = await asyncio.to_thread(_person_of_key, key)
    if person is None:
        # the delay is that of the address: a name is not given
        caller = await sign_in.proved("", address, lambda: None)
        raise _refusal(caller, SubsonicError(WRONG_KEY, "This API key is not known."))
    return replace(call, person=person)


async def _by_token(call: Call, sign_in: SignIn, address: str) -> Call:
    name, token, salt = call.text("u"), call.text("t"), call.text("s")
    if not salt:
        raise SubsonicError(MISSING, "The parameter s is missing.")
    account = await asyncio.to_thread(users.account_named, name)
    if account is not None:
        number = account.person.id
        # made at random, so nobody guesses one: no delay for somebody who has it
        if await asyncio.to_thread(app_passwords.proves_app_password, number, token, salt):
            return replace(call, person=number)
    shared = current().password
    if shared is None and not await asyncio.to_thread(app_passwords.any_app_password):
        raise SubsonicError(NO_TOKENS, f"There is no app password yet. {_HOW}")

    def by_shared_password() -> int | None:
        known = shared is not None and app_passwords.is_token(
            token, shared.get_secret_value(), salt
        )
        return OWNER_ID if known else None

    caller = await sign_in.proved(name, address, by_shared_password)
    return _called(call, caller)


async def _by_password(call: Call, password: str, sign_in: SignIn, address: str) -> Call:
    account = await asyncio.to_thread(users.account_named, call.text("u"))
    person = await asyncio.to_thread(app_passwords.person_of_app_password, password)
    if account is not None and person == account.person.id:
        return replace(call, person=person)
    return _called(call, await sign_in.by_password(call.text("u"), password, address))


def _person_of_key(key: str) -> int | None:
    """Return whose a token for programs or a password for an app is."""
    return tokens.person_of_token(key) or app_passwords.person_of_app_password(key)


def _called(call: Call, caller: Caller) -> Call:
    if caller.person is None:
        raise _refusal(caller, SubsonicError(WRONG, f"Wrong name or password. {_HOW}"))
    return replace(call, person=caller.person)


def _refusal(caller: Caller, wrong: SubsonicError) -> SubsonicError:
    if not caller.wait_s:
        return wrong
    wait = math.ceil(caller.wait_s)
    return SubsonicError(wrong.code, f"Too many attempts: try again in {wait} s.")


def _clear(password: str) -> str:
    """Return a password as it is, also one that is sent as hexadecimal digits of UTF-8."""
    if not password.startswith(_HEXADECIMAL):
        return password
    try:
        return bytes.fromhex(password.removeprefix(_HEXADECIMAL)).decode()
    except ValueError:
        return password
