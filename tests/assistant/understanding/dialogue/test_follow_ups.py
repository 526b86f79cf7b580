"""A conversation that holds: refinements, references, playlists of what was found."""

import json
from typing import Any

import pytest

from assistant.understanding import ConversationState, ResultTrack, read
from assistant.understanding.dialogue.queries.query_edits import apply
from assistant.understanding.dialogue.queries.query_merging import Edit
from assistant.understanding.dialogue.queries.query_shifts import shifted

SHOWN = (ResultTrack(7, "Alpha", "Ann"), ResultTrack(8, "Beta", "Bob"), ResultTrack(9, "Gamma"))


def after(text: str) -> ConversationState:
    reading = read(text)
    assert reading.tool is not None
    return ConversationState().after(
        reading.tool,
        reading.arguments,
        results=SHOWN,
        playlist="Evening",
        language=reading.language,
    )


def test_a_list_after_a_count_by_a_property_is_not_counted() -> None:
    reading = read("show me the sad ones", state=after("how many songs by genre"))
    assert "by" not in reading.arguments


def test_state_survives_json() -> None:
    state = after("an hour of sad jazz")
    assert ConversationState.from_json(json.loads(json.dumps(state.to_json()))) == state


@pytest.mark.parametrize(
    ("first", "text", "change"),
    [
        ("sad jazz", "slower", {"bpm_max": 90}),
        ("sad jazz", "a bit faster", {"bpm_min": 130}),
        ("sad jazz", "without vocals", {"instrumental": True}),
        ("sad jazz", "only from the 60s", {"year_min": 1960, "year_max": 1969}),
        ("sad jazz", "no blues", {"exclude_genres": ["blues"]}),
        ("du jazz triste", "plus lent", {"bpm_max": 90}),
        ("du jazz triste", "et sans paroles", {"instrumental": True}),
        ("du jazz triste", "pas de blues", {"exclude_genres": ["blues"]}),
    ],
)
def test_refinements_keep_the_query(first: str, text: str, change: dict[str, object]) -> None:
    reading = read(text, state=after(first))
    assert reading.tool == "search_tracks"
    assert reading.arguments == {"genres": ["jazz"], "moods": ["sad"], **change}


def test_a_playlist_is_refined_as_a_playlist() -> None:
    reading = read("without rap", state=after("an hour of party music"))
    assert reading.tool == "make_playlist"
    assert reading.arguments["duration_min"] == 60


def test_a_new_request_forgets_the_old_one() -> None:
    reading = read("find me some techno", state=after("sad jazz"))
    assert reading.arguments == {"genres": ["techno"]}


@pytest.mark.parametrize(
    ("text", "track"),
    [
        ("tell me about the second one", "Beta by Bob"),
        ("tell me about number 1", "Alpha by Ann"),
        ("parle-moi du troisième", "Gamma"),
        ("tell me about the last one", "Gamma"),
    ],
)
def test_results_are_pointed_at(text: str, track: str) -> None:
    assert read(text, state=after("sad jazz")).arguments == {"track": track}


def test_a_place_beyond_the_list_is_deferred() -> None:
    assert read("tell me about the ninth one", state=after("sad jazz")).tool is None


def test_references_mean_nothing_in_a_fresh_conversation() -> None:
    assert read("tell me about the second one").tool is None
    assert read("slower").tool is None or read("slower").arguments == {"bpm_max": 90}


def test_this_one_is_the_track_last_spoken_of() -> None:
    state = after("sad jazz").after("summarize_track", {"track": "Beta by Bob"})
    assert read("songs like this one", state=state).arguments == {"track": "Beta by Bob"}


def test_results_become_a_playlist() -> None:
    reading = read("turn that into a playlist", state=after("sad jazz"))
    assert (reading.tool, reading.arguments) == (
        "make_playlist",
        {"genres": ["jazz"], "moods": ["sad"]},
    )


def test_slower_moves_a_known_limit() -> None:
    assert shifted({"bpm_min": 100, "bpm_max": 120}, "down") == {"bpm_min": 90, "bpm_max": 108}
    assert shifted({"genres": ["jazz"]}, "up") == {"genres": ["jazz"], "bpm_min": 130}


def test_an_excluded_genre_leaves_the_wanted_ones() -> None:
    edit = Edit("refine", {"exclude_genres": ["punk"]})
    merged = apply({"genres": ["rock", "punk"]}, edit, playlist=False)
    assert merged == {"genres": ["rock"], "exclude_genres": ["punk"]}


