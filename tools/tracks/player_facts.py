"""Facts of the player for the results of tools, and the names that sentences give tracks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from store.people.player_state import PlayerState
from store.tracks import track_details
from tools.text.words import Language, number, say
from tools.tracks.track_facts import track_fact


def player_facts(state: PlayerState) -> dict[str, Any]:
    """Return the facts of a player; `player` is what a page compares with its own state."""
    wanted = dict.fromkeys(n for n in (state.current, state.upcoming) if n is not None)
    facts = {row.id: track_fact(row) for row in track_details.track_rows(list(wanted))}
    return {
        "now": facts.get(state.current or 0),
        "next": facts.get(state.upcoming or 0),
        "queue": len(state.queue),
        "left": max(len(state.queue) - state.place - 1, 0),
        "volume_percent": round(100 * state.volume),
        "shuffle": state.shuffle,
        "repeat": state.repeat,
        "player": {"version": state.version, "place": state.place, "playing": state.playing},
    }


def track_name(fact: Mapping[str, Any], language: Language) -> str:
    """Return ““Hurt” by Johnny Cash”, without an artist the title alone."""
    key = "play_music.by" if fact["artist"] else "play_music.title"
    return say(language, key, title=fact["title"], artist=fact["artist"])


def key_and_tempo(fact: Mapping[str, Any], language: Language) -> str:
    """Return "8A, 98 BPM", what of it is known."""
    tempo = fact["bpm"] and f"{number(language, fact['bpm'], 0)} BPM"
    return ", ".join(part for part in (fact["camelot"], tempo) if part)
