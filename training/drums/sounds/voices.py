"""Sounds that SoundFonts lack: strummed strings with noise of the pick, and something like singing.

Both are easily taken for drums: the pick and muted strings for a hi-hat or a side-stick, consonants
for a hi-hat or a snare.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
from scipy.signal import butter, lfilter, sosfilt

from indexer.arrays import Float32 as Float
from indexer.drums.hearing.mel import SAMPLE_RATE
from training.drums.players.hits import Performance

Random = np.random.Generator

_STRING_S: Final = 1.5
_PARTIALS_HZ: Final = 12000.0
_VOWELS_HZ: Final = (
    (730, 1090, 2440),
    (530, 1840, 2480),
    (270, 2290, 3010),
    (570, 840, 2410),
    (300, 870, 2240),
)
"""The first three formants (Peterson and Barney, 1952)."""


@cache
def _string(pitch: int, timbre: int) -> Float:
    """A plucked string: decaying partials, the high ones fastest; four ways of plucking."""
    rng = np.random.default_rng(pitch * 4 + timbre)
    hz = 440 * 2 ** ((pitch - 69) / 12)
    time = np.arange(int(_STRING_S * SAMPLE_RATE)) / SAMPLE_RATE
    pluck_at, slope, life_s = rng.uniform(0.06, 0.3), (0.6, 0.9, 1.2, 0.75)[timbre], (2, 1, 3, 0.3)
    sound = np.zeros(time.size)
    for k in range(1, min(40, int(_PARTIALS_HZ / hz)) + 1):
        stretched = hz * k * np.sqrt(1 + 8e-5 * k * k)
        level = np.sin(np.pi * k * pluck_at) / k**slope
        fall = np.exp(-time * (3 / life_s[timbre]) * (1 + 0.12 * k))
        sound += level * fall * np.sin(2 * np.pi * stretched * time + rng.uniform(0, 6.28))
    return (sound / np.abs(sound).max()).astype(np.float32)


def _noise_burst(rng: Random, seconds: float, low_hz: float, high_hz: float) -> Float:
    """Filtered noise that swells and falls."""
    count = int(seconds * SAMPLE_RATE)
    limits = [low_hz, min(high_hz, 19000.0)]
    sos = butter(1, limits, "bandpass", fs=SAMPLE_RATE, output="sos")
    noise = np.asarray(sosfilt(sos, rng.standard_normal(count)))
    time = np.arange(count) / SAMPLE_RATE
    attack_s = rng.uniform(0.001, 0.5 * seconds)
    shape = np.minimum(time / attack_s, 1) * np.minimum((seconds - time) / (0.4 * seconds), 1)
    return (noise * shape / (np.abs(noise).max() + 1e-9)).astype(np.float32)


def _mix_in(total: Float, sound: Float, start: int, gain: float) -> None:
    end = min(total.size, start + sound.size)
    if 0 <= start < end:
        total[start:end] += np.float32(gain) * sound[: end - start]


def synthesise_strings(rng: Random, played: Performance, *, start_s: float, count: int) -> Float:
    """Strumming or picking in the song's tempo: float32, (count,)."""
    total = np.zeros(count, np.float32)
    divide, timbre = int(rng.choice([2, 4])), int(rng.integers(0, 4))
    picked, muted = rng.random() < 0.25, rng.random() < 0.3
    pick_noise, spread_s = rng.uniform(0, 0.9), rng.uniform(0.003, 0.02)
    pattern = rng.random(played.beats_per_bar * divide) < rng.uniform(0.5, 1)
    roots = 40 + rng.integers(0, 12, 4)
    step_s = 60 / played.bpm / divide
    for step in range(int((count / SAMPLE_RATE - start_s) / step_s)):
        if not pattern[step % pattern.size]:
            continue
        root = int(roots[step // pattern.size % 4])
        chord = [root + i for i in (0, 7, 12, 16 - int(root % 2), 19, 24)]
        notes = [int(rng.choice(chord))] if picked else chord[:: 1 if step % 2 == 0 else -1]
        time_s = start_s + step * step_s + rng.normal(0, 0.008)
        length = int((rng.uniform(0.04, 0.12) if muted else rng.uniform(0.2, 1.4)) * SAMPLE_RATE)
        loud = rng.uniform(0.4, 1)
        for i, pitch in enumerate(notes):
            sound = _string(pitch, timbre)[:length].copy()
            fade = min(sound.size, 800)
            sound[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
            _mix_in(total, sound, int((time_s + i * spread_s) * SAMPLE_RATE), loud)
        if rng.random() < pick_noise:
            click = _noise_burst(rng, rng.uniform(0.005, 0.03), rng.uniform(800, 3000), 15000)
            _mix_in(total, click, int(time_s * SAMPLE_RATE), loud * rng.uniform(0.05, 0.6))
    return total


def _vowel(rng: Random, hz: float, seconds: float) -> Float:
    """A buzz with vibrato through the formants of a vowel."""
    time = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    vibrato = 1 + rng.uniform(0, 0.02) * np.sin(2 * np.pi * rng.uniform(4.5, 6.5) * time)
    phase = np.cumsum(hz * vibrato * (1 - 0.06 * np.exp(-time / 0.04))) / SAMPLE_RATE
    buzz = np.diff(np.mod(phase, 1.0), prepend=0.0) + 0.02 * rng.standard_normal(time.size)
    sound = np.zeros(time.size)
    for number, formant in enumerate(_VOWELS_HZ[rng.integers(len(_VOWELS_HZ))]):
        width = np.exp(-np.pi * (60 + 40 * number) / SAMPLE_RATE)
        angle = 2 * np.pi * formant * rng.uniform(0.9, 1.2) / SAMPLE_RATE
        poles = [1, -2 * width * np.cos(angle), width**2]
        sound += np.asarray(lfilter([1 - width], poles, buzz)) * 0.6**number
    shape = np.minimum(time / 0.03, 1) * np.minimum((seconds - time) / 0.06, 1)
    return (sound * shape / (np.abs(sound).max() + 1e-9)).astype(np.float32)


def synthesise_vocals(rng: Random, count: int) -> Float:
    """Syllables in phrases: float32, (count,)."""
    total = np.zeros(count, np.float32)
    pitch = float(rng.uniform(45, 69))
    hiss = rng.uniform(0.05, 0.6)
    time_s, end_s = rng.uniform(0, 1), count / SAMPLE_RATE
    while time_s < end_s - 0.3:
        step = float(np.clip(rng.normal(0, 2.5), -5, 5))
        hz = 440 * 2 ** ((pitch + step - 69) / 12)
        length_s = float(np.exp(rng.uniform(np.log(0.1), np.log(0.9))))
        if rng.random() < 0.7:
            seconds = rng.uniform(0.02, 0.16)
            low = rng.uniform(1500, 6500)
            consonant = _noise_burst(rng, seconds, low, low * rng.uniform(1.3, 3))
            _mix_in(total, consonant, int(time_s * SAMPLE_RATE), hiss * rng.uniform(0.3, 1))
            time_s += seconds * 0.7
        _mix_in(total, _vowel(rng, hz, length_s), int(time_s * SAMPLE_RATE), rng.uniform(0.5, 1))
        time_s += length_s + (rng.uniform(0.4, 2.0) if rng.random() < 0.15 else 0.02)
    return total
