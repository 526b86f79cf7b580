"""The analysis of a track: audio and file tags in, `MirResult` out.

samples, tags, tagger outputs → raw features → genre → normalized features → scores;
scores → synthetic tags; scores and features → moods
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from indexer.mir.derivation import derive_stages
from indexer.mir.measurement import Measurement, measure_audio, raw_features
from indexer.mir.signal.loudness import Loudness
from indexer.mir.stage_timer import StageTimer
from indexer.mir.types import Key, MirResult, RawFeatures, TagHints, Tempo, ValueSource


class TaggerResult(Protocol):
    """The part of the tagger's output that the analysis reads."""

    @property
    def by_model(self) -> dict[str, float]:
        """Probability 0..1 of each output: `msd:rock`, `mtt:classical`, …."""
        ...

    @property
    def embedding(self) -> np.ndarray:
        """float32, (200,), unit length."""
        ...


def analyse(
    samples: np.ndarray,
    *,
    sample_rate: int,
    loudness: Loudness | None = None,
    tagger: TaggerResult | None = None,
    tags: TagHints | None = None,
) -> MirResult:
    """Analyse a track.

    Args:
        samples: float32, (n_samples,), mono, full scale ±1; fastest at 22 050 Hz, other rates are
            resampled. Pass an excerpt of very long audio: memory grows by 88 kB a second.
        sample_rate: Hz.
        loudness: Measured while decoding, from all channels.
        tagger: Output of the tagger; without it features come from descriptors and tags alone.
        tags: Values tagged in the file.

    Raises:
        AnalysisError: There is no audio, or more than one channel.
    """
    timer = StageTimer()
    hints = tags or TagHints()
    measurement = measure_audio(
        samples, sample_rate=sample_rate, loudness=loudness, tags=hints, timer=timer
    )
    outputs = dict(tagger.by_model) if tagger is not None else {}
    embedding = () if tagger is None else tuple(float(v) for v in tagger.embedding)
    raw = raw_features(measurement, tagger=outputs, tags=hints)
    return derive_stages(raw, tags=hints, embedding=embedding, timer=timer)


def derive(
    raw: RawFeatures,
    *,
    tempo: tuple[Tempo, ValueSource],
    key: tuple[Key | None, ValueSource],
    tags: TagHints,
) -> MirResult:
    """Compute every stage after `raw` from stored raw features, without the audio.

    Args:
        raw: As stored.
        tempo: The tempo to keep and its source, from `normalize.choose_tempo`.
        key: The key to keep and its source, from `normalize.choose_key`.
        tags: Values tagged in the file now.

    Returns:
        The result with an empty embedding.
    """
    measurement = Measurement(raw.duration_s, *tempo, *key, raw.measured)
    again = raw_features(measurement, tagger=raw.tagger, tags=tags)
    return derive_stages(again, tags=tags, embedding=(), timer=StageTimer())
