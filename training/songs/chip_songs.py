"""Game music as sound chips play it, and drum machines alone; tempo (and key) exact.

Game music: pulse waves, fast arpeggios, noise drums. Beats run from 90 to 180 a minute, evenly:
such music is often fast, and its arpeggios of semiquavers say little of where the beat is. Drum
machines play plain backbeats at 58 to 180, each octave as often as another.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from indexer.mir.tonality.key import PITCH_CLASSES
from training.songs.tempo_songs import Excerpt, Random

SAMPLE_RATE = 22050
EXCERPT_S = 20.0
SLOWEST_BPM, FASTEST_BPM = 90.0, 180.0
STEPS_PER_BAR = 16
"""Semiquavers in a bar."""
DRUMS = (
    "k...s...k...s...", "k...s...k.k.s...", "k.k.s...k.k.s...", "k..ks...k.k.s..s",
    "k...k...k...k...", "k.s.k.s.k.s.k.ss", "k.....k.s.......", "k..k..k.s.....k.",
    "s...s...s...s...", "................",
)  # fmt: skip
"""The last but one are drum rolls on the beat and nothing at all."""
HATS = ("h.h.h.h.h.h.h.h.", "..h...h...h...h.", "hhhhhhhhhhhhhhhh", "................")
BASSES = ("x...x...x...x...", "x.x.x.x.x.x.x.x.", "x..x..x.x..x..x.", "x.......x.......",
          "x..x..x.........")  # fmt: skip
BACKBEATS = (
    "k...s...k...s...", "k...s...k.k.s...", "k.k.s...k.k.s...", "k..ks..k..k.s...",
    "k...s..k..k.s...",
)  # fmt: skip
WALTZES = ("k...s...s...", "k...s...s...", "k...s...s.s.", "k.k.s...s...")
TICKS = ("h...h...h...h...", "h.h.h.h.h.h.h.h.", "hhhhhhhhhhhhhhhh", "..h...h...h...h.")
SLOWEST_MACHINE_BPM, FASTEST_MACHINE_BPM = 58.0, 180.0
SCALES = {"major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 10)}
DEGREES = ((0, 5, 3, 4), (0, 3, 4, 0), (0, 0, 3, 4), (0, 5, 6, 0), (0, 2, 3, 4), (5, 3, 0, 4))


def synthesise_tone(hz: float, seconds: float, *, duty: float, decay: float) -> np.ndarray:
    """A pulse wave, or a triangle where `duty` is 0."""
    t = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    phase = (hz * t) % 1
    wave = np.where(phase < duty, 1.0, -1.0) if duty else 4 * np.abs(phase - 0.5) - 1
    return wave * np.exp(-decay * t)


def synthesise_drum(rng: Random, mark: str) -> np.ndarray:
    """A stroke of a random bass drum (k), snare (s) or hi-hat (h)."""
    length, decay = {"k": (0.2, 25), "s": (0.2, 25), "h": (0.06, 75)}[mark]
    t = np.arange(int(length * SAMPLE_RATE)) / SAMPLE_RATE
    fading = np.exp(-decay * rng.uniform(0.7, 1.4) * t)
    if mark == "k":
        drop = rng.choice([0, rng.uniform(1, 5)])
        return np.sin(2 * np.pi * (rng.uniform(42, 65) * t + drop * (1 - np.exp(-30 * t)))) * fading
    held = int(rng.choice([1, 1, 2])) if mark == "h" else int(rng.choice([1, 1, 3]))
    noise = np.repeat(rng.normal(0, 0.5, len(t) // held + 2), held)
    if mark == "h" and rng.random() < 0.7:
        noise = np.diff(noise)
    body = np.sin(2 * np.pi * rng.uniform(160, 230) * t) if mark == "s" else np.zeros(len(t))
    return (noise[: len(t)] + rng.choice([0, 0.6]) * body) * fading


def generate_chip_songs(rng: Random, *, count: int) -> Iterator[Excerpt]:
    """`count` songs."""
    for number in range(count):
        bpm = round(float(rng.uniform(SLOWEST_BPM, FASTEST_BPM)), 1)
        tonic, scale = int(rng.integers(12)), ("major", "minor")[int(rng.integers(2))]
        out = _render_song(rng, bpm, 36 + tonic, SCALES[scale])
        yield Excerpt(
            (out / np.abs(out).max() * 0.8).astype(np.float32), bpm, f"chip {number % 10}",
            f"{PITCH_CLASSES[tonic]} {scale}", SAMPLE_RATE,
        )  # fmt: skip


def generate_drum_machines(rng: Random, *, count: int) -> Iterator[Excerpt]:
    """`count` plain rhythms: an even hi-hat, snare on the second and fourth beat or a waltz."""
    octaves = np.log2(FASTEST_MACHINE_BPM / SLOWEST_MACHINE_BPM)
    for number in range(count):
        bpm = round(float(SLOWEST_MACHINE_BPM * 2 ** (octaves * rng.random())), 1)
        waltz = number % 10 == 9
        patterns = WALTZES if waltz else BACKBEATS
        pattern = patterns[int(rng.integers(len(patterns)))]
        if waltz:
            bpm = round(float(rng.uniform(90, 170)), 1)
        ticks = TICKS[int(rng.choice(4, p=(0.2, 0.5, 0.15, 0.15)))]
        if waltz and rng.random() < 0.5:
            ticks = "." * STEPS_PER_BAR
        out = np.zeros(int(EXCERPT_S * SAMPLE_RATE))
        kit = {mark: synthesise_drum(rng, mark) for mark in "ksh"}
        levels = {"k": rng.uniform(0.5, 1.2), "s": rng.uniform(0.4, 1), "h": rng.uniform(0.1, 0.5)}
        step_s = 15 / bpm
        for step in range(int(EXCERPT_S / step_s)):
            for mark in (pattern[step % len(pattern)], ticks[step % STEPS_PER_BAR]):
                if mark != ".":
                    start = int(step * step_s * SAMPLE_RATE)
                    part = kit[mark][: max(len(out) - start, 0)]
                    out[start : start + len(part)] += levels[mark] * part
        yield Excerpt(
            (0.5 * out / np.abs(out).max()).astype(np.float32), bpm, f"machine {number % 9}",
            "", SAMPLE_RATE,
        )  # fmt: skip


def _render_song(rng: Random, bpm: float, root: int, scale: tuple[int, ...]) -> np.ndarray:
    out = np.zeros(int(EXCERPT_S * SAMPLE_RATE))
    step_s = 15 / bpm
    kit = {mark: synthesise_drum(rng, mark) for mark in "ksh"}
    drums, hats, bass = (p[int(rng.integers(len(p)))] for p in (DRUMS, HATS, BASSES))
    degrees = DEGREES[int(rng.integers(len(DEGREES)))]
    arpeggio = int(rng.choice([0, 1, 1, 2]))
    duties = rng.choice([0.125, 0.25, 0.5], 2)
    lead = [_random_phrase(rng) for _ in range(2)]
    gains = {"drums": rng.uniform(0.3, 1), "lead": rng.uniform(0.15, 0.4), "arpeggio": 0.15}

    def add(sound: np.ndarray, step: int, gain: float) -> None:
        start = int(step * step_s * SAMPLE_RATE)
        part = sound[: max(len(out) - start, 0)]
        out[start : start + len(part)] += gain * part

    def hz(degree: int, octave: int) -> float:
        note = root + 12 * octave + scale[degree % 7] + 12 * (degree // 7)
        return 440 * 2 ** ((note - 69) / 12)

    for step in range(int(EXCERPT_S / step_s)):
        bar, place = divmod(step, STEPS_PER_BAR)
        chord = degrees[bar % 4]
        for mark in (drums[place], hats[place]):
            if mark != ".":
                add(kit[mark], step, gains["drums"] * (0.35 if mark == "h" else 1))
        if bass[place] == "x":
            add(synthesise_tone(hz(chord, 0), 1.8 * step_s, duty=0, decay=3), step, 0.5)
        if arpeggio and place % arpeggio == 0:
            note = chord + (0, 2, 4, 7)[(place // arpeggio) % 4]
            sound = synthesise_tone(hz(note, 2), arpeggio * step_s, duty=float(duties[0]), decay=6)
            add(sound, step, gains["arpeggio"])
        for start, length, note in lead[(bar // 2) % 2][bar % 2]:
            if start == place:
                length_s = 0.9 * length * step_s
                sound = synthesise_tone(
                    hz(chord + note, 3), length_s, duty=float(duties[1]), decay=2
                )
                add(sound, step, gains["lead"])
    return out


def _random_phrase(rng: Random) -> list[list[tuple[int, int, int]]]:
    """Two bars of (start, length, degree)."""
    bars = []
    for _ in range(2):
        notes, at = [], 0
        while at < STEPS_PER_BAR:
            length = int(rng.choice([1, 2, 2, 2, 3, 4, 4, 6, 8]))
            if rng.random() < 0.8:
                notes.append((at, min(length, STEPS_PER_BAR - at), int(rng.integers(0, 8))))
            at += length
        bars.append(notes)
    return bars
