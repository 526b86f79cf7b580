"""Values passed between the analysis stages: `RawFeatures` → … → `DerivedTag`.

Field names follow the exchange format; `to_exchange` in `indexer.ingest.pipeline` only nests them.
Values that could not be measured are None and are left out of every formula.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

Scale = Literal["major", "minor"]
TagCategory = Literal["mood", "energy", "atmosphere", "usage"]
SoundKind = Literal["music", "speech", "podcast", "audiobook", "sound", "silence"]
TempoStability = Literal["constant", "drifting", "changing", "unknown"]

FEATURES_VERSION = 2
"""Version of the layout of `RawFeatures`: raised when a value is added, removed or renamed. For
versions of the values see `indexer.mir.stage_versions`."""


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
    """The audio cannot be analysed; the message is shown to the user."""


@dataclass(frozen=True, slots=True)
class Tempo:
    """Tempo of a whole track.

    Attributes:
        bpm: Beats a minute, 40..265; None when no pulse was found.
        alternative: Half or double of `bpm`, whichever is more probable.
        confidence: Probability that `bpm` is what a listener would tap, 0..1.
        beat_times_s: Beat positions in seconds, ascending.
        stability: Whether one tempo holds through the track.
        beats_per_bar: 3 or 4; None when too few beats were found.
        first_downbeat: Index of the first beat that begins a bar.
        meter_confidence: Probability that bar and downbeat are right, given the beats, 0..1.
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
        """Downbeat times, ascending; empty without a meter."""
        if self.beats_per_bar is None or self.first_downbeat is None:
            return ()
        return self.beat_times_s[self.first_downbeat :: self.beats_per_bar]


@dataclass(frozen=True, slots=True)
class Key:
    """Key of a track.

    Attributes:
        tonic: Sharp name, "C" .. "B".
        camelot: Camelot code, "1A" .. "12B".
        confidence: Probability that tonic and scale are right, 0..1.
        tuning_cents: Offset from A = 440 Hz, −50..50.
        sections: Of a track that modulates, the start of each key in seconds and its name
            ("C# minor"); empty otherwise.
    """

    tonic: str
    scale: Scale
    camelot: str
    confidence: float
    tuning_cents: float = 0.0
    sections: tuple[tuple[float, str], ...] = ()


@dataclass(frozen=True, slots=True)
class TagHints:
    """Music-related tags of a file; untrusted text, any part may be missing.

    Attributes:
        bpm: Tagged tempo, as written.
        key: Tagged key, as written ("Am", "8A", "la mineur").
        genres: Tagged genres, the first one first.
        moods: Tagged moods.
        extra: Tag name → text of AcousticBrainz and beets tags (`ab:hi:…`, `mood_happy`, …).
        kind: What the file says that it is; None where it says nothing.
        may_be_speech: Whether its genre is one of speech as well.
    """

    bpm: float | None = None
    key: str | None = None
    genres: tuple[str, ...] = ()
    moods: tuple[str, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)
    kind: SoundKind | None = None
    may_be_speech: bool = False


@dataclass(frozen=True, slots=True)
class RawFeatures:
    """Measured values, tagger outputs and file tags, before any scaling.

    Attributes:
        duration_s: Length of the track.
        tempo: Estimated, or that of a plausible file tag.
        key: Estimated, or that of a readable file tag; None without pitches.
        tags: Genre and mood words found in the file (`standards`) and by the tagger (`musicnn`).
        measured: Descriptor name → value in the unit of its name
            (`loudness_lufs`, `loudness_range_lu`, `true_peak_dbtp`, `onset_rate_hz`,
            `spectral_centroid_hz`, `spectral_flux`, …).
        tagger: Output as `msd:rock`, `mtt:classical` → probability 0..1; empty without a tagger.
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
    """Features on 0..1, and `bpm` in beats per minute; None where inputs are missing."""

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
class DerivedScores:
    """Scores on 0..1, `mood_valence` on −1..1; None where inputs are missing."""

    energy_score: float | None
    dance_score: float | None
    acousticness: float | None
    complexity_score: float | None
    emotional_intensity: float | None
    mood_valence: float | None


@dataclass(frozen=True, slots=True)
class DerivedTag:
    """A tag by thresholds over the scores, with its strength 0..1 and the reason in words."""

    tag: str
    score: float
    category: TagCategory
    reason: str
    source: ValueSource = ValueSource.CALCULATED


@dataclass(frozen=True, slots=True)
class MirResult:
    """Output of all stages for one track.

    Attributes:
        moods: Mood name of `store.vocabulary.MOODS` → strength 0..1, present from 0.5 on.
        embedding: (200,), unit length, see `indexer.mir.tags.embed`; empty without a tagger.
        seconds: Stage → wall-clock seconds.
        genre_shares: Votes of each secondary genre relative to the main one, 0..1.
        kind: What the track is; the other stages are empty for all but music.
        tempo: That of `raw`, at the half or double that the genre is counted at; None for what is
            no music.
    """

    raw: RawFeatures
    normalized: NormalizedFeatures
    scores: DerivedScores
    synthetic_tags: tuple[DerivedTag, ...]
    moods: Mapping[str, float]
    embedding: tuple[float, ...]
    seconds: Mapping[str, float] = field(default_factory=dict)
    genre_shares: tuple[float, ...] = ()
    kind: SoundKind = "music"
    tempo: Tempo | None = None
