import pytest

from store import saved_playlists
from tools import make_playlist
from tools.base import ToolContext, ToolError
from tools.playlist import editing

EN, FR = ToolContext(language="en"), ToolContext(language="fr")


@pytest.fixture
def saved(shelf):
    """So What, Strobe, Angel."""
    ids = [shelf.id(title) for title in ("So What", "Strobe", "Angel")]
    return saved_playlists.save_playlist("Evening", [(i, "") for i in ids], {"moods": ["chill"]})


def titles(playlist_id):
    return [entry.track.title for entry in saved_playlists.playlist(playlist_id).entries]


def test_added_at_the_end_with_a_reason(shelf, saved):
    result = editing.add_tracks(EN, saved.id, [shelf.id("Voilà")])
    assert titles(saved.id) == ["So What", "Strobe", "Angel", "Voilà"]
    assert result.facts["tracks"][-1]["why"][0].startswith("8A → 9A, −13 BPM")
    rendering = editing.render(result, EN)
    assert rendering.sentence.startswith("Added to “Evening”. It has 4 tracks now, ")
    assert rendering.kind == "playlist" and result.playlist == "Evening"
    assert editing.render(result, FR).sentence.startswith("Ajouté à « Evening ».")


def test_added_at_a_place(shelf, saved):
    ids = [shelf.id("Voilà"), shelf.id("Angel"), shelf.id("Teardrop")]
    result = editing.add_tracks(EN, saved.id, ids, at=1)
    assert titles(saved.id) == ["Voilà", "Teardrop", "So What", "Strobe", "Angel"]
    assert "2 tracks added" in editing.render(result, EN).sentence


def test_what_is_in_it_is_not_added_again(shelf, saved):
    with pytest.raises(ToolError, match="in “Evening” already"):
        editing.add_tracks(EN, saved.id, [shelf.id("Strobe")])


def test_removed_by_places(saved):
    result = editing.remove_entries(EN, saved.id, [1, -1])
    assert titles(saved.id) == ["Strobe"]
    assert editing.render(result, EN).sentence.startswith("2 tracks removed from “Evening”.")
    assert result.facts["tracks"][0]["why"][0].startswith("opens")


@pytest.mark.parametrize("places", [[0], [4], [-4], []])
def test_a_place_there_is_not(saved, places):
    with pytest.raises(ToolError, match="has 3 tracks"):
        editing.remove_entries(EN, saved.id, places)
    assert len(titles(saved.id)) == 3


def test_changes_are_taken_back_one_by_one(shelf, saved):
    editing.add_tracks(EN, saved.id, [shelf.id("Voilà")])
    editing.remove_entries(EN, saved.id, [1])
    assert titles(saved.id) == ["Strobe", "Angel", "Voilà"]
    result = editing.undo(EN, saved.id)
    assert titles(saved.id) == ["So What", "Strobe", "Angel", "Voilà"]
    assert "as it was before" in editing.render(result, EN).sentence
    editing.undo(EN, saved.id)
    assert titles(saved.id) == ["So What", "Strobe", "Angel"]
    with pytest.raises(ToolError, match="nothing to take back"):
        editing.undo(EN, saved.id)


def test_the_wishes_stay_with_the_playlist(shelf, saved):
    editing.remove_entries(EN, saved.id, [2])
    assert saved_playlists.playlist(saved.id).request == {"moods": ["chill"]}


def test_a_playlist_that_is_gone(saved):
    saved_playlists.delete_playlist(saved.id)
    with pytest.raises(ToolError, match="no longer there"):
        editing.undo(EN, saved.id)


def test_one_made_by_the_tool_can_be_edited(shelf):
    made = make_playlist.run(make_playlist.arguments(genres=["rock"]), EN)
    result = editing.remove_entries(EN, made.facts["playlist_id"], [2])
    assert result.track_ids == (made.track_ids[0], made.track_ids[2])
