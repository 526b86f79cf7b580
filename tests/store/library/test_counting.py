import pytest

from store.library import counting, track_files
from store.library.counting import GROUPINGS
from store.search.query import TrackQuery
from store.search.track_search import how_many


def named(query, by, ids=None):
    return {group.name: group.tracks for group in counting.groups(query, by, ids)}


def test_the_total_is_that_of_a_search(library):
    for query in (TrackQuery(), TrackQuery(genres=["jazz"]), TrackQuery(bpm_min=120)):
        assert counting.totals(query)[0] == how_many(query)
    track_files.mark_missing([library.id("Orbit")])
    assert counting.totals(TrackQuery())[0] == len(library.ids) - 1


def test_the_length_is_the_sum(library):
    tracks, duration_s = counting.totals(TrackQuery(artists=["The Night Owls"]))
    groups = counting.groups(TrackQuery(artists=["The Night Owls"]), "artist")
    assert tracks == sum(group.tracks for group in groups)
    assert duration_s == pytest.approx(sum(group.duration_s for group in groups))


@pytest.mark.parametrize(("by", "field"), [("genre", "genres"), ("mood", "moods"), ("key", "keys")])
def test_a_group_has_as_many_tracks_as_a_search_for_it(library, by, field):
    groups = named(TrackQuery(), by)
    assert groups
    for name, tracks in groups.items():
        assert how_many(TrackQuery.model_validate({field: [name]})) == tracks, name


def test_years_and_decades(library):
    years, decades = named(TrackQuery(), "year"), named(TrackQuery(), "decade")
    for decade, tracks in decades.items():
        first = int(decade)
        assert how_many(TrackQuery(year_min=first, year_max=first + 9)) == tracks
        assert tracks == sum(n for year, n in years.items() if first <= int(year) < first + 10)


def test_the_largest_group_comes_first(library):
    for by in GROUPINGS:
        counts = [group.tracks for group in counting.groups(TrackQuery(), by)]
        assert counts and counts == sorted(counts, reverse=True)


def test_filters_and_ids_narrow_the_groups(library):
    jazz = TrackQuery(genres=["jazz"])
    assert sum(named(jazz, "format").values()) == how_many(jazz)
    one = library.id("Orbit")
    assert counting.totals(TrackQuery(), [one])[0] == 1
    assert sum(named(TrackQuery(), "artist", [one]).values()) == 1


def test_albums_are_told_apart_by_their_artist(library):
    albums = counting.groups(TrackQuery(), "album")
    assert all(album.of for album in albums)
    owls = counting.groups(TrackQuery(artists=["The Night Owls"]), "album")
    assert owls and all(album.year_min <= album.year_max for album in owls if album.year_min)
