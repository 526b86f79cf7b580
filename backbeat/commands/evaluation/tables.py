"""Tables of evaluation results."""

from __future__ import annotations

from collections.abc import Sequence

from rich.markup import escape
from rich.table import Table

import prompts
from assistant.evaluation.answer_scoring import EvaluationScore
from assistant.evaluation.cases import KINDS


def quality_table(scores: Sequence[EvaluationScore]) -> Table:
    """Return accuracy and speed of each contestant."""
    table = _table("tool", "arguments", "restraint", "right", "wrong", "s p50", "s p95", "tokens")
    for score in scores:
        tokens = f"{score.prompt_tokens:.0f} + {score.reply_tokens:.0f}" if score.by_model else ""
        table.add_row(
            escape(score.name),
            str(score.asked),
            *map(_percent, (score.tool, score.arguments, score.restraint)),
            *map(_percent, (score.right, score.wrong)),
            _seconds(score.seconds_p50),
            _seconds(score.seconds_p95),
            tokens,
        )
    return table


def kind_table(scores: Sequence[EvaluationScore]) -> Table:
    """Return the share of right answers by kind and language."""
    labels = (*KINDS, *prompts.languages())
    table = _table(*labels, "errors")
    for score in scores:
        shares = [_percent(score.by_kind[label]) for label in labels]
        table.add_row(escape(score.name), str(score.asked), *shares, str(score.errors))
    return table


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("")
    for column in ("asked", *columns):
        table.add_column(column, justify="right")
    return table


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"


def _seconds(seconds: float) -> str:
    return f"{seconds:.4f}" if seconds < 0.1 else f"{seconds:.1f}"
