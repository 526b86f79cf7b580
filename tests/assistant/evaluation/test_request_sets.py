"""Sets of requests from a file, and how they are counted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.evaluation.contestants import EvaluationAnswer
from assistant.evaluation.conversations import conversations
from assistant.evaluation.request_sets import BadSetError, SetLine, read_set
from assistant.evaluation.set_scoring import JudgedLine, judge, tabulate


@pytest.fixture
def read_lines(tmp_path: Path) -> Any:
    """Write lines into a file and read it as a set."""

    def write(*lines: dict[str, Any] | str) -> list[SetLine]:
        path = tmp_path / "set.jsonl"
        texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
        path.write_text("\n".join(texts), encoding="utf-8")
        return read_set(path)[0]

    return write


def test_both_forms_of_expected_calls(read_lines: Any) -> None:
    new, old, quiet, words = read_lines(
        {"text": "a", "language": "fr", "expected": [{"tool": None, "arguments": {}}]},
        {"text": "b", "tool": "find_similar", "arguments": {"track": "X"},
         "accept": [{"track": "Y"}]},
        "",
        {"text": "c", "set": "single", "tool": None, "arguments": {}},
        {"text": "d", "expected": "the artist, or ask", "verdict": "wrong"},
    )  # fmt: skip
    assert (new.language, new.expected[0].tool) == ("fr", None)
    assert [call.arguments for call in old.expected] == [{"track": "X"}, {"track": "Y"}]
    assert quiet.expected[0].tool is None
    assert (words.expected, words.told) == ((), "the artist, or ask")
    assert [line.id for line in (new, old, quiet, words)] == ["1", "2", "4", "5"]


@pytest.mark.parametrize(
    "line", ["{", '{"language": "en"}', "[1]", '{"text": "a", "expected": [1]}']
)
def test_a_bad_line_is_named(read_lines: Any, line: str) -> None:
    with pytest.raises(BadSetError, match="line 2"):
        read_lines({"text": "fine"}, line)


def test_earlier_requests_make_the_conversation(read_lines: Any) -> None:
    (line,) = read_lines({"text": "the second one", "before": ["jazz from the 60s"]})
    state = line.conversation().state
    assert state.query == {"genres": ["jazz"], "year_min": 1960, "year_max": 1969}
    assert [track.label for track in state.results] == ["First by A", "Second by B", "Third by C"]


def test_turns_are_put_in_order(read_lines: Any) -> None:
    lines = read_lines(
        *({"text": name, "conversation": name} for name in ("B.2", "A.10", "B.1", "A.9", "odd")),
        {"text": "alone"},
    )
    assert [[line.text for line in talk] for talk in conversations(lines)] == [
        ["B.1", "B.2"], ["A.9", "A.10"], ["odd"],
    ]  # fmt: skip


def judged(read_lines: Any, *calls: tuple[str, dict[str, Any]], **line: Any) -> JudgedLine:
    (found,) = read_lines({"text": "x", "kind": "search", **line})
    return judge(found, EvaluationAnswer(id="1", calls=calls, by="reader", seconds=0.0))


def test_a_wrong_reading_costs_ten_deferrals(read_lines: Any) -> None:
    status = [{"tool": "library_status", "arguments": {}}]
    right = judged(read_lines, ("library_status", {}), expected=status)
    deferred = judged(read_lines, expected=status)
    wrong = judged(read_lines, ("search_tracks", {}), expected=[{"tool": None}])
    uncounted = judged(read_lines, ("search_tracks", {}))
    rows = {
        (row.kind, row.language): (row.asked, row.score)
        for row in tabulate([right] * 19 + [deferred] * 10 + [wrong, uncounted])
    }
    assert uncounted.verdict is None
    assert rows["all", "all"] == (30, 33.3)
    assert rows["search", "en"] == (30, 33.3)
    assert rows["act", "all"] == (29, 65.5)
    assert rows["not act", "en"] == (1, -900.0)


def test_a_failed_model_deferred(read_lines: Any) -> None:
    (line,) = read_lines({"text": "x", "expected": [{"tool": None}]})
    failed = EvaluationAnswer(id="1", calls=(), by="model", seconds=1.0, error="timeout")
    assert judge(line, failed).verdict == "deferred"
