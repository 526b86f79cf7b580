"""Headers of every answer: what a page of this server may load, and who may frame it."""

from __future__ import annotations

from typing import Final

from starlette.datastructures import MutableHeaders

_COMMON: Final = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "media-src 'self' blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; "
)
_ELSEWHERE: Final = _COMMON + "script-src 'self'"
# Chainlit compiles the elements of messages (JSX) in the browser, which counts as eval.
_CHAT: Final = _ELSEWHERE + " 'unsafe-eval'"
_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def add_headers(headers: MutableHeaders, path: str) -> None:
    """Add the headers of an answer; scripts may be compiled in the chat page alone."""
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)
    page = path.startswith("/chat") and headers.get("content-type", "").startswith("text/html")
    headers.setdefault("Content-Security-Policy", _CHAT if page else _ELSEWHERE)
