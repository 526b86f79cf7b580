"""Grouping of tracks that are versions of one song: other format, remaster, live, radio edit.

By the sound: files of one recording, whatever their tags say (`store.library.recordings`). By the
tags: the same lead artist and the same title, once the words that only name a version are left out.
A remix is a song of its own, and so are two tracks of one title ("Intro") whose lengths differ
or whose tempos or keys do though neither says that it is a version.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, TypeVar

from store.folding import fold, lead_artist
from store.results import Candidate, TrackRow

LENGTHS_APART: Final = 0.15
"""Encoders, gaps and fades change a length by less; another song of the same title by more."""
TEMPOS_APART: Final = 0.03
"""Part of a tempo: masterings and encodings of one recording differ by less."""
LOSSLESS: Final = frozenset({"flac", "wav", "aiff"})
"""Containers that hold nothing else as a rule; of the others the bit rate tells."""

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

AnyTrack = TypeVar("AnyTrack", Candidate, TrackRow)


def bare_title(title: str) -> str:
    """The folded title without the words that only name a version: "Hurt - Live" → "hurt"."""

    def kept(part: re.Match[str]) -> str:
        inside = fold(part[1] or part[2] or "")
        return " " if _VERSION.search(inside) and not _OTHER.search(inside) else part[0]

    previous, bare = "", title
    while bare != previous:
        previous, bare = bare, _PART.sub(kept, bare)
    return fold(_FEATURING.sub("", bare)) or fold(title)


def same_recording(one: Candidate | TrackRow, other: Candidate | TrackRow) -> bool:
    """Whether two tracks are files of one recording."""
    return one.recording is not None and one.recording == other.recording


def same_song(one: Candidate | TrackRow, other: Candidate | TrackRow) -> bool:
    """Whether two tracks are one song; by the tags never for tracks without an artist."""
    if same_recording(one, other):
        return True
    mine, its = bare_title(one.title), bare_title(other.title)
    if not one.artist or not other.artist or mine != its:
        return False
    if fold(lead_artist(one.artist)) != fold(lead_artist(other.artist)):
        return False
    if mine != fold(one.title) or its != fold(other.title):
        return True
    longer = max(one.duration_s, other.duration_s)
    return abs(one.duration_s - other.duration_s) <= LENGTHS_APART * longer and not _sound_apart(
        one, other
    )


def _sound_apart(one: Candidate | TrackRow, other: Candidate | TrackRow) -> bool:
    """Whether tempo or key tell two tracks of one title apart, where both are known."""
    if one.camelot and other.camelot and one.camelot != other.camelot:
        return True
    if not one.bpm or not other.bpm:
        return False
    apart = (abs(one.bpm * octave - other.bpm) / other.bpm for octave in (0.5, 1.0, 2.0))
    return min(apart) > TEMPOS_APART


def songs_of(tracks: Iterable[AnyTrack], *, by_title: bool = True) -> list[list[AnyTrack]]:
    """Return the tracks grouped by song, groups and tracks in the order given.

    Args:
        tracks: In their order.
        by_title: False groups the files of one recording alone.
    """
    every = list(tracks)
    song = list(range(len(every)))
    alike: dict[object, list[int]] = {}
    for at, track in enumerate(every):
        for name in _names(track, by_title=by_title):
            known = alike.setdefault(name, [])
            near = next((other for other in known if same_song(every[other], track)), None)
            if near is None:
                known.append(at)
            elif song[at] == at:
                song[at] = song[near]
            else:  # by its sound of one song, by its tags of another: they are one
                first, second = sorted((song[near], song[at]))
                song = [first if number == second else number for number in song]
    groups: dict[int, list[AnyTrack]] = {}
    for number, track in zip(song, every, strict=True):
        groups.setdefault(number, []).append(track)
    return list(groups.values())


def _names(track: Candidate | TrackRow, *, by_title: bool) -> Iterator[object]:
    """Yield the keys by which tracks of one song are found."""
    if track.recording:
        yield track.recording
    if by_title:
        yield fold(lead_artist(track.artist or "")), bare_title(track.title)


def plainest(group: Iterable[AnyTrack]) -> AnyTrack:
    """Return the track of a song with an artist and the shortest title, in the best file.

    So the studio recording comes before the live one, and both before a file without tags.
    """
    return min(
        group,
        key=lambda track: (
            not track.artist,
            len(track.title),
            track.audio_format not in LOSSLESS,
            -(track.bit_rate or 0),
        ),
    )


def best_file_first(song: Iterable[AnyTrack]) -> list[AnyTrack]:
    """Return a song with the plainest file of its first recording first."""
    first, *others = song
    front = plainest([first, *(other for other in others if same_recording(first, other))])
    return [front, *(track for track in (first, *others) if track is not front)]
