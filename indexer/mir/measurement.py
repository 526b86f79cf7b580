"""Stage `raw`: tempo, beats, key, meter and descriptors of the audio, and the raw features."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from indexer.mir import descriptors, provenance
from indexer.mir.descriptors import DescriptorInput
from indexer.mir.rhythm import beats, meter, onset, tempo
from indexer.mir.signal import spectrum
from indexer.mir.signal.loudness import Loudness
from indexer.mir.stage_timer import StageTimer
from indexer.mir.tags import normalize
from indexer.mir.tonality import chroma, modulation
from indexer.mir.tonality import key as key_stage
from indexer.mir.types import Key, RawFeatures, TagHints, Tempo, ValueSource

MIN_TAG_PROBABILITY: Final = 0.1
"""Tagger outputs below this are not listed among the tags of a track."""
MAX_TAGGER_TAGS: Final = 8


@dataclass(frozen=True, slots=True)
class Measurement:
    """Values measured from the audio; tempo and key are those of the file tags where these win.

    Attributes:
        duration_s: Length of the track.
        descriptors: Descriptor name → value, see `indexer.mir.descriptors`.
    """

    duration_s: float
    tempo: Tempo
    tempo_source: ValueSource
    key: Key | None
    key_source: ValueSource
    descriptors: Mapping[str, float]


def measure_audio(
    samples: np.ndarray,
    *,
    sample_rate: int,
    loudness: Loudness | None,
    tags: TagHints,
    timer: StageTimer,
) -> Measurement:
    """Measure mono audio; arguments and errors as of `indexer.mir.analyse.analyse`.

    A plausible tempo and a readable key of `tags` replace the estimates. `timer` gets the seconds
    of each stage.
    """
    with timer.stage("resample"):
        mono = spectrum.to_analysis_rate(samples, sample_rate=sample_rate)
    with timer.stage("spectrum"):
        scan = spectrum.scan(mono)
        novelty = onset.novelty(scan.onset_curves)
    with timer.stage("tempo"):
        estimate = tempo.estimate_tempo(scan.onset_curves, novelty)
        chosen, tempo_source = normalize.choose_tempo(
            Tempo(estimate.bpm, estimate.alternative, estimate.confidence), tagged_bpm=tags.bpm
        )
    with timer.stage("beats"):
        chosen = with_beats(chosen, onset.strength(novelty))
    with timer.stage("key"):
        profile = chroma.chroma(mono)
        key, key_source = normalize.choose_key(key_stage.estimate_key(profile), tagged_key=tags.key)
        key = with_sections(key, modulation.key_sections(profile))
    with timer.stage("meter"):
        chosen = with_meter(chosen, meter.estimate_meter(novelty, profile, chosen.beat_times_s))
    with timer.stage("descriptors"):
        clarity = key_stage.key_clarity(profile)
        measured = descriptors.measure(
            DescriptorInput(mono, scan, novelty, estimate.bpm, chosen.beat_times_s, clarity),
            loudness=loudness,
        )
    duration_s = loudness.duration_s if loudness is not None else len(samples) / sample_rate
    return Measurement(duration_s, chosen, tempo_source, key, key_source, measured)


def with_beats(chosen: Tempo, onset_strength: np.ndarray) -> Tempo:
    """Add beat times (rounded to 1 ms) and tempo stability.

    Args:
        chosen: Tempo around which beats are tracked.
        onset_strength: float32, (n_frames,), from `onset.strength`.
    """
    curve = beats.tempo_curve(onset_strength, bpm=chosen.bpm)
    times_s = beats.track_beats(onset_strength, bpm=chosen.bpm, curve=curve)
    return dataclasses.replace(
        chosen,
        beat_times_s=tuple(round(float(t), 3) for t in times_s),
        stability=beats.tempo_stability(curve),
    )


def with_sections(key: Key | None, sections: Sequence[modulation.KeySection]) -> Key | None:
    """Add the keys of the sections where there is more than one."""
    if key is None or len(sections) < 2:
        return key
    named = tuple((round(part.start_s, 1), part.name) for part in sections)
    return dataclasses.replace(key, sections=named)


def with_meter(chosen: Tempo, bar: meter.MeterEstimate | None) -> Tempo:
    """Add the meter where one was estimated."""
    if bar is None:
        return chosen
    return dataclasses.replace(
        chosen,
        beats_per_bar=bar.beats_per_bar,
        first_downbeat=bar.first_downbeat,
        meter_confidence=bar.confidence,
    )


def raw_features(
    measurement: Measurement, *, tagger: Mapping[str, float], tags: TagHints
) -> RawFeatures:
    """Combine measurement, tagger outputs and file tags.

    Args:
        measurement: From `measure_audio`.
        tagger: Output as `msd:rock` → probability 0..1; empty without a tagger.
        tags: Values tagged in the file.
    """
    probable = sorted(
        ((p, name) for name, p in tagger.items() if p >= MIN_TAG_PROBABILITY), reverse=True
    )
    tagger_tags = [name.split(":", 1)[-1].lower() for _, name in probable[:MAX_TAGGER_TAGS]]
    file_tags = (*tags.genres, *tags.moods)
    return RawFeatures(
        duration_s=measurement.duration_s,
        tempo=measurement.tempo,
        key=measurement.key,
        tags=tuple(dict.fromkeys((*file_tags, *tagger_tags))),
        measured=measurement.descriptors,
        tagger=tagger,
        sources={
            "bpm": measurement.tempo_source.value,
            "key": measurement.key_source.value,
            **provenance.tag_sources(file_tags=file_tags, tagger_tags=tagger_tags),
            **provenance.descriptor_sources(
                tagger=tagger, measured=measurement.descriptors, tags=tags
            ),
        },
    )
