from __future__ import annotations

import json

import pytest

from assistant.model.answer_stream import AnswerStream


@pytest.mark.parametrize("step", [1, 3, 1000])
@pytest.mark.parametrize(
    "text", ["Hello there.", 'He said "well": a\\b\nc', "Éloïse 🎵 ça", "tab\there", ""]
)
@pytest.mark.parametrize("ascii_only", [True, False])
def test_the_words_come_while_they_are_written(text: str, step: int, ascii_only: bool) -> None:
    reply = {"calls": [{"tool": "answer", "arguments": {"text": text}}]}
    written = json.dumps(reply, ensure_ascii=ascii_only)
    stream = AnswerStream()
    pieces = [stream.feed(written[at : at + step]) for at in range(0, len(written), step)]
    assert "".join(pieces) == text
    assert stream.written == written
    if step == 1 and len(text) > 8:
        assert sum(bool(piece) for piece in pieces) > 5


@pytest.mark.parametrize(
    "written",
    [
        '{"calls": [{"tool": "search_tracks", "arguments": {"text": "rain"}}]}',
        'search_tracks(text="rain in the night")',
        '<tool_call>{"name": "answer"}',
        "```json\n{}",
    ],
)
def test_calls_are_no_words(written: str) -> None:
    stream = AnswerStream()
    assert "".join(map(stream.feed, written)) == ""


def test_bare_words_are_words() -> None:
    stream = AnswerStream()
    assert "".join(map(stream.feed, "Just words (really).")) == "Just words (really)."
