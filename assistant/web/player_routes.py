"""/api/player: what a person plays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, ConfigDict, Field

from store.people import player, player_state, queue_edits
from store.people.player_state import PlayerState, Repeat
from store.tables.people import OWNER_ID
from store.tracks import track_details
from tools.tracks.track_facts import track_data, track_fact

router = APIRouter(prefix="/api/player", tags=["player"])

_SHOWN: Final = ("id", "title", "artist", "album", "duration_s", "audio_url", "cover_url")
_LARGEST: Final = 2**63 - 1
"""The largest integer of SQLite; a larger one would cause a server error."""
_LONGEST_S: Final = 7 * 24 * 3600
"""Of a track; a position beyond it is a mistake."""

TrackId = Annotated[int, Field(ge=1, le=_LARGEST)]
Place = Annotated[int, Field(ge=0, lt=queue_edits.QUEUE_AT_MOST)]


class _Action(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Press(_Action):
    """A button without a value."""

    action: Literal[
        "next", "previous", "pause", "resume", "stop", "louder", "quieter", "clear", "undo"
    ]


class Tracks(_Action):
    """Tracks to play at once (from `place` on), next, or at the end."""

    action: Literal["play", "insert", "append"]
    tracks: list[TrackId] = Field(min_length=1, max_length=queue_edits.QUEUE_AT_MOST)
    place: Place = 0


class AtPlace(_Action):
    """An entry of the queue, 0 is the first."""

    action: Literal["jump", "remove"]
    place: Place


class Move(_Action):
    """An entry of the queue, and the place where it goes."""

    action: Literal["move"]
    place: Place
    to: Place


class Volume(_Action):
    """The volume, 0..1."""

    action: Literal["volume"]
    volume: float = Field(ge=0, le=1)


class Shuffle(_Action):
    """Whether the queue is shuffled; without a value the other of the two."""

    action: Literal["shuffle"]
    on: bool | None = None


class SetRepeat(_Action):
    """What is repeated; without a value the next kind."""

    action: Literal["repeat"]
    repeat: Repeat | None = None


class PageReport(_Action):
    """What the page plays; see `store.people.player.PlayerReport`."""

    action: Literal["report"]
    version: int = Field(ge=0, le=_LARGEST)
    track: TrackId
    seconds: float = Field(ge=0, le=_LONGEST_S)
    playing: bool
    ended: bool = False


PlayerRequest = Annotated[
    Press | Tracks | AtPlace | Move | Volume | Shuffle | SetRepeat | PageReport,
    Field(discriminator="action"),
]

_PRESSED: Final[dict[str, Callable[[PlayerState], PlayerState]]] = {
    "next": player_state.next_track,
    "previous": player_state.previous_track,
    "pause": player_state.pause,
    "resume": player_state.resume,
    "stop": player_state.stop,
    "louder": player_state.louder,
    "quieter": player_state.quieter,
    "clear": queue_edits.clear,
}


@router.get("")
def state(request: Request) -> dict[str, Any]:
    """The queue with its tracks, the place that plays, volume, shuffle, repetition."""
    return _shown(player.player(_person(request)))


@router.post("")
def act(request: Request, asked: PlayerRequest) -> dict[str, Any]:
    """Change what plays, or report what the page plays; the state after it."""
    person = _person(request)
    if isinstance(asked, PageReport):
        told = player.PlayerReport(
            version=asked.version,
            track_id=asked.track,
            seconds=asked.seconds,
            playing=asked.playing,
            ended=asked.ended,
        )
        return _shown(player.report(person, told))
    if asked.action == "undo":
        restored = player.undo(person)
        if restored is None:
            raise HTTPException(409, "There is nothing to undo.")
        return _shown(restored)
    return _shown(player.change(person, _edit(asked)))


def _edit(
    asked: Press | Tracks | AtPlace | Move | Volume | Shuffle | SetRepeat,
) -> Callable[[PlayerState], PlayerState]:
    match asked:
        case Press():
            return _PRESSED[asked.action]
        case Tracks():
            return _edit_with_tracks(asked)
        case AtPlace(action="jump"):
            return partial(player_state.jump, place=asked.place)
        case AtPlace():
            return partial(queue_edits.remove, places=[asked.place])
        case Move():
            return partial(queue_edits.move, place=asked.place, to=asked.to)
        case Volume():
            return partial(player_state.set_volume, volume=asked.volume)
        case Shuffle():
            on = asked.on
            return lambda state: queue_edits.set_shuffle(
                state, not state.shuffle if on is None else on
            )
        case SetRepeat(repeat=None):
            return player_state.cycle_repeat
        case SetRepeat():
            return partial(player_state.set_repeat, repeat=asked.repeat or "off")


def _edit_with_tracks(asked: Tracks) -> Callable[[PlayerState], PlayerState]:
    if len(track_details.track_rows(list(set(asked.tracks)))) < len(set(asked.tracks)):
        raise HTTPException(404, "There is no such track.")
    if asked.action == "play":
        return partial(queue_edits.play_now, track_ids=asked.tracks, place=asked.place)
    edit = queue_edits.insert_next if asked.action == "insert" else queue_edits.append
    return partial(edit, track_ids=asked.tracks)


def _person(request: Request) -> int:
    """Return the person of the session; on localhost the owner."""
    return getattr(request.state, "person", OWNER_ID)


def _shown(state: PlayerState) -> dict[str, Any]:
    rows = {row.id: row for row in track_details.track_rows(list(dict.fromkeys(state.queue)))}
    values = asdict(state)
    del values["queue"], values["ranks"]
    tracks = [track_data(track_fact(rows[number])) for number in state.queue if number in rows]
    values["tracks"] = [{name: track[name] for name in _SHOWN} for track in tracks]
    return values
