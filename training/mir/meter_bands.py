"""Fits the weights of the metre on bands whose bars are exact.

Use: python -m training.mir.meter_bands --fonts FILE ... [--out FILE]
The bands are those of `training.songs.band_songs` (MMA, FluidSynth and SoundFonts). The tempo is
given, beats are tracked, and the bar is asked for. What is printed as cross-validated comes from
weights that had not seen the groove.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import optimize

from indexer.mir.rhythm import beats, meter, onset
from indexer.mir.signal import spectrum
from indexer.mir.tonality.chroma import chroma
from training.confidence import report_calibration
from training.songs import band_songs

PENALTY = 3.0
FOLDS = 8
MAX_BEAT_ERROR = 0.2
"""Tracked beats further from the true ones than this are no evidence of a bar."""


@dataclass(frozen=True)
class BandExample:
    """Features of each hypothesis, (7, n_features), which is right, and the groove."""

    features: np.ndarray
    right: int
    group: str


def make_example(
    samples: np.ndarray, rate: int, *, bpm: float, beats_per_bar: int, group: str
) -> BandExample | None:
    """None where the beats that were tracked are not those of the song, which begins with a bar."""
    mono = spectrum.to_analysis_rate(samples, sample_rate=rate)
    novelty = onset.novelty(spectrum.scan(mono).onset_curves)
    times = beats.track_beats(onset.strength(novelty), bpm=bpm)
    if len(times) < meter.MIN_BEATS:
        return None
    bars = times * bpm / 60 / beats_per_bar
    errors = [
        np.abs((bars[k::beats_per_bar] + 0.5) % 1 - 0.5).mean() * beats_per_bar
        for k in range(beats_per_bar)
    ]
    first = int(np.argmin(errors))
    if errors[first] > MAX_BEAT_ERROR:
        return None
    features = meter.describe(meter.accents(novelty, chroma(mono), list(times)))
    return BandExample(features, meter.hypotheses().index((beats_per_bar, first)), group)


def fit(cases: Sequence[BandExample]) -> np.ndarray:
    """Weights of a conditional logit; bars of three and of four weigh the same."""
    features = np.stack([c.features for c in cases])
    right = np.array([c.right for c in cases])
    three = right < meter.BARS[0]
    share = np.where(three, 0.5 / three.sum(), 0.5 / (~three).sum()) * len(cases)
    rows = np.arange(len(cases))

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        worth = features @ weights
        odds = np.exp(worth - worth.max(axis=1, keepdims=True))
        error = odds / odds.sum(axis=1, keepdims=True)
        total = -float(share @ np.log(error[rows, right] + 1e-12))
        error[rows, right] -= 1
        slope = np.einsum("nh,nhf->f", share[:, None] * error, features)
        return total + 0.5 * PENALTY * float(weights @ weights), slope + PENALTY * weights

    start = np.zeros(features.shape[2])
    return optimize.minimize(loss, start, jac=True, method="L-BFGS-B").x


def report_cross_validation(cases: Sequence[BandExample]) -> None:
    groups = sorted({c.group for c in cases})
    found: list[tuple[int, int, float]] = []
    for fold in range(FOLDS):
        out = set(groups[fold::FOLDS])
        weights = fit([c for c in cases if c.group not in out])
        for tested in (c for c in cases if c.group in out):
            worth = tested.features @ weights
            chances = np.exp(worth - worth.max())
            found.append((tested.right, int(np.argmax(worth)), float(1 / chances.sum())))
    right, chosen = np.array([f[:2] for f in found]).T
    for name, there in (("three", right < 3), ("four", right >= 3)):
        metre = ((chosen < 3) == (right < 3))[there].mean()
        both = (chosen == right)[there].mean()
        print(f"{name}: {there.sum()} songs, metre {metre:.3f}, metre and downbeat {both:.3f}")
    report_calibration("meter", [f[2] for f in found], list(right == chosen))


def write(cases: Sequence[BandExample], out: Path) -> None:
    report_cross_validation(cases)
    weights = fit(cases)
    data = {
        "made": f"python -m training.mir.meter_bands: {len(cases)} bands by MMA's grooves",
        "weights": {
            name: round(float(w), 5) for name, w in zip(meter.FEATURES, weights, strict=True)
        },
    }
    out.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fonts", type=Path, required=True, nargs="+")
    parser.add_argument("--out", type=Path, default=meter.FILE)
    options = parser.parse_args()
    songs = band_songs.render_bands(np.random.default_rng(5), per_groove=4, fonts=options.fonts)
    heard = [
        make_example(s.samples, s.rate_hz, bpm=s.bpm, beats_per_bar=s.beats, group=s.group)
        for s in songs
    ]
    write([c for c in heard if c is not None], options.out)


if __name__ == "__main__":
    main()
