"""What "of X" means in a list of the library: an artist, an album, a genre, a year or a decade.

Albums are found by title, also with artist and year: "Gold by Ora", "Ora - Gold (1994)".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from prompts import cached, every
from store.folding import artist_parts, fold
from store.results import LibraryMatch
from store.search import name_search
from store.search.query import TrackQuery
from store.vocabulary import GENRES
from tools.base import ToolContext, ToolError
from tools.text.title_and_artist import apart_from_artist
from tools.text.untrusted import shown
from tools.text.words import Language, known_name, say
from tools.tracks.track_facts import label, not_in_library

SURE: Final = 90.0
"""Score, 0..100, from which a name is taken as meant."""

MOST_ALBUMS: Final = 50
"""Albums of one name that are looked at."""
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_DATED: Final = re.compile(r"^(.*\S)\s*[(\[](\d{4})[)\]]$")
_OLD_DECADES: Final = 3
"""A decade without its century is of the last one from the thirties on."""


@dataclass(frozen=True, slots=True)
class Scope:
    """A part of the library.

    Attributes:
        kind: What it is a part by.
        name: As the library writes it.
        query: Its tracks; those of an album are found by `album_id` instead.
        album_id: Id of an album.
        artist_id: Id of an artist.
    """

    kind: Literal["artist", "album", "genre", "year", "all"]
    name: str
    query: TrackQuery
    album_id: int | None = None
    artist_id: int | None = None


EVERYTHING: Final = Scope("all", "", TrackQuery())


def scope(name: str, context: ToolContext) -> Scope:
    """Return what a name in a request means; genres and years before names, artists before albums.

    Raises:
        ToolError: Nothing is called so, or several albums are.
    """
    language = context.language
    found = _genre(name, language) or _years(name, language)
    if found:
        return found
    search = name_search.NameSearch()
    artists = search.artists(name)
    albums = albums_called(name)
    artist = next((m for m in artists if artist_parts(m.name).get(fold(name))), None)
    if artist:  # one of several on a credit is called as asked for
        called = artist.name if fold(artist.name) == fold(name) else name
        return _of_artist(called, artist.id)
    best_artist = artists[0] if artists else None
    best_album = albums[0] if albums else None
    if best_album and best_album.score >= max(SURE, best_artist.score if best_artist else 0):
        return _of_album(name, albums, language)
    if best_artist and best_artist.score >= SURE:
        return _of_artist(best_artist.name, best_artist.id)
    near = sorted([*artists, *albums], key=lambda match: -match.score)
    names = [label(m.name, m.artist if m.kind == "album" else None) for m in near]
    raise not_in_library(name, names, language)


def albums_called(name: str) -> list[LibraryMatch]:
    """Return albums of such a name, also with artist and year in it; the best first."""
    search = name_search.NameSearch()
    found = list(search.albums(name, limit=MOST_ALBUMS))
    if dated := _DATED.match(name):
        year = int(dated[2])
        found += [match for match in albums_called(dated[1]) if match.year == year]
    for cut in apart_from_artist().finditer(name):
        parts = (name[: cut.start()], name[cut.end() :])
        for title, artist in (parts, parts[::-1]):
            found += [m for m in search.albums(title, limit=MOST_ALBUMS) if _is_of(m, [artist])]
    best: dict[int, LibraryMatch] = {}
    for match in found:
        if match.id not in best or best[match.id].score < match.score:
            best[match.id] = match
    return sorted(best.values(), key=lambda match: -match.score)


def album_meant(
    name: str, matches: Sequence[LibraryMatch], language: Language, *, artists: Sequence[str] = ()
) -> LibraryMatch:
    """Return the one of `matches`, best first, that is meant; of editions the fullest.

    Raises:
        ToolError: It may be one of several; they are the choices, with artist and year.
    """
    likely = [match for match in matches if match.score == matches[0].score]
    likely = [match for match in likely if _is_of(match, artists)] or likely
    fullest: dict[int, LibraryMatch] = {}
    for match in sorted(likely, key=lambda m: (-m.tracks, m.edition_of is not None, m.id)):
        fullest.setdefault(match.edition_of or match.id, match)
    if len(fullest) > 1:
        choices = [album_label(match) for match in fullest.values()]
        sentence = say(language, "browse_library.which_album", name=shown(name))
        raise ToolError(sentence, choices=choices)
    return next(iter(fullest.values()))


def album_label(match: LibraryMatch) -> str:
    """Return a name that finds the album again: "Ora - Gold (1994)"."""
    named = label(match.name, match.artist)
    return f"{named} ({match.year})" if match.year else named


def _is_of(match: LibraryMatch, artists: Sequence[str]) -> bool:
    wanted = {fold(artist) for artist in artists}
    return bool(match.artist and wanted & set(artist_parts(match.artist)))


def _of_artist(name: str, artist_id: int) -> Scope:
    return Scope("artist", shown(name), TrackQuery(artists=[name]), artist_id=artist_id)


def _of_album(name: str, albums: list[LibraryMatch], language: Language) -> Scope:
    album = album_meant(name, albums, language)
    return Scope("album", label(album.name, album.artist), TrackQuery(), album_id=album.id)


def _genre(name: str, language: Language) -> Scope | None:
    wanted = fold(name)
    for genre in GENRES:
        if wanted in (fold(genre), fold(known_name(language, "genres", genre))):
            query = TrackQuery.model_validate({"genres": [genre]})
            return Scope("genre", known_name(language, "genres", genre), query)
    return None


def _years(name: str, language: Language) -> Scope | None:
    text = fold(name)
    if match := _decades().fullmatch(text):
        century, tens = next(pair for pair in _pairs(match) if pair[1])
        century = century or ("19" if int(tens) >= _OLD_DECADES else "20")
        first = int(f"{century}{tens}0")
        called = say(language, "groups.name_decade", year=first)
        return Scope("year", called, TrackQuery(year_min=first, year_max=first + 9))
    if match := _YEAR.fullmatch(text):
        year = int(match[0])
        return Scope("year", name, TrackQuery(year_min=year, year_max=year))
    return None


@cached
def _decades() -> re.Pattern[str]:
    """Names of decades in any language, folded: "90s", "annees 90"."""
    names = [fold(form.replace("{d}", "0")) for form in every("reading", "decade_names")]
    forms = [re.escape(name).replace("0", r"(19|20)?(\d)0") for name in names]
    return re.compile("|".join(forms))


def _pairs(match: re.Match[str]) -> list[tuple[str | None, str]]:
    groups = match.groups()
    return list(zip(groups[::2], groups[1::2], strict=True))
