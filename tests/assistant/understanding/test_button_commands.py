"""Commands are read only when they take up the whole request, and never without a conversation."""

from dataclasses import replace

import pytest

from assistant.understanding import ConversationState, ResultTrack, read
from assistant.understanding.button_commands import Command

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
        ("why does it start with that one?", Command("why", (1,))),
        ("pourquoi ça finit par celui-là ?", Command("why", (-1,))),
        ("play numbers 2 and 4", Command("play", (2, 4))),
        ("play number 40", Command("play", (40,))),
    ],
)
def test_command(text: str, command: Command) -> None:
    reading = read(text, state=STATE)
    assert reading.tool is None
    assert reading.command == command


@pytest.mark.parametrize(
    "text",
    ["go back", "remove the last", "add track 2 to my playlist", "why this one?"],
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


@pytest.mark.parametrize(
    ("text", "name", "language"),
    [
        ("pause the analysis", "pause", "en"),
        ("Please stop the analysis for now", "pause", "en"),
        ("can you pause the indexing?", "pause", "en"),
        ("stop analysing my music", "pause", "en"),
        ("put the analysis on hold", "pause", "en"),
        ("mets l'analyse en pause", "pause", "fr"),
        ("Mettre l'analyse en pause", "pause", "fr"),
        ("arrête l'indexation stp", "pause", "fr"),
        ("pause l'analyse", "pause", "fr"),
        ("arrête d'analyser ma musique", "pause", "fr"),
        ("resume the analysis", "resume", "en"),
        ("Resume indexing", "resume", "en"),
        ("carry on with the analysis", "resume", "en"),
        ("reprends l'analyse", "resume", "fr"),
        ("continue l'analyse", "resume", "fr"),
        ("tu peux reprendre l'indexation maintenant", "resume", "fr"),
        ("resume l'indexation", "resume", "fr"),
    ],
)
@pytest.mark.parametrize("state", [None, STATE, replace(STATE, language="fr")])
def test_the_analysis_rests_and_goes_on(
    text: str, name: str, language: str, state: ConversationState | None
) -> None:
    reading = read(text, state=state)
    assert (reading.command, reading.tool) == (Command(name), None)  # pyright: ignore[reportArgumentType]
    assert reading.language == language


@pytest.mark.parametrize(
    "text",
    [
        "stop", "pause", "continue", "resume", "pause the music", "stop the playlist",
        "stop the analysis of Hurt", "arrête la musique", "analyse Hurt", "résume Hurt",
        "is the analysis paused?", "où en est l'analyse ?", "what is the analysis of Hurt",
        "résume l'analyse de Hurt", "resume the analysis of Hurt",
    ],
)  # fmt: skip
def test_other_things_are_not_paused(text: str) -> None:
    reading = read(text, state=STATE)
    assert reading.command is None
    assert "analysis" not in str(reading.arguments)


def test_a_word_of_the_other_language_is_not_looked_for() -> None:
    assert not read("pause the music").arguments.get("text")  # "thé"
