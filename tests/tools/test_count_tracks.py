import pytest

from store.library import counting
from store.search.query import TrackQuery
from tools import count_tracks as tool
from tools import search_tracks
from tools.base import ToolContext, ToolError

EN, FR = ToolContext(language="en"), ToolContext(language="fr")


def counted(context=EN, **arguments):
    result = tool.run(tool.arguments(**arguments), context)
    return result.facts, tool.render(result, context)


@pytest.mark.parametrize(
    ("query", "english", "french"),
    [
        ({}, "You have 16 tracks, 1 h 28 min.", "Vous avez 16 morceaux, 1 h 28."),
        (
            {"genres": ["jazz"]},
            "You have 2 jazz tracks, 14 min.",
            "Vous avez 2 morceaux de jazz, 14 min.",
        ),
        (
            {"genres": ["electronic"], "moods": ["dark"], "year_min": 1990, "year_max": 1999},
            "You have 2 dark electronic tracks from the 1990s, 12 min.",
            "Vous avez 2 morceaux électroniques d'ambiance sombre des années 1990, 12 min.",
        ),
        (
            {"artists": ["AC/DC"], "keys": ["8A"]},
            "You have one track by AC/DC in 8A, 5 min.",
            "Vous avez un morceau de AC/DC en 8A, 5 min.",
        ),
        (
            {"bpm_min": 120, "bpm_max": 130, "exclude_genres": ["house"]},
            "You have one track without house at 120 to 130 BPM, 6 min.",
            "Vous avez un morceau sans house de 120 à 130 BPM, 6 min.",
        ),
        (
            {"energy": "low", "instrumental": True},
            "You have 2 tracks with low energy without vocals, 14 min.",
            "Vous avez 2 morceaux avec peu d'énergie sans chant, 14 min.",
        ),
    ],
)
def test_one_number(shelf, query, english, french):
    facts, rendering = counted(**query)
    assert rendering.kind == "text" and rendering.sentence == english
    assert counted(FR, **query)[1].sentence == french
    assert facts["total"] == search_tracks.run(TrackQuery(**query), EN).facts["total"]


def test_the_same_number_as_a_search_says(shelf):
    for query in ({"genres": ["rock"]}, {"text": "hurt"}, {"harmonic_with": "8A"}):
        facts, _ = counted(**query)
        assert facts["total"] == search_tracks.run(TrackQuery(**query), EN).facts["total"]


def test_none(shelf):
    assert counted(genres=["ska"])[1].sentence == "You have no ska tracks."
    assert counted(FR, genres=["ska"])[1].sentence == "Vous n'avez aucun morceau de ska."
    sentence = counted(genres=["metal"], bpm_min=200)[1].sentence
    assert sentence.startswith("You have no metal tracks at 200 BPM and more.")
    assert "without the tempo one would" in sentence


def test_an_empty_library_says_how_to_begin(empty):
    assert "backbeat serve" in counted()[1].sentence
    assert "backbeat serve" in counted(FR, by="artist")[1].sentence


def test_groups(shelf):
    facts, rendering = counted(by="artist")
    assert rendering.kind == "list"
    assert rendering.sentence == (
        "9 artists in 16 tracks: AC/DC (3), Daft Punk (2), Françoise Hardy (2) and 6 others."
    )
    assert rendering.data["items"][0] == {
        "label": "AC/DC",
        "detail": "1980–1990, 3 tracks, 14 min",
        "ask": "tracks by AC/DC",
    }
    assert facts["groups_total"] == len(rendering.data["items"]) == 9


@pytest.mark.parametrize("by", counting.GROUPINGS)
@pytest.mark.parametrize("context", [EN, FR])
def test_every_grouping_has_words(shelf, by, context):
    facts, rendering = counted(context, by=by)
    assert rendering.kind == "list" and rendering.data["title"]
    assert all(item["label"] and item["detail"] for item in rendering.data["items"])
    assert facts["groups"][0]["tracks"] >= facts["groups"][-1]["tracks"]


def test_groups_of_some_tracks_in_another_order(shelf):
    facts, _ = counted(by="artist", year_min=1990, year_max=1999, sort="year", limit=2)
    assert [group["name"] for group in facts["groups"]] == ["AC/DC", "Nine Inch Nails"]
    assert facts["groups_total"] == 5 and facts["total"] == 6


def test_names_are_cut_and_cleaned(shelf, add_song):
    import numpy as np

    song = ("X", "Bad\u202eName " + "n" * 200, None, 2001, 3.0, 100, "8A", 0.5, "pop", "happy")
    add_song(shelf, song, name="x.flac", vector=np.ones(200))
    names = [group["name"] for group in counted(by="artist")[0]["groups"]]
    assert all(len(name) <= 80 and "\u202e" not in name for name in names)


def test_an_unknown_artist_is_an_error_with_choices(shelf):
    with pytest.raises(ToolError, match="I do not find") as error:
        counted(artists=["Dft Pnk"])
    assert "Daft Punk" in error.value.choices
