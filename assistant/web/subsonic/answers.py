"""Answers of the Subsonic protocol: one description of each, written as XML or JSON.

A description is a mapping. In XML a plain value is an attribute, a mapping an element, a list
one element for each of its items, and the value of `TEXT` what an element holds. In JSON it is
the mapping itself. None is left out of either.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from xml.etree import ElementTree

from fastapi import Response

from assistant.web.library_routes import app_version

Description = Mapping[str, Any]

TEXT: Final = "value"
PROTOCOL: Final = "1.16.1"
"""The last version of Subsonic's own protocol."""
_NAMESPACE: Final = "http://subsonic.org/restapi"
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML may hold (XML 1.0, production Char), lone surrogates among them."""

GENERIC: Final = 0
MISSING: Final = 10
WRONG: Final = 40
NO_TOKENS: Final = 41
MECHANISM: Final = 42
CONFLICT: Final = 43
WRONG_KEY: Final = 44
FORBIDDEN: Final = 50
NOT_FOUND: Final = 70


class SubsonicError(Exception):
    """What was asked cannot be answered; `code` is one of the protocol's."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


def answered(description: Description, format: str) -> Response:
    """Return a successful answer as "xml" or "json"."""
    return _response({**_head("ok"), **description}, format)


def failed(error: SubsonicError, format: str) -> Response:
    """Return an error; the protocol gives it the status 200."""
    described = {"code": error.code, "message": str(error)}
    return _response({**_head("failed"), "error": described}, format)


def _head(status: str) -> dict[str, Any]:
    return {
        "status": status,
        "version": PROTOCOL,
        "type": "backbeat",
        "serverVersion": app_version(),
        "openSubsonic": True,
    }


def _response(description: Description, format: str) -> Response:
    headers = {"Cache-Control": "no-store"}
    if format == "json":
        content = json.dumps({"subsonic-response": _plain(description)}, ensure_ascii=False)
        return Response(content, media_type="application/json", headers=headers)
    root = _element("subsonic-response", _plain(description))
    root.set("xmlns", _NAMESPACE)
    content = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(content, media_type="text/xml; charset=utf-8", headers=headers)


def _plain(value: Any) -> Any:
    """Return a description without None, with times as text and only characters of XML."""
    if isinstance(value, str):
        return _NOT_XML.sub("\ufffd", value)
    if isinstance(value, datetime):
        utc = value.astimezone(UTC)
        return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items() if inner is not None}
    if isinstance(value, Sequence):
        return [_plain(inner) for inner in value]
    return value


def _element(name: str, value: Any) -> ElementTree.Element:
    element = ElementTree.Element(name)
    if not isinstance(value, dict):
        element.text = _text(value)
        return element
    for part, inner in value.items():
        if isinstance(inner, list):
            element.extend(_element(part, item) for item in inner)
        elif isinstance(inner, dict):
            element.append(_element(part, inner))
        elif part == TEXT:
            element.text = _text(inner)
        else:
            element.set(part, _text(inner))
    return element


def _text(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)
