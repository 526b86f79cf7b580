"""Tempo, key and moods of the demo library against what its songs were made as.

Use: backbeat demo --out FOLDER
     python -m benchmarks.hearing.demo_truth --demo FOLDER [--models FOLDER]
Nothing is read from the tags of the files. The songs share their instruments and patterns with
those that the octave and the key profiles were fitted to, so the figures are friendly.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

import mir_eval
import numpy as np

from benchmarks.hearing.analysis import tempo_right
from indexer.demo.demo_library import song_path
from indexer.demo.demo_songs import SONGS, DemoSong
from indexer.files.audio.decoding import decode, resample
from indexer.mir.analyse import analyse
from indexer.mir.signal import loudness
from indexer.mir.signal.spectrum import ANALYSIS_RATE_HZ
from indexer.mir.tags.tagger import Tagger
from indexer.mir.tonality.key import PITCH_CLASSES
from indexer.mir.types import MirResult
from training.confidence import report_calibration
from training.mir.tagger_files import load_tagger

START_S = 20
"""Excerpts from the start, as short as what is heard of a stream."""
HAS = 0.5
"""A track has a mood from this strength on."""


def load(path: Path) -> tuple[np.ndarray, loudness.Loudness]:
    """Mono samples, and the loudness of all channels."""
    blocks: list[np.ndarray] = []
    audio = decode(path, sample_rate=ANALYSIS_RATE_HZ, on_block=blocks.append)
    level = loudness.measure(np.concatenate(blocks, axis=1), sample_rate=audio.source_sample_rate)
    return audio.samples, level


def heard(samples: np.ndarray, level: loudness.Loudness, tagger: Tagger | None) -> MirResult:
    tags = None
    if tagger is not None:
        tags = tagger.tag(resample(samples, from_hz=ANALYSIS_RATE_HZ, to_hz=16_000))
    return analyse(samples, sample_rate=ANALYSIS_RATE_HZ, loudness=level, tagger=tags)


def key_points(result: MirResult, song: DemoSong) -> float:
    key = result.raw.key
    name = "X" if key is None else f"{key.tonic} {key.scale}"
    return mir_eval.key.weighted_score(f"{PITCH_CLASSES[song.tonic]} {song.scale}", name)


def report_tempo(name: str, results: list[MirResult]) -> None:
    tempi = [r.raw.tempo for r in results]
    right = [
        [tempo_right(t.bpm, s.tempo_bpm, octaves=o) for t, s in zip(tempi, SONGS, strict=True)]
        for o in (False, True)
    ]
    print(f"tempo  {name}: Acc1 {np.mean(right[0]):.3f}  Acc2 {np.mean(right[1]):.3f}")
    report_calibration("tempo", [t.confidence for t in tempi], right[0])
    for song, tempo, hit in zip(SONGS, tempi, right[0], strict=True):
        if not hit:
            print(f"       {song.title}: {tempo.bpm or 0:.1f} for {song.tempo_bpm}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--demo", type=Path, required=True)
    parser.add_argument("--models", type=Path, help="folder of the converted tagger networks")
    options = parser.parse_args()
    tagger = load_tagger(options.models)
    songs = [load(song_path(options.demo, song)) for song in SONGS]
    results = [heard(samples, level, tagger) for samples, level in songs]
    report_tempo("whole songs", results)
    starts = [heard(samples[: START_S * ANALYSIS_RATE_HZ], level, None) for samples, level in songs]
    report_tempo(f"first {START_S} s", starts)
    points = [key_points(r, s) for r, s in zip(results, SONGS, strict=True)]
    exact = np.mean([p == 1 for p in points])
    print(f"key    weighted {np.mean(points):.3f}  exact {exact:.3f}")
    for song, result in zip(SONGS, results, strict=True):
        moods = [m for m, strength in result.moods.items() if strength >= HAS]
        print(f"{song.style:14s} energy {result.scores.energy_score or 0:.2f}  {', '.join(moods)}")
    counts = Counter(m for r in results for m, strength in r.moods.items() if strength >= HAS)
    shares = "  ".join(f"{m} {n / len(results):.2f}" for m, n in counts.most_common())
    print(f"share of songs with a mood: {shares}")


if __name__ == "__main__":
    main()
