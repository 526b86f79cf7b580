"""Default names of playlists: "Chill · 8A · 100 BPM"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from store.results import TrackRow
from store.search.query import TrackQuery
from tools.text.untrusted import shown
from tools.text.words import Language, known_name, number, say

PARTS_AT_MOST: Final = 4
NAME_AT_MOST: Final = 80


def playlist_name(query: TrackQuery, *, language: Language, arc: str | None = None) -> str:
    """Return the filters in a few words, the most specific first."""
    parts = [_capital(known_name(language, "moods", mood)) for mood in query.moods]
    parts += [_capital(known_name(language, "genres", genre)) for genre in query.genres]
    parts += [shown(artist, limit=30) for artist in query.artists]
    parts += [shown(album, limit=40) for album in query.albums]
    if query.like:
        parts.append(say(language, "naming.like", name=shown(query.like, limit=40)))
    if query.mixes_with:
        parts.append(say(language, "naming.mixes", name=shown(query.mixes_with, limit=40)))
    if query.text:
        parts.append(_capital(shown(query.text, limit=40)))
    if query.energy and not query.moods:
        parts.append(_capital(say(language, f"energy.{query.energy}")))
    parts += [query.harmonic_with] if query.harmonic_with else query.keys[:2]
    parts.append(_tempo(query, language))
    parts.append(_years(query, language))
    if query.instrumental is not None:
        parts.append(
            _capital(say(language, "why.instrumental" if query.instrumental else "why.vocals"))
        )
    parts = [part for part in parts if part]
    if arc and len(parts) < PARTS_AT_MOST:
        parts.append(say(language, f"naming.{arc}"))
    if not parts or (arc and len(parts) == 1):
        parts.insert(0, say(language, "naming.mix"))
    return shown(" · ".join(parts[:PARTS_AT_MOST]), limit=NAME_AT_MOST)


def selection_name(tracks: Sequence[TrackRow], language: Language) -> str:
    """Return a name for tracks chosen by hand: what all have in common, or "Selection"."""
    artists = {track.artist for track in tracks}
    genres = {track.genre for track in tracks}
    if len(artists) == 1 and (artist := next(iter(artists))):
        return shown(artist, limit=NAME_AT_MOST)
    if len(genres) == 1 and (genre := next(iter(genres))):
        return _capital(known_name(language, "genres", genre))
    return say(language, "naming.selection")


def _tempo(query: TrackQuery, language: Language) -> str:
    low, high = query.bpm_min, query.bpm_max
    if low is None and high is None:
        return ""
    if low is not None and high is not None:
        if high - low <= 0.12 * high:  # a tempo with its tolerance: called by its middle
            return f"{number(language, (low + high) / 2, 0)} BPM"
        return f"{number(language, low, 0)}–{number(language, high, 0)} BPM"
    if low is not None:
        return f"{number(language, low, 0)}+ BPM"
    return f"≤{number(language, high or 0, 0)} BPM"


def _years(query: TrackQuery, language: Language) -> str:
    low, high = query.year_min, query.year_max
    if low is None and high is None:
        return ""
    if low is not None and high is not None:
        if low == high:
            return str(low)
        if low % 10 == 0 and high == low + 9:
            return say(language, "naming.decade", year=low)
        return f"{low}–{high}"
    if low is not None:
        return say(language, "naming.since", year=low)
    return say(language, "naming.until", year=high)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
