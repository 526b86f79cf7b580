"""Columns of a job and the `JobRow` made of them."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Final

from sqlalchemy import Row
from sqlmodel import col

from store.results import JobRow
from store.stored_values import as_utc
from store.tables.jobs import Job

JOB_COLUMNS: Final = tuple(col(getattr(Job, field.name)) for field in fields(JobRow))
"""Columns of `Job` that `JobRow` has."""

OPEN_STATES: Final = ("queued", "running")
"""States of a job that is not over."""


def job_row(row: Row[Any]) -> JobRow:
    """Return the job of a row of `JOB_COLUMNS`."""
    values = dict(row._mapping)
    values["created_at"] = as_utc(row.created_at)
    values["finished_at"] = as_utc(row.finished_at) if row.finished_at else None
    return JobRow(**values)
