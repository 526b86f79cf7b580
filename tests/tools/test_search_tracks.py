from dataclasses import replace

import numpy as np
import pytest

from store.database.db import rows, write
from store.library import track_texts
from store.tables.charts import DrumChart
from store.tables.people import Person, TrackLike
from store.tables.tracks import TrackMetadata
from tools import library_status
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


def test_a_title_is_no_description_whatever_its_words_mean(shelf):
    for text in ("Blue in Green", "hurt"):  # both are moods, too
        result, rendering = found(text=text)
        assert not result.facts["described"] and "took this" not in rendering.sentence


def test_the_first_of_an_order_is_named(shelf):
    _, rendering = found(sort="bpm", descending=True)
    top = rendering.data["tracks"][0]
    assert rendering.sentence.startswith(f"The fastest is “{top['title']}” by {top['artist']}: ")
    _, rendering = found(sort="year")
    assert rendering.sentence.startswith("The oldest is ")
    _, rendering = found(FR, sort="energy", descending=False)
    assert rendering.sentence.startswith("Le plus calme : ")


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


def test_an_album(shelf):
    result, rendering = found(albums=["back in black"])
    assert {fact["title"] for fact in result.facts["tracks"]} == {"Back in Black", "Hells Bells"}
    assert rendering.data["tracks"][0]["why"] == ["Back in Black"]
    assert found(albums=["Discovry"])[0].track_ids == (shelf.id("One More Time"),)
    with pytest.raises(ToolError, match="Did you mean “Kind of Blue”") as error:
        found(albums=["Kind Blu"])
    assert error.value.choices[0] == "Kind of Blue"


def test_lengths_and_the_nearest_one(shelf):
    result, rendering = found(length_min=9)
    assert {fact["title"] for fact in result.facts["tracks"]} == {"So What", "Strobe"}
    assert rendering.data["tracks"][0]["why"] in (["9 min"], ["11 min"])
    _, rendering = found(length_min=6.5, length_max=7, genres=["house"])
    assert rendering.sentence == (
        "No track fits all of that: without the length 3 would. The nearest length is 7 min."
    )
    _, rendering = found(FR, year_min=2010, genres=["jazz"])
    assert rendering.sentence.endswith("L'année la plus proche est 1959.")


def test_one_filter_that_nothing_fits(shelf):
    result, rendering = found(bpm_min=300)
    assert rendering.sentence == "No track fits the tempo. The nearest tempo is 143 BPM."
    assert result.facts["nearest"] == {"bpm": 143.0}
    _, rendering = found(genres=["reggae"])
    assert rendering.sentence == (
        "No track fits the genre. "
        "The most common genres here are electronic, house, rock, jazz and pop."
    )


def test_likes_are_those_of_the_person(shelf):
    strobe, angel = shelf.id("Strobe"), shelf.id("Angel")
    _, rendering = found(liked=True)
    assert rendering.sentence == "No track fits the likes. You have not liked any track yet."
    with write() as session:
        session.add(Person(id=2, name="Ana", folded="ana"))
        session.flush()
        session.add(TrackLike(person_id=1, track_id=strobe, value=1))
        session.add(TrackLike(person_id=2, track_id=angel, value=1))
        session.add(TrackLike(person_id=2, track_id=strobe, value=-1))
    mine, rendering = found(liked=True)
    hers, _ = found(replace(EN, person=2), liked=True)
    assert (mine.track_ids, hers.track_ids) == ((strobe,), (angel,))
    assert rendering.data["tracks"][0]["why"] == ["liked"]
    assert len(found(liked=False, limit=50)[0].track_ids) == 15
    assert found(sort="popularity")[0].track_ids[:2] == (strobe, angel)


def test_drum_charts(shelf):
    _, rendering = found(has_chart=True)
    assert rendering.sentence.startswith("No track fits the drum chart. No drum chart has been")
    with write() as session:
        session.add(DrumChart(track_id=shelf.id("Angel"), folder="", zip_file="", bpm=108))
    result, rendering = found(has_chart=True)
    assert result.track_ids == (shelf.id("Angel"),)
    assert rendering.data["tracks"][0]["why"] == ["drum chart"]
    assert len(found(has_chart=False, limit=50)[0].track_ids) == 15


def test_what_was_added_lately(shelf):
    with write() as session:
        rows(session, "UPDATE track SET added_at = '2020-01-01 00:00:00.000000' WHERE id > 2")
    result, rendering = found(added_days=7)
    assert set(result.track_ids) == {1, 2}
    assert rendering.data["tracks"][0]["why"] == ["added within 7 days"]
    assert "the days since it was added 2 would" in found(genres=["jazz"], added_days=7)[1].sentence


def test_what_mixes_with_a_track(shelf):
    result, rendering = found(mixes_with="Around the World")  # 121 BPM, 8A
    assert result.facts["tracks"]
    for fact in rendering.data["tracks"]:
        assert fact["title"] != "Around the World"
        assert fact["camelot"] in {"8A", "7A", "9A", "8B"}
        assert any(abs(fact["bpm"] * times / 121 - 1) < 0.061 for times in (0.5, 1, 2))
        assert fact["why"] == [f"{fact['bpm']:.0f} BPM", fact["camelot"]]
    assert {fact["title"] for fact in rendering.data["tracks"]} == {"Windowlicker", "Strobe"} | {
        fact["title"] for fact in rendering.data["tracks"] if fact["bpm"] < 70
    }
    with pytest.raises(ToolError, match="not listened to “Untitled” yet"):
        found(mixes_with="Untitled")
    with pytest.raises(ToolError, match="may be several tracks"):
        found(mixes_with="Hurt")


