"""Fits the key profiles: small corrections to published ones, on music whose key is known.

Use: python -m training.mir.key_profiles --labelled FOLDER --scores FOLDER --fonts FILE ...
     [--out indexer/mir/tonality/key.json]
The labelled recordings are those of `benchmarks.hearing.analysis`, the scores those that
`training.songs.played_scores` plays, part "fitted"; fonts (.sf2, .sf3) play the bands of MMA.
The corrections are the same for all twelve keys of a scale and are held near zero by a ridge:
profiles fitted freely to generated songs fail on recordings, and freely to a few recordings fail on
others.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import mir_eval
import numpy as np
import soundfile
from scipy import optimize

from indexer.mir.signal import spectrum
from indexer.mir.tonality import cadence
from indexer.mir.tonality import key as keys
from indexer.mir.tonality.chroma import Chroma, chroma
from training.confidence import report_calibration
from training.songs import band_songs, chip_songs, tempo_songs

PENALTY = 20.0
"""Between 6 and 40 the means over all sources differ by less than .02."""
CADENCE_PENALTY = 60.0
"""Cadences of machines are plainer than those of people."""
SOURCE_SHARES = {"band": 1.0, "chip": 0.3, "score": 1.0, "labelled": 1.0, "": 0.5}
"""Weight of each source, whatever its size; "" are songs in the manner of the demo library."""
FOLDS = 10


@dataclass(frozen=True)
class KeyExample:
    """Features turned to each tonic, (12, 32), and the key: 0..11 major, 12..23 minor."""

    turned: np.ndarray
    key: int
    group: str


def make_example(profile: Chroma, name: str, group: str) -> KeyExample:
    known = keys.parse_key(name)
    if known is None:
        raise ValueError(f"Expected a key, not {name!r}")
    index = keys.PITCH_CLASSES.index(known.tonic) + (12 if known.scale == "minor" else 0)
    return KeyExample(keys.key_features(profile), index, group)


def generated_examples(fonts: Sequence[Path]) -> Iterator[KeyExample]:
    """Songs in the manner of the demo library, MMA's bands and game music."""
    rng = np.random.default_rng(2)
    songs = (
        *tempo_songs.generate_songs(rng, per_style=5, mixed=50),
        *band_songs.render_bands(np.random.default_rng(5), per_groove=2, fonts=fonts),
        *chip_songs.generate_chip_songs(np.random.default_rng(6), count=90),
    )
    for song in songs:
        profile = chroma(spectrum.to_analysis_rate(song.samples, sample_rate=song.rate_hz))
        if profile is not None:
            yield make_example(profile, song.key, song.group)


def score_examples(folder: Path) -> Iterator[KeyExample]:
    """Works of the composers whose scores may be fitted to."""
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as lines:
        known = [row for row in csv.DictReader(lines) if row["part"] == "fitted"]
    for row in known:
        audio, rate = soundfile.read(folder / row["file"], dtype="float32", always_2d=True)
        profile = chroma(spectrum.to_analysis_rate(audio.mean(axis=1), sample_rate=rate))
        if profile is not None:
            yield make_example(profile, row["key"], f"score {row['composer']}")


def labelled_examples(folder: Path) -> list[KeyExample]:
    """The recordings of a manifest that have a key, in ten folds."""
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as lines:
        known = [row for row in csv.DictReader(lines) if row["key"]]
    found = []
    for number, row in enumerate(known):
        audio, rate = soundfile.read(folder / row["file"], dtype="float32", always_2d=True)
        profile = chroma(spectrum.to_analysis_rate(audio.mean(axis=1), sample_rate=rate))
        if profile is not None:
            name = f"{row['key']} {row['mode']}"
            found.append(make_example(profile, name, f"labelled {number % FOLDS}"))
    return found


def source_of(tested: KeyExample) -> str:
    return next(name for name in SOURCE_SHARES if tested.group.startswith(name))


def start_weights() -> np.ndarray:
    """Published profiles, and nothing for cadences, float (2, 32)."""
    return np.pad(keys.published_weights(), ((0, 0), (0, len(cadence.TRANSITIONS))))


def fit(cases: Sequence[KeyExample]) -> tuple[float, np.ndarray]:
    """Sharpness of the decision, and the weights of both scales, float (2, 32)."""
    start = start_weights()
    turned = np.stack([c.turned for c in cases])
    key = np.array([c.key for c in cases])
    sources = [source_of(c) for c in cases]
    share = np.array([SOURCE_SHARES[s] / sources.count(s) for s in sources])
    share /= share.sum()
    rows = np.arange(len(key))
    penalty = np.where(np.arange(start.shape[1]) < 24, PENALTY, CADENCE_PENALTY)

    def loss(values: np.ndarray) -> tuple[float, np.ndarray]:
        sharpness, change = np.exp(values[0]), values[1:].reshape(start.shape)
        worth = sharpness * np.concatenate(list(keys.score_keys(turned, start + change)), axis=1)
        odds = np.exp(worth - worth.max(axis=1, keepdims=True))
        error = odds / odds.sum(axis=1, keepdims=True)
        total = float((penalty * np.square(change)).sum())
        total -= float(share @ np.log(error[rows, key] + 1e-12))
        error[rows, key] -= 1
        error *= share[:, None]
        by_scale = [error[:, :12], error[:, 12:]]
        slopes = [sharpness * np.einsum("nk,nkf->f", part, turned) for part in by_scale]
        slope = np.concatenate([[float((error * worth).sum())], *slopes])
        slope[1:] += 2 * (penalty * change).ravel()
        return total, slope

    first = np.concatenate([[np.log(keys.START_SHARPNESS)], np.zeros(start.size)])
    found = optimize.minimize(loss, first, jac=True, method="L-BFGS-B").x
    return float(np.exp(found[0])), start + found[1:].reshape(start.shape)


