"""A deterministic song whose tempo, meter and key are known."""

from __future__ import annotations

import numpy as np
import pytest

from indexer.mir.signal.spectrum import ANALYSIS_RATE_HZ as RATE

SONG_BPM, SONG_S = 126.0, 24.0


@pytest.fixture(scope="session")
def song() -> np.ndarray:
    """The song, float32, (n_samples,) at 22.05 kHz."""
    return render_song()


def render_song() -> np.ndarray:
    """24 s at 126 BPM in A minor: kick, snare, hi-hat, bass and chords Am Dm E Am."""
    rng = np.random.default_rng(7)
    out = np.zeros(int(SONG_S * RATE))
    t = np.arange(int(0.2 * RATE)) / RATE
    kick = np.sin(2 * np.pi * (50 * t + 3 * (1 - np.exp(-40 * t)))) * np.exp(-18 * t)
    snare = rng.normal(0, 0.4, len(t)) * np.exp(-22 * t)
    hat = np.diff(rng.normal(0, 0.2, len(t) + 1)) * np.exp(-70 * t)
    beat_s = 60 / SONG_BPM
    for quaver in range(int(2 * SONG_S / beat_s)):
        sounds = [hat] if quaver % 2 else [hat, snare if quaver % 4 == 2 else kick]
        _add(out, sounds, quaver * beat_s / 2)
    bar_s = 4 * beat_s
    t = np.arange(int(bar_s * RATE)) / RATE
    for bar in range(int(SONG_S / bar_s)):
        root, third = ((57, 3), (50, 3), (52, 4), (57, 3))[bar % 4]
        notes = [_note(root + step, t) for step in (0, third, 7)] + [2 * _note(root - 24, t)]
        _add(out, [0.12 * note for note in notes], bar * bar_s)
    return (out / np.abs(out).max() * 0.8).astype(np.float32)


def _note(midi: int, t: np.ndarray) -> np.ndarray:
    hz = 440 * 2 ** ((midi - 69) / 12)
    partials = sum(np.sin(2 * np.pi * hz * k * t) / k**1.5 for k in range(1, 6))
    return partials * np.exp(-1.2 * t)


def _add(out: np.ndarray, sounds: list[np.ndarray], time_s: float) -> None:
    start = int(time_s * RATE)
    for sound in sounds:
        part = sound[: len(out) - start]
        out[start : start + len(part)] += part
