"""What each step of hearing is worth: F-measure of bass drum, snare and hi-hat after each of them.

    python -m benchmarks.hearing.drum_steps --data DIR [--model FILE ...]

DIR holds annotated recordings as for `benchmarks/hearing/drums.py`. Each step gets the thresholds
that suit it best on these recordings, so that steps are compared, not thresholds; no figure here is
what to expect of another recording. With several models, the mean of their answers is heard.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soundfile

from benchmarks.hearing.drums import KINDS, read_reference
from indexer.drums.hearing.activation import band_activations, band_power
from indexer.drums.hearing.adaptation import adapt_curves
from indexer.drums.hearing.families import family_columns, family_curve
from indexer.drums.hearing.family_curves import add_band_evidence
from indexer.drums.hearing.mel import compressed, reference_power
from indexer.drums.hearing.network import MODEL, Network
from indexer.drums.hearing.repetition import add_repetition_evidence
from training.drums.fitting.onset_matching import Recording, f_measure, sweep_thresholds

FAMILIES = ("KD", "SD", "HH")
Steps = dict[str, dict[str, list[Recording]]]
"""Recordings by step and kind."""


def hear(path: Path, reference: Path, networks: Sequence[Network], steps: Steps) -> None:
    stereo, _ = soundfile.read(path, dtype="float32", always_2d=True)
    samples = np.asarray(stereo, np.float32).mean(axis=1)
    power = reference_power(samples)
    card = networks[0].card
    said = np.mean([network.infer(compressed(power)) for network in networks], axis=0)
    curves = {f: family_curve(said, among) for f, among in family_columns(card.drums).items()}
    made = {
        "network": curves,
        "+ bands": add_band_evidence(curves, band_activations(band_power(samples))),
    }
    made["+ repeats"] = add_repetition_evidence(made["+ bands"])
    made["+ own sounds"] = adapt_curves(made["+ repeats"], power, card.thresholds)
    truth, kind = read_reference(reference), path.stem.rpartition("_")[2]
    for step, heard in made.items():
        recordings = steps.setdefault(step, {}).setdefault(kind, [])
        recordings.append(Recording(heard, truth, power))


def report(step: str, kinds: dict[str, list[Recording]]) -> None:
    totals = {kind: np.zeros(3) for kind in kinds}
    words = []
    for family in FAMILIES:
        counts = {kind: sweep_thresholds(recordings, family) for kind, recordings in kinds.items()}
        together = np.sum([1000 * c / max(1, int(c[0, 2])) for c in counts.values()], axis=0)
        best = int(np.argmax([f_measure(row) for row in together]))
        for kind, count in counts.items():
            totals[kind] += count[best]
        words.append(
            f"{family} " + " / ".join(f"{f_measure(c[best]):.3f}" for c in counts.values())
        )
    overall = "  ".join(f"{kind} {f_measure(total):.3f}" for kind, total in totals.items())
    print(f"{step:13} {overall}   " + "   ".join(words))


def main() -> None:
    parser = argparse.ArgumentParser(description="What each step of hearing drums is worth")
    parser.add_argument("--data", type=Path, required=True, help="folder of annotated recordings")
    parser.add_argument("--model", type=Path, nargs="+", default=[MODEL])
    options = parser.parse_args()
    networks = [Network(model) for model in options.model]
    steps: Steps = {}
    for kind in KINDS:
        for reference in sorted(options.data.glob("*.txt")):
            path = options.data / f"{reference.stem}_{kind}.flac"
            if path.exists():
                hear(path, reference, networks, steps)
    for step, kinds in steps.items():
        report(step, kinds)


if __name__ == "__main__":
    main()
