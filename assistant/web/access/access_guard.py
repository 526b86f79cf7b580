"""Access control: host name, origin and login of a request."""

from __future__ import annotations

import asyncio
import ipaddress
import json
import math
import socket
import time
from functools import cache
from typing import Final
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.settings import Settings
from assistant.web.access.content_policy import add_headers
from assistant.web.access.session_cookie import session_header
from assistant.web.access.sign_in import Caller, SignIn
from assistant.web.session_person import calling_person
from store.conversations import conversations
from store.people import users
from store.results import StoreError
from store.tables.people import OWNER_ID

LOGIN_PATH: Final = "/login"
PLAYERS: Final = "/rest/"
"""Calls of player apps, which say themselves who they are (`assistant.web.subsonic`)."""
_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_SAME_SITE: Final = frozenset({"none", "same-origin"})
_HEALTH: Final = "/api/health"
_HEALTHS: Final = frozenset({_HEALTH, f"{_HEALTH}/live", f"{_HEALTH}/ready"})
_FOR_ALL: Final = _HEALTHS | {LOGIN_PATH, "/offline", "/service-worker.js"}
_CHAT: Final = "/chat/"
_THREAD: Final = "/chat/thread/"
_CHECK_AGAIN_S: Final = 5.0
"""Between two checks of an open socket's session."""
_FILES_FOR_ALL: Final = ("/chat/public/", "/chat/assets/")
"""Scripts, style and pictures, the same for everybody; a page asks for 40 of them."""


