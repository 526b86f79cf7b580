"""Access control: host name, origin and password of a request."""

from __future__ import annotations

import asyncio
import base64
import hmac
import ipaddress
import json
import socket
from functools import cache
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.settings import Settings
from assistant.web.session_cookie import person_in, session_header
from store.people import people
from store.tables.people import OWNER_ID

_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_WRONG_PASSWORD_DELAY_S: Final = 1.0  # makes guessing slow
# The chat page evaluates its own elements and styles; nothing comes from anywhere else.
_CONTENT_POLICY: Final = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' blob:; "
    "font-src 'self' data:; connect-src 'self' ws: wss:; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": _CONTENT_POLICY,
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class AccessGuard:
    """ASGI middleware around the whole application, the socket of the chat included.

    A page of another site could call a server on this machine through the user's browser. A
    name that is not this machine's (DNS rebinding) is refused, and so is a change or a socket
    that another site's page asks for.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse or pass on."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers)
        person = person_in(headers.get("cookie", ""))
        state = scope.setdefault("state", {})
        state["person"] = person or OWNER_ID
        if refusal is None and _needs_password(scope):
            signed_in = person is not None or self._signed_in(headers)
            state["signed_in"] = signed_in
            if not signed_in and scope["path"] != "/api/health":
                if "authorization" in headers:
                    await asyncio.sleep(_WRONG_PASSWORD_DELAY_S)
                refusal = (401, "A password is needed here.")
        if refusal is None:
            begins = self._settings.password is None and person is None and _opens_page(scope)
            await self._app(scope, receive, _with_headers(send, begins=begins))
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": refusal[1]})
        else:
            # a request by a script of the page must not open the browser's own password window
            asks = headers.get("sec-fetch-mode", "navigate") == "navigate"
            await _refuse(_with_headers(send), *refusal, asks=asks)

    def _refusal(self, scope: Scope, headers: Headers) -> tuple[int, str] | None:
        host = headers.get("host", "")
        if not self._is_ours(_name(host)):
            return 421, f"This is not {_name(host)[:80]}. Use http://localhost:<port>."
        changes = scope["type"] == "websocket" or scope["method"] not in _SAFE_METHODS
        origin = headers.get("origin")
        if changes and origin is not None and urlsplit(origin).netloc.lower() != host.lower():
            return 403, "Another site may not do this."
        if changes and origin is None and headers.get("sec-fetch-site") == "cross-site":
            return 403, "Another site may not do this."
        return None

    def _is_ours(self, name: str) -> bool:
        """Return whether a host is an IP address or a name of this machine."""
        if name in _own_names() or name in self._settings.extra_hosts:
            return True
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return True

    def _signed_in(self, headers: Headers) -> bool:
        password = self._settings.password
        if password is None:
            return True
        return _has_password(headers.get("authorization", ""), password.get_secret_value())


def same(given: str, password: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(given.encode(), password.encode())


def _needs_password(scope: Scope) -> bool:
    """Return whether a request is under /api; the chat has its own login."""
    return scope["type"] == "http" and scope["path"].startswith("/api")


def _has_password(authorization: str, password: str) -> bool:
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "basic":
        return False
    try:
        _, _, given = base64.b64decode(token, validate=True).decode().partition(":")
    except ValueError:
        return False
    return same(given, password)


def _opens_page(scope: Scope) -> bool:
    """Return whether a browser asks for the page itself."""
    accepted = Headers(scope=scope).get("accept", "")
    return scope["type"] == "http" and scope["method"] == "GET" and "text/html" in accepted


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


def _with_headers(send: Send, *, begins: bool = False) -> Send:
    """Add the headers of every answer; where no login is needed, the page begins a session."""

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            if begins:
                owner = (await asyncio.to_thread(people.people))[0]
                headers.append("Set-Cookie", session_header(owner))
        await send(message)

    return send_with_headers


async def _refuse(send: Send, status: int, reason: str, *, asks: bool) -> None:
    body = json.dumps({"detail": reason}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    if status == 401 and asks:
        headers.append((b"www-authenticate", b'Basic realm="Backbeat", charset="UTF-8"'))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
