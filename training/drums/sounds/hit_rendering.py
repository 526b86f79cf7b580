"""Strokes → the sound of a kit in a room, and how loud each stroke came out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from indexer.arrays import Float32 as Float
from indexer.drums.hearing.mel import SAMPLE_RATE
from training.drums.players.hits import Hit
from training.drums.sounds.effects import (
    add_reverb,
    bell_eq,
    change_speed,
    compress,
    gain_of_db,
    log_uniform,
    random_eq,
    saturate,
)
from training.drums.sounds.kit_cache import ELECTRONIC_KITS
from training.drums.sounds.kits import Kit, Layers
from training.drums.sounds.random_drums import has_recipe, random_drum

Random = np.random.Generator

_VOICE_LEVEL_DB: Final = {
    "kick": 0.0,
    "snare": -1.0,
    "side_stick": -6.0,
    "hat_closed": -7.0,
    "hat_pedal": -11.0,
    "hat_open": -6.0,
    "tom_high": -3.0,
    "tom_low": -2.0,
    "tom_floor": -2.0,
    "crash": -4.0,
    "crash_left": -4.0,
    "china": -4.0,
    "ride": -8.0,
    "ride_bell": -7.0,
    "other": -9.0,
}
"""How loud the voices of a kit usually stand beside each other (peaks)."""
_INSTRUMENT_OF: Final = {
    "hat_closed": "hat",
    "hat_pedal": "hat",
    "hat_open": "hat",
    "tom_high": "tom",
    "tom_low": "tom",
    "tom_floor": "tom",
    "ride": "ride",
    "ride_bell": "ride",
}
"""Voices that share an instrument's sound and microphone."""
_SUBSTITUTE: Final = {
    "ride_bell": "ride",
    "ride": "ride_bell",
    "hat_pedal": "hat_closed",
    "tom_low": "tom_floor",
    "tom_high": "tom_low",
    "tom_floor": "tom_low",
}
_RANDOM_SHARE_OF_VOICE: Final = {"side_stick": 0.45}
_RANDOM_SHARE: Final = 0.12
"""How often an instrument is none of a kit's; side-sticks are rare in kits and all different."""
_TUNING_SPREAD_OF_VOICE: Final = {"side_stick": 0.22, "other": 0.2}
_TUNING_SPREAD: Final = 0.09
"""Spread of the tunings, in logarithms."""
_BURIED_HATS_SHARE: Final = 0.3
_BURIED_DB: Final = (3.0, 14.0)
"""Hi-hats that stand this far below their usual place, as they do in dense mixes."""
_BRIGHT_SNARES_SHARE: Final = 0.3
"""Snares that rise in the hi-hat's bands as much as a hi-hat does."""
_BRIGHT_HZ, _BRIGHT_DB = 9000.0, 12.0
_SAMPLED_WEIGHTS: Final = {"gogodze": 1.5, "realsigma": 1.5, "muldjord": 4.0, "sonor": 4.0}
"""Real kits with many sounds of each instrument; the first two are there in three mixes."""
_FADE_SAMPLES: Final = 1300
"""How long an open hi-hat takes to stop when it is closed."""
_INAUDIBLE_DB: Final = -24.0
"""A stroke this far below a full one of its voice is neither asked for nor held against the net."""


@dataclass(frozen=True)
class PlayedHit:
    """A stroke as it sounds: `audible` is false where nobody could be asked to hear it."""

    hit: Hit
    audible: bool


@dataclass(frozen=True)
class _Processing:
    """How one instrument of the kit is tuned, damped, coloured and mixed."""

    gain_db: float
    speed: float
    bells: tuple[tuple[float, float], ...]
    damping_s: float | None

    @classmethod
    def choose(cls, rng: Random, group: str) -> _Processing:
        damping_s = log_uniform(rng, 0.06, 0.5) if rng.random() < 0.3 else None
        bells = tuple((log_uniform(rng, 80, 13000), float(rng.normal(0, 4))) for _ in range(2))
        speed = float(np.exp(rng.normal(0, _TUNING_SPREAD_OF_VOICE.get(group, _TUNING_SPREAD))))
        gain_db = float(rng.normal(0, 4))
        if group == "hat" and rng.random() < _BURIED_HATS_SHARE:
            gain_db -= float(rng.uniform(*_BURIED_DB))
        if group == "snare" and rng.random() < _BRIGHT_SNARES_SHARE:
            bells += ((log_uniform(rng, 7000, 12000), float(rng.uniform(4, 16))),)
        return cls(gain_db, speed, bells, damping_s)

    def apply(self, sound: Float, *, damped: bool) -> Float:
        sound = change_speed(sound, self.speed)
        for hz, gain_db in self.bells:
            sound = bell_eq(sound, hz, gain_db)
        if damped and self.damping_s is not None:
            time = np.arange(sound.size) / SAMPLE_RATE
            sound = sound * np.exp(-time / self.damping_s).astype(np.float32)
        return (sound / (np.abs(sound).max() + 1e-9)).astype(np.float32)


