"""The names in a query, looked up in the library: artists, albums, genres and tracks."""

from __future__ import annotations

from typing import Final

from rapidfuzz import fuzz, process

from prompts import languages, load
from store.folding import artist_parts, fold
from store.results import LibraryMatch, TrackRow
from store.search import name_search
from store.search.genre_names import genre_counts, genre_tags, tag_parts, tags_named
from store.search.query import MixRange, ResolvedQuery, TrackQuery
from store.tracks import track_details
from store.vocabulary import GENRES, harmonic_neighbours
from tools.base import ToolContext, ToolError
from tools.text.untrusted import shown
from tools.text.words import Language, known_name, listed, say
from tools.tracks.compatibility import mixing_tempos
from tools.tracks.library_scope import album_meant, albums_called
from tools.tracks.track_facts import CHOICES, find_track, not_in_library

SURE_NAME: Final = 90.0
"""Score from which an artist or album is taken as meant; there are far fewer than titles."""
NEAR_GENRE: Final = 65.0
"""Score from which a genre resembles the one asked for."""


def resolved(query: TrackQuery, context: ToolContext) -> ResolvedQuery:
    """Return `query` with its names as the library has them, but for `like` and `text`.

    Raises:
        ToolError: An artist, album, genre or track is not in the library, or a track may be one
            of several; with the names that are near.
    """
    language = context.language
    genres, tags = _genres(query.genres, language)
    exclude_genres, exclude_tags = _genres(query.exclude_genres, None)
    albums = _albums(query, language)
    values = {name: getattr(query, name) for name in TrackQuery.model_fields}
    values |= {
        "artists": [_artist(name, language) for name in query.artists],
        "exclude_artists": [_artist(name, None) for name in query.exclude_artists],
        "albums": [album.name for album in albums],
        "genres": genres,
        "exclude_genres": exclude_genres,
    }
    return ResolvedQuery(
        **values,
        person=context.person,
        genre_tags=tags,
        exclude_genre_tags=exclude_tags,
        album_ids=tuple(album.id for album in albums) if albums else None,
        exclude_ids=tuple(find_track(name, context) for name in query.exclude_tracks),
        mix_range=_mix_range(query.mixes_with, context) if query.mixes_with else None,
    )


def _artist(name: str, language: Language | None) -> str:
    """The artist as the library writes it; without `language` an unknown one is let through."""
    matches = name_search.NameSearch().artists(name)
    if any(artist_parts(m.name).get(fold(name)) for m in matches):
        return name
    if matches and matches[0].score >= SURE_NAME:
        return matches[0].name
    if language is None:
        return name
    raise not_in_library(name, [shown(m.name) for m in matches], language)


def _albums(query: TrackQuery, language: Language) -> list[LibraryMatch]:
    found = []
    for name in query.albums:
        matches = albums_called(name)
        if not matches or matches[0].score < SURE_NAME:
            raise not_in_library(name, [shown(m.name) for m in matches], language)
        found.append(album_meant(name, matches, language, artists=query.artists))
    return found


def _genres(names: list[str], language: Language | None) -> tuple[list[str], tuple[str, ...]]:
    """Return the genres of the taxonomy and the tags of the library that `names` are.

    Args:
        names: A name of the taxonomy, a tag as it stands in the library, or a style that the
            words of a language know.
        language: Of the error; None lets an unknown genre through.
    """
    found: list[str] = []
    tags: list[str] = []
    others = [name for name in names if name not in GENRES]
    every = genre_tags() if others else ()
    for name in names:
        if name in GENRES:
            found.append(name)
        elif named := tags_named(name, every):
            tags += named
        elif style := _style(name):
            found.append(style)
        elif language is not None:
            raise _no_genre(name, every, language)
    return list(dict.fromkeys(found)), tuple(dict.fromkeys(tags))


def _style(name: str) -> str | None:
    """The genre that a narrower style belongs to: "acid jazz" → jazz."""
    wanted = fold(name)
    for language in languages():
        words = load("words", language)
        for table in ("genres", "subgenres"):
            for genre, phrases in words[table].items():
                if wanted in map(fold, phrases):
                    return genre
    return None


def _no_genre(name: str, tags: tuple[str, ...], language: Language) -> ToolError:
    there = list(genre_counts())
    names = {known_name(language, "genres", genre): genre for genre in there}
    near = process.extract(
        name,
        [*names, *tag_parts(tags)],
        scorer=fuzz.ratio,
        processor=fold,
        score_cutoff=NEAR_GENRE,
        limit=CHOICES,
    )
    choices = list(dict.fromkeys(shown(one) for one, *_ in near))
    if not choices and not there:
        return not_in_library(name, [], language)
    if choices:
        quoted = [say(language, "ask.quoted", name=choice) for choice in choices]
        meant = listed(language, quoted, last="or")
        sentence = say(language, "search.genre_near", name=shown(name), choices=meant)
        return ToolError(sentence, choices=choices)
    some = listed(language, list(names)[:CHOICES])
    return ToolError(say(language, "search.genre_unknown", name=shown(name), genres=some))


def _mix_range(name: str, context: ToolContext) -> MixRange:
    track_id = find_track(name, context)
    [row] = track_details.track_rows([track_id])
    if not row.bpm and not row.camelot:
        raise ToolError(say(context.language, "similar.not_heard", name=shown(row.title)))
    return mix_range(row)


def mix_range(row: TrackRow) -> MixRange:
    """Return the tempos and keys that mix with a track; a value that is not known is left out."""
    return MixRange(
        track_id=row.id,
        tempos_bpm=mixing_tempos(row.bpm) if row.bpm else (),
        keys=harmonic_neighbours(row.camelot) if row.camelot else (),
    )
