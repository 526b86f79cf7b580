"""Named values of the indexer: heartbeat, watched folders, pause."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Final, Literal, get_args

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import col

from store.database.db import read, rows, write
from store.stored_values import moment, now, stamp
from store.tables.jobs import IndexerState

ALIVE_WITHIN_S: Final = 15.0
"""An indexer whose last heartbeat is older does not run."""

RENDERING_WITHIN_S: Final = 120.0
"""A demo library whose last song is older is not being rendered any more."""

PauseReason = Literal["owner", "quiet_hours", "too_hot"]
"""Why indexing is paused: by the owner, at a time of day, or to cool down."""

_HEARTBEAT: Final = "heartbeat"
_FOLDERS: Final = "watched_folders"
_PAUSED: Final = "paused"
_RESTING: Final = "resting"
_RESUMED_AT: Final = "resumed_at"
_RESTED_UNTIL: Final = "rested_until"
_CHART_VERSION: Final = "chart_version"
_RENDERED: Final = "demo_rendered"


def record_heartbeat() -> None:
    """Record that the indexer runs; to be called every few seconds."""
    put(_HEARTBEAT, stamp())


def clear_heartbeat() -> None:
    """Record that the indexer has ended, at once instead of after `ALIVE_WITHIN_S`."""
    with write() as session:
        rows(session, delete(IndexerState).where(col(IndexerState.name) == _HEARTBEAT))


def indexer_alive() -> bool:
    """Return whether the last heartbeat is not older than `ALIVE_WITHIN_S`."""
    last = get(_HEARTBEAT)
    if last is None:
        return False
    return abs((datetime.now(UTC) - moment(last)).total_seconds()) <= ALIVE_WITHIN_S


def get(name: str) -> str | None:
    """Return a named value."""
    with read() as session:
        statement = select(col(IndexerState.value)).where(col(IndexerState.name) == name)
        found = rows(session, statement)
    return found[0].value if found else None


def put(name: str, value: str) -> None:
    """Set a named value."""
    changed = {"value": value, "updated_at": now()}
    statement = insert(IndexerState).values(name=name, **changed)
    with write() as session:
        rows(session, statement.on_conflict_do_update(index_elements=["name"], set_=changed))


def record_chart_version(version: str) -> None:
    """Record the version of the drum charts that the indexer makes now."""
    put(_CHART_VERSION, version)


def chart_version() -> str:
    """The version of the charts that the last indexer makes; "" before there was one."""
    return get(_CHART_VERSION) or ""


def record_rendering(done: int, total: int) -> None:
    """Record how many songs of the demo library are rendered; at the end `done` is `total`."""
    put(_RENDERED, f"{done} {total} {stamp()}")


def rendering() -> tuple[int, int] | None:
    """Return (songs done, songs in all) while the demo library is being rendered."""
    text = get(_RENDERED)
    if text is None:
        return None
    done, total, at = text.split(" ", 2)
    age_s = (datetime.now(UTC) - moment(at)).total_seconds()
    return (int(done), int(total)) if done != total and abs(age_s) <= RENDERING_WITHIN_S else None


def watched_folders() -> tuple[str, ...]:
    """Return the watched folders, as `store.paths.encode_path` text."""
    return tuple(json.loads(get(_FOLDERS) or "[]"))


def set_watched_folders(folders: tuple[str, ...]) -> None:
    """Store the watched folders."""
    put(_FOLDERS, json.dumps(list(folders)))


def pause_indexing() -> None:
    """Pause indexing for the owner; files begun are finished, charts are still made."""
    put(_PAUSED, "yes")


def resume_indexing() -> None:
    """Resume indexing for the owner, also during quiet hours."""
    put(_PAUSED, "no")
    put(_RESUMED_AT, stamp())


def paused_by_owner() -> bool:
    """Return whether the owner paused indexing."""
    return get(_PAUSED) == "yes"


def resumed_at() -> datetime | None:
    """Return when the owner last resumed indexing."""
    text = get(_RESUMED_AT)
    return moment(text) if text else None


def indexing_pause() -> PauseReason | None:
    """Return why indexing is paused; None when it is not."""
    if paused_by_owner():
        return "owner"
    resting = get(_RESTING)
    return next((r for r in get_args(PauseReason) if r == resting and r != "owner"), None)


def pause_to_tell() -> PauseReason | None:
    """Return `indexing_pause` for people.

    A pause by the owner holds without an indexer too, another one ends with its indexer.
    """
    reason = indexing_pause()
    return reason if reason == "owner" or indexer_alive() else None


def set_resting(reason: PauseReason | None) -> None:
    """Store why the indexer pauses by itself; None when it goes on. Only the indexer calls this."""
    put(_RESTING, reason or "")
    if reason is None:
        put(_RESTED_UNTIL, stamp())


def rested_until() -> datetime | None:
    """Return when the indexer last started or resumed; its speed is measured from there."""
    text = get(_RESTED_UNTIL)
    return moment(text) if text else None
