"""Stems of real songs as accompaniment: real voices, synthesizers and basses beside our drums.

Read are the stems of `everythingisremixed` (CC0): files `NUMBER.SONG_Stem_NAME_mobile.m4a`. Stems
with drums in them are left out. Songs are split as kits are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np
import soundfile

from indexer.arrays import Float32 as Float
from indexer.drums.corrections.clip_format import Split
from indexer.drums.hearing.mel import SAMPLE_RATE, normalised, rms
from indexer.files.audio.decoding import decode
from training.drums.sounds.effects import change_speed, gain_of_db, random_eq

Random = np.random.Generator
Stems = Mapping[str, tuple[Path, ...]]
"""Song → its stems without drums, as mono files at 44.1 kHz."""

SPLIT_OF_SONG: Final[dict[str, Split]] = {
    "Hydrogen": "train",
    "Lithium": "train",
    "Sodium": "train",
    "Caesium": "train",
    "Rubidium": "validation",
    "Potassium": "report",
    "Francium": "report",
}
_PITCHED: Final = (
    r"VOX|SYNTH|BASS|ARP|PAD|PLUCK|KEYS|MALLET|PIANO|ORGAN|SINE|TEXTURE|MELODY|BEEP|STAB|RISE|SWEEP"
)
"""Names of stems that hold no drums."""
_MOST: Final = 7
_QUIET_RMS: Final = 2e-3
_TRIES: Final = 8


def prepare_stems(repositories: Path, cache: Path, split: Split) -> Stems:
    """Decode the stems of a split, those that are not in the cache yet."""
    folder = cache / "stems"
    folder.mkdir(parents=True, exist_ok=True)
    stems: dict[str, list[Path]] = {}
    for path in sorted(repositories.glob("everythingisremixed/src/*/*_Stem_*_mobile.m4a")):
        named = re.fullmatch(r"\d+\.(\w+?)_Stem_(.+)_mobile", path.stem)
        if named is None or SPLIT_OF_SONG.get(named[1]) != split:
            continue
        if re.search(_PITCHED, named[2]):
            decoded = folder / f"{named[1]}_{named[2]}.wav"
            if not decoded.exists():
                samples = decode(path, sample_rate=SAMPLE_RATE).samples
                soundfile.write(decoded, samples, SAMPLE_RATE, subtype="PCM_16")
            stems.setdefault(named[1], []).append(decoded)
    return {song: tuple(paths) for song, paths in stems.items()}


def mix_stems(rng: Random, stems: Stems, *, duration_s: float) -> Float | None:
    """A passage of some of a song's stems, each at a random level; none where all are silent."""
    if not stems:
        return None
    song = str(rng.choice(sorted(stems)))
    speed = float(np.exp(rng.normal(0, 0.06)))
    count = int(duration_s * SAMPLE_RATE)
    wanted = int(count * max(1.0, speed)) + 2
    for _ in range(_TRIES):
        length = soundfile.info(stems[song][0]).frames
        start = int(rng.integers(0, max(1, length - wanted)))
        chosen = rng.permutation(len(stems[song]))[: int(rng.integers(2, _MOST + 1))]
        total = np.zeros(wanted, np.float32)
        for number in sorted(chosen):
            sound = _read(stems[song][int(number)], start, wanted)
            if rms(sound) > _QUIET_RMS:
                total += np.float32(gain_of_db(rng.normal(0, 5))) * normalised(sound)
        if rms(total) > _QUIET_RMS:
            return normalised(random_eq(rng, change_speed(total, speed)[:count], strength_db=3.0))
    return None


def _read(path: Path, start: int, count: int) -> Float:
    samples, _ = soundfile.read(path, count, start, dtype="float32", fill_value=0)
    return np.pad(np.asarray(samples, np.float32), (0, max(0, count - len(samples))))