def test_tracks_that_are_left_out(shelf):
    result, _ = found(genres=["house"], exclude_tracks=["Strobe", "Daft Punk - One More Time"])
    assert result.track_ids == (shelf.id("Around the World"),)
    _, rendering = found(artists=["deadmau5"], exclude_tracks=["Strobe"])
    assert "without leaving out that track one would" in rendering.sentence
    with pytest.raises(
        ToolError, match=r"I do not find “Stroob”\. Did you mean “deadmau5 - Strobe”"
    ):
        found(exclude_tracks=["Stroob"])


def test_names_that_were_resolved_before_are_not_looked_up(shelf):
    cash = shelf.id("Hurt", "Johnny Cash")
    known = replace(EN, entities={"that one": cash, "Hurt": cash})
    result, _ = found(known, exclude_tracks=["that one"], moods=["sad"])
    assert result.track_ids == (shelf.id("Hurt", "Nine Inch Nails"),)
    assert cash not in found(known, like="Hurt")[0].track_ids
    assert cash not in found(known, mixes_with="that one")[0].track_ids


def test_superlatives(shelf):
    def first(**wishes):
        return [fact["title"] for fact in found(limit=1, **wishes)[0].facts["tracks"]]

    assert first(sort="bpm", descending=True) == ["Le Temps de l'amour"]
    assert first(sort="bpm") == first(sort="bpm", descending=False) == ["Blue in Green"]
    assert first(sort="length", descending=True) == ["Strobe"]
    assert first(sort="length") == ["Le Temps de l'amour"]
    assert first(sort="year", descending=True) == ["Strobe"]
    assert first(sort="title") == ["Angel"]
    assert first(sort="artist", genres=["house"]) == ["Around the World"]
    for descending in (True, False):
        last = found(sort="bpm", descending=descending, limit=16)[0].facts["tracks"][-1]
        assert last["title"] == "Untitled" and last["bpm"] is None


@pytest.fixture
def tagged(shelf):
    with write() as session:
        for title, tag in (("Angel", "Trip-Hop"), ("Strobe", "Progressive House; Électro Swing")):
            session.add(
                TrackMetadata(track_id=shelf.id(title), key="genre", value=tag, source="tags")
            )
    return shelf


def test_a_genre_tag_of_the_library(tagged):
    result, rendering = found(genres=["trip hop"])
    assert result.track_ids == (tagged.id("Angel"),)
    assert rendering.data["tracks"][0]["why"] == ["Trip-Hop"]
    assert found(genres=["progressive house"])[0].track_ids == (tagged.id("Strobe"),)
    assert found(genres=["electro swing"])[0].track_ids == (tagged.id("Strobe"),)
    left, _ = found(genres=["electronic"], exclude_genres=["Trip Hop", "no such genre"])
    assert {fact["title"] for fact in left.facts["tracks"]} == {"Teardrop", "Windowlicker"}


def test_genres_by_other_names(shelf):
    jazz = found(genres=["jazz"])[0].track_ids
    assert found(genres=["bebop"])[0].track_ids == found(genres=["Jazz"])[0].track_ids == jazz


def test_an_unknown_genre(tagged):
    with pytest.raises(ToolError, match="“progresive house” is no genre in your library") as error:
        found(genres=["progresive house"])
    assert error.value.choices == ("Progressive House",)
    with pytest.raises(ToolError) as error:
        found(FR, genres=["qsdfgh"])
    assert str(error.value) == (
        "« qsdfgh » n'est pas un genre de votre bibliothèque. "
        "Les plus courants sont musique électronique, house, rock, jazz et pop."
    )


def test_why_a_genre_counted(shelf):
    with write() as session:
        rows(
            session,
            "INSERT INTO genretag (track_id, genre_id, weight, main, source) "
            "SELECT :id, id, 0.6, 0, '' FROM genre WHERE name = 'rock'",
            id=shelf.id("Angel"),
        )
    _, rendering = found(genres=["rock"])
    why = {fact["title"]: fact["why"] for fact in rendering.data["tracks"]}
    assert why["Angel"] == ["also rock"] and why["Hells Bells"] == ["rock"]
    assert list(why)[-1] == "Angel"
    status = library_status.run(library_status.arguments(), EN)
    assert status.facts["genres"]["rock"] == len(why) == 4


def test_more_of_the_same_query(shelf):
    whole = found(sort="title", limit=50)[0].track_ids
    first, _ = found(sort="title")
    second, rendering = found(replace(EN, seen=first.track_ids), sort="title")
    assert first.track_ids + second.track_ids == whole
    assert second.facts["total"] == 16 and second.facts["shown_before"] == 10
    assert rendering.sentence == "Here are the next 6 of 16."
    _, rendering = found(replace(FR, seen=whole[:15]), sort="title")
    assert rendering.sentence == "Voici le suivant, sur 16."
    last, rendering = found(replace(EN, seen=whole), sort="title")
    assert (last.track_ids, rendering.kind) == ((), "text")
    assert rendering.sentence == "Those are all 16 that fit."
