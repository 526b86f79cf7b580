"""Which tracks are one song: the same recording in two formats, remastered, live, cut for radio.

By the tags alone: the same lead artist and the same title, once the words that only name a version
are left out. A remix is a song of its own, and so are two tracks of one title ("Intro") whose
lengths differ though neither says that it is a version.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, TypeVar

from store.folding import fold, lead_artist
from store.results import Candidate, TrackRow

LENGTHS_APART: Final = 0.15
"""Encoders, gaps and fades change a length by less; another song of the same title by more."""

_VERSION: Final = re.compile(
    r"\b(?:live|unplugged|en public|en concert|ao vivo|en vivo|remaster\w*|remasteris\w*|mono"
    r"|stereo|version|edit|demo|demos|acoustic|acoustique|instrumental|bonus(?: track)?|deluxe"
    r"|anniversary|anniversaire|explicit|clean|uncut|re ?recorded|extended|radio|single|album"
    r"|sessions?|outtake|alternate|alternative take|take \d+|original mix|\d{4} mix|mp3|flac|wav"
    r"|aac|m4a|ogg|opus|alac|vinyl|cd|hd|hq|hi ?res|lossless|\d+ ?kbps|\d+ ?bits?|official"
    r"|audio|video|lyrics?|feat|ft|featuring|avec|with)\b"
)
_OTHER: Final = re.compile(r"\b(?:remix\w*|rmx|rework\w*|bootleg|mashup|cover|reprise|dub)\b")
_PART: Final = re.compile(r"[(\[]([^)\]]*)[)\]]|\s[-–—]\s+(.+)$")
_FEATURING: Final = re.compile(r"\s+(?:feat|ft|featuring)\b.*$", re.IGNORECASE)

Song = TypeVar("Song", Candidate, TrackRow)


def bare_title(title: str) -> str:
    """The folded title without the words that only name a version: "Hurt - Live" → "hurt"."""

    def kept(part: re.Match[str]) -> str:
        inside = fold(part[1] or part[2] or "")
        return " " if _VERSION.search(inside) and not _OTHER.search(inside) else part[0]

    previous, bare = "", title
    while bare != previous:
        previous, bare = bare, _PART.sub(kept, bare)
    return fold(_FEATURING.sub("", bare)) or fold(title)


def same_song(one: Candidate | TrackRow, other: Candidate | TrackRow) -> bool:
    """Whether two tracks are one song; never for tracks without an artist."""
    mine, its = bare_title(one.title), bare_title(other.title)
    if not one.artist or not other.artist or mine != its:
        return False
    if fold(lead_artist(one.artist)) != fold(lead_artist(other.artist)):
        return False
    if mine != fold(one.title) or its != fold(other.title):
        return True
    longer = max(one.duration_s, other.duration_s)
    return abs(one.duration_s - other.duration_s) <= LENGTHS_APART * longer


def songs_of(tracks: Iterable[Song]) -> list[list[Song]]:
    """The tracks grouped by song, groups and tracks in the order given."""
    named: dict[tuple[str, str], list[list[Song]]] = {}
    groups: list[list[Song]] = []
    for track in tracks:
        name = (fold(lead_artist(track.artist or "")), bare_title(track.title))
        alike = named.setdefault(name, [])
        group = next((group for group in alike if same_song(group[0], track)), None)
        if group is None:
            group = []
            alike.append(group)
            groups.append(group)
        group.append(track)
    return groups


def plainest(group: Iterable[Song]) -> Song:
    """Of one song the track whose title says least: the studio recording before the live one."""
    return min(group, key=lambda track: len(track.title))
