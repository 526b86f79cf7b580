from functools import partial

import numpy as np
import pytest

from store.library import track_writing
from store.people import player
from store.people.people import person
from store.people.player_state import PlayerState, next_track, pause
from store.people.queue_edits import QUEUE_AT_MOST, play_now, set_shuffle
from store.playlists import playlist_writing
from store.records import FileFacts, TagFacts, TrackRecord
from store.tracks.album_order import in_album_order
from tools import play_music as tool
from tools.base import ToolContext, ToolError

EN, FR = ToolContext(language="en"), ToolContext(language="fr")


def play(context=EN, **arguments):
    result = tool.run(tool.arguments(**arguments), context)
    return result, tool.render(result, context)


def queue(person_id=1):
    return list(player.player(person_id).queue)


def titles(result):
    return [fact["title"] for fact in result.facts["tracks"]]


def test_a_track(shelf):
    result, rendering = play(track="Strobe")
    assert rendering.sentence == "Now playing “Strobe” by deadmau5."
    assert rendering.kind == "tracks"
    state = player.player(1)
    assert (state.queue, state.playing) == ((shelf.id("Strobe"),), True)
    assert rendering.data["player"] == {"version": state.version, "place": 0, "playing": True}
    assert rendering.data["tracks"][0]["audio_url"] == f"/api/tracks/{shelf.id('Strobe')}/audio"
    assert result.track_ids == state.queue


def test_a_name_that_the_conversation_knows(shelf):
    context = ToolContext(entities={"the second one": shelf.id("Angel")})
    play(context, track="the second one")
    assert queue() == [shelf.id("Angel")]


def test_an_unknown_and_an_ambiguous_name_offer_choices(shelf):
    with pytest.raises(ToolError, match="Did you mean") as unknown:
        play(track="Bak in Blak")
    assert unknown.value.choices[0] == "AC/DC - Back in Black"
    with pytest.raises(ToolError, match="Which one") as ambiguous:
        play(track="Hurt")
    assert set(ambiguous.value.choices) == {"Nine Inch Nails - Hurt", "Johnny Cash - Hurt"}
    assert player.player(1) == PlayerState()


def test_a_description(shelf):
    result, rendering = play(genres=["house"])
    assert set(titles(result)) == {"One More Time", "Around the World", "Strobe"}
    assert rendering.sentence.startswith("Now playing “")
    assert rendering.sentence.endswith(", then 2 more.")
    assert result.facts["queue"] == 3 and result.facts["left"] == 2


def test_in_french(shelf):
    _, rendering = play(FR, genres=["jazz"])
    assert rendering.sentence.startswith("Lecture de « ")
    assert rendering.sentence.endswith(" de Miles Davis, puis d'un autre morceau.")
    _, rendering = play(FR, track="Angel", when="end")
    assert rendering.sentence == "« Angel » de Massive Attack est à la fin de la file d'attente."


def test_artists_take_turns(shelf):
    result, _ = play(artists=["AC/DC", "Daft Punk"], limit=4)
    artists = [fact["artist"] for fact in result.facts["tracks"]]
    assert sorted(artists) == ["AC/DC", "AC/DC", "Daft Punk", "Daft Punk"]
    result, _ = play(limit=5)
    assert len({fact["artist"] for fact in result.facts["tracks"]}) == 5


def test_a_sort_and_a_limit_are_kept(shelf):
    result, _ = play(sort="bpm", limit=3)
    assert titles(result) == ["Blue in Green", "Hurt", "Teardrop"]


def test_words_of_a_title_come_as_in_a_search(shelf):
    result, _ = play(text="thunderstruck")
    assert titles(result) == ["Thunderstruck"]


def test_versions_of_a_song_are_played_once(shelf, add_song):
    live = ("Strobe (Live)", "deadmau5", None, 2010, 10.0, 128, "9A", 0.75, "house", "chill")
    add_song(shelf, live, name="live.flac", vector=np.random.default_rng(4).normal(size=200))
    for arguments in ({"genres": ["house"]}, {"genres": ["house"], "sort": "bpm"}):
        result, _ = play(**arguments)
        assert [t for t in titles(result) if t.startswith("Strobe")] == ["Strobe"]


def test_what_a_description_was_taken_as_is_said(shelf):
    _, rendering = play(text="a rainy evening with piano")
    assert rendering.sentence.startswith("I took this as: ")
    assert "Now playing" in rendering.sentence


def test_nothing_fits_and_the_queue_stays(shelf):
    play(track="Angel")
    result, rendering = play(genres=["jazz"], bpm_min=200)
    assert rendering.kind == "text"
    assert rendering.sentence.startswith("No track fits all of that: without the tempo 2 would.")
    assert result.track_ids == () and queue() == [shelf.id("Angel")]


def test_a_playlist_in_its_order(shelf):
    order = [shelf.id(title) for title in ("Voilà", "Angel", "Strobe")]
    made = playlist_writing.save_playlist("Évening", [(number, "") for number in order], {})
    result, rendering = play(playlist="evening")
    assert queue() == order
    assert rendering.sentence == "Now playing “Voilà” by Françoise Hardy, then 2 more."
    assert (result.playlist, result.playlist_id) == ("Évening", made.id)
    play(playlist="evening", limit=2)
    assert queue() == order[:2]


def test_a_playlist_shuffled(shelf):
    order = [shelf.id(title) for title in ("Voilà", "Angel", "Strobe")]
    playlist_writing.save_playlist("Mix", [(number, "") for number in order], {})
    play(playlist="mix", sort="random")
    assert player.player(1).shuffle and sorted(queue()) == sorted(order)


