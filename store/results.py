"""What the named queries return: frozen, detached from any session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from store.track_structure import TrackStructure


class StoreError(Exception):
    """The store cannot do what was asked; the message tells a person why."""


class UnavailableError(StoreError):
    """The database cannot be used now: busy, damaged, read-only, its disk full.

    The message tells the owner where it lies; it is nothing for whoever calls over the network.
    """


@dataclass(frozen=True, slots=True)
class TrackRow:
    """One track as lists show it.

    Attributes:
        recording: Tracks that carry the same one sound the same; None for most.
        audio_format: Container of the file ("flac", "mp3").
        bit_rate: Bits a second, where the file tells.
        kind: What the track is; None for music.
    """

    id: int
    title: str
    artist: str | None
    album: str | None
    year: int | None
    duration_s: float
    bpm: float | None
    bpm_alternative: float | None
    camelot: str | None
    genre: str | None
    moods: tuple[str, ...] = ()
    energy: float | None = None
    has_cover: bool = False
    chart_count: int = 0
    recording: str | None = None
    audio_format: str = ""
    bit_rate: int | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A track that may go into a playlist, with what an ordering needs.

    Attributes:
        relevance: How well it fits the query, 0..1.
        recording: Tracks that carry the same one sound the same; None for most.
        audio_format: Container of the file ("flac", "mp3").
        bit_rate: Bits a second, where the file tells.
    """

    id: int
    title: str
    artist: str | None
    album: str | None
    duration_s: float
    bpm: float | None
    camelot: str | None
    energy: float | None
    year: int | None
    relevance: float
    recording: str | None = None
    audio_format: str = ""
    bit_rate: int | None = None


@dataclass(frozen=True, slots=True)
class TrackDetail:
    """All stored values of one track.

    Attributes:
        normalized: Field of TrackMIRNormalized → value.
        scores: Field of TrackMIRScores → value.
        synthetic_tags: (tag, score, category, reason).
        moods: Mood → strength 0..1, strongest first.
        charts: ids of finished drum charts.
        structure: Metre, tempo stability, modulation.
    """

    row: TrackRow
    path: str
    audio_format: str
    key: str | None
    scale: str | None
    bpm_confidence: float | None
    genres: tuple[str, ...]
    normalized: Mapping[str, object]
    scores: Mapping[str, float | None]
    synthetic_tags: tuple[tuple[str, float, str, str], ...]
    moods: Mapping[str, float]
    source: str
    charts: tuple[int, ...] = ()
    structure: TrackStructure = field(default_factory=TrackStructure)


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Tracks that fit, best first.

    Attributes:
        total: How many fit, of which `tracks` holds the first.
        genres: Track id → the genres or genre tags for which it fits the genres of the query.
        emptied_by: When nothing fits: the filter (a TrackQuery field) without which something
            would fit, and how many tracks then would.
    """

    tracks: tuple[TrackRow, ...]
    total: int
    genres: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    emptied_by: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class LibraryMatch:
    """A name in the library that resembles what was asked for; score 0..100.

    Of an album: its year, how many of its tracks are there, and the edition it is a later one of.
    """

    kind: str
    id: int
    name: str
    score: float
    artist: str | None = None
    year: int | None = None
    tracks: int = 0
    edition_of: int | None = None


@dataclass(frozen=True, slots=True)
class FailedFile:
    """A file that could not be analysed, and why; `code` may be empty."""

    path: str
    reason: str
    attempts: int
    code: str = ""


@dataclass(frozen=True, slots=True)
class LibraryStatus:
    """Counts and progress of the whole library."""

    tracks: int
    artists: int
    albums: int
    playlists: int
    charts: int
    duration_s: float
    analysed: int
    queued: int
    running: int
    failed: int
    failures: tuple[FailedFile, ...]
    genres: Mapping[str, int]
    moods: Mapping[str, int]
    indexer_alive: bool
    rate_per_minute: float | None
    eta_s: float | None


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job's state; `progress` 0..1 with the step in words, `result` as the worker left it."""

    id: int
    kind: str
    state: str
    progress: float
    step: str
    reason: str | None
    attempts: int
    track_id: int | None
    payload: Mapping[str, object]
    result: Mapping[str, object]
    created_at: datetime
    key: str = ""
    priority: int = 100
    worker: str | None = None
    finished_at: datetime | None = None
    interruptions: int = 0


@dataclass(frozen=True, slots=True)
class PlaylistEntryRow:
    """An entry of a playlist, with the reason for the step that leads to it.

    Attributes:
        locked: Whether it stays where it is when the playlist is shuffled or filled anew.
    """

    position: int
    track: TrackRow
    reason: str
    locked: bool = False


@dataclass(frozen=True, slots=True)
class PlaylistDetail:
    """A saved playlist in its order.

    Attributes:
        request: Arguments of the request that made it.
        person: Id of the person whose it is.
        deleted: Whether it was deleted; then it can only be brought back.
    """

    id: int
    name: str
    entries: tuple[PlaylistEntryRow, ...]
    duration_s: float
    request: Mapping[str, object]
    person: int = 1
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class PlaylistSummary:
    """A saved playlist in a list of them."""

    id: int
    name: str
    tracks: int
    duration_s: float
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ChartDetail:
    """A finished drum chart. Paths are relative to the charts folder.

    Attributes:
        levels: Level → {"notes": int, "dlevel": int}.
        chart_version: Version of the drum code that made it; None for the oldest charts.
    """

    id: int
    track_id: int
    title: str
    artist: str | None
    folder: str
    zip_file: str
    picture: str | None
    bpm: float
    levels: Mapping[str, Mapping[str, object]]
    chart_version: str | None = None


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody who talks to Backbeat."""

    id: int
    name: str
