"""Whether what was heard are drums at all."""

from __future__ import annotations

from collections import Counter
from typing import Final

import numpy as np

from indexer.drums.types import DrumsError, Onset

_MIN_STROKES: Final = 12
_MIN_RATE_HZ: Final = 0.25
"""Bass drum and snare strokes a second: an orchestra's attacks reach 0.2, songs with drums 0.5."""
_LONE_SHARE: Final = 2 / 3
_OTHERS_RATE_HZ: Final = 0.5
"""Where one voice has this share, and all others strike less often, it must keep time."""
_LEAST_REGULARITY: Final = 0.72
"""Rain, wind and birds reach 0.69 (chance 0.56), songs with drums 0.79 at least, most 0.95."""
_STROKES: Final = 24
"""Of a window: few enough for a tempo that drifts."""
_RATES_HZ: Final = (1.0, 18.0)
"""Of regular strokes: quarters at 60 BPM to thirty-seconds at 135."""
_FINEST_HZ: Final = 0.003
NO_DRUMS: Final = (
    "I hear no drums in this recording, so there is nothing to chart. "
    "Choose a song with a drum kit in it."
)
NO_PULSE: Final = (
    "What strikes in this recording is all of one kind and keeps no time, like rain or wind; "
    "I hear no drums in it. Choose a song with a drum kit in it."
)


def require_drums(onsets: tuple[Onset, ...], *, duration_s: float) -> None:
    """Raise DrumsError where too little was heard to call it drums.

    Args:
        onsets: Sorted by time.
        duration_s: Of the recording.

    Raises:
        DrumsError: Few strokes, neither bass drum nor snare, or a lone voice without a pulse.
    """
    counts = Counter(onset.drum.family for onset in onsets)
    deep = counts["KD"] + counts["SD"]
    if len(onsets) < _MIN_STROKES or deep < _MIN_RATE_HZ * duration_s:
        raise DrumsError(NO_DRUMS, code="no_drums")
    most = max(counts.values())
    is_lone = most >= _LONE_SHARE * len(onsets)
    others = len(onsets) - most
    if is_lone and others < _OTHERS_RATE_HZ * duration_s and regularity(onsets) < _LEAST_REGULARITY:
        raise DrumsError(NO_PULSE, code="no_drums")


def regularity(onsets: tuple[Onset, ...]) -> float:
    """How well a steady rate explains the times of a few seconds' strokes, 0..1.

    The longest resultant of the phases (Mardia and Jupp, "Directional Statistics", 2000) over all
    rates that are played; the median of windows.
    """
    times = np.array([onset.time_s for onset in onsets])
    starts = range(0, max(1, times.size - _STROKES + 1), _STROKES // 2)
    return float(np.median([_resultant(times[start : start + _STROKES]) for start in starts]))


def _resultant(times: np.ndarray) -> float:
    step_hz = max(_FINEST_HZ, 0.25 / max(1.0, float(times[-1] - times[0])))
    rates_hz = np.arange(*_RATES_HZ, step_hz)
    turns = np.exp(2j * np.pi * np.outer(rates_hz, times))
    return float(np.abs(turns.mean(axis=1)).max())
