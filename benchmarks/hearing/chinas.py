"""How well chinas are told from other cymbals.

    python -m benchmarks.hearing.chinas --cache DIR [--sounds DIR…] [--clips N]
        [--validation DIR] [--music FILE…]

The clips are those of `training.cymbals.china_weights`; only the part "report" was not fitted or
chosen on. `--validation` names a folder of rendered clips without chinas (`clips/validation` of the
training's cache), `--music` any recordings: of both it is told how many chinas a minute are heard
in them.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import soundfile

from indexer.drums.hearing.china_cymbals import ChinaWeights, read_china_weights, select_chinas
from indexer.drums.hearing.families import family_columns, family_curve
from indexer.drums.hearing.mel import SAMPLE_RATE, compressed
from indexer.drums.hearing.network import Network
from training.cymbals.detected_clips import (
    SHARES,
    ClipDetections,
    crash_frames,
    detect_clips,
    detect_crashes,
)
from training.drums.sounds.kit_cache import SOUND_FOLDERS

LONGEST_S = 100.0
Recording = tuple[str, np.ndarray, list[int]]
"""Name, power, frames of crashes."""


def print_part(name: str, clips: Sequence[ClipDetections], weights: ChinaWeights) -> None:
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
        yield path.stem, power, crash_frames(network, onsets, curves)


def recorded(paths: Sequence[Path], network: Network) -> Iterable[Recording]:
    for path in paths:
        with soundfile.SoundFile(path) as file:
            if file.samplerate != SAMPLE_RATE:
                continue
            sound = file.read(int(LONGEST_S * SAMPLE_RATE), dtype="float32", always_2d=True)
        yield path.stem, *detect_crashes(network, np.asarray(sound, np.float32).mean(axis=1))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--cache", type=Path, required=True, help="folder for kits and clips")
    parser.add_argument(
        "--sounds", nargs="+", default=SOUND_FOLDERS, help="folders of kits and fonts"
    )
    parser.add_argument("--clips", type=int, default=200)
    parser.add_argument("--validation", type=Path, help="folder of rendered clips without chinas")
    parser.add_argument("--music", type=Path, nargs="*", default=[], help="recordings")
    options = parser.parse_args()
    weights = read_china_weights()
    for part in SHARES:
        clips = detect_clips(options.cache, part, sounds=options.sounds, clips=options.clips)
        print_part(part, clips, weights)
    network = Network()
    if options.validation:
        print_rates("rendered without chinas", rendered(options.validation, network), weights)
    print_rates("recordings", recorded(options.music, network), weights)


if __name__ == "__main__":
    main()
