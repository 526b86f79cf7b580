"""The order of the analysis stages: from samples and tags to a `MirResult`."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol

import numpy as np

from indexer.mir import descriptors
from indexer.mir.rhythm import beats, meter, onset, tempo
from indexer.mir.signal import spectrum
from indexer.mir.signal.loudness import Loudness
from indexer.mir.tags import features, genre, hints, moods, normalize, score, synthetic_tags
from indexer.mir.tonality import chroma, modulation
from indexer.mir.tonality import key as key_stage
from indexer.mir.types import Key, MirResult, NormalizedFeatures, RawFeatures, TagHints, Tempo

STAGE_VERSIONS: Mapping[str, int] = {
    "tempo": 4,
    "key": 5,
    "meter": 2,
    "loudness": 1,
    "descriptors": 2,
    "tagger": 1,
    "normalize": 4,
    "genre": 5,
    "scores": 4,
    "synthetic_tags": 4,
    "moods": 4,
}
"""Raised when a stage gives other numbers; tracks stored with an older one are analysed again."""
LEAST_TAG_PROBABILITY = 0.1
MAX_TAGGER_WORDS = 8


class TaggerResult(Protocol):
    """What is taken from the tagger."""

    @property
    def by_model(self) -> dict[str, float]:
        """Probability 0..1 of each output: `msd:rock`, `mtt:classical`, …."""
        ...

    @property
    def embedding(self) -> np.ndarray:
        """float32, (200,)."""
        ...


class _Clock:
    """Seconds by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start


def analyse(
    samples: np.ndarray,
    *,
    sample_rate: int,
    loudness: Loudness | None = None,
    tagger: TaggerResult | None = None,
    tags: TagHints | None = None,
) -> MirResult:
    """Analyses a track.

    Args:
        samples: float32, (n,), mono; fastest at 22 050 Hz, other rates are resampled. Of very long
            audio hand over an excerpt: memory grows by 88 kB a second.
        sample_rate: Samples a second.
        loudness: Measured while decoding, from all channels.
        tagger: Output of the tagger; without it features come from descriptors and tags alone.
        tags: What the file's own tags say.

    Raises:
        AnalysisError: There is no audio, or more than one channel.
    """
    clock = _Clock()
    given = tags or TagHints()
    outputs = dict(tagger.by_model) if tagger is not None else {}
    raw = _measure(samples, sample_rate, loudness, outputs, given, clock)
    with clock.stage("genre"):
        result = genre.vote(_votes(given, raw))
    return _derive(raw, result, given, tagger, clock)


def derive(
    raw: RawFeatures,
    *,
    tempo: tuple[Tempo, str],
    key: tuple[Key | None, str],
    tags: TagHints,
) -> MirResult:
    """Everything that follows from stored raw features, without hearing the audio again.

    Args:
        raw: As stored.
        tempo: The tempo to keep and its source, from `normalize.choose_tempo`.
        key: The key to keep and its source, from `normalize.choose_key`.
        tags: What the file's own tags say now.

    Returns:
        The result with an empty embedding.
    """
    clock = _Clock()
    (chosen_tempo, tempo_source), (chosen_key, key_source) = tempo, key
    again = _raw(
        raw.duration_s, chosen_tempo, chosen_key, raw.measured, raw.tagger, tags,
        tempo_source, key_source,
    )  # fmt: skip
    with clock.stage("genre"):
        result = genre.vote(_votes(tags, raw))
    return _derive(again, result, tags, None, clock)


def _measure(
    samples: np.ndarray,
    sample_rate: int,
    loudness: Loudness | None,
    outputs: Mapping[str, float],
    tags: TagHints,
    clock: _Clock,
) -> RawFeatures:
    with clock.stage("resample"):
        mono = spectrum.to_analysis_rate(samples, sample_rate=sample_rate)
    with clock.stage("spectrum"):
        scan = spectrum.scan(mono)
        novelty = onset.novelty(scan.onset_curves)
    with clock.stage("tempo"):
        reading = tempo.estimate_tempo(scan.onset_curves, novelty)
        measured_tempo, tempo_source = normalize.choose_tempo(
            Tempo(reading.bpm, reading.alternative, reading.confidence), tagged_bpm=tags.bpm
        )
    with clock.stage("beats"):
        final_tempo = _with_beats(measured_tempo, onset.strength(novelty))
    with clock.stage("key"):
        profile = chroma.chroma(mono)
        key, key_source = normalize.choose_key(key_stage.estimate_key(profile), tagged_key=tags.key)
        key = _with_sections(key, modulation.key_sections(profile))
    with clock.stage("meter"):
        bar = meter.estimate_meter(novelty, profile, final_tempo.beat_times_s)
        final_tempo = _with_meter(final_tempo, bar)
    with clock.stage("descriptors"):
        measured = descriptors.measure(
            mono,
            scan=scan,
            novelty=novelty,
            bpm=reading.bpm,
            beat_times_s=final_tempo.beat_times_s,
            key_clarity=key_stage.key_clarity(profile),
            loudness=loudness,
        )
    duration_s = loudness.duration_s if loudness is not None else len(samples) / sample_rate
    return _raw(duration_s, final_tempo, key, measured, outputs, tags, tempo_source, key_source)


