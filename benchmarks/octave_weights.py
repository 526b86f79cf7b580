"""Fits the weights of the octave decision on music whose tempo is known.

Use: python -m benchmarks.octave_weights --groove groove-midi.zip --fonts FILE ...
     [--labelled FOLDER] [--out FILE]
The fonts (.sf2, .sf3) play the bands of `benchmarks.band_songs`, which also wants MMA and
FluidSynth. FOLDER is that of `benchmarks.analysis`: recordings whose tempo people tapped. What is
printed as cross-validated comes from weights that had not seen the style, drummer or fold.
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

from benchmarks import band_songs, chip_songs, tempo_songs
from indexer.mir import octave, onset, spectrum, tempo

TOLERANCE = 0.04
PENALTY = 8.0
"""Ridge on standardised weights; 2 to 10 made little difference in cross-validation."""
LABELLED = "labelled"
SHARES = {
    tempo_songs.DRUMMER: 1.0, "band": 0.5, "chip": 0.5, "machine": 2.0, LABELLED: 1.5, "": 0.5,
}  # fmt: skip
"""Weight of each source, whatever its size; "" are the songs in the manner of the demo library.
Drum machines count most because nothing but their sound tells the octave; labelled recordings draw
fast readings down to what people tap."""
FAMILY_WEIGHT = 1.0
"""A reading at half, double or a third is half as wrong as one of another family."""
FAMILY = (1.0, 2.0, 3.0, 1 / 2, 1 / 3)
FOLDS = 10


@dataclass(frozen=True)
class Case:
    """Candidates of an excerpt, their features, which is right (at most one), and which are in
    the family of the right one."""

    bpms: np.ndarray
    features: np.ndarray
    right: np.ndarray
    family: np.ndarray
    bpm: float
    group: str


def case(samples: np.ndarray, rate: int, bpm: float, group: str) -> Case:
    mono = spectrum.to_analysis_rate(samples, sample_rate=rate)
    curves = spectrum.scan(mono).onset_curves
    evidence, _ = tempo.gather(curves, onset.novelty(curves))
    bpms = octave.candidates_bpm(evidence.grid_bpm, evidence.scores)
    error = np.abs(bpms / bpm - 1)
    right = (error <= TOLERANCE) & (error == error.min())
    return Case(bpms, octave.describe(evidence, bpms), right, related(bpms, bpm), bpm, group)


def related(bpms: np.ndarray, bpm: float) -> np.ndarray:
    """Which tempi are the right one or its half, double, third or triple."""
    errors = np.abs(bpms[:, None] / (bpm * np.array(FAMILY)) - 1)
    return errors.min(axis=1) <= TOLERANCE


def fit(cases: Iterable[Case]) -> np.ndarray:
    """Weights of a conditional logit over the candidates of each case, float (47,)."""
    usable = [c for c in cases if c.right.any()]
    sources = [source(c) for c in usable]
    share = np.array([SHARES[s] / sources.count(s) for s in sources])
    share *= len(usable) / share.sum()
    rows = np.concatenate([c.features for c in usable])
    spread = rows.std(axis=0) + 1e-9
    rows = (rows - rows.mean(axis=0)) / spread
    of = np.concatenate([np.full(len(c.bpms), i) for i, c in enumerate(usable)])
    wanted = [
        (weight, np.concatenate([getattr(c, name) for c in usable]).astype(float))
        for name, weight in (("right", 1.0), ("family", FAMILY_WEIGHT))
    ]

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        worth = rows @ weights
        top = np.full(len(usable), -np.inf)
        np.maximum.at(top, of, worth)
        odds = np.exp(worth - top[of])
        chance = odds / np.bincount(of, odds)[of]
        total, error = 0.5 * PENALTY * float(weights @ weights), np.zeros(len(chance))
        for weight, goal in wanted:
            hit = np.bincount(of, chance * goal) + 1e-12
            total -= weight * float(share @ np.log(hit))
            error += weight * share[of] * chance * (1 - goal / hit[of])
        return total, rows.T @ error + PENALTY * weights

    found = optimize.minimize(loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B").x
    return found / spread


def hits(cases: list[Case], weights: np.ndarray) -> list[tuple[bool, bool]]:
    """Whether the tempo is right, and whether its family is."""
    found = []
    for tested in cases:
        chosen = tested.bpms[[int(np.argmax(tested.features @ weights))]]
        near = abs(chosen[0] / tested.bpm - 1) <= TOLERANCE
        found.append((bool(near), bool(related(chosen, tested.bpm)[0])))
    return found


def cross_validated(cases: list[Case]) -> dict[str, str]:
    """Acc1/Acc2 by source when no excerpt of the same group was fitted on."""
    groups = sorted({c.group for c in cases})
    found: dict[str, list[tuple[bool, bool]]] = {}
    for fold in range(FOLDS):
        out = set(groups[fold::FOLDS])
        weights = fit(c for c in cases if c.group not in out)
        for tested in (c for c in cases if c.group in out):
            found.setdefault(source(tested), []).extend(hits([tested], weights))
    return {
        name or "song": "{:.3f}/{:.3f}".format(*np.mean(right, axis=0))
        for name, right in found.items()
    }


def without(cases: list[Case], name: str) -> str:
    """Acc1/Acc2 on a source that was not fitted on at all."""
    weights = fit(c for c in cases if source(c) != name)
    right = hits([c for c in cases if source(c) == name], weights)
    return "{:.3f}/{:.3f}".format(*np.mean(right, axis=0))


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
    parser.add_argument("--fonts", type=Path, required=True, nargs="+")
    parser.add_argument("--labelled", type=Path)
    parser.add_argument("--out", type=Path, default=octave.FILE)
    options = parser.parse_args()
    rng = np.random.default_rng(1)
    made = [
        *tempo_songs.drummers(rng, options.groove, count=300),
        *tempo_songs.songs(rng, per_style=5, mixed=50),
        *band_songs.bands(rng, per_groove=4, fonts=options.fonts),
        *chip_songs.chips(rng, count=150),
        *chip_songs.machines(rng, count=220),
    ]
    cases = [case(e.samples, e.rate_hz, e.bpm, e.group) for e in made]
    cases += labelled(options.labelled) if options.labelled else []
    write(cases, options.out)


def write(cases: list[Case], out: Path) -> None:
    weights = fit(cases)
    sources = [source(c) for c in cases]
    found = np.mean([c.right.any() for c in cases])
    print(f"{len(cases)} excerpts; among the candidates: {found:.3f}")
    print(f"chosen, cross-validated: {cross_validated(cases)}")
    print(
        f"chosen, without the source: { ({n or 'song': without(cases, n) for n in set(sources)}) }"
    )
    data = {
        "made": "python -m benchmarks.octave_weights: "
        f"{sources.count(tempo_songs.DRUMMER)} performances of the Groove MIDI Dataset (Gillick et "
        f"al. 2019, CC BY 4.0), {sources.count('')} generated songs, {sources.count('band')} bands "
        f"by MMA's grooves, {sources.count('chip')} of game music, {sources.count('machine')} drum "
        f"machines, {sources.count(LABELLED)} recordings with tapped tempo",
        "weights": {
            name: round(float(w), 5) for name, w in zip(octave.FEATURES, weights, strict=True)
        },
    }
    out.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
