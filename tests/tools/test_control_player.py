from functools import partial

import pytest

from store.people import player
from store.people.people import person
from store.people.queue_edits import play_now
from tools import control_player as tool
from tools.base import ToolContext

EN, FR = ToolContext(language="en"), ToolContext(language="fr")
TITLES = ("Around the World", "Strobe", "Untitled")


def control(action, context=EN):
    result = tool.run(tool.arguments(action=action), context)
    return result.facts, tool.render(result, context)


def said(action, context=EN):
    return control(action, context)[1].sentence


@pytest.fixture
def playing(shelf):
    ids = [shelf.id(title) for title in TITLES]
    return player.change(1, partial(play_now, track_ids=ids))


def test_pause_and_resume(playing):
    facts, rendering = control("pause")
    assert rendering.sentence == "“Around the World” by Daft Punk is paused."
    assert rendering.kind == "text"
    state = player.player(1)
    assert not state.playing
    assert rendering.data["player"] == {"version": state.version, "place": 0, "playing": False}
    assert rendering.data["now"]["audio_url"] == f"/api/tracks/{state.current}/audio"
    assert "tracks" not in facts  # "the second one" stays that of the list shown
    assert said("resume") == "“Around the World” by Daft Punk goes on."
    assert player.player(1).playing


def test_next_to_the_end(playing):
    assert said("next") == "Now playing “Strobe” by deadmau5."
    assert said("next") == "Now playing “Untitled”."
    assert said("next").startswith("That was the last track of the queue")
    state = player.player(1)
    assert (state.current, state.playing) == (playing.queue[2], False)


def test_previous_to_the_beginning(playing):
    control("next")
    assert said("previous") == "Now playing “Around the World” by Daft Punk."
    assert said("previous").startswith("That is the first track of the queue: “Around the World”")


def test_stop(playing):
    assert said("stop") == "Stopped. Say “resume” to start “Around the World” by Daft Punk again."
    assert not player.player(1).playing


def test_the_volume_moves_in_steps_and_ends(playing):
    assert said("louder") == "It is at full volume already."
    assert said("quieter") == "Quieter: 90 %."
    assert said("quieter", FR) == "Moins fort : 80 %."
    for _ in range(8):
        control("quieter")
    assert said("quieter") == "The sound is off already."
    assert player.player(1).volume == 0.0
    assert said("louder") == "Louder: 10 %."


def test_shuffle_on_and_off(playing):
    facts, rendering = control("shuffle")
    assert facts["shuffle"] and rendering.sentence == (
        "Shuffle is on: “Around the World” by Daft Punk stays, "
        "the other tracks of the 3 are in a new order."
    )
    assert said("shuffle") == "Shuffle is off: the queue is back in its former order."
    assert player.player(1).queue == playing.queue


def test_repeat_goes_round(playing):
    assert said("repeat") == "This track repeats until you say otherwise."
    assert said("what").endswith("It repeats.")
    assert said("repeat") == "The whole queue repeats."
    assert said("repeat") == "Nothing repeats."


def test_what_plays(playing):
    assert said("what") == (
        "“Around the World” by Daft Punk is playing: 8A, 121 BPM. “Strobe” by deadmau5 comes next."
    )
    assert said("what", FR) == (
        "En cours : « Around the World » de Daft Punk (8A, 121 BPM). "
        "Ensuite : « Strobe » de deadmau5."
    )
    before = player.player(1)
    control("pause")
    assert said("what").startswith("“Around the World” by Daft Punk is paused: 8A, 121 BPM.")
    assert player.player(1).version == before.version + 1  # to ask changes nothing


def test_the_last_track_without_values(playing):
    control("next")
    control("next")
    assert said("what") == "“Untitled” is playing. It is the last of the queue."


@pytest.mark.parametrize(
    "action", ["pause", "resume", "next", "previous", "stop", "shuffle", "repeat", "what"]
)
def test_an_empty_queue_says_what_to_do(shelf, action):
    facts, rendering = control(action)
    assert rendering.sentence == (
        "Nothing is queued. Say what to play, for example “play some jazz”."
    )
    assert facts["now"] is None and not player.player(1).playing
    assert said(action, FR).startswith("La file d'attente est vide.")


def test_volume_needs_no_track(shelf):
    assert said("quieter") == "Quieter: 90 %."


def test_everyone_has_a_player(playing):
    other = ToolContext(person=person("Mia").id)
    assert said("pause", other).startswith("Nothing is queued.")
    assert player.player(1).playing
