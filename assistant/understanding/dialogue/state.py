"""State of a conversation between requests; plain values that can be stored as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final, Literal

Shown = Literal["tracks", "playlist", "list"]

_QUERIES: Final = frozenset({"search_tracks", "make_playlist", "find_similar"})
_PLAYLIST_TOOLS: Final = frozenset({"make_playlist", "edit_playlist"})
_TRACK_TOOLS: Final = frozenset({"search_tracks", "find_similar", "play_music"})
_NAMED_TO_PLAY: Final = frozenset({"track", "playlist", "when", "sort", "limit"})
_POINTING: Final = ("track", "mixes_with", "from_track")  # arguments that speak of one track
_MOST_KNOWN: Final = 200  # labels whose ids are kept; the lists of some ten turns


@dataclass(frozen=True, slots=True)
class ResultTrack:
    """A track that was shown.

    Attributes:
        track_id: Its id in the store.
        title: As shown.
        artist: As shown; "" when unknown.
        year: Of its release, where known.
        bpm: Its tempo, where known.
        album: As shown, where known.
        camelot: Its key, where known.
        energy: 0..1, where known.
        genre: Its main genre, where known.
        moods: Its moods.
        duration_s: Its length, where known.
    """

    track_id: int
    title: str
    artist: str = ""
    year: int | None = None
    bpm: float | None = None
    album: str | None = None
    camelot: str | None = None
    energy: float | None = None
    genre: str | None = None
    moods: tuple[str, ...] = ()
    duration_s: float | None = None

    @property
    def label(self) -> str:
        """The name for tools: "Title by Artist"."""
        return f"{self.title} by {self.artist}" if self.artist else self.title

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ResultTrack:
        """The track that `asdict` wrote."""
        return cls(**{**data, "moods": tuple(data.get("moods", ()))})


@dataclass(frozen=True, slots=True)
class ListItem:
    """A line of a list that is no track: an artist, an album, a playlist.

    Attributes:
        label: As shown.
        ask: The request that a click on it sends.
    """

    label: str
    ask: str


@dataclass(frozen=True, slots=True)
class ConversationState:
    """The last call and what it gave.

    Attributes:
        tool: Name of the last tool called.
        arguments: Its arguments.
        query_tool: Last tool that selected tracks; follow-ups refine it.
        query: Its arguments.
        results: Tracks last shown, in order.
        items: Lines of the list last shown, where that was no list of tracks.
        shown: What was shown last.
        playlist: Name of the last playlist.
        playlist_id: Its id.
        track: The track last spoken of.
        artist: The artist last spoken of.
        album: The album last spoken of.
        playing: The track that plays.
        ids: Ids of tracks spoken of or shown, by label.
        language: Of the last request.
    """

    tool: str | None = None
    arguments: dict[str, Any] = field(default_factory=dict)
    query_tool: str | None = None
    query: dict[str, Any] = field(default_factory=dict)
    results: tuple[ResultTrack, ...] = ()
    items: tuple[ListItem, ...] = ()
    shown: Shown | None = None
    playlist: str | None = None
    playlist_id: int | None = None
    track: str | None = None
    artist: str | None = None
    album: str | None = None
    playing: ResultTrack | None = None
    ids: dict[str, int] = field(default_factory=dict)
    language: str | None = None

    def __post_init__(self) -> None:
        """A state given by its last call alone knows what was shown."""
        if self.shown is None and self.results:
            shown: Shown = "playlist" if self.tool in _PLAYLIST_TOOLS else "tracks"
            object.__setattr__(self, "shown", shown)

    def after(
        self,
        tool: str,
        arguments: dict[str, Any],
        *,
        results: Sequence[ResultTrack] | None = None,
        items: Sequence[ListItem] = (),
        track: ResultTrack | None = None,
        playing: ResultTrack | None = None,
        playlist: str | None = None,
        playlist_id: int | None = None,
        language: str | None = None,
        selects: bool | None = None,
    ) -> ConversationState:
        """The state once a tool was called.

        Args:
            tool: The tool.
            arguments: What it was called with.
            results: Tracks shown; None or none at all keeps the earlier ones.
            items: Lines of a list that is no list of tracks.
            track: The track that the result is about.
            playing: The track that plays from now on; None keeps the earlier one.
            playlist: Playlist made or used; None keeps the earlier one.
            playlist_id: Its id.
            language: Language of the request; None keeps the earlier one.
            selects: Whether the tool selects tracks, so that follow-ups refine its arguments;
                None where only its name is known.
        """
        queried = tool in _QUERIES if selects is None else selects
        if tool == "play_music":  # "play some jazz" can be refined, "play Copper Sky" cannot
            queried = not {"track", "playlist"} & set(arguments) and bool(
                set(arguments) - _NAMED_TO_PLAY
            )
        query_tool, query = tool, dict(arguments)
        if tool == "find_similar":  # as a search, which can be refined
            query_tool, query["like"] = "search_tracks", query.pop("track", None)
        if (
            tool == "count_tracks"
        ):  # "how many by genre", then "show me the rock": no longer counted
            query.pop("by", None)
        query.pop("when", None)
        shown = tuple(results or ()) or self.results
        spoken = track.label if track else _label(_spoken_of(arguments), playing)
        if spoken is None and results is None:
            spoken = self.track
        return replace(
            self,
            tool=tool,
            arguments=dict(arguments),
            query_tool=query_tool if queried else self.query_tool,
            query=query if queried else self.query,
            results=shown,
            items=tuple(items) or (() if results else self.items),
            shown=self._now_shown(tool, listed=bool(items), changed=results is not None),
            playlist=playlist or self.playlist,
            playlist_id=playlist_id if playlist else self.playlist_id,
            track=spoken,
            artist=_artist(arguments) or (track.artist if track else None)
            or _artist_of(spoken, (*shown, *((playing,) if playing else ())))
            or (None if results is not None else self.artist),
            album=_only(arguments.get("albums")) or (track.album if track else None)
            or (None if results is not None else self.album),
            playing=playing or self.playing,
            ids=_known({**self.ids}, (*shown, *(t for t in (track, playing) if t))),
            language=language or self.language,
        )  # fmt: skip

    def _now_shown(self, tool: str, *, listed: bool, changed: bool) -> Shown | None:
        if listed:
            return "list"
        if tool in _PLAYLIST_TOOLS:
            return "playlist"
        return "tracks" if changed or (tool in _TRACK_TOOLS and not self.shown) else self.shown

    @property
    def talked(self) -> bool:
        """Whether there is anything that a request could refer to."""
        return self.tool is not None

    def to_json(self) -> dict[str, Any]:
        """A dictionary of JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> ConversationState:
        """The state that `to_json` wrote."""
        known = {name: data[name] for name in cls.__dataclass_fields__ if name in data}
        known["results"] = tuple(map(ResultTrack.from_json, data.get("results", ())))
        known["items"] = tuple(ListItem(**item) for item in data.get("items", ()))
        if playing := data.get("playing"):
            known["playing"] = ResultTrack.from_json(playing)
        return cls(**known)


def _spoken_of(arguments: Mapping[str, Any]) -> str | None:
    """The one track that the arguments name."""
    named = next((arguments[name] for name in _POINTING if arguments.get(name)), None)
    return named or _only(arguments.get("tracks"))


def _label(title: str | None, playing: ResultTrack | None) -> str | None:
    """The name for tools of a title that was asked for and now plays."""
    same = title and playing and playing.title.casefold() == title.casefold()
    return playing.label if same and playing else title


def _only(values: Any) -> str | None:
    return values[0] if isinstance(values, list) and len(values) == 1 else None


def _artist(arguments: Mapping[str, Any]) -> str | None:
    """The one artist that the arguments name; a list "of" somebody is about him too."""
    return _only(arguments.get("artists")) or arguments.get("of")


def _artist_of(label: str | None, tracks: Iterable[ResultTrack]) -> str | None:
    return next((track.artist for track in tracks if label and track.label == label), None) or None


def _known(ids: dict[str, int], tracks: Iterable[ResultTrack]) -> dict[str, int]:
    for track in tracks:
        ids.pop(track.label, None)
        ids[track.label] = track.track_id
    return dict(list(ids.items())[-_MOST_KNOWN:])
