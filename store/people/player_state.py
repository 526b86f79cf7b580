"""The state of a player, and how it plays: pure functions from state to state."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

from store.results import StoreError

Repeat = Literal["off", "all", "one"]
REPEATS: Final[tuple[Repeat, ...]] = ("off", "one", "all")
"""In the order in which `cycle_repeat` goes through them."""
VOLUME_STEP: Final = 0.1
"""Of 0..1: what "louder" adds."""


@dataclass(frozen=True, slots=True)
class PlayerState:
    """What a person plays.

    Attributes:
        queue: Track ids in the order played.
        place: Index of the current track; 0 in an empty queue.
        playing: Whether it sounds.
        seconds: Position in the current track when it was last reported.
        volume: 0..1.
        shuffle: Whether the queue is shuffled.
        repeat: Whether the track or the queue is repeated.
        version: Number of changes so far.
        started: Version at which the current track began.
        ranks: While shuffled, the former index of each entry; else empty.
    """

    queue: tuple[int, ...] = ()
    place: int = 0
    playing: bool = False
    seconds: float = 0.0
    volume: float = 1.0
    shuffle: bool = False
    repeat: Repeat = "off"
    version: int = 0
    started: int = 0
    ranks: tuple[int, ...] = ()

    @property
    def current(self) -> int | None:
        """The id of the current track; None in an empty queue."""
        return self.queue[self.place] if self.queue else None

    @property
    def upcoming(self) -> int | None:
        """The id of the track that comes when the current one ends; None at the end."""
        if not self.queue:
            return None
        if self.repeat == "one":
            return self.current
        if self.place + 1 < len(self.queue):
            return self.queue[self.place + 1]
        return self.queue[0] if self.repeat == "all" else None


def jump(state: PlayerState, place: int) -> PlayerState:
    """Play the entry at `place` from its beginning."""
    check_place(state, place)
    return replace(state, place=place, seconds=0.0, playing=True, started=state.version + 1)


def next_track(state: PlayerState) -> PlayerState:
    """Play the next entry; behind the last one stop, or begin again where all is repeated."""
    if state.place + 1 < len(state.queue):
        return jump(state, state.place + 1)
    if state.queue and state.repeat == "all":
        return jump(state, 0)
    return stop(state)


def previous_track(state: PlayerState) -> PlayerState:
    """Play the entry before; the first one begins again."""
    if state.place == 0 and state.queue and state.repeat == "all":
        return jump(state, len(state.queue) - 1)
    return jump(state, max(state.place - 1, 0)) if state.queue else state


def track_ended(state: PlayerState) -> PlayerState:
    """Go on after the current track played to its end."""
    return jump(state, state.place) if state.repeat == "one" else next_track(state)


def pause(state: PlayerState) -> PlayerState:
    """Pause."""
    return replace(state, playing=False)


def resume(state: PlayerState) -> PlayerState:
    """Go on where it was paused."""
    return replace(state, playing=bool(state.queue))


def stop(state: PlayerState) -> PlayerState:
    """Pause and go back to the beginning of the track."""
    if not state.playing and state.seconds == 0:
        return state
    return replace(state, playing=False, seconds=0.0, started=state.version + 1)


def set_volume(state: PlayerState, volume: float) -> PlayerState:
    """Set the volume, 0..1; values outside are cut."""
    return replace(state, volume=round(min(max(volume, 0.0), 1.0), 2))


def louder(state: PlayerState) -> PlayerState:
    """Raise the volume by a step."""
    return set_volume(state, state.volume + VOLUME_STEP)


def quieter(state: PlayerState) -> PlayerState:
    """Lower the volume by a step."""
    return set_volume(state, state.volume - VOLUME_STEP)


def set_repeat(state: PlayerState, repeat: Repeat) -> PlayerState:
    """Repeat nothing, the queue or the current track."""
    return replace(state, repeat=repeat)


def cycle_repeat(state: PlayerState) -> PlayerState:
    """Set the next kind of repetition: the track, the queue, none."""
    return set_repeat(state, REPEATS[(REPEATS.index(state.repeat) + 1) % len(REPEATS)])


def check_place(state: PlayerState, place: int) -> None:
    """Raise StoreError where the queue has no entry at `place`."""
    if not 0 <= place < len(state.queue):
        raise StoreError(f"The queue has {len(state.queue)} entries; there is none at {place}.")
