from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from pydantic import ValidationError

from store.library import track_files, track_writing
from store.playlists import playlist_reading as reading
from store.playlists.playlist_writing import delete_playlist, save_playlist
from tools import edit_playlist as tool
from tools import make_playlist
from tools.base import ToolContext, ToolError
from tools.saved_playlists.editing import SORTS

EN, FR = ToolContext(language="en"), ToolContext(language="fr")
SOMEBODY = ToolContext(person=2)


@pytest.fixture
def saved(shelf):
    """So What, Strobe, Angel."""
    ids = [shelf.id(title) for title in ("So What", "Strobe", "Angel")]
    return save_playlist("Evening", [(i, "") for i in ids], {"moods": ["chill"]})


def edited(action, context=EN, **arguments):
    result = tool.run(tool.arguments(action=action, **arguments), context)
    return result, tool.render(result, context)


def said(action, context=EN, **arguments):
    return edited(action, context, **arguments)[1].sentence


def titles(playlist_id):
    return [entry.track.title for entry in reading.playlist(playlist_id).entries]


def test_added_at_the_end_with_a_reason(shelf, saved):
    result, rendering = edited("add", tracks=["Voilà"])
    assert titles(saved.id) == ["So What", "Strobe", "Angel", "Voilà"]
    assert result.facts["tracks"][-1]["why"][0].startswith("8A → 9A, −13 BPM")
    assert rendering.sentence.startswith("Added “Voilà” to “Evening”. It has 4 tracks now, ")
    assert rendering.kind == "playlist" and rendering.data["name"] == "Evening"
    assert (result.playlist, result.playlist_id) == ("Evening", saved.id)
    assert result.track_ids == tuple(fact["id"] for fact in result.facts["tracks"])
    assert said("add", FR, tracks=["Teardrop"]).startswith("« Teardrop » : ajouté à « Evening ».")


def test_added_at_a_place_without_those_in_it_already(shelf, saved):
    sentence = said("add", tracks=["Voilà", "Angel", "Teardrop", "Voilà"], position=1)
    assert titles(saved.id) == ["Voilà", "Teardrop", "So What", "Strobe", "Angel"]
    assert "Added “Voilà” and “Teardrop” to “Evening” as number 1." in sentence
    assert "“Angel” was in it already." in sentence
    with pytest.raises(ToolError, match="in “Evening” already"):
        edited("add", tracks=["Strobe"])


def test_many_tracks_are_counted_instead_of_named(shelf, saved):
    names = ["Voilà", "Teardrop", "Windowlicker", "One More Time"]
    assert said("add", tracks=names).startswith("Added 4 tracks to “Evening”.")


def test_an_artist_adds_a_track_that_is_not_in_it(shelf, saved):
    said("add", tracks=["Massive Attack"])
    assert titles(saved.id)[3:] == ["Teardrop"]
    with pytest.raises(ToolError):
        edited("add", tracks=["Massive Attack"])


def test_a_title_of_two_tracks_is_asked_back_before_it_is_added(shelf, saved):
    with pytest.raises(ToolError, match="Which one") as error:
        edited("add", tracks=["Hurt"])
    assert len(error.value.choices) == 2 and len(titles(saved.id)) == 3
    known = replace(EN, entities={"Hurt": shelf.id("Hurt", "Johnny Cash")})
    result, _ = edited("add", known, tracks=["Hurt"])
    assert result.facts["tracks"][-1]["artist"] == "Johnny Cash"


def test_what_an_edit_lacks_is_asked_for(saved):
    for action, words in (("add", "Say its title"), ("move", "goes where"), ("rename", "new name")):
        with pytest.raises(ToolError, match=words):
            edited(action)
    with pytest.raises(ToolError, match="by their numbers"):
        edited("remove")


def test_removed_by_title_and_by_place(shelf, saved):
    assert said("remove", tracks=["so what"]).startswith("Removed “So What” from “Evening”.")
    assert titles(saved.id) == ["Strobe", "Angel"]
    result, _ = edited("remove", position=-1)
    assert titles(saved.id) == ["Strobe"]
    assert result.facts["tracks"][0]["why"][0].startswith("opens")


def test_removed_by_artist_number_and_id(shelf, saved):
    edited("add", tracks=["Teardrop", "Hells Bells"])
    edited("remove", tracks=["Massive Attack"])
    assert titles(saved.id) == ["So What", "Strobe", "Hells Bells"]
    edited("remove", tracks=["-1", f"#{shelf.id('So What')}"])
    assert titles(saved.id) == ["Strobe"]


