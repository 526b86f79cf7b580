"""How well chinas are told from other cymbals; `--fit` fits what tells them (`china_cymbals.json`).

    python -m benchmarks.chinas --cache DIR [--sounds DIR…] [--clips N] [--fit]
        [--validation DIR] [--music FILE…]

Clips of 20 s with known chinas are rendered and heard once, into DIR (`indexer/drums/train`). The
weights are fitted on one part of the kits, the threshold chosen on another, so that nine of ten
chinas are one; the third part is for the report alone. `--validation` names a folder of rendered
clips without chinas (`clips/validation` of the training's cache), `--music` any recordings: of both
it is told how many chinas a minute are heard in them.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import soundfile

from indexer.drums.hearing.china_cymbals import (
    FILE,
    ChinaWeights,
    china_scores,
    onset_spectra,
    read_china_weights,
    select_chinas,
)
from indexer.drums.hearing.families import family_columns, family_curve, family_peaks
from indexer.drums.hearing.family_curves import assign_voices
from indexer.drums.hearing.mel import SAMPLE_RATE, compressed
from indexer.drums.hearing.network import DetectionOptions, Network
from indexer.drums.hearing.profiles import METAL_THRESHOLD_FACTORS
from indexer.drums.train.__main__ import SOUNDS
from indexer.drums.train.chinas import Part, clip, open_stage
from indexer.drums.types import Drum

SHARES: dict[Part, int] = {"fit": 5, "choose": 2, "report": 3}
"""Of ten clips."""
PRECISION = 0.9
REGULARISATION = 3e-3
"""Inverse strength (scikit-learn's C), strong: of five chinas more cannot be learned."""
NEAR_S = 0.04
LONGEST_S = 100.0
Recording = tuple[str, np.ndarray, list[int]]
"""Name, power, frames of crashes."""
HEARING = DetectionOptions(threshold_factors=METAL_THRESHOLD_FACTORS)


@dataclass(frozen=True)
class Heard:
    """A clip as it was heard.

    Attributes:
        power: log10, (n_frames, BANDS).
        frames: Of the crashes heard.
        china: Which of them are chinas.
        played: How many chinas there are.
    """

    power: np.ndarray
    frames: list[int]
    china: np.ndarray
    played: int

    @property
    def spectra(self) -> np.ndarray:
        return onset_spectra(self.linear, self.frames)

    @property
    def linear(self) -> np.ndarray:
        return np.power(np.float32(10), self.power.astype(np.float32))


def crashes(network: Network, samples: np.ndarray) -> tuple[np.ndarray, list[int]]:
    """Power, and frames of what is heard as a crash."""
    heard = network.detect(samples, HEARING)
    return heard.power, _frames(network, heard.onsets, heard.curves)


def _frames(network: Network, onsets: np.ndarray, curves: dict[str, np.ndarray]) -> list[int]:
    values = assign_voices(onsets, curves, network.card)
    threshold = network.card.thresholds["CY"] * METAL_THRESHOLD_FACTORS["CY"]
    return family_peaks(values[:, network.card.drums.index(Drum.CRASH)], threshold)


def heard_clips(options: argparse.Namespace, part: Part) -> list[Heard]:
    """The clips of a part; those that are missing are rendered."""
    folder = options.cache / "chinas" / part
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{n:04}.npz" for n in range(options.clips * SHARES[part] // 10)]
    if missing := [path for path in paths if not path.exists()]:
        network = Network()
        stage = open_stage([Path(p) for p in options.sounds], options.cache, part)
        for path in missing:
            samples, strokes = clip(stage, part, int(path.stem))
            power, frames = crashes(network, samples)
            chinas = [stroke.time_s for stroke in strokes if stroke.voice == "china"]
            log = np.log10(power + 1e-7).astype(np.float16)
            np.savez(path, power=log, frames=frames, chinas=chinas)
    return [_read(path) for path in paths]


def _read(path: Path) -> Heard:
    with np.load(path) as file:
        frames, chinas = file["frames"].astype(int), file["chinas"]
        apart = np.abs(np.subtract.outer(frames / 100, chinas)).min(axis=1, initial=np.inf)
        return Heard(file["power"], frames.tolist(), apart < NEAR_S, len(chinas))


def fitted(clips: Sequence[Heard]) -> ChinaWeights:
    """Logistic regression on single strokes, both kinds weighing alike; no threshold yet."""
    from sklearn.linear_model import LogisticRegression

    spectra = np.concatenate([one.spectra for one in clips if one.frames])
    china = np.concatenate([one.china for one in clips if one.frames])
    scale = spectra.std(axis=0)
    model = LogisticRegression(C=REGULARISATION, class_weight="balanced", max_iter=500)
    model.fit(spectra / scale, china)
    bands = np.round(model.coef_[0].astype(np.float64) / scale, 4)
    return ChinaWeights(bands, round(float(np.atleast_1d(model.intercept_)[0]), 4), np.inf)


def chosen(weights: ChinaWeights, clips: Sequence[Heard]) -> ChinaWeights:
    """With the lowest threshold at which the precision is reached."""
    scores = np.concatenate([china_scores(one.frames, one.linear, weights) for one in clips])
    china = np.concatenate([one.china for one in clips])
    order = np.argsort(-scores, kind="stable")
    precision = np.cumsum(china[order]) / np.arange(1, len(order) + 1)
    last = np.append(scores[order][1:] < scores[order][:-1], True) & np.isfinite(scores[order])
    good = np.flatnonzero((precision >= PRECISION) & last)
    threshold = float(scores[order][good[-1]]) - 5e-4 if good.size else np.inf
    return ChinaWeights(weights.bands, weights.bias, round(threshold, 3))


def print_part(name: str, clips: Sequence[Heard], weights: ChinaWeights) -> None:
    right = wrong = 0
    for one in clips:
        found = np.isin(one.frames, select_chinas(one.frames, one.linear, weights))
        right += int((found & one.china).sum())
        wrong += int((found & ~one.china).sum())
    heard, played = sum(int(one.china.sum()) for one in clips), sum(one.played for one in clips)
    precision = right / max(1, right + wrong)
    recalls = [right / max(1, count) for count in (heard, played)]
    f_measure = 2 * right / max(1, right + wrong + heard)
    print(
        f"{name:7} {len(clips):4} clips, {played} chinas: precision {precision:.3f}, "
        f"recall {recalls[0]:.3f} of those heard as crashes ({recalls[1]:.3f} of all), "
        f"F {f_measure:.3f}"
    )


def print_rates(title: str, recordings: Iterable[Recording], weights: ChinaWeights) -> None:
    """Chinas a minute where there should be none, or nobody knows."""
    total, seconds = 0, 0.0
    for name, power, frames in recordings:
        count = len(select_chinas(frames, power, weights))
        total, seconds = total + count, seconds + len(power) / 100
        if count:
            print(f"  {name}: {count} of {len(frames)} crashes in {len(power) / 100:.0f} s")
    if seconds:
        print(f"{title}: {60 * total / seconds:.2f} chinas a minute in {seconds / 60:.0f} minutes")


def rendered(folder: Path, network: Network) -> Iterable[Recording]:
    for path in sorted(folder.glob("*.npz")):
        with np.load(path) as file:
            power = np.power(np.float32(10), file["mix"].astype(np.float32))
        onsets = network.infer(compressed(power))[:, : len(network.card.drums)]
        columns = family_columns(network.card.drums)
        curves = {name: family_curve(onsets, among) for name, among in columns.items()}
        yield path.stem, power, _frames(network, onsets, curves)


def recorded(paths: Sequence[Path], network: Network) -> Iterable[Recording]:
    for path in paths:
        with soundfile.SoundFile(path) as file:
            if file.samplerate != SAMPLE_RATE:
                continue
            sound = file.read(int(LONGEST_S * SAMPLE_RATE), dtype="float32", always_2d=True)
        yield path.stem, *crashes(network, np.asarray(sound, np.float32).mean(axis=1))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--cache", type=Path, required=True, help="folder for kits and clips")
    parser.add_argument("--sounds", nargs="+", default=SOUNDS, help="folders of kits and fonts")
    parser.add_argument("--clips", type=int, default=200)
    parser.add_argument("--fit", action="store_true", help=f"write {FILE.name} anew")
    parser.add_argument("--validation", type=Path, help="folder of rendered clips without chinas")
    parser.add_argument("--music", type=Path, nargs="*", default=[], help="recordings")
    options = parser.parse_args()
    of = partial(heard_clips, options)
    if options.fit:
        weights = chosen(fitted(of("fit")), of("choose"))
        made = "python -m benchmarks.chinas --fit: rendered clips (indexer/drums/train/chinas.py)"
        values = {"bands": weights.bands.tolist(), "bias": weights.bias}
        values |= {"made": made, "threshold": weights.threshold}
        FILE.write_text(json.dumps(values) + "\n", encoding="utf-8")
        read_china_weights.cache_clear()
    weights = read_china_weights()
    for part in SHARES:
        print_part(part, of(part), weights)
    network = Network()
    if options.validation:
        print_rates("rendered without chinas", rendered(options.validation, network), weights)
    print_rates("recordings", recorded(options.music, network), weights)


if __name__ == "__main__":
    main()
