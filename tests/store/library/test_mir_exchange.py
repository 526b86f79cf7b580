import pytest

from store.library import mir_exchange
from store.results import StoreError
from store.search import track_search
from store.search.query import TrackQuery
from store.tracks import track_details

RAW = {"tags": ["rock"], "source": "acoustid+standards+librosa", "version": 2,
       "features_raw": {"onset_rate_hz": 3.1}}  # fmt: skip
NORMALIZED = {
    "bpm": 128.0, "key": "C", "scale": "major", "camelot_key": "8B", "danceability": 0.6,
    "mood_happy": 0.8, "mood_aggressive": 0.2, "mood_party": 0.5, "mood_relaxed": 0.3,
    "instrumental": 0.1, "acoustic": 0.2, "tonal": 0.7, "genre_main": "rock",
    "genre_secondary": ["indie"], "confidence_score": 0.8,
}  # fmt: skip
SCORES = {"energy_score": 0.8, "dance_score": 0.6, "acousticness": 0.2, "complexity_score": 0.4,
          "emotional_intensity": 0.7, "mood_valence": -0.2}  # fmt: skip
TAGS = [{"tag": "energetic", "score": 0.8, "category": "mood", "source": "calculated"}]
WHOLE = {"raw": RAW, "normalized": NORMALIZED, "scores": SCORES, "synthetic_tags": TAGS}


def test_what_goes_in_comes_out_with_the_same_names(library):
    number = library.id("Untagged Tape")
    mir_exchange.store_mir(number, WHOLE)
    assert mir_exchange.mir_exchange(number) == WHOLE


@pytest.mark.parametrize(
    ("sent", "kept"),
    [({"source": "librosa"}, "librosa"), ({}, "acoustid+standards+librosa")],
    ids=["named", "not named"],
)
def test_the_source_of_posted_features_is_kept_as_it_was_sent(library, sent, kept):
    number = library.id("Halo")
    mir_exchange.store_mir(number, {"raw": {"tags": ["rock"], "version": 2, **sent}})
    exchange = mir_exchange.mir_exchange(number)
    assert exchange is not None and exchange["raw"]["source"] == kept


def test_the_filters_follow(library):
    number = library.id("Untagged Tape")
    mir_exchange.store_mir(number, WHOLE)
    wish = TrackQuery(
        genres=["rock"], bpm_min=128, bpm_max=128, keys=["8B"], energy="high", moods=["energetic"]
    )
    assert [found.id for found in track_search.search(wish).tracks] == [number]


def test_a_stage_left_out_stays_but_what_was_calculated_from_the_former_goes(library):
    number = library.id("Halo")
    before = mir_exchange.mir_exchange(number)
    mir_exchange.store_mir(number, {"raw": RAW})
    assert mir_exchange.mir_exchange(number) == {**before, "raw": RAW}
    mir_exchange.store_mir(number, {"scores": SCORES})
    after = {**before, "raw": RAW, "scores": SCORES, "synthetic_tags": []}
    assert mir_exchange.mir_exchange(number) == after


def test_a_dark_track_becomes_what_is_posted(library):
    number = library.id("Ashes")
    before = track_details.track(number)
    assert set(before.moods) == {"dark", "epic"}
    normalized = {**NORMALIZED, "mood_happy": 0.7, "genre_main": "pop", "genre_secondary": []}
    tags = [{"tag": "bright", "score": 0.45, "category": "mood", "source": "calculated"}]
    happy = {**WHOLE, "normalized": normalized, "scores": {**SCORES, "mood_valence": 0.45}}
    for posted in ({**happy, "synthetic_tags": tags}, {**happy, "synthetic_tags": None}):
        mir_exchange.store_mir(number, posted)
        detail = track_details.track(number)
        assert next(iter(detail.moods)) == "happy"
        assert not {"dark", "epic"} & set(detail.moods)
        assert detail.row.moods == ("happy", "party")
        assert (detail.row.bpm, detail.row.bpm_alternative) == (128.0, None)
        assert (detail.genres, detail.bpm_confidence) == (("pop",), None)
        assert [tag for tag, *_ in detail.synthetic_tags] == ["bright"][
            : bool(posted["synthetic_tags"])
        ]


def test_no_genre_is_a_truth_too(library):
    number = library.id("Halo")
    mir_exchange.store_mir(number, {"normalized": {"bpm": 90}})
    assert track_details.track(number).genres == ()


def test_the_camelot_code_is_derived_from_the_key(library):
    number = library.id("Halo")
    mir_exchange.store_mir(number, {"normalized": {"key": "F#", "scale": "minor"}})
    assert track_details.track_rows([number])[0].camelot == "11A"


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"normalized": {"danceability": 1.5}}, "normalized.danceability"),
        ({"normalized": {"bpm": "fast"}}, "normalized.bpm"),
        ({"normalized": {"key": "H"}}, "normalized.key"),
        ({"scores": {"mood_valence": -2}}, "scores.mood_valence"),
        ({"synthetic_tags": [{"tag": "x", "score": 0.5, "category": "smell"}]}, "category"),
        ({"raw": {"tags": []}}, "raw.version"),
        ({"sound": {}}, "sound"),
        ({}, "expected at least one of raw, normalized, scores, synthetic_tags"),
        ({"raw": None}, "expected at least one of raw"),
        ({"normalized": {}}, "normalized.*at least one of bpm, key"),
        ({"scores": {}}, "scores.*at least one of energy_score"),
    ],
)
def test_a_bad_value_is_named_and_nothing_is_stored(library, given, named):
    number = library.id("Halo")
    before = mir_exchange.mir_exchange(number)
    with pytest.raises(StoreError, match=named):
        mir_exchange.store_mir(number, given)
    assert mir_exchange.mir_exchange(number) == before


def test_an_unknown_track(library):
    assert mir_exchange.mir_exchange(10**9) is None
    with pytest.raises(StoreError, match="no track"):
        mir_exchange.store_mir(10**9, WHOLE)