def test_a_title_in_the_playlist_is_clear_where_the_library_has_two(shelf, saved):
    known = replace(EN, entities={"x": shelf.id("Hurt", "Nine Inch Nails")})
    edited("add", known, tracks=["x"])
    edited("remove", tracks=["Hurt"])
    assert titles(saved.id) == ["So What", "Strobe", "Angel"]


def test_a_misspelt_title_in_the_playlist(shelf):
    save_playlist("Evening", [(shelf.id("Le Temps de l'amour"), "")], {})
    assert "Le Temps" in said("remove", tracks=["le temp de l'amour"])


def test_what_is_not_in_the_playlist_is_not_removed(shelf, saved):
    with pytest.raises(ToolError, match="“Windowlicker” is not in “Evening”"):
        edited("remove", tracks=["Windowlicker"])
    with pytest.raises(ToolError, match="Did you mean “deadmau5 - Strobe”") as error:
        edited("remove", tracks=["Stroob"])
    assert error.value.choices == ("deadmau5 - Strobe",)
    assert len(titles(saved.id)) == 3


@pytest.mark.parametrize("position", [0, 4, -4])
def test_a_place_there_is_not(saved, position):
    for action in ("remove", "lock"):
        with pytest.raises(ToolError, match="has 3 tracks"):
            edited(action, position=position)
    with pytest.raises(ToolError, match="has 3 tracks"):
        edited("move", tracks=["Angel"], position=position)
    assert len(titles(saved.id)) == 3


def test_moved(saved):
    assert "Moved “Angel” to number 1 of “Evening”." in said("move", tracks=["Angel"], position=1)
    assert titles(saved.id) == ["Angel", "So What", "Strobe"]
    assert "to number 3" in said("move", tracks=["angel"], position=-1)
    assert titles(saved.id) == ["So What", "Strobe", "Angel"]


def test_renamed_in_place(saved):
    result, rendering = edited("rename", name="夜のドライブ")
    assert rendering.sentence.startswith("“Evening” is now called “夜のドライブ”.")
    assert result.playlist_id == saved.id and result.playlist == "夜のドライブ"
    assert reading.playlist_named("夜のドライブ").id == saved.id
    assert reading.playlist_named("Evening") is None
    assert said("rename", playlist="夜のドライブ", name="Вечер").endswith("now, 26 min.")
    assert said("undo").startswith("“Вечер” is called “夜のドライブ” again.")
    assert said("undo", FR).startswith("« 夜のドライブ » s'appelle de nouveau « Evening ».")


def test_a_name_taken_is_refused(shelf, saved):
    save_playlist("Gym", [], {})
    with pytest.raises(ToolError, match="another playlist called “gym”"):
        edited("rename", playlist="Evening", name="gym")
    assert [each.name for each in reading.playlists()] == ["Gym", "Evening"]


def test_deleted_and_brought_back_with_what_it_had(shelf, saved):
    save_playlist("Older", [], {})
    context = replace(EN, playlist_id=saved.id)
    result, rendering = edited("delete", context)
    assert rendering.kind == "text" and rendering.sentence.startswith("“Evening” is deleted.")
    assert [each.name for each in reading.playlists()] == ["Older"]
    for action in ("add", "shuffle", "delete"):
        with pytest.raises(ToolError, match="bring back Evening"):
            edited(action, context, tracks=["Voilà"])
    assert said("undo", context).startswith("“Evening” is back. It has 3 tracks now")
    assert reading.playlist(saved.id) == saved and result.playlist_id == saved.id


def test_a_deleted_playlist_is_brought_back_by_its_name(shelf, saved):
    edited("delete", playlist="evening")
    with pytest.raises(ToolError, match="was deleted"):
        edited("add", playlist="Evening", tracks=["Voilà"])
    edited("undo", playlist="Évening")
    assert titles(saved.id) == ["So What", "Strobe", "Angel"]


def test_a_new_playlist_of_the_name_keeps_it(shelf, saved):
    edited("delete", playlist="Evening")
    save_playlist("Evening", [], {})
    sentence = said("undo", playlist="Evening")
    assert "called “Evening 2”" in sentence
    assert titles(saved.id) == ["So What", "Strobe", "Angel"]


@pytest.mark.parametrize("sort", ["bpm", "energy", "title"])
def test_sorted(shelf, saved, sort):
    result, rendering = edited("sort", sort=sort)
    facts = result.facts["tracks"]
    order = {
        "bpm": ["Angel", "Strobe", "So What"], "energy": ["Strobe", "Angel", "So What"],
        "title": ["Angel", "So What", "Strobe"],
    }[sort]  # fmt: skip
    assert [fact["title"] for fact in facts] == titles(saved.id) == order
    assert rendering.sentence.startswith("“Evening” is sorted by ")


