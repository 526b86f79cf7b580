"""Fits the weights by which bars are read (`indexer/drums/meter.json`), where bars are known.

    python -m benchmarks.meter_weights --groove ZIP [--out FILE]

Fitted on the training split of the Groove MIDI Dataset (passages of it too), on the patterns that
the network is trained with, and on generated rhythms; `benchmarks.charting` measures on the other
splits and on other seeds.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy import optimize

from benchmarks.charting import agree
from benchmarks.rhythms import Rhythm, generated, groove, patterns, worsened
from indexer.drums import meter
from indexer.drums.beats import find_pulses, places_of
from indexer.drums.meter import Reading

PENALTY = 6.0
"""Ridge on standardised weights."""
SHARES = {"groove": 0.45, "patterns": 0.2, "generated": 0.35}
"""Weight of each source, whatever its size."""
WRONG = 160
"""Of a rhythm's wrong readings, so many are kept."""
PASSAGE_S = 24.0
TOLERANCE = 0.04


@dataclass(frozen=True)
class Case:
    """Readings of a rhythm, and which are right."""

    source: str
    features: np.ndarray
    right: np.ndarray


def case(source: str, rhythm: Rhythm, rng: np.random.Generator) -> Case | None:
    pulses, _ = find_pulses(rhythm.onsets, duration_s=rhythm.duration_s)
    pulse_bpm = 60 / float(np.median(np.diff(pulses)))
    found, features = meter.readings(
        places_of(rhythm.onsets, pulses), rhythm.onsets, pulse_bpm=pulse_bpm
    )
    right = np.array([is_right(reading, pulses, pulse_bpm, rhythm) for reading in found])
    if not right.any():
        return None
    wrong = rng.permutation(np.flatnonzero(~right))[:WRONG]
    kept = np.concatenate([np.flatnonzero(right), wrong])
    return Case(source, features[kept].astype(np.float32), right[kept])


def is_right(reading: Reading, pulses: np.ndarray, pulse_bpm: float, rhythm: Rhythm) -> bool:
    """Whether a reading's tempo, time signature and bar lines are those of the truth."""
    signature, (beats, division) = rhythm.signature, (reading.meter.beats, reading.meter.division)
    if signature != ((beats * 3, 8) if division == 3 else (beats, 4)):
        return False
    quarters_bpm = pulse_bpm / reading.ratio * division / 2
    if abs(quarters_bpm / rhythm.bpm - 1) > TOLERANCE:
        return False
    lines = np.arange(reading.start, pulses.size - 1, reading.ratio * beats)
    return agree(np.interp(lines, np.arange(pulses.size), pulses), np.array(rhythm.bars_s))


def passages(rhythms: Iterable[Rhythm], rng: np.random.Generator) -> Iterator[Rhythm]:
    """Each rhythm, and a part of it, as it is or badly heard."""
    for rhythm in rhythms:
        yield _varied(rhythm, rng)
        start_s = float(rng.uniform(0, max(0.1, rhythm.bars_s[-1] - PASSAGE_S)))
        end_s = start_s + PASSAGE_S
        onsets = tuple(
            replace(o, time_s=o.time_s - start_s)
            for o in rhythm.onsets
            if start_s <= o.time_s < end_s
        )
        bars = tuple(b - start_s for b in rhythm.bars_s if start_s - 0.1 < b < end_s + 0.5)
        if len(onsets) > 16 and len(bars) > 3:
            yield _varied(replace(rhythm, onsets=onsets, bars_s=bars, meant_s=None), rng)


def _varied(rhythm: Rhythm, rng: np.random.Generator) -> Rhythm:
    if rng.random() < 0.5:
        return rhythm
    return worsened(
        rhythm,
        seed=int(rng.integers(1 << 30)),
        missed=rng.uniform(0, 0.2),
        false=rng.uniform(0, 0.1),
        jitter_s=rng.uniform(0, 0.01),
    )


def fit(cases: list[Case]) -> tuple[np.ndarray, np.ndarray]:
    """(weights, spreads) of a conditional logit over the readings of each case."""
    rows = np.concatenate([c.features for c in cases]).astype(float)
    spread = rows.std(axis=0)
    spread[spread < 1e-6] = 1e9  # never seen to vary: no weight
    rows /= spread
    of = np.concatenate([np.full(len(c.right), i) for i, c in enumerate(cases)])
    right = np.concatenate([c.right for c in cases]).astype(float)
    sources = [c.source for c in cases]
    share = np.array([SHARES[s] / sources.count(s) for s in sources]) * len(cases)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        worth = rows @ weights
        top = np.full(len(cases), -np.inf)
        np.maximum.at(top, of, worth)
        odds = np.exp(worth - top[of])
        chance = odds / np.bincount(of, odds)[of]
        hit = np.bincount(of, chance * right) + 1e-12
        slope = rows.T @ (share[of] * (chance - chance * right / hit[of])) + PENALTY * weights
        return float(-share @ np.log(hit) + 0.5 * PENALTY * weights @ weights), slope

    found = optimize.minimize(
        loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 400}
    )
    return found.x, spread


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--groove", type=Path, required=True)
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--out", type=Path, default=meter.FILE)
    options = parser.parse_args()
    rng = np.random.default_rng(1)
    sources = {
        "groove": groove(options.groove, frozenset({"train"})),
        "patterns": patterns(options.count // 2, seed=101),
        "generated": generated(options.count, seed=101),
    }
    cases: list[Case] = []
    for name, rhythms in sources.items():
        made = [case(name, rhythm, rng) for rhythm in passages(rhythms, rng)]
        cases += [c for c in made if c is not None]
        print(f"{name}: {len(made)} passages, a right reading for {sum(map(bool, made))}")
    weights, spreads = fit(cases)
    data = {
        "made": "python -m benchmarks.meter_weights: the Groove MIDI Dataset's training split "
        "(Gillick et al. 2019, CC BY 4.0) and generated rhythms",
        "weights": [float(f"{w:.5g}") for w in weights],
        "spreads": [float(f"{s:.5g}") for s in spreads],
    }
    options.out.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
