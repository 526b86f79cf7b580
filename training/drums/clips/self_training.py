"""Recordings of real songs → clips with labels of our own: self-training.

No rendered song sounds like a record. A recording is heard as carefully as we can (three speeds,
rises in bands, repetitions, its own sounds): together they know more of it than the network alone.
What they are sure of is what the network shall say of this recording at once; what they doubt
counts neither way (Q. Xie et al., "Self-training with noisy student", CVPR 2020).

A clip `song-….npz` has the arrays `mix` and `targets` of `indexer.drums.corrections.clip_format`.
"""

from __future__ import annotations

import time
import zlib
from pathlib import Path
from typing import Final

import numpy as np
from scipy.ndimage import maximum_filter1d, uniform_filter1d

from indexer.drums.corrections.clip_format import (
    CLASSES,
    CLIP_S,
    SONG,
    clip_folder,
    log_power,
    save_clip,
    targets_of,
)
from indexer.drums.corrections.cut_clips import CAREFUL, DOUBTFUL
from indexer.drums.hearing.families import family_columns, family_peaks
from indexer.drums.hearing.mel import SAMPLE_RATE
from indexer.drums.hearing.model_card import ModelCard
from indexer.drums.hearing.network import Detection, Network
from indexer.drums.hearing.peaks import interpolate_peak
from indexer.drums.types import Drum
from indexer.files.audio.audio_types import AudioError
from indexer.files.audio.decoding import decode
from store.vocabulary import AUDIO_SUFFIXES
from training.drums.training_errors import SoundError

CLIPS_PER_SONG: Final = 6
SURE_THRESHOLDS: Final = {"KD": 0.5, "SD": 0.45, "HH": 0.4, "OT": 0.8, "TT": 0.8, "CY": 0.8}
"""From here on a stroke is one. On the annotated recordings (`docs/drums.md`) nine in ten and more
are right from there; rare drums must be surer."""
_MAX_TOM_SHARE: Final = 0.15
"""Where more of the strokes than this are on toms, a bass is taken for them: toms are doubted."""
_DOUBT_FRAMES: Final = 4
_CLIP_FRAMES: Final = int(100 * CLIP_S)


def make_targets(heard: Detection, card: ModelCard) -> np.ndarray:
    """What the network should say of a recording: float16, (n_frames, TARGETS).

    Args:
        heard: What is heard of it.
        card: Voices of the network that heard it, the same as `CLASSES`.
    """
    frames = len(heard.onsets)
    nearby = uniform_filter1d(heard.onsets, 5, axis=0)
    hits = []
    for family, columns in family_columns(card.drums).items():
        curve = heard.curves[family]
        for frame in family_peaks(curve, SURE_THRESHOLDS[family]):
            voice = columns[int(np.argmax(nearby[frame, columns]))]
            loudness = heard.velocities[frame, voice]
            hits.append((interpolate_peak(curve, frame) / 100, voice, loudness, 1))
    targets = targets_of(np.array(hits, np.float32).reshape(-1, 4), frames)
    _discard_doubtful_toms(targets, [CLASSES[voice] for _, voice, _, _ in hits])
    struck = targets[:, : len(CLASSES)] > 0
    for family, columns in family_columns(card.drums).items():
        doubtful = maximum_filter1d(heard.curves[family], 2 * _DOUBT_FRAMES + 1) > DOUBTFUL
        for column in columns:
            targets[doubtful & ~struck[:, column], len(CLASSES) + column] = 0
    return targets


def _discard_doubtful_toms(targets: np.ndarray, struck: list[Drum]) -> None:
    """Take back floor toms that come with a bass drum, and all toms where they are too many.

    Four in nine of the floor toms that were heard in songs came with a bass drum, in performances
    of drummers every fourth: what booms is mostly the bass drum or the bass.
    """
    kick = targets[:, CLASSES.index(Drum.KICK)] > 0
    beside = np.flatnonzero(maximum_filter1d(kick, 5))
    targets[beside, CLASSES.index(Drum.TOM_FLOOR)] = 0
    toms = [column for column, drum in enumerate(CLASSES) if drum.family == "TT"]
    if sum(drum.family == "TT" for drum in struck) > _MAX_TOM_SHARE * len(struck):
        targets[:, toms] = 0


def _cut_clips(path: Path, network: Network) -> list[dict[str, np.ndarray]]:
    """The middle of a song, cut into clips."""
    samples = decode(path, sample_rate=SAMPLE_RATE).samples
    wanted = int(CLIPS_PER_SONG * CLIP_S * SAMPLE_RATE)
    start = max(0, (samples.size - wanted) // 2)
    heard = network.detect(samples[start : start + wanted], CAREFUL)
    mix = log_power(heard.power)
    targets = make_targets(heard, network.card)
    return [
        {"mix": mix[at : at + _CLIP_FRAMES], "targets": targets[at : at + _CLIP_FRAMES]}
        for at in range(0, len(mix) - _CLIP_FRAMES + 1, _CLIP_FRAMES)
    ]


def label_songs(music: Path, cache: Path, *, seconds: float = float("inf")) -> int:
    """Cut and label every song in a folder that has not been, until the time is over.

    Returns:
        How many clips were made.

    Raises:
        SoundError: There is no music in the folder.
    """
    songs = sorted(p for p in music.rglob("*") if p.suffix.lower() in AUDIO_SUFFIXES)
    if not songs:
        raise SoundError(f"There is no music in {music}.")
    folder = clip_folder(cache, "train")
    folder.mkdir(parents=True, exist_ok=True)
    network, started, made = Network(), time.monotonic(), 0
    for song in songs:
        name = f"{SONG}{zlib.crc32(str(song.relative_to(music)).encode('utf-8', 'replace')):08x}"
        done = folder / f"{name}.done"
        if done.exists():
            continue
        if time.monotonic() - started > seconds:
            break
        try:
            clips = _cut_clips(song, network)
        except AudioError as error:
            print(f"{song.name}: {error}", flush=True)
            clips = []
        for number, clip in enumerate(clips):
            save_clip(folder / f"{name}-{number}.npz", clip)
        done.touch()
        made += len(clips)
        hits = sum(int((c["targets"][:, : len(CLASSES)] >= 1).sum()) for c in clips)
        print(f"{song.name}: {len(clips)} clips, {hits} strokes", flush=True)
    return made
