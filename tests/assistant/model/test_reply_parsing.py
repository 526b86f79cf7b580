"""Calls are read from whatever small models wrap them in."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from assistant.messages import ToolCall
from assistant.model.reply_parsing import ParsedReply, native_calls, parse_reply
from tools import TOOLS

NAMES = frozenset(tool.name for tool in TOOLS)
JAZZ = ToolCall(name="search_tracks", arguments={"genres": ["jazz"]})


@pytest.mark.parametrize(
    "written",
    [
        '{"calls": [{"tool": "search_tracks", "arguments": {"genres": ["jazz"]}}]}',
        '{"calls": {"tool": "search_tracks", "arguments": {"genres": ["jazz"]}}}',
        '{"tool": "search_tracks", "arguments": {"genres": ["jazz"]}}',
        '{"name": "search_tracks", "parameters": {"genres": ["jazz"]}}',
        '{"function": {"name": "search_tracks", "arguments": {"genres": ["jazz"]}}}',
        '{"function": "search_tracks", "args": {"genres": ["jazz"]}}',
        '{"type": "function", "function": {"name": "search_tracks",'
        ' "arguments": "{\\"genres\\": [\\"jazz\\"]}"}}',
        '{"name": "search_tracks", "arguments": "{\\"genres\\": [\\"jazz\\"]}"}',
        '{"tool": "search_tracks", "genres": ["jazz"]}',
        '{"search_tracks": {"genres": ["jazz"]}}',
        '{"calls": [{"search_tracks": {"genres": ["jazz"]}}]}',
        '[{"tool": "search_tracks", "arguments": {"genres": ["jazz"]}}]',
        '<tool_call>\n{"name": "search_tracks", "arguments": {"genres": ["jazz"]}}\n</tool_call>',
        '<tools>\n{"name": "search_tracks", "arguments": {"genres": ["jazz"]}}\n</tools>',
        '<tools>{"name": "search_tracks", "arguments": {"genres": ["jazz"]}}',
        '```json\n{"tool": "search_tracks", "arguments": {"genres": ["jazz"]}}\n```',
        'Sure!\n```\n{"tool": "search_tracks", "arguments": {"genres": ["jazz"]}}\n``` There.',
        '{{"name": "search_tracks", "arguments": {{"genres": ["jazz"]}}}}',
        "{'name': 'search_tracks', 'arguments': {'genres': ['jazz']}}",
        'search_tracks(genres=["jazz"])',
        "<tool_call>search_tracks(genres=['jazz'])</tool_call>",
        '<think>jazz, {"hm"}</think>{"tool": "search_tracks", "arguments": {"genres": ["jazz"]}}',
    ],
)
def test_one_call_in_many_forms(written: str) -> None:
    parsed = parse_reply(written, NAMES)
    assert parsed.calls == (JAZZ,)
    assert parsed.text == ""
    assert parsed.read is ('"calls"' not in written)  # else the results are shown to the model


@pytest.mark.parametrize(
    "written",
    [
        '{"calls": [{"tool": "search_tracks", "arguments": {"sort": "bpm"}},'
        ' {"tool": "generate_drum_chart", "arguments": {"track": "T1"}}]}',
        '<tool_call>{"name": "search_tracks", "arguments": {"sort": "bpm"}}</tool_call>\n'
        '<tool_call>{"name": "generate_drum_chart", "arguments": {"track": "T1"}}</tool_call>',
        'search_tracks(sort="bpm")\ngenerate_drum_chart(track="T1")',
    ],
)
def test_several_calls_in_order(written: str) -> None:
    names = [call.name for call in parse_reply(written, NAMES).calls]
    assert names == ["search_tracks", "generate_drum_chart"]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("I only know your music.", "I only know your music."),
        ('{"calls": [{"tool": "answer", "arguments": {"text": "Hello!"}}]}', "Hello!"),
        ('{"tool": "none", "answer": "Hello!"}', "Hello!"),
        ('{"answer": "Hello!"}', "Hello!"),
        ('{"name": "answer", "arguments": {"text": "Hello!"}}', "Hello!"),
        ("Pick one (or two) of them.", "Pick one (or two) of them."),
        ('{"tool": "none"}', ""),
        ("", ""),
    ],
)
def test_words(written: str, text: str) -> None:
    parsed = parse_reply(written, NAMES)
    assert (parsed.calls, parsed.text) == ((), text)


def test_words_and_a_call_and_the_wish_to_read() -> None:
    written = (
        '{"calls": [{"tool": "answer", "arguments": {"text": "Let me look."}},'
        ' {"tool": "library_status", "arguments": {}}], "read": true}'
    )
    status = ToolCall(name="library_status", arguments={})
    assert parse_reply(written, NAMES) == ParsedReply((status,), "Let me look.", read=True)


@pytest.mark.parametrize(
    "broken",
    [
        '{"calls": [{"tool": "search_tracks", "arguments": {"genres": ["ja',
        '{"tool": "search_tracks", "arguments": ["jazz"]}',
        '{"weather": "fine"}',
    ],
)
def test_calls_that_cannot_be_read(broken: str) -> None:
    with pytest.raises(ValueError, match="Expected"):
        parse_reply(broken, NAMES)


def test_native_calls() -> None:
    def native(name: str, arguments: object) -> SimpleNamespace:
        return SimpleNamespace(id="c", function=SimpleNamespace(name=name, arguments=arguments))

    calls = native_calls([native("search_tracks", '{"genres": ["jazz"]}'), native("x", {})])
    assert [call.name for call in calls] == ["search_tracks", "x"]
    assert calls[0].arguments == JAZZ.arguments
    with pytest.raises(ValueError, match="Expected"):
        native_calls([native("search_tracks", [1, 2])])
