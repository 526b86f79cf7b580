"""State of one conversation between its turns."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from assistant.answers import Language
from assistant.messages import Message, ToolCall
from assistant.turns.choices import Pending
from assistant.understanding.dialogue.state import ConversationState, ListItem, ResultTrack
from tools.base import Rendering, ToolResult
from tools.compare_tracks import compare_tracks
from tools.find_similar import find_similar
from tools.make_playlist import make_playlist

_STEPS_BACK: Final = 10  # lists that "go back" can return to
_REMEMBERED: Final = 8  # turns kept for a model, which is given those that fit its share


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """A request with its call and its answer."""

    request: str
    call: ToolCall | None
    answer: str


@dataclass(frozen=True, slots=True)
class ShownResult:
    """A result as it was shown, and the state after it."""

    call: ToolCall
    rendering: Rendering
    state: ConversationState

    @property
    def tracks(self) -> list[Mapping[str, Any]]:
        """The tracks that were shown."""
        tracks = self.rendering.data.get("tracks")
        return tracks if isinstance(tracks, list) else []


@dataclass
class Conversation:
    """State of a conversation, so that "slower" or "the second one" work without a model too.

    Attributes:
        state: The part of the earlier turns that the reader uses.
        language: Set by the user in the chat; None: that of each request.
        model: Set by the user in the chat; None: that of the settings.
        person: Id of who talks; 1 is the only one on localhost.
        refused: Whether the last request was refused.
        lost: Whether a request for tracks was refused, so that nobody knows what would be changed.
        offered: Whether the query of the state was only offered.
        list_id: Of the table on the page whose rows the results are; "" where there is none.
        seen: Tracks shown for the last query, page after page; "more" leaves them out.
        given_notices: Names of the notices shown already; each is shown once.
        answer_language: Language of the last answer.
        chosen: Ids of the names that were chosen last, from several.
        shown: The last results, oldest first.
        prompt_tokens: That models read for it.
        reply_tokens: That they wrote.
    """

    state: ConversationState = field(default_factory=ConversationState)
    language: Language | None = None
    model: str | None = None
    person: int = 1
    pending: Pending | None = None
    chosen: dict[str, int] = field(default_factory=dict)
    refused: bool = False
    lost: bool = False
    offered: bool = False
    list_id: str = ""
    seen: tuple[int, ...] = ()
    given_notices: set[str] = field(default_factory=set)
    answer_language: Language | None = None
    prompt_tokens: int = 0
    reply_tokens: int = 0
    shown: deque[ShownResult] = field(default_factory=lambda: deque(maxlen=_STEPS_BACK))
    past_turns: deque[TurnRecord] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))

    def history(self) -> list[Message]:
        """The last turns as messages for a model."""
        messages: list[Message] = []
        for number, record in enumerate(self.past_turns):
            messages.append(Message(role="user", content=record.request))
            if record.call is None:
                messages.append(Message(role="assistant", content=record.answer))
                continue
            call = record.call.model_copy(update={"id": f"past-{number}"})
            messages.append(Message(role="assistant", tool_calls=(call,)))
            messages.append(
                Message(role="tool", name=call.name, tool_call_id=call.id, content=record.answer)
            )
        return messages

    def add_result(
        self,
        call: ToolCall,
        result: ToolResult,
        rendering: Rendering,
        language: Language,
        *,
        selects: bool | None = None,
    ) -> None:
        """Add the result of a tool; `selects` as in `ConversationState.after`."""
        tracks = result.facts.get("tracks")
        # One track that plays leaves the list that it was chosen from; where nothing was found,
        # "number 2" is still that of the list before.
        one = "track" in call.arguments and call.name != find_similar.name
        shown = tracks if isinstance(tracks, list) and not one else []
        again = (call.name, call.arguments) == (self.state.tool, self.state.arguments)
        page = tuple(track["id"] for track in shown)
        self.seen = (*self.seen, *page) if again else page
        self.state = self.state.after(
            call.name,
            call.arguments,
            results=[_result_track(track) for track in shown] or None,
            items=_list_items(rendering),
            track=_track_of(call, result),
            playing=_playing(result.facts),
            playlist=result.playlist,
            playlist_id=result.playlist_id,
            language=language,
            selects=selects,
        )
        self.shown.append(ShownResult(call, rendering, self.state))

    def note_table(self, list_id: str, ids: Sequence[int]) -> None:
        """Note that a table shows tracks; its rows count where they are the results."""
        if list(ids) == [track.track_id for track in self.state.results]:
            self.list_id = list_id

    def show_rows(self, ids: Sequence[int], facts: Mapping[int, Mapping[str, Any]]) -> bool:
        """Take over the rows of the table as it shows them now: sorted, or more of them.

        Args:
            ids: Of the tracks, in the order that is seen.
            facts: Of tracks that are not among the results, by id.

        Returns:
            Whether all of them are known; the results are unchanged otherwise.
        """
        known = {track.track_id: track for track in self.state.results}
        known |= {number: _result_track(fact) for number, fact in facts.items()}
        if not ids or not known.keys() >= set(ids):
            return False
        before, results = self.state, tuple(known[number] for number in ids)
        self.state = replace(before, results=results)
        self.seen = tuple(dict.fromkeys((*self.seen, *ids)))
        if self.shown and self.shown[-1].state is before:
            self.shown[-1] = replace(self.shown[-1], state=self.state)
        return True

    def go_back(self, *, past: Callable[[ShownResult], bool]) -> ShownResult | None:
        """Return to the result before the last.

        Args:
            past: Whether a result only changes the one before it.

        Returns:
            That result, or None when there is none; then the state is unchanged.
        """
        made = [at for at, shown in enumerate(self.shown) if not past(shown)]
        if len(made) < 2:
            return None
        for _ in range(len(self.shown) - made[-1]):
            self.shown.pop()
        self.state = self.shown[-1].state
        return self.shown[-1]

    @property
    def playlist_id(self) -> int | None:
        """Return the playlist last made or used here; what "last" means."""
        return self.state.playlist_id

    @property
    def shown_playlist_id(self) -> int | None:
        """Return the playlist that the tracks shown last are; None for the result of a search."""
        for result in reversed(self.shown):
            if result.call.name == compare_tracks.name:
                continue  # two tracks beside each other are no list
            if result.tracks or result.rendering.data.get("from_shown"):
                return result.rendering.data.get("playlist_id")
        return None

    @property
    def asked_playlist_id(self) -> int | None:
        """Return the playlist shown last, where the last query made it: it can be changed."""
        results = () if self.offered else reversed(self.shown)
        for result in results:
            if result.call.name == make_playlist.name:
                made = result.rendering.data.get("playlist_id")
                return made if made == self.shown_playlist_id else None
        return None

    def entities(self) -> dict[str, int]:
        """Return the tracks spoken of, shown or chosen, by the names that arguments carry."""
        shown = {track.label: track.track_id for track in self.state.results}
        return {**self.state.ids, **shown, **self.chosen}

    def add_turn(self, request: str, call: ToolCall | None, answer: str) -> None:
        """Add a turn to the history for the model."""
        self.past_turns.append(TurnRecord(request[:300], call, answer[:300]))


def _result_track(fact: Mapping[str, Any]) -> ResultTrack:
    """A track of the facts of a tool."""
    return ResultTrack(
        fact["id"], fact["title"], fact.get("artist") or "",
        year=fact.get("year"), bpm=fact.get("bpm"), album=fact.get("album"),
        camelot=fact.get("camelot"), energy=fact.get("energy"), genre=fact.get("genre"),
        moods=tuple(fact.get("moods") or ()), duration_s=fact.get("duration_s"),
    )  # fmt: skip


def _track_of(call: ToolCall, result: ToolResult) -> ResultTrack | None:
    """The one track that a result is about."""
    fact = result.facts.get("track")
    if isinstance(fact, Mapping) and "id" in fact:
        return _result_track(fact)
    named = call.arguments.get("track")
    if named and len(result.track_ids) == 1:
        return ResultTrack(result.track_ids[0], str(named))
    return None


def _playing(facts: Mapping[str, Any]) -> ResultTrack | None:
    now = facts.get("now")
    return _result_track(now) if isinstance(now, Mapping) and "id" in now else None


def _list_items(rendering: Rendering) -> list[ListItem]:
    """The lines of a list that can be clicked, by the requests that clicks send."""
    items = rendering.data.get("items")
    if not isinstance(items, list):
        return []
    return [ListItem(item["label"], item["ask"]) for item in items if item.get("ask")]