def evaluate(tested: KeyExample, sharpness: float, weights: np.ndarray) -> tuple[float, float]:
    """MIREX points of a case, and the log-odds of its likeliest key."""
    worth = sharpness * np.concatenate(list(keys.score_keys(tested.turned, weights)))
    chances = np.exp(worth - worth.max())
    chosen = _name(int(np.argmax(worth)))
    points = mir_eval.key.weighted_score(_name(tested.key), chosen)
    return points, keys.log_odds(chances / chances.sum())


def _name(index: int) -> str:
    return f"{keys.PITCH_CLASSES[index % 12]} {'minor' if index >= 12 else 'major'}"


def cross_validate(cases: list[KeyExample]) -> list[tuple[KeyExample, float, float]]:
    """Each case with its points and log-odds when its style, composer or fold was not fitted on."""
    groups = sorted({c.group for c in cases})
    found = []
    for fold in range(FOLDS):
        out = set(groups[fold::FOLDS])
        fitted = fit([c for c in cases if c.group not in out])
        found += [(c, *evaluate(c, *fitted)) for c in cases if c.group in out]
    return found


def fit_confidence(rows: list[tuple[KeyExample, float, float]]) -> tuple[float, float]:
    """Offset and slope of a logistic curve from log-odds to the chance to be right (Platt 1999)."""
    names = [source_of(c) for c, _, _ in rows]
    share = np.array([SOURCE_SHARES[n] / names.count(n) for n in names])
    odds = np.array([o for _, _, o in rows])
    right = np.array([float(p == 1) for _, p, _ in rows])

    def loss(values: np.ndarray) -> float:
        worth = values[0] + values[1] * odds
        return float(share @ (np.logaddexp(0, worth) - right * worth))

    offset, slope = optimize.minimize(loss, np.array([0.0, 1.0]), method="Nelder-Mead").x
    return float(offset), float(slope)


def report(rows: list[tuple[KeyExample, float, float]], curve: tuple[float, float]) -> None:
    for name in SOURCE_SHARES:
        mine = [(p, o) for c, p, o in rows if source_of(c) == name]
        points = np.array([p for p, _ in mine])
        print(f"{name or 'song'}: weighted {points.mean():.3f}, exact {np.mean(points == 1):.3f}")
        sure = [float(1 / (1 + np.exp(-curve[0] - curve[1] * o))) for _, o in mine]
        report_calibration(name or "song", sure, [p == 1 for p in points])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--labelled", type=Path, required=True)
    parser.add_argument("--scores", type=Path, required=True)
    parser.add_argument("--fonts", type=Path, required=True, nargs="+")
    parser.add_argument("--out", type=Path, default=keys.FILE)
    options = parser.parse_args()
    cases = [
        *generated_examples(options.fonts),
        *score_examples(options.scores),
        *labelled_examples(options.labelled),
    ]
    write(cases, options.out)


def write(cases: list[KeyExample], out: Path) -> None:
    sources = [source_of(c) for c in cases]
    for name in SOURCE_SHARES:
        before = [
            evaluate(c, keys.START_SHARPNESS, start_weights())[0]
            for c in cases
            if source_of(c) == name
        ]
        alone = fit([c for c in cases if source_of(c) != name])
        others = [evaluate(c, *alone)[0] for c in cases if source_of(c) == name]
        print(
            f"{name or 'song'}: published profiles {np.mean(before):.3f}, fitted without this "
            f"source {np.mean(others):.3f}"
        )
    rows = cross_validate(cases)
    curve = fit_confidence(rows)
    print("cross-validated:")
    report(rows, curve)
    sharpness, weights = fit(cases)
    data = {
        "made": "python -m training.mir.key_profiles: corrections to the published profiles on "
        f"{sources.count('')} generated songs, {sources.count('band')} bands by MMA's grooves, "
        f"{sources.count('chip')} of game music, {sources.count('score')} scores of music21's "
        f"corpus and {sources.count('labelled')} recordings with a known key",
        "sharpness": round(sharpness, 4),
        "confidence": [round(value, 4) for value in curve],
        "major": [round(float(w), 5) for w in weights[0]],
        "minor": [round(float(w), 5) for w in weights[1]],
    }
    out.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
