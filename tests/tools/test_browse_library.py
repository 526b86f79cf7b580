import numpy as np
import pytest

from store.jobs import job_queue
from tools import browse_library as tool
from tools.base import ToolContext, ToolError

EN, FR = ToolContext(language="en"), ToolContext(language="fr")


def browsed(what, of=None, context=EN):
    result = tool.run(tool.arguments(what=what, of=of), context)
    return result, tool.render(result, context)


def labels(rendering):
    return [item["label"] for item in rendering.data["items"]]


def test_artists_by_the_alphabet(shelf):
    _, rendering = browsed("artists")
    assert rendering.kind == "list" and rendering.data["title"] == "Artists"
    assert labels(rendering)[:3] == ["AC/DC", "Aphex Twin", "Daft Punk"]
    assert rendering.sentence.startswith("9 artists: AC/DC (3), Daft Punk (2)")
    assert rendering.data["items"][0]["ask"] == "tracks by AC/DC"
    assert browsed("artists", context=FR)[1].data["items"][0]["ask"] == "morceaux de AC/DC"


@pytest.mark.parametrize(
    ("what", "of", "expected"),
    [
        ("artists", "jazz", ["Miles Davis"]),
        ("artists", "1959", ["Miles Davis"]),
        ("artists", "the 60s", ["Françoise Hardy"]),
        ("artists", "mezzanine", ["Massive Attack"]),
        ("albums", "rock", ["Back in Black – AC/DC", "The Razors Edge – AC/DC"]),
        ("albums", "daft punk", ["Discovery – Daft Punk", "Homework – Daft Punk"]),
        ("genres", "Massive Attack", ["electronic"]),
        ("years", "Daft Punk", ["2000", "1997"]),
    ],
)
def test_a_part_of_the_library(shelf, what, of, expected):
    assert labels(browsed(what, of)[1]) == expected


def test_artists_that_sound_like_one(shelf):
    result, rendering = browsed("artists", "Daft Punk")
    assert rendering.kind == "list" and rendering.data["title"] == "Artists like Daft Punk"
    assert labels(rendering)[0] == "deadmau5"  # the other one who makes house
    assert "Daft Punk" not in labels(rendering)
    assert rendering.data["items"][0]["ask"] == "tracks by deadmau5"
    assert result.facts["similar"][0]["similarity"] > result.facts["similar"][-1]["similarity"]
    assert browsed("artists", "daft punk", FR)[1].sentence == (
        "Ces 8 artistes sont ceux qui ressemblent le plus à « Daft Punk »."
    )


def test_an_artist_whose_tracks_were_not_analysed_is_said(shelf, add_song):
    song = ("Mute", "Quiet One", None, 2001, 3.0, None, None, None, None, "")
    add_song(shelf, song, name="mute.flac", vector=None)
    with pytest.raises(ToolError, match="analysed by sound"):
        browsed("artists", "Quiet One")


def test_who_is_an_artist(shelf):
    result, rendering = browsed("albums", "AC/DC")
    assert rendering.sentence == "AC/DC: 3 tracks, 2 albums, 1980–1990, rock."
    assert browsed("albums", "ac/dc", FR)[1].sentence == (
        "AC/DC : 3 morceaux, 2 albums, 1980–1990, rock."
    )
    assert result.facts["total"] == 3


def test_an_artist_without_an_album_shows_tracks(shelf):
    result, rendering = browsed("albums", "Françoise Hardy")
    assert rendering.kind == "tracks" and len(result.track_ids) == 2
    assert rendering.sentence == "Françoise Hardy: 2 tracks on no album, 6 min."


def test_tracks_on_no_album_stay_reachable(shelf, add_song):
    song = ("Loose", "AC/DC", None, 1985, 3.0, 100, "8A", 0.5, "rock", "happy")
    add_song(shelf, song, name="loose.flac", vector=np.ones(200))
    items = browsed("albums", "AC/DC")[1].data["items"]
    assert items[-1] == {"label": "On no album", "detail": "one track", "ask": "tracks by AC/DC"}


