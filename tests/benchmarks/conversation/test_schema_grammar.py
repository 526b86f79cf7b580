"""The grammar lets through what fits the schema; here it is tried as a regular expression."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from assistant.model.tool_schemas import reply_schema
from benchmarks.conversation.schema_grammar import grammar
from tools import TOOLS

_PART = re.compile(r'"(?:[^"\\]|\\.)*"|\[(?:[^\]\\]|\\.)*\]|[a-z]\w*|[()|?*+]')


def as_pattern(text: str) -> re.Pattern[str]:
    """Return the grammar, which has no recursion, as a regular expression."""
    rules = dict(line.split(" ::= ", 1) for line in text.splitlines() if line)
    known: dict[str, str] = {}

    def pattern(name: str) -> str:
        if name not in known:
            known[name] = f"(?:{''.join(part(each) for each in _PART.findall(rules[name]))})"
        return known[name]

    def part(each: str) -> str:
        if each.startswith('"'):
            return re.escape(each[1:-1].encode().decode("unicode_escape"))
        if each[0] in "[()|?*+":
            return "(?:" if each == "(" else each
        return pattern(each)

    return re.compile(pattern("root"))


@pytest.fixture(scope="module")
def calls() -> re.Pattern[str]:
    return as_pattern(grammar(reply_schema(TOOLS)))


def reply(*wanted: tuple[str, Any], **more: Any) -> dict[str, Any]:
    return {"calls": [{"tool": name, "arguments": a} for name, a in wanted], **more}


@pytest.mark.parametrize(
    "value",
    [
        reply(("search_tracks", {})),
        reply(("search_tracks", {"text": 'a "b" \\ é', "genres": ["jazz", "rock"], "bpm_max": 90})),
        reply(("search_tracks", {"bpm_min": 90.5, "instrumental": True, "limit": 3}), read=True),
        reply(("search_tracks", {"sort": "bpm"}), ("generate_drum_chart", {"track": "T1"})),
        reply(("answer", {"text": "Hello!"})),
        reply(("library_status", {})),
    ],
)
def test_what_fits_passes(calls: re.Pattern[str], value: Any) -> None:
    assert calls.fullmatch(json.dumps(value))
    assert calls.fullmatch(json.dumps(value, separators=(",", ":")))
    assert calls.fullmatch(json.dumps(value, indent=2))


@pytest.mark.parametrize(
    "value",
    [
        reply(),
        reply(("rm", {})),
        reply(("search_tracks", {"genres": ["polka"]})),
        reply(("search_tracks", {"genres": []})),
        reply(("search_tracks", {"limit": "three"})),
        reply(("search_tracks", {"path": "/"})),
        reply(("generate_drum_chart", {})),
        reply(*[("library_status", {})] * 4),
        [reply(("library_status", {}))],
        {"calls": [{"tool": "library_status"}]},
    ],
)
def test_what_does_not_fit_is_stopped(calls: re.Pattern[str], value: Any) -> None:
    assert not calls.fullmatch(json.dumps(value))


@pytest.mark.parametrize(
    ("bounds", "fitting"),
    [
        ({}, {0, 1, 2, 3, 4}),
        ({"minItems": 2}, {2, 3, 4}),
        ({"maxItems": 2}, {0, 1, 2}),
        ({"minItems": 1, "maxItems": 3}, {1, 2, 3}),
    ],
)
def test_lists_keep_their_bounds(bounds: dict[str, int], fitting: set[int]) -> None:
    pattern = as_pattern(grammar({"type": "array", "items": {"type": "integer"}, **bounds}))
    assert {n for n in range(5) if pattern.fullmatch(json.dumps([7] * n))} == fitting


def test_what_is_not_supported_is_named() -> None:
    with pytest.raises(ValueError, match="not"):
        grammar({"not": {"type": "string"}})
