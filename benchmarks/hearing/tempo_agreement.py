"""Whether excerpts of a track are read at one tempo; needs no labels.

Use: python -m benchmarks.hearing.tempo_agreement --music FOLDER [--most N]
Of every track in the folder that lasts long enough, three excerpts of 30 s in a row and the 90 s
together. Music of one tempo should give one; where it does not, or changes, one of them is wrong.
"""

from __future__ import annotations

import argparse
import itertools
from collections import Counter
from pathlib import Path

import numpy as np
import soundfile

from benchmarks.hearing.analysis import tempo_right
from indexer.mir.rhythm import beats, onset, tempo
from indexer.mir.signal import spectrum

START_S, EXCERPT_S, EXCERPTS = 5.0, 30.0, 3
LONG_S = START_S + EXCERPT_S * EXCERPTS


def read(path: Path) -> np.ndarray | None:
    """The onset curves of 90 s; None of a shorter or another file."""
    try:
        with soundfile.SoundFile(path) as file:
            rate = file.samplerate
            if file.frames < LONG_S * rate:
                return None
            file.seek(int(START_S * rate))
            frames = int(EXCERPT_S * EXCERPTS * rate)
            samples = file.read(frames, dtype="float32", always_2d=True).mean(axis=1)
    except soundfile.SoundFileError:
        return None
    return spectrum.scan(spectrum.to_analysis_rate(samples, sample_rate=rate)).onset_curves


def tempo_of(curves: np.ndarray) -> float | None:
    return tempo.estimate_tempo(curves, onset.novelty(curves)).bpm


def agree(pairs: list[tuple[float, float]]) -> list[float]:
    """Share of the pairs at one tempo, and in one family."""
    return [float(np.mean([tempo_right(a, b, octaves=o) for a, b in pairs])) for o in (False, True)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--music", type=Path, required=True)
    parser.add_argument("--most", type=int, default=100)
    options = parser.parse_args()
    length = int(EXCERPT_S * spectrum.FRAME_RATE_HZ)
    rows, told = [], Counter[str]()
    for path in sorted(options.music.rglob("*")):
        curves = read(path) if path.is_file() and len(rows) < options.most else None
        if curves is None:
            continue
        whole = tempo_of(curves)
        found = [tempo_of(curves[:, i * length : (i + 1) * length]) for i in range(EXCERPTS)]
        parts = [bpm for bpm in found if bpm is not None]
        if whole is None or len(parts) < EXCERPTS:
            continue
        among = agree(list(itertools.combinations(parts, 2)))
        rows.append(among + agree([(part, whole) for part in parts]))
        strength = onset.strength(onset.novelty(curves))
        told[beats.tempo_stability(beats.tempo_curve(strength, bpm=whole))] += 1
        if among[1] < 1:
            print(f"{path.name}: {whole:.1f}; {', '.join(f'{part:.1f}' for part in parts)}")
    if not rows:
        raise SystemExit("There is no track of 95 s or more that can be read in this folder.")
    same, family, same_whole, family_whole = np.mean(rows, axis=0)
    print(f"{len(rows)} tracks: two excerpts at one tempo {same:.3f}, in one family {family:.3f}")
    print(f"excerpt and 90 s at one tempo {same_whole:.3f}, in one family {family_whole:.3f}")
    print(f"stability: {', '.join(f'{name} {n}' for name, n in told.most_common())}")


if __name__ == "__main__":
    main()
