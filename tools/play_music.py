"""Play tracks now, next or at the end of the queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, Literal

from pydantic import Field

from store.people import player
from store.people.player_state import PlayerState, resume
from store.people.queue_edits import QUEUE_AT_MOST, append, insert_next, play_now, set_shuffle
from store.results import PlaylistDetail
from store.search.query import Name
from store.tracks import track_details
from tools.base import Rendering, ToolContext, ToolError, ToolResult, TrackQuery
from tools.playlist.playing import NothingFitsError, tracks_to_play
from tools.saved_playlists.finding import find_playlist
from tools.search_tracks import emptied, nothing_fits, taken_facts, taken_note
from tools.text.untrusted import shown
from tools.text.words import Language, say, say_count
from tools.tracks.player_facts import player_facts, track_name
from tools.tracks.track_facts import find_track, track_data, track_fact

SHOWN: Final = 20
"""Tracks of the queue that a result names, from the current one on."""
_NOT_CHOOSING: Final = frozenset({"track", "playlist", "when", "sort", "limit", "descending"})
"""Arguments that choose no tracks beside a track or a playlist."""

Outcome = Literal["now", "next", "end", "resumed"]


class PlayMusicArguments(TrackQuery):
    """What to play, and when."""

    track: Name | None = Field(None, description="Title, or artist and title, of one track")
    playlist: Name | None = Field(None, description='Name of a saved playlist, or "last"')
    when: Literal["now", "next", "end"] = Field("now", description="At once, or in the queue")


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The tracks to play, and facts of how they were chosen."""

    track_ids: Sequence[int]
    facts: Mapping[str, Any] = field(default_factory=dict)
    playlist: PlaylistDetail | None = None
    shuffled: bool = False


class PlayMusic:
    """Change what the person plays."""

    name = "play_music"
    description = (
        "Play music: a track, a saved playlist, or tracks that fit a description. With nothing "
        "given, go on, or play the tracks shown."
    )
    arguments = PlayMusicArguments

    def run(self, arguments: PlayMusicArguments, context: ToolContext) -> ToolResult:
        """Change the queue; the result carries it from the current track on."""
        before = player.player(context.person)
        asked = arguments.model_dump(exclude_defaults=True, exclude={"when"})
        try:
            chosen = _chosen(arguments, context) if asked else _shown(context, before)
        except NothingFitsError as error:
            query = _query_of(arguments)
            facts = emptied(error.found, error.selection, query)
            return ToolResult(facts={"tracks": [], "total": 0, **facts})
        if chosen is None:
            return _result(player.change(context.person, resume), "resumed", _Chosen(()))
        when = arguments.when if before.queue else "now"
        edit = {"now": play_now, "next": insert_next, "end": append}[when]
        after = player.change(context.person, partial(edit, track_ids=chosen.track_ids))
        if chosen.shuffled and when == "now":
            after = player.change(context.person, partial(set_shuffle, on=True))
        room = QUEUE_AT_MOST - (0 if when == "now" else len(before.queue))
        return _result(after, when, chosen, left_out=max(len(chosen.track_ids) - room, 0))

    def render(self, result: ToolResult, context: ToolContext) -> Rendering:
        """The queue from the current track on, and what was done."""
        facts, language = result.facts, context.language
        if not facts["tracks"]:
            return Rendering(nothing_fits(facts, language), "text", {"tracks": [], **facts})
        parts = [taken_note(facts, language), _sentence(facts, language)]
        if facts["left_out"]:
            parts.append(
                say_count(language, "play_music.full", facts["left_out"], most=QUEUE_AT_MOST)
            )
        data = {**facts, "tracks": [track_data(fact) for fact in facts["tracks"]]}
        return Rendering(" ".join(part for part in parts if part), "tracks", data)


def _chosen(arguments: PlayMusicArguments, context: ToolContext) -> _Chosen:
    """Return the tracks of exactly one of track, playlist and query."""
    query = arguments.model_dump(exclude_defaults=True, exclude=set(_NOT_CHOOSING))
    named = [name for name in (arguments.track, arguments.playlist) if name]
    if len(named) + bool(query) > 1:
        raise ToolError(say(context.language, "play_music.one_thing"))
    if arguments.track:
        return _Chosen((find_track(arguments.track, context),))
    if arguments.playlist:
        found = find_playlist(arguments.playlist, context)
        track_ids = [entry.track.id for entry in found.entries][: arguments.limit]
        if not track_ids:
            raise ToolError(say(context.language, "play_music.empty", name=shown(found.name)))
        return _Chosen(track_ids, playlist=found, shuffled=arguments.sort == "random")
    track_ids, selection = tracks_to_play(_query_of(arguments), context)
    return _Chosen(track_ids, taken_facts(selection))


def _shown(context: ToolContext, state: PlayerState) -> _Chosen | None:
    """Return the tracks last shown, where they are meant or not queued; None to go on."""
    there = track_details.track_rows(list(context.shown))
    if there and (context.from_shown or not {row.id for row in there} <= set(state.queue)):
        return _Chosen([row.id for row in there])
    if not state.queue:
        raise ToolError(say(context.language, "play_music.nothing"))
    return None


def _query_of(arguments: PlayMusicArguments) -> TrackQuery:
    filters = arguments.model_dump(include=set(TrackQuery.model_fields))
    return TrackQuery.model_validate(filters)


def _result(
    state: PlayerState, outcome: Outcome, chosen: _Chosen, *, left_out: int = 0
) -> ToolResult:
    track_ids = state.queue[state.place :]
    rows = track_details.track_rows(list(dict.fromkeys(track_ids[:SHOWN])))
    facts_by_id = {row.id: track_fact(row) for row in rows}
    added = track_details.track_rows(list(chosen.track_ids[:1]))
    facts: dict[str, Any] = {
        "tracks": [facts_by_id[number] for number in track_ids[:SHOWN]],
        **player_facts(state),
        "outcome": outcome,
        "added": len(chosen.track_ids) - left_out,
        "first": track_fact(added[0]) if added else None,
        "left_out": left_out,
        "list": chosen.playlist and shown(chosen.playlist.name),
        **chosen.facts,
    }
    return ToolResult(
        facts=facts,
        track_ids=track_ids,
        playlist=chosen.playlist and chosen.playlist.name,
        playlist_id=chosen.playlist and chosen.playlist.id,
    )


def _sentence(facts: Mapping[str, Any], language: Language) -> str:
    outcome, now = facts["outcome"], track_name(facts["now"], language)
    if outcome == "resumed":
        return say(language, "play_music.resumed", name=now)
    if outcome == "now":
        if not facts["left"]:
            return say(language, "play_music.now", name=now)
        return say_count(language, "play_music.now_more", facts["left"], name=now)
    first = track_name(facts["first"], language)
    return say_count(language, f"play_music.{outcome}", facts["added"], name=first)


play_music = PlayMusic()
