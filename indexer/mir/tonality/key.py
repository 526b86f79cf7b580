"""Key of a track: linear classifier over pitch-class profiles and chord transitions.

Source of the profiles: Faraldo, Jordà & Herrera, "A multi-profile method for key estimation in EDM"
(2017), "bgate": means over annotated popular and electronic music with weak degrees gated. Small
corrections to them and the weights of the transitions were fitted to generated songs, rendered
scores and labelled recordings (`key.json`, made by `python -m training.mir.key_profiles`). There is
no prior over keys or scales: the share of minor keys differs between collections. Results, also of
the profiles of Krumhansl and Temperley, are in `docs/experiments/analysis.md`.
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

VERSION: Final = 6
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
"""Weights of the pitch classes from the tonic, 0..1 ("bgate")."""
BASS_WEIGHT = 0.3
"""Weight of the bass profile, relative to treble."""
POWER = 0.5
"""Exponent of compression: that a pitch class is present matters more than its level."""
OPENING_S = 30.0
"""Works begin in their key; the middle of a movement may modulate for minutes."""
OPENING_SHARE = 1.0
"""Weight of the opening, relative to the whole track."""
ENDING_S = 4.0
"""About the last chord; used only where the recording is not cut."""
ENDING_SHARE = 0.3
"""Low, because many songs end on another chord than the tonic."""
START_SHARPNESS = 12.0
"""Initial value of `KeyWeights.sharpness` in the fit."""
FILE = Path(__file__).with_name("key.json")
FROM_TONIC = (np.arange(12)[:, None] + np.arange(12)) % 12
"""Row k: pitch classes in order from tonic k, int (12, 12)."""
MIN_CORRELATION = 0.1
"""Below this correlation with a profile there is no key: noise, unpitched drums."""
NO_PITCH, FULL_PITCH = 0.01, 0.1
"""Share of steady pitches below which there is no key, as in drums and speech, and from which the
confidence is that of the classifier; between them it is at most what rises from a half to one."""
TAG_CONFIDENCE = 0.95
"""Confidence of a key that is tagged in the file."""

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
    """Return the Camelot code, "1A" .. "12B", of a tonic (sharp name) and scale."""
    number = CAMELOT_NUMBERS[scale][PITCH_CLASSES.index(tonic)]
    return f"{number}{'B' if scale == 'major' else 'A'}"


def published_weights() -> np.ndarray:
    """Return `PROFILES` as standardised weights of treble then bass, float64 (2, 24)."""
    standard = [_standardised(np.array(PROFILES[scale])) for scale in ("major", "minor")]
    rows = [np.concatenate([row, BASS_WEIGHT * row]) for row in standard]
    return np.stack(rows) / (12 * (1 + BASS_WEIGHT))


@dataclass(frozen=True, slots=True)
class KeyWeights:
    """Fitted parameters of the classifier, from `key.json`.

    Attributes:
        sharpness: Factor from scores to logits of the softmax over the 24 keys.
        weights: float64, (2, 32), major and minor: corrected profiles of treble and bass, then
            weights of `cadence.TRANSITIONS`.
        offset: Calibration: log-odds of being right = offset + slope · log-odds of the softmax.
        slope: See `offset`.
    """

    sharpness: float
    weights: np.ndarray
    offset: float
    slope: float


@cache
def key_weights() -> KeyWeights:
    """Load `key.json`."""
    data = json.loads(FILE.read_text(encoding="utf-8"))
    weights = np.array([data["major"], data["minor"]])
    return KeyWeights(data["sharpness"], weights, *data["confidence"])


def tonic_profiles(profile: Chroma, *, power: float = POWER) -> np.ndarray:
    """Return the standardised mean profiles from each tonic, treble then bass: float64 (12, 24)."""
    treble, bass = (
        _standardised(np.maximum(rows.mean(axis=0), 0) ** power)
        for rows in (profile.treble, profile.bass)
    )
    return np.concatenate([treble[FROM_TONIC], bass[FROM_TONIC]], axis=1)


def key_features(profile: Chroma) -> np.ndarray:
    """Return the features of each tonic, float64 (12, 32).

    Weighted mean over the whole track, its opening and, where the recording is not cut, its ending.
    """
    times_s = profile.times_s
    parts = [(profile, 1.0), (_select(profile, times_s < times_s[0] + OPENING_S), OPENING_SHARE)]
    if profile.ends:
        parts.append((_select(profile, times_s > times_s[-1] - ENDING_S), ENDING_SHARE))
    features = [
        np.hstack([tonic_profiles(part), cadence.net_transitions(part)]) for part, _ in parts
    ]
    return np.average(features, axis=0, weights=[share for _, share in parts])


def _select(profile: Chroma, inside: np.ndarray) -> Chroma:
    """Frames of `profile` where the bool (n_frames,) mask `inside` holds."""
    treble, bass = profile.treble[inside], profile.bass[inside]
    return Chroma(treble, bass, profile.tuning_cents, profile.times_s[inside])


def score_keys(features: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the scores of the major and of the minor keys from C, two float64 (…, 12), ≈ −1..1.

    Args:
        features: float64, (…, 12, n), one row per tonic.
        weights: float64, (2, n), major and minor.
    """
    return features @ weights[0], features @ weights[1]


