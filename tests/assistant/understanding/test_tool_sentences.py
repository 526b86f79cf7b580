"""The sentences of the tools, against the requests that stand beside them."""

from __future__ import annotations

from typing import Any

import pytest

import prompts
from assistant.understanding import ConversationState, ResultTrack, read
from tools import TOOLS

SHOWN = (
    ResultTrack(1, "Salt Road", "Ada"),
    ResultTrack(2, "Blue Harbour", "Bo"),
    ResultTrack(3, "Low Tide", "Cy"),
)
SEARCHED = ConversationState().after("search_tracks", {"genres": ["jazz"]}, results=SHOWN)
TRACK = SEARCHED.after("summarize_track", {"track": "Salt Road by Ada"})

NEED_NAMES = {"play_music", "control_player", "edit_playlist", "list_playlists"}
"""Tools whose requests name what only a library tells from words."""


def _requests() -> list[tuple[str, str, dict[str, Any]]]:
    found = []
    for language in prompts.languages():
        for tool in (tool for tool in TOOLS if tool.name not in NEED_NAMES):
            try:
                tests = prompts.load(f"tools/{tool.name}", language).get("reader_tests", [])
            except prompts.PromptError:
                continue
            found += [(tool.name, test["text"], test["arguments"]) for test in tests]
    return found


@pytest.mark.parametrize(("tool", "text", "arguments"), _requests())
def test_a_request_beside_the_sentences(tool: str, text: str, arguments: dict[str, Any]) -> None:
    reading = read(text)
    assert (reading.tool, dict(reading.arguments)) == (tool, arguments)


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("what key is it in", "key"), ("is it in a minor key?", "key"), ("is it fast", "bpm"),
        ("and the tempo?", "bpm"), ("how long is it", "length"), ("what about its year", "year"),
        ("what genre is it", "genre"), ("who sings it", "artist"), ("its album", "album"),
        ("c'est quoi sa tonalité", "key"), ("il est en mineur ?", "key"), ("et le tempo ?", "bpm"),
        ("il dure combien de temps", "length"), ("c'est de quelle année ?", "year"),
        ("c'est quel genre", "genre"),
    ],
)  # fmt: skip
def test_a_fact_of_the_track_spoken_of(text: str, about: str) -> None:
    reading = read(text, state=TRACK)
    assert reading.tool == "summarize_track"
    assert dict(reading.arguments) == {"track": "Salt Road by Ada", "about": about}
    assert read(text).tool is None  # there is no track to speak of


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("do the first two mix", (1, 2)), ("compare number 1 and 3", (1, 3)),
        ("compare the second one with the last one", (2, 3)), ("do these mix?", (1, 2, 3)),
        ("compare le premier et le deuxième", (1, 2)),
        ("est-ce que le premier et le troisième se mixent", (1, 3)),
    ],
)  # fmt: skip
def test_tracks_shown_are_compared(text: str, places: tuple[int, ...]) -> None:
    reading = read(text, state=SEARCHED)
    assert reading.tool == "compare_tracks"
    assert reading.arguments["tracks"] == [SHOWN[place - 1].label for place in places]


@pytest.mark.parametrize(
    ("text", "tool"),
    [
        ("how many songs do i have", "library_status"), ("albums", "browse_library"),
        ("jazz", "search_tracks"), ("tracks by AC/DC", "search_tracks"),
    ],
)  # fmt: skip
def test_neighbouring_requests_stay_apart(text: str, tool: str) -> None:
    assert read(text).tool == tool
