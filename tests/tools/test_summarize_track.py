import json

import numpy as np
import pytest

from store.library import mir_exchange
from store.results import TrackDetail, TrackRow
from tools import summarize_track as tool
from tools.base import ToolContext, ToolError
from tools.tracks.summary import mir_summary, summary_sentence
from tools.tracks.track_answers import fact_sentence

EN, FR = ToolContext(language="en"), ToolContext(language="fr")


def detail(
    moods, *, genre="rock", bpm=128.0, key="8B", energy=0.8, dance=0.6, tags=(), sure=0.9, kind=None
):
    row = TrackRow(
        id=7, title="Song", artist="Band", album=None, year=None, duration_s=200, bpm=bpm,
        bpm_alternative=bpm and bpm * 2, camelot=key, genre=genre, moods=tuple(moods),
        energy=energy, kind=kind,
    )  # fmt: skip
    return TrackDetail(
        row=row, path="/x", audio_format="mp3", key="C", scale="major", bpm_confidence=sure,
        genres=(), normalized={"danceability": dance}, scores={"energy_score": energy},
        synthetic_tags=tuple((tag, 0.9 - n / 10, "mood", "") for n, tag in enumerate(tags)),
        moods=moods, source="standards",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("track", "english", "french"),
    [
        (
            detail({"happy": 0.9, "energetic": 0.8}, tags=("energetic", "dancefloor", "workout")),
            "a happy, energetic rock track, quite danceable, at 128 BPM (Camelot 8B). "
            "Tags: energetic, dancefloor, workout",
            "un morceau de rock joyeux et énergique, assez dansant, à 128 BPM (Camelot 8B). "
            "Étiquettes : énergique, dancefloor, sport",
        ),
        (
            detail({"chill": 0.9, "energetic": 0.7}, genre="electronic", energy=0.3, dance=0.1),
            "a chill, calm electronic track, hardly danceable, at 128 BPM (Camelot 8B)",
            "un morceau électronique chill et calme, peu dansant, à 128 BPM (Camelot 8B)",
        ),
        (
            detail({}, genre="classical", bpm=76.0, sure=0.2, energy=0.1, dance=None),
            "a calm classical track, at 76 (or 152) BPM (Camelot 8B)",
            "un morceau de musique classique calme, à 76 (ou 152) BPM (Camelot 8B)",
        ),
        (
            detail({"epic": 0.8}, genre="ambient", bpm=None, key="8A", energy=None, dance=None),
            "an epic ambient track, in Camelot 8A",
            "un morceau d'ambient épique, en Camelot 8A",
        ),
        (
            detail({}, genre=None, bpm=None, key=None, energy=None, dance=0.9),
            "a track, very danceable",
            "un morceau, très dansant",
        ),
        (
            detail({}, genre=None, bpm=None, key=None, kind="podcast"),
            "a podcast, 3 min long",
            "un podcast de 3 min",
        ),
    ],
)
def test_sentences(track, english, french):
    assert summary_sentence(track, "en") == english
    assert summary_sentence(track, "fr") == french


def test_the_fields_that_the_api_promises():
    found = mir_summary(detail({"happy": 0.9}, tags=("bright",), bpm=127.6), "en")
    assert found["track_id"] == 7
    assert found["context"] == {
        "genre": "rock", "mood": "happy", "energy": 0.8, "danceability": 0.6, "bpm": 128,
        "key": "8B", "synthetic_tags": ["bright"], "source": "standards",
    }  # fmt: skip
    assert found["search_suggestions"] == [
        "happy rock around 128 BPM",
        "tracks that mix with 8B",
        "tracks like Band - Song",
        "make a happy playlist of an hour",
    ]
    assert json.loads(json.dumps(found)) == found


def test_of_a_track_in_the_library(shelf):
    result = tool.run(tool.arguments(track="Teardrop"), EN)
    rendering = tool.render(result, EN)
    assert result.track_ids == (shelf.id("Teardrop"),)
    assert rendering.kind == "track"
    assert rendering.sentence == (
        "“Massive Attack - Teardrop” is a chill electronic track, at 77 (or 154) BPM (Camelot 4B). "
        "Tags: chill, epic."
    )
    assert rendering.data["track"]["audio_url"]
    assert rendering.data["tags"][0]["score"] == 0.8
    assert rendering.data["scores"] == {"energy_score": 0.45, "mood_valence": 0.1}


def test_french(shelf):
    rendering = tool.render(tool.run(tool.arguments(track="Voilà"), FR), FR)
    assert rendering.sentence == (
        "« Françoise Hardy - Voilà » est un morceau de pop romantique, à 95 BPM (Camelot 9A). "
        "Étiquettes : romantique, épique."
    )


