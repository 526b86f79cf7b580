"""Key of a track: pitch classes and cadences, weighed for major and for minor from each tonic.

The weights of the classes are the profiles of Faraldo, Jordà & Herrera, "A multi-profile method for
key estimation in EDM" (2017), "bgate" (means over annotated popular and electronic music with weak
degrees gated), with small corrections; those, and the weights of the cadences, were fitted to
generated songs, played scores and labelled recordings (`key.json`, made by
`python -m benchmarks.key_profiles`). No key and neither scale is favoured: the share of minor keys
differs between collections. `docs/analysis.md` has the figures, and those of the profiles of
Krumhansl or Temperley, which come from listening tests and from classical scores.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from indexer.mir.tonality import cadence
from indexer.mir.tonality.chroma import Chroma
from indexer.mir.types import Key, Scale

VERSION: Final = 5
"""Raised with every change of the track's key or its sections; see `indexer.mir.stage_versions`."""

PITCH_CLASSES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
CAMELOT_NUMBERS: dict[Scale, tuple[int, ...]] = {
    "major": (8, 3, 10, 5, 12, 7, 2, 9, 4, 11, 6, 1),
    "minor": (5, 12, 7, 2, 9, 4, 11, 6, 1, 8, 3, 10),
}
PROFILES: dict[Scale, tuple[float, ...]] = {
    "major": (1.0, 0.0, 0.42, 0.0, 0.53, 0.37, 0.0, 0.77, 0.0, 0.38, 0.21, 0.30),
    "minor": (1.0, 0.0, 0.36, 0.39, 0.0, 0.38, 0.0, 0.74, 0.27, 0.0, 0.42, 0.23),
}
BASS_WEIGHT = 0.3
POWER = 0.5
"""Pitch classes count by the root of their strength: that one is there says more than how loud."""
OPENING_S = 30.0
"""Works begin in their key; the middle of a movement may spend minutes elsewhere."""
OPENING_SHARE = 1.0
ENDING_S = 4.0
"""The last chord, where the recording is not cut. It counts little: many songs stop anywhere."""
ENDING_SHARE = 0.3
START_SHARPNESS = 12.0
"""Where the fit of the sharpness begins: how fast a lead over other keys becomes certainty."""
FILE = Path(__file__).with_name("key.json")
FROM_TONIC = (np.arange(12)[:, None] + np.arange(12)) % 12
"""Row k: the pitch classes in the order that they have from tonic k."""
LEAST_CLARITY = 0.1
"""A correlation below this is no key at all: noise, drums alone."""
TAG_CONFIDENCE = 0.95

_NOTE_STEPS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11, "h": 11}
_SOLFEGE = {"do": 0, "ut": 0, "re": 2, "ré": 2, "mi": 4, "fa": 5, "sol": 7, "la": 9, "si": 11}
_MINOR_WORDS = {"m", "min", "minor", "mineur", "moll", "mineure"}
_MAJOR_WORDS = {"", "maj", "major", "majeur", "majeure", "dur"}
_ACCIDENTALS = {"#": 1, "♯": 1, "b": -1, "♭": -1, "": 0}
_KEY_TEXT = re.compile(
    r"(do|ut|r[eé]|mi|fa|sol|la|si|[a-h])\s*(#|♯|b|♭|)\s*[-_]?\s*([a-zé]*)", re.IGNORECASE
)
_CAMELOT_TEXT = re.compile(r"(\d{1,2})\s*([ABdm])", re.IGNORECASE)


def camelot(tonic: str, scale: Scale) -> str:
    """Camelot code of a key, "1A" .. "12B"; `tonic` is a sharp name."""
    number = CAMELOT_NUMBERS[scale][PITCH_CLASSES.index(tonic)]
    return f"{number}{'B' if scale == 'major' else 'A'}"


def published_weights() -> np.ndarray:
    """The profiles as weights of treble and bass classes from the tonic, float (2, 24)."""
    standard = [_standard(np.array(PROFILES[scale])) for scale in ("major", "minor")]
    rows = [np.concatenate([row, BASS_WEIGHT * row]) for row in standard]
    return np.stack(rows) / (12 * (1 + BASS_WEIGHT))


@dataclass(frozen=True, slots=True)
class Fitted:
    """What `key.json` holds.

    Attributes:
        sharpness: How fast a lead over other keys becomes certainty.
        weights: Of each scale: published profiles with corrections, then those of
            `cadence.FLOWS`, float (2, 32).
        offset, slope: Log-odds of being right = offset + slope · those of the chosen key.
    """

    sharpness: float
    weights: np.ndarray
    offset: float
    slope: float


