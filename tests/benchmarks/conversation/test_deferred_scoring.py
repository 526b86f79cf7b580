from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from assistant.understanding import read
from benchmarks.conversation.deferred_scoring import (
    Answered,
    invented_arguments,
    invented_titles,
    verdict,
)
from tools import TOOLS
from tools.base import TrackQuery

SET = Path(__file__).parents[3] / "benchmarks" / "conversation" / "deferred.jsonl"
CASES = [json.loads(line) for line in SET.read_text(encoding="utf-8").splitlines()]
NAMES = {tool.name for tool in TOOLS} | {"play_music", "count_tracks"}


def answered(
    *calls: tuple[str, Mapping[str, Any]], text: str = "", by: str = "model", stand_in: bool = False
) -> Answered:
    return Answered(calls, text, text, by, stand_in, 1.0, 1.0, 900, 20)


SEARCH = {"expected": [{"tool": "search_tracks", "arguments": {"genres": ["jazz"], "text": "*"}}]}
RAINY = {"genres": ["jazz"], "text": "rain"}
TALK = {"expected": None, "useful": "joke"}
REFUSE = {"expected": None, "useful": "refuse"}


@pytest.mark.parametrize(
    ("case", "came", "judged"),
    [
        (SEARCH, answered(("search_tracks", RAINY)), "right"),
        (SEARCH, answered(("search_tracks", {**RAINY, "limit": 3})), "right"),
        (SEARCH, answered(("search_tracks", {"genres": ["rock"], "text": "rain"})), "wrong"),
        (SEARCH, answered(("search_tracks", {"genres": ["jazz"]})), "wrong"),
        (SEARCH, answered(("find_similar", {"track": "x"})), "wrong"),
        (SEARCH, answered(text="What would you like?"), "deferred"),
        (TALK, answered(text="Ha."), "right"),
        (TALK, answered(text="No.", stand_in=True), "deferred"),
        (TALK, answered(text="No.", by="none"), "deferred"),
        (TALK, answered(("library_status", {})), "wrong"),
        (REFUSE, answered(text="I cannot do that.", stand_in=True), "right"),
    ],
)  # fmt: skip
def test_verdicts(case: dict[str, Any], came: Answered, judged: str) -> None:
    assert verdict(case, came) == judged


def test_inventions() -> None:
    came = answered(("search_tracks", {"genres": ["jazz"], "keys": ["8A"], "limit": 5}))
    assert invented_arguments(SEARCH, came) == ["keys=['8A']"]
    assert invented_arguments(SEARCH, answered(("find_similar", {"track": "x"}))) == []
    spoken = answered(text="Try “Blue Smoke” or “So What”.")
    assert invented_titles(spoken, ["Blue Smoke Harlan Pike Trio"]) == ["So What"]


def test_the_set_is_of_both_languages_and_keeps_to_the_contracts() -> None:
    assert len(CASES) >= 60
    for language in ("en", "fr"):
        assert sum(case["language"] == language for case in CASES) >= 30
    assert sum(case["expected"] is None for case in CASES) >= 20
    fields = {tool.name: set(tool.arguments.model_fields) for tool in TOOLS}
    for case in CASES:
        for each in case["expected"] or ():
            assert each["tool"] in NAMES
            known = fields.get(each["tool"], set()) | set(TrackQuery.model_fields)
            assert set(each["arguments"]) <= known | {"descending", "about", "by"}


def test_most_of_the_set_is_still_deferred() -> None:
    assert sum(not read(case["text"]).answered for case in CASES) >= 60
