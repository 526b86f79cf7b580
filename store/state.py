"""Named values of the indexer: whether it lives, what it watches, whether it rests."""

from __future__ import annotations

from typing import Final

ALIVE_WITHIN_S: Final = 15.0
"""An indexer that has not beaten for so long is taken for gone."""


def beat() -> None:
    """The indexer is alive; to be called every few seconds."""
    raise NotImplementedError


def indexer_alive() -> bool:
    """Whether the indexer has beaten within `ALIVE_WITHIN_S`."""
    raise NotImplementedError


def get(name: str) -> str | None:
    """A named value."""
    raise NotImplementedError


def put(name: str, value: str) -> None:
    """Set a named value."""
    raise NotImplementedError


def watched_folders() -> tuple[str, ...]:
    """Folders being watched, as `store.paths.encode_path` text."""
    raise NotImplementedError


def set_watched_folders(folders: tuple[str, ...]) -> None:
    """Remember the watched folders."""
    raise NotImplementedError


def is_paused() -> bool:
    """Whether the owner asked the indexer to rest."""
    raise NotImplementedError


def set_paused(paused: bool) -> None:
    """Let the indexer rest, or go on."""
    raise NotImplementedError
