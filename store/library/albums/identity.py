"""Which tracks that name one album title belong to one album.

An album is its MusicBrainz album, or folder, title, artist, year and disc together:

- tracks of one MusicBrainz album are one album wherever they are; two such albums are never one;
- in one folder (with its folders of discs), tracks of one title are one album, unless places on it
  are taken twice by different songs: then artists, or else years, are albums of their own;
- parts in several folders are one album if artist and year agree and no place is taken twice.

Many artists, or a compilation flag, make an album of various artists; where a folder holds other
albums too, artists of one title are rather taken apart.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeVar

from store.folding import artist_parts, fold, lead_artist
from store.library.albums.album_titles import (
    VARIOUS_ARTISTS,
    album_key,
    is_various,
    song_title,
    without_disc,
    without_disc_folder,
)

Value = TypeVar("Value", bound=Hashable)

FEWEST_OF_OWN: Final = 2
"""Tracks from which an artist or a year has an album of its own where no numbers tell."""


@dataclass(frozen=True)
class AlbumTrack:
    """What a track says of its album.

    Attributes:
        folder: Stored path text of its folder.
        song: Its title; `title` is that of the album.
        album_id: The album it is on now.
        beside_others: Whether other albums are in its folder.
    """

    id: int
    folder: str
    song: str
    title: str
    artist: str | None = None
    album_artist: str | None = None
    compilation: bool = False
    year: int | None = None
    disc_no: int | None = None
    track_no: int | None = None
    musicbrainz_album_id: str | None = None
    album_id: int | None = None
    beside_others: bool = False

    @cached_property
    def key(self) -> str:
        """The folded title of the album."""
        return album_key(self.title)

    @cached_property
    def root(self) -> str:
        """The folder of the album, above those of its discs."""
        return without_disc_folder(self.folder)[0]

    @cached_property
    def disc(self) -> int | None:
        """The disc by the tag, the title or the folder."""
        by_title = without_disc(self.title)[1]
        return self.disc_no or by_title or without_disc_folder(self.folder)[1]

    @cached_property
    def owner(self) -> str:
        """Folded name of whom the album is by this track alone; "" where nothing tells."""
        name = self.owner_name
        return fold(VARIOUS_ARTISTS) if name and is_various(name) else fold(name or "")

    @cached_property
    def owner_name(self) -> str | None:
        """The name of `owner`."""
        return self.album_artist or (lead_artist(self.artist) if self.artist else None)

    @cached_property
    def plain_song(self) -> str:
        """The title of the song for comparison."""
        return song_title(self.song)

    @cached_property
    def credited(self) -> frozenset[str]:
        """Folded names of everyone on the track."""
        return frozenset((*artist_parts(self.artist or ""), self.owner))

    @cached_property
    def place(self) -> tuple[int, int] | None:
        """Disc and number."""
        return None if self.track_no is None else (self.disc or 1, self.track_no)


FEWEST_OF_MANY: Final = 3
"""Artists from which songs beside other albums are a compilation."""

Group = list[AlbumTrack]


def albums_among(tracks: Iterable[AlbumTrack]) -> list[Group]:
    """Return the tracks of one album title as albums; the result does not depend on the order."""
    ordered = sorted(tracks, key=lambda track: track.id)
    marked = _by(ordered, lambda track: track.musicbrainz_album_id)
    loose = marked.pop(None, [])
    albums = list(marked.values())
    parts: list[Group] = []
    for folder in _by(loose, lambda track: (track.root, track.key)).values():
        for part in _parts_of_folder(folder):
            near = [album for album in albums if _joins_beside(album, part)]
            if len(near) == 1:
                near[0].extend(part)
            else:
                parts.append(part)
    return _joined(albums, parts)


def artist_of(album: Sequence[AlbumTrack]) -> str | None:
    """Return the name of the artist of an album; None where no track has one."""
    owners = Counter(track.owner for track in album if track.owner)
    if not owners:
        return None
    if fold(VARIOUS_ARTISTS) in owners:
        return VARIOUS_ARTISTS
    if len(owners) == 1:
        return _name(album, next(iter(owners)))
    given = {track.owner for track in album if track.album_artist}
    if len(given) == 1:
        return _name(album, given.pop())
    most = _leading(album)
    return VARIOUS_ARTISTS if most is None else _name(album, most)


def title_of(album: Sequence[AlbumTrack]) -> str:
    """Return the title without a disc, as most tracks write it."""
    return _most_common(without_disc(track.title)[0] for track in album)


def year_of(album: Sequence[AlbumTrack]) -> int | None:
    """Return the year of most tracks; the latest where each has its own."""
    years = Counter(track.year for track in album if track.year)
    if not years:
        return None
    best, count = max(years.items(), key=lambda item: (item[1], -item[0]))
    return best if 2 * count > sum(years.values()) else max(years)


def _parts_of_folder(tracks: Group) -> list[Group]:
    """Split the tracks of one folder where they cannot be one album."""
    owners = _by(tracks, lambda track: track.owner)
    parts = [tracks]
    if len(owners) > 1 and _apart(tracks, owners):
        unnamed = owners.pop("", [])
        parts = list(owners.values())
        parts[0].extend(unnamed)
    return [year for part in parts for year in _years_apart(part)]


def _apart(tracks: Group, owners: dict[str, Group]) -> bool:
    """Whether the artists of a folder have an album each."""
    if any(is_various(owner) for owner in owners) or any(track.compilation for track in tracks):
        return False
    several = min(map(len, owners.values())) >= FEWEST_OF_OWN
    if _taken_twice(tracks):
        return _settles(owners.values(), several=several)
    if any(track.beside_others for track in tracks):
        return not (_numbered_through(tracks, owners) or _leads_everywhere(tracks))
    if _leading(tracks) is not None:
        return False
    return several and all(track.album_artist for track in tracks)


def _numbered_through(tracks: Group, owners: dict[str, Group]) -> bool:
    """Whether songs of many artists and of one year have a number each."""
    years = {track.year for track in tracks if track.year}
    numbered = all(track.place for track in tracks)
    return len(owners) >= FEWEST_OF_MANY and len(years) <= 1 and numbered


def _leads_everywhere(tracks: Group) -> bool:
    leading = _leading(tracks)
    return leading is not None and all(leading in track.credited for track in tracks)


def _years_apart(tracks: Group) -> list[Group]:
    """Split tracks by year where places are taken twice, or where no numbers tell."""
    years = _by(tracks, lambda track: track.year)
    unknown = years.pop(None, [])
    if len(years) <= 1:
        return [tracks]
    several = min(map(len, years.values())) >= FEWEST_OF_OWN
    if _taken_twice(tracks):
        apart = _settles(years.values(), several=several)
    else:
        apart = several and all(track.place is None for track in tracks)
    if not apart:
        return [tracks]
    parts = sorted(years.values(), key=len, reverse=True)
    parts[0].extend(unknown)
    return parts


def _settles(parts: Collection[Group], *, several: bool) -> bool:
    """Whether no place is taken twice within a part; many parts of one song are no albums."""
    return (several or len(parts) == 2) and not any(map(_taken_twice, parts))


def _taken_twice(tracks: Sequence[AlbumTrack]) -> bool:
    """Whether different songs stand in one place; two files of one song do not."""
    songs: dict[tuple[int, int], str] = {}
    for track in tracks:
        if track.place and songs.setdefault(track.place, track.plain_song) != track.plain_song:
            return True
    return False


def _leading(tracks: Sequence[AlbumTrack]) -> str | None:
    """Return the folded name of the artist on more than half of the tracks, who leads on one."""
    credits = Counter(name for track in tracks for name in track.credited)
    owners = {track.owner for track in tracks if track.owner}
    best = max(owners, key=lambda name: (credits[name], name), default=None)
    return best if best and 2 * credits[best] > len(tracks) else None


def _joins_beside(album: Group, part: Group) -> bool:
    """Whether tracks without a MusicBrainz album belong to one in their folder."""
    beside = any((track.root, track.key) == (part[0].root, part[0].key) for track in album)
    if not beside or _taken_twice([*album, *part]):
        return False
    return _owner(album) == _owner(part) or _owner(album) == fold(VARIOUS_ARTISTS)


def _joined(albums: list[Group], parts: list[Group]) -> list[Group]:
    """Join parts from several folders to albums."""
    kept: dict[tuple[str, str], list[Group]] = defaultdict(list)
    for album in albums:
        kept[_owner(album), album[0].key].append(album)
    for part in sorted(parts, key=lambda part: (-len(part), part[0].id)):
        same_owner = kept[_owner(part), part[0].key]
        for album in same_owner:
            if _complete_each_other(album, part):
                album.extend(part)
                break
        else:
            same_owner.append(part)
    return [sorted(album, key=lambda track: track.id) for each in kept.values() for album in each]


def _complete_each_other(album: Group, part: Group) -> bool:
    years = {year for year in (year_of(album), year_of(part)) if year}
    if len(years) > 1:
        return False
    places = {track.place for track in album} - {None}
    if any(track.place in places for track in part):
        return False
    songs = {track.plain_song for track in album if track.place is None}
    return not any(track.place is None and track.plain_song in songs for track in part)


def _owner(album: Sequence[AlbumTrack]) -> str:
    """Folded artist under which parts in other folders are looked for."""
    if all(track.compilation for track in album):
        return fold(VARIOUS_ARTISTS)
    return fold(artist_of(album) or "")


def _name(album: Sequence[AlbumTrack], owner: str) -> str:
    return _most_common(track.owner_name for track in album if track.owner == owner)


def _most_common(names: Iterable[str | None]) -> str:
    counts = Counter(name for name in names if name)
    return max(counts, key=lambda name: (counts[name], name))


def _by(tracks: Sequence[AlbumTrack], value: Callable[[AlbumTrack], Value]) -> dict[Value, Group]:
    found: dict[Value, Group] = {}
    for track in tracks:
        found.setdefault(value(track), []).append(track)
    return found
