"""The interface of a tool: name, argument model, run and render."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict

from prompts import FALLBACK, Language
from store.search.query import RowOrder, TrackQuery
from store.vocabulary import CAMELOT, GENRES, LEVELS, MOODS

__all__ = [
    "CAMELOT",
    "GENRES",
    "LEVELS",
    "MOODS",
    "Arguments",
    "Rendering",
    "Tool",
    "ToolContext",
    "ToolError",
    "ToolResult",
    "TrackQuery",
    "schema",
]

RenderKind = Literal["tracks", "playlist", "track", "chart", "file", "status", "list", "text"]


class ToolError(Exception):
    """An error shown to the model and the user: what went wrong and what can be done.

    Attributes:
        choices: Names that were probably meant, best first.
        ids: Tracks that the choices stand for, where they are known.
    """

    def __init__(
        self, message: str, *, choices: Sequence[str] = (), ids: Mapping[str, int] | None = None
    ) -> None:
        super().__init__(message)
        self.choices = tuple(choices)
        self.ids = dict(ids or {})


class Arguments(BaseModel):
    """Base of the argument models that are not a `TrackQuery`."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, slots=True)
class ToolContext:
    """Context of a tool call.

    Attributes:
        language: Language of sentences and reasons.
        progress: Called with a fraction 0..1 and the name of the step during long work.
        wait_s: How long a tool may wait for a job before it answers "still running".
        embed_text: Returns the vector of a text by the text embedding model; blocks, and returns
            None while there is no such model.
        remake: Whether a drum chart is made again where one of an older version is there.
        person: Id of the person who asks; 1 is the only one on localhost.
        entities: Ids of tracks by the name that an argument carries, where the name was resolved
            before the call (a place in a list, a choice); they are not looked up again.
        shown: Ids of the tracks last shown in this conversation, in order.
        seen: Ids of the tracks shown already for the same query: "more" leaves them out.
        playlist_id: The playlist last made or used in this conversation; what "last" means.
        shown_playlist_id: The playlist that `shown` are the tracks of; None where they are the
            result of a search.
        from_shown: Whether exactly the tracks shown are meant instead of the whole library.
        order: The order of a search's rows, instead of that of the query.
        changes_playlist_id: The playlist whose request the call changes; None makes a new one.
    """

    language: Language = FALLBACK
    progress: Callable[[float, str], None] = lambda fraction, step: None
    wait_s: float = 0.0
    embed_text: Callable[[str], list[float] | None] | None = None
    remake: bool = False
    person: int = 1
    entities: Mapping[str, int] = field(default_factory=dict)
    shown: tuple[int, ...] = ()
    seen: tuple[int, ...] = ()
    playlist_id: int | None = None
    shown_playlist_id: int | None = None
    from_shown: bool = False
    order: RowOrder | None = None
    changes_playlist_id: int | None = None


@dataclass(frozen=True, slots=True)
class ToolResult:
    """Result of a tool.

    Attributes:
        facts: JSON-able values, the only source of facts in an answer (names of tracks, numbers).
        track_ids: Ids of the tracks in the order shown, for "the second one".
        playlist: Name of the playlist made or used.
        playlist_id: Its id.
        job_id: A job that still runs, to be followed.
    """

    facts: Mapping[str, Any]
    track_ids: tuple[int, ...] = ()
    playlist: str | None = None
    playlist_id: int | None = None
    job_id: int | None = None


@dataclass(frozen=True, slots=True)
class Rendering:
    """Presentation of a result, independent of the user interface.

    Attributes:
        sentence: One or two sentences for the person, in the context's language, plain text.
        kind: What `data` holds; `assistant/ui/page_elements.py` and the command line draw it.
        data: JSON-able; tracks carry `id`, `title`, `artist`, `bpm`, `camelot`, …, files carry
            `url` under /api and `name`; a list is `title` and `items`, each with `label`, `detail`
            and `ask`, the request that a click sends (None: nothing to click).
    """

    sentence: str
    kind: RenderKind
    data: Mapping[str, Any] = field(default_factory=dict)


class Tool(Protocol):
    """One tool; a module-level instance in its own file.

    What the conversation must know of some tools alone is an attribute that the others lack, read
    by a function of the same name: `selects_tracks`, `take_back`.
    """

    @property
    def name(self) -> str:
        """The tool's name."""
        ...

    @property
    def description(self) -> str:
        """One sentence for a chat model."""
        ...

    @property
    def arguments(self) -> type[BaseModel]:
        """The argument model."""
        ...

    def run(self, arguments: Any, context: ToolContext) -> ToolResult:
        """Run the tool. Raises ToolError with a sentence for the user."""
        ...

    def render(self, result: ToolResult, context: ToolContext) -> Rendering:
        """Present the result, from `result.facts` alone."""
        ...


def selects_tracks(tool: Tool) -> bool:
    """Return whether follow-ups ("slower", "without jazz") refine the arguments of `tool`.

    A tool says so by an attribute of this name; without it it does not.
    """
    return bool(getattr(tool, "selects_tracks", False))


def take_back(tool: Tool) -> Callable[[Mapping[str, Any], ToolContext], str] | None:
    """Return what takes back a result of `tool`, given its data; it returns a sentence.

    A tool whose results "undo" takes back has a method of this name.
    """
    return getattr(tool, "take_back", None)


def schema(tool: Tool) -> dict[str, Any]:
    """Return the function schema of a tool for chat models; the same bytes every time."""
    parameters = tool.arguments.model_json_schema()
    parameters.pop("title", None)
    parameters.pop("description", None)
    return {
        "type": "function",
        "function": {
            "name": tool.name,
            "description": tool.description,
            "parameters": parameters,
        },
    }