def test_last_is_the_playlist_of_the_conversation(shelf):
    first = playlist_writing.save_playlist("One", [(shelf.id("Angel"), "")], {})
    playlist_writing.save_playlist("Two", [(shelf.id("Strobe"), "")], {})
    play(ToolContext(playlist_id=first.id), playlist="last")
    assert queue() == [shelf.id("Angel")]
    play(playlist="last")
    assert queue() == [shelf.id("Strobe")]


def test_playlists_that_cannot_be_played(shelf):
    with pytest.raises(ToolError, match="no playlist yet"):
        play(playlist="Gym")
    playlist_writing.save_playlist("Gym", [], {})
    with pytest.raises(ToolError, match="“Gym” is empty"):
        play(playlist="gym")
    with pytest.raises(ToolError) as error:
        play(playlist="Jim")
    assert error.value.choices == ("Gym",)


@pytest.mark.parametrize(
    "arguments",
    [
        {"track": "Angel", "genres": ["jazz"]},
        {"track": "Angel", "playlist": "x"},
        {"playlist": "x", "bpm_min": 100},
    ],
)
def test_one_thing_at_a_time(shelf, arguments):
    with pytest.raises(ToolError, match="one thing to play"):
        play(**arguments)


def test_next_and_end(shelf):
    play(genres=["jazz"], sort="bpm")
    jazz = queue()
    _, rendering = play(track="Angel", when="next")
    assert rendering.sentence == "“Angel” by Massive Attack plays next."
    _, rendering = play(genres=["house"], sort="bpm", when="end")
    assert rendering.sentence == (
        "3 tracks are at the end of the queue, first “Around the World” by Daft Punk."
    )
    house = [shelf.id(title) for title in ("Around the World", "One More Time", "Strobe")]
    assert queue() == [jazz[0], shelf.id("Angel"), jazz[1], *house]


def test_next_in_an_empty_queue_plays(shelf):
    _, rendering = play(track="Angel", when="next")
    assert rendering.sentence == "Now playing “Angel” by Massive Attack."
    assert player.player(1).playing


def test_the_result_begins_with_the_current_track(shelf):
    play(genres=["house"], sort="bpm")
    player.change(1, next_track)
    result, _ = play(track="Angel", when="end")
    assert titles(result) == ["One More Time", "Strobe", "Angel"]
    assert result.track_ids == player.player(1).queue[1:]
    assert result.facts["player"]["place"] == 1


def test_nothing_given_goes_on(shelf):
    play(genres=["house"], sort="bpm")
    player.change(1, pause)
    _, rendering = play()
    assert rendering.sentence == "“Around the World” by Daft Punk goes on."
    assert player.player(1).playing


def test_nothing_given_plays_what_was_shown(shelf):
    play(track="Angel")
    shown = tuple(shelf.id(title) for title in ("Voilà", "Strobe"))
    _, rendering = play(ToolContext(shown=shown))
    assert queue() == list(shown)
    assert rendering.sentence == "Now playing “Voilà” by Françoise Hardy, then one more."
    player.change(1, pause)
    play(ToolContext(shown=shown))  # it is the queue: go on
    assert player.player(1).playing and player.player(1).started == 2


def test_nothing_given_and_nothing_there(shelf):
    with pytest.raises(ToolError, match="Say what to play"):
        play()
    with pytest.raises(ToolError, match="Say what to play"):
        play(ToolContext(shown=(999_999,)))


def test_an_empty_library_says_so(empty):
    _, rendering = play(genres=["jazz"])
    assert rendering.sentence.startswith("The library is empty.")


def test_everyone_has_a_queue(shelf):
    other = person("Mia").id
    play(track="Angel")
    play(ToolContext(person=other), track="Strobe")
    assert queue() == [shelf.id("Angel")] and queue(other) == [shelf.id("Strobe")]


def test_a_long_queue_shows_its_beginning(shelf):
    ids = list(shelf.ids.values()) * 2
    player.change(1, partial(play_now, track_ids=ids))
    result, _ = play(track="Angel", when="end")
    assert len(result.facts["tracks"]) == 20
    assert (len(result.track_ids), result.facts["queue"]) == (33, 33)


def test_a_full_queue_leaves_tracks_out(shelf):
    player.change(1, partial(play_now, track_ids=[shelf.id("Angel")] * (QUEUE_AT_MOST - 1)))
    result, rendering = play(genres=["house"], when="next")
    assert len(queue()) == QUEUE_AT_MOST and result.facts["added"] == 1
    assert rendering.sentence.endswith("The queue holds 3000 tracks at most: 2 were left out.")


def test_a_new_queue_is_not_shuffled(shelf):
    play(genres=["house"])
    player.change(1, partial(set_shuffle, on=True))
    play(sort="bpm", limit=5)
    assert not player.player(1).shuffle


def test_an_album_has_its_own_order(library):
    numbers = [(2, 1, "D"), (1, 2, "B"), (1, 1, "A"), (1, None, "C")]
    ids = {}
    for number, (disc, track, title) in enumerate(numbers):
        path = library.music / f"{title}.flac"
        path.write_bytes(title.encode())
        file = FileFacts(
            path=path, content_hash=title, size_bytes=1, mtime_ns=number, audio_format="flac"
        )
        tags = TagFacts(
            title=title, artist="Band", album="Both Sides", disc_no=disc, track_no=track
        )
        ids[title] = track_writing.save_track(TrackRecord(file=file, tags=tags))
    orbit = library.id("Orbit")
    shuffled = [orbit, ids["D"], ids["B"], ids["C"], ids["A"]]
    assert in_album_order(shuffled) == [orbit, *(ids[title] for title in "ABCD")]
    assert in_album_order([999_999, ids["A"]]) == [ids["A"]]
