"""Verdicts on single answers, and the score of a contestant."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import prompts
from assistant.evaluation.cases import KINDS, EvaluationCase
from assistant.evaluation.contestants import EvaluationAnswer
from assistant.frozen_model import FrozenModel
from assistant.understanding.lexing.lexicon import small_words

Verdict = Literal["right", "deferred", "wrong"]

_NAMES: Final = frozenset({"track", "like", "artists", "exclude_artists", "playlist", "text"})


class EvaluationScore(FrozenModel):
    """The score of one contestant; shares are 0..1, None where nothing of that kind was asked.

    Attributes:
        tool: Where a call is right: the right tool, called once.
        arguments: Where a call is right: the right tool with the right arguments.
        restraint: Where no call is right: none made.
        right: Of all.
        wrong: Of all: a call that is not right. What is neither was deferred or failed.
        errors: Requests that failed (time-outs, nonsense).
        by_kind: Right, by kind and by language.
    """

    name: str
    asked: int
    tool: float | None
    arguments: float | None
    restraint: float | None
    right: float | None
    wrong: float | None
    errors: int
    by_model: int
    seconds_p50: float
    seconds_p95: float
    prompt_tokens: float
    reply_tokens: float
    by_kind: dict[str, float | None]


def verdict(case: EvaluationCase, answer: EvaluationAnswer) -> Verdict:
    """Return the verdict on one answer."""
    if not answer.calls:
        return "right" if case.tool is None and answer.error is None else "deferred"
    if not right_tool(case, answer):
        return "wrong"
    arguments = answer.calls[0][1]
    expected = (case.arguments, *case.accept)
    return "right" if any(_same(arguments, each) for each in expected) else "wrong"


def right_tool(case: EvaluationCase, answer: EvaluationAnswer) -> bool:
    """Return whether exactly one call was made, of the expected tool."""
    return len(answer.calls) == 1 and answer.calls[0][0] == case.tool


def score(name: str, asked: Sequence[tuple[EvaluationCase, EvaluationAnswer]]) -> EvaluationScore:
    """Return the score over all answers."""
    verdicts = [(case, answer, verdict(case, answer)) for case, answer in asked]
    calling = [(case, answer, v) for case, answer, v in verdicts if case.tool is not None]
    seconds = sorted(answer.seconds for _, answer in asked)
    by_model = [answer for _, answer in asked if answer.by == "model"]
    return EvaluationScore(
        name=name,
        asked=len(asked),
        tool=_share([right_tool(case, answer) for case, answer, _ in calling]),
        arguments=_share([v == "right" for _, _, v in calling]),
        restraint=_share([v == "right" for case, _, v in verdicts if case.tool is None]),
        right=_share([v == "right" for _, _, v in verdicts]),
        wrong=_share([v == "wrong" for _, _, v in verdicts]),
        errors=sum(answer.error is not None for _, answer in asked),
        by_model=len(by_model),
        seconds_p50=_percentile(seconds, 0.5),
        seconds_p95=_percentile(seconds, 0.95),
        prompt_tokens=_mean([answer.prompt_tokens for answer in by_model]),
        reply_tokens=_mean([answer.reply_tokens for answer in by_model]),
        by_kind={
            label: _share([v == "right" for case, _, v in verdicts if label in _labels(case)])
            for label in (*KINDS, *prompts.languages())
        },
    )


def _labels(case: EvaluationCase) -> tuple[str, str]:
    return case.kind, case.language


def _share(hits: Sequence[bool]) -> float | None:
    return round(sum(hits) / len(hits), 4) if hits else None


def _mean(values: Sequence[int]) -> float:
    return round(sum(values) / len(values), 1) if values else 0.0


def _percentile(ordered: Sequence[float], share: float) -> float:
    return ordered[round(share * (len(ordered) - 1))] if ordered else 0.0


def _same(given: Mapping[str, Any], expected: Mapping[str, Any]) -> bool:
    return given.keys() == expected.keys() and all(
        _canonical(name, given[name]) == _canonical(name, value) for name, value in expected.items()
    )


def _canonical(name: str, value: Any) -> Any:
    """Return a comparable form: sorted lists, names without accents, capitals and particles."""
    if isinstance(value, list | tuple):
        return sorted((_canonical(name, item) for item in value), key=str)
    if name in _NAMES and isinstance(value, str):
        plain = unicodedata.normalize("NFKD", value.casefold())
        letters = "".join(c for c in plain if not unicodedata.combining(c))
        words = re.findall(r"\w+", letters)
        return sorted(set(words) - small_words("loose")) or sorted(words)
    return value.casefold() if isinstance(value, str) else value
