"""Commands are read only when they take up the whole request, and never without a conversation."""

import pytest

from assistant.understanding import ConversationState, ResultTrack, read
from assistant.understanding.commands import Command

STATE = ConversationState(
    tool="make_playlist",
    query_tool="make_playlist",
    query={"genres": ["jazz"]},
    results=tuple(ResultTrack(n, f"Title {n}", "Band") for n in range(1, 9)),
    playlist="Jazz",
)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("go back", Command("undo")),
        ("annule ça stp", Command("undo")),
        ("show me the list again", Command("repeat")),
        ("why this one?", Command("why")),
        ("why did you pick the third one?", Command("why", (3,))),
        ("pourquoi as-tu mis le numéro 2 ?", Command("why", (2,))),
        ("can you play number 4 please", Command("play", (4,))),
        ("play it", Command("play")),
        ("mets-la", Command("play")),
        ("joue le deuxième", Command("play", (2,))),
        ("remove the last", Command("remove", (-1,))),
        ("please take out numbers 2, 4 and 7", Command("remove", (2, 4, 7))),
        ("remove the first three", Command("remove", (1, 2, 3))),
        ("enlève les deux derniers", Command("remove", (-1, -2))),
        ("get rid of track 3", Command("remove", (3,))),
        ("add track 2 to my playlist", Command("add", (2,), playlist="")),
        ("put the second one in the playlist Sunday", Command("add", (2,), playlist="Sunday")),
        ("ajoute le 3 à ma playlist", Command("add", (3,), playlist="")),
        ("add Hurt by Johnny Cash to my Sunday playlist",
         Command("add", title="Hurt by Johnny Cash", playlist="Sunday")),
    ],
)  # fmt: skip
def test_command(text: str, command: Command) -> None:
    reading = read(text, state=STATE)
    assert reading.tool is None
    assert reading.command == command


@pytest.mark.parametrize(
    "text",
    ["go back", "play it", "remove the last", "add track 2 to my playlist", "why this one?"],
)
def test_there_is_no_command_without_a_conversation(text: str) -> None:
    reading = read(text)
    assert (reading.tool, reading.command) == (None, None)


@pytest.mark.parametrize(
    "text",
    [
        "remove the punk",
        "why is the sky blue?",
        "play some jazz",
        "add some soul",
        "delete everything",
        "remove all files from the disk",
        "pourquoi le ciel est bleu",
    ],
)
def test_other_requests_are_no_commands(text: str) -> None:
    assert read(text, state=STATE).command is None
