"""Rhythms with known bars: performances of the Groove MIDI Dataset and of the drum patterns.

A `Rhythm` holds the onsets of a passage, as a perfect or an imperfect transcription has them, and
the reference: time signature, bar lines and the intended time of each onset.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from indexer.drums.formats.midi_files import read_notes
from indexer.drums.types import Drum, Onset
from training.drums.players.drum_patterns import generate_pattern
from training.drums.players.hits import VOICE_OF_PITCH, Performance

Random = np.random.Generator
_MAX_DURATION_S: Final = 60.0
_MIN_DURATION_S: Final = 16.0
_DRUM_OF: Final = {"ride_bell": Drum.RIDE}


@dataclass(frozen=True)
class Rhythm:
    """The onsets of a passage and the reference.

    Attributes:
        onsets: Sorted by time.
        bpm: Mean tempo, quarters a minute.
        signature: Most common time signature, such as (6, 8).
        bars_s: Bar lines, from the start of the first bar to the end of the last.
        intended_s: Time of each onset without jitter; NaN for false onsets, None if unknown.
        signatures: Time signature of each bar, if they differ.
    """

    name: str
    onsets: tuple[Onset, ...]
    bpm: float
    signature: tuple[int, int]
    bars_s: tuple[float, ...]
    intended_s: tuple[float, ...] | None = None
    signatures: tuple[tuple[int, int], ...] = ()

    @property
    def duration_s(self) -> float:
        """Duration of the passage: half a second more than the last onset."""
        return self.onsets[-1].time_s + 0.5


def groove_rhythms(path: Path, splits: frozenset[str]) -> Iterator[Rhythm]:
    """Yield the first minute of each performance of at least 16 s in some splits of the dataset."""
    with zipfile.ZipFile(path) as archive:
        rows = csv.DictReader(io.StringIO(archive.read("groove/info.csv").decode()))
        for row in rows:
            if row["split"] not in splits or row["beat_type"] != "beat":
                continue
            numerator, _, denominator = row["time_signature"].partition("-")
            notes = read_notes(archive.read(f"groove/{row['midi_filename']}"))
            onsets = tuple(
                Onset(note.time_s, _drum(VOICE_OF_PITCH[note.pitch]), note.velocity / 127)
                for note in notes
                if note.pitch in VOICE_OF_PITCH and note.time_s < _MAX_DURATION_S
            )
            if len(onsets) < 16 or onsets[-1].time_s < _MIN_DURATION_S:
                continue
            signature = int(numerator), int(denominator)
            bar_s = 240 / float(row["bpm"]) * signature[0] / signature[1]
            bars = np.arange(0, onsets[-1].time_s + bar_s, bar_s)
            name = f"{row['style']} {row['bpm']} ({row['id']})"
            yield Rhythm(name, onsets, float(row["bpm"]), signature, tuple(map(float, bars)))


def pattern_rhythms(count: int, *, seed: int) -> Iterator[Rhythm]:
    """Yield passages of the patterns that the drum network is trained with."""
    for number in range(count):
        rng = np.random.default_rng((seed, number))
        yield _rhythm_of_performance(
            f"pattern {number}", generate_pattern(rng, duration_s=45.0), rng
        )


def _rhythm_of_performance(name: str, performance: Performance, rng: Random) -> Rhythm:
    lead_s = float(rng.uniform(0, 2))
    onsets = tuple(
        Onset(s.time_s + lead_s, _drum(s.voice), s.velocity)
        for s in performance.hits
        if s.voice != "other" and s.time_s > -lead_s
    )
    bars = lead_s + np.arange(0, onsets[-1].time_s - lead_s + performance.bar_s, performance.bar_s)
    return Rhythm(
        name, onsets, performance.bpm, (performance.beats_per_bar, 4), tuple(map(float, bars))
    )


def _drum(voice: str) -> Drum:
    return _DRUM_OF.get(voice) or Drum(voice)


def degrade(
    rhythm: Rhythm,
    *,
    seed: int,
    missed: float = 0.1,
    false: float = 0.05,
    jitter_s: float = 0.008,
) -> Rhythm:
    """Return the rhythm with transcription errors.

    Args:
        rhythm: The perfect transcription.
        seed: Seed of the errors.
        missed: Share of the onsets that are left out.
        false: Number of false onsets, as a share of the true ones.
        jitter_s: Standard deviation of the timing errors.
    """
    rng = np.random.default_rng(seed)
    drums = (Drum.KICK, Drum.SNARE, Drum.HAT_CLOSED, Drum.HAT_CLOSED, Drum.CRASH)
    intended = rhythm.intended_s or (float("nan"),) * len(rhythm.onsets)
    detected: list[tuple[Onset, float]] = []
    for onset, intended_s in zip(rhythm.onsets, intended, strict=True):
        if rng.random() >= missed:
            time_s = max(0.0, onset.time_s + float(rng.normal(0, jitter_s)))
            detected.append((replace(onset, time_s=time_s), intended_s))
    for _ in range(int(false * len(rhythm.onsets))):
        drum = drums[rng.integers(len(drums))]
        time_s = float(rng.uniform(rhythm.onsets[0].time_s, rhythm.onsets[-1].time_s))
        detected.append((Onset(time_s, drum, float(rng.uniform(0.2, 0.6))), float("nan")))
    detected.sort()
    return replace(
        rhythm,
        onsets=tuple(onset for onset, _ in detected),
        intended_s=tuple(time_s for _, time_s in detected) if rhythm.intended_s else None,
    )
