"""Structure of a track: metre, tempo stability and key sections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, ValidationError

TempoStability = Literal["constant", "drifting", "changing", "unknown"]


@dataclass(frozen=True, slots=True)
class TrackStructure:
    """Metre, tempo stability and key sections; the defaults are those of a track not analysed.

    Attributes:
        beats_per_bar: 3 or 4; None where no beats were found.
        meter_confidence: Chance that bar and downbeat are right, 0..1.
        first_downbeat_s: Time of the first downbeat.
        stability: Class of the tempo curve.
        key_sections: Of a track that modulates: start (s) and name of each key
            ("C# minor").
    """

    beats_per_bar: int | None = None
    meter_confidence: float = 0.0
    first_downbeat_s: float | None = None
    stability: TempoStability = "unknown"
    key_sections: tuple[tuple[float, str], ...] = ()


_Time = Annotated[float, Field(ge=0, allow_inf_nan=False)]
_KeyName = Annotated[str, Field(pattern="^[A-G]#? (major|minor)$")]


class _Tempo(BaseModel):
    beats_per_bar: int | None = None
    meter_confidence: Annotated[float, Field(ge=0, le=1)] = 0.0
    first_beats_s: tuple[_Time, ...] = ()
    stability: TempoStability = "unknown"


class _Key(BaseModel):
    sections: tuple[tuple[_Time, _KeyName], ...] = ()


class _Stored(BaseModel):
    tempo: _Tempo = _Tempo()
    key: _Key | None = None


def read_structure(features_raw: Mapping[str, Any]) -> TrackStructure:
    """Return the structure in stored raw features; the default for features of another layout."""
    try:
        stored = _Stored.model_validate(features_raw)
    except ValidationError:
        return TrackStructure()
    tempo = stored.tempo
    return TrackStructure(
        beats_per_bar=tempo.beats_per_bar,
        meter_confidence=tempo.meter_confidence,
        first_downbeat_s=tempo.first_beats_s[-1] if tempo.first_beats_s else None,
        stability=tempo.stability,
        key_sections=stored.key.sections if stored.key else (),
    )
