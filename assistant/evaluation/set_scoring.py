"""Counts and score of a set of requests, by kind and language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from assistant.evaluation.call_matching import MatchVerdict, verdict
from assistant.evaluation.contestants import EvaluationAnswer
from assistant.evaluation.request_sets import SetLine

VERDICTS: Final[tuple[MatchVerdict, ...]] = ("right", "partly", "deferred", "wrong")
COST: Final[dict[MatchVerdict, float]] = {"right": 0, "partly": 1, "deferred": 1, "wrong": 10}
"""A wrong reading costs ten deferrals; what is missing must be asked for again, as a deferral."""
ACT: Final = "act"
REFRAIN: Final = "not act"


@dataclass(frozen=True, slots=True)
class JudgedLine:
    """A request, what came of it, and the verdict; None where it cannot be counted."""

    line: SetLine
    answer: EvaluationAnswer
    verdict: MatchVerdict | None


@dataclass(frozen=True, slots=True)
class Counts:
    """Verdicts of one group of requests."""

    kind: str
    language: str
    counts: Counter[MatchVerdict]

    @property
    def asked(self) -> int:
        """How many were counted."""
        return self.counts.total()

    @property
    def score(self) -> float:
        """100 when all are right, 0 when all are deferred, less when too many are wrong."""
        lost = sum(COST[name] * number for name, number in self.counts.items())
        return round(100 * (1 - lost / self.asked), 1) if self.asked else 0.0


def judge(line: SetLine, answer: EvaluationAnswer) -> JudgedLine:
    """Return the answer with its verdict; a failed model deferred."""
    if not line.expected:
        return JudgedLine(line, answer, None)
    found = verdict(answer.calls, line.expected)
    return JudgedLine(line, answer, "deferred" if answer.error else found)


def must_act(line: SetLine) -> bool:
    """Whether there is something to be done."""
    return any(call.tool is not None for call in line.expected)


def tabulate(judged: Sequence[JudgedLine]) -> list[Counts]:
    """Return the counts by kind and language, then by what is to be done, then of all."""
    counted = [one for one in judged if one.verdict is not None]
    rows = _grouped((one.line.kind, one.line.language, one) for one in counted)
    if counted:
        rows += _grouped(
            (ACT if must_act(one.line) else REFRAIN, language, one)
            for one in counted
            for language in (one.line.language, "all")
        )
        rows += _grouped(("all", "all", one) for one in counted)
    return rows


def _grouped(found: Iterable[tuple[str, str, JudgedLine]]) -> list[Counts]:
    groups: dict[tuple[str, str], Counter[MatchVerdict]] = {}
    for kind, language, one in found:
        if one.verdict is not None:
            groups.setdefault((kind, language), Counter())[one.verdict] += 1
    return [Counts(*group, counts) for group, counts in sorted(groups.items())]
