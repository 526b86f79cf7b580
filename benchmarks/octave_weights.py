"""Fits the weights of the octave decision on music whose tempo is known.

Use: python -m benchmarks.octave_weights --groove groove-midi.zip [--labelled FOLDER] [--out FILE]
FOLDER is that of `benchmarks.analysis`: recordings whose tempo people tapped. What is printed as
cross-validated comes from weights that had not seen the excerpt's style, drummer or fold.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from scipy import optimize

from benchmarks import tempo_songs
from indexer.demo.instruments import SAMPLE_RATE
from indexer.mir import octave, onset, spectrum, tempo

TOLERANCE = 0.04
PENALTY = 8.0
"""Ridge on standardised weights; 2 to 10 made little difference in cross-validation."""
LABELLED = "labelled"
SHARES = {tempo_songs.DRUMMER: 0.325, LABELLED: 0.35, "": 0.325}
"""Weight of each source, whatever its size; "" are the generated songs. Labelled recordings draw
the readings of fast generated songs down to what people tap."""
FOLDS = 10


@dataclass(frozen=True)
class Case:
    """Candidates of an excerpt, their features, and which is right (at most one)."""

    bpms: np.ndarray
    features: np.ndarray
    right: np.ndarray
    bpm: float
    group: str


def case(samples: np.ndarray, rate: int, bpm: float, group: str) -> Case:
    mono = spectrum.to_analysis_rate(samples, sample_rate=rate)
    curves = spectrum.scan(mono).onset_curves
    evidence, _ = tempo.gather(curves, onset.novelty(curves))
    bpms = octave.candidates_bpm(evidence.grid_bpm, evidence.scores)
    error = np.abs(bpms / bpm - 1)
    right = (error <= TOLERANCE) & (error == error.min())
    return Case(bpms, octave.describe(evidence, bpms), right, bpm, group)


def fit(cases: Iterable[Case]) -> np.ndarray:
    """Weights of a conditional logit over the candidates of each case, float (27,)."""
    usable = [c for c in cases if c.right.any()]
    sources = [source(c) for c in usable]
    share = np.array([SHARES[s] / sources.count(s) for s in sources])
    share *= len(usable) / share.sum()
    rows = np.concatenate([c.features for c in usable])
    spread = rows.std(axis=0) + 1e-9
    rows = (rows - rows.mean(axis=0)) / spread
    of = np.concatenate([np.full(len(c.bpms), i) for i, c in enumerate(usable)])
    right = np.concatenate([c.right for c in usable]).astype(float)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        worth = rows @ weights
        top = np.full(len(usable), -np.inf)
        np.maximum.at(top, of, worth)
        odds = np.exp(worth - top[of])
        chance = odds / np.bincount(of, odds)[of]
        hit = np.log(np.bincount(of, chance * right) + 1e-12)
        slope = rows.T @ (share[of] * (chance - right)) + PENALTY * weights
        return float(-share @ hit + 0.5 * PENALTY * weights @ weights), slope

    found = optimize.minimize(loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B").x
    return found / spread


def hits(cases: list[Case], weights: np.ndarray) -> list[bool]:
    chosen = [c.bpms[int(np.argmax(c.features @ weights))] for c in cases]
    return [abs(b / c.bpm - 1) <= TOLERANCE for b, c in zip(chosen, cases, strict=True)]


def cross_validated(cases: list[Case]) -> dict[str, float]:
    """Share right by source when no excerpt of the same group was fitted on."""
    groups = sorted({c.group for c in cases})
    found: dict[str, list[bool]] = {}
    for fold in range(FOLDS):
        out = set(groups[fold::FOLDS])
        weights = fit(c for c in cases if c.group not in out)
        for tested in (c for c in cases if c.group in out):
            found.setdefault(source(tested), []).extend(hits([tested], weights))
    return {name or "songs": float(np.mean(right)) for name, right in found.items()}


def source(tested: Case) -> str:
    return next(name for name in SHARES if tested.group.startswith(name))


def labelled(folder: Path) -> Iterable[Case]:
    """The recordings of a manifest that have a tempo, in ten folds."""
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as lines:
        known = [row for row in csv.DictReader(lines) if row["bpm"]]
    for number, row in enumerate(known):
        audio, rate = soundfile.read(folder / row["file"], dtype="float32", always_2d=True)
        yield case(audio.mean(axis=1), rate, float(row["bpm"]), f"{LABELLED} {number % FOLDS}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--groove", type=Path, required=True)
    parser.add_argument("--labelled", type=Path)
    parser.add_argument("--out", type=Path, default=octave.FILE)
    options = parser.parse_args()
    rng = np.random.default_rng(1)
    made = [
        *tempo_songs.drummers(rng, options.groove, count=300),
        *tempo_songs.songs(rng, per_style=14, mixed=130),
    ]
    cases = [case(e.samples, SAMPLE_RATE, e.bpm, e.group) for e in made]
    cases += labelled(options.labelled) if options.labelled else []
    write(cases, options.out)


def write(cases: list[Case], out: Path) -> None:
    weights = fit(cases)
    sources = [source(c) for c in cases]
    found = np.mean([c.right.any() for c in cases])
    print(f"{len(cases)} excerpts; among the candidates: {found:.3f}")
    print(f"chosen: {np.mean(hits(cases, weights)):.3f}")
    print(f"chosen, cross-validated: {cross_validated(cases)}")
    data = {
        "made": "python -m benchmarks.octave_weights: "
        f"{sources.count(tempo_songs.DRUMMER)} performances of the Groove MIDI Dataset (Gillick et "
        f"al. 2019, CC BY 4.0), {sources.count('')} generated songs, {sources.count(LABELLED)} "
        "recordings with tapped tempo",
        "weights": {
            name: round(float(w), 5) for name, w in zip(octave.FEATURES, weights, strict=True)
        },
    }
    out.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
