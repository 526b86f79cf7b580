"""How calls are asked for and read, natively and as JSON held to a schema."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import jsonschema
import pytest

from assistant.messages import Message, ToolCall
from assistant.model.tool_schemas import call_schema
from assistant.model.tool_style import calls_of, choice_options, instructions, wire
from tools import TOOLS

JAZZ = ToolCall(name="search_tracks", arguments={"genres": ["jazz"]})


def reply(content: str | None, *calls: tuple[str, Any]) -> Any:
    wished = [
        SimpleNamespace(id="c", function=SimpleNamespace(name=name, arguments=arguments))
        for name, arguments in calls
    ]
    return SimpleNamespace(content=content, tool_calls=wished or None)


@pytest.mark.parametrize(
    "text",
    [
        '{"tool": "search_tracks", "arguments": {"genres": ["jazz"]}}',
        '{"name": "search_tracks", "parameters": {"genres": ["jazz"]}}',
        '<tool_call>\n{"name": "search_tracks", "arguments": {"genres": ["jazz"]}}\n</tool_call>',
        '```json\n{"tool": "search_tracks", "arguments": {"genres": ["jazz"]}}\n```',
    ],
)
def test_a_call_written_as_text_is_read(text: str) -> None:
    assert calls_of(reply(text)) == ((JAZZ,), "")


def test_native_calls_are_read() -> None:
    calls, text = calls_of(reply("", ("search_tracks", '{"genres": ["jazz"]}'), ("x", {})))
    assert [call.name for call in calls] == ["search_tracks", "x"]
    assert calls[0].arguments == JAZZ.arguments
    assert text == ""


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("I only know your music.", "I only know your music."),
        ('{"tool": "none", "answer": "I only know your music."}', "I only know your music."),
        ('{"tool": "none"}', ""),
        ("", ""),
        (None, ""),
    ],
)
def test_no_call(content: str | None, text: str) -> None:
    assert calls_of(reply(content)) == ((), text)


@pytest.mark.parametrize(
    "broken",
    [
        reply('{"tool": "search_tracks", "arguments": {"genres": ["ja'),
        reply('{"tool": "search_tracks", "arguments": ["jazz"]}'),
        reply("", ("search_tracks", "[1, 2]")),
        reply("", ("search_tracks", "{")),
    ],
)
def test_calls_that_cannot_be_read(broken: Any) -> None:
    with pytest.raises(ValueError, match=r"Expect|Unterminated"):
        calls_of(broken)


def test_what_is_asked_for_is_the_same_every_time() -> None:
    for style in ("native", "schema"):
        first, second = (json.dumps(choice_options(style, TOOLS)) for _ in range(2))
        assert first == second
    assert set(choice_options("native", TOOLS)) == {"tools"}
    assert set(choice_options("schema", TOOLS)) == {"response_format"}


@pytest.mark.parametrize(
    ("written", "fits"),
    [
        ({"tool": "search_tracks", "arguments": {"genres": ["jazz"], "bpm_min": 90}}, True),
        ({"tool": "make_playlist", "arguments": {"exclude_genres": ["hip hop"]}}, True),
        ({"tool": "library_status", "arguments": {}}, True),
        ({"tool": "none", "answer": "I only know music."}, True),
        ({"tool": "search_tracks", "arguments": {"genres": ["polka"]}}, False),
        ({"tool": "make_playlist", "arguments": {"exclude_moods": ["polka"]}}, False),
        ({"tool": "search_tracks"}, False),
        ({"tool": "rm", "arguments": {}}, False),
        ({"tool": "none", "arguments": {}}, False),
        ({"tool": "generate_drum_chart", "arguments": {}}, False),
    ],
)
def test_the_schema_lets_through_calls_of_the_tools_alone(
    written: dict[str, Any], fits: bool
) -> None:
    assert jsonschema.Draft202012Validator(call_schema(TOOLS)).is_valid(written) is fits


def test_a_model_without_tools_reads_them_in_words() -> None:
    text = instructions("The tools:", TOOLS)
    assert text.startswith("The tools:\n")
    assert [json.loads(line)["name"] for line in text.splitlines()[1:]] == [t.name for t in TOOLS]


def test_messages_of_both_styles() -> None:
    call = Message(role="assistant", tool_calls=(JAZZ,))
    result = Message(role="tool", name="search_tracks", tool_call_id="1", content="{}")
    assert wire(call, "native")["tool_calls"][0]["function"] == {
        "name": "search_tracks",
        "arguments": '{"genres": ["jazz"]}',
    }
    native = {"role": "tool", "content": "search_tracks: {}", "tool_call_id": "1"}
    assert wire(result, "native") == native
    written = wire(call, "schema")
    assert json.loads(written["content"]) == {"tool": "search_tracks", "arguments": JAZZ.arguments}
    assert set(written) == {"role", "content"}
    assert wire(result, "schema") == {"role": "user", "content": "search_tracks: {}"}