def log_odds(probabilities: np.ndarray) -> float:
    """Return the log-odds of the highest probability."""
    top = float(np.clip(probabilities.max(), 1e-9, 1 - 1e-9))
    return float(np.log(top / (1 - top)))


def estimate_key(profile: Chroma | None) -> Key | None:
    """Estimate the key with its probability; None for silence, noise and unpitched sound."""
    if profile is None or profile.pitch_share < NO_PITCH:
        return None
    if key_correlation(profile) < MIN_CORRELATION:
        return None
    model = key_weights()
    logits = model.sharpness * np.stack(score_keys(key_features(profile), model.weights))
    likelihood = np.exp(logits - logits.max())
    row, tonic = np.unravel_index(int(likelihood.argmax()), likelihood.shape)
    scale: Scale = "minor" if row == 1 else "major"
    name = PITCH_CLASSES[int(tonic)]
    odds = model.offset + model.slope * log_odds(likelihood / likelihood.sum())
    confidence = min(float(1 / (1 + np.exp(-odds))), _pitch_limit(profile.pitch_share))
    return Key(name, scale, camelot(name, scale), confidence, profile.tuning_cents)


def _pitch_limit(share: float) -> float:
    """Return the highest confidence at a share of steady pitches, 0.5..1."""
    return float(np.interp(share, (NO_PITCH, FULL_PITCH), (0.5, 1.0)))


def key_correlation(profile: Chroma) -> float:
    """Return the highest correlation with a published profile over all keys, −1..1."""
    correlations = tonic_profiles(profile, power=1.0) @ published_weights().T
    return float(correlations.max())


def key_clarity(profile: Chroma | None) -> float | None:
    """Return `key_correlation` cut to 0 (noise) .. 1; None in silence."""
    return None if profile is None else float(np.clip(key_correlation(profile), 0, 1))


def parse_key(text: str) -> Key | None:
    """Parse tag text ("Am", "F#m", "8A", "1m", "A minor", "la mineur", "Bb"); else None."""
    stripped = text.strip()
    code = _CAMELOT_TEXT.fullmatch(stripped)
    if code:
        return _from_code(int(code[1]), code[2])
    match = _KEY_TEXT.fullmatch(stripped)
    if not match:
        return None
    letter, accidental, word = match[1].lower(), match[2].lower(), match[3]
    step = _NOTE_STEPS.get(letter, _SOLFEGE.get(letter))
    minor = word != "M" and word.lower() in _MINOR_WORDS
    if step is None or not (minor or word == "M" or word.lower() in _MAJOR_WORDS):
        return None
    return _key((step + _ACCIDENTALS[accidental]) % 12, "minor" if minor else "major")


def _from_code(number: int, letter: str) -> Key | None:
    """Key of a Camelot ("8A") or Open Key ("1m") code."""
    if not 1 <= number <= 12:
        return None
    if letter.lower() in "dm":  # Open Key: 1d is C major, Camelot 8B
        scale: Scale = "major" if letter.lower() == "d" else "minor"
        number = (number + 6) % 12 + 1
    else:
        scale = "major" if letter.upper() == "B" else "minor"
    return _key(CAMELOT_NUMBERS[scale].index(number), scale)


def _key(step: int, scale: Scale) -> Key:
    """Key on the pitch class `step` semitones above C, with the confidence of a tag."""
    name = PITCH_CLASSES[step]
    return Key(name, scale, camelot(name, scale), TAG_CONFIDENCE)


def _standardised(values: np.ndarray) -> np.ndarray:
    """`values` with zero mean and unit variance."""
    return (values - values.mean()) / max(float(values.std()), 1e-9)
