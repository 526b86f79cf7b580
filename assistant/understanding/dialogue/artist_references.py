"""The artist that a request points at: "that artist", "the band of number 3", "hers"."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.understanding.dialogue import phrases
from assistant.understanding.dialogue.references import focus, one_slot
from assistant.understanding.dialogue.state import ConversationState
from assistant.understanding.lexing.tokens import Scan


def artist_at(
    scan: Scan, at: int, state: ConversationState
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield (end, artists) of "that artist", "the artist of number 3"; several are to be asked."""
    for name, end, got in phrases.at_token(scan, "references", at, one_slot(state, scan)):
        if name == "the_artist":
            yield end, artists(state)
        elif name == "artist_of" and (artist := _artist_of(str(got[0].value), state)):
            yield end, (artist,)


def artists(state: ConversationState) -> tuple[str, ...]:
    """The artist spoken of, or those of what was shown."""
    if state.artist:
        return (state.artist,)
    label = focus(state)
    if label and (artist := _artist_of(label, state)):
        return (artist,)
    return tuple(dict.fromkeys(track.artist for track in state.results if track.artist))


def _artist_of(label: str, state: ConversationState) -> str | None:
    """The artist of a track of this conversation."""
    tracks = (*state.results, *((state.playing,) if state.playing else ()))
    found = next((t.artist for t in tracks if label in {t.label, f"#{t.track_id}"}), None)
    return found or (state.artist if label == state.track else None)
