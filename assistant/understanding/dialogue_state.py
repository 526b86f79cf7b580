"""State of a conversation between requests; plain values that can be stored as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

_SELECTING: Final = frozenset({"search_tracks", "make_playlist", "find_similar"})


@dataclass(frozen=True, slots=True)
class ResultTrack:
    """A track that was shown.

    Attributes:
        track_id: Its id in the store.
        title: As shown.
        artist: As shown; "" when unknown.
        year: Of its release, where known.
        bpm: Its tempo, where known.
    """

    track_id: int
    title: str
    artist: str = ""
    year: int | None = None
    bpm: float | None = None

    @property
    def label(self) -> str:
        """The name for tools: "Title by Artist"."""
        return f"{self.title} by {self.artist}" if self.artist else self.title


@dataclass(frozen=True, slots=True)
class ConversationState:
    """The last call and what it gave.

    Attributes:
        tool: Name of the last tool called.
        arguments: Its arguments.
        query_tool: Last tool that selected tracks; follow-ups refine it.
        query: Its arguments.
        results: Tracks last shown, in order.
        playlist: Name of the last playlist.
        playlist_id: Its id.
        track: The track last spoken of.
        language: "en" or "fr", of the last request.
    """

    tool: str | None = None
    arguments: dict[str, Any] = field(default_factory=dict)
    query_tool: str | None = None
    query: dict[str, Any] = field(default_factory=dict)
    results: tuple[ResultTrack, ...] = ()
    playlist: str | None = None
    playlist_id: int | None = None
    track: str | None = None
    language: str | None = None

    def after(
        self,
        tool: str,
        arguments: dict[str, Any],
        *,
        results: Sequence[ResultTrack] | None = None,
        playlist: str | None = None,
        playlist_id: int | None = None,
        language: str | None = None,
        selects: bool | None = None,
    ) -> ConversationState:
        """The state once a tool was called.

        Args:
            tool: The tool.
            arguments: What it was called with.
            results: Tracks shown; None keeps the earlier ones.
            playlist: Playlist made or used; None keeps the earlier one.
            playlist_id: Its id.
            language: Language of the request; None keeps the earlier one.
            selects: Whether the tool selects tracks, so that follow-ups refine its arguments;
                None where only its name is known.
        """
        queried = tool in _SELECTING if selects is None else selects
        query_tool, query = tool, dict(arguments)
        if tool == "find_similar":  # as a search, which can be refined
            query_tool, query["like"] = "search_tracks", query.pop("track", None)
        return replace(
            self,
            tool=tool,
            arguments=dict(arguments),
            query_tool=query_tool if queried else self.query_tool,
            query=query if queried else self.query,
            results=self.results if results is None else tuple(results),
            playlist=playlist or self.playlist,
            playlist_id=playlist_id if playlist else self.playlist_id,
            track=arguments.get("track", None if results is not None else self.track),
            language=language or self.language,
        )

    def to_json(self) -> dict[str, Any]:
        """A dictionary of JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> ConversationState:
        """The state that `to_json` wrote."""
        results = tuple(ResultTrack(**track) for track in data.get("results", ()))
        known = {name: data[name] for name in cls.__dataclass_fields__ if name in data}
        return cls(**{**known, "results": results})
