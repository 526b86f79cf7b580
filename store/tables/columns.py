"""Columns that several tables have."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Integer
from sqlmodel import Field


def utc_now() -> datetime:
    """Return the time now, in UTC as every time in the database."""
    return datetime.now(UTC)


def json_column(*, as_list: bool = False) -> Any:
    """Return a field that is stored as JSON, by default an empty object or list."""
    return Field(default_factory=list if as_list else dict, sa_column=Column(JSON, nullable=False))


def owner_column(target: str, *, primary: bool = False, index: bool = True) -> Any:
    """Return a foreign key to `target` ("track.id"): a row is deleted with the row it refers to."""
    column = Column(
        Integer,
        ForeignKey(target, ondelete="CASCADE"),
        primary_key=primary,
        nullable=False,
        index=index and not primary,
    )
    return Field(sa_column=column)
