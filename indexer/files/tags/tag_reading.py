"""Tags of a file as plain values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeVar

from indexer.files.audio.opened_file import OpenedFile, path_of
from indexer.files.tags.file_name import guess_from_name
from indexer.files.tags.tag_blocks import Block, RepairedText, read_blocks
from indexer.files.tags.tag_key import MixingComment, Scale, parse_key, parse_mixing_comment
from indexer.files.tags.tag_marks import without_written
from indexer.files.tags.tag_values import (
    BPM_RANGE,
    COMMENT_LIMIT,
    GAIN_RANGE_DB,
    TEXT_LIMIT,
    clean_list,
    clean_text,
    parse_genres,
    parse_index,
    parse_number,
    parse_uuid,
    parse_within,
    parse_year,
)

T = TypeVar("T")

ARTIST_SPLIT: Final = r";|\x00|\s+/\s+|\s+(?:feat|ft)\.?\s+|\s+featuring\s+"
"""Not a bare slash or ampersand: AC/DC, Simon & Garfunkel."""
EXTRA_LIMIT: Final = 64
ESTIMATES_LIMIT: Final = 300
"""Picard writes about 120."""
FINGERPRINT_LIMIT: Final = 8000
R128_TO_REPLAYGAIN_DB: Final = 5.0
"""Opus gains aim at −23 LUFS, ReplayGain at −18 LUFS."""
XTRACTOR_NAMES: Final = {
    name.replace("_", ""): name
    for name in (
        "mood_acoustic", "mood_aggressive", "mood_electronic", "mood_happy", "mood_party",
        "mood_relaxed", "mood_sad", "danceable", "voice_instrumental",
    )
}  # fmt: skip
"""Written by beets with xtractor: plain name → field."""

_KNOWN: Final = frozenset(
    (
        "title", "artist", "artists", "albumartist", "album", "tracknumber", "discnumber", "date",
        "originaldate", "releasedate", "genre", "mood", "bpm", "initialkey", "comment",
        "musicbrainztrackid", "musicbrainzalbumid", "musicbrainzartistid", "acoustidid",
        "acoustidfingerprint",
        "replaygaintrackgain", "replaygaintrackpeak", "r128trackgain", "metadatablockpicture",
        "coverart",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FileTags:
    """Tags read from one file: clean text, plausible numbers, a title that is never empty.

    Attributes:
        artists: The separate names in `artist`.
        key: Tonic as a sharp name and scale.
        energy: As a program for DJs wrote it into the comment, 1 to 10.
        year: Of the recording, the earliest that is told.
        edition_year: Of this edition of it.
        estimates: Values that other analysers wrote: AcousticBrainz (`ab:hi:mood_happy:happy`)
            and beets with xtractor (`mood_happy`), a number or a word.
        extra: Everything else that is text, plain name → values.
        title_from_name: Whether the title comes from the file name.
        repaired: Texts that were read in another code page than the tags say.
        warnings: Messages about damaged tags.
    """

    title: str
    artist: str | None = None
    artists: tuple[str, ...] = ()
    album: str | None = None
    album_artist: str | None = None
    track_no: int | None = None
    disc_no: int | None = None
    year: int | None = None
    edition_year: int | None = None
    genres: tuple[str, ...] = ()
    moods: tuple[str, ...] = ()
    bpm: float | None = None
    key: tuple[str, Scale] | None = None
    energy: int | None = None
    replaygain_track_gain_db: float | None = None
    replaygain_track_peak: float | None = None
    comment: str | None = None
    musicbrainz_recording_id: str | None = None
    musicbrainz_album_id: str | None = None
    musicbrainz_artist_id: str | None = None
    acoustid_id: str | None = None
    acoustid_fingerprint: str | None = None
    estimates: Mapping[str, float | str] = field(default_factory=dict)
    extra: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    title_from_name: bool = False
    repaired: tuple[RepairedText, ...] = ()
    warnings: tuple[str, ...] = ()


def read_tags(source: Path | OpenedFile, *, codec: str | None = None) -> FileTags:
    """Read the tags of a file; a damaged block yields its readable part and a warning.

    A `codec` is the code page that a person chose for its texts (`tag_blocks.read_blocks`).

    Values that Backbeat wrote (`tag_writing`) are left out. Without a title, the file name gives
    the title and, if it holds one and no tag does, the artist.
    """
    blocks = read_blocks(source, codec=codec)
    block = without_written(blocks.values)
    title = _first_text(block, "title")
    artist, artists, name_title = _artist_and_name_title(
        block, path_of(source), has_title=bool(title)
    )
    edition, original, released = (
        _first(block, name, parse_year) for name in ("date", "originaldate", "releasedate")
    )
    mixed = _first(block, "comment", parse_mixing_comment) or MixingComment()
    return FileTags(
        title=title or name_title,
        artist=artist,
        artists=artists,
        album=_first_text(block, "album"),
        album_artist=_first_text(block, "albumartist"),
        track_no=_first(block, "tracknumber", parse_index),
        disc_no=_first(block, "discnumber", parse_index),
        year=min((year for year in (edition, original, released) if year), default=None),
        edition_year=edition or released,
        genres=parse_genres(block.get("genre", [])),
        moods=clean_list(block.get("mood", []), split=r"[;/,|\x00]"),
        bpm=_first(block, "bpm", lambda v: parse_within(v, *BPM_RANGE)) or mixed.bpm,
        key=_first(block, "initialkey", parse_key) or mixed.key,
        energy=mixed.energy,
        replaygain_track_gain_db=_track_gain(block),
        replaygain_track_peak=_first(block, "replaygaintrackpeak", lambda v: parse_within(v, 0, 8)),
        comment=_first_text(block, "comment", limit=COMMENT_LIMIT),
        musicbrainz_recording_id=_first(block, "musicbrainztrackid", parse_uuid),
        musicbrainz_album_id=_first(block, "musicbrainzalbumid", parse_uuid),
        musicbrainz_artist_id=_first(block, "musicbrainzartistid", parse_uuid),
        acoustid_id=_first(block, "acoustidid", parse_uuid),
        acoustid_fingerprint=_first_text(block, "acoustidfingerprint", limit=FINGERPRINT_LIMIT),
        estimates=MappingProxyType(_estimates(block)),
        extra=MappingProxyType(_extra(block)),
        title_from_name=not title,
        repaired=blocks.repaired,
        warnings=tuple(dict.fromkeys(blocks.warnings)),
    )


def _artist_and_name_title(
    block: Block, path: Path, *, has_title: bool
) -> tuple[str | None, tuple[str, ...], str]:
    """Return the artist, the separate artists, and the title by the file name."""
    artists = clean_list(block.get("artists", []) or block.get("artist", []), split=ARTIST_SPLIT)
    artist = ", ".join(clean_list(block.get("artist", []))) or ", ".join(artists) or None
    name_artist, name_title = guess_from_name(path)
    if has_title or not name_artist:
        return artist, artists, name_title
    if not artist:
        return name_artist, clean_list([name_artist], split=ARTIST_SPLIT), name_title
    if name_artist.casefold() != artist.casefold():
        name_title = f"{name_artist} - {name_title}"
    return artist, artists, name_title


def _first(block: Block, name: str, parse: Callable[[str], T | None]) -> T | None:
    parsed = (parse(value) for value in block.get(name, []))
    return next((value for value in parsed if value is not None), None)


def _first_text(block: Block, name: str, *, limit: int = TEXT_LIMIT) -> str | None:
    return _first(block, name, lambda value: clean_text(value, limit=limit) or None)


def _track_gain(block: Block) -> float | None:
    gain_db = _first(block, "replaygaintrackgain", lambda v: parse_within(v, *GAIN_RANGE_DB))
    if gain_db is not None:
        return gain_db
    steps = _first(block, "r128trackgain", parse_number)  # 1/256 dB, RFC 7845
    if steps is None or not GAIN_RANGE_DB[0] <= steps / 256 <= GAIN_RANGE_DB[1]:
        return None
    return steps / 256 + R128_TO_REPLAYGAIN_DB


def _estimates(block: Block) -> dict[str, float | str]:
    found: dict[str, float | str] = {}
    for name, values in block.items():
        if name.startswith("ab:") or name in XTRACTOR_NAMES:
            number = parse_number(values[0])
            text = "; ".join(clean_list(values))
            if number is not None or text:
                found[XTRACTOR_NAMES.get(name, name)] = text if number is None else number
    return dict(list(found.items())[:ESTIMATES_LIMIT])


def _extra(block: Block) -> dict[str, tuple[str, ...]]:
    others = {
        clean_text(name, limit=100): clean_list(values)
        for name, values in block.items()
        if name not in _KNOWN and name not in XTRACTOR_NAMES and not name.startswith("ab:")
    }
    kept = [(name, values) for name, values in others.items() if name and values]
    return dict(kept[:EXTRA_LIMIT])
