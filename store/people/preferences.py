"""Settings of the page that stay with a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Final, Literal, get_args

from sqlalchemy import select, update
from sqlmodel import Session, col

from store.database.db import read, rows, write
from store.results import StoreError
from store.tables.people import Person

Theme = Literal["system", "light", "dark"]
THEMES: Final[tuple[Theme, ...]] = get_args(Theme)
PAGE_SIZES: Final = (10, 25, 50, 100)
"""Results a page that can be chosen."""
_LONGEST: Final = 200  # characters of a name of a model


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a person chose.

    Attributes:
        language: Of the answers, such as "fr"; None: that of each request.
        model: The language model; None: that of the server's settings.
        results_per_page: Rows of a table before one goes to its next page.
        theme: "system" follows the preference of the browser; None: not chosen yet.
        crossfade: Whether the player fades into the next track on the beat; None: not chosen yet.
        radio: Whether the player goes on with similar music; None: not chosen yet.
        count_plays: Whether full plays and skips are kept, to learn the person's taste.
    """

    language: str | None = None
    model: str | None = None
    results_per_page: int = PAGE_SIZES[0]
    theme: Theme | None = None
    crossfade: bool | None = None
    radio: bool | None = None
    count_plays: bool = True


_NAMES: Final = tuple(field.name for field in fields(Preferences))


def preferences(person_id: int) -> Preferences:
    """Return what a person chose; the defaults for somebody who chose nothing."""
    with read() as session:
        return _kept(session, person_id) or Preferences()


def results_per_page(person_id: int) -> int:
    """Return how many rows a table shows before its next page."""
    return preferences(person_id).results_per_page


def counts_plays(session: Session, person_id: int) -> bool:
    """Return whether plays and skips of a person are kept; inside the caller's session."""
    return (_kept(session, person_id) or Preferences()).count_plays


def change_preferences(person_id: int, changes: Mapping[str, Any]) -> Preferences:
    """Change some settings of a person; return all.

    Raises:
        StoreError: There is no such person or setting, or a value cannot be.
    """
    for name, value in changes.items():
        if name not in _NAMES or not _fits(name, value):
            raise StoreError(f"{name} cannot be {value!r:.80}.")
    with write() as session:
        before = _kept(session, person_id)
        if before is None:
            raise StoreError(f"There is no person with the number {person_id}.")
        after = Preferences(**{**asdict(before), **changes})
        if after != before:
            changed = update(Person).where(col(Person.id) == person_id)
            rows(session, changed.values(preferences=asdict(after)))
        return after


def _kept(session: Session, person_id: int) -> Preferences | None:
    """Return what is stored; values that this version does not know are left out."""
    found = rows(session, select(col(Person.preferences)).where(col(Person.id) == person_id))
    if not found:
        return None
    values = dict(found[0].preferences or {})
    return Preferences(
        **{name: values[name] for name in _NAMES if name in values and _fits(name, values[name])}
    )


def _fits(name: str, value: object) -> bool:
    if name == "results_per_page":
        return not isinstance(value, bool) and value in PAGE_SIZES
    if name == "count_plays":
        return isinstance(value, bool)
    if value is None:
        return True
    if name in ("crossfade", "radio"):
        return isinstance(value, bool)
    if name == "theme":
        return value in THEMES
    return isinstance(value, str) and 0 < len(value) <= _LONGEST
