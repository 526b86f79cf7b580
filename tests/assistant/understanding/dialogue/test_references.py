"""What a request points at, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from assistant.understanding import ConversationState, Reading, ResultTrack, read
from assistant.understanding.dialogue.state import ListItem

Said = Callable[..., Reading]
ONE, TWO, THREE = "Copper Hill by Ann Vale", "Night Ferry by The Kilns", "Step by Step by Bo Lind"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("tell me about the third one", THREE),
        ("tell me about that last one", THREE),
        ("tell me about the middle one", TWO),
        ("tell me about the slow one", ONE),
        ("tell me about the fastest of them", TWO),
        ("tell me about the oldest one", ONE),
        ("tell me about the newest", THREE),
        ("tell me about the loudest one", TWO),
        ("tell me about the shortest one", THREE),
        ("tell me about the one by Bo Lind", THREE),
        ("tell me about the house one", TWO),
        ("tell me about the one in 9A", THREE),
        ("tell me about Night Ferry", TWO),
        ("tell me about Step by Step", THREE),
        ("the second to last one", TWO),
        ("parle-moi du troisième", THREE),
        ("parle-moi de celui du milieu", TWO),
        ("parle-moi de la plus lente", ONE),
        ("parle-moi de celui qui est le plus rapide", TWO),
        ("parle-moi de celui de Bo Lind", THREE),
        ("parle-moi de celui en 9A", THREE),
        ("lequel est le plus court ?", THREE),
        ("le plus récent c'est lequel ?", THREE),
        ("qui chante le deuxième ?", TWO),
    ],
)
def test_a_track_of_the_list(said: Said, text: str, label: str) -> None:
    reading = said("find ska" if text.isascii() and "parle" not in text else "du ska", text)
    assert (reading.tool, reading.arguments) == ("summarize_track", {"track": label})


@pytest.mark.parametrize(
    ("text", "tool", "arguments"),
    [
        ("chart it", "generate_drum_chart", {"track": TWO}),
        ("what blends well with it?", "search_tracks", {"mixes_with": TWO}),
        ("find me something that mixes with it", "search_tracks", {"mixes_with": TWO}),
        ("anything in the same vein", "find_similar", {"track": TWO}),
        ("other songs by that band", "search_tracks", {"artists": ["The Kilns"]}),
        ("what else have they done?", "search_tracks", {"artists": ["The Kilns"]}),
        ("put on all the songs by that band", "play_music", {"artists": ["The Kilns"]}),
        ("what's its tempo?", "summarize_track", {"track": TWO, "about": "bpm"}),
        ("an hour long mix beginning with it", "make_playlist",
         {"from_track": TWO, "duration_min": 60}),
        ("play it", "play_music", {"track": TWO}),
        ("put it in my playlist", "edit_playlist",
         {"playlist": "last", "action": "add", "tracks": [TWO]}),
        ("qu'est-ce qui s'enchaîne bien avec ça ?", "search_tracks", {"mixes_with": TWO}),
        ("d'autres morceaux du même groupe", "search_tracks", {"artists": ["The Kilns"]}),
        ("joue tout de cet artiste", "play_music", {"artists": ["The Kilns"]}),
        ("quel est son tempo ?", "summarize_track", {"track": TWO, "about": "bpm"}),
        ("sa durée ?", "summarize_track", {"track": TWO, "about": "length"}),
        ("un mix d'une heure qui part de là", "make_playlist",
         {"from_track": TWO, "duration_min": 60}),
        ("joue-le", "play_music", {"track": TWO}),
        ("ajoute-le à ma playlist", "edit_playlist",
         {"playlist": "last", "action": "add", "tracks": [TWO]}),
    ],
)  # fmt: skip
def test_the_track_spoken_of(said: Said, text: str, tool: str, arguments: dict) -> None:
    reading = said("find ska", "tell me about the second one", text)
    assert (reading.tool, reading.arguments) == (tool, arguments)


@pytest.mark.parametrize("text", ["more songs by that singer", "des titres du même artiste"])
def test_several_artists_are_asked_for(said: Said, text: str) -> None:
    reading = said("find ska", text)
    assert (reading.tool, reading.choices) == (None, ("Ann Vale", "The Kilns", "Bo Lind"))


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("compare the first and the last", [ONE, THREE]),
        ("compare number 1 with number 2", [ONE, TWO]),
        ("compare le premier et le dernier", [ONE, THREE]),
    ],
)
def test_two_tracks_are_compared(said: Said, text: str, label: list[str]) -> None:
    reading = said("find ska", text)
    assert (reading.tool, reading.arguments) == ("compare_tracks", {"tracks": label})


def test_the_slowest_of_unknown_tempos_is_not_guessed() -> None:
    shown = (ResultTrack(1, "A", bpm=90), ResultTrack(2, "B"))
    state = ConversationState().after("search_tracks", {"genres": ["ska"]}, results=shown)
    assert read("tell me about the slowest one", state=state).tool is None


def test_two_tracks_of_one_name_are_told_apart_by_their_ids() -> None:
    shown = (ResultTrack(1, "Hurt", "Cash"), ResultTrack(2, "Hurt", "Cash"))
    state = ConversationState().after("search_tracks", {"genres": ["folk"]}, results=shown)
    assert read("chart the second one", state=state).arguments == {"track": "#2"}


def test_what_plays_is_meant_where_nothing_else_was_spoken_of() -> None:
    playing = ResultTrack(4, "Embers", "Ann Vale")
    state = ConversationState().after("control_player", {"action": "next"}, playing=playing)
    assert read("chart it", state=state).arguments == {"track": "Embers by Ann Vale"}
    assert read("more by that artist", state=state).arguments == {"artists": ["Ann Vale"]}


def test_the_list_outlives_an_empty_answer() -> None:
    shown = (ResultTrack(1, "A", "X"), ResultTrack(2, "B", "Y"))
    state = ConversationState().after("search_tracks", {"genres": ["ska"]}, results=shown)
    state = state.after("search_tracks", {"genres": ["polka"]}, results=())
    assert read("tell me about number 2", state=state).arguments == {"track": "B by Y"}


def test_ids_of_what_was_shown_are_kept() -> None:
    state = ConversationState().after("search_tracks", {}, results=(ResultTrack(1, "A", "X"),))
    state = state.after("search_tracks", {}, results=(ResultTrack(2, "B", "Y"),))
    assert state.ids == {"A by X": 1, "B by Y": 2}


def test_a_state_with_everything_survives_json() -> None:
    track = ResultTrack(2, "B", "Y", moods=("sad",), energy=0.5)
    state = ConversationState().after(
        "browse_library", {"what": "artists"}, items=(ListItem("Ann Vale", "songs by Ann Vale"),)
    )
    state = replace(state.after("play_music", {}, results=(track,), playing=track), album="Low")
    assert ConversationState.from_json(state.to_json()) == state


@pytest.mark.parametrize("text", ["chart it", "what mixes with it", "joue-le"])
def test_references_mean_nothing_in_a_fresh_conversation(text: str) -> None:
    assert read(text).tool in {None, "play_music"}
    assert not set(read(text).arguments) & {"track", "mixes_with"}
