"""New tracks for a playlist that is there: more of them, or others in place of those not locked."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from prompts import languages
from store.playlists import playlist_writing
from store.playlists.playlist_writing import Change, Entry
from store.playlists.refresh_times import is_due
from store.results import Candidate, PlaylistDetail
from store.tracks import track_details
from tools.base import ToolContext, ToolError
from tools.playlist.candidates import (
    LONGEST,
    POOL,
    SEEDS,
    candidates_again,
    query_of,
    without_songs,
)
from tools.playlist.composing import PlaylistOptions, compose, pool_of
from tools.playlist.reasons import row_reasons
from tools.text.words import Language


def entries_of(slots: Sequence[tuple[int, bool]], language: Language) -> list[Entry]:
    """Return (track id, locked) as entries, each with the reason of its step."""
    rows = {row.id: row for row in track_details.track_rows([track_id for track_id, _ in slots])}
    there = [(rows[track_id], locked) for track_id, locked in slots if track_id in rows]
    reasons = row_reasons([row for row, _ in there], language)
    return [
        Entry(row.id, reason, locked) for (row, locked), reason in zip(there, reasons, strict=True)
    ]


def more_tracks(detail: PlaylistDetail, count: int, context: ToolContext) -> list[int]:
    """Return up to `count` tracks that fit the request behind a playlist and are not in it.

    Raises:
        ToolError: A name of the request is no longer in the library.
    """
    tracks = [entry.track.id for entry in detail.entries]
    seed = random.randrange(SEEDS)
    found = candidates_again(detail.request, tracks, context, seed=seed)
    pool = pool_of(without_songs(found, tracks), size=POOL)
    options = _options(detail.request, count=min(count, LONGEST - len(tracks)))
    return [track_id for track_id, _ in compose(pool, options)] if options.count > 0 else []


def filled_anew(detail: PlaylistDetail, context: ToolContext) -> list[tuple[int, bool]]:
    """Return (track id, locked) with other tracks in place of those that are not locked.

    Where too few others fit, some of the former ones stay; empty where none fits.

    Raises:
        ToolError: A name of the request is no longer in the library.
    """
    locked = {at: entry.track for at, entry in enumerate(detail.entries) if entry.locked}
    former = [entry.track.id for entry in detail.entries]
    seed = random.randrange(SEEDS)
    found = candidates_again(detail.request, former, context, seed=seed)
    fresh = pool_of(without_songs(found, former), size=POOL)
    if not fresh:
        return []
    minutes = detail.request.get("duration_min")
    locked_s = sum(track.duration_s for track in locked.values())
    wanted_s = None if minutes is None else max(60.0 * float(str(minutes)) - locked_s, 0.0)
    free = LONGEST if wanted_s is not None else len(former)
    options = _options(detail.request, count=free - len(locked), duration_s=wanted_s)
    pool = fresh
    if not _enough(fresh, options):
        former_songs = without_songs(found, [track.id for track in locked.values()])
        pool = [*fresh, *(c for c in former_songs if c.id in former)]
    chosen = [track_id for track_id, _ in compose(pool, options)]
    return around_kept(chosen, {at: (track.id, True) for at, track in locked.items()})


def opened(detail: PlaylistDetail, context: ToolContext) -> PlaylistDetail:
    """Return a playlist, filled anew first when it is due; as it is where nothing else fits."""
    if not is_due(detail.id):
        return detail
    language = str(detail.request.get("language"))
    language = language if language in languages() else context.language
    try:
        slots = filled_anew(detail, context)
    except ToolError:
        slots = []
    if not slots:
        playlist_writing.mark_refreshed(detail.id)
        return detail
    change = Change(kind="refresh", entries=entries_of(slots, language), refreshed=True)
    return playlist_writing.change_playlist(detail.id, change)


def around_kept(
    chosen: Sequence[int], kept: Mapping[int, tuple[int, bool]]
) -> list[tuple[int, bool]]:
    """Return the chosen tracks with each one that is kept at its index, or after the last.

    Args:
        chosen: Tracks in their order.
        kept: Index → (track, whether it is locked).
    """
    slots: list[tuple[int, bool]] = []
    left, waiting = list(chosen), dict(sorted(kept.items()))
    while left or waiting:
        at = next(iter(waiting), None)
        if at is not None and (at <= len(slots) or not left):
            slots.append(waiting.pop(at))
        else:
            slots.append((left.pop(0), False))
    return slots


def _options(
    request: Mapping[str, Any], *, count: int, duration_s: float | None = None
) -> PlaylistOptions:
    arc = request.get("arc")
    return PlaylistOptions(
        count=count,
        duration_s=duration_s,
        arc=arc if arc in ("rise", "fall", "wave", "flat") else None,
        harmonic=request.get("harmonic") is not False,
        sort=query_of(request).sort,
    )


def _enough(pool: Sequence[Candidate], options: PlaylistOptions) -> bool:
    if options.duration_s is None:
        return len(pool) >= options.count
    return sum(track.duration_s for track in pool) >= options.duration_s
