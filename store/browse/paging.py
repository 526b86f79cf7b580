"""A page of a list, and the place of each first letter in a list of names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

Entry = TypeVar("Entry")

OTHERS: Final = "#"
"""Stands for digits, signs and letters of scripts without an alphabet of their own."""


@dataclass(frozen=True, slots=True)
class ListPage(Generic[Entry]):
    """Some entries of a list.

    Attributes:
        total: Entries of the whole list.
        entries: From the place that was asked for.
    """

    total: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class LetterPlace:
    """A first letter, and the place (from 0) of the first name that begins with it."""

    letter: str
    place: int


def letter_places(counted: Iterable[Any]) -> tuple[LetterPlace, ...]:
    """Return where each letter begins, from rows (`first`, `names`) in the order of the list."""
    places: dict[str, int] = {}
    place = 0
    for row in counted:
        first = (row.first or "").upper()
        places.setdefault(first if first.isalpha() and len(first) == 1 else OTHERS, place)
        place += row.names
    return tuple(LetterPlace(letter, at) for letter, at in places.items())
