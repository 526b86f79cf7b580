"""Clips with known chinas, to tell chinas from other cymbals by: fast music and other.

Chinas are rare in free sounds: there are five that differ. Each stands in one part only: what is
fitted, what thresholds are chosen on, what is reported; the other drums are shared out, too.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import gcd
from pathlib import Path
from typing import Final, Literal

import numpy as np
from scipy.signal import butter, resample_poly, sosfilt

from indexer.arrays import Float32 as Float
from indexer.drums.formats.kit import render_hit
from indexer.drums.hearing.mel import SAMPLE_RATE
from training.drums.clips.clip_rendering import mix_and_master
from training.drums.players.drum_patterns import STYLES, generate_pattern
from training.drums.players.hits import (
    VOICE_OF_PITCH,
    Hit,
    Performance,
    clean_hits,
    replace_voices,
    shift_hits,
)
from training.drums.sounds.accompaniment import render_accompaniment
from training.drums.sounds.effects import log_uniform
from training.drums.sounds.hit_rendering import render_hits
from training.drums.sounds.kit_cache import load_kits
from training.drums.sounds.kits import Kit, trim
from training.drums.training_errors import SoundError

Part = Literal["fit", "choose", "report"]
Random = np.random.Generator

CLIP_S: Final = 20.0
PATCHES: Final = Path("/usr/share/midi/freepats/Drum_000")
"""The Debian package freepats: Gravis patches, NUMBER_NAME.pat."""
_PARTS: Final[dict[Part, tuple[str, ...]]] = {
    "choose": ("freepats", "The Black Pearl", "Black_Pearl", "Millo_MultiLayered2"),
    "report": ("Forzee", "Millo_MultiLayered3", "Colombo", "Red_Zeppelin"),
}
"""Starts of the names of kits; all others are fitted on."""
_DUPLICATE_KIT_SUFFIXES: Final = (" 8", " 16", " 24", " 25", " 32", " 40")
"""Further drum sets of a SoundFont."""
_REPORT_FONT: Final = "TimGM6mb"
"""Its instruments accompany no clip that is fitted on."""
_SEEDS: Final[dict[Part, int]] = {"fit": 31, "choose": 32, "report": 33}
_METAL_STYLES: Final = ("double bass", "gallop", "blast", "hammer blast", "skank")
_METAL_SHARE: Final = 0.6
_CHINA_SHARE: Final = 0.55
_N_RANDOM_CHINAS: Final = 40
_LAYER_VELOCITIES: Final = (0.35, 0.65, 1.0)


@dataclass(frozen=True)
class ChinaClipSources:
    """What the clips of a part are played with."""

    kits: Mapping[str, Kit]
    fonts: tuple[Path, ...]


def load_china_sources(sounds: Sequence[Path], cache: Path, part: Part) -> ChinaClipSources:
    """Kits and accompaniment of a part.

    Raises:
        SoundError: It has no china or nothing that accompanies.
    """
    kits = {**load_kits(sounds, cache), "freepats": read_patches(PATCHES)}
    kits = {name: kit for name, kit in kits.items() if not name.endswith(_DUPLICATE_KIT_SUFFIXES)}
    mine = {name: _add_left_crash(kit) for name, kit in kits.items() if _part_of_kit(name) == part}
    if part == "fit":
        seeds = [np.random.default_rng(number) for number in range(_N_RANDOM_CHINAS)]
        mine["invented"] = {"china": [_random_china(rng) for rng in seeds]}
        mine["synthesised china"] = {"china": [_synthesise_china(seed) for seed in range(8)]}
    found = [path for folder in sounds for path in sorted(folder.glob("*.sf[23]"))]
    melodic = [p for p in found if not p.is_symlink() and not p.stem.endswith("_LV2")]
    fonts = tuple(p for p in melodic if (p.stem == _REPORT_FONT) == (part == "report"))
    if not fonts or not any("china" in kit for kit in mine.values()):
        raise SoundError(f"The folders given with --sounds hold too little for the part {part}.")
    return ChinaClipSources(mine, fonts)


def _part_of_kit(kit: str) -> Part:
    for part, names in _PARTS.items():
        if kit.startswith(names):
            return part
    return "fit"


def _add_left_crash(kit: Kit) -> Kit:
    return {**kit, "crash_left": kit["crash"]} if "crash" in kit else kit


def read_patches(folder: Path) -> Kit:
    """A kit of Gravis patches; empty where the folder is missing."""
    kit: Kit = {}
    for path in sorted(folder.glob("*.pat")):
        pitch = int(path.name[:3])
        voice = "china" if pitch == 52 else VOICE_OF_PITCH.get(pitch)
        sound = trim(_decode_patch(path.read_bytes()))
        if voice is not None and sound is not None:
            kit.setdefault(voice, []).append((sound,))
    return kit


def _decode_patch(data: bytes) -> Float:
    """The first sound of a patch: after three headers of 239 bytes, and one of 96 of its own."""
    size, rate = struct.unpack_from("<I8xH", data, 247)
    mode = data[294]
    raw = np.frombuffer(data[335 : 335 + size], "<i2" if mode & 1 else "i1").astype(np.int32)
    half = 32768 if mode & 1 else 128
    signed = raw % (2 * half) - half if mode & 2 else raw
    factor = gcd(rate, SAMPLE_RATE)
    sound = resample_poly(signed / half, SAMPLE_RATE // factor, rate // factor)
    return np.asarray(sound, np.float32)


def _synthesise_china(seed: int) -> tuple[Float, ...]:
    strikes = [render_hit("china", velocity=v, seed=seed) for v in _LAYER_VELOCITIES]
    return tuple(sound for sound in map(trim, strikes) if sound is not None)


def _random_china(rng: Random) -> tuple[Float, ...]:
    """A china that nobody owns: noise and crowded resonances, most of them at 0.5 to 5 kHz."""
    time = np.arange(int(1.6 * SAMPLE_RATE)) / SAMPLE_RATE
    low, high = log_uniform(rng, 400, 1300), log_uniform(rng, 2500, 8000)
    ring_s, noise_s = log_uniform(rng, 0.1, 0.35), log_uniform(rng, 0.06, 0.3)
    sos = butter(int(rng.integers(1, 3)), [low, high], "bandpass", fs=SAMPLE_RATE, output="sos")
    noise = np.asarray(sosfilt(sos, rng.standard_normal(time.size))) * np.exp(-time / noise_s)
    plate = np.zeros(time.size)
    for _ in range(int(rng.integers(20, 60))):
        hz = log_uniform(rng, 0.6 * low, 1.2 * high)
        fall = np.exp(-time / (ring_s * (low / hz) ** rng.uniform(0, 0.6)))
        plate += rng.uniform(0.3, 1) * fall * np.sin(2 * np.pi * hz * time + rng.uniform(0, 6.28))
    sound = noise / np.abs(noise).max() + log_uniform(rng, 0.2, 2) * plate / np.abs(plate).max()
    sound = np.tanh(log_uniform(rng, 0.3, 3) * sound)
    layers = []
    for cut_hz in (log_uniform(rng, 0.4, 0.9) * high, high, 17000.0):
        sos = butter(1, cut_hz, fs=SAMPLE_RATE, output="sos")
        layers.append(trim(np.asarray(sosfilt(sos, sound), np.float32)))
    return tuple(layer for layer in layers if layer is not None)


def render_china_clip(stage: ChinaClipSources, part: Part, number: int) -> tuple[Float, list[Hit]]:
    """A mix at the reference level, and the strokes in it that can be heard."""
    rng = np.random.default_rng((_SEEDS[part], number))
    pattern = _pattern(rng)
    start_s = float(rng.uniform(0.05, 0.4))
    hits = clean_hits(shift_hits(pattern.hits, start_s), duration_s=CLIP_S - 0.1)
    played = Performance(hits, pattern.bpm, pattern.beats_per_bar)
    drums, played_hits, _ = render_hits(rng, played.hits, dict(stage.kits), duration_s=CLIP_S)
    others = None
    if rng.random() < 0.8:
        others = render_accompaniment(rng, played, stage.fonts, start_s=start_s, duration_s=CLIP_S)
    return mix_and_master(rng, drums, others), [one.hit for one in played_hits if one.audible]


def _pattern(rng: Random) -> Performance:
    """A groove; in some the time is kept on a china, or chinas are its accents, or both."""
    metal = rng.random() < _METAL_SHARE
    styles = [style for style in STYLES if (style.name in _METAL_STYLES) == metal]
    styles = [style for style in styles if "time" in style.lanes]
    has_china = rng.random() < _CHINA_SHARE
    rides = has_china and rng.random() < 0.6
    other = str(rng.choice(["china", "hat_closed", "ride", "crash", "hat_open"]))
    if rides:
        styles = [replace(style, time_voices=("china",)) for style in styles]
    pattern = generate_pattern(rng, duration_s=CLIP_S, styles=styles)
    hits = list(pattern.hits)
    if rides:
        every = int(rng.choice([1, 2, 4])) * pattern.bar_s
        hits = [
            one
            for stroke in hits
            for one in replace_voices(
                [stroke], {"china": other} if stroke.time_s // every % 2 else {}
            )
        ]
    hits += _random_accents(rng, pattern.bar_s, "crash", rng.uniform(0, 0.6))
    if has_china and (not rides or rng.random() < 0.4):
        hits += _random_accents(rng, pattern.bar_s / 4, "china", rng.uniform(0.08, 0.5))
    if rng.random() < 0.5:
        hits = [
            one
            for s in hits
            for one in replace_voices([s], {"crash": "crash_left"} if rng.random() < 0.5 else {})
        ]
    return Performance(tuple(sorted(hits)), pattern.bpm, pattern.beats_per_bar)


def _random_accents(rng: Random, every_s: float, voice: str, chance: float) -> list[Hit]:
    """Strokes on some of the places."""
    return [
        Hit(i * every_s + rng.normal(0, 0.005), voice, rng.uniform(0.6, 1.0))
        for i in range(int(CLIP_S / every_s) + 1)
        if rng.random() < chance
    ]