def _with_beats(chosen: Tempo, onset_strength: np.ndarray) -> Tempo:
    curve = beats.tempo_curve(onset_strength, bpm=chosen.bpm)
    times = beats.track_beats(onset_strength, bpm=chosen.bpm, curve=curve)
    return dataclasses.replace(
        chosen,
        beat_times_s=tuple(round(float(t), 3) for t in times),
        stability=beats.tempo_stability(curve),
    )


def _with_sections(key: Key | None, found: tuple[modulation.KeySection, ...]) -> Key | None:
    if key is None or len(found) < 2:
        return key
    sections = tuple((round(part.start_s, 1), part.name) for part in found)
    return dataclasses.replace(key, sections=sections)


def _with_meter(tempo: Tempo, bar: meter.Meter | None) -> Tempo:
    if bar is None:
        return tempo
    return dataclasses.replace(
        tempo,
        beats_per_bar=bar.beats_per_bar,
        first_downbeat=bar.first_downbeat,
        meter_confidence=bar.confidence,
    )


def _raw(
    duration_s: float,
    final_tempo: Tempo,
    key: Key | None,
    measured: Mapping[str, float],
    outputs: Mapping[str, float],
    tags: TagHints,
    tempo_source: str,
    key_source: str,
) -> RawFeatures:
    likely = sorted(
        ((p, name) for name, p in outputs.items() if p >= LEAST_TAG_PROBABILITY), reverse=True
    )
    words = [name.split(":", 1)[-1].lower() for _, name in likely[:MAX_TAGGER_WORDS]]
    sources = {"bpm": tempo_source, "key": key_source}
    sources |= dict.fromkeys(measured, "librosa")
    sources |= dict.fromkeys(normalize.NAMES, "musicnn+librosa" if outputs else "librosa")
    sources |= dict.fromkeys(hints.tagged_features(tags.extra), "acoustid")
    return RawFeatures(
        duration_s=duration_s,
        tempo=final_tempo,
        key=key,
        tags=tuple(dict.fromkeys((*tags.genres, *tags.moods, *words))),
        measured=measured,
        tagger=outputs,
        sources=sources,
    )


def _votes(tags: TagHints, raw: RawFeatures) -> list[genre.GenreVote]:
    votes = [genre.GenreVote(text, "standards", rank) for rank, text in enumerate(tags.genres)]
    votes += [
        genre.GenreVote(name, "acousticbrainz", rank, probability)
        for rank, (name, probability) in enumerate(hints.tagged_genres(tags.extra))
    ]
    return votes + genre.tagger_votes(raw.tagger, raw.measured)


def _derive(
    raw: RawFeatures,
    voted: genre.GenreResult,
    tags: TagHints,
    tagger: TaggerResult | None,
    clock: _Clock,
) -> MirResult:
    tagged = hints.tagged_features(tags.extra)
    extra = {
        name: tagged.get(name, features.feature(name, tags=raw.tagger, measured=raw.measured))
        for name in ("activity", "mood_sad", "mood_romantic")
    }
    with clock.stage("normalize"):
        normalized: NormalizedFeatures = normalize.normalize(raw, genre=voted, tagged=tagged)
    with clock.stage("scores"):
        scores = score.score(normalized, activity=extra["activity"], sad=extra["mood_sad"])
        derived = synthetic_tags.synthetic_tags(normalized, scores)
        strengths = moods.mood_strengths(
            normalized,
            scores,
            sad=extra["mood_sad"],
            romantic=extra["mood_romantic"],
            tagged=tags.moods,
        )
    embedding = () if tagger is None else tuple(float(v) for v in tagger.embedding)
    return MirResult(raw, normalized, scores, derived, strengths, embedding, clock.seconds)
