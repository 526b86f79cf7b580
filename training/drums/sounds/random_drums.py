"""Drums that nobody owns: one-shots from random resonances and noise, other ones for every clip.

Kits of others are few. An invented instrument is no likeness of a real one, but it has what the
real ones of its voice share (range, ring, share of noise) and nothing else: so that is what the
network learns to listen for. Side-sticks above all are rare in kits and hardly two are alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.signal import butter, lfilter, sosfilt

from indexer.arrays import Float32 as Float
from indexer.drums.hearing.mel import SAMPLE_RATE
from training.drums.sounds.effects import log_uniform
from training.drums.sounds.kits import Layers, trim

Random = np.random.Generator
Range = tuple[float, float]

_MAX_RESONANCE_HZ: Final = 17000.0
_LAYER_POLES: Final = (0.75, 0.4, 0.0)
"""How much duller soft strokes are than the hardest (poles of a low-pass)."""


@dataclass(frozen=True)
class _Recipe:
    """Ranges to choose from, even in logarithm.

    Attributes:
        lowest_hz: Lowest resonance.
        resonances: How many.
        spread: Each lies this factor above the one before.
        ring_s: Time in which the lowest falls by 60 dB, divided by 7.
        noise_hz: Lower limit of the noise.
        noise_s: Time constant of the noise.
        noise: Its level beside the resonances.
        bend: How much higher the resonances start.
        attack_s: How long the noise swells.
    """

    lowest_hz: Range
    resonances: tuple[int, int]
    spread: Range
    ring_s: Range
    noise_hz: Range
    noise_s: Range
    noise: Range
    bend: Range = (1.0, 1.0)
    attack_s: Range = (0.0002, 0.001)


_RECIPES: Final = {
    "kick": _Recipe(
        (38, 80), (1, 3), (1.5, 2.6), (0.04, 0.3), (1500, 5000), (0.003, 0.03), (0.02, 0.5),
        (1.3, 5),
    ),
    "snare": _Recipe(
        (150, 280), (2, 4), (1.4, 2), (0.02, 0.15), (900, 4000), (0.04, 0.2), (0.2, 2), (1, 1.3)
    ),
    "side_stick": _Recipe(
        (300, 1600), (2, 5), (1.2, 2.2), (0.004, 0.04), (1500, 6000), (0.002, 0.02), (0.03, 0.7)
    ),
    "hat_closed": _Recipe(
        (2500, 6000), (6, 25), (1.03, 1.2), (0.01, 0.07), (3500, 9000), (0.01, 0.08), (0.5, 4)
    ),
    "hat_pedal": _Recipe(
        (1500, 5000), (4, 20), (1.03, 1.25), (0.01, 0.06), (2500, 7000), (0.01, 0.07), (0.5, 4),
        attack_s=(0.001, 0.008),
    ),
    "hat_open": _Recipe(
        (2500, 6000), (6, 30), (1.03, 1.2), (0.1, 0.5), (3500, 9000), (0.1, 0.5), (0.5, 4)
    ),
    "tom_high": _Recipe(
        (140, 280), (1, 4), (1.4, 1.8), (0.08, 0.4), (600, 4000), (0.004, 0.04), (0.02, 0.3),
        (1, 1.25),
    ),
    "tom_low": _Recipe(
        (95, 180), (1, 4), (1.4, 1.8), (0.1, 0.5), (600, 4000), (0.004, 0.04), (0.02, 0.3),
        (1, 1.25),
    ),
    "tom_floor": _Recipe(
        (60, 115), (1, 4), (1.4, 1.8), (0.1, 0.6), (500, 3000), (0.004, 0.04), (0.02, 0.3),
        (1, 1.25),
    ),
    "crash": _Recipe(
        (300, 900), (25, 55), (1.03, 1.12), (0.3, 1.2), (2000, 6000), (0.3, 1.2), (0.8, 4),
        attack_s=(0.0005, 0.01),
    ),
    "ride": _Recipe(
        (400, 2500), (12, 40), (1.04, 1.2), (0.15, 1.0), (3500, 8000), (0.05, 0.8), (0.1, 1)
    ),
    "ride_bell": _Recipe(
        (500, 1300), (4, 10), (1.2, 1.6), (0.2, 0.9), (4000, 8000), (0.02, 0.3), (0.02, 0.3)
    ),
}  # fmt: skip


def _resonances(rng: Random, recipe: _Recipe, time: np.ndarray) -> np.ndarray:
    """Decaying sines, the high ones shorter and mostly softer."""
    lowest, spread = log_uniform(rng, *recipe.lowest_hz), rng.uniform(*recipe.spread)
    ring_s, bend = log_uniform(rng, *recipe.ring_s), log_uniform(rng, *recipe.bend)
    slope, shorter = rng.uniform(0.1, 1.2), rng.uniform(0.0, 0.7)
    bend_s = log_uniform(rng, 0.008, 0.06)
    bent = time + (bend - 1) * bend_s * (1 - np.exp(-time / bend_s))
    sound = np.zeros(time.size)
    for k in range(int(rng.integers(recipe.resonances[0], recipe.resonances[1] + 1))):
        above = spread**k * float(np.exp(rng.normal(0, 0.02)))
        if lowest * above > _MAX_RESONANCE_HZ:
            break
        level = rng.uniform(0.4, 1) / (k + 1) ** slope
        fall = np.exp(-time / (ring_s / above**shorter))
        sound += level * fall * np.sin(2 * np.pi * lowest * above * bent + rng.uniform(0, 6.28))
    return sound / (np.abs(sound).max() + 1e-9)


def _noise(rng: Random, recipe: _Recipe, time: np.ndarray) -> np.ndarray:
    """Filtered noise that swells and falls."""
    limits = [log_uniform(rng, *recipe.noise_hz), log_uniform(rng, 9000, 19000)]
    sos = butter(2, limits, "bandpass", fs=SAMPLE_RATE, output="sos")
    noise = np.asarray(sosfilt(sos, rng.standard_normal(time.size)))
    swell = np.minimum(time / log_uniform(rng, *recipe.attack_s), 1)
    noise *= swell * np.exp(-time / log_uniform(rng, *recipe.noise_s))
    return noise / (np.abs(noise).max() + 1e-9)


def has_recipe(voice: str) -> bool:
    """Whether there is a recipe."""
    return voice in _RECIPES


def random_drum(rng: Random, voice: str) -> Layers:
    """A new instrument of a voice, from its softest to its loudest sound.

    Args:
        rng: Decides everything.
        voice: One for which `has_recipe`.
    """
    recipe = _RECIPES[voice]
    length_s = min(3.0, 5 * max(recipe.ring_s[1], recipe.noise_s[1]))
    time = np.arange(int(length_s * SAMPLE_RATE)) / SAMPLE_RATE
    sound = _resonances(rng, recipe, time)
    sound = sound + log_uniform(rng, *recipe.noise) * _noise(rng, recipe, time)
    layers = [trim(_low_pass(sound, pole)) for pole in _LAYER_POLES]
    return tuple(layer for layer in layers if layer is not None)


def _low_pass(sound: np.ndarray, pole: float) -> Float:
    return np.asarray(lfilter([1 - pole], [1, -pole], sound), np.float32)
