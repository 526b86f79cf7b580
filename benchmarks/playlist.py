"""How good and how fast the order of a playlist is: ours, greedy and random, on synthetic tracks.

python -m benchmarks.playlist [--tracks 500]
"""

from __future__ import annotations

import argparse
import time
from itertools import pairwise

import numpy as np

from store.vocabulary import CAMELOT_CODES
from tools.playlist.compatibility import transition_costs
from tools.playlist.local_search import path_cost
from tools.playlist.ordering import arc_costs, arc_targets, greedy_order, order_tracks

SEED = 11


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tracks", type=int, nargs="+", default=[20, 60, 200, 500])
    for n in parser.parse_args().tracks:
        measure(n)


def measure(n: int) -> None:
    rng = np.random.default_rng(SEED)
    tempos = np.clip(rng.normal(118, 26, n), 60, 200)
    keys = [str(k) for k in rng.choice(CAMELOT_CODES, n)]
    energies = rng.beta(2, 2, n)
    artists = [f"Artist {i}" for i in rng.integers(0, max(2, n // 4), n)]
    costs = transition_costs(tempos_bpm=tempos, keys=keys, energies=energies)
    nowhere = np.zeros((n, n))
    greedy = path_cost(greedy_order(costs, start=0), costs, nowhere)
    chance = np.mean([path_cost(rng.permutation(n), costs, nowhere) for _ in range(50)])
    print(
        f"{n} tracks, cost a transition: random {chance / (n - 1):.4f}, greedy "
        f"{greedy / (n - 1):.4f}"
    )
    for arc in (None, "rise", "wave"):
        begin = time.perf_counter()
        targets = arc_targets(energies, arc)
        places = arc_costs(energies, targets)
        order = np.array(order_tracks(costs, artists=artists, places=places))
        seconds = time.perf_counter() - begin
        ours = path_cost(order, costs, nowhere) / (n - 1)
        repeats = sum(artists[a] == artists[b] for a, b in pairwise(order))
        line = f"  arc {arc}: ours {ours:.4f}, {repeats} repeated artists, {seconds:.2f} s"
        if targets is not None:
            off = np.abs(energies[order] - targets).mean()
            line += f", off the arc by {off:.3f}"
        print(line)


if __name__ == "__main__":
    main()
