"""How the music of a track runs: its metre, whether one tempo and one key hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, ValidationError

Stability = Literal["constant", "drifting", "changing", "unknown"]


@dataclass(frozen=True, slots=True)
class Course:
    """How a track runs; the defaults are what is known of one that was not heard.

    Attributes:
        beats_per_bar: 3 or 4, where beats were found.
        meter_confidence: Chance that bar and downbeat are right, 0..1.
        first_downbeat_s: Where the first bar begins.
        stability: Whether one tempo holds.
        key_sections: Of a track that modulates: where each key begins (s), and its name
            ("C# minor").
    """

    beats_per_bar: int | None = None
    meter_confidence: float = 0.0
    first_downbeat_s: float | None = None
    stability: Stability = "unknown"
    key_sections: tuple[tuple[float, str], ...] = ()


_Time = Annotated[float, Field(ge=0, allow_inf_nan=False)]
_KeyName = Annotated[str, Field(pattern="^[A-G]#? (major|minor)$")]


class _Tempo(BaseModel):
    beats_per_bar: int | None = None
    meter_confidence: Annotated[float, Field(ge=0, le=1)] = 0.0
    first_beats_s: tuple[_Time, ...] = ()
    stability: Stability = "unknown"


class _Key(BaseModel):
    sections: tuple[tuple[_Time, _KeyName], ...] = ()


class _Stored(BaseModel):
    tempo: _Tempo = _Tempo()
    key: _Key | None = None


def course_of(features_raw: Mapping[str, Any]) -> Course:
    """The course that stored raw features tell; others than ours may have stored anything."""
    try:
        said = _Stored.model_validate(features_raw)
    except ValidationError:
        return Course()
    tempo = said.tempo
    return Course(
        beats_per_bar=tempo.beats_per_bar,
        meter_confidence=tempo.meter_confidence,
        first_downbeat_s=tempo.first_beats_s[-1] if tempo.first_beats_s else None,
        stability=tempo.stability,
        key_sections=said.key.sections if said.key else (),
    )
