"""Recordings with corrected charts → training clips.

Chart notes stand on a grid, the played hits do not: each note is moved to the nearest activation
peak of its family within 40 ms. Where there is none, the loss ignores the frames around the note.
It also ignores further hand-played voices beside two notes of the hands, as charts have no third
hand. The chart is taken as complete between its first and last note; the loss ignores the rest.

A clip has the arrays `mix` and `targets` of `clip_format.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

import numpy as np

from indexer.arrays import Float32
from indexer.drums.corrections.clip_format import (
    CLASSES,
    CLIP_S,
    SEGMENT_FRAMES,
    log_power,
    targets_of,
)
from indexer.drums.hearing.families import family_peaks
from indexer.drums.hearing.network import Detection, DetectionOptions, Network
from indexer.drums.hearing.peaks import interpolate_peak
from indexer.drums.hearing.profiles import SCALES
from indexer.drums.types import Drum, Onset

CAREFUL: Final = DetectionOptions(scales=SCALES, rounds=2)
"""Options of the detection that notes are aligned to: slower and more accurate."""
DOUBTFUL: Final = 0.06
"""Activation below which no peak is an onset, 0..1."""
SNAP_S: Final = 0.04
"""Half of the gap between onsets of a family: no note is moved to its neighbour's peak."""
_HANDS: Final = 2
_AROUND_FRAMES: Final = 3
"""Frames (10 ms) around two hand notes in which other hand-played voices are ignored."""
_MARGIN_FRAMES: Final = 50
"""Frames before the first and after the last note that count."""
_CLIP_FRAMES: Final = int(100 * CLIP_S)
_SOUNDS_AS: Final = {
    Drum.KICK_LEFT: Drum.KICK,
    Drum.HAT_PEDAL: Drum.HAT_CLOSED,
    Drum.CRASH_LEFT: Drum.CRASH,
    Drum.CHINA: Drum.CRASH,
}
"""Voices that the network has no class for → the class with the nearest sound."""


def clips_of(
    samples: Float32, onsets: Sequence[Onset], network: Network
) -> list[dict[str, np.ndarray]]:
    """Cut a recording into clips that meet or overlap, between its first and last note.

    Args:
        samples: float32, (n_samples,), mono, at `mel.SAMPLE_RATE`.
        onsets: Of the corrected chart, sorted by time.
        network: Detects what the notes are aligned to.

    Returns:
        No clip where they are fewer than `SEGMENT_FRAMES` apart.
    """
    detection = network.detect(samples, CAREFUL)
    mix = log_power(detection.power)
    targets = corrected_targets(onsets, detection)
    first, last = _span(onsets)
    last = min(last, len(mix))
    if last - first < SEGMENT_FRAMES:
        return []
    count = -(-(last - first) // _CLIP_FRAMES)
    starts = np.linspace(first, max(first, last - _CLIP_FRAMES), count).astype(int)
    spans = (slice(start, min(start + _CLIP_FRAMES, last)) for start in starts)
    return [{"mix": mix[span], "targets": targets[span]} for span in spans]


def corrected_targets(onsets: Sequence[Onset], detection: Detection) -> np.ndarray:
    """Return the training targets of a recording: float16, (n_frames, TARGETS).

    Args:
        onsets: Of the corrected chart, at the times of the recording.
        detection: The network's output for the recording.
    """
    peaks_s = {
        family: np.array([interpolate_peak(c, f) / 100 for f in family_peaks(c, DOUBTFUL)])
        for family, c in detection.curves.items()
    }
    rows = []
    for onset in onsets:
        drum = _SOUNDS_AS.get(onset.drum, onset.drum)
        if drum in CLASSES:
            time_s, is_audible = _aligned(onset.time_s, peaks_s[drum.family])
            rows.append((time_s, CLASSES.index(drum), onset.velocity, is_audible))
    targets = targets_of(np.array(rows, np.float32).reshape(-1, 4), len(detection.onsets))
    _ignore_third_hands(targets, onsets)
    first, last = _span(onsets)
    weights = slice(len(CLASSES), 2 * len(CLASSES))
    targets[:first, weights] = targets[last:, weights] = 0
    return targets


def _aligned(time_s: float, peaks_s: np.ndarray) -> tuple[float, bool]:
    """Return the time of the nearest peak within `SNAP_S`, and whether there is one."""
    if not peaks_s.size:
        return time_s, False
    nearest_s = float(peaks_s[np.abs(peaks_s - time_s).argmin()])
    is_near = abs(nearest_s - time_s) <= SNAP_S
    return (nearest_s if is_near else time_s), is_near


def _ignore_third_hands(targets: np.ndarray, onsets: Sequence[Onset]) -> None:
    """Set the weights of other hand-played voices to 0 where two hands play already."""
    count = len(CLASSES)
    played_by_hand = [number for number, drum in enumerate(CLASSES) if not drum.is_foot]
    hands = Counter(onset.time_s for onset in onsets if not onset.drum.is_foot)
    for time_s in (time_s for time_s, busy in hands.items() if busy >= _HANDS):
        at = round(100 * time_s)
        near = targets[max(0, at - _AROUND_FRAMES) : at + _AROUND_FRAMES + 1]
        for column in played_by_hand:
            near[near[:, column] == 0, count + column] = 0


def _span(onsets: Sequence[Onset]) -> tuple[int, int]:
    """Return the first and the last frame that the chart covers."""
    first_s, last_s = onsets[0].time_s, onsets[-1].time_s
    return max(0, int(100 * first_s) - _MARGIN_FRAMES), int(100 * last_s) + _MARGIN_FRAMES
