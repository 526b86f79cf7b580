"""Features and genres of AcousticBrainz classifiers, parsed from file tags.

Tag names are those of Picard's AcousticBrainz plugin (`ab:hi:…`) and beets' xtractor (`mood_happy`,
…). Values outside 0..1 are ignored: tag text is untrusted.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

_DIRECT = {
    "ab:hi:danceability:danceable": "danceability",
    "ab:hi:mood_happy:happy": "mood_happy",
    "ab:hi:mood_sad:sad": "mood_sad",
    "ab:hi:mood_aggressive:aggressive": "mood_aggressive",
    "ab:hi:mood_party:party": "mood_party",
    "ab:hi:mood_relaxed:relaxed": "mood_relaxed",
    "ab:hi:mood_acoustic:acoustic": "acoustic",
    "ab:hi:voice_instrumental:instrumental": "instrumental",
    "ab:hi:tonal_atonal:tonal": "tonal",
    "danceable": "danceability",
    "mood_happy": "mood_happy",
    "mood_sad": "mood_sad",
    "mood_aggressive": "mood_aggressive",
    "mood_party": "mood_party",
    "mood_relaxed": "mood_relaxed",
    "mood_acoustic": "acoustic",
}
_OPPOSED = {
    "ab:hi:danceability:not_danceable": "danceability",
    "ab:hi:mood_happy:not_happy": "mood_happy",
    "ab:hi:mood_sad:not_sad": "mood_sad",
    "ab:hi:mood_aggressive:not_aggressive": "mood_aggressive",
    "ab:hi:mood_party:not_party": "mood_party",
    "ab:hi:mood_relaxed:not_relaxed": "mood_relaxed",
    "ab:hi:mood_acoustic:not_acoustic": "acoustic",
    "ab:hi:voice_instrumental:voice": "instrumental",
    "ab:hi:tonal_atonal:atonal": "tonal",
}
GENRE_PREFIX = "ab:hi:genre_"


def probability(text: str) -> float | None:
    """Parse a number on 0..1 from tag text; else None."""
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) and 0 <= value <= 1 else None


def tagged_features(extra: Mapping[str, str]) -> dict[str, float]:
    """Return feature → value 0..1 from the tags of a file, whose names may be in any case.

    An opposite (`not_happy`) counts as one minus its value; several tags of a feature are averaged.
    """
    found: dict[str, list[float]] = {}
    for name, text in extra.items():
        value = probability(text)
        if value is None:
            continue
        lower = name.lower()
        if lower in _DIRECT:
            found.setdefault(_DIRECT[lower], []).append(value)
        elif lower in _OPPOSED:
            found.setdefault(_OPPOSED[lower], []).append(1 - value)
        elif lower == "voice_instrumental":
            found.setdefault("instrumental", []).append(value)
    return {name: sum(values) / len(values) for name, values in found.items()}


def tagged_genres(extra: Mapping[str, str]) -> list[tuple[str, float]]:
    """Return the genres of AcousticBrainz classifiers with their probabilities, highest first."""
    found: dict[str, float] = {}
    for name, text in extra.items():
        parts = name.lower().split(":")
        value = probability(text)
        if value is None or len(parts) != 4 or not name.lower().startswith(GENRE_PREFIX):
            continue
        found[parts[3]] = max(value, found.get(parts[3], 0.0))
    return sorted(found.items(), key=lambda item: -item[1])
