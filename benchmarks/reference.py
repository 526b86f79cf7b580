"""Writes the usual value and spread of every tag and descriptor, from a folder of varied music.

Use: python -m benchmarks.reference --data FOLDER [--out indexer/mir/reference.json]
FOLDER holds audio files, at best a few of every genre. Only medians and spreads are written.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from benchmarks.analysis import analyse_file, load_tagger
from indexer.mir import features

AUDIO = {".flac", ".ogg", ".mp3", ".wav", ".m4a", ".opus"}
IQR_OF_NORMAL = 1.349


def usual(values: list[float], *, share: float = 0.5) -> list[float]:
    """The value that `share` of the tracks exceed, and the quartile range as a deviation."""
    low, high = np.quantile(values, (0.25, 0.75))
    spread = max(float(high - low) / IQR_OF_NORMAL, float(np.std(values)) / 3, 1e-6)
    return [round(float(np.quantile(values, 1 - share)), 5), round(spread, 5)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--match", default="*", help="which files, as a glob pattern")
    parser.add_argument("--out", type=Path, default=features.FOLDER / "reference.json")
    options = parser.parse_args()
    tagger = load_tagger(options.models)
    paths = [p for p in sorted(options.data.glob(options.match)) if p.suffix in AUDIO]
    results = [analyse_file(path, tagger=tagger)[0].raw for path in paths]
    tag_rows = [r.tagger for r in results]
    measured = [r.measured for r in results]
    data: dict = {
        "made": "python -m benchmarks.reference: medians and quartile spreads over "
        f"{len(paths)} recordings of varied genres; tags as logits",
        "tags": {
            name: usual([features.logit(row[name]) for row in tag_rows]) for name in tag_rows[0]
        },
        "descriptors": {
            name: usual([row[name] for row in measured if name in row]) for name in measured[0]
        },
    }
    for part, with_tags in (("features", True), ("features_without_tags", False)):
        data[part] = {}
        for name, spec in features.specs().items():
            raw = [
                features.raw_score(spec, tags=t if with_tags else {}, measured=m, usual=data)
                for t, m in zip(tag_rows, measured, strict=True)
            ]
            known = [value for value in raw if value is not None]
            if known:
                data[part][name] = usual(known, share=spec.share)
    options.out.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
