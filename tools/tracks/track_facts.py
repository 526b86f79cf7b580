"""Values of a track for the results of tools; look-up of a track by name."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from store.folding import fold
from store.results import LibraryMatch, TrackRow
from store.search import name_search
from store.search.query import TrackQuery
from store.tracks import track_details
from store.vocabulary import GENRES
from tools.base import ToolContext, ToolError
from tools.library.library_progress import progress_fact, progress_note
from tools.text.untrusted import shown
from tools.text.words import Language, duration, known_name, number, say, say_count

SURE: Final = 94.0
"""Score, 0..100, from which a name counts as certain: one wrong letter in a long name, none in a
short one. Below it the user is asked."""
EQUALLY_LIKELY: Final = 1.5
"""Tracks whose scores differ by at most this are ambiguous; "Hurt (Live)" is 2 behind "Hurt"."""
CHOICES: Final = 5


def track_fact(row: TrackRow, *, why: Iterable[str] = ()) -> dict[str, Any]:
    """Return the facts of a track: JSON-able, text cut and cleaned."""
    return {
        "id": row.id,
        "title": shown(row.title),
        "artist": shown(row.artist) if row.artist else None,
        "album": shown(row.album) if row.album else None,
        "year": row.year,
        "duration_s": round(row.duration_s, 1),
        "bpm": None if row.bpm is None else round(row.bpm, 1),
        "bpm_alternative": None if row.bpm_alternative is None else round(row.bpm_alternative, 1),
        "camelot": row.camelot,
        "genre": row.genre,
        "kind": row.kind,
        "moods": list(row.moods),
        "energy": None if row.energy is None else round(row.energy, 2),
        "has_cover": row.has_cover,
        "charts": row.chart_count,
        "why": list(why),
    }


def track_data(fact: Mapping[str, Any]) -> dict[str, Any]:
    """Return a track fact with the addresses of its audio and cover."""
    return {
        **fact,
        "audio_url": f"/api/tracks/{fact['id']}/audio",
        "cover_url": f"/api/tracks/{fact['id']}/cover" if fact.get("has_cover") else None,
    }


def label(title: str, artist: str | None) -> str:
    """Return a name that finds the track again: "Artist - Title"."""
    return f"{shown(artist)} - {shown(title)}" if artist else shown(title)


def version_fact(row: TrackRow) -> dict[str, Any]:
    """Return the facts that identify another version of a song, and the name to request it."""
    return {
        "id": row.id,
        "title": shown(row.title),
        "album": shown(row.album) if row.album else None,
        "duration_s": round(row.duration_s, 1),
        "ask": f"#{row.id}",
    }


def why_matched(
    row: TrackRow,
    query: TrackQuery,
    language: Language,
    *,
    described: Collection[str] = (),
    genres: Iterable[str] = (),
) -> tuple[str, ...]:
    """Return the values of a track that match the filters of `query`, in their order.

    Args:
        row: The track.
        query: The filters.
        language: Of the reasons.
        described: Terms of a description.
        genres: Genres and genre tags for which the track fits those of the query.
    """
    why = [say(language, f"kinds.{row.kind}")] if row.kind else []
    why += [known_name(language, "moods", mood) for mood in row.moods if mood in described]
    if row.genre in described and row.genre and not query.genres:
        why.append(known_name(language, "genres", row.genre))
    if query.albums and row.album:
        why.append(shown(row.album))
    why += [_genre_reason(genre, row, language) for genre in genres]
    why += [known_name(language, "moods", m) for m in query.moods if m in row.moods]
    return (*why, *_measured(row, query, language), *_collected(query, row, language))


def _genre_reason(genre: str, row: TrackRow, language: Language) -> str:
    """ "jazz"; of another genre than the main one, "also jazz"."""
    name = shown(known_name(language, "genres", genre))
    other = genre in GENRES and genre != row.genre
    return say(language, "why.also", genre=name) if other else name


def _measured(row: TrackRow, query: TrackQuery, language: Language) -> list[str]:
    why: list[str] = []
    tempo = query.bpm_min is not None or query.bpm_max is not None or query.mixes_with
    if tempo and row.bpm is not None:
        why.append(_tempo_reason(row, query, language))
    if query.harmonic_with and row.camelot:
        why.append(say(language, "why.mixes", key=row.camelot, other=query.harmonic_with))
    elif (query.keys or query.mixes_with) and row.camelot:
        why.append(row.camelot)
    if (query.year_min is not None or query.year_max is not None) and row.year is not None:
        why.append(str(row.year))
    if query.energy:
        why.append(say(language, f"energy.{query.energy}"))
    if query.instrumental is not None:
        why.append(say(language, "why.instrumental" if query.instrumental else "why.vocals"))
    return why


def _tempo_reason(row: TrackRow, query: TrackQuery, language: Language) -> str:
    """ "87 BPM"; where its double is what was asked for, "174 BPM, or 87"."""
    bpm, other = row.bpm or 0.0, row.bpm_alternative
    low, high = query.bpm_min or 0.0, query.bpm_max or math.inf
    if other is not None and not low <= bpm <= high and low <= other <= high:
        values = {"bpm": number(language, other, 0), "other": number(language, bpm, 0)}
        return say(language, "why.or_bpm", **values)
    return f"{number(language, bpm, 0)} BPM"


def _collected(query: TrackQuery, row: TrackRow, language: Language) -> list[str]:
    why: list[str] = []
    length = query.length_min is not None or query.length_max is not None
    if length or query.sort == "length":
        why.append(duration(language, row.duration_s))
    if query.liked is not None:
        why.append(say(language, "why.liked" if query.liked else "why.not_liked"))
    if query.has_chart is not None:
        why.append(say(language, "why.chart" if query.has_chart else "why.no_chart"))
    if query.added_days is not None:
        why.append(say_count(language, "why.added", query.added_days))
    return why


def find_track(name: str, context: ToolContext) -> int:
    """Return the id of the track named ("title", "title by artist", "#12" by its id).

    A name that the conversation resolved already (`context.entities`) keeps its track.

    Raises:
        ToolError: No such track, or several that are about as likely; with the names to choose.
    """
    language = context.language
    if (known := context.entities.get(name)) and track_details.track_rows([known]):
        return known
    matches = name_search.resolve_track(name, limit=CHOICES)
    sure = [m for m in matches if m.score >= SURE]
    if not sure:
        number_part = name.removeprefix("#")
        if number_part != name and number_part.isdecimal() and len(number_part) < 10:
            rows = track_details.track_rows([int(number_part)])
            if rows:
                return rows[0].id
        raise not_in_library(name, [label(m.name, m.artist) for m in matches], language)
    likely = [m for m in sure if sure[0].score - m.score <= EQUALLY_LIKELY]
    if len({_identity(m) for m in likely}) > 1:
        choices = list(dict.fromkeys(label(m.name, m.artist) for m in likely))
        raise ToolError(
            say(language, "ask.which", name=shown(name), choices=_quoted(choices, language)),
            choices=choices,
            ids={label(m.name, m.artist): m.id for m in reversed(likely)},
        )
    return sure[0].id


def _identity(match: LibraryMatch) -> tuple[str, str]:
    return fold(match.name), fold(match.artist or "")


def not_in_library(name: str, choices: list[str], language: Language) -> ToolError:
    """Return the error for a track or artist that is missing, or not analysed yet."""
    fact = progress_fact()
    note = progress_note(fact, language)
    if not fact["tracks"]:
        return ToolError(note)
    error = not_found(name, choices, language)
    return ToolError(f"{error} {note}".rstrip(), choices=error.choices)


def not_found(name: str, choices: list[str], language: Language) -> ToolError:
    """Return the error for an unknown name."""
    choices = list(dict.fromkeys(choices))[:CHOICES]
    if not choices:
        return ToolError(say(language, "ask.unknown", name=shown(name)))
    return ToolError(
        say(language, "ask.meant", name=shown(name), choices=_quoted(choices, language)),
        choices=choices,
    )


def _quoted(choices: list[str], language: Language) -> str:
    marks = [say(language, "ask.quoted", name=choice) for choice in choices]
    if len(marks) < 2:
        return "".join(marks)
    return f"{', '.join(marks[:-1])} {say(language, 'list.or')} {marks[-1]}"
