"""Pitched instruments of the demo library, each a function of pitch and length.

Every voice returns float32 mono at `SAMPLE_RATE`, peak near 1 before its own envelope.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, lfilter, sosfilt

from indexer.arrays import Float32, Float64

SAMPLE_RATE: Final = 44_100
Sound = Float32


def hz(midi_pitch: float) -> float:
    """Frequency of a MIDI pitch (69 = 440 Hz), equal temperament."""
    return 440.0 * 2.0 ** ((midi_pitch - 69) / 12)


def _clock(seconds: float) -> Float64:
    return np.arange(max(1, int(seconds * SAMPLE_RATE))) / SAMPLE_RATE


def _envelope(
    t: Float64, *, attack_s: float, release_s: float, decay_s: float | None = None
) -> Float64:
    """Linear attack and release around a sustain that falls by 60 dB in `decay_s`."""
    length = t[-1] if t.size > 1 else 0.0
    level = np.minimum(1.0, (t + 1e-9) / max(attack_s, 1e-4))
    level *= np.minimum(1.0, np.maximum(0.0, (length - t) / max(release_s, 1e-4)))
    return level * (np.exp(-6.9 * t / decay_s) if decay_s else 1.0)


def _partials(t: Float64, base_hz: float, amplitudes: NDArray) -> Float64:
    """Harmonics 1..n with the given amplitudes, none above 16 kHz."""
    out = np.zeros_like(t)
    phase = 2 * np.pi * base_hz * t
    for number, amplitude in enumerate(amplitudes, start=1):
        if number * base_hz > 16_000:
            break
        out += amplitude * np.sin(number * phase)
    return out


def _saw(t: Float64, base_hz: float, cutoff_hz: float) -> Float64:
    count = max(1, int(min(16_000, 3 * cutoff_hz) / base_hz))
    harmonics = np.arange(1, count + 1)
    rolloff = 1.0 / np.sqrt(1 + (harmonics * base_hz / cutoff_hz) ** 4)
    return _partials(t, base_hz, rolloff / harmonics) * 0.6


def _filtered(sound: NDArray, kind: str, edges_hz: float | tuple[float, float]) -> NDArray:
    return np.asarray(sosfilt(butter(2, edges_hz, kind, fs=SAMPLE_RATE, output="sos"), sound))


def plucked(midi_pitch: int, seconds: float) -> Sound:
    """Acoustic guitar: a plucked string as a delay line (Karplus and Strong, 1983)."""
    period = max(2, round(SAMPLE_RATE / hz(midi_pitch) - 0.5))
    rng = np.random.default_rng(midi_pitch)
    excitation = np.zeros(int((seconds + 0.25) * SAMPLE_RATE))
    excitation[:period] = _filtered(rng.uniform(-1, 1, period), "lowpass", 6000)
    feedback = np.zeros(period + 2)
    feedback[0], feedback[period], feedback[period + 1] = 1.0, -0.498, -0.498
    string = np.asarray(lfilter([1.0], feedback, excitation))
    t = np.arange(string.size) / SAMPLE_RATE
    return (string * _envelope(t, attack_s=0.001, release_s=0.2)).astype(np.float32)


def distorted(midi_pitch: int, seconds: float) -> Sound:
    """Electric guitar through an overdriven amplifier: root and fifth, clipped, cabinet cut."""
    t = _clock(seconds)
    chord = _saw(t, hz(midi_pitch), 3000) + 0.8 * _saw(t, hz(midi_pitch + 7), 3000)
    clipped = np.tanh(7 * chord * _envelope(t, attack_s=0.004, release_s=0.03, decay_s=6.0))
    return (0.5 * _filtered(clipped, "bandpass", (90, 4200))).astype(np.float32)


def bass(midi_pitch: int, seconds: float) -> Sound:
    """Finger bass: few harmonics, a quick start, a slow fall."""
    t = _clock(seconds)
    tone = _partials(t, hz(midi_pitch), np.array([1.0, 0.55, 0.3, 0.16, 0.08, 0.04]))
    return (0.7 * tone * _envelope(t, attack_s=0.006, release_s=0.03, decay_s=2.5)).astype(
        np.float32
    )


def synth_bass(midi_pitch: int, seconds: float) -> Sound:
    """Sawtooth bass with a closing filter."""
    t = _clock(seconds)
    bright = _saw(t, hz(midi_pitch), 1800) * np.exp(-t / 0.08)
    dark = _saw(t, hz(midi_pitch), 350)
    return ((bright + dark) * _envelope(t, attack_s=0.003, release_s=0.02)).astype(np.float32)


def piano(midi_pitch: int, seconds: float) -> Sound:
    """Struck string: slightly stretched partials, the high ones dying first."""
    t = _clock(seconds + 0.3)
    out = np.zeros_like(t)
    for number in range(1, 13):
        partial_hz = hz(midi_pitch) * number * np.sqrt(1 + 4e-4 * number**2)
        if partial_hz > 12_000:
            break
        fall = np.exp(-t * (1.2 + 0.55 * number) * (midi_pitch / 60))
        out += fall * np.sin(2 * np.pi * partial_hz * t) / number**1.25
    return (0.6 * out * _envelope(t, attack_s=0.003, release_s=0.25)).astype(np.float32)


def electric_piano(midi_pitch: int, seconds: float) -> Sound:
    """Two-operator frequency modulation, a bell that settles to a sine (Chowning, 1973)."""
    t = _clock(seconds + 0.2)
    index = 1.8 * np.exp(-t / 0.25)
    carrier = 2 * np.pi * hz(midi_pitch) * t
    tone = np.sin(carrier + index * np.sin(carrier)) + 0.15 * np.exp(-t / 0.05) * np.sin(
        14 * carrier
    )
    return (0.5 * tone * _envelope(t, attack_s=0.004, release_s=0.2, decay_s=4.0)).astype(
        np.float32
    )


def organ(midi_pitch: int, seconds: float) -> Sound:
    """Drawbar organ with a slow rotor."""
    t = _clock(seconds)
    bars = np.array([1.0, 0.8, 0.6, 0.5, 0.0, 0.3, 0.0, 0.25])
    rotor = 1 + 0.12 * np.sin(2 * np.pi * 6.2 * t)
    tone = 0.35 * _partials(t, hz(midi_pitch), bars) * rotor
    return (tone * _envelope(t, attack_s=0.01, release_s=0.04)).astype(np.float32)


def strings(midi_pitch: int, seconds: float) -> Sound:
    """Bowed ensemble: detuned sawtooths, a slow start."""
    t = _clock(seconds + 0.2)
    players = sum(_saw(t, hz(midi_pitch + cents / 100), 2600) for cents in (-7, 0, 6))
    return (0.4 * players * _envelope(t, attack_s=0.15, release_s=0.3)).astype(np.float32)


def pad(midi_pitch: int, seconds: float) -> Sound:
    """Wide, soft synthesiser."""
    t = _clock(seconds + 0.5)
    voices = sum(_saw(t, hz(midi_pitch + cents / 100), 900) for cents in (-9, 3, 11))
    return (0.4 * voices * _envelope(t, attack_s=0.4, release_s=0.7)).astype(np.float32)


def supersaw(midi_pitch: int, seconds: float) -> Sound:
    """Bright stacked sawtooths."""
    t = _clock(seconds)
    voices = sum(_saw(t, hz(midi_pitch + cents / 100), 6000) for cents in (-14, -5, 0, 6, 13))
    return (0.28 * voices * _envelope(t, attack_s=0.005, release_s=0.05)).astype(np.float32)


def voice(midi_pitch: int, seconds: float) -> Sound:
    """A sung vowel: a glottal sawtooth with vibrato through three formants (an open "ah")."""
    t = _clock(seconds)
    vibrato = 0.28 * np.minimum(1, t / 0.3) * np.sin(2 * np.pi * 5.4 * t) / 12
    phase = np.cumsum(hz(midi_pitch) * 2**vibrato) / SAMPLE_RATE
    glottis = 2 * (phase % 1.0) - 1
    formants = ((730, 90, 1.0), (1090, 110, 0.6), (2440, 170, 0.3))
    mouth = sum(
        gain * _filtered(glottis, "bandpass", (centre - width, centre + width))
        for centre, width, gain in formants
    )
    return (1.2 * mouth * _envelope(t, attack_s=0.05, release_s=0.08)).astype(np.float32)


def lead(midi_pitch: int, seconds: float) -> Sound:
    """Square-like lead: odd harmonics."""
    t = _clock(seconds)
    odd = np.array([1 / n if n % 2 else 0.0 for n in range(1, 16)])
    tone = 0.5 * _partials(t, hz(midi_pitch), odd)
    return (tone * _envelope(t, attack_s=0.008, release_s=0.05)).astype(np.float32)


INSTRUMENTS: Final[dict[str, Callable[[int, float], Sound]]] = {
    voice_.__name__: voice_
    for voice_ in (
        plucked, distorted, bass, synth_bass, piano, electric_piano, organ, strings, pad,
        supersaw, voice, lead,
    )
}  # fmt: skip


@lru_cache(maxsize=512)
def note(instrument: str, midi_pitch: int, milliseconds: int) -> Sound:
    """A note of a named instrument; the same note is rendered once."""
    return INSTRUMENTS[instrument](midi_pitch, milliseconds / 1000)