@cache
def fitted() -> Fitted:
    """Weights and confidence, from `key.json`."""
    data = json.loads(FILE.read_text(encoding="utf-8"))
    weights = np.array([data["major"], data["minor"]])
    return Fitted(data["sharpness"], weights, *data["confidence"])


def turned(profile: Chroma, *, power: float = POWER) -> np.ndarray:
    """Standardised mean profiles, treble then bass, as heard from each tonic: float (12, 24)."""
    treble, bass = (
        _standard(np.maximum(rows.mean(axis=0), 0) ** power)
        for rows in (profile.treble, profile.bass)
    )
    return np.concatenate([treble[FROM_TONIC], bass[FROM_TONIC]], axis=1)


def heard(profile: Chroma) -> np.ndarray:
    """What is weighed: the whole, once more its opening, and how it ends: float (12, 32)."""
    times_s = profile.times_s
    parts = [(profile, 1.0), (_part(profile, times_s < times_s[0] + OPENING_S), OPENING_SHARE)]
    if profile.ends:
        parts.append((_part(profile, times_s > times_s[-1] - ENDING_S), ENDING_SHARE))
    features = [np.hstack([turned(part), cadence.flows(part)]) for part, _ in parts]
    return np.average(features, axis=0, weights=[share for _, share in parts])


def _part(profile: Chroma, inside: np.ndarray) -> Chroma:
    treble, bass = profile.treble[inside], profile.bass[inside]
    return Chroma(treble, bass, profile.tuning_cents, profile.times_s[inside])


def scores(turned_features: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Worth of each major and each minor key from C, two float (…, 12), about −1..1."""
    return turned_features @ weights[0], turned_features @ weights[1]


def log_odds(chances: np.ndarray) -> float:
    """Log-odds of the likeliest of some probabilities."""
    top = float(np.clip(chances.max(), 1e-9, 1 - 1e-9))
    return float(np.log(top / (1 - top)))


def estimate_key(profile: Chroma | None) -> Key | None:
    """The most likely key with its probability; None for silence, noise and unpitched sound."""
    if profile is None or key_correlation(profile) < LEAST_CLARITY:
        return None
    known = fitted()
    worth = known.sharpness * np.stack(scores(heard(profile), known.weights))
    chances = np.exp(worth - worth.max())
    row, tonic = np.unravel_index(int(chances.argmax()), chances.shape)
    scale: Scale = "minor" if row == 1 else "major"
    name = PITCH_CLASSES[int(tonic)]
    odds = known.offset + known.slope * log_odds(chances / chances.sum())
    confidence = float(1 / (1 + np.exp(-odds)))
    return Key(name, scale, camelot(name, scale), confidence, profile.tuning_cents)


def key_correlation(profile: Chroma) -> float:
    """Best correlation with a published profile, about −1..1."""
    worth = turned(profile, power=1.0) @ published_weights().T
    return float(worth.max())


def key_clarity(profile: Chroma | None) -> float | None:
    """How plainly the track is in one key: best correlation, 0 (noise) .. 1; None in silence."""
    return None if profile is None else float(np.clip(key_correlation(profile), 0, 1))


def parse_key(text: str) -> Key | None:
    """Key from a tag ("Am", "F#m", "8A", "1m", "A minor", "la mineur", "Bb"), else None."""
    stripped = text.strip()
    wheel = _CAMELOT_TEXT.fullmatch(stripped)
    if wheel:
        return _from_wheel(int(wheel[1]), wheel[2])
    match = _KEY_TEXT.fullmatch(stripped)
    if not match:
        return None
    letter, accidental, word = match[1].lower(), match[2].lower(), match[3]
    step = _NOTE_STEPS.get(letter, _SOLFEGE.get(letter))
    minor = word != "M" and word.lower() in _MINOR_WORDS
    if step is None or not (minor or word == "M" or word.lower() in _MAJOR_WORDS):
        return None
    return _named((step + _ACCIDENTALS[accidental]) % 12, "minor" if minor else "major")


def _from_wheel(number: int, letter: str) -> Key | None:
    if not 1 <= number <= 12:
        return None
    if letter.lower() in "dm":  # Open Key: 1d is C major, Camelot 8B
        scale: Scale = "major" if letter.lower() == "d" else "minor"
        number = (number + 6) % 12 + 1
    else:
        scale = "major" if letter.upper() == "B" else "minor"
    return _named(CAMELOT_NUMBERS[scale].index(number), scale)


def _named(step: int, scale: Scale) -> Key:
    name = PITCH_CLASSES[step]
    return Key(name, scale, camelot(name, scale), TAG_CONFIDENCE)


def _standard(values: np.ndarray) -> np.ndarray:
    return (values - values.mean()) / max(float(values.std()), 1e-9)
