"""Stage `normalized`: raw features to `NormalizedFeatures`, on 0..1 with tempo in BPM.

A feature tagged by AcousticBrainz or beets outranks the one of tagger and descriptors
(`indexer.mir.tags.features`). A plausible BPM tag outranks the estimated tempo, any readable key
tag the estimated key.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Final

from indexer.mir.rhythm.tempo import MAX_BPM, MIN_BPM
from indexer.mir.tags import features
from indexer.mir.tags.genre import GenreResult
from indexer.mir.tonality.key import parse_key
from indexer.mir.types import Key, NormalizedFeatures, RawFeatures, Tempo, ValueSource

VERSION: Final = 5
"""Raised with every change of a normalized feature; see `indexer.mir.stage_versions`."""

FEATURE_NAMES = (
    "danceability",
    "mood_happy",
    "mood_aggressive",
    "mood_party",
    "mood_relaxed",
    "instrumental",
    "acoustic",
    "tonal",
)
RELATED_RATIOS = (1.0, 0.5, 2.0, 2 / 3, 1.5, 1 / 3, 3.0)
TAG_TOLERANCE = 0.08
"""Relative difference of tag and estimate, at one of the ratios, that confirms the tag: tags are
often whole numbers or of one part of the song."""
MIN_REFUTING_CONFIDENCE = 0.5
"""An estimate of lower confidence does not refute a tag."""
LOWEST_TAG_BPM, HIGHEST_TAG_BPM = 0.75 * MIN_BPM, 1.15 * MAX_BPM
"""Somewhat wider than the range of estimates; 0, whole thousands and the like are no tempi."""
DOUBLING_BELOW_BPM = 100
"""The alternative of a tagged tempo is its double below this, and its half from here on."""
TAG_CONFIDENCE = 0.95
"""Confidence of a tagged tempo."""
NOTHING: Final = NormalizedFeatures(
    bpm=None,
    key=None,
    scale=None,
    camelot_key=None,
    genre_main=None,
    genre_secondary=(),
    confidence_score=0.0,
    danceability=None,
    mood_happy=None,
    mood_aggressive=None,
    mood_party=None,
    mood_relaxed=None,
    instrumental=None,
    acoustic=None,
    tonal=None,
)
"""Of what is no music."""


def choose_tempo(measured: Tempo, *, tagged_bpm: float | None) -> tuple[Tempo, ValueSource]:
    """Select the tempo to keep: that of the file tag or the measured one; with its source.

    A plausible tag is kept when it confirms the estimate at one of `RELATED_RATIOS`, when there is
    no estimate, or when its confidence is low.
    """
    if tagged_bpm is None or not math.isfinite(tagged_bpm):
        return measured, ValueSource.BACKBEAT
    if not LOWEST_TAG_BPM <= tagged_bpm <= HIGHEST_TAG_BPM:
        return measured, ValueSource.BACKBEAT
    if measured.bpm is not None:
        ratio = tagged_bpm / measured.bpm
        related = any(abs(ratio / r - 1) <= TAG_TOLERANCE for r in RELATED_RATIOS)
        if not related and measured.confidence >= MIN_REFUTING_CONFIDENCE:
            return measured, ValueSource.BACKBEAT
    alternative = measured.bpm
    if alternative is None or abs(tagged_bpm / alternative - 1) <= TAG_TOLERANCE:
        alternative = tagged_bpm * 2 if tagged_bpm < DOUBLING_BELOW_BPM else tagged_bpm / 2
    chosen = dataclasses.replace(
        measured, bpm=float(tagged_bpm), alternative=alternative, confidence=TAG_CONFIDENCE
    )
    return chosen, ValueSource.STANDARDS


def choose_key(measured: Key | None, *, tagged_key: str | None) -> tuple[Key | None, ValueSource]:
    """Select the key to keep and its source; a readable tag wins."""
    tagged = parse_key(tagged_key) if tagged_key else None
    if tagged is None:
        return measured, ValueSource.BACKBEAT
    if measured is not None:
        tagged = dataclasses.replace(tagged, tuning_cents=measured.tuning_cents)
    return tagged, ValueSource.STANDARDS


def normalize(
    raw: RawFeatures,
    *,
    genre: GenreResult,
    tempo: Tempo | None = None,
    tagged: Mapping[str, float] | None = None,
) -> NormalizedFeatures:
    """Compute the normalized features of a track.

    Args:
        raw: Tempo and key are those that were selected.
        genre: Result of the genre vote.
        tempo: In place of that of `raw`.
        tagged: Feature → value 0..1 as tagged in the file (`hints.tagged_features`).
    """
    given = tagged or {}
    values = {
        name: given[name]
        if name in given
        else features.feature(name, tags=raw.tagger, measured=raw.measured)
        for name in FEATURE_NAMES
    }
    key, counted = raw.key, tempo or raw.tempo
    return NormalizedFeatures(
        bpm=counted.bpm,
        key=key.tonic if key else None,
        scale=key.scale if key else None,
        camelot_key=key.camelot if key else None,
        genre_main=genre.main,
        genre_secondary=genre.secondary,
        confidence_score=_confidence(counted, key, genre),
        **values,
    )


def _confidence(tempo: Tempo, key: Key | None, genre: GenreResult) -> float:
    """Mean confidence of tempo, key and genre; a missing one counts as 0."""
    of_tempo = tempo.confidence if tempo.bpm else 0.0
    return (of_tempo + (key.confidence if key else 0.0) + genre.confidence) / 3
