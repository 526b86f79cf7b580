"""Drum onsets of a whole recording, detected with bounded memory.

A song is analysed at once. A longer recording (a concert, a mix) is analysed in sections with some
context on both sides: each has its own level, its own drum sounds and its own repetitions, which
is what a recording of many songs needs anyway.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from indexer.arrays import Float32
from indexer.charts.recording import DecodedRecording
from indexer.drums.beat.medley import SONG_S
from indexer.drums.formats.preview import FRAME_SAMPLES, frame_features
from indexer.drums.hearing.activation import SAMPLE_RATE, Detector
from indexer.drums.hearing.peaks import transcribe
from indexer.drums.types import Onset
from indexer.files.audio.audio_blocks import mixed
from indexer.files.audio.decoding import EXCERPT_S, EXCERPTS
from indexer.mir.rhythm.onset import novelty
from indexer.mir.rhythm.tempo import estimate_tempo
from indexer.mir.signal import spectrum

SECTION_SAMPLES: Final = 5 * 441 * FRAME_SAMPLES
"""Three and a half minutes: whole frames of the detector (10 ms) and of the preview."""
CONTEXT_SAMPLES: Final = 1000 * 441
"""Ten seconds: onsets are compared with what is near them, and none is cut."""
_SAME_S: Final = 0.04
"""Onsets of one drum on both sides of a border are one, if they are this near."""


@dataclass(frozen=True, eq=False)
class RecordingAnalysis:
    """Onsets, preview features and tempo of a recording.

    Attributes:
        onsets: Sorted by time.
        duration_s: Of the recording.
        frames: Features of the preview, from `preview.frame_features`.
        tempo_bpm: Of the whole music, in which tempo octaves are clearer than in the drums; None
            where it was not asked for, or where the recording is longer than a song.
    """

    onsets: tuple[Onset, ...]
    duration_s: float
    frames: Float32
    tempo_bpm: float | None


@dataclass(frozen=True, eq=False)
class _Section:
    """A part of a recording with its context.

    Attributes:
        start_s: Time of the first sample, seconds.
        before: Samples of context before the section itself.
        size: Samples of the section itself.
        samples: float32, (n,), mono, with context on both sides.
    """

    start_s: float
    before: int
    size: int
    samples: Float32


def analyse_recording(
    recording: DecodedRecording,
    *,
    detector: Detector,
    wants_tempo: bool,
    on_progress: Callable[[float], None] = lambda fraction: None,
) -> RecordingAnalysis:
    """Detect the drums of a recording.

    Args:
        recording: Decoded.
        detector: Samples to activations.
        wants_tempo: Whether the tempo of the music is asked for.
        on_progress: Gets a fraction 0..1.
    """
    wants_tempo = wants_tempo and recording.duration_s <= SONG_S
    samples = recording.samples
    if samples is None:
        tempo_bpm = _tempo_bpm(_excerpts(recording)) if wants_tempo else None
        return _in_sections(recording, detector, tempo_bpm, on_progress)
    tempo_bpm = _tempo_bpm(samples) if wants_tempo else None
    onsets = transcribe(samples, sample_rate=SAMPLE_RATE, detector=detector)
    frames = frame_features(samples, sample_rate=SAMPLE_RATE)
    return RecordingAnalysis(onsets, samples.size / SAMPLE_RATE, frames, tempo_bpm)


def _in_sections(
    recording: DecodedRecording,
    detector: Detector,
    tempo_bpm: float | None,
    on_progress: Callable[[float], None],
) -> RecordingAnalysis:
    onsets: list[Onset] = []
    frames, end_s = [], 0.0
    for section in _sections(recording):
        before, start_s = section.before, section.start_s
        begin_s = start_s + before / SAMPLE_RATE
        end_s = start_s + (before + section.size) / SAMPLE_RATE
        found = (
            Onset(o.time_s + start_s, o.drum, o.velocity, o.confidence)
            for o in transcribe(section.samples, sample_rate=SAMPLE_RATE, detector=detector)
        )
        _join(onsets, [o for o in found if begin_s <= o.time_s < end_s])
        part = section.samples[before : before + section.size]
        frames.append(frame_features(part, sample_rate=SAMPLE_RATE))
        on_progress(min(1.0, end_s / recording.duration_s))
    return RecordingAnalysis(tuple(onsets), end_s, np.concatenate(frames), tempo_bpm)


def _join(onsets: list[Onset], more: list[Onset]) -> None:
    """Append the onsets of the next section, but those detected on both sides of the border."""
    border_s = more[0].time_s if more else 0.0
    last = {o.drum: o.time_s for o in onsets[-50:] if o.time_s > border_s - _SAME_S}
    onsets += [o for o in more if o.time_s - last.get(o.drum, -1.0) > _SAME_S]


def _sections(recording: DecodedRecording) -> Iterator[_Section]:
    window, start, before = np.zeros(0, np.float32), 0, 0
    whole = SECTION_SAMPLES + CONTEXT_SAMPLES
    for part in _mono_parts(recording, CONTEXT_SAMPLES):
        window = np.concatenate([window, part])
        while window.size >= before + whole:
            yield _Section(start / SAMPLE_RATE, before, SECTION_SAMPLES, window[: before + whole])
            drop = before + SECTION_SAMPLES - CONTEXT_SAMPLES
            window = window[drop:].copy()
            start, before = start + drop, CONTEXT_SAMPLES
    if window.size > before:
        yield _Section(start / SAMPLE_RATE, before, window.size - before, window)


def _mono_parts(recording: DecodedRecording, size: int) -> Iterator[Float32]:
    """Yield the recording in mono, in parts of at least `size` samples but for the last one."""
    parts: list[Float32] = []
    count = 0
    for block in recording.stereo.blocks(SAMPLE_RATE):
        parts.append(mixed(block))
        count += parts[-1].size
        if count >= size:
            yield np.concatenate(parts)
            parts, count = [], 0
    yield np.concatenate([*parts, np.zeros(0, np.float32)])


def _excerpts(recording: DecodedRecording) -> Float32:
    """Return the middles of equal thirds of a recording in a row: float32, (n,), mono."""
    part_s = recording.duration_s / EXCERPTS
    length_s = min(EXCERPT_S, part_s)
    starts_s = [(number + 0.5) * part_s - length_s / 2 for number in range(EXCERPTS)]
    spans = [(round(s * SAMPLE_RATE), round((s + length_s) * SAMPLE_RATE)) for s in starts_s]
    excerpts: list[Float32] = []
    start = 0
    for part in _mono_parts(recording, CONTEXT_SAMPLES):
        for first, last in spans:
            excerpts.append(part[max(0, first - start) : max(0, last - start)].copy())
        start += part.size
    return np.concatenate(excerpts)


def _tempo_bpm(samples: Float32) -> float | None:
    scan = spectrum.scan(spectrum.to_analysis_rate(samples, sample_rate=SAMPLE_RATE))
    return estimate_tempo(scan.onset_curves, novelty(scan.onset_curves)).bpm