def test_an_opposite_mood_replaces() -> None:
    edit = Edit("refine", {"moods": ["happy"]})
    assert apply({"moods": ["sad"]}, edit, playlist=False) == {"moods": ["happy"]}


@pytest.mark.parametrize(
    ("text", "tool", "arguments"),
    [
        ("without jazz", "search_tracks", {"like": "Strobe", "exclude_genres": ["jazz"]}),
        ("slower", "search_tracks", {"like": "Strobe", "bpm_max": 90}),
        ("make that a playlist", "make_playlist", {"like": "Strobe"}),
    ],
)
def test_what_sounds_alike_can_be_refined(text: str, tool: str, arguments: dict) -> None:
    before = ConversationState().after("search_tracks", {"genres": ["pop"]}, results=())
    shown = (ResultTrack(1, "Angel", "Massive Attack"),)
    state = before.after("find_similar", {"track": "Strobe"}, results=shown)
    reading = read(text, state=state)
    assert (reading.tool, reading.arguments) == (tool, arguments)


def test_a_name_given_afterwards_is_the_last_playlists() -> None:
    state = ConversationState().after("make_playlist", {"genres": ["jazz"]}, results=())
    reading = read("call it Sunday", state=state)
    assert reading.tool == "edit_playlist"
    assert reading.arguments == {"playlist": "last", "action": "rename", "name": "Sunday"}
    assert read("call it Sunday").tool is None


PLAYLIST = ConversationState(
    tool="make_playlist",
    arguments={"genres": ["jazz"], "duration_min": 60},
    query_tool="make_playlist",
    query={"genres": ["jazz"], "duration_min": 60},
    results=tuple(ResultTrack(n, f"T{n}", "A", year=1990 + n) for n in (1, 5, 9)),
    playlist="Jazz",
)


@pytest.mark.parametrize(
    ("text", "tool", "new"),
    [
        ("newer ones with the same feel", "make_playlist", {"year_min": 1996}),
        ("des plus anciens", "make_playlist", {"year_max": 1994}),
        ("a few more like these but slightly faster", "make_playlist", {"bpm_min": 130}),
        ("fewer lyrics", "make_playlist", {"instrumental": True}),
        ("something sadder", "make_playlist", {"moods": ["sad"]}),
        ("avec du ska aussi", "make_playlist", {"genres": ["jazz", "ska"]}),
    ],
)
def test_what_refines_the_last_playlist(text: str, tool: str, new: dict[str, Any]) -> None:
    reading = read(text, state=PLAYLIST)
    assert (reading.tool, reading.arguments) == (tool, {**PLAYLIST.query, **new})


def test_one_track_to_end_with_is_searched() -> None:
    reading = read("a slower one to end with", state=PLAYLIST)
    assert reading.tool == "search_tracks"
    assert reading.arguments == {"genres": ["jazz"], "bpm_max": 90, "limit": 1}


@pytest.mark.parametrize("text", ["no, I meant the band", "non, je parlais du groupe"])
def test_a_correction_takes_the_name_as_an_artist(text: str) -> None:
    state = ConversationState(tool="summarize_track", arguments={"track": "Nirvana"})
    reading = read(text, state=state)
    assert (reading.tool, reading.arguments) == ("search_tracks", {"artists": ["Nirvana"]})


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("take me from Nina Simone to Daft Punk in 10 songs", ("Nina Simone", "Daft Punk")),
        ("emmène-moi de Nina Simone à Daft Punk en 10 titres", ("Nina Simone", "Daft Punk")),
        ('a path from "Hurt" to "Happy", 10 tracks', ("Hurt", "Happy")),
    ],
)
def test_a_path_leads_from_one_name_to_another(text: str, ends: tuple[str, str]) -> None:
    assert read(text).arguments == {"from_track": ends[0], "to_track": ends[1], "limit": 10}


def test_slow_and_fast_are_no_ends_of_a_path() -> None:
    assert read("a playlist that goes from slow to fast").arguments == {"arc": "rise"}


@pytest.mark.parametrize(
    ("first", "text"),
    [
        ("an hour of sad jazz called Blue", "another playlist like that"),
        ("an hour of sad jazz", "make me another playlist like this one please"),
        ("an hour of sad jazz", "the same playlist but with other songs"),
        ("une heure de jazz triste", "fais-moi une autre playlist comme ça"),
        ("une heure de jazz triste", "encore une playlist du même genre"),
    ],
)
def test_another_playlist_like_that_keeps_the_wishes(first: str, text: str) -> None:
    reading = read(text, state=after(first))
    assert reading.tool == "make_playlist"
    assert reading.arguments == {"genres": ["jazz"], "moods": ["sad"], "duration_min": 60}


