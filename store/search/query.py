"""`TrackQuery`: the filters of every tool that selects tracks."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

from store.folding import fold
from store.tables.people import OWNER_ID
from store.vocabulary import GENRE_ALIASES, GENRES, Mood

Camelot = Annotated[
    str, StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^(1[0-2]|[1-9])[ABab]$")
]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Sort = Literal[
    "relevance", "bpm", "energy", "year", "added", "length", "title", "artist", "popularity",
    "random",
]  # fmt: skip
EnergyLevel = Literal["low", "medium", "high"]

Tempo = Annotated[float, Field(gt=0, le=400)]
Year = Annotated[int, Field(ge=1000, le=2999)]
Minutes = Annotated[float, Field(gt=0, le=1440)]

_CANONICAL: Final = {**GENRE_ALIASES, **{fold(genre): genre for genre in GENRES}}


def canonical_genre(name: str) -> str:
    """Return the genre of the taxonomy that `name` is ("Hip-Hop" → "hip hop"), or `name` itself."""
    return _CANONICAL.get(fold(name), " ".join(name.split()))


GenreName = Annotated[
    Name,
    AfterValidator(canonical_genre),
    WithJsonSchema({"type": "string", "enum": list(GENRES)}),
]
"""A genre of the taxonomy, which is all that models are offered, or a genre tag of the library."""


class TrackQuery(BaseModel):
    """Which tracks are wanted; every field is optional and narrows the choice.

    `sort` without `descending` goes the way that suits it: tempo, year and length from the lowest
    up, title and artist from A, energy from the highest down, what was added last or fits best
    first. `popularity` is the number of people who like a track, then when it was added: how
    often a track was played is not stored. What has no value comes last either way.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: Name | None = Field(default=None, description="Words to find in title, artist or album")
    artists: list[Name] = Field(default=[], description="Only these artists")
    exclude_artists: list[Name] = Field(default=[], description="None of these artists")
    albums: list[Name] = Field(default=[], description="Only these albums")
    exclude_tracks: list[Name] = Field(default=[], description="None of these tracks")
    genres: list[GenreName] = Field(default=[], description="Any of these genres")
    exclude_genres: list[GenreName] = Field(default=[], description="None of these genres")
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
    length_min: Minutes | None = Field(default=None, description="Shortest length in minutes")
    length_max: Minutes | None = Field(default=None, description="Longest length in minutes")
    energy: EnergyLevel | None = Field(default=None, description="How energetic")
    instrumental: bool | None = Field(
        default=None, description="true: no vocals, false: with vocals"
    )
    kind: Literal["music", "speech", "any"] | None = Field(
        default=None, description="Music (without a word), speech such as podcasts, or any sound"
    )
    liked: bool | None = Field(default=None, description="Liked, or not")
    has_chart: bool | None = Field(default=None, description="With a drum chart, or without")
    mixes_with: Name | None = Field(
        default=None, description="Mix with this track in tempo and key"
    )
    added_days: int | None = Field(
        default=None, ge=1, le=36500, description="Added within so many days"
    )
    like: Name | None = Field(
        default=None, description="Resemble this track (title, or artist and title)"
    )
    sort: Sort | None = Field(default=None, description="Order of the result")
    descending: bool | None = Field(default=None, description="Highest, longest or newest first")
    limit: int | None = Field(default=None, ge=1, le=200, description="How many at most")

    @model_validator(mode="after")
    def _ranges_are_ranges(self) -> TrackQuery:
        for low, high, what in (
            (self.bpm_min, self.bpm_max, "bpm"),
            (self.year_min, self.year_max, "year"),
            (self.length_min, self.length_max, "length"),
        ):
            if low is not None and high is not None and low > high:
                raise ValueError(f"{what}_min {low} is above {what}_max {high}")
        return self

    def narrows(self) -> bool:
        """Return whether anything but `like`, the order and the limit is asked for."""
        unset = type(self)()
        return any(
            getattr(self, name) != getattr(unset, name)
            for name in type(self).model_fields
            if name not in _NO_FILTERS
        )


_NO_FILTERS: Final = frozenset(("like", "sort", "descending", "limit", "person"))


class RowOrder(BaseModel):
    """An order by a column of a table; it leaves what a query found as it is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: Literal["title", "artist", "bpm", "key", "energy", "length"]
    descending: bool = False


class MixRange(BaseModel):
    """Tempos and keys that mix with a track.

    Attributes:
        track_id: The track itself, which is left out.
        tempos_bpm: Ranges (lowest, highest) around its tempo, half and double; empty where its
            tempo is not known.
        keys: Camelot keys, its own first; empty where its key is not known.
    """

    model_config = ConfigDict(frozen=True)

    track_id: int
    tempos_bpm: tuple[tuple[float, float], ...] = ()
    keys: tuple[str, ...] = ()


class ResolvedQuery(TrackQuery):
    """A query whose names were looked up: what the filters read instead of names.

    Attributes:
        person: Id of the person whose likes count.
        genre_tags: Genre tags as files have them, any of which counts like `genres`.
        exclude_genre_tags: The same for `exclude_genres`.
        album_ids: Albums of `albums`; None where they were not looked up.
        exclude_ids: Tracks of `exclude_tracks`.
        mix_range: What mixes with the track of `mixes_with`.
    """

    person: int = OWNER_ID
    genre_tags: tuple[str, ...] = ()
    exclude_genre_tags: tuple[str, ...] = ()
    album_ids: tuple[int, ...] | None = None
    exclude_ids: tuple[int, ...] = ()
    mix_range: MixRange | None = None
