"""Named values of the indexer: whether it lives, what it watches, whether it rests."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Final

from store.db import read, rows, write
from store.plain import moment, stamp

ALIVE_WITHIN_S: Final = 15.0
"""An indexer that has not beaten for so long is taken for gone."""

_HEARTBEAT: Final = "heartbeat"
_FOLDERS: Final = "watched_folders"
_PAUSED: Final = "paused"


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


def is_paused() -> bool:
    """Whether the owner asked the indexer to rest."""
    return get(_PAUSED) == "yes"


def set_paused(paused: bool) -> None:
    """Let the indexer rest, or go on."""
    put(_PAUSED, "yes" if paused else "no")
