"""The drums of a whole recording heard with flat memory, and its music block by block.

A song is heard at once. A longer recording (a concert, a mix) is heard in sections with some
context on both sides: each has its own level, its own drum sounds and its own repetitions, which
is what a recording of many songs needs anyway.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import soxr

from indexer.arrays import Float32
from indexer.drums.beat.medley import SONG_S
from indexer.drums.formats.preview import FRAME_SAMPLES, described
from indexer.drums.hearing.activation import SAMPLE_RATE, Detector
from indexer.drums.hearing.peaks import transcribe
from indexer.drums.types import DrumsError, Onset
from indexer.files.audio.audio_blocks import blocks_of, mixed
from indexer.files.audio.audio_file import open_audio
from indexer.files.audio.decoding import decode
from indexer.mir.rhythm.onset import novelty
from indexer.mir.rhythm.tempo import estimate_tempo
from indexer.mir.signal import spectrum

WHOLE_S: Final = 420.0
"""What is no longer is heard at once, in 450 MB; twelve minutes would take 600."""
LONGEST_S: Final = 3 * 3600.0
"""A chart holds 3,600 bars: two hours at 120 beats a minute."""
SECTION_SAMPLES: Final = 5 * 441 * FRAME_SAMPLES
"""Three and a half minutes: whole frames of the hearing (10 ms) and of the preview."""
CONTEXT_SAMPLES: Final = 1000 * 441
"""Ten seconds: drums are compared with what is near them, and no stroke is cut."""
PLAYED_RATES: Final = (44_100, 48_000)
_SAME_S: Final = 0.04
"""Strokes of one drum on both sides of a border are one, if they are this near."""


@dataclass(frozen=True, eq=False)
class Heard:
    """What was heard of a recording.

    Attributes:
        onsets: Sorted by time.
        duration_s: Of the recording.
        frames: What `preview.described` says of it.
        tempo_bpm: Of the whole music, which tells the half from the double better than drums do;
            None where it was not asked for, or where the recording is more than a song.
    """

    onsets: tuple[Onset, ...]
    duration_s: float
    frames: Float32
    tempo_bpm: float | None


def hear(
    path: Path,
    *,
    detector: Detector,
    wants_tempo: bool,
    on_progress: Callable[[float], None] = lambda fraction: None,
) -> Heard:
    """Hear the drums of a file.

    Args:
        path: An audio file.
        detector: The stage that hears.
        wants_tempo: Whether the tempo of the music is asked for.
        on_progress: Gets a fraction 0..1.

    Raises:
        AudioError: The file cannot be used.
        DrumsError: It is longer than `LONGEST_S`.
    """
    audio = decode(path, sample_rate=SAMPLE_RATE, max_s=WHOLE_S)
    is_song = audio.duration_s <= SONG_S
    tempo_bpm = _tempo_bpm(audio.samples) if wants_tempo and is_song else None
    if not audio.excerpted:
        samples = audio.samples
        onsets = transcribe(samples, sample_rate=SAMPLE_RATE, detector=detector)
        frames = described(samples, sample_rate=SAMPLE_RATE)
        return Heard(onsets, samples.size / SAMPLE_RATE, frames, tempo_bpm)
    duration_s = audio.duration_s
    del audio
    if duration_s > LONGEST_S:
        raise DrumsError(
            f"This recording is {duration_s / 3600:.1f} hours long; a chart is made of "
            f"{LONGEST_S / 3600:.0f} hours at most. Cut it into parts.",
            code="too_long",
        )
    onsets, frames, end_s = [], [], 0.0
    for start_s, before, kept, samples in _sections(path):
        begin_s, end_s = start_s + before / SAMPLE_RATE, start_s + (before + kept) / SAMPLE_RATE
        found = (
            Onset(o.time_s + start_s, o.drum, o.velocity, o.confidence)
            for o in transcribe(samples, sample_rate=SAMPLE_RATE, detector=detector)
        )
        _join(onsets, [o for o in found if begin_s <= o.time_s < end_s])
        part = samples[before : before + kept]
        frames.append(described(part, sample_rate=SAMPLE_RATE))
        on_progress(min(1.0, end_s / duration_s))
    return Heard(tuple(onsets), end_s, np.concatenate(frames), tempo_bpm)


def _join(onsets: list[Onset], more: list[Onset]) -> None:
    """Append strokes that follow, but those at the border that were heard on its other side."""
    border_s = more[0].time_s if more else 0.0
    last = {o.drum: o.time_s for o in onsets[-50:] if o.time_s > border_s - _SAME_S}
    onsets += [o for o in more if o.time_s - last.get(o.drum, -1.0) > _SAME_S]


def _sections(path: Path) -> Iterator[tuple[float, int, int, Float32]]:
    """(start in seconds, samples before the section, samples of it, mono samples with context)."""
    window, start, before = np.zeros(0, np.float32), 0, 0
    whole = SECTION_SAMPLES + CONTEXT_SAMPLES
    for parts in _gathered(path, CONTEXT_SAMPLES):
        window = np.concatenate([window, parts])
        while window.size >= before + whole:
            yield start / SAMPLE_RATE, before, SECTION_SAMPLES, window[: before + whole]
            drop = before + SECTION_SAMPLES - CONTEXT_SAMPLES
            window = window[drop:].copy()
            start, before = start + drop, CONTEXT_SAMPLES
    if window.size > before:
        yield start / SAMPLE_RATE, before, window.size - before, window


def _gathered(path: Path, size: int) -> Iterator[Float32]:
    """The recording in mono, in pieces of at least `size` samples but for the last one."""
    pieces: list[Float32] = []
    count = 0
    for block in played_blocks(path, SAMPLE_RATE):
        pieces.append(mixed(block))
        count += pieces[-1].size
        if count >= size:
            yield np.concatenate(pieces)
            pieces, count = [], 0
    yield np.concatenate([*pieces, np.zeros(0, np.float32)])


def _tempo_bpm(samples: Float32) -> float | None:
    scan = spectrum.scan(spectrum.to_analysis_rate(samples, sample_rate=SAMPLE_RATE))
    return estimate_tempo(scan.onset_curves, novelty(scan.onset_curves)).bpm


def played_rate(path: Path) -> int:
    """The rate at which a recording is played: its own where players know it.

    Some decoders change it once they have seen the audio, so that is decoded first.
    """
    with open_audio(path) as (container, stream):
        for block in blocks_of(container, stream, length_s=0.1):
            if block.samples.size:
                return block.sample_rate if block.sample_rate in PLAYED_RATES else SAMPLE_RATE
    return SAMPLE_RATE


def played_blocks(path: Path, rate: int) -> Iterator[Float32]:
    """The recording in stereo at `rate`, block by block: float32, (2, n)."""
    resampler: soxr.ResampleStream | None = None
    source_rate = rate

    def resampled(samples: Float32, *, last: bool) -> Float32:
        if resampler is None:
            return samples
        return resampler.resample_chunk(np.ascontiguousarray(samples.T), last=last).T

    nothing = np.zeros((2, 0), np.float32)
    with open_audio(path) as (container, stream):
        for block in blocks_of(container, stream):
            if not block.samples.size:
                continue
            if block.sample_rate != source_rate:
                yield resampled(nothing, last=True)
                source_rate = block.sample_rate
                resampler = None
                if source_rate != rate:
                    resampler = soxr.ResampleStream(source_rate, rate, 2, dtype="float32")
            yield resampled(block.stereo(), last=False)
    yield resampled(nothing, last=True)
