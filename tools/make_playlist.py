"""An ordered, saved playlist."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Annotated, Any, Final, Literal

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from store.playlists.refresh_times import Refresh
from store.search import track_search
from store.search.query import Name
from store.tracks import track_details
from tools.base import Rendering, ToolContext, ToolError, ToolResult, TrackQuery
from tools.playlist.candidates import CANDIDATES, LONGEST, POOL, SEEDS, candidates_of
from tools.playlist.choosing import TOLERANCE_S
from tools.playlist.composing import PlaylistOptions, compose, pool_of
from tools.playlist.naming import playlist_name, selection_name
from tools.playlist.path import DEFAULT_COUNT, find_end, lasting, path_between
from tools.saved_playlists.saving import changed_playlist, kept, saved
from tools.search_tracks import emptied, nothing_fits, taken_facts, taken_note
from tools.text.untrusted import shown
from tools.text.words import Language, duration, say, say_count
from tools.tracks.selection import Selection, exact
from tools.tracks.track_facts import find_track, track_data

DEFAULT_LIMIT: Final = 20
_SHAPE: Final = frozenset(["name", "duration_min", "limit", "harmonic", "refresh", "seed", "sort"])
"""Arguments that say nothing about which tracks."""


class MakePlaylistArguments(TrackQuery):
    """What to play, how long, and in what shape."""

    name: Annotated[Name | None, Field(description="Name of the playlist")] = None
    duration_min: float | None = Field(
        None, gt=0, le=1440, description="Length in minutes, e.g. 60 for an hour"
    )
    arc: Literal["rise", "fall", "wave", "flat"] | None = Field(
        None, description="Shape of the energy over the playlist"
    )
    harmonic: bool = Field(True, description="Neighbours in keys that mix")
    from_track: Name | None = Field(
        None, description="Start of a path that leads to to_track: a track or an artist"
    )
    to_track: Name | None = Field(None, description="End of the path: a track or an artist")
    refresh: Refresh = Field("never", description="When its tracks are chosen anew by itself")
    seed: SkipJsonSchema[int | None] = Field(None, ge=0, description="Repeats a choice made before")


class MakePlaylist:
    """Choose, order, save."""

    name = "make_playlist"
    description = (
        "Make and save a playlist: tracks that fit a wish, ordered so that tempo, key and energy "
        "flow from one to the next."
    )
    arguments = MakePlaylistArguments
    selects_tracks = True

    def run(self, arguments: MakePlaylistArguments, context: ToolContext) -> ToolResult:
        """Make the playlist; an empty result names the filters that empty it."""
        if arguments.to_track:
            return _path(arguments, context)
        if arguments.from_track:
            return self._starting(arguments, context)
        if context.from_shown and not context.shown:
            raise ToolError(say(context.language, "make_playlist.none_shown"))
        among = context.shown if context.from_shown else None
        seed, staying = _seed(arguments, context), kept(changed_playlist(context))
        selection = _with_the_rest(exact(_query_of(arguments), context))
        wanted_s = _wanted_s(arguments)
        every = LONGEST if among or wanted_s is not None else DEFAULT_LIMIT
        count = arguments.limit or every
        found = candidates_of(selection, seed=seed, count=count, among=among)
        found = [track for track in found if track.id not in staying.taken]
        if not found:
            return _nothing(arguments, selection)
        places = compose(
            found if among else pool_of(found, size=POOL),
            PlaylistOptions(
                count=max(count - len(staying.slots), 1),
                duration_s=None if wanted_s is None else max(wanted_s - staying.duration_s, 0.0),
                arc=arguments.arc,
                harmonic=arguments.harmonic,
                sort=arguments.sort,
                descending=arguments.descending,
            ),
            language=context.language,
        )
        if not places:
            raise ToolError(say(context.language, "make_playlist.too_short"))
        name = shown(arguments.name or "") or _name(arguments, places, context)
        return saved(
            arguments, name, places, context, seed=None if among else seed,
            taken=taken_facts(selection),
        )  # fmt: skip

    def _starting(self, arguments: MakePlaylistArguments, context: ToolContext) -> ToolResult:
        """A playlist that opens with a track and goes on with what resembles it."""
        first = find_track(str(arguments.from_track), context)
        seed = _seed(arguments, context)
        like = arguments.like or arguments.from_track
        selection = exact(_query_of(arguments).model_copy(update={"like": like}), context)
        count = arguments.limit or (DEFAULT_LIMIT if arguments.duration_min is None else LONGEST)
        opening = candidates_of(exact(TrackQuery(), context), seed=seed, count=1, among=(first,))
        found = candidates_of(selection, seed=seed, count=count)
        others = [track for track in pool_of(found, size=POOL) if track.id != first]
        wanted_s = _wanted_s(arguments)
        left_s = None if wanted_s is None else max(wanted_s - opening[0].duration_s, 0.0)
        options = PlaylistOptions(
            count=max(count - 1, 1), duration_s=left_s, arc=arguments.arc,
            harmonic=arguments.harmonic, sort=arguments.sort, descending=arguments.descending,
        )  # fmt: skip
        places = compose(others, options, language=context.language) if others else []
        start = compose(opening, PlaylistOptions(count=1), language=context.language)
        name = shown(arguments.name or "") or _name(arguments, [*start, *places], context)
        return saved(
            arguments, name, [*start, *places], context, seed=seed, taken=taken_facts(selection)
        )

    def render(self, result: ToolResult, context: ToolContext) -> Rendering:
        """The playlist with the reason of each step."""
        facts, language = result.facts, context.language
        if not facts["tracks"]:
            return Rendering(nothing_fits(facts, language), "text", {"tracks": [], **facts})
        changed = "edit" in facts
        sentence = say_count(
            language,
            f"make_playlist.{'changed' if changed else _kind(facts)}",
            len(facts["tracks"]),
            name=facts["name"],
            length=duration(language, facts["duration_s"]),
            **facts["path"],
        )
        if facts["jumps"] and not facts["sorted"]:
            sentence += f" {_jumps(facts, language)}"
        sentence = f"{taken_note(facts, language)} {sentence}".lstrip()
        asked_s, asked_count = facts["asked_s"], facts["asked_count"]
        if asked_s is not None and facts["duration_s"] < asked_s - TOLERANCE_S:
            sentence += " " + say(
                language, "make_playlist.too_little", asked=duration(language, asked_s)
            )
        elif asked_count is not None and len(facts["tracks"]) < asked_count and asked_s is None:
            sentence += " " + say(language, "make_playlist.too_few", asked=asked_count)
        if facts["refresh"] != "never":
            sentence += " " + say(language, f"make_playlist.refresh_{facts['refresh']}")
        data = {**facts, "tracks": [track_data(fact) for fact in facts["tracks"]]}
        return Rendering(sentence, "playlist", data)


def _path(arguments: MakePlaylistArguments, context: ToolContext) -> ToolResult:
    start, end = arguments.from_track, arguments.to_track
    if not start or not end:
        raise ToolError(say(context.language, "make_playlist.one_end"))
    names = {
        "start": find_end(start, context).name,
        "end": find_end(end, context).name,
    }
    filters = exact(_query_of(arguments), context).query
    filters = filters.model_copy(update={"limit": None, "sort": None, "like": None})
    between = partial(
        path_between, context, start, end, filters=filters, harmonic=arguments.harmonic
    )
    wanted_s = _wanted_s(arguments)
    if wanted_s is None or arguments.limit:
        places = between(arguments.limit or DEFAULT_COUNT)
    else:
        places = lasting(wanted_s, between)
    name = shown(arguments.name or "") or say(context.language, "naming.path", **names)
    return saved(arguments, name, places, context, path=names)


def _with_the_rest(selection: Selection) -> Selection:
    """Return a described selection with what else its filters let through, behind what fits.

    A disco playlist for a wedding is filled with other disco where too little fits a wedding.
    """
    if not selection.described or selection.ids is None or not selection.query.narrows():
        return selection
    rest = track_search.candidates(selection.query, limit=CANDIDATES)
    ids = dict.fromkeys([*selection.ids, *(track.id for track in rest)])
    return replace(selection, ids=tuple(ids))


def _seed(arguments: MakePlaylistArguments, context: ToolContext) -> int:
    """Return the seed: the one asked for, that of the playlist that changes, or any."""
    changed = changed_playlist(context)
    before = changed.request.get("seed") if changed else None
    if arguments.seed is not None:
        return arguments.seed
    return before if isinstance(before, int) else random.randrange(SEEDS)


def _jumps(facts: Mapping[str, Any], language: Language) -> str:
    steps = len(facts["tracks"]) - 1
    if steps == 1:
        return say(language, "make_playlist.jumps_only")
    return say_count(language, "make_playlist.jumps", facts["jumps"], steps=steps)


def _kind(facts: Mapping[str, Any]) -> str:
    """Return the name of the sentence; one that claims a flow only where there is one."""
    if facts["path"]:
        return "path_made" if facts["flows"] else "path_jumps"
    return "made" if facts["flows"] and not facts["sorted"] else "made_plain"


def _name(
    arguments: MakePlaylistArguments, places: Sequence[tuple[int, str]], context: ToolContext
) -> str:
    if context.from_shown and not arguments.model_dump(exclude_defaults=True, exclude=set(_SHAPE)):
        rows = track_details.track_rows([track_id for track_id, _ in places])
        return selection_name(rows, context.language)
    return playlist_name(arguments, language=context.language, arc=arguments.arc)


def _wanted_s(arguments: MakePlaylistArguments) -> float | None:
    return None if arguments.duration_min is None else arguments.duration_min * 60


def _query_of(arguments: MakePlaylistArguments) -> TrackQuery:
    filters = arguments.model_dump(include=set(TrackQuery.model_fields))
    return TrackQuery.model_validate(filters)


def _nothing(arguments: MakePlaylistArguments, selection: Selection) -> ToolResult:
    empty = track_search.search(selection.query, default_limit=1, ids=selection.ids)
    return ToolResult(
        facts={"tracks": [], "total": 0, **emptied(empty, selection, _query_of(arguments))}
    )


make_playlist = MakePlaylist()