@pytest.mark.parametrize(
    "of", ["Kind of Blue", "kind of blue by miles davis", "Miles Davis - Kind of Blue"]
)
def test_an_album_shows_its_tracks(shelf, of):
    result, rendering = browsed("albums", of)
    assert rendering.kind == "tracks"
    assert result.track_ids == (shelf.id("So What"), shelf.id("Blue in Green"))
    assert rendering.sentence == "“Miles Davis - Kind of Blue”: 2 tracks, 14 min."


def test_albums_of_one_name_are_asked_about(shelf, add_song):
    song = ("X", "Somebody", "Mezzanine", 2001, 3.0, 100, "8A", 0.5, "pop", "happy")
    add_song(shelf, song, name="x.flac", vector=np.ones(200))
    with pytest.raises(ToolError, match="Several albums") as error:
        browsed("albums", "Mezzanine")
    choices = error.value.choices
    assert set(choices) == {"Massive Attack - Mezzanine (1998)", "Somebody - Mezzanine (2001)"}
    assert browsed("albums", choices[0])[1].kind == "tracks"


def test_an_unknown_name_offers_near_ones(shelf):
    with pytest.raises(ToolError, match="Did you mean") as error:
        browsed("albums", "Mils Davies Band")
    assert "Miles Davis" in error.value.choices


def test_nothing_of_a_genre(shelf):
    assert browsed("albums", "classical")[1].sentence == "classical – 0 albums."
    assert browsed("albums", "classical")[1].kind == "text"


def test_what_is_new(shelf):
    result, rendering = browsed("recent")
    assert rendering.kind == "tracks" and len(result.track_ids) == 16
    assert result.track_ids[0] == max(shelf.ids.values())
    assert browsed("recent", "jazz")[1].sentence == "jazz: these 2 tracks were added last."


def test_duplicates(shelf, add_song):
    assert browsed("duplicates")[1].sentence == "No recording is there more than once."
    song = (
        "Teardrop",
        "Massive Attack",
        "Mezzanine",
        1998,
        5.5,
        77,
        "4B",
        0.45,
        "electronic",
        "chill",
    )
    sound = np.ones(200)
    one = add_song(shelf, song, name="one.flac", vector=sound)
    other = add_song(shelf, (*song[:2], "Best of", *song[3:]), name="other.flac", vector=sound)
    _, rendering = browsed("duplicates")
    assert rendering.sentence == "One recording is there in 2 files."
    [track] = rendering.data["tracks"]
    assert {track["id"], track["versions"][0]["id"]} == {one, other}
    assert track["why"] == ["2 × FLAC"]
    assert browsed("duplicates", "Daft Punk")[0].track_ids == ()


def fail(name, reason, *, code=None):
    job_queue.enqueue("analyse", f"/music/{name}")
    job = job_queue.claim("worker")
    assert job
    job_queue.fail(job.id, reason, retry=False, result={"code": code} if code else None)


def test_failed_files_with_their_reasons(shelf):
    assert browsed("failed")[1].sentence == "No file has failed."
    fail("empty.mp3", "This file is empty.")
    _, rendering = browsed("failed")
    assert rendering.sentence.startswith("“empty.mp3” could not be read: This file is empty. ")
    assert "--retry" in rendering.sentence
    fail("broken.flac", "told by the indexer", code="corrupted")
    _, rendering = browsed("failed", context=FR)
    assert rendering.sentence.startswith("2 fichiers n'ont pas pu être lus.")
    assert [(item["label"], item["detail"], item["ask"]) for item in rendering.data["items"]] == [
        ("broken.flac", "Le fichier est abîmé.", None),
        ("empty.mp3", "Une erreur inattendue (en anglais : This file is empty.)", None),
    ]


def test_why_one_file_failed(shelf):
    fail("broken.flac", "told by the indexer", code="corrupted")
    fail("empty.mp3", "This file is empty.")
    assert "“broken.flac” could not be read: The file is damaged." in (
        browsed("failed", "broken.flac")[1].sentence
    )
    assert browsed("failed", "nope.mp3")[1].sentence == "No file called “nope.mp3” has failed."


def test_an_empty_library_says_how_to_begin(empty):
    with pytest.raises(ToolError, match="backbeat serve"):
        browsed("artists")
    fail("broken.flac", "told by the indexer", code="corrupted")
    assert "The file is damaged." in browsed("failed")[1].sentence
