"""Keys of labelled recordings: every source apart, the one that is read worst first."""

from __future__ import annotations

from typing import Any

import mir_eval
import numpy as np

from indexer.mir.types import MirResult
from training.confidence import report_calibration


def report_keys(rows: list[dict[str, Any]]) -> None:
    """Rows of `benchmarks.hearing.analysis` that have a key, by the `dataset` of their label."""
    by_source: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        if row["label"]["key"]:
            by_source.setdefault(row["label"].get("dataset") or "", []).append(row)
    for source in sorted(by_source, key=lambda name: np.mean(_points(by_source[name]))):
        report_source(source, by_source[source])


def report_source(source: str, known: list[dict[str, Any]]) -> None:
    for name, get in (
        ("backbeat", lambda row: _key_name(row["result"])),
        ("chroma + Krumhansl", lambda row: row.get("peer_key")),
        ("Essentia bgate", lambda row: row.get("essentia", {}).get("key")),
    ):
        if get(known[0]) is None:
            continue
        points = [mir_eval.key.weighted_score(_label(r), get(r)) for r in known]
        exact = np.mean([p == 1 for p in points])
        errors = {n: points.count(v) for n, v in (("fifth", 0.5), ("relative", 0.3))}
        errors["parallel"] = points.count(0.2)
        print(
            f"key    {name:22s} weighted {np.mean(points):.3f}  exact {exact:.3f}  "
            f"{errors}  ({len(known)} clips {source})"
        )
    sure = [r["result"].raw.key.confidence if r["result"].raw.key else 0.0 for r in known]
    report_calibration("key", sure, [p == 1 for p in _points(known)])


def _points(known: list[dict[str, Any]]) -> list[float]:
    return [mir_eval.key.weighted_score(_label(r), _key_name(r["result"])) for r in known]


def _label(row: dict[str, Any]) -> str:
    return f"{row['label']['key']} {row['label']['mode']}"


def _key_name(result: MirResult) -> str:
    key = result.raw.key
    return "X" if key is None else f"{key.tonic} {key.scale}"
