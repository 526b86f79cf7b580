"""A correction of what is known of a track or of an album; it counts from then on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import Field

from store.library.browsing import album_tracks
from store.library.corrections.correcting import correct
from store.library.corrections.values import FIELDS
from store.results import TrackRow
from store.search.name_search import NameSearch
from store.search.query import Name
from store.tracks import track_details
from tools.base import Arguments, Rendering, ToolContext, ToolError, ToolResult
from tools.text.untrusted import shown
from tools.text.words import Language, known_name, listed, number, say, say_count
from tools.tracks.key_words import key_text
from tools.tracks.track_facts import CHOICES, SURE, find_track, not_in_library, track_fact


class CorrectTrackArguments(Arguments):
    """The track or album, and the right values."""

    track: Name | None = Field(None, description="Title, or artist and title, of the track")
    album: Name | None = Field(
        None, description="The album whose tracks are meant; with track: the right album"
    )
    title: Name | None = Field(None, description="The right title, of the album without track")
    artist: Name | None = Field(None, description="The right artist")
    genre: Name | None = Field(None, description="The right genre")
    bpm: float | None = Field(None, ge=20, le=400, description="The right tempo")
    key: str | None = Field(None, description='The right key in Camelot notation, as "8A"')
    year: int | None = Field(None, ge=1000, le=2999, description="The right year")


class CorrectTrack:
    """The owner's word: it outranks tags and analysis until it is taken back."""

    name = "correct_track"
    description = (
        "Correct what is known of a track or an album when the user says it is wrong: title, "
        "artist, genre, bpm, key or year."
    )
    arguments = CorrectTrackArguments

    def run(self, arguments: CorrectTrackArguments, context: ToolContext) -> ToolResult:
        """Store the values; the result carries what counted before."""
        rows, album = meant_tracks(context, track=arguments.track, album=arguments.album)
        values = _values(arguments)
        if not values:
            raise ToolError(say(context.language, "correct_track.no_value"))
        former = correct({row.id: values for row in rows}, person_id=context.person)
        after = track_details.track_rows([row.id for row in rows])
        changes = [
            {"field": field, "before": _known(rows[0], field), "now": _known(after[0], field)}
            for field in FIELDS
            if field in values
        ]
        facts: dict[str, Any] = {
            "changes": changes,
            "album": shown(album) if album else None,
            "count": len(rows),
            "former": {str(track_id): fields for track_id, fields in former.items()},
        }
        if album is None:
            facts |= {"track": track_fact(after[0]), "title": shown(rows[0].title)}
        return ToolResult(facts=facts, track_ids=tuple(row.id for row in rows))

    def render(self, result: ToolResult, context: ToolContext) -> Rendering:
        """What counts now, and that it can be taken back."""
        facts, language = result.facts, context.language
        values = listed(language, [_said(change, language) for change in facts["changes"]])
        if facts["album"]:
            sentence = say_count(
                language, "correct_track.album", facts["count"], name=facts["album"], values=values
            )
        else:
            sentence = say(language, "correct_track.noted", name=facts["title"], values=values)
        return Rendering(f"{sentence} {say(language, 'correct_track.counts')}", "text", {**facts})

    def take_back(self, facts: Mapping[str, Any], context: ToolContext) -> str:
        """Bring back what counted before."""
        former = {int(track_id): fields for track_id, fields in facts["former"].items()}
        there = track_details.track_rows(list(former))
        correct({row.id: former[row.id] for row in there}, person_id=context.person)
        rows = track_details.track_rows(list(former))
        changes = [
            {"field": change["field"], "before": change["now"], "now": _known(row, change["field"])}
            for row in rows[:1]
            for change in facts["changes"]
        ]
        values = listed(context.language, [_said(change, context.language) for change in changes])
        return say(context.language, "correct_track.back", values=values)


def meant_tracks(
    context: ToolContext, *, track: str | None = None, album: str | None = None
) -> tuple[Sequence[TrackRow], str | None]:
    """Return the track named, or the tracks of an album with the name of that album.

    Raises:
        ToolError: Nothing is named, or it is not there.
    """
    if track:
        return track_details.track_rows([find_track(track, context)]), None
    if not album:
        raise ToolError(say(context.language, "correct_track.which"))
    found = NameSearch().albums(album, limit=CHOICES)
    rows = album_tracks(found[0].id) if found and found[0].score >= SURE else ()
    if not rows:
        raise not_in_library(album, [match.name for match in found], context.language)
    return rows, found[0].name


def _values(arguments: CorrectTrackArguments) -> dict[str, str | None]:
    """Return field → value; the title of an album alone is its name."""
    given = arguments.model_dump(exclude_none=True, exclude={"track", "album"})
    values: dict[str, str | None] = {name: str(value) for name, value in given.items()}
    if arguments.track and arguments.album:
        values["album"] = arguments.album
    if not arguments.track and "title" in values:
        values["album"] = values.pop("title")
    return values


def _known(row: TrackRow, field: str) -> Any:
    value = row.camelot if field == "key" else getattr(row, field)
    return shown(value) if isinstance(value, str) else value


def _said(change: Mapping[str, Any], language: Language) -> str:
    """ "genre: country (was folk)"."""
    field = change["field"]
    now, before = (_text(field, change[name], language) for name in ("now", "before"))
    name = say(language, f"correct_track.{field}")
    if before == now:
        return say(language, "correct_track.same", field=name, now=now)
    return say(language, "correct_track.value", field=name, now=now, before=before)


def _text(field: str, value: Any, language: Language) -> str:
    if value is None:
        return say(language, "correct_track.unknown")
    if field == "bpm":
        return f"{number(language, value)} BPM"
    if field == "key":
        return key_text(value, language)
    return known_name(language, "genres", value) if field == "genre" else str(value)


correct_track: Final = CorrectTrack()
