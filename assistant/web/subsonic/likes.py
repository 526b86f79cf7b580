"""What a person likes, how many stars it gets, and what was played."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from typing import Any, Final

from assistant.web.subsonic.answers import GENERIC, MISSING, NOT_FOUND, Description, SubsonicError
from assistant.web.subsonic.calls import Call, Kind, kind_of
from assistant.web.subsonic.entries import song_entry
from store.listing.song_rows import songs
from store.people import likes, plays, ratings, users

_PARAMETERS: Final[tuple[tuple[str, Kind], ...]] = (
    ("id", "track"), ("albumId", "album"), ("artistId", "artist"),
)  # fmt: skip
_SHOWN_S: Final = 600.0
"""How long a song counts as playing after an app said so."""
_MOST_PLAYS: Final = 1000
"""Of a call: they are written in one transaction, during which others cannot write."""


def star(call: Call) -> Description:
    """Like songs, albums and artists."""
    return _each(call, liked=True)


def unstar(call: Call) -> Description:
    """Take likes back."""
    return _each(call, liked=False)


def set_rating(call: Call) -> Description:
    """Give a song, an album or an artist 1 to 5 stars; 0 takes them back."""
    kind, number = _asked(call.required("id"), "track")
    call.required("rating")
    stars = call.number("rating", 0, least=-1, most=ratings.MOST_STARS + 1)
    if not 0 <= stars <= ratings.MOST_STARS:
        raise SubsonicError(GENERIC, f"Expected 0 to {ratings.MOST_STARS} stars.")
    if kind == "track":
        ratings.rate_track(call.person, number, stars)
    else:
        ratings.rate(call.person, _collection(kind), number, stars)
    return {}


def scrobble(call: Call) -> Description:
    """Store songs as played; without `submission` they are only playing now."""
    ids, times = call.ids("id", "track"), call.parameters.get("time", ())
    if not 1 <= len(ids) <= _MOST_PLAYS:
        raise SubsonicError(MISSING, f"Expected 1 to {_MOST_PLAYS} parameters id.")
    if len(songs(list(dict.fromkeys(ids)), person=call.person)) < len(set(ids)):
        raise SubsonicError(NOT_FOUND, "There is no such song.")
    client = call.text("c")
    if not call.flag("submission", default=True):
        _playing.begin(call.person, ids[-1], client)
        return {}
    moments = [_moment(times[at]) if at < len(times) else None for at in range(len(ids))]
    plays.store_plays(call.person, zip(ids, moments, strict=True), source=client)
    return {}


def now_playing(call: Call) -> Description:
    """Return what the person plays with an app at the moment; nobody is told of others."""
    entries: list[dict[str, Any]] = []
    account, playing = users.account(call.person), _playing.now(call.person)
    if account is not None and playing is not None:
        track_id, begun, client = playing
        about = {
            "username": account.person.name,
            "minutesAgo": int((time.monotonic() - begun) / 60),
            "playerId": 1,
            "playerName": client,
        }
        entries = [{**song_entry(song), **about} for song in songs([track_id], person=call.person)]
    return {"nowPlaying": {"entry": entries}}


class _Playing:
    """What apps said to be playing: person → (track, when, app), in the memory of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._now: dict[int, tuple[int, float, str]] = {}

    def begin(self, person: int, track_id: int, client: str) -> None:
        with self._lock:
            self._now[person] = (track_id, time.monotonic(), client[: plays.LONGEST_SOURCE])

    def now(self, person: int) -> tuple[int, float, str] | None:
        with self._lock:
            found = self._now.get(person)
        return found if found and time.monotonic() - found[1] <= _SHOWN_S else None


_playing: Final = _Playing()


def _each(call: Call, *, liked: bool) -> Description:
    asked = [
        _asked(text, kind) for name, kind in _PARAMETERS for text in call.parameters.get(name, ())
    ]
    if not asked:
        raise SubsonicError(MISSING, "The parameter id, albumId or artistId is missing.")
    before = {} if liked else likes.likes_of(call.person)
    for kind, number in asked:
        if kind != "track":
            ratings.like(call.person, _collection(kind), number, liked=liked)
        elif liked:
            likes.set_like(call.person, number, likes.LIKED)
        elif before.get(number) == likes.LIKED:
            likes.clear_like(call.person, number)
    return {}


def _asked(text: str, kind: Kind) -> tuple[Kind, int]:
    """Return what an id is of; where songs are meant, it may be that of a folder."""
    found = kind_of(text)
    allowed = ("track", "album", "artist") if kind == "track" else (kind,)
    if found is None or found[0] not in allowed:
        raise SubsonicError(NOT_FOUND, f"There is no such {kind}.")
    return found


def _collection(kind: Kind) -> ratings.Kind:
    return "album" if kind == "album" else "artist"


def _moment(text: str) -> datetime | None:
    """Return a time of milliseconds since 1970.

    Raises:
        SubsonicError: It is none.
    """
    try:
        return datetime.fromtimestamp(int(text[:20]) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        raise SubsonicError(GENERIC, "Expected milliseconds since 1970 as time.") from None
