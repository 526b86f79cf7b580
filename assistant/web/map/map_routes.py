"""/api/map: the map of the library, what is found on it, and playlists made of a part of it."""

from __future__ import annotations

import hashlib
import threading
import time
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import APIRouter, Header, HTTPException, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

import prompts
from assistant.web.panel.page_language import PageLanguage
from assistant.web.session_person import person_of
from store.library import map_points
from store.search.query import Name
from store.settings import StoreSettings
from store.tracks import track_details
from store.vectors import map_positions
from store.vocabulary import CAMELOT_CODES, GENRES, MOODS
from tools.base import ToolContext, ToolError, ToolResult
from tools.make_playlist import make_playlist
from tools.text.words import Language, known_name
from tools.tracks.track_facts import label, track_data, track_fact

router = APIRouter(prefix="/api/map", include_in_schema=False)

TrackId = Annotated[int, Field(ge=1, le=2**63 - 1)]
CHOSEN_AT_MOST: Final = 100_000
TRACKS_AT_ONCE: Final = 200
SAME_FOR_S: Final = 30.0
"""A corrected genre is seen on the map after so long; a second of work is spared till then."""
_WAY_OF: Final = 12
"""Tracks of a way from one track to another, both included."""


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ChosenTracks(_Body):
    """Tracks chosen on the map, and the name of their playlist."""

    tracks: list[TrackId] = Field(min_length=1, max_length=CHOSEN_AT_MOST)
    name: Name | None = None


class WayEnds(_Body):
    """The two tracks that a way leads between."""

    start: TrackId
    end: TrackId


class _Packed:
    """The packed points, kept for a while."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._of: tuple[Path, float] | None = None
        self._until = 0.0
        self._content, self._tag = b"", ""

    def now(self) -> tuple[bytes, str]:
        """Return (content, its tag)."""
        with self._lock:
            of = (StoreSettings().folder, map_positions.made_at())
            if of != self._of or time.monotonic() > self._until:
                self._content = map_points.map_points().packed()
                digest = hashlib.blake2b(self._content, digest_size=12).hexdigest()
                self._tag = f'"{digest}"'
                self._of, self._until = of, time.monotonic() + SAME_FOR_S
            return self._content, self._tag


_packed = _Packed()


@router.get("/texts")
def texts(language: PageLanguage) -> dict[str, Any]:
    """The texts of the map, and the names of what colours it, in the order of the points."""
    return {
        **prompts.load("map", language),
        "language": prompts.language_tag(language),
        "genres": _named(language, "genres", GENRES),
        "moods": _named(language, "moods", MOODS),
        "keys": [{"id": code, "name": code} for code in CAMELOT_CODES],
    }


@router.get("/points")
def points(if_none_match: Annotated[str, Header()] = "") -> Response:
    """All tracks of the map as numbers, little-endian (`store.library.map_points`)."""
    content, tag = _packed.now()
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if tag in {part.strip().removeprefix("W/") for part in if_none_match.split(",")}:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type="application/octet-stream", headers=headers)


@router.get("/tracks")
def tracks(
    ids: Annotated[str, Query(max_length=20 * TRACKS_AT_ONCE, pattern=r"^\d{1,18}(,\d{1,18})*$")],
) -> list[dict[str, Any]]:
    """Tracks by their ids, up to 200, in that order."""
    wanted = [int(number) for number in ids.split(",")][:TRACKS_AT_ONCE]
    return [track_data(track_fact(row)) for row in track_details.track_rows(wanted)]


@router.get("/found")
def found(q: Name) -> dict[str, list[int]]:
    """Ids of the tracks with these words in title, artist or album."""
    return {"tracks": map_points.found(q)}


@router.post("/playlist", status_code=201)
def playlist(asked: ChosenTracks, request: Request, language: PageLanguage) -> dict[str, Any]:
    """Make a saved playlist of chosen tracks, as "make a playlist of these" does."""
    chosen = tuple(dict.fromkeys(asked.tracks))
    context = ToolContext(
        language=language, person=person_of(request), shown=chosen, from_shown=True
    )
    return _made({"name": asked.name}, context)


@router.post("/way", status_code=201)
def way(asked: WayEnds, request: Request, language: PageLanguage) -> dict[str, Any]:
    """Make a saved playlist that leads from one track to another."""
    rows = track_details.track_rows([asked.start, asked.end])
    if [row.id for row in rows] != [asked.start, asked.end]:
        raise HTTPException(404, "There is no such track.")
    names = [label(row.title, row.artist) for row in rows]
    if names[0] == names[1]:
        names = [f"{name} #{row.id}" for name, row in zip(names, rows, strict=True)]
    context = ToolContext(
        language=language,
        person=person_of(request),
        entities=dict(zip(names, (asked.start, asked.end), strict=True)),
    )
    return _made({"from_track": names[0], "to_track": names[1], "limit": _WAY_OF}, context)


def _made(arguments: dict[str, Any], context: ToolContext) -> dict[str, Any]:
    try:
        result: ToolResult = make_playlist.run(make_playlist.arguments(**arguments), context)
    except ToolError as error:
        raise HTTPException(409, str(error)) from error
    if result.playlist_id is None:
        raise HTTPException(409, make_playlist.render(result, context).sentence)
    return {
        "id": result.playlist_id,
        "name": result.facts["name"],
        "tracks": list(result.track_ids),
        "said": make_playlist.render(result, context).sentence,
    }


def _named(language: Language, section: str, names: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"id": name, "name": known_name(language, section, name)} for name in names]
