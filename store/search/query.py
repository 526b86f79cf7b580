"""`TrackQuery`: the filters of every tool that selects tracks."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from store.vocabulary import Genre, Mood

Camelot = Annotated[
    str, StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^(1[0-2]|[1-9])[ABab]$")
]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Sort = Literal["relevance", "bpm", "energy", "year", "added", "random"]
EnergyLevel = Literal["low", "medium", "high"]

Tempo = Annotated[float, Field(gt=0, le=400)]
Year = Annotated[int, Field(ge=1000, le=2999)]


class TrackQuery(BaseModel):
    """Which tracks are wanted; every field is optional and narrows the choice."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: Name | None = Field(default=None, description="Words to find in title, artist or album")
    artists: list[Name] = Field(default=[], description="Only these artists")
    exclude_artists: list[Name] = Field(default=[], description="None of these artists")
    genres: list[Genre] = Field(default=[], description="Any of these genres")
    exclude_genres: list[Genre] = Field(default=[], description="None of these genres")
    moods: list[Mood] = Field(default=[], description="All of these moods")
    exclude_moods: list[Mood] = Field(default=[], description="None of these moods")
    bpm_min: Tempo | None = Field(default=None, description="Slowest tempo in beats a minute")
    bpm_max: Tempo | None = Field(default=None, description="Fastest tempo in beats a minute")
    keys: list[Camelot] = Field(default=[], description='Exactly these Camelot keys, e.g. "8A"')
    harmonic_with: Camelot | None = Field(
        default=None, description="Keys that mix with this Camelot key"
    )
    year_min: Year | None = Field(default=None, description="Earliest year")
    year_max: Year | None = Field(default=None, description="Latest year")
    energy: EnergyLevel | None = Field(default=None, description="How energetic")
    instrumental: bool | None = Field(
        default=None, description="true: no vocals, false: with vocals"
    )
    like: Name | None = Field(
        default=None, description="Resemble this track (title, or artist and title)"
    )
    sort: Sort | None = Field(default=None, description="Order of the result")
    limit: int | None = Field(default=None, ge=1, le=200, description="How many at most")

    @model_validator(mode="after")
    def _ranges_are_ranges(self) -> TrackQuery:
        for low, high, what in (
            (self.bpm_min, self.bpm_max, "bpm"),
            (self.year_min, self.year_max, "year"),
        ):
            if low is not None and high is not None and low > high:
                raise ValueError(f"{what}_min {low} is above {what}_max {high}")
        return self
