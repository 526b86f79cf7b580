"""Writes the usual value and spread of every tag and descriptor, from folders of varied music.

Use: python -m benchmarks.reference --data FOLDER ... --models FOLDER [--out reference.json]
Each FOLDER is one source, and all sources weigh the same. Of every folder in it (an album, a
package; of loose files those whose names begin alike) at most `--each` are heard, 30 s out of the
middle. Only medians and spreads are written. `docs/models.md` names the sources of what is shipped.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from benchmarks.analysis import analyse_file, load_tagger
from indexer.mir import features, genre
from indexer.mir.types import RawFeatures

AUDIO = {".flac", ".ogg", ".mp3", ".wav", ".m4a", ".opus"}
IQR_OF_NORMAL = 1.349
EXCERPT_S = 30.0
SHORTEST_S = 15.0
"""Shorter ones are sound effects."""


@dataclass(frozen=True)
class Heard:
    """What was measured of the recordings, and the weight of each."""

    raw: list[RawFeatures]
    weights: np.ndarray

    def usual(self, values: Sequence[float | None], *, share: float = 0.5) -> list[float]:
        """The value that `share` of the music exceeds, and the quartile range as a deviation."""
        known = [i for i, value in enumerate(values) if value is not None]
        there = np.array([values[i] for i in known], dtype=float)
        weights = self.weights[known]
        low, high = quantile(there, weights, 0.25), quantile(there, weights, 0.75)
        spread = max((high - low) / IQR_OF_NORMAL, deviation(there, weights) / 3, 1e-6)
        return [round(quantile(there, weights, 1 - share), 5), round(spread, 5)]

    def scores(self, spec: features.FeatureSpec, usual: dict, *, tags: bool) -> list[float | None]:
        return [
            features.raw_score(
                spec, tags=r.tagger if tags else {}, measured=r.measured, usual=usual
            )
            for r in self.raw
        ]


def quantile(values: np.ndarray, weights: np.ndarray, share: float) -> float:
    order = np.argsort(values)
    passed = np.cumsum(weights[order]) - weights[order] / 2
    return float(np.interp(share, passed / weights.sum(), values[order]))


def deviation(values: np.ndarray, weights: np.ndarray) -> float:
    mean = np.average(values, weights=weights)
    return float(np.sqrt(np.average(np.square(values - mean), weights=weights)))


def chosen(folder: Path, *, each: int) -> list[Path]:
    """Music of a source, evenly spread over the names in each of its folders."""
    found: dict[str, list[Path]] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in AUDIO and long_enough(path):
            first = path.relative_to(folder).parts[0]
            album = re.sub(r"\d.*", "", first) if path.parent == folder else first
            found.setdefault(album, []).append(path)
    spread = [
        [files[i * len(files) // min(each, len(files))] for i in range(min(each, len(files)))]
        for files in found.values()
    ]
    return [path for files in spread for path in files]


def long_enough(path: Path) -> bool:
    """Whether it can be read and is music rather than a sound effect."""
    try:
        return soundfile.info(path).duration >= SHORTEST_S
    except soundfile.SoundFileError:
        return False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, nargs="+")
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--each", type=int, default=6)
    parser.add_argument("--out", type=Path, default=features.FOLDER / "reference.json")
    options = parser.parse_args()
    tagger = load_tagger(options.models)
    raw: list[RawFeatures] = []
    weights: list[float] = []
    for folder in options.data:
        paths = chosen(folder, each=options.each)
        print(f"{folder}: {len(paths)} recordings")
        raw += [analyse_file(path, tagger=tagger, seconds=EXCERPT_S)[0].raw for path in paths]
        weights += [1 / max(len(paths), 1)] * len(paths)
    write(Heard(raw, np.array(weights)), options.out)


def write(heard: Heard, out: Path) -> None:
    rows = heard.raw
    descriptors = dict.fromkeys(name for row in rows for name in row.measured)
    data: dict = {
        "made": "python -m benchmarks.reference: medians and quartile spreads over "
        f"{len(rows)} recordings, every source weighing the same; tags as logits",
        "tags": {
            name: heard.usual([features.logit(r.tagger[name]) for r in rows])
            for name in rows[0].tagger
        },
        "descriptors": {
            name: heard.usual([row.measured.get(name) for row in rows]) for name in descriptors
        },
    }
    for part, with_tags in (("features", True), ("features_without_tags", False)):
        data[part] = {}
        for name, spec in features.specs().items():
            scores = heard.scores(spec, data, tags=with_tags)
            if any(score is not None for score in scores):
                data[part][name] = heard.usual(scores, share=spec.share)
    data["genres"] = {name: togetherness(heard, name, data) for name in genre.taxonomy().tagger}
    out.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def togetherness(heard: Heard, name: str, usual: dict) -> float:
    """How much wider the signs of a genre spread as a sum than independent ones would."""
    known = genre.taxonomy()
    spec = features.FeatureSpec(0.5, known.tagger[name], known.descriptors[name])
    weights = np.array([*spec.tags.values(), *spec.descriptors.values()])
    scores = np.array([s for s in heard.scores(spec, usual, tags=True) if s is not None])
    spread = deviation(scores, heard.weights) * np.abs(weights).sum()
    return round(float(spread / np.sqrt(np.square(weights).sum())), 4)


if __name__ == "__main__":
    main()
