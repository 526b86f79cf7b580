"""Writes the usual value and spread of every tag and descriptor, from varied free music.

    python -m training.mir.reference --games FOLDER --demo FOLDER --models FOLDER [--out FILE]

`--games` holds Debian packages of `reference.txt`, each unpacked into a folder of its name (and the
archives named .pk3 in it into `un`); `--demo` is the demo library. Each recording is heard as the
indexer hears it and weighs the same. Only medians and spreads are written.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from indexer.ingest.pipeline import analyse_file
from indexer.mir.tags import features, genre
from indexer.mir.types import RawFeatures
from store.vocabulary import AUDIO_SUFFIXES
from training.mir.tagger_files import load_tagger

RECORDING_LIST = Path(__file__).with_name("reference.txt")
IQR_OF_NORMAL = 1.349


@dataclass(frozen=True)
class AnalysedRecordings:
    """What was measured of the recordings."""

    raw: list[RawFeatures]

    def reference(self, values: Sequence[float | None], *, share: float = 0.5) -> list[float]:
        """The value that `share` of the music exceeds, and the quartile range as a deviation."""
        present = np.array([value for value in values if value is not None], dtype=float)
        middle, low, high = quantiles(present, (1 - share, 0.25, 0.75))
        spread = max((high - low) / IQR_OF_NORMAL, float(present.std()) / 3, 1e-6)
        return [round(middle, 5), round(spread, 5)]

    def scores(
        self, spec: features.FeatureSpec, reference: dict, *, tags: bool
    ) -> list[float | None]:
        return [
            features.raw_score(
                spec, tags=r.tagger if tags else {}, measured=r.measured, usual=reference
            )
            for r in self.raw
        ]


def quantiles(values: np.ndarray, shares: Sequence[float]) -> list[float]:
    return np.quantile(values, shares, method="hazen").tolist()


def main() -> None:
    parser = argparse.ArgumentParser(prog="training.mir.reference", description=__doc__)
    parser.add_argument("--games", type=Path, required=True)
    parser.add_argument("--demo", type=Path, required=True)
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=features.FOLDER / "reference.json")
    options = parser.parse_args()
    tagger = load_tagger(options.models)
    paths = [
        options.games / line for line in RECORDING_LIST.read_text(encoding="utf-8").splitlines()
    ]
    paths += sorted(p for p in options.demo.rglob("*") if p.suffix.lower() in AUDIO_SUFFIXES)
    raw = [analyse_file(path, tagger=tagger).mir.raw for path in paths]
    write(AnalysedRecordings(raw), options.out)


def write(recordings: AnalysedRecordings, out: Path) -> None:
    rows = recordings.raw
    descriptors = dict.fromkeys(name for row in rows for name in row.measured)
    data: dict = {
        "made": "python -m training.mir.reference: medians and quartile spreads over "
        f"{len(rows)} recordings of free music; tags as logits",
        "tags": {
            name: recordings.reference([features.logit(r.tagger[name]) for r in rows])
            for name in rows[0].tagger
        },
        "descriptors": {
            name: recordings.reference([row.measured.get(name) for row in rows])
            for name in descriptors
        },
    }
    for part, with_tags in (("features", True), ("features_without_tags", False)):
        data[part] = {}
        for name, spec in features.specs().items():
            scores = recordings.scores(spec, data, tags=with_tags)
            if any(score is not None for score in scores):
                data[part][name] = recordings.reference(scores, share=spec.share)
    data["genres"] = {
        name: genre_spread_ratio(recordings, name, data) for name in genre.taxonomy().tagger
    }
    out.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def genre_spread_ratio(recordings: AnalysedRecordings, name: str, reference: dict) -> float:
    """How much wider the signs of a genre spread as a sum than independent ones would."""
    known = genre.taxonomy()
    spec = features.FeatureSpec(0.5, known.tagger[name], known.descriptors[name])
    weights = np.array([*spec.tags.values(), *spec.descriptors.values()])
    scores = np.array([s for s in recordings.scores(spec, reference, tags=True) if s is not None])
    spread = float(scores.std()) * np.abs(weights).sum()
    return round(float(spread / np.sqrt(np.square(weights).sum())), 4)


if __name__ == "__main__":
    main()
