import pytest

from store.database.db import read, rows
from store.library import track_files
from store.search.filters import query_filters
from store.search.query import TrackQuery
from store.search.search_sql import statement
from store.search.track_search import any_fits, candidates, how_many, search


def titles(**wish):
    limit = wish.pop("limit", 100)
    return [found.title for found in search(TrackQuery(**wish, limit=limit)).tracks]


def test_no_wish_finds_everything_and_counts_it(library):
    found = search(TrackQuery())
    assert found.total == len(library.ids) and len(found.tracks) == 10


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        ({"text": "concrete jungle"}, {"Concrete Jungle", "Block Party"}),
        ({"text": "deja"}, {"Déjà vu"}),
        ({"text": "DÉJÀ V"}, {"Déjà vu"}),
        ({"artists": ["night owls"], "bpm_max": 99}, {"Midnight Drive"}),
        ({"artists": ["MC Zoulou"]}, {"Block Party", "Concrete Jungle", "Ça ira"}),
        ({"artists": ["eloise dupres"], "genres": ["hip hop"]}, {"Ça ira"}),
        ({"artists": ["Bones"]}, set()),
        ({"genres": ["ska"]}, {"Skank It Up", "One Drop"}),
        ({"genres": ["metal"], "exclude_genres": ["rock"]}, {"Hammer Down", "Ashes"}),
        ({"moods": ["chill", "dark"]}, {"Midnight Drive"}),
        ({"moods": ["ambient"], "exclude_moods": ["focus"]}, {"Halo"}),
        ({"bpm_min": 98, "bpm_max": 100}, {"Midnight Drive", "Neon Rain"}),
        ({"bpm_min": 174}, {"Hammer Down", "Basement Tapes"}),
        ({"keys": ["3B", "5B"]}, {"Velvet Heart"}),
        ({"year_min": 1990, "year_max": 1993}, {"Paper Planes", "Block Party", "Concrete Jungle"}),
        ({"energy": "low", "genres": ["blues"]}, {"Blue Smoke", "Slow Train", "Delta Morning"}),
        ({"energy": "medium", "genres": ["metal"]}, {"Ashes"}),
        ({"energy": "high", "genres": ["disco"]}, {"Sunrise Boulevard", "Mirrorball"}),
        ({"instrumental": True, "genres": ["metal"]}, {"Ashes"}),
        ({"instrumental": False, "genres": ["techno"]}, set()),
    ],
)  # fmt: skip
def test_each_wish_narrows(library, wish, expected):
    assert set(titles(**wish)) == expected


@pytest.mark.parametrize(
    "kept",
    [
        {},
        {"moods": ["chill"]},
        {"moods": ["chill", "dark"]},
        {"genres": ["electronic"]},
        {"genres": ["rock", "electronic", "pop"], "moods": ["chill"]},
        {"bpm_min": 90},
        {"year_max": 2000, "energy": "low"},
        {"text": "a"},
        {"artists": ["The Night Owls", "MC Zoulou"]},
    ],
)
@pytest.mark.parametrize(
    "left_out",
    [
        {"exclude_genres": ["rock", "hip hop"]},
        {"exclude_moods": ["dark", "chill"]},
        {"exclude_artists": ["lumen", "The Night Owls"]},
        {"exclude_genres": ["pop"], "exclude_moods": ["sad"], "exclude_artists": ["MC Zoulou"]},
    ],
)
def test_what_is_left_out_is_the_same_beside_any_wish(library, kept, left_out):
    track_files.mark_missing([library.id("Orbit")])
    unwanted = {
        title
        for name, values in left_out.items()
        for value in values
        for title in titles(**{name.removeprefix("exclude_"): [value]})
    }
    wanted = set(titles(**kept))
    assert set(titles(**kept, **left_out)) == wanted - unwanted
    assert "Orbit" not in wanted and unwanted
    assert how_many(TrackQuery(**kept)) == len(wanted)


def test_names_that_are_the_words_come_before_those_that_hold_them(library):
    found = candidates(TrackQuery(text="midnight"))
    assert [one.relevance for one in found] == sorted(
        (one.relevance for one in found), reverse=True
    )
    [exact, *_] = candidates(TrackQuery(text="the midnight drive midnight"))
    assert exact.title == "Midnight Drive"
    [whole] = candidates(TrackQuery(text="Midnight Drive"))
    assert whole.relevance == 1.0 and found[0].relevance == 0.8


