"""Synthesised one-shot drum sounds; no recording is shipped.

Struck skins are decaying sine modes whose pitch falls as the skin relaxes; cymbals are clusters
of inharmonic partials under filtered noise; wires, sticks and beaters are short noise bursts.
A harder hit is louder and brighter.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Final

import numpy as np
from scipy.signal import butter, sosfilt

from indexer.arrays import Float32, Float64

Voice = Callable[["_Hit"], Float64]

_PEAK: Final = 0.89
"""Peak of a full hit (−1 dBFS), so that a lossy encoder does not clip it."""
_SOFT_CUT_HZ: Final = 2500.0
"""Cutoff of the low-pass filter of the softest hit; it rises with velocity."""


class _Hit:
    """A hit to synthesise: its time axis, random source, and basic generators."""

    def __init__(self, seconds: float, sample_rate: int, velocity: float, seed: int) -> None:
        self.rate = sample_rate
        self.velocity = velocity
        self.rng = np.random.default_rng(seed)
        self.t = np.arange(int(seconds * sample_rate)) / sample_rate

    def decay(self, seconds: float) -> Float64:
        """Return an envelope that falls by 60 dB in `seconds`."""
        return np.exp(-6.9 * self.t / seconds)

    def tone(
        self, hz: float, seconds: float, *, drop: float = 0.0, drop_s: float = 0.03
    ) -> Float64:
        """Return a decaying sine that starts at (1 + drop) · hz and settles on `hz`."""
        hz *= 1 + 0.006 * self.rng.standard_normal()
        glide = drop * drop_s * (1 - np.exp(-self.t / drop_s))
        return np.sin(2 * np.pi * hz * (self.t + glide)) * self.decay(seconds)

    def noise(self, low_hz: float, high_hz: float, seconds: float) -> Float64:
        """Return band-passed noise with an exponential decay."""
        high_hz = min(high_hz, 0.47 * self.rate)
        low_hz = min(low_hz, 0.9 * high_hz)
        sos = butter(2, [low_hz, high_hz], "bandpass", fs=self.rate, output="sos")
        sound = np.asarray(sosfilt(sos, self.rng.standard_normal(self.t.size)))
        return sound * self.decay(seconds)

    def metal(self, low_hz: float, high_hz: float, count: int, seconds: float) -> Float64:
        """Return inharmonic partials, of which high ones decay faster, as on a cymbal."""
        high_hz = min(high_hz, 0.45 * self.rate)
        hz = np.exp(self.rng.uniform(np.log(low_hz), np.log(high_hz), count))
        phase = self.rng.uniform(0, 2 * np.pi, count)
        life = seconds * (low_hz / hz) ** 0.35
        sound = np.zeros(self.t.size)
        for f, p, s in zip(hz, phase, life, strict=True):
            sound += np.sin(2 * np.pi * f * self.t + p) * self.decay(float(s))
        return sound / np.sqrt(count)


def _kick(s: _Hit) -> Float64:
    body = s.tone(52, 0.42, drop=2.4, drop_s=0.022) + 0.35 * s.tone(98, 0.16, drop=1.2)
    return np.tanh(1.6 * body) + (0.1 + 0.25 * s.velocity) * s.noise(1800, 6500, 0.022)


def _snare(s: _Hit) -> Float64:
    shell = s.tone(188, 0.2, drop=0.5, drop_s=0.012) + 0.6 * s.tone(331, 0.13, drop=0.3)
    wires = s.noise(1400, 9500, 0.26) + 0.6 * s.noise(3500, 15000, 0.15)
    return 0.75 * shell + (0.5 + 0.5 * s.velocity) * wires + 0.7 * s.noise(900, 12000, 0.014)


def _side_stick(s: _Hit) -> Float64:
    wood = s.tone(1720, 0.05) + 0.7 * s.tone(2480, 0.035) + 0.6 * s.tone(820, 0.06)
    return wood + 0.8 * s.noise(1500, 8000, 0.012) + 0.15 * s.tone(190, 0.08)


def _clap(s: _Hit) -> Float64:
    sound = s.noise(900, 4500, 0.22) * 0.55
    for start_s in (0.0, 0.011, 0.022, 0.031):
        burst = s.noise(900, 5500, 0.028)
        shift = int(start_s * s.rate)
        sound[shift:] += burst[: burst.size - shift]
    return sound


def _hat(seconds: float, low_hz: float) -> Voice:
    def voice(s: _Hit) -> Float64:
        plates = s.metal(low_hz, 12500, 40, seconds * 1.3)
        air = s.noise(6500, 17000, seconds) + 0.5 * s.noise(low_hz, 9000, seconds * 0.7)
        tick = s.noise(4000, 16000, 0.012)
        sound = 0.55 * plates + air + 0.5 * s.velocity * tick
        sos = butter(2, 2800, "highpass", fs=s.rate, output="sos")
        return np.asarray(sosfilt(sos, sound))

    return voice


def _tom(hz: float, seconds: float) -> Voice:
    def voice(s: _Hit) -> Float64:
        skin = s.tone(hz, seconds, drop=0.55, drop_s=0.05)
        skin += 0.4 * s.tone(hz * 1.594, seconds * 0.45, drop=0.4)
        skin += 0.2 * s.tone(hz * 2.136, seconds * 0.3, drop=0.3)
        return np.tanh(1.2 * skin) + (0.06 + 0.2 * s.velocity) * s.noise(900, 6000, 0.03)

    return voice


def _crash(seconds: float, low_hz: float) -> Voice:
    def voice(s: _Hit) -> Float64:
        wash = s.noise(2500, 16000, seconds) + 0.7 * s.noise(700, 6000, seconds * 0.8)
        bloom = 1 - 0.5 * np.exp(-s.t / 0.02)
        strike = 0.9 * s.noise(3000, 15000, 0.05)
        return (0.8 * s.metal(low_hz, 11000, 90, seconds * 1.5) + wash) * bloom + strike

    return voice


def _china(s: _Hit) -> Float64:
    """A china: mostly noise from 1 to 4 kHz with a fast attack and a short decay."""
    trash = s.noise(950, 3000, 0.75) + 0.5 * s.noise(2500, 8000, 0.5)
    plate = s.metal(850, 4500, 60, 0.8)
    return np.tanh(1.5 * (0.8 * plate + trash)) + 0.5 * s.noise(1200, 9000, 0.04)


def _ride(s: _Hit) -> Float64:
    ping = s.metal(2600, 7200, 14, 1.6) + 0.35 * s.tone(3150, 0.8) + 0.2 * s.tone(1240, 1.0)
    wash = 0.3 * s.metal(420, 9500, 60, 2.0) + 0.16 * s.noise(3500, 14000, 1.2)
    return ping + wash + 0.55 * s.noise(4500, 15000, 0.018)


_VOICES: Final[dict[str, tuple[float, Voice]]] = {
    "kick": (0.5, _kick),
    "kick_left": (0.5, _kick),
    "snare": (0.4, _snare),
    "side_stick": (0.15, _side_stick),
    "clap": (0.35, _clap),
    "hat_closed": (0.16, _hat(0.11, 5200)),
    "hat_open": (0.9, _hat(0.75, 4600)),
    "hat_pedal": (0.12, _hat(0.075, 3600)),
    "tom_high": (0.6, _tom(178, 0.5)),
    "tom_low": (0.7, _tom(128, 0.6)),
    "tom_floor": (0.9, _tom(84, 0.8)),
    "crash": (2.2, _crash(1.9, 520)),
    "crash_left": (2.0, _crash(1.6, 690)),
    "ride": (1.8, _ride),
    "china": (1.2, _china),
    "other": (0.15, _side_stick),
}
DRUM_NAMES: Final = tuple(_VOICES)
"""Names that `render_hit` accepts: every value of `Drum`, and "clap"."""


def render_hit(
    drum: str, *, sample_rate: int = 44100, velocity: float = 1.0, seed: int = 0
) -> Float32:
    """Synthesise one hit.

    Args:
        drum: One of `DRUM_NAMES` (a `Drum` is one of them).
        sample_rate: Hz.
        velocity: 0..1; both loudness (square law) and brightness follow it.
        seed: Another seed gives another hit of the same drum.

    Returns:
        float32, (n_samples,), peak at most 0.89; it starts at the attack and ends in silence.

    Raises:
        ValueError: There is no such drum.
    """
    if drum not in _VOICES:
        raise ValueError(f"Expected one of {', '.join(DRUM_NAMES)}, not {drum!r}")
    velocity = min(max(velocity, 0.0), 1.0)
    seconds, voice = _VOICES[drum]
    mixed_seed = zlib.crc32(drum.encode()) ^ (seed & 0xFFFFFFFF)
    sound = voice(_Hit(seconds, sample_rate, velocity, mixed_seed))
    cut_hz = min(_SOFT_CUT_HZ * 8 ** (velocity * 1.05), 0.47 * sample_rate)
    sound = np.asarray(sosfilt(butter(1, cut_hz, fs=sample_rate, output="sos"), sound))
    fade = min(sound.size, int(0.02 * sample_rate))
    sound[-fade:] *= np.linspace(1, 0, fade)
    peak = float(np.abs(sound).max())
    return (sound * (_PEAK * velocity**2 / peak)).astype(np.float32)
