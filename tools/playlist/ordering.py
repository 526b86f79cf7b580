"""The order of a playlist: a path through all tracks with cheap steps between neighbours.

Problem: the shortest Hamiltonian path with free ends, a cost for each place a track may take
(the energy arc) and a heavy cost for the same artist twice in a row. Method: greedy paths, then
2-opt, or-opt (segments of 1 to 3) and swaps to a local optimum, then kicks (double bridge) for
lists short enough. Croes (1958), Or (1976), Martin, Otto & Felten (1991). The same input gives the
same order every time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from tools.playlist.local_search import improve, path_cost

Floats = NDArray[np.float64]
Order = NDArray[np.intp]
Arc = Literal["rise", "fall", "wave", "flat"]

ARC_WEIGHT: Final = 1.0
"""Cost of being 1.0 of energy off the arc. On random lists of 20 to 40 tracks energies then follow
the arc with a correlation above .9, and a transition costs .31–.40 instead of .63 by chance."""
WAVE_TRACKS: Final = 12
"""About this many tracks to one rise and fall: three quarters of an hour."""
KICKS: Final = 100
KICK_WIDTH: Final = 24
"""A kick stays within so many places: the rest of the path is good already."""
KICKED_AT_MOST: Final = 200
"""Longer lists gain little from kicks for what they take; no playlist is longer."""
STARTS: Final = 4
MANY_STARTS_AT_MOST: Final = 40


def arc_targets(energies: Floats, arc: Arc | None) -> Floats | None:
    """Return the target energy at each position, float64 (n,); None when the arc sets none.

    The targets are the list's own energies put into the arc's shape, so they can be met exactly.
    A flat arc is a matter of which tracks are chosen, not of their order.
    """
    n = len(energies)
    if arc is None or arc == "flat" or n < 3 or not np.isfinite(energies).any():
        return None
    known = np.sort(np.where(np.isfinite(energies), energies, np.nanmedian(energies)))
    if arc == "rise":
        return known
    if arc == "fall":
        return known[::-1].copy()
    cycles = max(1, round(n / WAVE_TRACKS))
    shape = -np.cos(2 * np.pi * cycles * np.arange(n) / (n - 1))
    ranks = np.argsort(np.argsort(shape, kind="stable"), kind="stable")
    return known[ranks]


def arc_costs(energies: Floats, targets: Floats | None) -> Floats:
    """Cost of each track (row) at each place (column), float64 (n, n)."""
    n = len(energies)
    if targets is None:
        return np.zeros((n, n))
    off = np.abs(energies[:, None] - targets[None, :])
    return ARC_WEIGHT * np.where(np.isfinite(off), off, 0.0)


def artist_ids(artists: Sequence[str | None]) -> Order:
    """A number for each artist, intp (n,); an unknown artist is like nobody."""
    numbers: dict[str, int] = {}
    return np.array(
        [numbers.setdefault(a or f"\0{at}", len(numbers)) for at, a in enumerate(artists)],
        dtype=np.intp,
    )


def order_tracks(
    costs: Floats, *, artists: Sequence[str | None], places: Floats | None = None
) -> list[int]:
    """Return the best order found.

    Args:
        costs: float64 (n, n), symmetric: cost of two tracks as neighbours.
        artists: n names; the same twice in a row is avoided wherever it can be.
        places: float64 (n, n): cost of track (row) at place (column), as of `arc_costs`.

    Returns:
        The n indices in order.

    Raises:
        ValueError: The shapes do not agree.
    """
    n = len(artists)
    places = np.zeros((n, n)) if places is None else places
    if costs.shape != (n, n) or places.shape != (n, n):
        raise ValueError(f"Expected costs of shape {(n, n)}, not {costs.shape}, {places.shape}")
    if n < 2:
        return list(range(n))
    ids = artist_ids(artists)
    # one repeated artist outweighs everything else together: avoided wherever it can be
    heavy = 2.0 * (float(costs.sum(axis=1).max()) + float(places.max(axis=1).sum()) + 1.0)
    full = costs + heavy * (ids[:, None] == ids[None, :])
    np.fill_diagonal(full, 0.0)
    has_places = bool(places.any())
    best, best_cost = np.arange(n), np.inf
    for start in _starts(full, places, ids):
        order = improve(start, full, places, has_places=has_places)
        cost = path_cost(order, full, places)
        if cost < best_cost - 1e-12:
            best, best_cost = order, cost
        if n > MANY_STARTS_AT_MOST and _repeats(best, ids) <= _least_repeats(ids):
            break
    if n <= KICKED_AT_MOST:
        best = _kicked(best, full, places, has_places=has_places)
    return [int(i) for i in best]


def _repeats(order: Order, ids: Order) -> int:
    return int((ids[order[:-1]] == ids[order[1:]]).sum())


def _least_repeats(ids: Order) -> int:
    """How often the most frequent artist must follow itself whatever the order."""
    most = int(np.bincount(ids).max())
    return max(0, 2 * most - len(ids) - 1)


def greedy_order(costs: Floats, *, start: int, artists: Order | None = None) -> Order:
    """Always to the cheapest neighbour, from `start`.

    With `artists` (numbers), an artist that must come every second time from here on is taken
    first, so that no artist repeats unless that is unavoidable.
    """
    n = len(costs)
    left = np.ones(n, dtype=bool)
    to_come = np.zeros(n, dtype=np.intp) if artists is None else np.bincount(artists, minlength=n)
    order: list[int] = []
    nearest = start
    while True:
        order.append(nearest)
        left[nearest] = False
        if len(order) == n:
            return np.array(order, dtype=np.intp)
        row = np.where(left, costs[nearest], np.inf)
        if artists is not None:
            to_come[artists[nearest]] -= 1
            crowd = int(to_come.argmax())
            if 2 * to_come[crowd] > n - len(order) and crowd != artists[nearest]:
                row = np.where(artists == crowd, row, np.inf)
        nearest = int(np.argmin(row))


def _starts(full: Floats, places: Floats, artists: Order) -> list[Order]:
    """Greedy paths from several tracks, and the arc's own order where there is an arc."""
    n = len(full)
    few = STARTS if n <= MANY_STARTS_AT_MOST else 2
    crowded = int(np.argmax(np.bincount(artists)[artists]))
    firsts = dict.fromkeys([crowded, *np.linspace(0, n - 1, few).astype(int).tolist()])
    starts = [greedy_order(full, start=first, artists=artists) for first in [*firsts][:few]]
    if places.any():
        starts.insert(0, np.argsort(places.argmin(axis=1), kind="stable").astype(np.intp))
    return starts


def _kicked(order: Order, full: Floats, places: Floats, *, has_places: bool) -> Order:
    """Leave the local optimum: exchange two stretches beside each other, mend, keep what helps."""
    n = len(order)
    if n < 8:
        return order
    rng = np.random.default_rng(n)
    cost = path_cost(order, full, places)
    for _ in range(KICKS):
        width = int(min(n, KICK_WIDTH))
        begin = int(rng.integers(0, n - width + 1))
        a, b, c = begin + np.sort(rng.choice(np.arange(1, width), size=3, replace=False))
        kick = np.concatenate([order[:a], order[b:c], order[a:b], order[c:]])
        cuts = {int(kick[i]) for cut in (a, a + c - b, c) for i in (cut - 1, cut) if 0 <= i < n}
        trial = improve(kick, full, places, has_places=has_places, around=cuts)
        trial_cost = path_cost(trial, full, places)
        if trial_cost < cost - 1e-12:
            order, cost = trial, trial_cost
    return order
