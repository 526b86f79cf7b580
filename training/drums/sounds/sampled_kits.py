"""Sampled kits from public repositories, with real hi-hats in up to six states of openness.

A folder of checked-out repositories is read; each of `SAMPLED_KITS` found in it becomes one or
several kits, that differ in how the microphones are mixed. The sounds of an instrument are sorted
by how loud they are. Sources and licences: `docs/models.md`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from math import gcd
from pathlib import Path
from typing import Final

import numpy as np
import soundfile
from scipy.signal import resample_poly

from indexer.arrays import Float32 as Float
from indexer.drums.hearing.mel import SAMPLE_RATE
from training.drums.sounds.effects import gain_of_db

Layers = tuple[Float, ...]
_MAX_SOUNDS: Final = 24
"""Sounds kept of an instrument, from its softest to its loudest."""
_READ_S: Final = 3.5
_MICROPHONE_DB: Final = (-14.0, 0.0)
"""How loud each microphone stands in a mix."""
_SILENT_PEAK: Final = 1e-5


@dataclass(frozen=True)
class SampledKit:
    """How a repository names its sounds.

    Attributes:
        name: Of the kits that are made of it.
        folder: Of the sounds, below the folder of repositories; may match several (`*`).
        pattern: Of their paths below it: the groups `instrument`, `hit` and, where each hit was
            recorded by several microphones, `mic`.
        voices: Instrument (a pattern as well) → voice, the first that fits.
        mixes: How many mixes of its microphones are made.
    """

    name: str
    folder: str
    pattern: str
    voices: tuple[tuple[str, str], ...]
    mixes: int = 1


_MACHINE_VOICES: Final = (
    (r"conga|bongo|brush|^short", ""),
    (r"clap|clave|cowbell|cabasa|maraca|tambou?rine|shaker", "other"),
    (r"rim|stick", "side_stick"),
    (r"snare|-sd$", "snare"),
    (r"h(i|h).*open|openhat|ohihat|-oh$", "hat_open"),
    (r"hit?hat|hh?closed|hihat|closedhat|-ch$", "hat_closed"),
    (r"kick", "kick"),
    (r"lowtom|tom[-0]*(low|l+|3)", "tom_floor"),
    (r"midtom|tom[-0]*(mid|m|2)", "tom_low"),
    (r"hitom|tom[-0]*(hi|h+|1)", "tom_high"),
    (r"ride", "ride"),
    (r"crash|cymbal", "crash"),
)
SAMPLED_KITS: Final = (
    SampledKit(
        "gogodze",
        "karoryfer.gogodze-phu-vol-ii/Samples",
        r"(?P<mic>\w+)_mic/(?P<instrument>[a-z]{2})_(?P<hit>\w+)\.wav",
        (
            (r"h[tc]", "hat_closed"),
            (r"h[lho]", "hat_open"),
            (r"hf", "hat_pedal"),
            (r"ks", "kick"),
            (r"s[ce]", "snare"),
            (r"ss", "side_stick"),
            (r"th", "tom_high"),
            (r"tm", "tom_low"),
            (r"tl", "tom_floor"),
        ),
        mixes=3,
    ),
    SampledKit(
        "muldjord",
        "muldjordkit/samples",
        r"(?P<instrument>\w+)/(?P<hit>\d+)-\w+\.flac",
        (
            (r"HihatClosed", "hat_closed"),
            (r"HihatOpen", "hat_open"),
            (r"Kdrum", "kick"),
            (r"Snare\d", "snare"),
            (r"Tom1", "tom_high"),
            (r"Tom[23]", "tom_low"),
            (r"Tom4", "tom_floor"),
            (r"Crash", "crash"),
            (r"China", "china"),
            (r"Ride.Bell", "ride_bell"),
            (r"Ride", "ride"),
        ),
    ),
    SampledKit(
        "realsigma",
        "realsigmadrums/samples",
        r"(?P<instrument>[a-z]+\d?(_(closed|open|pedal))?)"
        r"(_(?P<mic>overhead|room|top|bottom|in|out))?_(?P<hit>r\d+_v\d+)\.wav",
        (
            (r"hihat_closed", "hat_closed"),
            (r"hihat_open", "hat_open"),
            (r"hihat_pedal", "hat_pedal"),
            (r"kick", "kick"),
            (r"snare", "snare"),
            (r"sidestick", "side_stick"),
            (r"racktom[12]", "tom_high"),
            (r"racktom3", "tom_low"),
            (r"floortom", "tom_floor"),
            (r"crash|splash", "crash"),
            (r"china", "china"),
        ),
        mixes=3,
    ),
    SampledKit(
        "sonor",
        "SamsSonor/Samples",
        r"(?P<instrument>[A-Za-z]+)#(?P<hit>\d+)\.flac",
        (
            (r"HHClosed", "hat_closed"),
            (r"HH(HalfOpen|Open)", "hat_open"),
            (r"HHPedal", "hat_pedal"),
            (r"Kick", "kick"),
            (r"Snare(Left|Right|Samples)", "snare"),
            (r"TomHigh", "tom_high"),
            (r"TomLow", "tom_low"),
            (r"TomFloor", "tom_floor"),
            (r"Crash", "crash"),
            (r"RideBell", "ride_bell"),
            (r"Ride", "ride"),
        ),
    ),
    SampledKit(
        "machine",
        "drum-machines/[!.]*",
        r"(?P<instrument>[\w-]+)(/(?P<hit>[\w-]+))?\.ogg",
        _MACHINE_VOICES,
    ),
)


def read_sampled_kits(repositories: Path) -> Iterator[tuple[str, dict[str, list[Layers]]]]:
    """(name, voice → instruments) of all kits in a folder of repositories, one at a time."""
    for kit in SAMPLED_KITS:
        for folder in sorted(p for p in repositories.glob(kit.folder) if p.is_dir()):
            of_folder = f" {folder.name}" if "*" in kit.folder else ""
            for mix in range(kit.mixes):
                name = f"{kit.name}{of_folder}{f' {mix}' if kit.mixes > 1 else ''}"
                yield name, _read_mix(kit, folder, np.random.default_rng(mix))


def _read_mix(kit: SampledKit, folder: Path, rng: np.random.Generator) -> dict[str, list[Layers]]:
    gains: dict[str, float] = {}
    sounds: dict[str, list[Float]] = defaultdict(list)
    for (instrument, _), microphones in sorted(_hits(kit, folder).items()):
        for name in sorted(microphones):
            gains.setdefault(name, gain_of_db(rng.uniform(*_MICROPHONE_DB)))
        mixed = _mix_microphones(microphones, gains)
        if mixed is not None:
            sounds[instrument].append(mixed)
    voices: dict[str, list[Layers]] = defaultdict(list)
    for instrument, hits in sounds.items():
        voice = _voice_of(kit, instrument)
        loudest = sorted(hits, key=lambda hit: float(np.abs(hit).max()))
        kept = np.unique(np.linspace(0, len(loudest) - 1, min(len(loudest), _MAX_SOUNDS)).round())
        voices[voice].append(tuple(loudest[int(i)] for i in kept))
    return dict(voices)


def _hits(kit: SampledKit, folder: Path) -> dict[tuple[str, str], dict[str, Path]]:
    """(instrument, hit) → microphone → file."""
    found: dict[tuple[str, str], dict[str, Path]] = defaultdict(dict)
    for path in sorted(folder.rglob("*")):
        named = re.fullmatch(kit.pattern, path.relative_to(folder).as_posix())
        if named and _voice_of(kit, named["instrument"]):
            groups = named.groupdict()
            found[named["instrument"], named["hit"] or ""][groups.get("mic") or ""] = path
    return found


def _voice_of(kit: SampledKit, instrument: str) -> str:
    fits = (v for pattern, v in kit.voices if re.search(pattern, instrument, re.IGNORECASE))
    return next(fits, "")


def _mix_microphones(microphones: dict[str, Path], gains: dict[str, float]) -> Float | None:
    """The sum of the microphones, each at the level at which it was recorded times its gain."""
    heard = [gains[name] * read_mono(path) for name, path in sorted(microphones.items())]
    total = np.zeros(max(sound.size for sound in heard), np.float32)
    for sound in heard:
        total[: sound.size] += sound
    return total if np.abs(total).max(initial=0) > _SILENT_PEAK else None


def read_mono(path: Path) -> Float:
    """The first seconds of a file: float32, 44.1 kHz, mono."""
    with soundfile.SoundFile(path) as file:
        samples = file.read(int(_READ_S * file.samplerate), dtype="float32", always_2d=True)
        rate = file.samplerate
    mono = np.asarray(samples, np.float32).mean(axis=1)
    if rate == SAMPLE_RATE:
        return mono
    factor = gcd(rate, SAMPLE_RATE)
    return resample_poly(mono, SAMPLE_RATE // factor, rate // factor).astype(np.float32)
