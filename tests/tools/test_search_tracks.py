from dataclasses import replace

import numpy as np
import pytest

from store.library import track_texts
from store.vectors.vector_service import vectors
from tools import find_similar, make_playlist
from tools import search_tracks as tool
from tools.base import ToolContext, ToolError, TrackQuery
from tools.tracks.track_facts import find_track

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
    assert rendering.sentence == (
        "No track fits all of that: without the tempo 2 would. The nearest tempo is 136 BPM."
    )
    _, rendering = found(FR, genres=["jazz"], bpm_min=150)
    assert rendering.sentence == (
        "Aucun morceau ne remplit tout cela : sans le tempo, 2 conviendraient. "
        "Le tempo le plus proche est de 136 BPM."
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


def test_a_description_is_taken_as_what_it_sounds_like(shelf):
    result, rendering = found(text="a gloomy gothic cathedral")
    assert rendering.sentence.startswith("I took this as: ")
    assert "dark" in result.facts["taken_as"]
    titles = {fact["title"] for fact in result.facts["tracks"]}
    assert titles == {"Hells Bells", "Angel", "Windowlicker"}
    assert result.facts["tracks"][0]["why"] == ["dark"]
    _, rendering = found(FR, text="un manoir hanté")
    assert rendering.sentence.startswith("J'ai compris : sombre, étrange, ")


def test_a_description_narrowed_by_other_wishes(shelf):
    result, _ = found(text="a gloomy evening", genres=["rock"])
    assert [fact["title"] for fact in result.facts["tracks"]] == ["Hells Bells"]
    result, rendering = found(text="a haunted house", genres=["jazz"])
    assert result.track_ids == () and "without those words 2 would" in rendering.sentence


def test_names_come_before_meanings(shelf):
    result, rendering = found(text="blue")  # a mood, and in a title and an album
    assert rendering.sentence.startswith("I took this as: sad")
    titles = [fact["title"] for fact in result.facts["tracks"]]
    assert set(titles[:2]) == {"Blue in Green", "So What"} and "Hurt" in titles[2:]
    result, rendering = found(text="blue green")  # only in a name as a whole
    assert not result.facts["described"] or titles[0] == "Blue in Green"


def test_words_that_mean_nothing_are_not_guessed_at(shelf):
    result, rendering = found(text="qsdf ghjk")
    assert result.track_ids == ()
    assert rendering.sentence.startswith("I find “qsdf ghjk” in no name, and do not know")


@pytest.fixture
def text_vectors(shelf):
    """Text vectors of all tracks; Strobe and Teardrop stand in a direction of their own."""
    rng = np.random.default_rng(3)
    meant = {shelf.id("Strobe"): 3.0, shelf.id("Teardrop"): 2.5}
    for text in track_texts.without_vector("embeddinggemma"):
        vector = rng.normal(size=64) / 8
        vector[0] += meant.get(text.track_id, 0.0)
        track_texts.save_vectors("embeddinggemma", {text: vector.astype("<f4").tobytes()})
    return list(meant)


def test_a_text_model_finds_what_no_word_is_known_for(text_vectors):
    wanted = np.eye(64)[0].tolist()
    context = replace(EN, embed_text=lambda text: wanted)
    result, rendering = found(context, text="qsdf ghjk")
    assert list(result.track_ids) == text_vectors
    assert rendering.sentence.startswith("These come nearest to what you describe.")


def test_a_text_that_stands_near_no_track_finds_none(text_vectors):
    nothing = np.ones(64).tolist()
    context = replace(EN, embed_text=lambda text: nothing)
    result, rendering = found(context, text="qsdf ghjk")
    assert result.track_ids == ()
    assert rendering.sentence.startswith("I find “qsdf ghjk” in no name, and do not know")
    result, _ = found(context, text="a rainy sunday in a café")
    assert result.facts["taken_as"] and result.track_ids


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
