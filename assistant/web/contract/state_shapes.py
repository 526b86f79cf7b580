"""Replies about the player, the analysis as it goes on, and the models."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from assistant.web.contract.job_shapes import AwayFolderReply
from assistant.web.contract.shapes import Reply


class PlayedTrack(Reply):
    """A track of the queue; played `gain_db` louder all sound equally loud."""

    id: int
    title: str
    artist: str | None
    album: str | None
    duration_s: float
    audio_url: str
    cover_url: str | None
    gain_db: float
    liked: bool


class PlayerReply(Reply):
    """What a person plays; `place` is the current one of `tracks`, 0 the first."""

    tracks: list[PlayedTrack]
    place: int
    playing: bool
    seconds: float
    volume: float
    shuffle: bool
    repeat: Literal["off", "one", "all"]
    version: int
    started: int


class MixReply(Reply):
    """How a track is faded into another; times are those of bars of the first track."""

    start_s: float
    entry_s: float
    fade_s: float
    rate: float


class FailedJobReply(Reply):
    """A file that could not be analysed; `job` tries it again."""

    job: int
    name: str
    folder: str
    reason: str


class Indexing(Reply):
    """The analysis as it goes on; `paused` says by whom, null where it is not."""

    tracks: int
    analysed: int
    queued: int
    running: int
    failed: int
    paused: str | None
    indexer_alive: bool
    rate_per_minute: float | None
    eta_s: float | None
    rendering: tuple[int, int] | None = Field(description="Songs of the demo: done, in all")
    now: list[str]
    folders: list[str]
    choosable: bool
    failures: list[FailedJobReply]
    away: list[AwayFolderReply]
    notes: list[str] = Field(description="Sentences on what is away or left out")
    gone: int | None = None
    retried: int | None = None


class InstalledModelReply(Reply):
    """A model of the model server; other servers than Ollama tell only its name."""

    name: str
    size_bytes: int | None = None
    parameters: str | None = None
    family: str | None = None
    digest: str | None = None


class Models(Reply):
    """The state of the chosen model, and the models there are."""

    provider: str
    host: str
    model: str
    usable: bool
    problem: str | None
    server_version: str | None
    installed: list[InstalledModelReply]


class ConversationFile(Reply):
    """A conversation with every step and element, as it is kept."""

    id: str
    name: str
    changed_at: str
    steps: list[dict[str, Any]]
    elements: list[dict[str, Any]]
