"""The rows of the last table, as the page shows them, are what numbers mean."""

from __future__ import annotations

from typing import Any

from assistant.messages import ToolCall
from assistant.turns import kept_conversation
from assistant.turns.conversation import Conversation
from tools.base import Rendering, ToolResult


def fact(number: int) -> dict[str, Any]:
    return {"id": number, "title": f"Tune {number}"}


def talk() -> Conversation:
    made = Conversation()
    tracks = [fact(number) for number in (1, 2, 3)]
    result = ToolResult(facts={"tracks": tracks}, track_ids=(1, 2, 3))
    call = ToolCall(name="search_tracks", arguments={"genres": ["ska"]})
    made.add_result(call, result, Rendering("Three.", "tracks", {"tracks": tracks}), "en")
    return made


def ids(conversation: Conversation) -> list[int]:
    return [track.track_id for track in conversation.state.results]


def test_another_order_and_further_rows_count() -> None:
    conversation = talk()
    assert conversation.show_rows((3, 1, 2), {})
    assert ids(conversation) == [3, 1, 2]
    assert not conversation.show_rows((3, 9), {})  # who is 9?
    assert ids(conversation) == [3, 1, 2]
    assert conversation.show_rows((3, 9), {9: fact(9)})
    assert ids(conversation) == [3, 9]
    assert conversation.seen == (1, 2, 3, 9)
    assert conversation.shown[-1].state.results == conversation.state.results


def test_only_the_table_of_the_results_is_noted_and_it_is_kept() -> None:
    conversation = talk()
    conversation.note_table("of two", (1, 2))
    assert conversation.list_id == ""
    conversation.note_table("of all", (1, 2, 3))
    values = kept_conversation.to_json(conversation)
    assert kept_conversation.from_json(values, person=1).list_id == "of all"
