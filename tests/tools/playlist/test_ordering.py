from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.vocabulary import CAMELOT_CODES
from tools.playlist.local_search import improve, path_cost
from tools.playlist.ordering import arc_costs, arc_targets, greedy_order, order_tracks
from tools.tracks.compatibility import transition_costs


def tracks(n, seed):
    rng = np.random.default_rng(seed)
    energies = rng.uniform(0, 1, n)
    costs = transition_costs(
        tempos_bpm=rng.uniform(70, 170, n),
        keys=[str(key) for key in rng.choice(CAMELOT_CODES, n)],
        energies=energies,
    )
    return costs, energies


def exact(costs, places):
    """Held & Karp: the cheapest path through all, by dynamic programming over subsets."""
    n = len(costs)
    best = np.full((1 << n, n), np.inf)
    for i in range(n):
        best[1 << i, i] = places[i, 0]
    for visited in range(1, 1 << n):
        place = visited.bit_count()
        for last in range(n):
            if best[visited, last] == np.inf:
                continue
            for following in range(n):
                if not visited & 1 << following:
                    cost = best[visited, last] + costs[last, following] + places[following, place]
                    to = visited | 1 << following
                    best[to, following] = min(best[to, following], cost)
    return best[-1].min()


def cost_of(order, costs, places=None):
    places = np.zeros_like(costs) if places is None else places
    return path_cost(np.array(order), costs, places)


@pytest.mark.parametrize(("n", "seed"), [(2, 0), (5, 1), (9, 2), (9, 3), (12, 4)])
def test_as_good_as_the_exact_order(n, seed):
    costs, _ = tracks(n, seed)
    order = order_tracks(costs, artists=[None] * n)
    assert sorted(order) == list(range(n))
    assert cost_of(order, costs) == pytest.approx(exact(costs, np.zeros_like(costs)))


@pytest.mark.parametrize("arc", ["rise", "wave"])
@pytest.mark.parametrize("seed", range(3))
def test_near_the_exact_order_with_an_arc(arc, seed):
    costs, energies = tracks(9, seed)
    places = arc_costs(energies, arc_targets(energies, arc))
    order = order_tracks(costs, artists=[None] * 9, places=places)
    assert cost_of(order, costs, places) <= 1.02 * exact(costs, places)


def test_exact_for_twelve():
    costs, _ = tracks(12, 5)
    order = order_tracks(costs, artists=[None] * 12)
    assert cost_of(order, costs) <= 1.01 * exact(costs, np.zeros_like(costs))


@pytest.mark.parametrize("n", [30, 120])
def test_better_than_greedy(n):
    costs, _ = tracks(n, n)
    greedy = min(cost_of(greedy_order(costs, start=s), costs) for s in range(0, n, 7))
    assert cost_of(order_tracks(costs, artists=[None] * n), costs) < 0.97 * greedy


def test_no_artist_twice_in_a_row_where_avoidable():
    costs, energies = tracks(21, 3)
    artists = ["Crowd"] * 11 + [f"Other {i}" for i in range(10)]
    for arc in (None, "rise", "wave"):
        places = arc_costs(energies, arc_targets(energies, arc))
        order = order_tracks(costs, artists=artists, places=places)
        assert all(artists[a] != artists[b] for a, b in pairwise(order))


def test_unavoidable_repeats_are_as_few_as_can_be():
    costs, _ = tracks(10, 4)
    artists = ["Crowd"] * 8 + ["A", "B"]
    order = order_tracks(costs, artists=artists)
    assert sum(artists[a] == artists[b] for a, b in pairwise(order)) == 8 - 3


def test_unknown_artists_are_not_one_artist():
    costs, _ = tracks(9, 2)
    free = order_tracks(costs, artists=[f"Artist {i}" for i in range(9)])
    assert order_tracks(costs, artists=[None] * 9) == free


@given(n=st.integers(2, 24), seed=st.integers(0, 99), crowd=st.integers(1, 24))
@settings(max_examples=25, deadline=None)
def test_always_a_permutation_with_the_fewest_repeats(n, seed, crowd):
    costs, energies = tracks(n, seed)
    crowd = min(crowd, n)
    artists = ["Crowd"] * crowd + [f"Other {i}" for i in range(n - crowd)]
    places = arc_costs(energies, arc_targets(energies, "fall"))
    order = order_tracks(costs, artists=artists, places=places)
    assert sorted(order) == list(range(n))
    repeats = sum(artists[a] == artists[b] for a, b in pairwise(order))
    assert repeats == max(0, crowd - (n - crowd) - 1)


@given(n=st.integers(2, 16), seed=st.integers(0, 99))
@settings(max_examples=30, deadline=None)
def test_the_search_never_makes_it_dearer(n, seed):
    costs, energies = tracks(n, seed)
    places = arc_costs(energies, arc_targets(energies, "rise"))
    start = np.random.default_rng(seed).permutation(n)
    order = improve(start, costs, places, has_places=True)
    assert sorted(order) == list(range(n))
    assert path_cost(order, costs, places) <= path_cost(start, costs, places) + 1e-9


@pytest.mark.parametrize("arc", ["rise", "fall", "wave"])
def test_the_arc_is_followed_and_the_walk_kept(arc):
    costs, energies = tracks(30, 8)
    targets = arc_targets(energies, arc)
    order = order_tracks(costs, artists=[None] * 30, places=arc_costs(energies, targets))
    assert np.corrcoef(energies[order], targets)[0, 1] > 0.8
    by_energy_alone = np.argsort(energies)
    assert cost_of(order, costs) < 0.75 * cost_of(by_energy_alone, costs)


def test_arc_shapes():
    energies = np.array([0.5, 0.1, 0.9, 0.3, 0.7])
    assert arc_targets(energies, "rise").tolist() == [0.1, 0.3, 0.5, 0.7, 0.9]
    assert arc_targets(energies, "fall").tolist() == [0.9, 0.7, 0.5, 0.3, 0.1]
    wave = arc_targets(np.linspace(0, 1, 13), "wave")
    assert wave[6] == 1.0 and wave[0] < 0.2 and wave[-1] < 0.2
    assert (np.diff(wave[:7]) > 0).all() and (np.diff(wave[6:]) < 0).all()
    assert arc_targets(energies, "flat") is None
    assert arc_targets(energies, None) is None
    assert arc_targets(np.full(5, np.nan), "rise") is None


def test_unknown_energies_have_no_place():
    energies = np.array([0.1, np.nan, 0.9, 0.5])
    places = arc_costs(energies, arc_targets(energies, "rise"))
    assert (places[1] == 0).all() and places[2, 0] > places[2, 3] == 0


@pytest.mark.parametrize("n", [0, 1])
def test_nothing_to_order(n):
    assert order_tracks(np.zeros((n, n)), artists=["A"] * n) == list(range(n))


def test_shapes_must_agree():
    with pytest.raises(ValueError, match="shape"):
        order_tracks(np.zeros((3, 3)), artists=["A", "B"])
