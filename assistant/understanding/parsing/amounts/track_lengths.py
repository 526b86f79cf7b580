"""How long each track is to be: "between four and five minutes", "3 min max", "3 minute songs"."""

from __future__ import annotations

from typing import Final

from assistant.understanding.lexing.tokens import Scan
from assistant.understanding.lexing.values import minutes_of
from assistant.understanding.parsing.draft import Draft

LONGEST_TRACK_MIN: Final = 20
"""A longer time is that of a playlist."""
_SHORTEST_PLAYLIST_MIN: Final = 10
_ABOUT_MIN: Final = 0.5
"""A song "of three minutes" lasts so much less or more."""


def read_track_lengths(scan: Scan, draft: Draft) -> None:
    """Read ranges, limits behind the time and plain lengths of tracks."""
    for at in range(len(scan.tokens)):
        minutes = minutes_at(scan, at)
        if minutes is None or minutes > LONGEST_TRACK_MIN:
            continue
        if not _range(scan, draft, at, minutes):
            _ = _limit_behind(scan, draft, at, minutes) or _plain(scan, draft, at, minutes)


def read_track_limit(scan: Scan, draft: Draft, at: int, minutes: float) -> bool:
    """ "Nothing over 3 minutes": a limit of each track, or of a playlist where one is asked for."""
    limit: str | None
    # the longer one: "au moins" is no "moins"
    size, limit = max((scan.group_before(at, name), name) for name in ("under", "over"))
    first, last = at - size, at + 1
    if not size:
        limit = next((n for n in ("under", "over") if scan.group_at(at + 1, f"{n}_after")), None)
        last += scan.group_at(at + 1, f"{limit}_after") if limit else 0
    if limit is None:
        return False
    each = scan.group_at(last, "each_track")
    last += each
    playlist = any(scan.group_at(i, "signals.playlist") for i in range(len(scan.tokens)))
    scan.use(first, last, "duration")
    long_tracks = limit == "over" and size and scan.group_before(first, "tracks")
    of_tracks = minutes <= LONGEST_TRACK_MIN or long_tracks
    if each or minutes < _SHORTEST_PLAYLIST_MIN or (of_tracks and not playlist):
        argument = "length_max" if limit == "under" else "length_min"
        draft.set(argument, minutes)
        _use_words(scan, argument)
    else:
        draft.set("duration_min", minutes)
    return True


def _use_words(scan: Scan, argument: str) -> None:
    """ "*Short* songs, 3 minutes max": says the same once more."""
    words = "short_words" if argument == "length_max" else "long_words"
    for at in range(len(scan.tokens)):
        scan.use(at, at + scan.group_at(at, words), "duration")


def minutes_at(scan: Scan, at: int) -> float | int | None:
    """The minutes of a duration that nothing used yet."""
    norm = scan.norm(at)
    return minutes_of(norm) if scan.free(at) and norm.startswith("@t") else None


def _range(scan: Scan, draft: Draft, at: int, most: float) -> bool:
    """ "Between 4 and 6 minutes", "3-5 min", "de 3 à 5 minutes"."""
    link = max(scan.group_before(at, "and"), scan.group_before(at, "or"))
    first = at - link - 1
    if not link or not scan.free(first):
        return False
    norm = scan.norm(first)
    least = int(norm) if norm.isdigit() else minutes_at(scan, first)
    if least is None or not 0 < least <= most or _of_playlist(scan, first):
        return False
    draft.set("length_min", least)
    draft.set("length_max", most)
    first -= scan.group_before(first, "between")
    scan.use(first, at + 1, "duration")
    return True


def _limit_behind(scan: Scan, draft: Draft, at: int, minutes: float) -> bool:
    """ "3 min max", "five minutes or more"."""
    for name, argument in (("length_most", "length_max"), ("length_least", "length_min")):
        size = scan.group_at(at + 1, name)
        if size and not _of_playlist(scan, at):
            draft.set(argument, minutes)
            scan.use(at, at + 1 + size, "duration")
            _use_words(scan, argument)
            return True
    return False


def _plain(scan: Scan, draft: Draft, at: int, minutes: float) -> bool:
    """ "Songs that last three minutes": no playlist is that short."""
    if minutes >= _SHORTEST_PLAYLIST_MIN or _of_playlist(scan, at):
        return False
    before = scan.group_before(at, "length_verbs")
    if not before and not scan.group_at(at + 1, "tracks"):
        return False
    draft.set("length_min", minutes - _ABOUT_MIN)
    draft.set("length_max", minutes + _ABOUT_MIN)
    scan.use(at - before, at + 1, "duration")
    return True


def _of_playlist(scan: Scan, at: int) -> bool:
    """Whether a playlist is to last so long; "a playlist of songs under 4 minutes" is none."""
    for before in range(at - 1, -1, -1):
        if scan.group_at(before, "tracks"):
            return False
        if scan.group_at(before, "signals.playlist"):
            return True
    return any(scan.group_at(after, "signals.playlist") for after in range(at, len(scan.tokens)))
