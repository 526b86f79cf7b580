"""SQL expressions that several modules use: lists of values of any length, and existence."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, TableValuedAlias, func, literal, select
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col

from store.database.db import rows
from store.tables.tracks import Track


def value_table(values: Iterable[object]) -> TableValuedAlias:
    """Return a table of `values` with the columns `key` (0, 1, …) and `value`.

    One bound JSON array: a list of ids may be longer than SQLite takes parameters.
    """
    return func.json_each(json.dumps(list(values))).table_valued("key", "value").alias("listed")


def among(column: Mapped[Any], values: Iterable[object]) -> ColumnElement[bool]:
    """Return the condition that `column` has one of `values`."""
    return column.in_(select(value_table(values).c.value))


def has_track(session: Session, track_id: int) -> bool:
    """Return whether there is a track of this id."""
    return has_row(session, select(literal(1)).where(col(Track.id) == track_id))


def has_row(session: Session, statement: Select) -> bool:
    """Return whether `statement` returns a row."""
    return bool(rows(session, statement.limit(1)))
