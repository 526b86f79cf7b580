"""Check that detected onsets come from drums."""

from __future__ import annotations

from collections import Counter
from typing import Final

import numpy as np

from indexer.drums.types import DrumsError, Onset

_MIN_ONSETS: Final = 12
_MIN_RATE_HZ: Final = 0.25
"""Bass drum and snare onsets a second: an orchestra's attacks reach 0.2, songs with drums 0.5."""
_MIN_METAL_RATE_HZ: Final = 1.0
"""Hi-hat and cymbal onsets a second that are drums by themselves, as in free swing, where they keep
time: songs without drums have at most 0.65."""
_MIN_METAL_REGULARITY: Final = 0.8
_DOMINANT_SHARE: Final = 2 / 3
_OTHERS_RATE_HZ: Final = 0.5
"""A family with this share of the onsets must be regular where all others together have fewer
onsets a second."""
_MIN_REGULARITY: Final = 0.72
"""Rain, wind and birds reach 0.69 (chance 0.56), songs with drums 0.79 at least, most 0.95."""
_WINDOW_ONSETS: Final = 24
"""Few enough for a drifting tempo."""
_RATES_HZ: Final = (1.0, 18.0)
"""Rates of regular onsets: quarters at 60 BPM to thirty-seconds at 135."""
_MIN_STEP_HZ: Final = 0.003
"""Least step between rates that are tried; bounds the work."""
NO_DRUMS: Final = (
    "I hear no drums in this recording, so there is nothing to chart. "
    "Choose a song with a drum kit in it."
)
NO_PULSE: Final = (
    "What strikes in this recording is all of one kind and keeps no time, like rain or wind; "
    "I hear no drums in it. Choose a song with a drum kit in it."
)


def require_drums(onsets: tuple[Onset, ...], *, duration_s: float) -> None:
    """Raise DrumsError unless the onsets look like those of a drum kit.

    Args:
        onsets: Sorted by time.
        duration_s: Length of the recording.

    Raises:
        DrumsError: Few onsets, neither bass drum nor snare nor metal that keeps time, or one family
            without a pulse.
    """
    counts = Counter(onset.drum.family for onset in onsets)
    kicks_and_snares = counts["KD"] + counts["SD"]
    if len(onsets) < _MIN_ONSETS or (
        kicks_and_snares < _MIN_RATE_HZ * duration_s and not _metal_keeps_time(onsets, duration_s)
    ):
        raise DrumsError(NO_DRUMS, code="no_drums")
    most = max(counts.values())
    is_alone = (
        most >= _DOMINANT_SHARE * len(onsets) and len(onsets) - most < _OTHERS_RATE_HZ * duration_s
    )
    if is_alone and regularity(onsets) < _MIN_REGULARITY:
        raise DrumsError(NO_PULSE, code="no_drums")


def _metal_keeps_time(onsets: tuple[Onset, ...], duration_s: float) -> bool:
    """Return whether hi-hats and cymbals are a drummer's; hats alone may be a shaker or a click."""
    metal = tuple(onset for onset in onsets if onset.drum.family in ("HH", "CY"))
    cymbals = sum(onset.drum.family == "CY" for onset in metal)
    often = len(metal) >= _MIN_METAL_RATE_HZ * duration_s and cymbals >= _MIN_RATE_HZ * duration_s
    return often and regularity(metal) >= _MIN_METAL_REGULARITY


def regularity(onsets: tuple[Onset, ...]) -> float:
    """Return how well a constant rate explains the onset times, 0..1.

    The median over windows of the longest mean resultant of the phases over all playable rates
    (Mardia and Jupp, "Directional Statistics", 2000).
    """
    times = np.array([onset.time_s for onset in onsets])
    starts = range(0, max(1, times.size - _WINDOW_ONSETS + 1), _WINDOW_ONSETS // 2)
    return float(
        np.median([_mean_resultant(times[start : start + _WINDOW_ONSETS]) for start in starts])
    )


def _mean_resultant(times: np.ndarray) -> float:
    """Return the longest mean resultant of `times` (s) over the playable rates, 0..1."""
    step_hz = max(_MIN_STEP_HZ, 0.25 / max(1.0, float(times[-1] - times[0])))
    rates_hz = np.arange(*_RATES_HZ, step_hz)
    turns = np.exp(2j * np.pi * np.outer(rates_hz, times))
    return float(np.abs(turns.mean(axis=1)).max())
