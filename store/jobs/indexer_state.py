"""Named values of the indexer: whether it lives, what it watches, whether it rests."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Final, Literal, get_args

from store.database.db import read, rows, write
from store.stored_values import moment, stamp

ALIVE_WITHIN_S: Final = 15.0
"""An indexer that has not beaten for so long is taken for gone."""

PauseReason = Literal["owner", "quiet_hours", "too_hot"]
"""Why the indexer rests: asked to, at that time of the day, or to cool down."""

_HEARTBEAT: Final = "heartbeat"
_FOLDERS: Final = "watched_folders"
_PAUSED: Final = "paused"
_RESTING: Final = "resting"
_RESUMED_AT: Final = "resumed_at"
_RESTED_UNTIL: Final = "rested_until"


def beat() -> None:
    """The indexer is alive; to be called every few seconds."""
    put(_HEARTBEAT, stamp())


def stop_beating() -> None:
    """The indexer ends in good order: nobody has to wait to know it."""
    with write() as session:
        rows(session, "DELETE FROM indexerstate WHERE name = :name", name=_HEARTBEAT)


def indexer_alive() -> bool:
    """Whether the indexer has beaten within `ALIVE_WITHIN_S`."""
    last = get(_HEARTBEAT)
    if last is None:
        return False
    return abs((datetime.now(UTC) - moment(last)).total_seconds()) <= ALIVE_WITHIN_S


def get(name: str) -> str | None:
    """A named value."""
    with read() as session:
        found = rows(session, "SELECT value FROM indexerstate WHERE name = :name", name=name)
    return found[0].value if found else None


def put(name: str, value: str) -> None:
    """Set a named value."""
    with write() as session:
        rows(
            session,
            "INSERT INTO indexerstate (name, value, updated_at) VALUES (:name, :value, :now) "
            "ON CONFLICT (name) DO UPDATE SET value = excluded.value, "
            "updated_at = excluded.updated_at",
            name=name,
            value=value,
            now=stamp(),
        )


def watched_folders() -> tuple[str, ...]:
    """Folders being watched, as `store.paths.encode_path` text."""
    return tuple(json.loads(get(_FOLDERS) or "[]"))


def set_watched_folders(folders: tuple[str, ...]) -> None:
    """Remember the watched folders."""
    put(_FOLDERS, json.dumps(list(folders)))


def pause_indexing() -> None:
    """The owner asks the indexer to rest; files at hand are finished, charts are still made."""
    put(_PAUSED, "yes")


def resume_indexing() -> None:
    """The owner asks the indexer to go on, in the quiet hours that may be just now as well."""
    put(_PAUSED, "no")
    put(_RESUMED_AT, stamp())


def paused_by_owner() -> bool:
    """Whether the owner asked the indexer to rest."""
    return get(_PAUSED) == "yes"


def resumed_at() -> datetime | None:
    """When the owner last asked the indexer to go on."""
    text = get(_RESUMED_AT)
    return moment(text) if text else None


def indexing_pause() -> PauseReason | None:
    """Why the indexer rests; None while it works, or would."""
    if paused_by_owner():
        return "owner"
    resting = get(_RESTING)
    return next((r for r in get_args(PauseReason) if r == resting and r != "owner"), None)


def pause_to_tell() -> PauseReason | None:
    """As `indexing_pause`, for people: what the owner asked for holds without an indexer as well,
    another reason ends with the indexer that had it."""
    reason = indexing_pause()
    return reason if reason == "owner" or indexer_alive() else None


def set_resting(reason: PauseReason | None) -> None:
    """The indexer rests, or goes on; for the indexer alone to say."""
    put(_RESTING, reason or "")
    if reason is None:
        put(_RESTED_UNTIL, stamp())


def rested_until() -> datetime | None:
    """When the indexer last began or went on: its speed is that of the time since."""
    text = get(_RESTED_UNTIL)
    return moment(text) if text else None
