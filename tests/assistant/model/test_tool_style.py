"""How calls are asked for and sent, held to a schema and natively."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from assistant.messages import Message, ToolCall
from assistant.model.tool_schemas import reply_schema
from assistant.model.tool_style import choice_options, wire
from store.vocabulary import GENRES, MOODS
from tools import TOOLS

JAZZ = ToolCall(name="search_tracks", arguments={"genres": ["jazz"]})


def test_what_is_asked_for_is_the_same_every_time() -> None:
    for style in ("native", "schema"):
        first, second = (json.dumps(choice_options(style, TOOLS)) for _ in range(2))
        assert first == second
    assert set(choice_options("native", TOOLS)) == {"tools"}
    assert set(choice_options("schema", TOOLS)) == {"response_format"}


@pytest.mark.parametrize(
    ("calls", "fits"),
    [
        ([("search_tracks", {"genres": ["jazz"], "bpm_min": 90})], True),
        ([("make_playlist", {"exclude_genres": ["hip hop"]})], True),
        ([("library_status", {})], True),
        ([("search_tracks", {"sort": "bpm"}), ("generate_drum_chart", {"track": "T1"})], True),
        ([("answer", {"text": "I only know music."})], True),
        ([("search_tracks", {"genres": ["polka"]})], False),
        ([("make_playlist", {"exclude_moods": ["polka"]})], False),
        ([("search_tracks", None)], False),
        ([("rm", {})], False),
        ([("answer", {})], False),
        ([("generate_drum_chart", {})], False),
        ([("library_status", {})] * 4, False),
        ([], False),
    ],
)
def test_the_schema_lets_through_calls_of_the_tools_alone(calls: Any, fits: bool) -> None:
    written = {
        "calls": [
            {"tool": name, **({} if arguments is None else {"arguments": arguments})}
            for name, arguments in calls
        ]
    }
    schema = jsonschema.Draft202012Validator(reply_schema(TOOLS))
    assert schema.is_valid(written) is fits
    assert schema.is_valid({**written, "read": True}) is fits


def test_the_schema_knows_every_genre_and_mood() -> None:
    shared = reply_schema(TOOLS)["$defs"]
    assert tuple(shared["genres"]["items"]["enum"]) == GENRES
    assert tuple(shared["exclude_moods"]["items"]["enum"]) == MOODS


def test_the_schema_is_small() -> None:
    text = json.dumps(reply_schema(TOOLS))
    assert len(text) < 1000 * len(TOOLS)
    assert text.count('"drum and bass"') == 2  # genres and those left out, for all tools
    assert "description" not in text


def test_messages_held_to_a_schema() -> None:
    messages = [
        Message(role="system", content="rules"),
        Message(role="user", content="jazz"),
        Message(role="assistant", tool_calls=(JAZZ,)),
        Message(role="tool", name="search_tracks", tool_call_id="1", content="{}"),
        Message(role="user", content="why?"),
        Message(role="assistant", content="Because."),
    ]
    sent = wire(messages, "schema")
    assert [message["role"] for message in sent] == [
        "system", "user", "assistant", "user", "assistant",
    ]  # fmt: skip
    assert sent[2]["content"] == (
        '{"calls":[{"tool":"search_tracks","arguments":{"genres":["jazz"]}}]}'
    )
    assert sent[3]["content"] == "search_tracks: {}\nwhy?"
    assert sent[4]["content"] == '{"calls":[{"tool":"answer","arguments":{"text":"Because."}}]}'
    assert all(set(message) == {"role", "content"} for message in sent)


def test_native_messages() -> None:
    call = Message(role="assistant", tool_calls=(JAZZ,))
    result = Message(role="tool", name="search_tracks", tool_call_id="1", content="{}")
    sent = wire([call, result], "native")
    assert sent[0]["tool_calls"][0]["function"] == {
        "name": "search_tracks",
        "arguments": '{"genres": ["jazz"]}',
    }
    assert sent[1] == {"role": "tool", "content": "search_tracks: {}", "tool_call_id": "1"}
