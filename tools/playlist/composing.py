"""From candidates to a playlist: chosen, ordered, each step with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from store.results import Candidate, TrackRow
from tools.playlist.choosing import Pool, choose
from tools.playlist.compatibility import Floats, transition_costs
from tools.playlist.ordering import Arc, arc_costs, arc_targets, order_tracks
from tools.playlist.reasons import Mixable, opening, transition
from tools.words import Language

FLAT_MALUS: Final = 1.0
"""For a flat arc: what being 1.0 of energy from the middle costs a candidate, against fit 0..1."""


def compose(
    found: Sequence[Candidate],
    rows: Sequence[TrackRow],
    *,
    count: int,
    duration_s: float | None = None,
    arc: Arc | None = None,
    harmonic: bool = True,
    language: Language = "en",
) -> list[tuple[int, str]]:
    """(track id, reason) in order.

    Args:
        found: Candidates, by fit.
        rows: Their rows, for the albums.
        count: How many at most.
        duration_s: The length aimed at.
        arc: The shape of the energy.
        harmonic: Whether keys count.
        language: Of the reasons.
    """
    energies = np.array([np.nan if c.energy is None else c.energy for c in found])
    costs = transition_costs(
        tempos_bpm=np.array([c.bpm or np.nan for c in found]),
        keys=[c.camelot for c in found],
        energies=energies,
        harmonic=harmonic,
    )
    albums = {row.id: (row.artist, row.album) for row in rows if row.album}
    pool = Pool(
        fit=_fit(found, energies, arc),
        durations_s=np.array([c.duration_s for c in found]),
        artists=[c.artist for c in found],
        albums=[albums.get(c.id) for c in found],
        costs=costs,
    )
    chosen = choose(pool, count=count, duration_s=duration_s)
    targets = arc_targets(energies[chosen], arc)
    order = order_tracks(
        costs[np.ix_(chosen, chosen)],
        artists=[found[at].artist for at in chosen],
        places=arc_costs(energies[chosen], targets),
    )
    tracks = [found[chosen[at]] for at in order]
    steps = [Mixable(t.bpm, t.camelot, t.energy) for t in tracks]
    reasons = [opening(step, language) for step in steps[:1]]
    reasons += [transition(before, after, language) for before, after in pairwise(steps)]
    return [(track.id, reason) for track, reason in zip(tracks, reasons, strict=True)]


def _fit(found: Sequence[Candidate], energies: Floats, arc: Arc | None) -> Floats:
    fit = np.array([c.relevance for c in found])
    if arc != "flat" or not np.isfinite(energies).any():
        return fit
    off = np.abs(energies - np.nanmedian(energies))
    return fit - FLAT_MALUS * np.where(np.isfinite(off), off, np.nanmax(off))
