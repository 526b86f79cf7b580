"""Fit the weights of meter hypotheses and downbeats (`indexer/drums/beat/*.json`).

    python -m training.bars.meter_weights --groove ZIP [--out FILE]

Fitted on the training split of the Groove MIDI Dataset (passages of it too), on the patterns that
the network is trained with, and on generated rhythms; `benchmarks.charts.charting` measures on the
other splits, seeds and grooves. Two things are fitted: what speaks for a reading of the bars, and
what stands around bar lines (`downbeats.py`); `--lines` fits the latter alone, which takes seconds.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy import optimize

from indexer.drums.beat import downbeats, meter_hypotheses
from indexer.drums.beat.bar_meter import METERS
from indexer.drums.beat.beat_tracking import estimate_pulses, pulse_positions
from indexer.drums.beat.meter_hypotheses import MeterHypothesis
from training.bars.agreement import bar_lines_agree
from training.bars.generated_rhythms import generated_rhythms
from training.bars.rhythms import Rhythm, degrade, groove_rhythms, pattern_rhythms

MADE = (
    "python -m training.bars.meter_weights: the Groove MIDI Dataset's training split "
    "(Gillick et al. 2019, CC BY 4.0) and generated rhythms"
)
PENALTY = 6.0
"""Ridge on standardised weights."""
SOURCE_SHARES = {"groove": 0.45, "patterns": 0.2, "generated": 0.35}
"""Weight of each source, whatever its size."""
FILTER_PENALTY = 1.0
MAX_WRONG = 160
"""Of a rhythm's wrong readings, so many are kept."""
PASSAGE_S = 24.0
TEMPO_TOLERANCE = 0.04


@dataclass(frozen=True)
class RhythmExample:
    """Readings of a rhythm, and which are right."""

    source: str
    features: np.ndarray
    right: np.ndarray


def make_example(source: str, rhythm: Rhythm, rng: np.random.Generator) -> RhythmExample | None:
    pulses, _ = estimate_pulses(rhythm.onsets, duration_s=rhythm.duration_s)
    pulse_bpm = 60 / float(np.median(np.diff(pulses)))
    found, features = meter_hypotheses.list_hypotheses(
        pulse_positions(rhythm.onsets, pulses), rhythm.onsets, pulse_bpm=pulse_bpm
    )
    right = np.array([is_correct(reading, pulses, pulse_bpm, rhythm) for reading in found])
    if not right.any():
        return None
    wrong = rng.permutation(np.flatnonzero(~right))[:MAX_WRONG]
    kept = np.concatenate([np.flatnonzero(right), wrong])
    return RhythmExample(source, features[kept].astype(np.float32), right[kept])


def is_correct(
    reading: MeterHypothesis, pulses: np.ndarray, pulse_bpm: float, rhythm: Rhythm
) -> bool:
    """Whether a reading's tempo, time signature and bar lines are those of the truth."""
    beats = reading.meter.beats
    if reading.meter.signature != rhythm.signature:
        return False
    quarters_bpm = pulse_bpm / reading.ratio * reading.meter.division / 2
    if abs(quarters_bpm / rhythm.bpm - 1) > TEMPO_TOLERANCE:
        return False
    lines = np.arange(reading.start, pulses.size - 1, reading.ratio * beats)
    return bar_lines_agree(
        np.interp(lines, np.arange(pulses.size), pulses), np.array(rhythm.bars_s)
    )


def vary_rhythms(rhythms: Iterable[Rhythm], rng: np.random.Generator) -> Iterator[Rhythm]:
    """Each rhythm, and a part of it, as it is or badly heard."""
    for rhythm in rhythms:
        yield _degrade_some(rhythm, rng)
        start_s = float(rng.uniform(0, max(0.1, rhythm.bars_s[-1] - PASSAGE_S)))
        end_s = start_s + PASSAGE_S
        onsets = tuple(
            replace(o, time_s=o.time_s - start_s)
            for o in rhythm.onsets
            if start_s <= o.time_s < end_s
        )
        bars = tuple(b - start_s for b in rhythm.bars_s if start_s - 0.1 < b < end_s + 0.5)
        if len(onsets) > 16 and len(bars) > 3:
            yield _degrade_some(replace(rhythm, onsets=onsets, bars_s=bars, intended_s=None), rng)


def _degrade_some(rhythm: Rhythm, rng: np.random.Generator) -> Rhythm:
    if rng.random() < 0.5:
        return rhythm
    return degrade(
        rhythm,
        seed=int(rng.integers(1 << 30)),
        missed=rng.uniform(0, 0.2),
        false=rng.uniform(0, 0.1),
        jitter_s=rng.uniform(0, 0.01),
    )


