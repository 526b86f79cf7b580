"""Follow-ups about the queue, albums and all of a list."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.understanding import ConversationState, read
from assistant.understanding.dialogue.state import ResultTrack

_TRACKS = (
    ResultTrack(1, "Salt Road", "Halde", 2016, 132, "Night Shift"),
    ResultTrack(2, "Low Tide", "Mira", 2011, 120, "Shores"),
    ResultTrack(3, "Paper Moon", "Ferro", 1999, 96, "Ink"),
)
_FOUND = ConversationState().after("search_tracks", {"genres": ["techno"]}, results=_TRACKS)
_HEARD = ConversationState().after(
    "play_music", {"genres": ["techno"]}, results=_TRACKS, playing=_TRACKS[0], selects=False
)
_MADE = ConversationState().after(
    "make_playlist", {"genres": ["techno"], "duration_min": 30}, results=_TRACKS, playlist="Techno"
)
_DESCRIBED = _FOUND.after("summarize_track", {"track": "Low Tide by Mira"}, track=_TRACKS[1])


@pytest.mark.parametrize(
    ("state", "text", "tool", "arguments"),
    [
        (_FOUND, "add the second to my queue", "play_music", "Low Tide by Mira"),
        (_FOUND, "ajoute la deuxième à ma file", "play_music", "Low Tide by Mira"),
        (_DESCRIBED, "let's hear it", "play_music", {"track": "Low Tide by Mira"}),
        (_HEARD, "play the whole album", "play_music", {"albums": ["Night Shift"]}),
        (_HEARD, "mets l'album en entier", "play_music", {"albums": ["Night Shift"]}),
        (_HEARD, "oh go back, I liked that", "control_player", {"action": "previous"}),
        (_HEARD, "nah, not this", "control_player", {"action": "next"}),
        (_HEARD, "is there more?", "search_tracks", {"genres": ["techno"]}),
        (_HEARD, "and after that some jazz", "play_music", {"genres": ["jazz"], "when": "next"}),
        (_HEARD, "et après du jazz", "play_music", {"genres": ["jazz"], "when": "next"}),
        (_MADE, "make it 20", "make_playlist", {"genres": ["techno"], "duration_min": 20}),
    ],
)
def test_follow_up_of_the_player(
    state: ConversationState, text: str, tool: str, arguments: dict[str, Any] | str
) -> None:
    reading = read(text, state=state)
    queued = {"track": arguments, "when": "end"} if isinstance(arguments, str) else arguments
    assert (reading.tool, reading.arguments) == (tool, queued)


@pytest.mark.parametrize("text", ["queue up the first two", "mets les deux premiers dans la file"])
def test_some_of_the_list_into_the_queue(text: str) -> None:
    reading = read(text, state=_FOUND)
    assert (reading.tool, reading.arguments) == ("play_music", {"when": "end"})
    assert reading.places == (1, 2)


@pytest.mark.parametrize(
    ("state", "text", "command"),
    [
        (_MADE, "what's in it now?", "repeat"),
        (_MADE, "ça dure combien en tout ?", "repeat"),
        (_MADE, "how long is it?", "repeat"),
        (_FOUND, "go back to all of them", "undo"),
        (_FOUND, "non finalement remets tout", "undo"),
    ],
)
def test_all_of_a_list(state: ConversationState, text: str, command: str) -> None:
    reading = read(text, state=state)
    assert reading.command and reading.command.name == command


@pytest.mark.parametrize("text", ["cheers, bye", "merci, bonne soirée !"])
def test_goodbye(text: str) -> None:
    assert read(text, state=_HEARD).reply_kind == "goodbye"
