"""Fits the weights of the octave decision on music whose tempo is known.

Use: python -m training.mir.octave_weights --groove groove-midi.zip --fonts FILE ...
     [--games FOLDER] [--labelled FOLDER] [--out FILE]
The fonts (.sf2, .sf3) play the bands of `training.songs.band_songs`, which also wants MMA and
FluidSynth. The folder of games holds the scores and modules of `training.songs.game_scores`; that
of labelled recordings is that of `benchmarks.hearing.analysis`: people tapped their tempo. What is
printed as cross-validated comes from weights that had not seen the style, drummer, file or fold.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from scipy import optimize

from indexer.mir.rhythm import octave, onset, tempo
from indexer.mir.signal import spectrum
from training.songs import band_songs, chip_songs, game_scores, tempo_songs

TEMPO_TOLERANCE = 0.04
PENALTY = 20.0
"""Ridge on standardised weights; 20 to 160 made little difference in cross-validation."""
LABELLED = "labelled"
SOURCE_SHARES = {
    tempo_songs.DRUMMER: 1.5, game_scores.SCORE: 0.5, game_scores.MODULE: 0.3, "band": 0.7,
    "chip": 0.3, "machine": 4.5, LABELLED: 3.0, "": 0.7,
}  # fmt: skip
"""Weight of each source, whatever its size; "" are the songs in the manner of the demo library.
Drum machines count most because nothing but their sound tells the octave; labelled recordings draw
fast readings down to what people tap."""
CONFIDENCE_EDGES = (0.0, 0.5, 0.7, 0.9, 1.01)
FAMILY_WEIGHT = 1.0
"""A reading at half, double or a third is half as wrong as one of another family."""
FOLDS = 10


@dataclass(frozen=True)
class TempoExample:
    """Candidates of an excerpt, their features, which is right (at most one), and which are in
    the family of the right one."""

    bpms: np.ndarray
    features: np.ndarray
    right: np.ndarray
    family: np.ndarray
    bpm: float
    group: str


def make_example(samples: np.ndarray, rate: int, bpm: float, group: str) -> TempoExample:
    mono = spectrum.to_analysis_rate(samples, sample_rate=rate)
    evidence = tempo.collect_evidence(onset.novelty(spectrum.scan(mono).onset_curves))
    bpms = octave.candidates_bpm(evidence.grid_bpm, evidence.scores)
    error = np.abs(bpms / bpm - 1)
    right = (error <= TEMPO_TOLERANCE) & (error == error.min())
    return TempoExample(
        bpms, octave.describe(evidence, bpms), right, in_tempo_family(bpms, bpm), bpm, group
    )


def in_tempo_family(bpms: np.ndarray, bpm: float) -> np.ndarray:
    """Which tempi are the right one or its half, double, third or triple."""
    errors = np.abs(bpms[:, None] / (bpm * np.array(octave.FAMILY)) - 1)
    return errors.min(axis=1) <= TEMPO_TOLERANCE


def fit(cases: Iterable[TempoExample]) -> np.ndarray:
    """Weights of a conditional logit over the candidates of each case, float (94,)."""
    usable = [c for c in cases if c.right.any()]
    sources = [source_of(c) for c in usable]
    share = np.array([SOURCE_SHARES[s] / sources.count(s) for s in sources])
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


@dataclass(frozen=True)
class Prediction:
    """What was chosen for a case: whether the tempo is right, whether its family, how sure."""

    source: str
    right: bool
    family: bool
    confidence: float


def predict(tested: TempoExample, weights: np.ndarray) -> Prediction:
    worth = tested.features @ weights / octave.TEMPERATURE
    chances = np.exp(worth - worth.max())
    best = int(np.argmax(worth))
    chosen = tested.bpms[[best]]
    near = bool(abs(chosen[0] / tested.bpm - 1) <= TEMPO_TOLERANCE)
    family = bool(in_tempo_family(chosen, tested.bpm)[0])
    return Prediction(source_of(tested), near, family, float(chances[best] / chances.sum()))


def cross_validate(cases: list[TempoExample]) -> list[Prediction]:
    """Answers when no excerpt of the same group was fitted on."""
    groups = sorted({c.group for c in cases})
    found = []
    for fold in range(FOLDS):
        out = set(groups[fold::FOLDS])
        weights = fit(c for c in cases if c.group not in out)
        found += [predict(c, weights) for c in cases if c.group in out]
    return found


def leave_source_out(cases: list[TempoExample]) -> list[Prediction]:
    """Answers when nothing of the same source was fitted on at all."""
    found = []
    for name in sorted({source_of(c) for c in cases}):
        weights = fit(c for c in cases if source_of(c) != name)
        found += [predict(c, weights) for c in cases if source_of(c) == name]
    return found


def report(title: str, answers: list[Prediction]) -> None:
    for name in sorted({a.source for a in answers}):
        own = [a for a in answers if a.source == name]
        acc1, acc2 = np.mean([(a.right, a.family) for a in own], axis=0)
        print(f"{title:16s} {name or 'song':9s} {acc1:.3f}/{acc2:.3f} of {len(own)}")
    for low, high in itertools.pairwise(CONFIDENCE_EDGES):
        inside = [a.right for a in answers if low <= a.confidence < high]
        print(f"{title:16s} confidence {low:.1f}+: {np.mean(inside):.3f} of {len(inside)}")


def source_of(tested: TempoExample) -> str:
    return next(name for name in SOURCE_SHARES if tested.group.startswith(name))


def labelled_examples(folder: Path) -> Iterable[TempoExample]:
    """The recordings of a manifest that have a tempo, in ten folds."""
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as lines:
        known = [row for row in csv.DictReader(lines) if row["bpm"]]
    for number, row in enumerate(known):
        audio, rate = soundfile.read(folder / row["file"], dtype="float32", always_2d=True)
        yield make_example(
            audio.mean(axis=1), rate, float(row["bpm"]), f"{LABELLED} {number % FOLDS}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--groove", type=Path, required=True)
    parser.add_argument("--fonts", type=Path, required=True, nargs="+")
    parser.add_argument("--games", type=Path)
    parser.add_argument("--labelled", type=Path)
    parser.add_argument("--out", type=Path, default=octave.FILE)
    options = parser.parse_args()
    rng = np.random.default_rng(1)
    made = itertools.chain(
        tempo_songs.render_drummers(rng, options.groove, count=300),
        tempo_songs.generate_songs(rng, per_style=3, mixed=30),
        band_songs.render_bands(rng, per_groove=3, fonts=options.fonts),
        chip_songs.generate_chip_songs(rng, count=150),
        chip_songs.generate_drum_machines(rng, count=220),
        game_scores.play_scores(rng, options.games, options.fonts) if options.games else (),
        game_scores.play_modules(options.games) if options.games else (),
    )
    cases = [make_example(e.samples, e.rate_hz, e.bpm, e.group) for e in made]
    cases += labelled_examples(options.labelled) if options.labelled else []
    write(cases, options.out)


def write(cases: list[TempoExample], out: Path) -> None:
    weights = fit(cases)
    sources = [source_of(c) for c in cases]
    found = np.mean([c.right.any() for c in cases])
    print(f"{len(cases)} excerpts; among the candidates: {found:.3f}")
    report("cross-validated", cross_validate(cases))
    report("without source", leave_source_out(cases))
    data = {
        "made": "python -m training.mir.octave_weights: "
        f"{sources.count(tempo_songs.DRUMMER)} performances of the Groove MIDI Dataset (Gillick et "
        f"al. 2019, CC BY 4.0), {sources.count(game_scores.SCORE)} excerpts of composed scores and "
        f"{sources.count(game_scores.MODULE)} of tracker modules of free games, "
        f"{sources.count('')} generated songs, {sources.count('band')} bands "
        f"by MMA's grooves, {sources.count('chip')} of game music, {sources.count('machine')} drum "
        f"machines, {sources.count(LABELLED)} recordings with tapped tempo",
        "weights": {
            name: round(float(w), 5) for name, w in zip(octave.FEATURES, weights, strict=True)
        },
    }
    out.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
