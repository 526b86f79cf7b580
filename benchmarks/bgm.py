"""How far the drums of the music fall, and how much of the rest stays.

    python -m benchmarks.bgm --data DIR

DIR is that of `benchmarks/drums.py`: `NAME_remix.flac` holds the drums of `NAME_drum.flac` at some
gain beside the other instruments, so both are known apart. The mask made from the mix is laid on
each of them: the drums' fall is how much quieter they get, the rest's likewise; the distance is
how far below the rest lies what was lost of it. Strokes are those that the detector hears in the
mix.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import soundfile

from indexer.drums.formats.background import mask, reduce_drums, samples_of, spectra_of
from indexer.drums.hearing.peaks import transcribe


def decibels(part: np.ndarray, whole: np.ndarray) -> float:
    return float(10 * np.log10(np.sum(part**2) / np.sum(whole**2)))


def mono(path: Path) -> tuple[np.ndarray, int]:
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    return np.asarray(samples, np.float32).mean(axis=1), rate


def main() -> None:
    parser = argparse.ArgumentParser(description="drums turned down: what falls, what stays")
    parser.add_argument("--data", type=Path, required=True, help="folder of annotated recordings")
    data: Path = parser.parse_args().data
    rows = []
    for path in sorted(data.glob("*_remix.flac")):
        mix, rate = mono(path)
        alone, _ = mono(path.with_name(path.name.replace("_remix", "_drum")))
        size = min(mix.size, alone.size)
        mix, alone = mix[:size], alone[:size]
        drums = alone * np.float32(np.dot(alone, mix) / np.dot(alone, alone))
        rest = mix - drums
        onsets = transcribe(mix, sample_rate=rate)
        gains = mask(np.square(np.abs(spectra_of(mix[None])[0])), onsets, first_s=0.0, rate=rate)
        drums_left = samples_of(spectra_of(drums[None]) * gains, size)[0]
        rest_left = samples_of(spectra_of(rest[None]) * gains, size)[0]
        started = time.process_time()
        for _ in reduce_drums([np.stack([mix, mix])], onsets, sample_rate=rate):
            pass
        seconds = (time.process_time() - started) / (size / rate)
        row = (
            decibels(drums_left, drums),
            decibels(rest_left, rest),
            -decibels(rest - rest_left, rest),
            seconds,
        )
        rows.append(row)
        print(
            f"{path.stem:16} drums {row[0]:+5.1f} dB  rest {row[1]:+5.1f} dB  "
            f"distance {row[2]:4.1f} dB  {row[3]:.4f} s of stereo a second"
        )
    mean = np.mean(rows, axis=0)
    print(
        f"{'mean':16} drums {mean[0]:+5.1f} dB  rest {mean[1]:+5.1f} dB  "
        f"distance {mean[2]:4.1f} dB  {mean[3]:.4f} s of stereo a second"
    )


if __name__ == "__main__":
    main()
