import pytest

from tools import search_tracks as tool
from tools.base import ToolContext, ToolError, TrackQuery

EN, FR = ToolContext(language="en"), ToolContext(language="fr")


def found(context=EN, **wishes):
    result = tool.run(TrackQuery(**wishes), context)
    return result, tool.render(result, context)


def test_tracks_with_reasons(shelf):
    result, rendering = found(moods=["dark"], bpm_min=100, bpm_max=110, keys=["8A"])
    assert {fact["title"] for fact in result.facts["tracks"]} == {"Hells Bells", "Angel"}
    assert set(result.track_ids) == {shelf.id("Hells Bells"), shelf.id("Angel")}
    angel = next(f for f in rendering.data["tracks"] if f["title"] == "Angel")
    assert angel["why"] == ["dark", "108 BPM", "8A"]
    assert angel["audio_url"] == f"/api/tracks/{shelf.id('Angel')}/audio"
    assert angel["cover_url"] is None
    assert (rendering.kind, rendering.sentence) == ("tracks", "2 tracks fit.")


def test_french(shelf):
    _, rendering = found(FR, moods=["dark"], genres=["rock"])
    assert rendering.sentence == "Un morceau convient."
    assert rendering.data["tracks"][0]["why"] == ["rock", "sombre"]


def test_ten_at_most_when_nothing_is_said(shelf):
    result, rendering = found()
    assert len(result.track_ids) == 10
    assert rendering.sentence == "16 tracks fit; here are the first 10."


def test_an_empty_result_says_what_emptied_it(shelf):
    result, rendering = found(genres=["jazz"], bpm_min=150)
    assert result.track_ids == ()
    assert {"wish": "genres", "would_fit": 0} not in result.facts["emptied_by"]
    assert rendering.kind == "text"
    assert rendering.sentence == ("No track fits all of that: without the tempo 2 would.")
    _, rendering = found(FR, genres=["jazz"], bpm_min=150)
    assert rendering.sentence == (
        "Aucun morceau ne remplit tout cela : sans le tempo, 2 conviendraient."
    )


def test_a_wish_that_nothing_fits_at_all(shelf):
    _, rendering = found(genres=["reggae"], keys=["1B"])
    assert "the genre and the key" in rendering.sentence


def test_an_empty_library(empty):
    _, rendering = found()
    assert "The library is empty" in rendering.sentence


def test_an_unknown_artist(shelf):
    with pytest.raises(ToolError, match="Did you mean “Massive Attack”") as error:
        found(artists=["Masive Atac"])
    assert error.value.choices[0] == "Massive Attack"


def test_a_letter_wrong_in_an_artist(shelf):
    result, _ = found(artists=["Francoise Hardi"])
    assert len(result.track_ids) == 2


def test_an_excluded_artist_need_not_be_there(shelf):
    result, _ = found(exclude_artists=["Nobody At All", "ac/dc"], genres=["rock"])
    assert result.track_ids == ()


def test_like_a_track(shelf):
    result, _ = found(like="One More Time", genres=["house"])
    assert [fact["artist"] for fact in result.facts["tracks"]].count("Daft Punk") == 1
    assert shelf.id("One More Time") not in result.track_ids


def test_like_a_track_never_heard(shelf):
    with pytest.raises(ToolError, match="not listened to “Untitled” yet"):
        found(like="Untitled")
