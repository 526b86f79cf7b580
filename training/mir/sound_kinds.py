"""Fits the weights that tell speech and other sounds from music (`sound_kind.json`).

    python -m training.mir.sound_kinds --clips FOLDER --models FOLDER --measured FILE

`--clips` is what `training.mir.sound_clips` cut; `--measured` keeps what was measured of them, one
clip a line, for `benchmarks.library.sound_kinds`. A multinomial logistic regression with equal
weight for each kind and a fixed penalty.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from indexer.ingest.pipeline import analyse_file
from indexer.mir.tags.features import logit
from indexer.mir.tags.sound_kind import SCORE_LIMIT
from training.mir.tagger_files import load_tagger

OUT: Final = Path("indexer/mir/tags/sound_kind.json")
KINDS: Final = ("music", "speech", "sound")
PENALTY: Final = 0.1
"""`C` of scikit-learn: few clips, many inputs."""
LEFT_OUT: Final = frozenset({"loudness_lufs", "loudness_range_lu", "true_peak_dbtp"})
"""Say how a file was made, not what is in it."""


@dataclass(frozen=True)
class Clip:
    """A clip of a kind, and what was measured of it."""

    kind: str
    source: str
    name: str
    tagger: Mapping[str, float]
    measured: Mapping[str, float]

    @property
    def family(self) -> str:
        """Sources that are alike: "espeak" of "espeak m1"."""
        return self.source.split()[0]


def main() -> None:
    parser = argparse.ArgumentParser(prog="training.mir.sound_kinds", description=__doc__)
    parser.add_argument("--clips", type=Path, required=True)
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--measured", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    measure(options.clips, options.models, options.measured)
    clips = read_clips(options.measured)
    made = {"made": f"python -m training.mir.sound_kinds: {len(clips)} clips of docs/models.md"}
    text = json.dumps({**made, **fit(clips)}, indent=1) + "\n"
    options.out.write_text(text, encoding="utf-8")


def measure(folder: Path, models: Path, out: Path) -> None:
    """Write what is measured of every clip that `out` does not hold yet."""
    known = {clip.name for clip in read_clips(out)} if out.exists() else set[str]()
    tagger = load_tagger(models)
    with out.open("a", encoding="utf-8") as file:
        for path in sorted(folder.glob("*/*/*.flac")):
            name = path.relative_to(folder).as_posix()
            if name in known:
                continue
            raw = analyse_file(path, tagger=tagger).mir.raw
            row = {"name": name, "tagger": dict(raw.tagger), "measured": dict(raw.measured)}
            file.write(json.dumps(row) + "\n")


def read_clips(measured: Path) -> list[Clip]:
    """Return the clips that were measured, those without sound left out."""
    rows = [json.loads(line) for line in measured.read_text(encoding="utf-8").splitlines()]
    named = [(row["name"].split("/"), row) for row in rows if row["tagger"]]
    return [
        Clip(kind, source, row["name"], row["tagger"], row["measured"])
        for (kind, source, _), row in named
    ]


def fit(clips: Sequence[Clip]) -> dict[str, Any]:
    """Return inputs with mean and spread, and bias and weights of each kind."""
    from sklearn.linear_model import LogisticRegression

    tags = sorted({name for clip in clips for name in clip.tagger})
    descriptors = sorted({name for clip in clips for name in clip.measured} - LEFT_OUT)
    rows = [
        [logit(clip.tagger[name]) for name in tags]
        + [clip.measured.get(name, np.nan) for name in descriptors]
        for clip in clips
    ]
    values = np.array(rows)
    middle, spread = np.nanmean(values, axis=0), np.nanstd(values, axis=0) + 1e-9
    scores = np.clip(np.nan_to_num((values - middle) / spread), -SCORE_LIMIT, SCORE_LIMIT)
    kinds = Counter(clip.kind for clip in clips)
    model = LogisticRegression(C=PENALTY, max_iter=5000)
    weights = [len(clips) / len(KINDS) / kinds[clip.kind] for clip in clips]
    model.fit(scores, [KINDS.index(clip.kind) for clip in clips], sample_weight=weights)
    names = [*tags, *descriptors]
    return {
        "inputs": {
            name: [round(m, 5), round(s, 5)]
            for name, m, s in zip(names, middle.tolist(), spread.tolist(), strict=True)
        },
        "kinds": {
            kind: {
                "bias": round(float(np.asarray(model.intercept_)[at]), 4),
                "weights": [round(float(w), 4) for w in np.asarray(model.coef_)[at]],
            }
            for at, kind in enumerate(KINDS)
        },
    }


if __name__ == "__main__":
    main()
