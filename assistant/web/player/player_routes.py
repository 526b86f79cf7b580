"""/api/player: what a person plays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Header, HTTPException, Request
from pydantic import BaseModel, ConfigDict, Field

from assistant.settings import current
from assistant.web.browser_language import language_of
from assistant.web.contract.state_shapes import MixReply, PlayerReply
from assistant.web.player.player_view import player_texts, shown_player
from assistant.web.session_person import person_of
from store.people import player, player_state, queue_edits
from store.people.player_state import PlayerState, Repeat
from store.tracks import track_details
from tools.playlist.crossfade import crossfade
from tools.playlist.radio import further

router = APIRouter(prefix="/api/player", tags=["player"])

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


class Further(_Action):
    """Go on behind the queue with tracks of the same mood, tempo and key."""

    action: Literal["continue"]


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
    Press | Tracks | Further | AtPlace | Move | Volume | Shuffle | SetRepeat | PageReport,
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


@router.get("", response_model=PlayerReply)
def state(request: Request) -> dict[str, Any]:
    """The queue with its tracks, the place that plays, volume, shuffle, repetition."""
    person = person_of(request)
    return shown_player(player.player(person), person)


@router.get("/texts", include_in_schema=False)
def texts(
    lang: str | None = None, accept_language: Annotated[str | None, Header()] = None
) -> dict[str, str]:
    """Return the texts of the player bar in the language of the settings, else of the browser."""
    locale = current().locale
    return player_texts(language_of(lang, accept_language) if locale == "auto" else locale)


@router.get("/mix", response_model=MixReply | None)
def mix(first: TrackId, second: TrackId) -> dict[str, float] | None:
    """How a track is faded into another on the beat; null where that does not sound well."""
    tracks = [track_details.track(number) for number in (first, second)]
    if tracks[0] is None or tracks[1] is None:
        raise HTTPException(404, "There is no such track.")
    found = crossfade(tracks[0], tracks[1])
    return found and asdict(found)


@router.post("", response_model=PlayerReply)
def act(request: Request, asked: PlayerRequest) -> dict[str, Any]:
    """Change what plays, or report what the page plays; the state after it."""
    person = person_of(request)
    if isinstance(asked, PageReport):
        told = player.PlayerReport(
            version=asked.version,
            track_id=asked.track,
            seconds=asked.seconds,
            playing=asked.playing,
            ended=asked.ended,
        )
        return shown_player(player.report(person, told), person)
    if isinstance(asked, Further):
        state = player.player(person)
        if found := further(state.queue):
            state = player.change(person, partial(queue_edits.append, track_ids=found))
        return shown_player(state, person)
    if asked.action == "undo":
        restored = player.undo(person)
        if restored is None:
            raise HTTPException(409, "There is nothing to undo.")
        return shown_player(restored, person)
    return shown_player(player.change(person, _edit(asked)), person)


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
