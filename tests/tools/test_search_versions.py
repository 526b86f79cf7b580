"""Versions of a song and files of one recording are shown as one track."""

from dataclasses import replace

import numpy as np
import pytest

from store.vectors.vector_service import vectors
from tools import find_similar, make_playlist
from tools import search_tracks as tool
from tools.base import ToolContext, TrackQuery
from tools.tracks.track_facts import find_track

EN = ToolContext(language="en")


def found(context=EN, **wishes):
    result = tool.run(TrackQuery(**wishes), context)
    return result, tool.render(result, context)


def test_versions_of_a_song_come_once_and_can_be_chosen(shelf, add_song):
    song = (
        "One More Time (Live)",
        "Daft Punk",
        "Alive",
        2007,
        6.0,
        123,
        "10B",
        0.9,
        "house",
        "party",
    )
    live = add_song(shelf, song, name="live.flac", vector=np.ones(200))
    result, _ = found(artists=["daft punk"])
    facts = result.facts["tracks"]
    assert len(facts) == result.facts["total"] == 2
    versions = {fact["title"]: fact["versions"] for fact in facts}
    assert [v["id"] for v in versions["One More Time"]] == [live]
    assert find_track(versions["One More Time"][0]["ask"], ToolContext(language="en")) == live
    result, _ = found(text="one more time")
    assert len(result.track_ids) == 2


@pytest.fixture
def copy(shelf, add_song):
    """Strobe once more, with tags that say nothing."""
    song = ("Track 07", None, None, None, 10.6, 128, "9A", 0.75, "house", "chill")
    vector = np.frombuffer(vectors([shelf.id("Strobe")]).values[shelf.id("Strobe")], "<f4")
    return add_song(shelf, song, name="copy.mp3", vector=vector)


def test_files_of_one_recording_come_once_and_can_be_chosen(shelf, copy):
    result, _ = found(genres=["house"], bpm_min=125)
    [fact] = result.facts["tracks"]
    [version] = fact["versions"]
    assert result.facts["total"] == 1
    assert {fact["id"], version["id"]} == {shelf.id("Strobe"), copy}
    assert find_track(version["ask"], ToolContext(language="en")) == version["id"]


def test_of_one_recording_the_tagged_file_is_shown(shelf, add_song):
    strobe = shelf.id("Strobe")
    vector = np.frombuffer(vectors([strobe]).values[strobe], "<f4")
    song = ("02 copy", None, None, None, 10.6, 128, "9A", 0.75, "house", "chill")
    copies = [add_song(shelf, song, name=f"{n} copy.mp3", vector=vector) for n in range(3)]
    for sort in ("added", "relevance", "bpm"):
        result, _ = found(genres=["house"], bpm_min=125, sort=sort)
        [fact] = result.facts["tracks"]
        assert result.track_ids == (strobe,) and fact["title"] == "Strobe"
        assert {version["id"] for version in fact["versions"]} == set(copies)
    near = find_similar.run(find_similar.arguments.model_validate({"track": "One More Time"}), EN)
    assert strobe in near.track_ids and not set(copies) & set(near.track_ids)
    named, _ = found(text="02 copy")
    assert named.track_ids[0] in copies


def test_files_of_one_recording_come_once_in_playlists_and_neighbours(shelf, copy):
    strobe = shelf.id("Strobe")
    wish = {"genres": ["house"], "limit": 10}
    made = make_playlist.run(make_playlist.arguments.model_validate(wish), EN)
    assert strobe in made.track_ids and copy not in made.track_ids
    near = find_similar.run(find_similar.arguments.model_validate({"track": "Strobe"}), EN)
    assert near.track_ids and copy not in near.track_ids


def test_more_shows_no_other_version_of_what_was_shown(shelf, copy):
    first, _ = found(genres=["house"], limit=2, sort="length", descending=True)
    assert shelf.id("Strobe") in first.track_ids
    context = replace(EN, seen=first.track_ids)
    rest, rendering = found(context, genres=["house"], sort="length", descending=True)
    assert rest.track_ids == (shelf.id("One More Time"),)
    assert rest.facts["total"] == 3 and rendering.sentence == "Here is the next one of 3."
