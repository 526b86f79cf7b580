"""Fit the classifier of china cymbals (`indexer/drums/hearing/china_cymbals.json`).

    python -m training.cymbals.china_weights --cache DIR [--sounds DIR…] [--clips N] [--out FILE]

Clips of 20 s with known chinas are rendered and heard once, into DIR (`training/drums`). The
weights are fitted on one part of the kits, the threshold chosen on another, so that nine of ten
chinas are one; the third part is for `benchmarks.hearing.chinas` alone.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np

from indexer.drums.hearing.china_cymbals import FILE, ChinaWeights, china_scores
from training.cymbals.detected_clips import ClipDetections, detect_clips
from training.drums.sounds.kit_cache import SOUND_FOLDERS

PRECISION = 0.9
REGULARISATION = 3e-3
"""Inverse strength (scikit-learn's C), strong: of five chinas more cannot be learned."""


def fit_weights(clips: Sequence[ClipDetections]) -> ChinaWeights:
    """Logistic regression on single strokes, both kinds weighing alike; no threshold yet."""
    from sklearn.linear_model import LogisticRegression

    spectra = np.concatenate([one.spectra for one in clips if one.frames])
    china = np.concatenate([one.china for one in clips if one.frames])
    scale = spectra.std(axis=0)
    model = LogisticRegression(C=REGULARISATION, class_weight="balanced", max_iter=500)
    model.fit(spectra / scale, china)
    bands = np.round(model.coef_[0].astype(np.float64) / scale, 4)
    return ChinaWeights(bands, round(float(np.atleast_1d(model.intercept_)[0]), 4), np.inf)


def choose_threshold(weights: ChinaWeights, clips: Sequence[ClipDetections]) -> ChinaWeights:
    """With the lowest threshold at which the precision is reached."""
    scores = np.concatenate([china_scores(one.frames, one.linear, weights) for one in clips])
    china = np.concatenate([one.china for one in clips])
    order = np.argsort(-scores, kind="stable")
    precision = np.cumsum(china[order]) / np.arange(1, len(order) + 1)
    last = np.append(scores[order][1:] < scores[order][:-1], True) & np.isfinite(scores[order])
    good = np.flatnonzero((precision >= PRECISION) & last)
    threshold = float(scores[order][good[-1]]) - 5e-4 if good.size else np.inf
    return ChinaWeights(weights.bands, weights.bias, round(threshold, 3))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--cache", type=Path, required=True, help="folder for kits and clips")
    parser.add_argument(
        "--sounds", nargs="+", default=SOUND_FOLDERS, help="folders of kits and fonts"
    )
    parser.add_argument("--clips", type=int, default=200)
    parser.add_argument("--out", type=Path, default=FILE)
    options = parser.parse_args()
    of = partial(detect_clips, options.cache, sounds=options.sounds, clips=options.clips)
    weights = choose_threshold(fit_weights(of("fit")), of("choose"))
    made = (
        "python -m training.cymbals.china_weights: rendered clips (training/cymbals/china_clips.py)"
    )
    values = {"bands": weights.bands.tolist(), "bias": weights.bias}
    values |= {"made": made, "threshold": weights.threshold}
    options.out.write_text(json.dumps(values) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
