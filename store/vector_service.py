"""Neighbours of a track for the chat, which must not carry LanceDB in its own memory."""

from __future__ import annotations

from collections.abc import Sequence

from store.vectors import Neighbours


def similar(track_id: int, *, limit: int, ids: Sequence[int] | None = None) -> Neighbours:
    """Tracks that sound most like a track, the track itself and missing ones left out.

    Empty when the track has no embedding yet. Always answers: without LanceDB by a scan.
    """
    raise NotImplementedError


def close() -> None:
    """End the child process, if there is one."""
    raise NotImplementedError