@pytest.mark.parametrize("language", [EN, FR])
@pytest.mark.parametrize("sort", [None, *SORTS])
def test_every_sort_has_its_words(saved, language, sort):
    assert "Evening" in said("sort", language, sort=sort)
    assert sorted(titles(saved.id)) == ["Angel", "So What", "Strobe"]


def test_shuffled_around_what_is_locked(shelf, saved):
    assert "“Strobe” is locked" in said("lock", tracks=["Strobe"])
    sentence = said("shuffle")
    assert titles(saved.id) == ["Angel", "Strobe", "So What"]
    assert "The locked track stayed in its place." in sentence
    assert [fact["locked"] for fact in edited("shuffle")[0].facts["tracks"]] == [False, True, False]
    assert "“Strobe” is no longer locked." in said("lock", position=2)


def test_a_whole_playlist_is_locked(saved):
    assert "“So What”, “Strobe” and “Angel” are locked" in said("lock")
    assert all(entry.locked for entry in reading.playlist(saved.id).entries)


def test_extended_by_what_fits_its_request(shelf):
    made = make_playlist.run(make_playlist.arguments(keys=["8A", "9A"], limit=3), EN)
    result, rendering = edited("extend", position=2)
    facts = result.facts["tracks"]
    assert [fact["id"] for fact in facts[:3]] == list(made.track_ids)
    assert len(facts) == len({fact["id"] for fact in facts}) == 5
    assert all(fact["camelot"] in ("8A", "9A") for fact in facts)
    assert len(result.facts["changed"]) == 2 and rendering.sentence.startswith("Added “")


def test_too_few_to_extend_it_with_are_said(shelf):
    make_playlist.run(make_playlist.arguments(genres=["house"], limit=2), EN)
    sentence = said("extend")
    assert "No more fit, of the 5 you asked for." in sentence and "It has 3 tracks" in sentence
    with pytest.raises(ToolError, match="Nothing else fits"):
        edited("extend")


def test_a_playlist_by_hand_is_extended_by_what_resembles_it(shelf):
    ids = [shelf.id("So What"), shelf.id("Thunderstruck")]
    save_playlist("Hand", [(i, "") for i in ids], {})
    result, _ = edited("extend", position=3)
    assert {"Blue in Green", "Back in Black"} & {f["title"] for f in result.facts["tracks"]}


def test_refilled_around_what_is_locked(shelf):
    made = make_playlist.run(make_playlist.arguments(keys=["8A", "9A"], limit=4), EN)
    locked = made.facts["tracks"][1]["title"]
    edited("lock", position=2)
    result, rendering = edited("refill")
    facts = result.facts["tracks"]
    assert facts[1]["title"] == locked and facts[1]["locked"] and len(facts) == 4
    assert set(made.track_ids) & set(result.track_ids) == {made.track_ids[1]}
    assert all(fact["camelot"] in ("8A", "9A") for fact in facts)
    assert "has 3 new tracks" in rendering.sentence
    edited("undo")
    assert titles(result.playlist_id) == [fact["title"] for fact in made.facts["tracks"]]


def test_a_refill_keeps_the_length(shelf):
    make_playlist.run(make_playlist.arguments(duration_min=25), EN)
    result, _ = edited("refill")
    assert abs(result.facts["duration_s"] - 1500) <= 120


def test_a_refill_without_others_changes_nothing(shelf):
    made = make_playlist.run(make_playlist.arguments(genres=["jazz"]), EN)
    with pytest.raises(ToolError, match="stays as it is"):
        edited("refill")
    assert len(titles(made.playlist_id)) == 2
    with pytest.raises(ToolError, match="nothing to take back"):
        edited("undo")


def test_every_change_is_taken_back_one_by_one(shelf, saved):
    before = [reading.playlist(saved.id)]
    for action, arguments in (
        ("add", {"tracks": ["Voilà"]}), ("move", {"tracks": ["Voilà"], "position": 1}),
        ("remove", {"position": 2}), ("sort", {"sort": "bpm"}), ("lock", {"position": 1}),
        ("shuffle", {}), ("rename", {"name": "Night"}), ("extend", {"position": 1}),
    ):  # fmt: skip
        edited(action, **arguments)
        before.append(reading.playlist(saved.id))
    assert all(one != other for one, other in pairwise(before))
    for state in before[-2::-1]:
        edited("undo")
        assert reading.playlist(saved.id) == state
    with pytest.raises(ToolError, match="nothing to take back"):
        edited("undo")


def test_undo_is_about_the_playlist_of_the_conversation(shelf, saved):
    other = save_playlist("Other", [(shelf.id("Angel"), "")], {})
    edited("remove", playlist="Evening", position=1)
    edited("rename", playlist="Other", name="Another")
    edited("undo", replace(EN, playlist_id=saved.id))
    assert len(titles(saved.id)) == 3 and reading.playlist(other.id).name == "Another"
    edited("remove", playlist="Evening", position=1)
    edited("undo")  # of no conversation: what was changed last
    assert len(titles(saved.id)) == 3


