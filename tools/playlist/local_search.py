"""Moves that make a path cheaper: 2-opt, or-opt and swaps, until none helps.

A path of n tracks is an index array, intp (n,). `costs` is float64 (n, n), symmetric: neighbours.
`places` is float64 (n, n): track (row) at place (column). Each track is looked at with all the
moves that begin at it in one go (numpy over the other end), and again only when something beside
it changed (Bentley's don't-look bits).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Order = NDArray[np.intp]

SEGMENT_AT_MOST: Final = 3
"""Or-opt moves segments of one to three tracks; longer ones are found by 2-opt."""
REVERSED_WITH_PLACES: Final = 48
"""With an arc, a longer stretch is not reversed: its tracks would leave their places anyway."""
GAIN: Final = 1e-9
LOOKS_A_TRACK: Final = 60
"""Ends a search that would go on for ever by rounding; far above what is needed (about 6)."""


def path_cost(order: Order, costs: Floats, places: Floats) -> float:
    """Sum over neighbours and places."""
    return float(costs[order[:-1], order[1:]].sum() + places[order, np.arange(len(order))].sum())


def improve(
    start: Order,
    costs: Floats,
    places: Floats,
    *,
    has_places: bool,
    around: Iterable[int] | None = None,
) -> Order:
    """A local optimum near `start`; never dearer than it.

    Args:
        start: The path.
        costs: Cost of neighbours.
        places: Cost of places.
        has_places: Whether `places` is anything but 0.
        around: Tracks to look at first; None for all, and then all again until none can be moved.
    """
    path = _Path(start, costs, places, has_places=has_places)
    waiting = deque(around if around is not None else ())
    queued = np.zeros(len(start), dtype=bool)
    queued[list(waiting)] = True
    moved = around is None
    for _ in range(LOOKS_A_TRACK * len(start)):
        if not waiting:
            if not moved or around is not None:
                break
            # a last look at every track: what helps may begin far from where it was changed
            waiting.extend(int(t) for t in path.order)
            queued[:] = True
            moved = False
        track = waiting.popleft()
        queued[track] = False
        for touched in path.better(track):
            moved = True
            if not queued[touched]:
                queued[touched] = True
                waiting.append(touched)
    return path.order


class _Path:
    """A path between two silent ends (index n, no cost), so that no move is special at an end."""

    def __init__(self, start: Order, costs: Floats, places: Floats, *, has_places: bool) -> None:
        n = len(start)
        self.n = n
        self.costs = np.zeros((n + 1, n + 1))
        self.costs[:n, :n] = costs
        self.places = places
        self.has_places = has_places
        self.ext = np.concatenate([[n], start, [n]]).astype(np.intp)
        self._settle()

    @property
    def order(self) -> Order:
        return self.ext[1:-1]

    def better(self, track: int) -> list[int]:
        """Apply the best move that begins at `track`; the tracks whose neighbours changed."""
        at = int(self.where[track])
        gain, apply = max(
            (self._reversal(at), self._segment(at), self._swap(at)), key=lambda move: move[0]
        )
        if gain <= GAIN:
            return []
        before = self.ext.copy()
        self.ext[1:-1] = apply()
        self._settle()
        changed = np.flatnonzero((before[:-1] != self.ext[:-1]) | (before[1:] != self.ext[1:]))
        ends = changed[[0, -1]] if len(changed) > 4 * SEGMENT_AT_MOST else changed
        near = {int(t) for e in ends for t in self.ext[max(e - 1, 1) : e + 3]}
        return [t for t in near | {track} if t < self.n]

    def _settle(self) -> None:
        self.where = np.empty(self.n + 1, dtype=np.intp)
        self.where[self.ext[1:-1]] = np.arange(1, self.n + 1)
        self.steps = self.costs[self.ext[:-1], self.ext[1:]]
        self.shifted: dict[int, Floats] = {}
        if self.has_places:
            self.here = self.places[self.order, np.arange(self.n)]

    def _reversal(self, at: int):
        """2-opt: the stretch from `at` to any later place, turned round."""
        ext, costs = self.ext, self.costs
        last = min(self.n, at + REVERSED_WITH_PLACES) if self.has_places else self.n
        if last <= at:
            return 0.0, lambda: self.order
        ends = ext[at + 1 : last + 1]
        change = (
            costs[ext[at - 1], ends]
            + costs[ext[at], ext[at + 2 : last + 2]]
            - self.steps[at - 1]
            - self.steps[at + 1 : last + 1]
        )
        if self.has_places:
            m = last - at + 1
            block = self.places[ext[at : last + 1], at - 1 : last]
            steps = np.arange(m)
            turned = np.bincount((steps[:, None] + steps).ravel(), weights=block.ravel())[1:m]
            change = change + turned - np.cumsum(self.here[at - 1 : last])[1:]
        best = int(np.argmin(change))
        end = at + 1 + best

        def apply() -> Order:
            order = self.order.copy()
            order[at - 1 : end] = order[at - 1 : end][::-1]
            return order

        return -float(change[best]), apply

    def _segment(self, at: int):
        """Or-opt: one to three tracks from `at` put between two others, either way round."""
        found = (0.0, lambda: self.order)
        for length in range(1, min(SEGMENT_AT_MOST, self.n - at + 1) + 1):
            end = at + length - 1
            change, turned = self._insertions(at, end)
            best = int(np.argmin(change))
            if -change[best] > found[0]:
                found = (
                    -float(change[best]),
                    lambda at=at, end=end, gap=best, flip=bool(turned[best]): self._moved(
                        at, end, gap, flip=flip
                    ),
                )
        return found

    def _insertions(self, at: int, end: int) -> tuple[Floats, NDArray[np.bool_]]:
        """Change of cost for the stretch at..end put behind each place 0..n, and whether turned."""
        ext, costs = self.ext, self.costs
        first, last = ext[at], ext[end]
        closed = costs[ext[at - 1], ext[end + 1]] - self.steps[at - 1] - self.steps[end]
        common = closed - self.steps
        from_first, from_last = costs[first], costs[last]
        left, right = ext[:-1], ext[1:]
        straight = common + from_first[left] + from_last[right]
        if at == end and not self.has_places:
            flipped = straight
        else:
            flipped = common + from_last[left] + from_first[right]
        if self.has_places:
            self._add_places(straight, at, end, ext[at : end + 1])
            self._add_places(flipped, at, end, ext[at : end + 1][::-1])
        change = np.minimum(straight, flipped)
        change[at - 1 : end + 1] = np.inf
        return change, flipped < straight

    def _add_places(self, change: Floats, at: int, end: int, segment: Order) -> None:
        """Add what the places of at..end, put behind each place 0..n, and of those between cost."""
        n, length = self.n, end - at + 1
        own = self.here[at - 1 : end].sum()
        # behind a later place, those between move down; behind an earlier one, up
        down, up = self._shift(-length), self._shift(length)
        change[end + 1 :] += down[end + 1 :] - (down[end] + own)
        change[: at - 1] += (up[at - 1] - own) - up[: at - 1]
        for offset, track in enumerate(segment):
            row = self.places[track]
            change[end + 1 :] += row[end + 1 - length + offset : n + 1 - length + offset]
            change[: at - 1] += row[offset : at - 1 + offset]

    def _shift(self, by: int) -> Floats:
        """Running sum, float64 (n + 1,), of what each track's move by `by` places changes."""
        if by not in self.shifted:
            spots = np.arange(self.n)
            target = np.clip(spots + by, 0, self.n - 1)
            moved = self.places[self.order, target] - self.here
            self.shifted[by] = np.concatenate([[0.0], np.cumsum(moved)])
        return self.shifted[by]

    def _moved(self, at: int, end: int, gap: int, *, flip: bool) -> Order:
        segment = self.ext[at : end + 1][:: -1 if flip else 1]
        head, tail = self.ext[1 : gap + 1], self.ext[gap + 1 : -1]
        if gap > end:
            return np.concatenate([self.ext[1:at], self.ext[end + 1 : gap + 1], segment, tail])
        return np.concatenate([head, segment, self.ext[gap + 1 : at], self.ext[end + 1 : -1]])

    def _swap(self, at: int):
        """Two tracks change places (neighbours are left to or-opt)."""
        ext, costs, n = self.ext, self.costs, self.n
        track = ext[at]
        others = ext[1:-1]
        change = (
            costs[ext[at - 1], others]
            + costs[others, ext[at + 1]]
            + costs[ext[:-2], track]
            + costs[track, ext[2:]]
            - self.steps[at - 1]
            - self.steps[at]
            - self.steps[:-1]
            - self.steps[1:]
        )
        if self.has_places:
            change += (
                self.places[others, at - 1] + self.places[track] - self.here[at - 1] - self.here
            )
        change[max(at - 2, 0) : min(at + 1, n)] = np.inf
        best = int(np.argmin(change))

        def apply() -> Order:
            order = self.order.copy()
            order[[at - 1, best]] = order[[best, at - 1]]
            return order

        return -float(change[best]), apply
