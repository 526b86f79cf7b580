"""Edits of a player's queue: pure functions from state to state."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from store.people.player_state import PlayerState, Repeat, check_place, jump
from store.results import StoreError

QUEUE_AT_MOST: Final = 3000
"""Tracks: days of music; the whole queue is written at every change of it."""


def play_now(state: PlayerState, track_ids: Sequence[int], *, place: int = 0) -> PlayerState:
    """Replace the queue and play it from `place`; order and repetition of one track end."""
    queue = tuple(track_ids)[:QUEUE_AT_MOST]
    if not queue:
        raise StoreError("There is nothing to play.")
    repeat: Repeat = "off" if state.repeat == "one" else state.repeat
    fresh = replace(state, queue=queue, ranks=(), shuffle=False, repeat=repeat)
    return jump(fresh, place)


def insert_next(state: PlayerState, track_ids: Sequence[int]) -> PlayerState:
    """Insert tracks behind the current one; into an empty queue they are played at once."""
    if not state.queue:
        return play_now(state, track_ids)
    return _inserted(state, track_ids, state.place + 1)


def append(state: PlayerState, track_ids: Sequence[int]) -> PlayerState:
    """Add tracks at the end; in an empty queue they are played at once."""
    if not state.queue:
        return play_now(state, track_ids)
    return _inserted(state, track_ids, len(state.queue))


def move(state: PlayerState, place: int, to: int) -> PlayerState:
    """Move an entry; the current track stays the current one."""
    check_place(state, place)
    check_place(state, to)
    order = [at for at in range(len(state.queue)) if at != place]
    order.insert(to, place)
    return _reordered(state, order)


def remove(state: PlayerState, places: Sequence[int]) -> PlayerState:
    """Remove entries; when the current one goes, the one behind it begins."""
    for place in places:
        check_place(state, place)
    return keep_entries(state, [at for at in range(len(state.queue)) if at not in set(places)])


def clear(state: PlayerState) -> PlayerState:
    """Empty the queue and stop."""
    return keep_entries(state, [])


def keep_entries(state: PlayerState, places: Sequence[int]) -> PlayerState:
    """Keep only the entries at `places`, which are in order."""
    if len(places) == len(state.queue):
        return state
    before = sum(place < state.place for place in places)
    kept = _reordered(state, places, place=min(before, max(len(places) - 1, 0)))
    if not places:
        return replace(kept, playing=False, seconds=0.0, shuffle=False)
    if state.place in places:
        return kept
    ended = before == len(places)  # nothing is left behind it
    return replace(jump(kept, kept.place), playing=state.playing and not ended)


def set_shuffle(state: PlayerState, on: bool, *, rng: random.Random | None = None) -> PlayerState:
    """Shuffle the queue, the current track first; or bring back the former order."""
    if on == state.shuffle or not state.queue:
        return state
    if not on:
        order = sorted(range(len(state.queue)), key=lambda at: state.ranks[at])
        return replace(_reordered(state, order), ranks=(), shuffle=False)
    rest = [at for at in range(len(state.queue)) if at != state.place]
    (rng or random.Random()).shuffle(rest)
    order = [state.place, *rest]
    return replace(_reordered(state, order), ranks=tuple(order), shuffle=True)


def _inserted(state: PlayerState, track_ids: Sequence[int], at: int) -> PlayerState:
    new = tuple(track_ids)[: QUEUE_AT_MOST - len(state.queue)]
    queue = (*state.queue[:at], *new, *state.queue[at:])
    if not state.shuffle:
        return replace(state, queue=queue)
    behind = len(state.queue) if at == len(state.queue) else state.ranks[at - 1] + 1
    moved = [rank + len(new) if rank >= behind else rank for rank in state.ranks]
    ranks = (*moved[:at], *range(behind, behind + len(new)), *moved[at:])
    return replace(state, queue=queue, ranks=ranks)


def _reordered(
    state: PlayerState, order: Sequence[int], *, place: int | None = None
) -> PlayerState:
    """Take the entries in `order`, without a `place` with the same current one."""
    ranks = [state.ranks[at] for at in order] if state.shuffle else []
    dense = {rank: number for number, rank in enumerate(sorted(ranks))}
    return replace(
        state,
        queue=tuple(state.queue[at] for at in order),
        ranks=tuple(dense[rank] for rank in ranks),
        place=order.index(state.place) if place is None else place,
    )