def test_last_is_that_of_the_conversation(shelf, saved):
    save_playlist("Newer", [], {})
    result, _ = edited("remove", replace(EN, playlist_id=saved.id), position=1)
    assert result.playlist == "Evening"
    assert edited("add", tracks=["Voilà"])[0].playlist == "Newer"


def test_the_playlists_of_others_cannot_be_touched(shelf, saved):
    for context in (SOMEBODY, replace(SOMEBODY, playlist_id=saved.id)):
        with pytest.raises(ToolError, match="no playlist yet"):
            edited("add", context, tracks=["Voilà"])
        for action in ("delete", "undo"):
            with pytest.raises(ToolError, match="no playlist yet"):
                edited(action, context, tracks=["Voilà"])
            with pytest.raises(ToolError, match="no playlist yet"):
                edited(action, context, playlist="Evening", tracks=["Voilà"])
    save_playlist("Evening", [(shelf.id("Angel"), "")], {}, person=2)
    edited("delete", SOMEBODY, playlist="Evening")
    assert titles(saved.id) == ["So What", "Strobe", "Angel"]
    edited("rename", playlist="Evening", name="Mine")
    edited("undo", SOMEBODY, playlist="Evening")
    assert reading.playlist(saved.id).name == "Mine"


def test_names_that_are_near(shelf, saved):
    assert edited("add", playlist="Evenings", tracks=["Voilà"])[0].playlist == "Evening"
    with pytest.raises(ToolError, match="Did you mean “Evening”") as error:
        edited("delete", playlist="Eve")
    assert error.value.choices == ("Evening",)


def test_a_playlist_that_is_gone(saved):
    delete_playlist(saved.id)
    with pytest.raises(ToolError, match="no playlist yet"):
        edited("shuffle")


def test_tracks_that_left_the_library_or_whose_disk_is_away(shelf, saved):
    track_writing.remove_track(shelf.id("Strobe"))
    track_files.mark_missing([shelf.id("So What")])
    edited("add", tracks=["Voilà"])
    assert titles(saved.id) == ["Angel", "Voilà"]
    track_files.mark_missing([shelf.id("So What")], missing=False)
    assert titles(saved.id) == ["So What", "Angel", "Voilà"]


def test_the_wishes_stay_with_the_playlist(shelf, saved):
    edited("remove", position=2)
    assert reading.playlist(saved.id).request == {"moods": ["chill"]}


def test_a_song_is_not_extended_by_its_other_version(shelf, add_song):
    song = ("Strobe (Live)", "deadmau5", "Live", 2010, 9.0, 128, "9A", 0.75, "house", "chill")
    add_song(shelf, song, name="live.flac", vector=np.ones(200))
    make_playlist.run(make_playlist.arguments(artists=["deadmau5"]), EN)
    with pytest.raises(ToolError, match="Nothing else fits"):
        edited("extend")


@pytest.mark.parametrize("wrong", [{}, {"action": "burn"}, {"action": "add", "path": "/etc"}])
def test_wrong_arguments(wrong):
    with pytest.raises(ValidationError):
        tool.arguments(**wrong)


def test_an_id_is_not_taken_for_a_title(shelf, saved, add_song):
    number = shelf.id("Voilà")
    song = (str(number), "Somebody", None, 2010, 3.0, 128, "9A", 0.75, "house", "chill")
    add_song(shelf, song, name="number.flac", vector=np.ones(200))
    edited("add", tracks=[f"#{number}"])
    assert titles(saved.id)[-1] == "Voilà"


def test_a_track_added_to_a_list_that_is_not_there_makes_it(shelf):
    result, rendering = edited("add", playlist="Gym", tracks=["Voilà", "Strobe"])
    assert rendering.sentence.startswith("Made the playlist “Gym” with “Voilà” and “Strobe”.")
    assert titles(result.playlist_id) == ["Voilà", "Strobe"]
    with pytest.raises(ToolError):  # near enough to be meant
        edited("add", playlist="Gyms", tracks=["Angel"])
    edited("undo", replace(EN, playlist_id=result.playlist_id))
    assert reading.playlist(result.playlist_id) is None


def test_a_list_of_that_name_of_others_is_left_alone(shelf, saved):
    own = edited("add", SOMEBODY, playlist="Evening", tracks=["Voilà"])[0]
    assert own.playlist_id != saved.id
    assert titles(saved.id) == ["So What", "Strobe", "Angel"]
