import pytest
from pydantic import ValidationError

from store.library.corrections.correcting import corrections_of
from store.tracks import track_details
from tools import correct_track as tool
from tools.base import ToolContext, ToolError, take_back

EN, FR = ToolContext(language="en"), ToolContext(language="fr")


def corrected(context=EN, **given):
    result = tool.run(tool.arguments(**given), context)
    return result, tool.render(result, context)


def row(shelf, title, artist=None):
    return track_details.track_rows([shelf.id(title, artist)])[0]


def test_a_track_is_corrected_and_taken_back(shelf):
    result, shown = corrected(track="Strobe", genre="techno", bpm=64, key="8A")
    assert shown.sentence == (
        "“Strobe”, genre techno (was house), tempo 64 BPM (was 128 BPM) and key 8A (A minor) "
        "(was 9A (E minor)). This counts from now on, whatever the file and the analysis say; "
        "“undo” takes it back."
    )
    now = row(shelf, "Strobe")
    assert (now.genre, now.bpm, now.camelot) == ("techno", 64.0, "8A")
    assert result.track_ids == (now.id,) and result.facts["track"]["bpm"] == 64.0
    back = take_back(tool)
    assert back is not None
    said = back(shown.data, FR)
    assert said.startswith("C'est annulé : genre house (avant : techno)")
    again = row(shelf, "Strobe")
    assert (again.genre, again.bpm, again.camelot) == ("house", 128.0, "9A")


def test_another_title_keeps_the_track_that_was_meant(shelf):
    _, shown = corrected(track="Strobe", title="Strobe (Club Edit)", artist="Joel", year=2010)
    assert shown.sentence.startswith("“Strobe”, title Strobe (Club Edit) (was Strobe), artist Joel")
    found = track_details.track_rows([shelf.id("Strobe")])[0]
    assert (found.title, found.artist, found.year) == ("Strobe (Club Edit)", "Joel", 2010)


def test_an_album_is_corrected_as_a_whole(shelf):
    _, shown = corrected(album="Kind of Blue", genre="blues", title="Kind of Green")
    assert shown.sentence.startswith(
        "All 2 tracks of “Kind of Blue”, album Kind of Green (was Kind of Blue) and genre blues"
    )
    for title in ("So What", "Blue in Green"):
        assert (row(shelf, title).genre, row(shelf, title).album) == ("blues", "Kind of Green")
    back = take_back(tool)
    assert back is not None
    back(shown.data, EN)
    assert (row(shelf, "So What").genre, row(shelf, "So What").album) == ("jazz", "Kind of Blue")


def test_the_album_of_a_track(shelf):
    corrected(track="Voilà", album="Ma jeunesse fout le camp")
    assert row(shelf, "Voilà").album == "Ma jeunesse fout le camp"
    assert corrections_of(shelf.id("Voilà")) == {"album": "Ma jeunesse fout le camp"}


@pytest.mark.parametrize(
    ("given", "said"),
    [({"genre": "jazz"}, "Which track"), ({"track": "Strobe"}, "What is right"),
     ({"album": "Nonexistent Things", "genre": "jazz"}, "Nonexistent Things")],
)  # fmt: skip
def test_what_is_missing_is_asked_for(shelf, given, said):
    with pytest.raises(ToolError, match=said):
        corrected(**given)


def test_values_out_of_range_are_refused(shelf):
    for wrong in ({"bpm": 5}, {"year": 87}, {"track": ""}):
        with pytest.raises(ValidationError):
            tool.arguments(**{"track": "Strobe", **wrong})
