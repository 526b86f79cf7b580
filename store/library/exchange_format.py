"""The exchange format of an analysis: its stages, with the ranges of their values."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from store.vocabulary import POSTED_SOURCE

Unit = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Signed = Annotated[float, Field(ge=-1, le=1, allow_inf_nan=False)]
Bpm = Annotated[float, Field(gt=0, le=400, allow_inf_nan=False)]
Word = Annotated[str, Field(min_length=1, max_length=200)]
PitchClass = Literal["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Stage(_Strict):
    """A stage that brings something: an empty one would only erase what is stored."""

    @model_validator(mode="after")
    def _brings_something(self) -> _Stage:
        if not self.model_fields_set:
            names = ", ".join(type(self).model_fields)
            raise ValueError(f"expected at least one of {names}")
        return self


class RawExchange(_Strict):
    """Stage `raw`."""

    tags: list[Word] = []
    source: Word = POSTED_SOURCE
    version: int = Field(ge=0, le=2**31 - 1)
    features_raw: dict[str, Any] = {}


class NormalizedExchange(_Stage):
    """Stage `normalized`."""

    bpm: Bpm | None = None
    key: PitchClass | None = None
    scale: Literal["major", "minor"] | None = None
    camelot_key: Annotated[str, Field(pattern=r"^(1[0-2]|[1-9])[AB]$")] | None = None
    danceability: Unit | None = None
    mood_happy: Unit | None = None
    mood_aggressive: Unit | None = None
    mood_party: Unit | None = None
    mood_relaxed: Unit | None = None
    instrumental: Unit | None = None
    acoustic: Unit | None = None
    tonal: Unit | None = None
    genre_main: Word | None = None
    genre_secondary: list[Word] = []
    confidence_score: Unit = 0.0


class ScoresExchange(_Stage):
    """Stage `scores`."""

    energy_score: Unit | None = None
    dance_score: Unit | None = None
    acousticness: Unit | None = None
    complexity_score: Unit | None = None
    emotional_intensity: Unit | None = None
    mood_valence: Signed | None = None


class SyntheticTagExchange(_Strict):
    """One of `synthetic_tags`."""

    tag: Word
    score: Unit
    category: Literal["mood", "energy", "atmosphere", "usage"]
    source: Literal["calculated"] = "calculated"
    reason: Annotated[str, Field(max_length=500)] = ""


class MirExchange(_Strict):
    """The whole; a stage that is left out stays as it is stored.

    Tags are calculated from features and scores: where either comes without tags, the stored tags
    go. Moods follow from the features and tags that are stored then.
    """

    raw: RawExchange | None = None
    normalized: NormalizedExchange | None = None
    scores: ScoresExchange | None = None
    synthetic_tags: list[SyntheticTagExchange] | None = None

    @model_validator(mode="after")
    def _brings_a_stage(self) -> MirExchange:
        if all(getattr(self, name) is None for name in type(self).model_fields):
            names = ", ".join(type(self).model_fields)
            raise ValueError(f"nothing is in it: expected at least one of {names}")
        return self
