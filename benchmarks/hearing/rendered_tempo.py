"""Whether the tempo of a track is called constant, drifting or changing, and rightly.

Use: backbeat demo --out FOLDER; python -m benchmarks.hearing.rendered_tempo --demo FOLDER
Every song of the demo library, whose tempo is exact, is played again as from a tape whose speed
follows a known course: steady, as unsteady as a good player, faster and faster (or slower), to and
fro, with a jump, and with another tempo in the middle. Tempo and beats are measured too: how many
of the true beats are found where one tempo is followed, and where the course of the tempo is.
"""

from __future__ import annotations

import argparse
import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import mir_eval
import numpy as np
from scipy import ndimage

from benchmarks.hearing.analysis import tempo_right
from indexer.demo.demo_library import song_path
from indexer.demo.demo_songs import SONGS
from indexer.files.audio.decoding import decode
from indexer.mir.rhythm import beats, onset, tempo
from indexer.mir.signal import spectrum
from indexer.mir.signal.spectrum import ANALYSIS_RATE_HZ, FRAME_RATE_HZ

Random = np.random.Generator
SHORTEST_S = 30.0
REPEATED_S = 90.0
"""Songs are played twice where they are short: a drift needs its time."""
UNSTEADY = 0.003
DRIFT, SWAY, JUMP = (0.04, 0.08), (0.03, 0.05), (0.08, 0.3)
SWAY_S = (60.0, 110.0)
SKIPPED_S = 5.0


@dataclass(frozen=True)
class Course:
    """`speed`: float (n_frames,), of the tape; `stability`: what it should be called."""

    name: str
    stability: beats.TempoStability
    speed: np.ndarray


def courses(rng: Random, n: int) -> Iterator[Course]:
    """Six courses for a song of `n` frames."""
    at = np.arange(int(1.5 * n))
    sign = rng.choice([-1, 1])
    noise = ndimage.gaussian_filter1d(rng.normal(0, 1, len(at)), 4 * FRAME_RATE_HZ)
    yield Course("steady", "constant", np.ones(len(at)))
    yield Course("as a player", "constant", 1 + UNSTEADY * noise / noise.std())
    drift = sign * rng.uniform(*DRIFT)
    yield Course("faster or slower", "drifting", 1 + drift * (at / n - 0.5) * 2)
    turn = 2 * np.pi * at / FRAME_RATE_HZ / rng.uniform(*SWAY_S)
    sway = rng.uniform(*SWAY) * np.sin(turn + rng.uniform(0, 6))
    yield Course("to and fro", "drifting", 1 + sway)
    jump, first = sign * rng.uniform(*JUMP), rng.uniform(0.3, 0.6) * n
    yield Course("a jump", "changing", np.where(at < first, 1, 1 + jump))
    middle = (at > first) & (at < first + 0.3 * n)
    yield Course("another middle", "changing", np.where(middle, 1 + jump, 1))


def played(samples: np.ndarray, course: Course) -> tuple[np.ndarray, np.ndarray]:
    """The samples from the tape, and where in the song each frame of them is, in seconds."""
    place = np.cumsum(course.speed) / FRAME_RATE_HZ
    place = place[place < len(samples) / ANALYSIS_RATE_HZ]
    n = int(len(place) * ANALYSIS_RATE_HZ / FRAME_RATE_HZ)
    fine = np.interp(np.arange(n) / ANALYSIS_RATE_HZ, np.arange(len(place)) / FRAME_RATE_HZ, place)
    at = np.arange(len(samples)) / ANALYSIS_RATE_HZ
    return np.interp(fine, at, samples).astype(np.float32), place


def beats_found(truth_s: np.ndarray, found_s: np.ndarray) -> float:
    """F-measure after the first seconds."""
    late = [times[times > SKIPPED_S] for times in (truth_s, found_s)]
    return float(mir_eval.beat.f_measure(late[0], late[1]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--demo", type=Path, required=True)
    folder: Path = parser.parse_args().demo
    rng = np.random.default_rng(4)
    told: dict[tuple[str, str], Counter[str]] = {}
    scores: dict[str, list[tuple[float, float, float]]] = {}
    for song in SONGS:
        samples = decode(song_path(folder, song), sample_rate=ANALYSIS_RATE_HZ).samples
        if len(samples) < SHORTEST_S * ANALYSIS_RATE_HZ:
            continue
        bar_s = song.beats_per_bar * 60 / song.tempo_bpm
        whole = samples[: int(len(samples) / ANALYSIS_RATE_HZ // bar_s * bar_s * ANALYSIS_RATE_HZ)]
        samples = np.tile(whole, max(1, round(REPEATED_S * ANALYSIS_RATE_HZ / len(whole))))
        frames = int(len(samples) / ANALYSIS_RATE_HZ * FRAME_RATE_HZ)
        for course in courses(rng, frames):
            heard, place_s = played(samples, course)
            curves = spectrum.scan(heard).onset_curves
            novelty = onset.novelty(curves)
            reading = tempo.estimate_tempo(curves, novelty)
            strength = onset.strength(novelty)
            path = beats.tempo_curve(strength, bpm=reading.bpm)
            key = (course.name, course.stability)
            told.setdefault(key, Counter())[beats.tempo_stability(path)] += 1
            usual = song.tempo_bpm * float(np.median(course.speed[: len(place_s)]))
            grid_s = np.interp(
                np.arange(0, place_s[-1], 60 / song.tempo_bpm),
                place_s, np.arange(len(place_s)) / FRAME_RATE_HZ,
            )  # fmt: skip
            right = tempo_right(reading.bpm, usual, octaves=True)
            with_course, without = (
                beats_found(grid_s, beats.track_beats(strength, bpm=usual, curve=c))
                for c in (beats.tempo_curve(strength, bpm=usual), None)
            )
            scores.setdefault(course.name, []).append((float(right), with_course, without))
    for (name, truth), count in told.items():
        family, follows, keeps = np.mean(scores[name], axis=0)
        answers = ", ".join(f"{a} {n}" for a, n in count.most_common())
        print(
            f"{name:17s} {truth:9s} told {count[truth]} of {count.total()} ({answers}); family of "
            f"the usual tempo {family:.2f}; beats, F: {follows:.2f} along the course, {keeps:.2f} "
            "at one tempo"
        )
    right = sum(count[truth] for (_, truth), count in told.items())
    every = sum(itertools.chain.from_iterable(count.values() for count in told.values()))
    print(f"stability: {right / every:.3f} of {every}")


if __name__ == "__main__":
    main()
