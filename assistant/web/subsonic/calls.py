"""A call of the Subsonic protocol: its parameters, checked as they are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import parse_qsl

from fastapi import Request

from assistant.web.subsonic.answers import GENERIC, MISSING, NOT_FOUND, SubsonicError

Kind = Literal["track", "album", "artist", "playlist", "cover"]
_PREFIXES: Final[dict[Kind, str]] = {
    "track": "tr-", "album": "al-", "artist": "ar-", "playlist": "pl-", "cover": "co-",
}  # fmt: skip
_DIGITS: Final = 18
"""Of an id: what SQLite takes in any case."""
_MOST_BYTES: Final = 4_000_000
"""Of the parameters in a body: some ten thousand songs of a playlist."""
_MOST_FIELDS: Final = 50_000
_FORM: Final = "application/x-www-form-urlencoded"


def id_of(kind: Kind, number: int | None) -> str | None:
    """Return the id that the protocol has for a row; None for none."""
    return None if number is None else f"{_PREFIXES[kind]}{number}"


def number_of(kind: Kind, text: str) -> int:
    """Return the row of an id.

    Raises:
        SubsonicError: It is no id of this kind.
    """
    if (found := kind_of(text)) is not None and found[0] == kind:
        return found[1]
    raise SubsonicError(NOT_FOUND, f"There is no such {kind}.")


def kind_of(text: str) -> tuple[Kind, int] | None:
    """Return what an id is of, and its row; None where it is no id."""
    for kind, prefix in _PREFIXES.items():
        digits = text.removeprefix(prefix)
        if text.startswith(prefix) and digits.isascii() and digits.isdigit():
            return (kind, int(digits)) if len(digits) <= _DIGITS else None
    return None


@dataclass(frozen=True, slots=True)
class Call:
    """What an app asks for.

    Attributes:
        parameters: Name → its values in their order.
        person: Who asks; 0 as long as that is not known.
        ranged: The Range header, for sound.
    """

    parameters: Mapping[str, Sequence[str]]
    person: int = 0

    def text(self, name: str, default: str = "") -> str:
        """Return a text, or `default` where it is not given."""
        values = self.parameters.get(name)
        return values[0] if values else default

    def required(self, name: str) -> str:
        """Return a text that is not empty.

        Raises:
            SubsonicError: It is missing.
        """
        if value := self.text(name):
            return value
        raise SubsonicError(MISSING, f"The parameter {name} is missing.")

    def number(self, name: str, default: int, *, most: int, least: int = 0) -> int:
        """Return a whole number, cut to `least`..`most`.

        Raises:
            SubsonicError: It is no number.
        """
        value = self.text(name).strip()
        if not value:
            return default
        try:
            return min(max(int(value[:30]), least), most)
        except ValueError:
            raise SubsonicError(GENERIC, f"Expected a whole number as {name}.") from None

    def flag(self, name: str, *, default: bool) -> bool:
        """Return whether something is asked for."""
        value = self.text(name).strip().lower()
        return default if not value else value in ("true", "1", "yes")

    def ids(self, name: str, kind: Kind) -> list[int]:
        """Return the rows of all ids given.

        Raises:
            SubsonicError: One is no id of this kind.
        """
        return [number_of(kind, value) for value in self.parameters.get(name, ())]

    def id(self, kind: Kind, name: str = "id") -> int:
        """Return the row of the id that has to be given.

        Raises:
            SubsonicError: It is missing, or no id of this kind.
        """
        return number_of(kind, self.required(name))


async def read_call(request: Request) -> Call:
    """Return the call of a request: parameters of its address, and of a form in its body.

    Raises:
        SubsonicError: The body is too long.
    """
    query = request.scope.get("query_string", b"").decode("latin-1")
    texts = [query]
    if request.method == "POST" and request.headers.get("content-type", "").startswith(_FORM):
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > _MOST_BYTES:
                raise SubsonicError(GENERIC, "The request is too long.")
        texts.append(body.decode("latin-1"))
    parameters: dict[str, list[str]] = {}
    for text in texts:
        for name, value in _fields(text):
            parameters.setdefault(name, []).append(value)
    return Call(parameters)


def _fields(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise SubsonicError(GENERIC, "The request has too many parameters.") from None
