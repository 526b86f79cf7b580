"""The words of an answer while the JSON around them is still being written."""

from __future__ import annotations

import json
import re
from typing import Final

_OPENING: Final = re.compile(
    r'^\s*\{\s*"calls"\s*:\s*\[\s*\{\s*"tool"\s*:\s*"answer"\s*,\s*"arguments"\s*:\s*\{\s*'
    r'"text"\s*:\s*"'
)


_PLAIN: Final = re.compile(r"\s*[^\s{\[<`(]+\s")
"""The beginning of words without a call around them; `search_tracks(…` is none."""


class AnswerStream:
    """Reads a reply piece by piece; where it is an answer, yields the words."""

    def __init__(self) -> None:
        self._written = ""
        self._start: int | None = None
        self._told = ""

    @property
    def written(self) -> str:
        """All that came so far."""
        return self._written

    def feed(self, piece: str) -> str:
        """Return the words that a piece adds; "" while it is no answer."""
        self._written += piece
        if self._start is None and _PLAIN.match(self._written):
            new, self._told = self._written[len(self._told) :], self._written
            return new
        if self._start is None:
            opening = _OPENING.match(self._written)
            if opening is None:
                return ""
            self._start = opening.end()
        text = _text_from(self._written[self._start :])
        new, self._told = text[len(self._told) :], text
        return new


def _text_from(rest: str) -> str:
    """Return the JSON text that begins there, as far as it is whole."""
    end = _closing_quote(rest)
    body = rest[:end] if end >= 0 else rest
    cut = _unfinished_escape(body)
    try:
        return json.loads(f'"{body[:cut]}"')
    except ValueError:
        return ""


def _closing_quote(text: str) -> int:
    escaped = False
    for at, character in enumerate(text):
        if character == '"' and not escaped:
            return at
        escaped = character == "\\" and not escaped
    return -1


def _unfinished_escape(body: str) -> int:
    """Return where an escape begins that is not whole yet; else the length."""
    tail = re.search(r"(?<!\\)(?:\\\\)*(\\(?:u[0-9a-fA-F]{0,3})?)$", body)
    end = tail.start(1) if tail else len(body)
    pair = re.search(r"\\u[dD][89abAB][0-9a-fA-F]{2}$", body[:end])  # its other half is to come
    return pair.start() if pair else end