def test_whether_anything_fits(library):
    assert any_fits(TrackQuery(text="midnight")) and not any_fits(TrackQuery(text="qsdfgh"))
    track_files.mark_missing([library.id("Midnight Drive")])
    assert not any_fits(TrackQuery(text="midnight drive"))


def test_harmonic_neighbours_are_taken_the_same_key_first(library):
    found = search(TrackQuery(harmonic_with="8A", limit=50)).tracks
    assert {shown.camelot for shown in found} == {"7A", "8A", "9A", "8B"}
    same = [shown.camelot == "8A" for shown in found]
    assert same == sorted(same, reverse=True) and True in same


def test_tracks_by_nobody_survive_an_excluded_artist(library):
    rest = titles(exclude_artists=["The Night Owls", "mc zoulou"])
    assert "Untagged Tape" in rest
    assert not {"Neon Rain", "Block Party", "Ça ira"} & set(rest)


@pytest.mark.parametrize(
    ("sort", "value", "down"),
    [
        ("bpm", lambda row: row.bpm, False),
        ("energy", lambda row: row.energy, True),
        ("year", lambda row: row.year, False),
    ],
)
def test_sorting_puts_the_unknown_last(library, sort, value, down):
    values = [value(row) for row in search(TrackQuery(sort=sort, limit=100)).tracks]
    known = [one for one in values if one is not None]
    assert known == sorted(known, reverse=down)
    assert values[len(known) :] == [None] * (len(values) - len(known)) and len(values) > len(known)


def test_what_was_added_last_comes_first(library):
    assert titles(sort="added", limit=1) == ["Untagged Tape"]


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


def test_the_wish_that_emptied_the_result_is_named(library):
    found = search(TrackQuery(genres=["jazz"], bpm_min=200, bpm_max=210))
    assert found.total == 0 and found.tracks == ()
    assert found.emptied_by == (("bpm_min", 3),)
    both = search(TrackQuery(artists=["Nobody"], year_min=2090))
    assert both.emptied_by == (("artists", 0), ("year_min", 0))


def test_candidates_carry_what_an_ordering_needs(library):
    [found] = candidates(TrackQuery(text="midnight drive"))
    assert (found.bpm, found.camelot, found.energy) == (98.0, "8A", 0.35)
    assert found.artist == "The Night Owls" and found.duration_s == 150.0
    assert found.album == "City Lights"
    assert 0.0 <= found.relevance <= 1.0


@pytest.mark.parametrize(
    ("wish", "index"),
    [
        ({"text": "halo"}, "track_text"),
        ({"artists": ["lumen"]}, "ix_artistalias_folded"),
        ({"genres": ["jazz"]}, "ix_genretag_counted"),
        ({"moods": ["chill"]}, "ix_moodtag_mood_track"),
        ({"exclude_moods": ["chill"]}, "ix_moodtag_mood_track"),
        ({"bpm_min": 100.0, "bpm_max": 101.0}, "ix_trackaudiofeatures_bpm"),
        ({"keys": ["8A"]}, "ix_trackaudiofeatures_camelot_key"),
        ({"year_min": 1980, "year_max": 1981}, "ix_track_year"),
        ({"energy": "high"}, "ix_trackaudiofeatures_energy"),
        ({"instrumental": True}, "ix_trackaudiofeatures_instrumental"),
    ],
)
def test_every_filter_has_an_index_that_is_used(library, wish, index):
    sql, values = statement(query_filters(TrackQuery(**wish)), None, sort="relevance")
    with read() as session:
        plan = rows(session, "EXPLAIN QUERY PLAN " + sql, **values, limit=10)
    assert index in " ".join(row.detail for row in plan)


@pytest.mark.parametrize(
    "text", ["'", '"', "*", "NEAR(", "a OR b", "-x", "col:", "\x00", "🎵", "\u202e", "%_", "((("]
)
def test_no_text_breaks_the_search(library, text):
    for wish in (TrackQuery(text=text), TrackQuery(artists=[text], exclude_artists=[text])):
        assert search(wish).total >= 0
