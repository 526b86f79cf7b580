"""Changes of key: which are found in songs that rise, leave and come back, or stay.

Use: python -m benchmarks.hearing.key_changes --fonts FILE ... [--per-kind 10]
MMA's bands (`band_songs`) play each section, transposed by the arranger, not by pitch shifting. A
change counts as found when it is told within 10 s of where it is, with the interval right.
"""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from indexer.mir.tonality import modulation
from indexer.mir.tonality.chroma import chroma
from training.songs import band_songs
from training.songs.tempo_songs import Random

KINDS: dict[str, tuple[int, ...]] = {
    "stays": (0, 0, 0),
    "up a semitone": (0, 0, 1),
    "up a tone": (0, 0, 2),
    "up a minor third": (0, 0, 3),
    "a fifth up and back": (0, 7, 0),
    "a fourth up and back": (0, 5, 0),
    "a major third down and back": (0, 8, 0),
}
"""Semitones of each section of `band_songs.EXCERPT_S` above the first."""
TOLERANCE_S = 10.0


@dataclass(frozen=True)
class Song:
    """Samples at `band_songs.SAMPLE_RATE`, and (time, semitones of the change) of each change."""

    kind: str
    samples: np.ndarray
    changes: tuple[tuple[float, int], ...]


def songs(rng: Random, *, per_kind: int, fonts: Sequence[Path]) -> Iterator[Song]:
    grooves = [name for name, (_, beats) in band_songs.GROOVES.items() if beats == 4]
    for kind, steps in KINDS.items():
        for _ in range(per_kind):
            groove = str(rng.choice(grooves))
            bpm, beats = band_songs.GROOVES[groove]
            tonic, scale = int(rng.integers(12)), str(rng.choice(["major", "minor"]))
            seed = int(rng.integers(1 << 30))
            played = {
                step: band_songs.render_band(
                    np.random.default_rng(seed),
                    band_songs.Band(groove, beats, bpm, (tonic + step) % 12, scale),
                    fonts,
                )
                for step in dict.fromkeys(steps)
            }
            changes = tuple(
                (at * band_songs.EXCERPT_S, (steps[at] - steps[at - 1]) % 12)
                for at in range(1, len(steps))
                if steps[at] != steps[at - 1]
            )
            yield Song(kind, np.concatenate([played[step] for step in steps]), changes)


def found(sections: Sequence[modulation.KeySection]) -> list[tuple[float, int]]:
    """Times and semitones of the changes that were read; 12 where the scale changes too."""
    return [
        (now.start_s, (now.key - last.key) % 12 if now.key // 12 == last.key // 12 else 12)
        for last, now in itertools.pairwise(sections)
    ]


def matched(read: Sequence[tuple[float, int]], true: Sequence[tuple[float, int]]) -> int:
    return sum(
        any(abs(time - at) <= TOLERANCE_S and step == by for time, step in read) for at, by in true
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fonts", type=Path, nargs="+", required=True)
    parser.add_argument("--per-kind", type=int, default=10)
    options = parser.parse_args()
    hits = told = there = 0
    rows: dict[str, list[tuple[int, int, int]]] = {}
    for song in songs(np.random.default_rng(4), per_kind=options.per_kind, fonts=options.fonts):
        read = found(modulation.key_sections(chroma(song.samples)))
        row = (matched(read, song.changes), len(read), len(song.changes))
        rows.setdefault(song.kind, []).append(row)
    for kind, counts in rows.items():
        right, read, true = np.sum(counts, axis=0)
        hits, told, there = hits + right, told + read, there + true
        wrong = np.mean([r > h for h, r, _ in counts])
        print(f"{kind:28s} found {right} of {true}, told {read}, wrong ones in {wrong:.2f}")
    print(f"precision {hits / max(told, 1):.3f}  recall {hits / max(there, 1):.3f}")


if __name__ == "__main__":
    main()
