import pytest

from indexer.mir.tags.hints import probability, tagged_features, tagged_genres


def test_acousticbrainz_and_beets_names_are_read():
    found = tagged_features(
        {
            "ab:hi:mood_happy:happy": "0.9",
            "AB:HI:DANCEABILITY:DANCEABLE": "0,25",
            "voice_instrumental": "0.7",
            "mood_acoustic": "0.1",
            "initial_key": "Am",
        }
    )
    assert found == {
        "mood_happy": 0.9,
        "danceability": 0.25,
        "instrumental": 0.7,
        "acoustic": 0.1,
    }


def test_the_opposite_counts_the_other_way():
    assert tagged_features({"ab:hi:mood_happy:not_happy": "0.8"})["mood_happy"] == pytest.approx(
        0.2
    )
    both = {"ab:hi:mood_happy:happy": "0.9", "ab:hi:mood_happy:not_happy": "0.1"}
    assert tagged_features(both)["mood_happy"] == pytest.approx(0.9)


@pytest.mark.parametrize("text", ["", "nan", "inf", "-0.1", "1.5", "very", "0.5; drop table"])
def test_text_that_is_no_probability_is_ignored(text):
    assert probability(text) is None
    assert tagged_features({"mood_happy": text}) == {}


def test_genres_come_likeliest_first():
    extra = {
        "ab:hi:genre_tzanetakis:jazz": "0.2",
        "ab:hi:genre_tzanetakis:rock": "0.7",
        "ab:hi:genre_dortmund": "0.9",
    }
    assert tagged_genres(extra) == [("rock", 0.7), ("jazz", 0.2)]