def test_a_playlist_like_that_after_a_search() -> None:
    reading = read("make a playlist like that", state=after("sad jazz"))
    assert reading.tool == "make_playlist"
    assert reading.arguments == {"genres": ["jazz"], "moods": ["sad"]}


def test_a_number_after_a_list_is_the_row() -> None:
    state = after("sad jazz")
    assert read("tell me about #2", state=state).arguments == {"track": "Beta by Bob"}
    assert read("chart #2", state=state).arguments == {"track": "Beta by Bob"}


def edited(action: str, **arguments: object) -> ConversationState:
    said = {"playlist": "last", "action": action, **arguments}
    return ConversationState(shown="playlist", results=SHOWN).after("edit_playlist", said)


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("no at the start rather", 1), ("actually at the end", -1), ("in third place please", 3),
        ("non au début plutôt", 1), ("plutôt à la fin", -1), ("non en deuxième", 2),
    ],
)  # fmt: skip
def test_a_track_just_added_gets_another_place(text: str, position: int) -> None:
    reading = read(text, state=edited("add", tracks=["Copper Sky"]))
    assert reading.tool == "edit_playlist"
    assert reading.arguments == {
        "playlist": "last", "action": "move", "tracks": ["Copper Sky"], "position": position,
    }  # fmt: skip
    assert read(text, state=edited("rename", name="Gym")).tool != "edit_playlist"


@pytest.mark.parametrize("text", ["put it back", "finalement remettez-le", "non, rajoute-la"])
def test_what_was_taken_out_comes_back(text: str) -> None:
    reading = read(text, state=edited("remove", tracks=["Copper Sky"]))
    assert reading.arguments == {"playlist": "last", "action": "undo"}


@pytest.mark.parametrize("text", ["actually don't", "I changed my mind", "finalement non"])
def test_a_change_is_called_off(text: str) -> None:
    assert read(text, state=edited("delete")).arguments["action"] == "undo"
    assert read(text, state=edited("undo")).tool is None


def test_which_ones_were_counted() -> None:
    reading = read("which ones", state=after("how many jazz songs"))
    assert (reading.tool, reading.arguments) == ("search_tracks", {"genres": ["jazz"]})


def test_an_alternative_of_another_kind_replaces() -> None:
    state = after("something aggressive")
    assert read("or punk", state=state).arguments == {"genres": ["punk"]}
    state = after("sad jazz")
    assert read("or blues", state=state).arguments["genres"] == ["jazz", "blues"]


def test_what_plays_by_its_kind_is_changed() -> None:
    reading = read("not disco", state=after("play something to dance"))
    assert reading.tool == "play_music"
    assert reading.arguments == {"moods": ["dancefloor"], "exclude_genres": ["disco"]}
    assert read("not disco", state=after("play Copper Sky")).tool != "play_music"


def test_compared_with_the_track_spoken_of() -> None:
    state = after('tell me about "Iron Tide"')
    reading = read('compare it with "Copper Sky"', state=state)
    assert reading.arguments == {"tracks": ["Iron Tide", "Copper Sky"]}


def test_an_edit_of_the_query_is_marked() -> None:
    state = after("an hour of jazz")
    assert read("slower", state=state).edits
    assert not read("make a metal playlist", state=state).edits
    assert not read("another playlist like that", state=state).edits


@pytest.mark.parametrize(
    ("first", "text", "order"),
    [
        ("what's the fastest song I have", "and the slowest?", {"sort": "bpm"}),
        ("le morceau le plus lent", "et le plus rapide ?", {"sort": "bpm", "descending": True}),
        ("the longest song", "and the calmest", {"sort": "energy", "descending": False}),
    ],
)
def test_the_other_end_of_an_order(first: str, text: str, order: dict[str, object]) -> None:
    assert read(text, state=after(first)).arguments == order


@pytest.mark.parametrize("text", ["calmest songs", "les morceaux les plus calmes"])
def test_the_calmest_are_not_the_wildest(text: str) -> None:
    assert read(text).arguments == {"sort": "energy", "descending": False}


@pytest.mark.parametrize("text", ["shwo me jazz", "adn show me jazz", "afficeh du jazz"])
def test_words_typed_in_a_hurry(text: str) -> None:
    assert read(text).arguments == {"genres": ["jazz"]}


def test_too_much_of_something_ends_at_the_comma() -> None:
    state = after("play something energetic")
    reading = read("nah too metal for me, something i could dance to", state=state)
    assert "exclude_moods" not in reading.arguments
