from dataclasses import replace

import pytest

from store.playlists.playlist_writing import delete_playlist, save_playlist
from tools.base import ToolContext, ToolError
from tools.saved_playlists.finding import find_playlist, in_conversation

EN, FR = ToolContext(language="en"), ToolContext(language="fr")


@pytest.fixture
def saved(shelf):
    """Those of the owner, the oldest first; another person has a Gym too."""
    made = [save_playlist(name, [], {}) for name in ("Gym", "Soirée", "Последняя 夜")]
    save_playlist("Gym", [], {}, person=2)
    return [each.id for each in made]


def found(name, context=EN):
    return find_playlist(name, context).id


@pytest.mark.parametrize("name", ["gym", "GYM", "Gyms!"])
def test_by_name(saved, name):
    assert found("gym") == saved[0] and found("soiree") == saved[1]
    assert found("последняя 夜") == saved[2]


def test_last_is_that_of_the_conversation_or_the_newest(saved):
    for word in ("last", "LAST", "dernière"):
        assert found(word) == saved[2]
        assert found(word, replace(EN, playlist_id=saved[0])) == saved[0]
    called = save_playlist("Last", [], {})
    assert found("last", replace(EN, playlist_id=saved[0])) == saved[0]
    assert found("last") == called.id


def test_other_people_have_their_own(saved):
    somebody, nobody = replace(EN, person=2), replace(EN, person=3)
    assert found("gym", somebody) not in saved
    assert found("last", replace(somebody, playlist_id=saved[0])) not in saved
    assert in_conversation(replace(somebody, playlist_id=saved[0])) is None
    for name in ("last", "gym", "Soirée"):
        with pytest.raises(ToolError, match="no playlist yet"):
            found(name, nobody)


def test_names_to_choose_from_come_nearest_first(saved):
    with pytest.raises(ToolError) as error:
        found("soiree d'ete")
    assert error.value.choices[0] == "Soirée" and len(error.value.choices) == 3


def test_a_near_name_that_could_be_two_is_asked_back(shelf):
    for name in ("Morning run A", "Morning run B"):
        save_playlist(name, [], {})
    with pytest.raises(ToolError, match="Did you mean"):
        found("morning run C")


def test_a_deleted_one_is_told(saved):
    delete_playlist(saved[1])
    with pytest.raises(ToolError, match="bring back Soirée"):
        found("soiree")
    with pytest.raises(ToolError, match="rétablis Soirée"):
        found("last", replace(FR, playlist_id=saved[1]))
    assert found("last") == saved[2]
