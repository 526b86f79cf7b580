"""Names of the library for the reader: exact look-ups in batches, near ones one by one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from rapidfuzz import fuzz

from assistant.understanding import FoundName
from assistant.understanding.lexing.entities import Entity, EntityKind
from store.folding import fold
from store.search import exact_names, name_search
from tools.text.title_and_artist import apart_from_artist

_EXACT: Final = 100.0
_SAME_ARTIST: Final = 90.0  # similarity 0..100 of the artist named beside a title


class LibraryNames:
    """Artists and tracks with a name like the one given, best first."""

    def __init__(self) -> None:
        self._index = name_search.NameSearch()

    def artists(self, names: Collection[str]) -> Mapping[str, str]:
        """Return those of `names` that are artists, in the library's spelling."""
        folded = {name: fold(name) for name in names}
        found = exact_names.artists_named(set(folded.values()))
        spelt = {row.folded: row.name if row.own else None for row in found}
        spelt |= {row.folded: row.name for row in found if row.own}
        # somebody who is only there with others ("Queen & David Bowie") keeps the name typed
        return {name: spelt[key] or name for name, key in folded.items() if key in spelt}

    def named(self, names: Collection[str]) -> Mapping[str, Sequence[Entity]]:
        """Return what the library has under each of `names`, capitals and accents aside."""
        folded = {name: fold(name) for name in names}
        typed = {key: name for name, key in folded.items() if key}
        wanted = typed.keys()
        found: dict[str, list[Entity]] = {}
        for thing in sorted(exact_names.things_named(wanted), key=lambda thing: not thing.own):
            kind: EntityKind = thing.kind  # type: ignore[assignment]
            # somebody who is only there with others ("Queen & David Bowie") keeps the name typed
            name = thing.name if thing.own else typed[thing.folded]
            entity = Entity(kind, thing.id, name, thing.artist or "")
            found.setdefault(thing.folded, []).append(entity)
        return {name: found[key] for name, key in folded.items() if key in found}

    def tracks(self, name: str) -> Sequence[FoundName]:
        """Tracks of this title ("Hurt"), or of this title and artist ("Hurt by Johnny Cash")."""
        found = exact_names.tracks_titled(fold(name))
        songs = _distinct([(row.name, row.artist, _EXACT) for row in found])
        for cut in apart_from_artist().finditer(name):
            title, artist = fold(name[: cut.start()]), fold(name[cut.end() :])
            songs += [
                FoundName(f"{row.name} by {row.artist}", _EXACT)
                for row in exact_names.tracks_titled(title)
                if fuzz.ratio(artist, fold(row.artist or "")) >= _SAME_ARTIST
            ]
        return songs

    def near(self, name: str) -> Sequence[tuple[Entity, float]]:
        """Return artists and tracks with a similar name, best first, with scores 0..100."""
        found = [
            (Entity("artist", match.id, match.name), match.score)
            for match in self._index.artists(name)
        ]
        found += [
            (Entity("track", match.id, match.name, match.artist or ""), match.score)
            for match in self._index.tracks(name)
        ]
        return sorted(found, key=lambda one: -one[1])

    def near_artists(self, name: str) -> Sequence[FoundName]:
        """Return artists with a similar name."""
        return [FoundName(match.name, match.score) for match in self._index.artists(name)]

    def near_tracks(self, name: str) -> Sequence[FoundName]:
        """Return tracks with a similar title, with or without the artist."""
        return _distinct(
            [(match.name, match.artist, match.score) for match in self._index.tracks(name)]
        )


def _distinct(found: Sequence[tuple[str, str | None, float]]) -> list[FoundName]:
    """Each song once, with the artist where the title alone does not tell it."""
    songs = {(fold(title), fold(artist or "")): (title, artist, score)
             for title, artist, score in reversed(found)}  # fmt: skip
    titles = [title for title, _ in songs]
    return [
        FoundName(f"{title} by {artist}" if artist and titles.count(key[0]) > 1 else title, score)
        for key, (title, artist, score) in reversed(songs.items())
    ]
