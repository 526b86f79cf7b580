"""Composed game music whose tempo is exact: MIDI scores and tracker modules of free games.

Scores are MIDI files (those of Freedoom, OpenMSX for OpenTTD, Simutrans and FreeDink were used),
played by FluidSynth. Those that were not played to their own beat, or that keep no tempo for half a
minute, are left out. Modules are .mod, .xm, .it and .s3m files (of TecnoballZ, Heroes, Pingus,
Pachi, Frozen Bubble and Red Eclipse), played by libopenmpt (Debian: apt install libopenmpt0).
"""

from __future__ import annotations

import ctypes
import itertools
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import soundfile

from indexer.drums.formats import midi_files
from training.songs import band_songs
from training.songs.tempo_songs import Excerpt, Random

SCORE, MODULE = "score", "module"
"""How groups begin: all excerpts of one file are in one."""
EXCERPT_S = 30.0
MIN_DURATION_S = 25.0
TEMPO_TOLERANCE = 0.012
MIN_BEAT_CONCENTRATION = 0.2
"""Notes that fall on no fraction of the beat more than by chance were not played to it."""
BEAT_DIVISIONS = (1, 2, 3, 4, 6)
MODULE_SUFFIXES = (".it", ".mod", ".s3m", ".xm")
SAMPLE_RATE = band_songs.SAMPLE_RATE
BLOCK_SAMPLES = SAMPLE_RATE // 10
MAX_MODULE_S = 200.0
FASTEST_BPM, SLOWEST_BPM = 195.0, 60.0
"""Modules with eight rows a beat call themselves twice as fast as they are."""
COMPOUND_METERS = ((6, 8), (9, 8), (12, 8))
"""6/8, 9/8 and 12/8 as MIDI writes them: a beat is three quavers, one and a half quarters."""
_DEFAULT_TEMPO_US = 500_000


def play_scores(rng: Random, folder: Path, fonts: Sequence[Path]) -> Iterator[Excerpt]:
    """Two excerpts of every MIDI file below `folder` that keeps its tempo and its beat."""
    for path in sorted(folder.rglob("*.mid")):
        try:
            start_s, end_s, bpm = find_steady_part(path.read_bytes())
        except (midi_files.MidiError, ValueError):
            continue
        with tempfile.TemporaryDirectory() as made:
            sound = Path(made, "a.wav")
            band_songs.play_midi(path, sound, str(fonts[int(rng.integers(len(fonts)))]))
            samples, rate = soundfile.read(sound, dtype="float32", always_2d=True)
        part = samples.mean(axis=1)[int(start_s * rate) : int(end_s * rate)]
        yield from _cut_excerpts(part, rate, bpm, f"{SCORE} {path.stem}")


def find_steady_part(data: bytes) -> tuple[float, float, float]:
    """Start and end in seconds and BPM of the longest part of a MIDI file with one tempo.

    Raises:
        ValueError: It has no notes, or they do not fall on the beats or fractions of them.
    """
    song = midi_files.read_song(data)
    events, per_quarter = song.events(), song.per_quarter
    notes = sorted(tick for track in song.tracks for tick, _ in track.struck())
    if not notes:
        raise ValueError("a file without notes")
    beats = np.array(notes) / per_quarter
    if (
        max(abs(np.exp(2j * np.pi * f * beats).mean()) for f in BEAT_DIVISIONS)
        < MIN_BEAT_CONCENTRATION
    ):
        raise ValueError("a performance beside its own beat")
    signatures = [(m.numerator, m.denominator) for _, m in events if m.type == "time_signature"]
    quarters = 1.5 if signatures and signatures[0] in COMPOUND_METERS else 1.0
    changes = [(0, _DEFAULT_TEMPO_US)]
    changes += [(tick, m.tempo) for tick, m in events if m.type == "set_tempo"]
    ends = [*(tick for tick, _ in changes[1:]), notes[-1]]
    parts: list[tuple[float, float, float]] = []
    time_s = 0.0
    for (tick, tempo_us), end in zip(changes, ends, strict=True):
        lasts_s = max(min(end, notes[-1]) - tick, 0) * tempo_us / 1e6 / per_quarter
        bpm = 6e7 / tempo_us / quarters
        if parts and lasts_s and abs(parts[-1][2] / bpm - 1) < TEMPO_TOLERANCE:
            parts[-1] = (parts[-1][0], time_s + lasts_s, parts[-1][2])
        elif lasts_s:
            parts.append((time_s, time_s + lasts_s, bpm))
        time_s += lasts_s
    return max(parts, key=lambda part: part[1] - part[0])


def play_modules(folder: Path) -> Iterator[Excerpt]:
    """Two excerpts of every tracker module below `folder`."""
    for path in sorted(p for p in folder.rglob("*") if p.suffix.lower() in MODULE_SUFFIXES):
        samples, tempi = play_module(path.read_bytes())
        runs = [(bpm, len(list(run))) for bpm, run in itertools.groupby(tempi)]
        ends = np.cumsum([length for _, length in runs])
        if not runs:
            continue
        longest = max(range(len(runs)), key=lambda i: runs[i][1])
        bpm, length = runs[longest]
        while bpm > FASTEST_BPM:
            bpm /= 2
        if bpm >= SLOWEST_BPM:
            end = int(ends[longest]) * BLOCK_SAMPLES
            part = samples[end - length * BLOCK_SAMPLES : end]
            yield from _cut_excerpts(part, SAMPLE_RATE, bpm, f"{MODULE} {path.stem}")


def play_module(data: bytes) -> tuple[np.ndarray, list[float]]:
    """Mono float32 samples, and the BPM that each block of them is played at."""
    player = ctypes.CDLL("libopenmpt.so.0")
    player.openmpt_module_create_from_memory2.restype = ctypes.c_void_p
    player.openmpt_module_get_current_estimated_bpm.restype = ctypes.c_double
    player.openmpt_module_read_float_mono.restype = ctypes.c_size_t
    size = ctypes.c_size_t(len(data))
    made = player.openmpt_module_create_from_memory2(data, size, *[None] * 7)
    if not made:
        return np.zeros(0, np.float32), []
    module = ctypes.c_void_p(made)
    block, blocks, tempi = np.zeros(BLOCK_SAMPLES, np.float32), [], []
    for _ in range(int(MAX_MODULE_S * SAMPLE_RATE / BLOCK_SAMPLES)):
        address, wanted = ctypes.c_void_p(block.ctypes.data), ctypes.c_size_t(BLOCK_SAMPLES)
        if (
            player.openmpt_module_read_float_mono(module, SAMPLE_RATE, wanted, address)
            < BLOCK_SAMPLES
        ):
            break
        blocks.append(block.copy())
        tempi.append(round(player.openmpt_module_get_current_estimated_bpm(module), 1))
    player.openmpt_module_destroy(module)
    return np.concatenate([np.zeros(0, np.float32), *blocks]), tempi


def _cut_excerpts(samples: np.ndarray, rate: int, bpm: float, group: str) -> Iterator[Excerpt]:
    n = len(samples)
    if n < MIN_DURATION_S * rate or float(np.abs(samples).max()) < 1e-3:
        return
    length = int(EXCERPT_S * rate)
    starts = (n // 8, n // 2) if n > 2 * length else (max((n - length) // 2, 0),)
    for start in starts:
        yield Excerpt(samples[start : start + length], bpm, group, rate_hz=rate)
