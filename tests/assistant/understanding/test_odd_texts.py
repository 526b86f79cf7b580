"""Texts that are no sentences: they are given up soon, whatever they are made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from assistant.understanding import read
from assistant.understanding.lexing import template_matching
from assistant.understanding.lexing.plain_text import MAX_CHARACTERS

MOST_STEPS = 60_000


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The number of steps of template matching."""
    count, match = [0], template_matching._match

    def counted(*given: Any) -> Iterator[Any]:
        count[0] += 1
        return match(*given)

    monkeypatch.setattr(template_matching, "_match", counted)
    return count


@pytest.mark.parametrize(
    "part",
    ["le ", "a . ", "les la ", "play the ", "without ", "not not a ", "- ", "me me it ", "8a 9a "],
)
def test_a_few_words_over_and_over_are_no_request(part: str, steps: list[int]) -> None:
    reading = read((part * MAX_CHARACTERS)[:MAX_CHARACTERS])
    assert reading.tool is None
    assert steps[0] < MOST_STEPS


def test_many_words_that_say_nothing_are_not_tried_in_every_way(steps: list[int]) -> None:
    read(
        "just really simply now please well so then only maybe kindly actually um er oh hey ok jazz"
    )
    assert steps[0] < MOST_STEPS


def test_a_long_sentence_is_read_as_before() -> None:
    text = (
        "please could you find me some slow jazz from the sixties without any vocals and also not "
    )
    assert read(text + "too energetic because my neighbours are asleep by now").tool is not None
