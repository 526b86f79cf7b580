from collections import Counter

import numpy as np
import pytest

from tools.playlist.choosing import TOLERANCE_S, CandidatePool, choose, fit_duration


def pool(n, *, seed=0, fit=None, durations_s=None, artists=None, albums=None):
    rng = np.random.default_rng(seed)
    costs = rng.uniform(0, 1, (n, n))
    return CandidatePool(
        fit=np.linspace(1, 0.5, n) if fit is None else np.array(fit, dtype=float),
        durations_s=rng.uniform(150, 330, n) if durations_s is None else np.array(durations_s),
        artists=artists or [f"Artist {i}" for i in range(n)],
        albums=albums or [None] * n,
        costs=(costs + costs.T) / 2,
    )


def test_the_number_asked_for():
    chosen = choose(pool(50), count=20, duration_s=None)
    assert len(chosen) == len(set(chosen)) == 20


def test_all_there_are_when_there_are_fewer():
    assert sorted(choose(pool(4), count=20, duration_s=None)) == [0, 1, 2, 3]


def test_artists_are_spread():
    artists = ["Prolific"] * 30 + [f"Other {i}" for i in range(15)]
    chosen = choose(
        pool(45, fit=[0.9] * 30 + [0.8] * 15, artists=artists), count=15, duration_s=None
    )
    assert Counter(artists[i] for i in chosen)["Prolific"] <= 3


def test_albums_are_spread():
    artists = ["One"] * 20
    albums = [("One", f"Album {i // 10}") for i in range(20)]
    chosen = choose(
        pool(20, fit=[0.9] * 20, artists=artists, albums=albums), count=6, duration_s=None
    )
    assert 2 <= Counter(albums[i] for i in chosen)[albums[0]] <= 4


def test_a_clearly_better_fit_wins():
    chosen = choose(pool(10, fit=[0.1] * 9 + [1.0]), count=1, duration_s=None)
    assert chosen == [9]


@pytest.mark.parametrize("minutes", [15, 30, 60, 180])
@pytest.mark.parametrize("seed", range(3))
def test_the_duration_is_met(minutes, seed):
    tracks = pool(120, seed=seed)
    chosen = choose(tracks, count=200, duration_s=minutes * 60)
    assert abs(tracks.durations_s[chosen].sum() - minutes * 60) <= TOLERANCE_S
    assert len(chosen) == len(set(chosen))


def test_odd_lengths_are_exchanged_until_they_fit():
    tracks = pool(6, durations_s=[700.0, 700, 700, 700, 450, 450])
    chosen = fit_duration(tracks, [0, 1], duration_s=1150, count=None)
    assert abs(tracks.durations_s[chosen].sum() - 1150) <= TOLERANCE_S


def test_too_little_music_gives_all_of_it():
    tracks = pool(5)
    assert sorted(choose(tracks, count=200, duration_s=7200)) == [0, 1, 2, 3, 4]


def test_nothing_short_enough_gives_nothing():
    assert choose(pool(3, durations_s=[3600.0] * 3), count=200, duration_s=600) == []


def test_tracks_of_unknown_length_do_not_count_towards_a_duration():
    tracks = pool(4, durations_s=[0.0, 200, 200, 200])
    assert 0 not in choose(tracks, count=200, duration_s=600)
