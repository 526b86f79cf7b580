"""Rendering of a demo song to a stereo master."""

from __future__ import annotations

import zlib
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.signal import fftconvolve

from indexer.arrays import Float32
from indexer.demo.demo_score import DemoScore
from indexer.demo.demo_songs import DemoSong
from indexer.demo.instruments import SAMPLE_RATE, note
from indexer.drums.formats.kit import render_hit

_TAIL_S: Final = 1.5
_DRUM_PAN: Final = {
    "hat_closed": 0.25, "hat_open": 0.25, "hat_pedal": 0.25, "ride": -0.35, "crash": -0.3,
    "tom_high": 0.2, "tom_floor": -0.2,
}  # fmt: skip
_DRUM_GAIN: Final = {
    "kick": 1.0, "snare": 0.85, "clap": 0.6, "hat_closed": 0.35, "hat_open": 0.4, "ride": 0.4,
    "crash": 0.5, "side_stick": 0.5, "hat_pedal": 0.35,
}  # fmt: skip
_GAIN: Final = {"bass": 0.5, "synth_bass": 0.42, "distorted": 0.3, "voice": 0.34, "piano": 0.3}
_OTHER_GAIN: Final = 0.24
_LEVEL: Final[dict[str, float]] = {"metal": 2.6, "punk": 2.4, "rock": 1.8, "drum and bass": 2.0,
    "techno": 2.0, "trance": 2.0, "classical": 0.5, "ambient": 0.45, "folk": 0.7, "jazz": 0.7,
    "waltz": 0.7, "blues": 0.9}  # fmt: skip
"""Gain into the soft clipping of the master: loud styles are compressed, quiet ones are not."""


def render(song: DemoSong) -> Float32:
    """Render the whole song: float32, (2, n_samples), at `SAMPLE_RATE`, peak −1 dBFS at most."""
    score = DemoScore(song)
    length = int((score.bars * score.bar_s + _TAIL_S) * SAMPLE_RATE)
    music, drums = np.zeros((2, length), np.float32), np.zeros((2, length), np.float32)
    for played in score.notes():
        sound = note(played.instrument, played.midi_pitch, round(played.length_s * 1000))
        gain = played.velocity * _GAIN.get(played.instrument, _OTHER_GAIN)
        _add(music, sound, played.time_s, gain, played.pan)
    for hit in score.hits():
        gain = _DRUM_GAIN.get(hit.drum, 0.7)
        sound = _hit(hit.drum, round(hit.velocity * 8) / 8)
        _add(drums, sound, hit.time_s, gain, _DRUM_PAN.get(hit.drum, 0.0))
    wet = 0.5 if song.style in {"ambient", "classical"} else 0.16
    mix = _room(music, wet=wet) + _room(drums, wet=0.06)
    mix *= _LEVEL.get(song.style, 1.3) / max(1e-6, float(np.percentile(np.abs(mix), 99.5)))
    master = 0.89 * np.tanh(0.6 * mix)
    fade = np.linspace(1, 0, int(_TAIL_S * SAMPLE_RATE), dtype=np.float32)
    master[:, -fade.size :] *= fade
    return master.astype(np.float32)


@lru_cache(maxsize=128)
def _hit(drum: str, velocity: float) -> Float32:
    return render_hit(drum, sample_rate=SAMPLE_RATE, velocity=velocity)


def _add(bus: NDArray, sound: NDArray, time_s: float, gain: float, pan: float) -> None:
    start = round(time_s * SAMPLE_RATE)
    piece = sound[: bus.shape[1] - start]
    angle = (pan + 1) * np.pi / 4
    bus[0, start : start + piece.size] += np.float32(gain * np.cos(angle)) * piece
    bus[1, start : start + piece.size] += np.float32(gain * np.sin(angle)) * piece


def _room(bus: Float32, *, wet: float) -> Float32:
    """Return the bus with reverberation: exponentially decaying noise, different on each side."""
    seconds = 0.6 + 2.0 * wet
    t = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    rng = np.random.default_rng(zlib.crc32(b"room"))
    tail = rng.standard_normal((2, t.size)) * np.exp(-6.9 * t / seconds)
    tail /= np.sqrt((tail**2).sum(axis=1, keepdims=True))
    echo = fftconvolve(bus, tail.astype(np.float32), axes=1)[:, : bus.shape[1]]
    return bus + wet * echo.astype(np.float32)