def test_not_listened_to_yet(shelf):
    rendering = tool.render(tool.run(tool.arguments(track="Untitled"), EN), EN)
    assert rendering.sentence == "“Untitled” has not been listened to yet; only its name is known."


def test_unknown(shelf):
    with pytest.raises(ToolError, match="I do not find"):
        tool.run(tool.arguments(track="qqqq"), EN)


def test_an_unusual_course_is_told(shelf):
    raw = {
        "tempo": {"beats_per_bar": 3, "meter_confidence": 0.9, "first_beats_s": [0.4]},
        "key": {"sections": [[0, "C major"], [130.2, "D major"]]},
    }
    exchange = {"raw": {"version": 2, "source": "x", "features_raw": raw}}
    mir_exchange.store_mir(shelf.id("Teardrop"), exchange)
    result = tool.run(tool.arguments(track="Teardrop"), EN)
    rendering = tool.render(result, EN)
    assert (
        "in three (3/4) and rises from C major to D major at 2:10. Tags: chill"
        in rendering.sentence
    )
    course = rendering.data["course"]
    assert (course["beats_per_bar"], course["first_downbeat_s"]) == (3, 0.4)
    assert (
        "à trois temps (3/4)"
        in tool.render(tool.run(tool.arguments(track="Teardrop"), FR), FR).sentence
    )


@pytest.mark.parametrize(
    ("about", "english", "french"),
    [
        (
            "key",
            "“Massive Attack - Teardrop” is in 4B (G# major).",
            "« Massive Attack - Teardrop » est en 4B (sol dièse majeur).",
        ),
        (
            "bpm",
            "“Massive Attack - Teardrop” is at 77 (or 154) BPM, which is slow.",
            "« Massive Attack - Teardrop » est à 77 (ou 154) BPM : c'est lent.",
        ),
        (
            "genre",
            "“Massive Attack - Teardrop” is electronic.",
            "« Massive Attack - Teardrop » : musique électronique.",
        ),
        (
            "length",
            "“Massive Attack - Teardrop” is 5 min 30 s long.",
            "« Massive Attack - Teardrop » dure 5 min 30 s.",
        ),
        (
            "year",
            "“Massive Attack - Teardrop” is from 1998.",
            "« Massive Attack - Teardrop » date de 1998.",
        ),
        (
            "album",
            "“Massive Attack - Teardrop” is on the album “Mezzanine”.",
            "« Massive Attack - Teardrop » est sur l'album « Mezzanine ».",
        ),
        (
            "moods",
            "“Massive Attack - Teardrop” is chill.",
            "« Massive Attack - Teardrop » : chill.",
        ),
        (
            "charts",
            "There is no drum chart of “Massive Attack - Teardrop” yet; ask for one and it is "
            "made.",
            "Il n'y a pas encore de partition de batterie de « Massive Attack - Teardrop » ; "
            "demandez-la et elle sera faite.",
        ),
        ("artist", "“Teardrop” is by Massive Attack.", "« Teardrop » est de Massive Attack."),
    ],
)
def test_one_fact(shelf, about, english, french):
    for context, sentence in ((EN, english), (FR, french)):
        result = tool.run(tool.arguments(track="Teardrop", about=about), context)
        rendering = tool.render(result, context)
        assert (rendering.kind, rendering.sentence) == ("text", sentence)
        assert result.track_ids == (shelf.id("Teardrop"),)


@pytest.mark.parametrize("about", ["key", "bpm", "genre", "moods"])
def test_a_fact_that_is_not_measured_yet(shelf, about):
    result = tool.run(tool.arguments(track="Untitled", about=about), EN)
    sentence = tool.render(result, EN).sentence
    assert "has not been listened to yet" in sentence and "Try again" in sentence


@pytest.mark.parametrize("about", ["year", "album", "artist"])
def test_a_fact_that_no_tag_tells(shelf, about):
    result = tool.run(tool.arguments(track="Untitled", about=about), EN)
    assert tool.render(result, EN).sentence.startswith("The tags of “Untitled” do not say ")


def test_a_key_that_does_not_stand_out(shelf, add_song):
    song = ("Noise", "Nobody", None, 2001, 3.0, 100, None, 0.5, "pop", "happy")
    add_song(shelf, song, name="noise.flac", vector=np.ones(200))
    result = tool.run(tool.arguments(track="Noise", about="key"), EN)
    assert tool.render(result, EN).sentence == (
        "The key of “Nobody - Noise” is not known: none stands out in it."
    )


@pytest.mark.parametrize(("seconds", "said"), [(45, "45 s"), (120, "2 min"), (3723, "1 h 02 min")])
def test_lengths(seconds, said):
    facts = {"track": {"duration_s": seconds}, "name": "X", "analysed": True}
    assert fact_sentence("length", facts, "en") == f"“X” is {said} long."
