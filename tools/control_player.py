"""Control of what plays: pause, next, louder, what plays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal

from pydantic import Field

from store.people import player, player_state
from store.people.player_state import PlayerState
from store.people.queue_edits import set_shuffle
from tools.base import Arguments, Rendering, ToolContext, ToolResult
from tools.text.words import Language, say, say_count
from tools.tracks.player_facts import key_and_tempo, player_facts, track_name
from tools.tracks.track_facts import track_data

Action = Literal[
    "pause", "resume", "next", "previous", "stop", "louder", "quieter", "shuffle", "repeat", "what"
]

_EDITS: Final[Mapping[Action, Callable[[PlayerState], PlayerState]]] = {
    "pause": player_state.pause,
    "resume": player_state.resume,
    "next": player_state.next_track,
    "previous": player_state.previous_track,
    "stop": player_state.stop,
    "louder": player_state.louder,
    "quieter": player_state.quieter,
    "shuffle": lambda state: set_shuffle(state, not state.shuffle),
    "repeat": lambda state: player_state.cycle_repeat(state) if state.queue else state,
}
_ALWAYS: Final = frozenset({"louder", "quieter"})
"""Actions that need no track."""


class ControlPlayerArguments(Arguments):
    """What to do."""

    action: Action = Field(
        description="what: say what plays; shuffle: on or off; repeat: the queue, the track, none"
    )


class ControlPlayer:
    """Change how it plays, or say what plays."""

    name = "control_player"
    description = "Pause, go on, skip, change the volume, shuffle, repeat, or say what plays."
    arguments = ControlPlayerArguments

    def run(self, arguments: ControlPlayerArguments, context: ToolContext) -> ToolResult:
        """Do it; the result is the state after it."""
        before = after = player.player(context.person)
        if edit := _EDITS.get(arguments.action):
            after = player.change(context.person, edit)
        facts = {
            "action": arguments.action,
            "outcome": _outcome(arguments.action, before, after),
            **player_facts(after),
        }
        return ToolResult(facts=facts)

    def render(self, result: ToolResult, context: ToolContext) -> Rendering:
        """One sentence; the page applies the state."""
        facts = result.facts
        tracks = {name: track_data(facts[name]) for name in ("now", "next") if facts[name]}
        return Rendering(_sentence(facts, context.language), "text", {**facts, **tracks})


def _outcome(action: Action, before: PlayerState, after: PlayerState) -> str:
    """Return the name of the sentence."""
    if not after.queue and action not in _ALWAYS:
        return "empty"
    match action:
        case "what":
            return "playing" if after.playing else "paused"
        case "next":
            return "playing_now" if after.playing else "at_end"
        case "previous":
            return "playing_now" if after.place != before.place else "first_again"
        case "louder" | "quieter":
            return action if after.volume != before.volume else f"{action}_end"
        case "shuffle":
            return "shuffle_on" if after.shuffle else "shuffle_off"
        case "repeat":
            return f"repeat_{after.repeat}"
        case "pause":
            return "paused"
        case "resume":
            return "resumed"
        case "stop":
            return "stopped"


def _sentence(facts: Mapping[str, Any], language: Language) -> str:
    outcome, now = facts["outcome"], facts["now"]
    name = track_name(now, language) if now else ""
    key = f"control_player.{outcome}"
    if outcome == "shuffle_on":
        return say_count(language, key, facts["queue"], name=name)
    sentence = say(language, key, name=name, percent=facts["volume_percent"])
    if facts["action"] == "what" and now:
        if values := key_and_tempo(now, language):
            sentence = say(language, f"{key}_values", name=name, values=values)
        sentence += " " + _what_follows(facts, language)
    return sentence


def _what_follows(facts: Mapping[str, Any], language: Language) -> str:
    if facts["repeat"] == "one":
        return say(language, "control_player.follows_itself")
    if not facts["next"]:
        return say(language, "control_player.follows_nothing")
    return say(language, "control_player.follows", name=track_name(facts["next"], language))


control_player = ControlPlayer()
