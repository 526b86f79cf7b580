from __future__ import annotations

import pytest

from assistant.turns.choices import Pending, chosen

CHOICES = ("Ladder by Neon Coast", "Ladder by Halde", "Élodie - Lundi matin")


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("the first", 0), ("2", 1), ("the second one", 1), ("number 3", 2), ("the last one", 2),
        ("le deuxième", 1), ("la dernière", 2), ("le premier", 0), ("#2", 1),
        ("Ladder by Halde", 1), ("the one by Halde", 1), ("halde", 1), ("celui de Halde", 1),
        ("lundi matin", 2), ("elodie", 2), ("Neon Coast please", 0), ("I mean the third", 2),
    ],
)  # fmt: skip
def test_it_is_found(text: str, index: int) -> None:
    assert chosen(text, CHOICES) == CHOICES[index]


@pytest.mark.parametrize("text", ["jazz please", "make a playlist of 20 songs", "", "no", "ladder"])
def test_it_means_something_else(text: str) -> None:
    assert chosen(text, CHOICES) is None


@pytest.mark.parametrize("text", ["the fifth", "9", "number 4"])
def test_there_are_not_so_many(text: str) -> None:
    with pytest.raises(IndexError):
        chosen(text, CHOICES)


def test_the_unclear_name_is_replaced() -> None:
    pending = Pending("search_tracks", {"artists": ["Halda", "Ambra"], "limit": 5}, ("Halde",))
    assert pending.with_choice("Halde") == {"artists": ["Halde", "Ambra"], "limit": 5}
    assert Pending("x", {"like": "Lader"}, ()).with_choice("Ladder") == {"like": "Ladder"}
    assert Pending("x", {}, ()).with_choice("Ladder") == {"track": "Ladder"}


def test_the_list_that_holds_the_unclear_name_is_the_one_that_changes():
    arguments = {"artists": ["Ambra"], "albums": ["Night Ligts"], "genres": ["jaz"]}
    pending = Pending("x", arguments, ())
    assert pending.with_choice("Night Lights") == {**arguments, "albums": ["Night Lights"]}
    assert pending.with_choice("jazz") == {**arguments, "genres": ["jazz"]}
    assert Pending("x", {"mixes_with": "Lader"}, ()).with_choice("Ladder") == {
        "mixes_with": "Ladder"
    }


def test_of_an_edit_the_track_or_the_playlist_is_replaced() -> None:
    arguments = {"action": "add", "tracks": ["Lader", "Halo"], "playlist": "Sundy"}
    pending = Pending("edit_playlist", arguments, ())
    assert pending.with_choice("Halde - Ladder")["tracks"] == ["Halde - Ladder", "Halo"]
    assert pending.with_choice("Sunday") == {**arguments, "playlist": "Sunday"}


def test_a_title_with_a_by_of_its_own_stays_whole() -> None:
    choices = ("Stand by Me by Ben E. King", "Stand by Me by Oasis")
    pending = Pending("search_tracks", {"text": "stand by me"}, choices, ids={choices[1]: 7})
    assert pending.with_choice(choices[0]) == {"text": "Stand by Me"}
    assert pending.entities(choices[1]) == {choices[1]: 7}
    assert pending.entities(choices[0]) == {}
    misspelt = Pending("search_tracks", {"text": "stand bye me"}, choices)
    assert misspelt.with_choice(choices[0]) == {"text": "Stand by Me"}
