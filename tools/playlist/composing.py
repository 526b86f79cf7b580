"""Composition of a playlist: choose tracks, order them, give the reason of each step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from prompts import FALLBACK
from store.folding import fold
from store.results import Candidate, TrackRow
from store.search.query import Sort
from tools.playlist.choosing import CandidatePool, choose
from tools.playlist.ordering import Arc, arc_costs, arc_targets, order_tracks
from tools.playlist.reasons import row_reasons
from tools.playlist.song_versions import plainest, songs_of
from tools.text.words import Language
from tools.tracks.compatibility import Floats, transition_costs

FLAT_MALUS: Final = 1.0
"""For a flat arc: what being 1.0 of energy from the middle costs a candidate, against fit 0..1."""


_BY: Final[dict[str | None, Callable[[Candidate], Any]]] = {
    "bpm": lambda track: track.bpm,
    "energy": lambda track: track.energy,
    "year": lambda track: track.year,
    "length": lambda track: track.duration_s or None,
    "title": lambda track: fold(track.title),
    "artist": lambda track: (fold(track.artist), fold(track.title)) if track.artist else None,
}
"""Order → the value of a track in it, None where it is not known."""
_DOWNWARDS: Final = frozenset(("energy",))
"""From the highest down where no direction is asked for, as the store's lists."""
SORTED_ALONE: Final = frozenset(_BY)
"""Sorts that leave no say to smooth transitions."""


def pool_of(found: Iterable[Candidate], *, size: int) -> list[Candidate]:
    """Return the `size` candidates with the best fit, each song once."""
    songs = [plainest(group) for group in songs_of(found)]
    return sorted(songs, key=lambda track: -track.relevance)[:size]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaylistOptions:
    """Length and order of a playlist.

    Attributes:
        count: How many tracks at most.
        duration_s: The length aimed at.
        arc: The shape of the energy.
        harmonic: Whether keys count.
        sort: "bpm", "energy", "year", "length", "title" and "artist" order by that alone; with the
            others tracks are ordered for smooth transitions.
        descending: The direction of `sort`; None for its natural one.
    """

    count: int
    duration_s: float | None = None
    arc: Arc | None = None
    harmonic: bool = True
    sort: Sort | None = None
    descending: bool | None = None


def compose(
    found: Sequence[Candidate], options: PlaylistOptions, *, language: Language = FALLBACK
) -> list[tuple[int, str]]:
    """Return (track id, reason) in order.

    Args:
        found: Candidates, by fit.
        options: Length and order.
        language: Of the reasons.
    """
    chosen = choose(
        _candidate_pool(found, options), count=options.count, duration_s=options.duration_s
    )
    tracks = _ordered(found, chosen, options)
    reasons = row_reasons(tracks, language)
    return [(track.id, reason) for track, reason in zip(tracks, reasons, strict=True)]


def in_flow(tracks: Sequence[TrackRow]) -> list[TrackRow]:
    """Return tracks in the order with the cheapest steps found."""
    energies = _energies(tracks)
    order = order_tracks(
        _costs(tracks, energies, harmonic=True), artists=[track.artist for track in tracks]
    )
    return [tracks[at] for at in order]


def _candidate_pool(found: Sequence[Candidate], options: PlaylistOptions) -> CandidatePool:
    energies = _energies(found)
    # an arc needs energies of every height: they have no say in the choice then
    level = energies if options.arc in (None, "flat") else np.full(len(found), np.nan)
    return CandidatePool(
        fit=_fit(found, energies, options.arc),
        durations_s=np.array([c.duration_s for c in found]),
        artists=[c.artist for c in found],
        albums=[(c.artist, c.album) if c.album else None for c in found],
        costs=_costs(found, level, harmonic=options.harmonic),
    )


def _ordered(
    found: Sequence[Candidate], chosen: Sequence[int], options: PlaylistOptions
) -> list[Candidate]:
    energies = _energies(found)
    costs = _costs(found, energies, harmonic=options.harmonic)
    targets = arc_targets(energies[chosen], options.arc)
    order = order_tracks(
        costs[np.ix_(chosen, chosen)],
        artists=[found[at].artist for at in chosen],
        places=arc_costs(energies[chosen], targets),
    )
    tracks = [found[chosen[at]] for at in order]
    return _sorted(tracks, options) if options.sort in _BY else tracks


def _sorted(tracks: Sequence[Candidate], options: PlaylistOptions) -> list[Candidate]:
    """Order by one value alone; tracks without it come last."""
    value = _BY[options.sort]
    natural = options.sort in _DOWNWARDS
    downwards = natural if options.descending is None else options.descending
    known = [track for track in tracks if value(track) is not None]
    return [
        *sorted(known, key=value, reverse=downwards),
        *(track for track in tracks if value(track) is None),
    ]


def _energies(found: Sequence[Candidate | TrackRow]) -> Floats:
    return np.array([np.nan if c.energy is None else c.energy for c in found])


def _costs(found: Sequence[Candidate | TrackRow], energies: Floats, *, harmonic: bool) -> Floats:
    tempos_bpm = np.array([c.bpm or np.nan for c in found])
    keys = [c.camelot for c in found]
    return transition_costs(tempos_bpm=tempos_bpm, keys=keys, energies=energies, harmonic=harmonic)


def _fit(found: Sequence[Candidate], energies: Floats, arc: Arc | None) -> Floats:
    fit = np.array([c.relevance for c in found])
    if arc != "flat" or not np.isfinite(energies).any():
        return fit
    off = np.abs(energies - np.nanmedian(energies))
    return fit - FLAT_MALUS * np.where(np.isfinite(off), off, np.nanmax(off))