class _RandomKit:
    """The instruments that one passage is played on."""

    def __init__(self, rng: Random, kits: dict[str, Kit]) -> None:
        self.rng = rng
        self.kits = kits
        names = list(kits)
        weights = np.array([_weight(name) for name in names])
        self.main = str(rng.choice(names, p=weights / weights.sum()))
        self.mixed = rng.random() < 0.5
        self.instruments: dict[str, Layers] = {}
        self.treatments: dict[str, _Processing] = {}
        self.sounds: dict[tuple[str, int], Float] = {}

    def _instrument(self, voice: str) -> Layers:
        if voice not in self.instruments:
            invented = self.rng.random() < _RANDOM_SHARE_OF_VOICE.get(voice, _RANDOM_SHARE)
            if invented and has_recipe(voice):
                self.instruments[voice] = random_drum(self.rng, voice)
                return self.instruments[voice]
            kit = self.kits[self.main]
            if (self.mixed and self.rng.random() < 0.6) or voice not in kit:
                having = [name for name in self.kits if voice in self.kits[name]]
                if not having:
                    return self._instrument(_SUBSTITUTE.get(voice, "snare"))
                weights = np.array([_weight(name) for name in having])
                kit = self.kits[str(self.rng.choice(having, p=weights / weights.sum()))]
            self.instruments[voice] = kit[voice][self.rng.integers(len(kit[voice]))]
        return self.instruments[voice]

    def sound(self, voice: str, velocity: float) -> tuple[Float, float]:
        """(samples with peak 1, gain in dB of its instrument)."""
        layers = self._instrument(voice)
        group = _INSTRUMENT_OF.get(voice, voice)
        if group not in self.treatments:
            self.treatments[group] = _Processing.choose(self.rng, group)
        treatment = self.treatments[group]
        spread = self.rng.normal(0, 0.4 * max(1, len(layers) / 6)) if len(layers) > 1 else 0.0
        layer = int(np.clip(velocity * len(layers) + spread, 0, len(layers) - 1))
        if (voice, layer) not in self.sounds:
            damped = group not in ("ride", "crash", "crash_left")
            self.sounds[voice, layer] = treatment.apply(layers[layer], damped=damped)
        return self.sounds[voice, layer], treatment.gain_db


def _weight(name: str) -> float:
    """Sampled acoustic kits are chosen most, machines least."""
    if name.endswith(ELECTRONIC_KITS):
        return 0.3
    if name.startswith("synthesised"):
        return 0.4
    if (sampled := name.split()[0]) in _SAMPLED_WEIGHTS:
        return _SAMPLED_WEIGHTS[sampled]
    return 0.5 if name[-2:] in (" 0", " 8", "16", "32", "40") and "LV2" not in name else 1.3


def render_hits(
    rng: Random, hits: tuple[Hit, ...], kits: dict[str, Kit], *, duration_s: float
) -> tuple[Float, list[PlayedHit], str]:
    """Play strokes on a random set-up.

    Returns:
        (float32 samples, every stroke and whether it can be heard, name of the main kit)
    """
    set_up = _RandomKit(rng, kits)
    count = int(duration_s * SAMPLE_RATE)
    total = np.zeros(count, np.float32)
    touch = rng.uniform(0.6, 1.4)
    hats = [s.time_s for s in hits if s.voice.startswith("hat_")]
    heard: list[PlayedHit] = []
    for hit in hits:
        sound, gain_db = set_up.sound(hit.voice, hit.velocity)
        if hit.voice == "hat_open":
            sound = _choke(sound, hit.time_s, hats)
        soft = hit.velocity**touch * float(np.exp(rng.normal(0, 0.06)))
        start = int(hit.time_s * SAMPLE_RATE)
        end = min(count, start + sound.size)
        gain = gain_of_db(_VOICE_LEVEL_DB[hit.voice] + gain_db) * soft
        total[start:end] += np.float32(gain) * sound[: end - start]
        heard.append(PlayedHit(hit, soft > gain_of_db(_INAUDIBLE_DB)))
    return _process_bus(rng, total), heard, set_up.main


def _choke(sound: Float, time_s: float, hats: list[float]) -> Float:
    """An open hi-hat ends at the next stroke on the hi-hat."""
    following = next((t for t in hats if t > time_s + 0.03), None)
    if following is None:
        return sound
    end = int((following - time_s) * SAMPLE_RATE)
    if end >= sound.size:
        return sound
    sound = sound[: end + _FADE_SAMPLES].copy()
    tail = sound.size - end
    sound[end:] *= np.linspace(1, 0, tail, dtype=np.float32)
    return sound


def _process_bus(rng: Random, total: Float) -> Float:
    if rng.random() < 0.4:
        total = compress(rng, total)
    if rng.random() < 0.4:
        total = saturate(rng, total)
    total = random_eq(rng, total, strength_db=3.0)
    if rng.random() < 0.75:
        total = add_reverb(rng, total, low_db=-24, high_db=-3)
    return total


def brighten_snares(kit: Kit) -> Kit:
    """The kit with snares that rise in the hi-hat's bands as a hi-hat does."""
    snares = [
        tuple(bell_eq(layer, _BRIGHT_HZ, _BRIGHT_DB) for layer in layers)
        for layers in kit.get("snare", [])
    ]
    return {**kit, "snare": snares} if snares else kit
