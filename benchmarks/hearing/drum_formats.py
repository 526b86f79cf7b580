"""Which number format suits the drum network: size, speed and F-measure of each.

    python -m benchmarks.hearing.drum_formats --cache DIR --seeds 0 2 --data DIR

The cache is the training's (`training/drums`), the data annotated recordings as for
`benchmarks/hearing/drums.py`. All are heard with the installed thresholds, one after the other.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import get_args

import numpy as np
import soundfile

from benchmarks.hearing.drums import KINDS, count, f_measure, onset_times, read_reference
from indexer.drums.hearing.model_card import read_card
from indexer.drums.hearing.network import MODEL, Network
from indexer.drums.hearing.peaks import transcribe
from indexer.drums.types import FAMILIES
from training.drums.fitting.export import (
    CHUNK_FRAMES,
    Weights,
    export,
    load_trained_model,
    write_card,
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--cache", type=Path, required=True, help="folder of the training")
    parser.add_argument("--seeds", type=int, nargs="+", required=True, help="which trainings")
    parser.add_argument("--data", type=Path, required=True, help="folder of annotated recordings")
    options = parser.parse_args()
    models = [
        load_trained_model(options.cache, seed, frames=CHUNK_FRAMES) for seed in options.seeds
    ]
    for weights in get_args(Weights):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "drums.tflite"
            difference = export(models, file, weights=weights)
            write_card(file, read_card(MODEL).thresholds, None)
            report(f"{weights:8} differs by {difference:.0e}", file, options.data)


def report(name: str, file: Path, data: Path) -> None:
    """Print what a file weighs, takes and hears."""
    network = Network(file)
    seconds, audio_s, scores = 0.0, 0.0, []
    for kind in KINDS:
        counts = np.zeros(3)
        for reference in sorted(data.glob("*.txt")):
            path = data / f"{reference.stem}_{kind}.flac"
            if not path.exists():
                continue
            stereo, _ = soundfile.read(path, dtype="float32", always_2d=True)
            samples = np.asarray(stereo, np.float32).mean(axis=1)
            started = time.process_time()
            network.probabilities(samples)
            seconds += time.process_time() - started
            audio_s += samples.size / 44100
            heard = onset_times(transcribe(samples, detector=network.activations))
            truth = read_reference(reference)
            counts += np.sum([count(truth, heard, f, 0.05) for f in FAMILIES], axis=0)
        scores.append(f"{kind} {f_measure(counts):.3f}")
    size = file.stat().st_size / 1e6
    print(f"{name} {size:.1f} MB  {seconds / audio_s:.4f} s/s  {'  '.join(scores)}")


if __name__ == "__main__":
    main()
