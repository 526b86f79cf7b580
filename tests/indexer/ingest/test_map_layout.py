"""Places on the map: neighbours in sound are neighbours there, and again after the library grew."""

import numpy as np
import pytest

from indexer.ingest import map_layout

GROUPS, DIMENSION = 6, 40


@pytest.fixture(scope="module")
def vectors():
    """Groups of sounds, and tracks between two of them."""
    rng = np.random.default_rng(4)
    centres = rng.gamma(1.0, 1.0, (GROUPS, DIMENSION))
    own = np.repeat(np.arange(GROUPS), 30)
    mixed = centres[own] + 0.35 * rng.normal(size=(own.size, DIMENSION))
    return np.abs(mixed).astype("<f4"), own


def in_parts(values):
    return lambda: iter(np.array_split(values, 7))


def test_neighbours_stay_neighbours(vectors):
    from sklearn.manifold import trustworthiness

    values, own = vectors
    points = map_layout.components(in_parts(values))
    assert points.shape == (len(values), map_layout.COMPONENTS)
    landmarks = np.zeros(len(values), bool)
    landmarks[::2] = True
    places = np.empty((len(values), 2), np.float32)
    places[landmarks] = map_layout.lay_out_landmarks(points[landmarks])
    places[~landmarks] = map_layout.place(points[~landmarks], points[landmarks], places[landmarks])
    held = values[~landmarks]
    assert trustworthiness(held, places[~landmarks], n_neighbors=8, metric="cosine") > 0.9
    centres = np.stack([places[own == group].mean(0) for group in range(GROUPS)])
    nearest = np.linalg.norm(places[:, None] - centres, axis=2).argmin(1)
    assert (nearest == own).mean() > 0.9


def test_a_map_is_the_same_each_time_and_one_that_starts_from_another_turns_out_alike(vectors):
    values, _ = vectors
    points = map_layout.components(in_parts(values))
    points = points[::2]
    before = map_layout.lay_out_landmarks(points)
    assert np.array_equal(before, map_layout.lay_out_landmarks(points))
    turned = before @ np.array([[0.0, -1.0], [1.0, 0.0]], np.float32)
    turned[::10] = np.nan
    after = map_layout.lay_out_landmarks(points, turned)
    known = ~np.isnan(turned).any(axis=1)
    axes = [np.corrcoef(after[known, axis], turned[known, axis])[0, 1] for axis in (0, 1)]
    assert min(axes) > 0.8


def test_a_track_between_far_groups_lies_with_the_nearest():
    landmarks = np.array([[0.0, 0.0], [0.1, 0.0], [0.2, 0.0], [10.0, 0.0], [10.1, 0.0]], "f4")
    places = np.array([[0, 0], [1, 0], [2, 0], [500, 0], [501, 0]], "f4")
    found = map_layout.place(np.array([[4.0, 0.0]], "f4"), landmarks, places)
    assert found[0, 0] <= 2.0


@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_a_few_tracks_have_places_too(count):
    values = np.random.default_rng(1).gamma(1.0, 1.0, (count, DIMENSION)).astype("<f4")
    points = map_layout.components(lambda: iter([values] if count else []))
    grid = map_layout.on_grid(map_layout.lay_out_landmarks(points), 65535)
    assert grid.shape == (count, 2)
    if count > 1:
        assert len(np.unique(grid, axis=0)) == count


def test_the_map_lies_in_the_middle_of_its_grid():
    grid = map_layout.on_grid(np.array([[-3.0, 1.0], [5.0, 2.0]], "f4"), 1000)
    assert grid.tolist() == [[0, 438], [1000, 562]]


def test_most_landmarks_stay_when_the_library_grows(monkeypatch):
    monkeypatch.setattr(map_layout, "LANDMARKS", 200)
    ids = np.arange(1, 1001)
    before = map_layout.choose_landmarks(ids)
    after = map_layout.choose_landmarks(np.arange(1, 1101))
    assert before.sum() == after.sum() == 200
    assert (before & after[:1000]).sum() > 150
    assert map_layout.choose_landmarks(ids[:100]).all()
