"""Queued and failed analyses of files, for a scan of the folders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlmodel import col

from store.database.db import read, rows
from store.tables.jobs import Job


@dataclass(frozen=True, slots=True)
class FailedAnalysis:
    """A failed job of kind "analyse"; `key` is stored path text."""

    key: str
    payload: Mapping[str, Any]
    result: Mapping[str, Any]


def failed_analyses() -> tuple[FailedAnalysis, ...]:
    """Return the failed analyses."""
    statement = select(col(Job.key), col(Job.payload), col(Job.result))
    with read() as session:
        found = rows(session, _in_state(statement, "failed"))
    return tuple(FailedAnalysis(row.key, row.payload, row.result) for row in found)


def queued_paths() -> set[str]:
    """Return the stored path texts of the queued analyses."""
    with read() as session:
        found = rows(session, _in_state(select(col(Job.key)), "queued"))
    return {row.key for row in found}


def _in_state(statement: Select, state: str) -> Select:
    return statement.where(col(Job.kind) == "analyse", col(Job.state) == state)
