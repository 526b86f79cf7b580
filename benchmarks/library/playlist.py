"""How good and how fast the order of a playlist is: ours, greedy and random.

python -m benchmarks.library.playlist [--tracks 20 60 200 500] [--data FOLDER]

Without a folder of Backbeat's data the tracks are made up; with one they are those of the library.
Greedy goes always to the cheapest neighbour: from any track on average, and from its best start.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from store.vocabulary import CAMELOT_CODES
from tools.playlist.local_search import path_cost
from tools.playlist.ordering import arc_costs, arc_targets, greedy_order, order_tracks
from tools.tracks.compatibility import Floats, transition_costs

SEED = 11


@dataclass(frozen=True, slots=True)
class Tracks:
    """What an order is made of: arrays of length n, NaN and None where unknown."""

    tempos_bpm: Floats
    keys: Sequence[str | None]
    energies: Floats
    artists: Sequence[str | None]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tracks", type=int, nargs="+", default=[20, 60, 200, 500])
    parser.add_argument("--data", type=Path, help="data folder of a library: its features")
    given = parser.parse_args()
    for n in given.tracks:
        measure(_of_library(given.data, n) if given.data else _made_up(n))


def _of_library(folder: Path, n: int) -> Tracks:
    from store.search import track_search
    from store.search.query import TrackQuery

    os.environ["BACKBEAT_DATA"] = str(folder)
    found = track_search.candidates(TrackQuery(), limit=n, seed=SEED, chance=1.0)
    return Tracks(
        np.array([track.bpm or np.nan for track in found]),
        [track.camelot for track in found],
        np.array([np.nan if track.energy is None else track.energy for track in found]),
        [track.artist for track in found],
    )


def _made_up(n: int) -> Tracks:
    rng = np.random.default_rng(SEED)
    return Tracks(
        np.clip(rng.normal(118, 26, n), 60, 200),
        [str(k) for k in rng.choice(CAMELOT_CODES, n)],
        rng.beta(2, 2, n),
        [f"Artist {i}" for i in rng.integers(0, max(2, n // 4), n)],
    )


def measure(tracks: Tracks) -> None:
    rng = np.random.default_rng(SEED)
    n, energies, artists = len(tracks.artists), tracks.energies, tracks.artists
    costs = transition_costs(tempos_bpm=tracks.tempos_bpm, keys=tracks.keys, energies=energies)
    nowhere = np.zeros((n, n))
    starts = range(0, n, max(1, n // 20))
    greedy = [path_cost(greedy_order(costs, start=at), costs, nowhere) / (n - 1) for at in starts]
    chance = np.mean([path_cost(rng.permutation(n), costs, nowhere) for _ in range(50)])
    print(
        f"{n} tracks, cost a transition: random {chance / (n - 1):.4f}, greedy "
        f"{np.mean(greedy):.4f} (best start {min(greedy):.4f})"
    )
    for arc in (None, "rise", "wave"):
        begin = time.process_time()
        targets = arc_targets(energies, arc)
        places = arc_costs(energies, targets)
        order = np.array(order_tracks(costs, artists=artists, places=places))
        seconds = time.process_time() - begin
        ours = path_cost(order, costs, nowhere) / (n - 1)
        repeats = sum(artists[a] == artists[b] is not None for a, b in pairwise(order))
        line = (
            f"  arc {arc}: ours {ours:.4f}, {repeats} repeated artists, {seconds:.2f} s of one core"
        )
        if targets is not None:
            off = np.nanmean(np.abs(energies[order] - targets))
            line += f", off the arc by {off:.3f}"
        print(line)


if __name__ == "__main__":
    main()
