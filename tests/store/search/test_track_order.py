"""In which order the tracks that fit a query come."""

import pytest

from store.database.db import rows, write
from store.folding import fold
from store.search.query import RowOrder, TrackQuery
from store.search.track_search import candidates, search


def titles(**wish):
    limit = wish.pop("limit", 100)
    return [found.title for found in search(TrackQuery(**wish, limit=limit)).tracks]


def test_the_main_genre_comes_before_another(library):
    assert titles(genres=["rock"])[:2] == ["Ride the Thunder", "Garage Window"]
    several = titles(genres=["rock", "jazz"])
    main = {"Ride the Thunder", "Garage Window", "Blue Smoke", "Round the Corner", "Slow Train"}
    assert set(several[:5]) == main and len(several) > 5


def test_names_that_are_the_words_come_before_those_that_hold_them(library):
    found = candidates(TrackQuery(text="midnight"))
    assert [one.relevance for one in found] == sorted(
        (one.relevance for one in found), reverse=True
    )
    [exact, *_] = candidates(TrackQuery(text="the midnight drive midnight"))
    assert exact.title == "Midnight Drive"
    [whole] = candidates(TrackQuery(text="Midnight Drive"))
    assert whole.relevance == 1.0 and found[0].relevance == 0.8


def test_harmonic_neighbours_are_taken_the_same_key_first(library):
    found = search(TrackQuery(harmonic_with="8A", limit=50)).tracks
    assert {shown.camelot for shown in found} == {"7A", "8A", "9A", "8B"}
    same = [shown.camelot == "8A" for shown in found]
    assert same == sorted(same, reverse=True) and True in same


@pytest.mark.parametrize("descending", [None, False, True])
@pytest.mark.parametrize(
    ("sort", "value", "natural"),
    [
        ("bpm", lambda row: row.bpm, False),
        ("energy", lambda row: row.energy, True),
        ("year", lambda row: row.year, False),
        ("length", lambda row: row.duration_s or None, False),
        ("artist", lambda row: row.artist and (fold(row.artist), fold(row.title)), False),
    ],
)
def test_sorting_puts_the_unknown_last(library, sort, value, natural, descending):
    with write() as session:
        rows(session, "UPDATE track SET duration_s = 0 WHERE id = :id", id=library.id("Halo"))
    down = natural if descending is None else descending
    query = TrackQuery(sort=sort, descending=descending, limit=100)
    values = [value(row) for row in search(query).tracks]
    known = [one for one in values if one is not None]
    assert known == sorted(known, reverse=down)
    assert values[len(known) :] == [None] * (len(values) - len(known)) and len(values) > len(known)


def test_what_was_added_last_comes_first(library):
    assert titles(sort="added", limit=1) == ["Untagged Tape"]
    assert titles(sort="added", descending=False, limit=1) == ["Midnight Drive"]


def test_titles_from_a_to_z_and_back(library):
    forth = titles(sort="title")
    assert forth[:3] == ["Allegro con brio", "Amen Runner", "Ashes"]
    assert forth == sorted(forth, key=fold) == titles(sort="title", descending=True)[::-1]


def test_the_least_relevant_first(library):
    assert titles(genres=["rock"], sort="relevance", descending=False)[0] in titles(
        genres=["metal", "punk", "blues"]
    )


def test_among_the_same_the_more_relevant_comes_first(library):
    with write() as session:
        rows(session, "UPDATE trackaudiofeatures SET bpm = 100 WHERE bpm IS NOT NULL")
    for descending in (False, True):
        found = titles(moods=["chill"], sort="bpm", descending=descending)
        assert found == titles(moods=["chill"])


@pytest.mark.parametrize(
    "wish",
    [
        {"genres": ["metal"]}, {"bpm_min": 98}, {"moods": ["chill"]}, {"exclude_genres": ["rock"]},
        {"genres": ["metal"], "bpm_min": 90}, {"text": "concrete jungle"}, {"year_max": 2000},
        {"artists": ["MC Zoulou"]}, {"energy": "low", "keys": ["8A"]},
    ],
)  # fmt: skip
def test_what_was_added_last_of_what_fits_comes_first(library, wish):
    newest = [found.id for found in search(TrackQuery(**wish, sort="added", limit=100)).tracks]
    assert newest == sorted((library.id(title) for title in titles(**wish)), reverse=True)


def test_random_is_repeatable_with_a_seed(library):
    wish = TrackQuery(sort="random", limit=20)
    one, again, other = (search(wish, seed=seed).tracks for seed in (1, 1, 2))
    assert one == again and one != other and len({row.id for row in one}) == 20


def test_the_closest_tempo_and_strongest_mood_come_first(library):
    assert titles(bpm_min=90, bpm_max=110)[0] == "Neon Rain"
    strengths = [found.relevance for found in candidates(TrackQuery(moods=["chill"]))]
    assert strengths == sorted(strengths, reverse=True) and strengths[0] == pytest.approx(0.9)


def test_chance_with_a_seed(library):
    wish = TrackQuery(genres=["electronic", "pop", "rock"])
    drawn = [
        [found.id for found in candidates(wish, seed=seed, chance=0.5, limit=5)]
        for seed in (1, 1, 3, 9)
    ]
    assert drawn[0] == drawn[1] and len({tuple(ids) for ids in drawn}) == 3
    assert all(0 <= found.relevance <= 1 for found in candidates(wish, seed=4, chance=1.0))


def test_only_the_given_tracks_in_their_order(library):
    order = [library.id(name) for name in ("Orbit", "Ashes", "Halo")]
    found = search(TrackQuery(), ids=order)
    assert [row.id for row in found.tracks] == order and found.total == 3
    assert search(TrackQuery(), ids=[]).total == 0


@pytest.mark.parametrize("by", ["title", "artist", "bpm", "key", "energy", "length"])
def test_the_order_of_a_column_replaces_that_of_the_query(library, by):
    def value(row):
        if by == "key":
            return (int(row.camelot[:-1]), row.camelot[-1]) if row.camelot else None
        given = getattr(row, "duration_s" if by == "length" else by)
        return fold(given) if isinstance(given, str) else given

    query = TrackQuery(sort="year", limit=200)
    for descending in (False, True):
        found = search(query, order=RowOrder(by=by, descending=descending)).tracks
        values = [value(row) for row in found]
        known = [one for one in values if one is not None]
        assert known == sorted(known, reverse=descending) and len(set(known)) > 5
        assert values[: len(known)] == known  # what has no value comes last
        assert len(found) == len(search(query).tracks)
