"""Requests from what was shown: playlists of it, more of it, changes of a playlist."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from assistant.understanding import Reading

Said = Callable[..., Reading]
QUERY = {"genres": ["ska"], "moods": ["happy"]}
TWO = "Night Ferry by The Kilns"


@pytest.mark.parametrize(
    ("first", "text", "more"),
    [
        ("find happy ska", "make a playlist from those results", {}),
        ("find happy ska", "build me a 15 song playlist out of them", {"limit": 15}),
        ("find happy ska", "put all of these in a two hour mix", {"duration_min": 120}),
        ("find happy ska", "turn the results into a playlist called Docks", {"name": "Docks"}),
        ("find happy ska", "save these as Docks", {"name": "Docks"}),
        ("find happy ska", "use these to build a set, about 50 minutes", {"duration_min": 50}),
        ("du ska joyeux", "fais une playlist avec ces titres", {}),
        ("du ska joyeux", "fais-moi une playlist de 15 morceaux avec ça", {"limit": 15}),
        ("du ska joyeux", "mets-les tous dans un mix de deux heures", {"duration_min": 120}),
        ("du ska joyeux", "transforme ça en playlist appelée Quais", {"name": "Quais"}),
        ("du ska joyeux", "garde ça sous le nom Quais", {"name": "Quais"}),
        ("du ska joyeux", "fais-en un set de 50 minutes", {"duration_min": 50}),
    ],
)
def test_a_playlist_of_what_was_shown(
    said: Said, first: str, text: str, more: dict[str, Any]
) -> None:
    reading = said(first, text)
    assert (reading.tool, reading.arguments) == ("make_playlist", {**QUERY, **more})
    assert reading.from_shown


@pytest.mark.parametrize(
    "text", ["more", "show me some more", "the next ones", "anything else?", "la suite",
             "montre-m'en d'autres", "il y en a d'autres ?"]
)  # fmt: skip
def test_more_is_the_same_call(said: Said, text: str) -> None:
    reading = said("find happy ska", text)
    assert (reading.tool, reading.arguments, reading.more) == ("search_tracks", QUERY, True)


def edit(action: str, **arguments: Any) -> dict[str, Any]:
    return {"playlist": "last", "action": action, **arguments}


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("name it Low Tide", edit("rename", name="Low Tide")),
        ("save it under the name Low Tide", edit("rename", name="Low Tide")),
        ("get rid of it", edit("delete")),
        ("delete this playlist", edit("delete")),
        ("kick out number 2", edit("remove", position=2)),
        ("drop the last one", edit("remove", position=-1)),
        ("remove Night Ferry", edit("remove", position=2)),
        ("take out the first two", edit("remove", tracks=["Copper Hill by Ann Vale", TWO])),
        ("include Glass Meadow too please", edit("add", tracks=["Glass Meadow"])),
        ("add Glass Meadow", edit("add", tracks=["Glass Meadow"])),
        ("add Glass Meadow to it", edit("add", tracks=["Glass Meadow"])),
        ("seven more songs", edit("extend", position=7)),
        ("more", edit("extend")),
        ("move the second one to the top", edit("move", tracks=[TWO], position=1)),
        ("put number 2 at the end", edit("move", tracks=[TWO], position=-1)),
        ("move number 2 to position 3", edit("move", tracks=[TWO], position=3)),
        ("lock number 2", edit("lock", tracks=[TWO])),
        ("replace the others", edit("refill")),
        ("shuffle it", edit("shuffle")),
        ("order it by year", edit("sort", sort="year")),
        ("nomme-la Marée basse", edit("rename", name="Marée basse")),
        ("garde-la sous le nom Marée basse", edit("rename", name="Marée basse")),
        ("supprime cette playlist", edit("delete")),
        ("dégage le numéro 2", edit("remove", position=2)),
        ("enlève le dernier", edit("remove", position=-1)),
        ("retire Night Ferry", edit("remove", position=2)),
        ("ajoute Glass Meadow", edit("add", tracks=["Glass Meadow"])),
        ("ajoute encore sept morceaux", edit("extend", position=7)),
        ("encore", edit("extend")),
        ("mets le deuxième en premier", edit("move", tracks=[TWO], position=1)),
        ("mélange-la", edit("shuffle")),
        ("classe-la par année", edit("sort", sort="year")),
    ],
)
def test_a_playlist_is_changed_in_place(
    said: Said, text: str, arguments: dict[str, Any] | None
) -> None:
    reading = said("make a ska playlist", text)
    if arguments is None:
        assert reading.tool is None
    else:
        assert (reading.tool, reading.arguments) == ("edit_playlist", arguments)


@pytest.mark.parametrize(
    ("text", "playlist"),
    [
        ("add number 2 to my Harbour playlist", "Harbour"),
        ("put the second one in the playlist Harbour", "Harbour"),
        ("add the second to my playlist", "last"),
        ("ajoute le deuxième à la playlist Harbour", "Harbour"),
        ("mets le 2 dans ma playlist", "last"),
    ],
)
def test_a_track_of_a_search_goes_into_a_playlist(said: Said, text: str, playlist: str) -> None:
    reading = said("find ska", text)
    assert reading.tool == "edit_playlist"
    assert reading.arguments == {"playlist": playlist, "action": "add", "tracks": [TWO]}


@pytest.mark.parametrize(
    "text", ["scrap number 2", "without the second one", "vire le deuxième", "enlève Night Ferry"]
)
def test_a_track_is_left_out_of_a_search(said: Said, text: str) -> None:
    reading = said("find ska", text)
    assert reading.tool == "search_tracks"
    assert reading.arguments == {"genres": ["ska"], "exclude_tracks": [TWO]}


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("play number 2", {"track": TWO}),
        ("put on the fastest one", {"track": TWO}),
        ("play them all", {"genres": ["ska"]}),
        ("joue le deuxième", {"track": TWO}),
        ("lance tout", {"genres": ["ska"]}),
    ],
)
def test_what_was_shown_is_played(said: Said, text: str, arguments: dict[str, Any]) -> None:
    reading = said("find ska", text)
    assert (reading.tool, reading.arguments) == ("play_music", arguments)


@pytest.mark.parametrize(
    ("text", "like"),
    [("I love the second one", True), ("i can't stand number 2", False),
     ("j'adore le deuxième", True), ("je déteste le deuxième", False)],
)  # fmt: skip
def test_an_opinion_of_a_track_is_feedback(said: Said, text: str, like: bool) -> None:
    reading = said("find ska", text)
    assert (reading.tool, reading.arguments) == ("give_feedback", {"track": TWO, "like": like})


@pytest.mark.parametrize("text", ["export these as xspf", "exporte tout ça en xspf"])
def test_what_was_shown_is_exported(said: Said, text: str) -> None:
    assert said("find ska", text).arguments == {"playlist": "last", "format": "xspf"}


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("no, not this, number 2: what tempo does it have?", TWO),
        ("hm, the second one, how long is it?", TWO),
        ("pas celui-ci, le deuxième, quelle est sa durée ?", TWO),
    ],
)
def test_a_track_named_first_is_what_the_rest_is_about(said: Said, text: str, label: str) -> None:
    reading = said("find ska", text)
    assert reading.tool == "summarize_track"
    assert reading.arguments["track"] == label
