"""The values that the analysis stages hand to each other: `RawFeatures` → … → `SyntheticTag`.

Field names follow the exchange format; `to_exchange` in `indexer.ingest.pipeline` only nests them.
Numbers that could not be measured are None and are left out of every formula that would use them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

Scale = Literal["major", "minor"]
TagCategory = Literal["mood", "energy", "atmosphere", "usage"]
TempoStability = Literal["constant", "drifting", "changing", "unknown"]

FEATURES_VERSION = 2
"""Raised with every change of a raw descriptor; stored with each track."""


class ValueSource(StrEnum):
    """Where a value comes from. Joined by `+` where several contribute, in the order below."""

    MANUAL = "manual"
    """The user."""
    STANDARDS = "standards"
    """Ordinary tags of the file: genre, mood, BPM, key."""
    ACOUSTICBRAINZ = "acousticbrainz"
    """AcousticBrainz classifiers, from the tags that Picard and beets write."""
    ACOUSTID = "acoustid"
    MUSICBRAINZ = "musicbrainz"
    DISCOGS = "discogs"
    LASTFM = "lastfm"
    MUSICNN = "musicnn"
    """The tagger networks."""
    BACKBEAT = "backbeat"
    """Backbeat's own estimators and descriptors of the audio."""
    CALCULATED = "calculated"
    """Thresholds over scores."""


class AnalysisError(Exception):
    """The audio cannot be analysed; the message tells a person why."""


@dataclass(frozen=True, slots=True)
class Tempo:
    """Tempo of a whole track.

    Attributes:
        bpm: Beats a minute, 40..265; None when no pulse was found.
        alternative: The half or the double, whichever is the likelier second reading.
        confidence: Chance that `bpm` is what a listener would tap, 0..1.
        beat_times_s: Beat positions in seconds, ascending.
        stability: Whether one tempo holds through the track.
        beats_per_bar: 3 or 4; None when too few beats were found.
        first_downbeat: Index of the first beat that begins a bar.
        meter_confidence: Chance that bar and downbeat are right, given the beats, 0..1.
    """

    bpm: float | None
    alternative: float | None
    confidence: float
    beat_times_s: tuple[float, ...] = ()
    stability: TempoStability = "unknown"
    beats_per_bar: int | None = None
    first_downbeat: int | None = None
    meter_confidence: float = 0.0

    @property
    def downbeat_times_s(self) -> tuple[float, ...]:
        """Where bars begin, in ascending seconds; empty without a metre."""
        if self.beats_per_bar is None or self.first_downbeat is None:
            return ()
        return self.beat_times_s[self.first_downbeat :: self.beats_per_bar]


@dataclass(frozen=True, slots=True)
class Key:
    """Key of a track: tonic as a sharp name ("C" .. "B"), scale, Camelot code, confidence 0..1.

    `sections` holds, of a track that modulates, where each key begins in seconds and its name
    ("C# minor"); it is empty where one key stays.
    """

    tonic: str
    scale: Scale
    camelot: str
    confidence: float
    tuning_cents: float = 0.0
    sections: tuple[tuple[float, str], ...] = ()


@dataclass(frozen=True, slots=True)
class TagHints:
    """What the file's own tags say of the music; untrusted text, any part may be missing.

    Attributes:
        bpm: Tagged tempo, as written.
        key: Tagged key, as written ("Am", "8A", "la mineur").
        genres: Tagged genres, the first one first.
        moods: Tagged moods.
        extra: Tag name → text of AcousticBrainz and beets tags (`ab:hi:…`, `mood_happy`, …).
    """

    bpm: float | None = None
    key: str | None = None
    genres: tuple[str, ...] = ()
    moods: tuple[str, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RawFeatures:
    """What was measured and read, before any scaling.

    Attributes:
        tags: Genre and mood words found in the file (`standards`) and by the tagger (`musicnn`).
        measured: Descriptor name → value in the unit that its name tells
            (`loudness_lufs`, `loudness_range_lu`, `true_peak_dbtp`, `onset_rate_hz`,
            `spectral_centroid_hz`, `spectral_flux`, …).
        tagger: Tag → probability 0..1, MSD and MTT vocabularies.
        sources: Value name → its `ValueSource`, or several joined by `+`; see
            `indexer.mir.provenance`.
    """

    duration_s: float
    tempo: Tempo
    key: Key | None
    tags: tuple[str, ...] = ()
    measured: Mapping[str, float] = field(default_factory=dict)
    tagger: Mapping[str, float] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    version: int = FEATURES_VERSION


@dataclass(frozen=True, slots=True)
class NormalizedFeatures:
    """Features on 0..1, but `bpm` in beats a minute; None where nothing tells."""

    bpm: float | None
    key: str | None
    scale: Scale | None
    camelot_key: str | None
    danceability: float | None
    mood_happy: float | None
    mood_aggressive: float | None
    mood_party: float | None
    mood_relaxed: float | None
    instrumental: float | None
    acoustic: float | None
    tonal: float | None
    genre_main: str | None
    genre_secondary: tuple[str, ...]
    confidence_score: float


@dataclass(frozen=True, slots=True)
class Scores:
    """Combined scores: 0..1, `mood_valence` −1..1; None where no input was there."""

    energy_score: float | None
    dance_score: float | None
    acousticness: float | None
    complexity_score: float | None
    emotional_intensity: float | None
    mood_valence: float | None


@dataclass(frozen=True, slots=True)
class SyntheticTag:
    """A tag derived from the scores, with its strength 0..1 and the reason in words."""

    tag: str
    score: float
    category: TagCategory
    reason: str
    source: ValueSource = ValueSource.CALCULATED


@dataclass(frozen=True, slots=True)
class MirResult:
    """Everything that the mir stages say of one track.

    Attributes:
        moods: Mood name of `store.vocabulary.MOODS` → strength 0..1; a filter takes ≥ 0.5.
        embedding: float32 values of the tagger's penultimate layer, mean over the patches.
        seconds: Stage → seconds that it took.
    """

    raw: RawFeatures
    normalized: NormalizedFeatures
    scores: Scores
    synthetic_tags: tuple[SyntheticTag, ...]
    moods: Mapping[str, float]
    embedding: tuple[float, ...]
    seconds: Mapping[str, float] = field(default_factory=dict)
