"""Replies that several parts of the API share."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

LARGEST_ID = 2**63 - 1
"""The largest integer of SQLite; a larger one would cause a server error."""
PAGE_AT_MOST = 200

TrackId = Annotated[int, Field(ge=1, le=LARGEST_ID)]
Unit = Annotated[float, Field(ge=0, le=1)]
PageSize = Annotated[int, Query(ge=1, le=PAGE_AT_MOST, description="How many at most")]
Cursor = Annotated[
    str | None,
    Query(max_length=4000, description="The `next` of the page before; leave out for the first"),
]


class Reply(BaseModel):
    """Base of the replies."""

    model_config = ConfigDict(frozen=True)


class Body(BaseModel):
    """Base of what is sent: an unknown field is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class FieldProblem(Reply):
    """What is wrong with a field, such as `query.bpm_min`."""

    field: str
    problem: str


class ErrorReply(Reply):
    """Why a request was refused, and what can be done.

    `choices` are names that were probably meant, `fields` the fields that are wrong.
    """

    detail: str
    choices: list[str] = []
    fields: list[FieldProblem] = []


class OtherVersion(Reply):
    """Another version of a song: an album version, a live recording."""

    id: int
    title: str
    album: str | None
    duration_s: float
    ask: str


class TrackReply(Reply):
    """A track as lists show it; `charts` are drum charts, `why` the reasons for its place."""

    id: int
    title: str
    artist: str | None
    album: str | None
    year: int | None
    duration_s: float
    bpm: float | None
    bpm_alternative: float | None = Field(description="The half or the double, where it may be")
    camelot: str | None = Field(description="Key in Camelot notation, 1A to 12B")
    genre: str | None
    kind: str | None = Field(
        default=None, description="What is no music: speech, podcast, audiobook, sound or silence"
    )
    moods: list[str]
    energy: Unit | None
    has_cover: bool
    charts: int
    why: list[str] = []
    audio_url: str
    cover_url: str | None


class SimilarTrack(TrackReply):
    """A track with its likeness to another one, 0..1."""

    similarity: float


class FoundSong(TrackReply):
    """A song once, with its other versions."""

    versions: list[OtherVersion] = []


class NamedArtist(Reply):
    """An artist by name."""

    id: int
    name: str


class SimilarArtist(NamedArtist):
    """An artist with the likeness of their sound to that of another, 0..1."""

    tracks: int
    duration_s: int
    similarity: float


class SimilarArtists(Reply):
    """Artists who sound like an artist, the most similar first."""

    artist: NamedArtist
    similar: list[SimilarArtist]


class TrackPageReply(Reply):
    """Tracks of a list; `next` is the cursor of the page that follows, null on the last one."""

    tracks: list[TrackReply]
    total: int
    next: str | None
    taken_as: list[str] = Field(default=[], description="Terms that `text` was taken as")
