"""Pages of tracks: together they are the whole result, in its order, whatever happens meanwhile."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.library.track_writing import remove_track
from store.results import StoreError
from store.search.query import Sort, TrackQuery
from store.search.track_pages import track_page
from store.search.track_search import search

FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "genres": st.lists(st.sampled_from(["rock", "jazz", "pop", "metal"]), max_size=2),
        "moods": st.sampled_from([["happy"], ["chill"], ["dark"]]),
        "bpm_min": st.sampled_from([80, 100, 130]),
        "year_max": st.sampled_from([1980, 2000]),
        "exclude_genres": st.just(["ambient"]),
        "text": st.sampled_from(["concrete", "the"]),
    },
)


def pages(query: TrackQuery, size: int, **options: Any) -> list[int]:
    found: list[int] = []
    after = None
    while True:
        page = track_page(query, limit=size, after=after, **options)
        found += [track.id for track in page.tracks]
        assert len(page.tracks) == size or page.last is None
        if page.last is None:
            assert page.total == len(found)
            return found
        after = page.last


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    wish=FILTERS,
    sort=st.sampled_from((None, *get_args(Sort))),
    descending=st.sampled_from([None, True, False]),
    size=st.integers(1, 30),
    seed=st.integers(0, 1000),
)
def test_pages_together_are_the_result(
    library: Any, wish: Any, sort: Any, descending: bool | None, size: int, seed: int
) -> None:
    query = TrackQuery(**wish, sort=sort, descending=descending)
    whole = search(query, default_limit=200, seed=seed)
    assert pages(query, size, seed=seed) == [track.id for track in whole.tracks]


def test_pages_of_chosen_tracks_keep_their_order(library: Any) -> None:
    ids = [library.id(title) for title in ("Halo", "Orbit", "Ashes", "Drift", "Slow Train")]
    assert pages(TrackQuery(), 2, ids=ids) == ids


def test_a_track_that_goes_meanwhile_shifts_nothing(library: Any) -> None:
    query = TrackQuery(sort="title")
    whole = pages(query, 50)
    first = track_page(query, limit=10)
    remove_track(whole[3])
    second = track_page(query, limit=10, after=first.last)
    assert [track.id for track in second.tracks] == whole[10:20]


@pytest.mark.parametrize("after", [(), (1,), (1, 2, 3, 4, 5, 6, 7)])
def test_a_place_of_another_order(library: Any, after: Any) -> None:
    with pytest.raises(StoreError, match="no place"):
        track_page(TrackQuery(sort="title"), limit=10, after=after)
