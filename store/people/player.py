"""What people play: one row a person, changed in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import insert, select, update
from sqlmodel import Session, col

from store.database.db import read, rows, write
from store.database.expressions import among, has_row
from store.people import plays
from store.people.player_state import PlayerState, jump, track_ended
from store.people.queue_edits import keep_entries
from store.results import StoreError
from store.stored_values import as_utc, now
from store.tables.people import Person, Player
from store.tables.tracks import Track

EARLIER_QUEUES: Final = 5
"""Changes of the queue that can be undone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayerReport:
    """What a page plays.

    Attributes:
        version: Version of the state that the page has.
        track_id: The track that it plays.
        seconds: Position in the track.
        playing: Whether it sounds.
        ended: Whether the track came to its end.
    """

    version: int
    track_id: int
    seconds: float
    playing: bool
    ended: bool = False


@dataclass(frozen=True, slots=True)
class _Stored:
    """The row of a person: the state, the queues before the last changes, when that was."""

    state: PlayerState
    earlier: tuple[dict[str, Any], ...] = ()
    changed_at: datetime | None = field(default=None, compare=False)

    @property
    def heard_s(self) -> float:
        """Position in the track that plays, which goes on since it was last reported."""
        since = now() - self.changed_at if self.changed_at else timedelta()
        return self.state.seconds + since.total_seconds()


def player(person_id: int) -> PlayerState:
    """Return what a person plays, without tracks that left the library."""
    with read() as session:
        return _present(session, _load(session, person_id).state)


def change(person_id: int, edit: Callable[[PlayerState], PlayerState]) -> PlayerState:
    """Apply an edit of `player_state` or `queue_edits`; a change of the queue can be undone.

    Raises:
        StoreError: The person is not there, or the edit is not possible.
    """
    with write() as session:
        stored = _load(session, person_id)
        before = _present(session, stored.state)
        after, earlier = _present(session, edit(before)), stored.earlier
        if left := _left(before, after):
            plays.count_play(session, person_id, left, stored.heard_s)
        if after.queue != before.queue:
            earlier = (*earlier, _snapshot(before))[-EARLIER_QUEUES:]
        return _save(session, person_id, stored, _Stored(after, earlier))


def undo(person_id: int) -> PlayerState | None:
    """Undo the last change of the queue; return None when there is none to undo.

    The current track plays on where the earlier queue has it.
    """
    with write() as session:
        stored = _load(session, person_id)
        if not stored.earlier:
            return None
        restored = _restored(_present(session, stored.state), stored.earlier[-1])
        restored = _present(session, restored)
        return _save(session, person_id, stored, _Stored(restored, stored.earlier[:-1]))


def report(person_id: int, told: PlayerReport) -> PlayerState:
    """Note what a page plays; one that does not have the newest state is not believed.

    A mere position is no change: the version stays.
    """
    with write() as session:
        stored = _load(session, person_id)
        state = _present(session, stored.state)
        if told.version != state.version or told.track_id != state.current:
            return state
        after = replace(state, seconds=max(told.seconds, 0.0), playing=told.playing)
        if told.ended:
            plays.count_play(session, person_id, told.track_id, None)
            after = track_ended(after)
        return _save(session, person_id, stored, replace(stored, state=after))


_TRACKS: Final = select(col(Track.id)).where(col(Track.missing).is_(False))
_PLAYER: Final = select(
    col(Player.queue), col(Player.place), col(Player.playing), col(Player.seconds),
    col(Player.volume), col(Player.shuffle), col(Player.repeat), col(Player.version),
    col(Player.started), col(Player.ranks), col(Player.earlier), col(Player.changed_at),
)  # fmt: skip


def _load(session: Session, person_id: int) -> _Stored:
    found = rows(session, _PLAYER.where(col(Player.person_id) == person_id))
    if not found:
        return _Stored(PlayerState())
    values = dict(found[0]._mapping)
    earlier = tuple(values.pop("earlier"))
    changed_at = as_utc(values.pop("changed_at"))
    lists = {"queue": tuple(values["queue"]), "ranks": tuple(values["ranks"])}
    return _Stored(PlayerState(**{**values, **lists}), earlier, changed_at)


def _present(session: Session, state: PlayerState) -> PlayerState:
    """Drop the tracks that left the library."""
    if not state.queue:
        return state
    found = rows(session, _TRACKS.where(among(col(Track.id), set(state.queue))))
    there = {row.id for row in found}
    return keep_entries(state, [at for at, number in enumerate(state.queue) if number in there])


def _left(before: PlayerState, after: PlayerState) -> int | None:
    """Return the track that a person left for another one while it played; none by going back."""
    back = after.queue == before.queue and after.place <= before.place
    return None if back or not before.playing or after.current == before.current else before.current


def _snapshot(state: PlayerState) -> dict[str, Any]:
    return {
        "queue": list(state.queue), "ranks": list(state.ranks),
        "place": state.place, "shuffle": state.shuffle,
    }  # fmt: skip


def _restored(state: PlayerState, snapshot: Mapping[str, Any]) -> PlayerState:
    queue, place = tuple(snapshot["queue"]), snapshot["place"]
    ranks, shuffle = tuple(snapshot["ranks"]), snapshot["shuffle"]
    former = replace(state, queue=queue, ranks=ranks, shuffle=shuffle, place=place)
    if not queue:
        return replace(former, playing=False, seconds=0.0)
    if former.current == state.current:
        return former
    if state.current in queue:
        return replace(former, place=queue.index(state.current))
    return replace(jump(former, place), playing=state.playing)


def _save(session: Session, person_id: int, stored: _Stored, after: _Stored) -> PlayerState:
    """Write what differs; the version grows unless only the position does."""
    if after == stored:
        return after.state
    state = after.state
    if replace(state, seconds=stored.state.seconds) != stored.state:
        state = replace(state, version=stored.state.version + 1)
    new = asdict(state) | {"earlier": after.earlier}
    old = asdict(stored.state) | {"earlier": stored.earlier}
    values = {name: _json(value) for name, value in new.items() if value != old[name]}
    row = update(Player).where(col(Player.person_id) == person_id)
    changed = row.values(**values, changed_at=now()).returning(col(Player.person_id))
    if rows(session, changed):
        return state
    if not has_row(session, select(col(Person.id)).where(col(Person.id) == person_id)):
        raise StoreError(f"There is no person with the number {person_id}.")
    every = {name: _json(value) for name, value in new.items()}
    rows(session, insert(Player).values(person_id=person_id, changed_at=now(), **every))
    return state


def _json(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
