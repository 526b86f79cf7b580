"""Albums that a person means by a name: "Gold", "Gold by Ora", "Ora - Gold (1994)"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from store.folding import artist_parts, fold
from store.results import LibraryMatch
from store.search import name_search
from tools.base import ToolError
from tools.text.title_and_artist import apart_from_artist
from tools.text.untrusted import shown
from tools.text.words import Language, say
from tools.tracks.track_facts import label

SURE_NAME: Final = 90.0
"""Score from which an album is taken as meant."""
MOST: Final = 50
_YEAR: Final = re.compile(r"^(.*\S)\s*[(\[](\d{4})[)\]]$")


def albums_called(name: str) -> list[LibraryMatch]:
    """Return albums of such a name, also with artist and year in it; the best first."""
    search = name_search.NameSearch()
    found = list(search.albums(name, limit=MOST))
    if dated := _YEAR.match(name):
        year = int(dated[2])
        found += [match for match in albums_called(dated[1]) if match.year == year]
    for cut in apart_from_artist().finditer(name):
        parts = (name[: cut.start()], name[cut.end() :])
        for title, artist in (parts, parts[::-1]):
            found += [m for m in search.albums(title, limit=MOST) if _is_of(m, [artist])]
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