class AccessGuard:
    """ASGI middleware around the whole application, the socket of the chat included.

    A page of another site could call a server on this machine through the user's browser. A
    name that is not this machine's (DNS rebinding) is refused, and so is a change or a socket
    that another site's page asks for. Where a login is needed, everything else needs it.
    """

    def __init__(self, app: ASGIApp, settings: Settings, sign_in: SignIn | None = None) -> None:
        self._app = app
        self._settings = settings
        self._sign_in = sign_in or SignIn(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse or pass on."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if refusal := self._refusal(scope, headers):
            await _refuse(scope, send, *refusal)
            return
        if scope["type"] == "http" and scope["path"].startswith(_FILES_FOR_ALL):
            await self._app(scope, receive, _with_headers(scope, send))
            return
        try:
            # a session of the page says nothing here: another site's page could make use of it
            caller = Caller(None) if _of_player(scope) else await self._caller(scope, headers)
        except StoreError:
            reason = "The library cannot be read: `backbeat doctor` says why."
            await _refuse(scope, send, 503, reason)
            return
        state = scope.setdefault("state", {})
        state["person"] = caller.person or OWNER_ID
        state["signed_in"] = caller.person is not None
        state["sign_in"] = self._sign_in
        if _of_player(scope):
            await self._app(scope, receive, _with_headers(scope, send))
            return
        if caller.person is None and not _is_for_all(scope["path"]):
            await _ask_to_sign_in(scope, send, caller)
            return
        if _opens_page(scope) and not await asyncio.to_thread(_may_open, scope["path"], caller):
            await _lead_to(scope, send, _CHAT)
            return
        token = calling_person.set(state["person"])
        try:
            if scope["type"] == "websocket":
                receive = self._while_signed_in(headers, receive, send)
                await self._app(scope, receive, send)
            else:
                begins = not caller.session and not caller.token and _opens_page(scope)
                person = caller.person if begins else None
                await self._app(scope, receive, _with_headers(scope, send, begins=person))
        finally:
            calling_person.reset(token)

    async def _caller(self, scope: Scope, headers: Headers) -> Caller:
        try:
            return await self._sign_in.caller(headers, address_of(scope))
        except StoreError:  # the report on a broken library needs no session of it
            if scope["path"] not in _HEALTHS:
                raise
            local = self._settings.password is None and not self._settings.open_to_network
            return Caller(OWNER_ID if local else None)

    def _refusal(self, scope: Scope, headers: Headers) -> tuple[int, str] | None:
        host = headers.get("host", "")
        if not self._is_ours(_name(host)):
            return 421, f"This is not {_name(host)[:80]}. Use http://localhost:<port>."
        changes = scope["type"] == "websocket" or scope["method"] not in _SAFE_METHODS
        origin, site = headers.get("origin"), headers.get("sec-fetch-site", "none")
        if _of_player(scope):  # changes are made by GET too, and no app is a page in a browser
            changes = True
            if site not in _SAME_SITE or _led_from(headers.get("referer"), host):
                return 403, "Another site may not do this."
        if changes and origin is not None and not _is_at(origin, host):
            return 403, "Another site may not do this."
        if changes and origin is None and site == "cross-site":
            return 403, "Another site may not do this."
        return None

    def _is_ours(self, name: str) -> bool:
        """Return whether a host is an IP address or a name of this machine.

        0.0.0.0 and :: are no address of any machine, but lead a browser to its own.
        """
        if name in _own_names() or name in self._settings.extra_hosts:
            return True
        try:
            return not ipaddress.ip_address(name).is_unspecified
        except ValueError:
            return False

    def _while_signed_in(self, headers: Headers, receive: Receive, send: Send) -> Receive:
        """Close a socket once its session has ended; a browser answers a ping every 25 s."""
        checked_s = time.monotonic()

        async def watched() -> Message:
            nonlocal checked_s
            message = await receive()
            due = time.monotonic() - checked_s > _CHECK_AGAIN_S
            if message["type"] == "websocket.receive" and due:
                checked_s = time.monotonic()
                try:
                    caller = await self._sign_in.caller(headers, "")
                except StoreError:
                    return message  # checked again once the library can be read
                if caller.person is not None:
                    return message
                await send({"type": "websocket.close", "code": 1008, "reason": "Signed out."})
                return {"type": "websocket.disconnect", "code": 1008}
            return message

        return watched


def address_of(scope: Scope) -> str:
    """Return the address that a request comes from."""
    client = scope.get("client")
    return str(client[0]) if client else ""


def _is_for_all(path: str) -> bool:
    return path in _FOR_ALL


def _of_player(scope: Scope) -> bool:
    """Return whether an app for music players calls."""
    return scope["type"] == "http" and scope["path"].startswith(PLAYERS)


def _led_from(referer: str | None, host: str) -> bool:
    """Return whether a page of another site leads here."""
    return referer is not None and not _is_at(referer, host)


def _is_at(address: str, host: str) -> bool:
    """Return whether an address is one of a host; what is no address is not."""
    try:
        return urlsplit(address).netloc.lower() == host.lower()
    except ValueError:
        return False


def _opens_page(scope: Scope) -> bool:
    """Return whether a browser asks for the page itself."""
    accepted = Headers(scope=scope).get("accept", "")
    return scope["type"] == "http" and scope["method"] == "GET" and "text/html" in accepted


def _may_open(path: str, caller: Caller) -> bool:
    """Return whether an address is no conversation, or one of the caller."""
    if not path.startswith(_THREAD):
        return True
    row = conversations.conversation(path.removeprefix(_THREAD).strip("/"))
    return row is not None and row.person_id == caller.person


def _name(host: str) -> str:
    """Return the host without its port, lower-case, an IPv6 address without brackets."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()


@cache
def _own_names() -> frozenset[str]:
    own = socket.gethostname().lower()
    short = own.partition(".")[0]
    return frozenset({"localhost", own, short, f"{short}.local"})


def _with_headers(scope: Scope, send: Send, *, begins: int | None = None) -> Send:
    """Add the headers of every answer, and a session of the person who opens the page."""

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            add_headers(headers, scope["path"])
            account = None if begins is None else await asyncio.to_thread(users.account, begins)
            if account is not None:
                secure = scope.get("scheme") == "https"
                headers.append("Set-Cookie", session_header(account, secure=secure))
        await send(message)

    return send_with_headers


async def _ask_to_sign_in(scope: Scope, send: Send, caller: Caller) -> None:
    """Lead a browser to the login page, and answer a program with what is missing."""
    if _opens_page(scope) and not scope["path"].startswith("/api"):
        inside = scope["path"] if scope["path"].startswith(_THREAD) else ""
        query = f"?next={quote(inside)}" if inside else ""
        await _lead_to(scope, send, LOGIN_PATH + query)
    elif caller.wait_s:
        wait = math.ceil(caller.wait_s)
        reason = f"Too many attempts: try again in {wait} s."
        await _refuse(scope, send, 429, reason, (b"retry-after", b"%d" % wait))
    else:
        # a request by a script of the page must not open the browser's own password window
        asks = Headers(scope=scope).get("sec-fetch-mode", "navigate") == "navigate"
        basic = (b"www-authenticate", b'Basic realm="Backbeat", charset="UTF-8"')
        reason = "A password or a token is needed here."
        await _refuse(scope, send, 401, reason, *([basic] if asks else ()))


async def _lead_to(scope: Scope, send: Send, address: str) -> None:
    headers = [(b"location", address.encode()), (b"content-length", b"0")]
    send = _with_headers(scope, send)
    await send({"type": "http.response.start", "status": 303, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def _refuse(
    scope: Scope, send: Send, status: int, reason: str, *more: tuple[bytes, bytes]
) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": reason})
        return
    body = json.dumps({"detail": reason}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    send = _with_headers(scope, send)
    await send({"type": "http.response.start", "status": status, "headers": [*headers, *more]})
    await send({"type": "http.response.body", "body": body})