def fit_bar_line_filters(rhythms: list[Rhythm]) -> dict[str, np.ndarray]:
    """For each common meter a logistic model of what stands around bar lines and other beats."""
    filters: dict[str, np.ndarray] = {}
    for one in METERS:
        rows, targets, weights = [], [], []
        for rhythm in rhythms:
            if rhythm.signature != one.signature:
                continue
            # a passage may start within a bar
            bars = np.array([2 * rhythm.bars_s[0] - rhythm.bars_s[1], *rhythm.bars_s])
            places = np.interp([o.time_s for o in rhythm.onsets], bars, np.arange(bars.size))
            cells = np.round(places * one.beats * downbeats.CELLS_PER_BEAT).astype(int)
            hard = np.array([0.3 + 0.7 * o.velocity for o in rhythm.onsets])
            hits = downbeats.blurred_hits(downbeats.class_rows(rhythm.onsets), cells, hard)
            half = downbeats.CELLS_PER_BEAT // 2 if one.division == 2 else downbeats.CELLS_PER_BEAT
            at = np.arange(0, hits.shape[1], half)
            rows.append(downbeats.context_windows(hits, at, one.division).astype(np.float32))
            is_line = at % round(one.beats * downbeats.CELLS_PER_BEAT) == 0
            targets.append(is_line)
            weights.append(np.where(is_line, 1 / is_line.sum(), 1 / max(1, (~is_line).sum())))
        filters[one.name] = _fit_logistic(
            np.concatenate(rows), np.concatenate(targets), np.concatenate(weights)
        )
    return filters


def _fit_logistic(rows: np.ndarray, target: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Weights of a ridge regression on logits, without the constant."""
    sign = np.where(target, 1.0, -1.0)

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        margin = sign * (rows @ w[:-1].astype(np.float32) + w[-1])
        slope = -weights * sign / (1 + np.exp(margin))
        grad = np.append(slope.astype(np.float32) @ rows, slope.sum()).astype(float)
        grad[:-1] += FILTER_PENALTY * w[:-1]
        value = (weights * np.logaddexp(0, -margin)).sum()
        return float(value + 0.5 * FILTER_PENALTY * w[:-1] @ w[:-1]), grad

    start = np.zeros(rows.shape[1] + 1)
    found = optimize.minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 60})
    return found.x[:-1]


def fit(cases: list[RhythmExample]) -> tuple[np.ndarray, np.ndarray]:
    """(weights, spreads) of a conditional logit over the readings of each case."""
    rows = np.concatenate([c.features for c in cases])
    spread = rows.std(axis=0)
    spread[spread < 1e-5] = 1e9  # never seen to vary: no weight
    rows /= spread
    of = np.concatenate([np.full(len(c.right), i) for i, c in enumerate(cases)])
    right = np.concatenate([c.right for c in cases]).astype(float)
    sources = [c.source for c in cases]
    share = np.array([SOURCE_SHARES[s] / sources.count(s) for s in sources]) * len(cases)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        worth = (rows @ weights.astype(np.float32)).astype(float)
        top = np.full(len(cases), -np.inf)
        np.maximum.at(top, of, worth)
        odds = np.exp(worth - top[of])
        chance = odds / np.bincount(of, odds)[of]
        hit = np.bincount(of, chance * right) + 1e-12
        pull = share[of] * (chance - chance * right / hit[of])
        slope = (pull.astype(np.float32) @ rows).astype(float) + PENALTY * weights
        return float(-share @ np.log(hit) + 0.5 * PENALTY * weights @ weights), slope

    found = optimize.minimize(
        loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 250}
    )
    return found.x, spread


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--groove", type=Path, required=True)
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--out", type=Path, default=meter_hypotheses.FILE)
    parser.add_argument("--lines", action="store_true", help="fit what stands around bar lines")
    options = parser.parse_args()
    rng = np.random.default_rng(1)
    sources = {
        "groove": groove_rhythms(options.groove, frozenset({"train"})),
        "patterns": pattern_rhythms(options.count // 2, seed=101),
        "generated": generated_rhythms(options.count, seed=101),
    }
    heard = {name: list(vary_rhythms(rhythms, rng)) for name, rhythms in sources.items()}
    filters = fit_bar_line_filters([rhythm for rhythms in heard.values() for rhythm in rhythms])
    rounded = {name: [round(float(v), 3) for v in values] for name, values in filters.items()}
    lines = {"made": MADE, "filters": rounded}
    path = options.out.with_name(downbeats.FILE.name)
    path.write_text(json.dumps(lines) + "\n", encoding="utf-8")
    if options.lines:
        return
    cases: list[RhythmExample] = []
    for name, rhythms in heard.items():
        made = [make_example(name, rhythm, rng) for rhythm in rhythms]
        cases += [c for c in made if c is not None]
        right = sum(c is not None for c in made)
        print(f"{name}: {len(made)} passages, a right reading for {right}", flush=True)
    weights, spreads = fit(cases)
    data = {
        "made": MADE,
        "weights": [float(f"{w:.5g}") for w in weights],
        "spreads": [float(f"{s:.5g}") for s in spreads],
    }
    options.out.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
