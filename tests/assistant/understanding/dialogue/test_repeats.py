"""The last call for another track, values in common, two tracks shown, courtesies."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.understanding import ConversationState, read
from assistant.understanding.dialogue.state import ListItem, ResultTrack

KILNS, LIND = "Night Ferry by The Kilns", "Harbour Waltz by Bo Lind"
TWO = (
    ResultTrack(1, "Night Ferry", "The Kilns", 1994, 120.0, "Quay", "8A", 0.6, "house"),
    ResultTrack(2, "Harbour Waltz", "Bo Lind", 1958, 90.0, "Pier", "5A", 0.3, "folk"),
)


def found(**query: Any) -> ConversationState:
    return ConversationState().after("search_tracks", query or {"moods": ["calm"]}, results=TWO)


def made() -> ConversationState:
    return ConversationState().after(
        "make_playlist", {"moods": ["party"]}, results=TWO, playlist="Party"
    )


@pytest.mark.parametrize(
    ("text", "tool", "arguments"),
    [
        ("what key is the waltz in?", "summarize_track", {"track": LIND, "about": "key"}),
        ("quelle année, la deuxième ?", "summarize_track", {"track": LIND, "about": "year"}),
        ("the first one, how long is it?", "summarize_track", {"track": KILNS, "about": "length"}),
        ("play both", "play_music", {}),
        ("joue les deux", "play_music", {}),
        ("which one is faster?", "compare_tracks", {"tracks": [KILNS, LIND]}),
        ("laquelle des deux est la plus lente ?", "compare_tracks", {"tracks": [KILNS, LIND]}),
        ("which of them are in 8A?", "search_tracks", {"moods": ["calm"], "keys": ["8A"]}),
        ("take out anything aggressive", "search_tracks",
         {"moods": ["calm"], "exclude_moods": ["aggressive"]}),
        ("vire tout ce qui est sous 100 bpm", "search_tracks", {"moods": ["calm"], "bpm_min": 100}),
        ("play them all shuffled", "play_music", {"moods": ["calm"], "sort": "random"}),
        ("put them in a new playlist called Sunday", "make_playlist",
         {"moods": ["calm"], "name": "Sunday"}),
        ("garde-les dans une playlist Dimanche", "make_playlist",
         {"moods": ["calm"], "name": "Dimanche"}),
        ("combien y en a ?", "count_tracks", {"moods": ["calm"]}),
        ("mettez-les dans la file", "play_music", {"moods": ["calm"], "when": "end"}),
    ],
)  # fmt: skip
def test_of_the_tracks_shown(text: str, tool: str, arguments: dict[str, Any]) -> None:
    reading = read(text, state=found())
    assert (reading.tool, reading.arguments) == (tool, arguments)


@pytest.mark.parametrize(
    ("text", "tool", "arguments"),
    [
        ("mets-la en premier", "edit_playlist",
         {"playlist": "last", "action": "move", "tracks": [LIND], "position": 1}),
        ("something from the same decade", "search_tracks", {"year_min": 1950, "year_max": 1959}),
        ("d'autres morceaux du même album", "search_tracks", {"albums": ["Pier"]}),
        ("everything compatible with its key", "search_tracks", {"harmonic_with": "5A"}),
        ("is it jazz?", "summarize_track", {"track": LIND, "about": "genre"}),
        ("swap the first two", "edit_playlist",
         {"playlist": "last", "action": "move", "tracks": [LIND], "position": 1}),
    ],
)  # fmt: skip
def test_of_the_track_spoken_of(text: str, tool: str, arguments: dict[str, Any]) -> None:
    state = made().after("summarize_track", {"track": LIND}, track=TWO[1])
    reading = read(text, state=state)
    assert (reading.tool, reading.arguments) == (tool, arguments)


@pytest.mark.parametrize(
    ("tool", "before", "text", "arguments"),
    [
        ("summarize_track", {"track": KILNS, "about": "bpm"}, "and the second one?",
         {"track": LIND, "about": "bpm"}),
        ("summarize_track", {"track": LIND, "about": "bpm"}, "et Salt Road ?",
         {"track": "Salt Road", "about": "bpm"}),
        ("generate_drum_chart", {"track": LIND, "levels": ["BASIC"]}, "same for Salt Road",
         {"track": "Salt Road", "levels": ["BASIC"]}),
        ("compare_tracks", {"tracks": [KILNS, LIND]}, "what about Salt Road?",
         {"tracks": [KILNS, LIND, "Salt Road"]}),
    ],
)  # fmt: skip
def test_the_last_call_for_another_track(
    tool: str, before: dict[str, Any], text: str, arguments: dict[str, Any]
) -> None:
    reading = read(text, state=found().after(tool, before))
    assert (reading.tool, reading.arguments) == (tool, arguments)


def test_what_was_left_out_comes_back() -> None:
    state = found(genres=["techno"], exclude_artists=["Bo Lind"])
    assert read("put him back in", state=state).arguments == {"genres": ["techno"]}


def test_a_place_in_a_list_of_artists() -> None:
    items = (ListItem("The Kilns", "songs by The Kilns"), ListItem("Bo Lind", "songs by Bo Lind"))
    state = ConversationState().after("browse_library", {"what": "artists"}, items=items)
    assert read("show me the second one", state=state).arguments == {"artists": ["Bo Lind"]}


def test_the_start_of_the_music_is_that_of_the_new_playlist() -> None:
    assert read("lancez la musique", state=made()).arguments == {"playlist": "last"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("cheers, that will be all for tonight", "thanks"),
        ("je vous remercie infiniment", "thanks"),
        ("never mind, good night", "goodbye"),
        ("pas grave, salut", "goodbye"),
    ],
)
def test_courtesies_ask_for_nothing(text: str, kind: str) -> None:
    reading = read(text, state=found())
    assert (reading.tool, reading.reply_kind) == (None, kind)
