"""Songs whose charts a person corrected → clips with that person's strokes.

A chart stands on a grid and its drummer does not: each stroke is laid where the network hears one
of its family within 40 ms. Where it hears none the moment counts neither way, and so do other hands
where a chart has no room for a third one. Everything else is as the person says, without doubts;
before the first and after the last stroke the person says nothing.

A clip `song-corrected-….npz` has the arrays `mix` and `targets` of `clip_format.py`.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from indexer.drums.corrections.clip_format import (
    CLASSES,
    CLIP_S,
    SEGMENT_FRAMES,
    SONG,
    clip_folder,
    log_power,
    save_clip,
    targets_of,
)
from indexer.drums.corrections.correction import CorrectedSong
from indexer.drums.hearing.families import family_peaks
from indexer.drums.hearing.mel import SAMPLE_RATE
from indexer.drums.hearing.network import MODEL, Detection, DetectionOptions, Network
from indexer.drums.hearing.peaks import interpolate_peak
from indexer.drums.hearing.profiles import SCALES
from indexer.drums.types import Drum, Onset
from indexer.files.audio.audio_types import AudioError
from indexer.files.audio.decoding import decode

CAREFUL: Final = DetectionOptions(scales=SCALES, rounds=2)
"""How a song is heard that clips are cut from."""
DOUBTFUL: Final = 0.06
"""Below this there is no stroke."""
SNAP_S: Final = 0.04
"""Half of the gap between strokes of a family: no stroke is laid on its neighbour."""
_HANDS: Final = 2
_AROUND_FRAMES: Final = 3
_MARGIN_FRAMES: Final = 50
_CLIP_FRAMES: Final = int(100 * CLIP_S)
_SOUNDS_AS: Final = {
    Drum.KICK_LEFT: Drum.KICK,
    Drum.HAT_PEDAL: Drum.HAT_CLOSED,
    Drum.CRASH_LEFT: Drum.CRASH,
    Drum.CHINA: Drum.CRASH,
}
"""Lanes of a chart whose sound the network has no class of its own for."""


def corrected_targets(strokes: Sequence[Onset], heard: Detection) -> np.ndarray:
    """What the network should say of a recording: float16, (n_frames, TARGETS).

    Args:
        strokes: The person's, at the times of the recording.
        heard: What the network hears of it.
    """
    peaks_s = {
        family: np.array([interpolate_peak(c, f) / 100 for f in family_peaks(c, DOUBTFUL)])
        for family, c in heard.curves.items()
    }
    rows = []
    for stroke in strokes:
        drum = _SOUNDS_AS.get(stroke.drum, stroke.drum)
        if drum in CLASSES:
            time_s, is_heard = _laid(stroke.time_s, peaks_s[drum.family])
            rows.append((time_s, CLASSES.index(drum), stroke.velocity, is_heard))
    targets = targets_of(np.array(rows, np.float32).reshape(-1, 4), len(heard.onsets))
    _leave_open_third_hands(targets, strokes)
    first, last = _span(strokes)
    weights = slice(len(CLASSES), 2 * len(CLASSES))
    targets[:first, weights] = targets[last:, weights] = 0
    return targets


def _laid(time_s: float, peaks_s: np.ndarray) -> tuple[float, bool]:
    """Where a stroke is heard, and whether it is."""
    if not peaks_s.size:
        return time_s, False
    nearest_s = float(peaks_s[np.abs(peaks_s - time_s).argmin()])
    is_near = abs(nearest_s - time_s) <= SNAP_S
    return (nearest_s if is_near else time_s), is_near


def _leave_open_third_hands(targets: np.ndarray, strokes: Sequence[Onset]) -> None:
    """No chart has three hands: beside two of them nothing is known of the other voices."""
    count = len(CLASSES)
    played_by_hand = [number for number, drum in enumerate(CLASSES) if not drum.is_foot]
    hands = Counter(stroke.time_s for stroke in strokes if not stroke.drum.is_foot)
    for time_s in (time_s for time_s, busy in hands.items() if busy >= _HANDS):
        at = round(100 * time_s)
        near = targets[max(0, at - _AROUND_FRAMES) : at + _AROUND_FRAMES + 1]
        for column in played_by_hand:
            near[near[:, column] == 0, count + column] = 0


def _span(strokes: Sequence[Onset]) -> tuple[int, int]:
    """Frames that the person speaks of."""
    first_s, last_s = strokes[0].time_s, strokes[-1].time_s
    return max(0, int(100 * first_s) - _MARGIN_FRAMES), int(100 * last_s) + _MARGIN_FRAMES


def cut(
    songs: Sequence[CorrectedSong],
    cache: Path,
    *,
    away: Collection[int] = (),
    on_progress: Callable[[float, str], None] = lambda fraction, step: None,
) -> dict[int, int | str]:
    """Cut corrected songs into clips; those that are cut already stay, stale ones go.

    Args:
        songs: All that count. Clips of others, and of these before they changed, are removed.
        cache: Holds the clips; of one library.
        away: Corrections that count but cannot be read now: their clips stay.
        on_progress: Gets a fraction 0..1 and the file at hand.

    Returns:
        For each song that was not cut before, by the number of its correction: how many clips were
        made, or why none.
    """
    folder = clip_folder(cache, "train")
    folder.mkdir(parents=True, exist_ok=True)
    hears = zlib.crc32(MODEL.read_bytes())
    names = {_name(song, hears): song for song in songs}
    _remove_stale(folder, names, away)
    told: dict[int, int | str] = {}
    network = Network()
    for count, (name, song) in enumerate(names.items()):
        on_progress(count / len(names), song.path.name)
        done = folder / f"{name}.done"
        if done.exists():
            continue
        try:
            clips = _clips_of(song, network)
        except AudioError as error:
            told[song.number] = str(error)
            continue
        for number, clip in enumerate(clips):
            save_clip(folder / f"{name}-{number}.npz", clip)
        done.touch()
        told[song.number] = len(clips) or "It is too long, or too short, to be cut."
    return told


def _name(song: CorrectedSong, network: int) -> str:
    """How the files of a song begin; another recording, chart or network makes another name."""
    known = repr((song.recording, song.strokes, network)).encode()
    return f"{SONG}corrected-{song.number}-{zlib.crc32(known):08x}"


def _remove_stale(folder: Path, names: Collection[str], away: Collection[int]) -> None:
    for file in folder.glob(f"{SONG}corrected-*-*"):
        parts = file.stem.split("-")
        if "-".join(parts[:4]) not in names and parts[2] not in map(str, away):
            file.unlink()


def _clips_of(song: CorrectedSong, network: Network) -> list[dict[str, np.ndarray]]:
    """What the person speaks of, cut into clips that meet or overlap."""
    audio = decode(song.path, sample_rate=SAMPLE_RATE)
    if audio.excerpted:
        return []
    heard = network.detect(audio.samples, CAREFUL)
    mix = log_power(heard.power)
    targets = corrected_targets(song.strokes, heard)
    first, last = _span(song.strokes)
    last = min(last, len(mix))
    if last - first < SEGMENT_FRAMES:
        return []
    count = -(-(last - first) // _CLIP_FRAMES)
    starts = np.linspace(first, max(first, last - _CLIP_FRAMES), count).astype(int)
    spans = (slice(start, min(start + _CLIP_FRAMES, last)) for start in starts)
    return [{"mix": mix[span], "targets": targets[span]} for span in spans]
