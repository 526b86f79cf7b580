"""A language is a folder: a small third one is read, and answered in English where it is silent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

import prompts
from assistant import answers
from assistant.settings import Settings
from assistant.turns.conversation import Conversation
from assistant.turns.events import AnswerText, TurnDone
from assistant.turns.turn import take_turn
from assistant.understanding import read
from assistant.web.browser_language import language_of
from tools.text.words import number, say_count

FILES = {
    "language.toml": """
name = "Esperanto"
tag = "eo"
codes = ["eo"]
[writing]
decimal = ","
[keys]
modes = { minor = ["minora"] }
""",
    "grammar.toml": """
[groups]
tracks = ["(kanto|kantoj|kanton|kantojn|muziko|muzikon)"]
negator = ["sen"]
[signals]
find = ["(trovu|montru) [al] [mi]"]
[by]
ask = ["de"]
[harmonic]
key = ["en {key}"]
[fill]
words = ["mi", "al"]
""",
    "words.toml": """
[genres]
"jazz" = ["ĵazo", "ĵazajn"]
"rock" = ["roko", "rokajn"]
"folk" = ["popolajn"]
[moods]
"sad" = ["malĝojajn"]
"happy" = ["ĝojajn"]
""",
    "tools.toml": """
[search]
found_one = "Unu kanto taŭgas."
""",
    "tools/play_music.toml": """
[reader]
sentences = ["ludu {query}"]
""",
    "tools/control_player.toml": """
label = "ludilo"
[[reader.intents]]
sentences = ["paŭzigu [la] (muzikon|kanton)"]
arguments = { action = "pause" }
[[reader.intents]]
sentences = ["(sekva|sekvan) (kanto|kanton)"]
arguments = { action = "next" }
""",
}

REQUESTS: list[tuple[str, str, dict[str, Any]]] = [
    ("trovu malĝojajn ĵazajn kantojn", "search_tracks", {"genres": ["jazz"], "moods": ["sad"]}),
    ("montru al mi kantojn sen roko", "search_tracks", {"exclude_genres": ["rock"]}),
    ("trovu kantojn de Radiohead", "search_tracks", {"artists": ["Radiohead"]}),
    ("ludu ĝojajn rokajn kantojn", "play_music", {"genres": ["rock"], "moods": ["happy"]}),
    ("paŭzigu la muzikon", "control_player", {"action": "pause"}),
    ("trovu popolajn kantojn en A minora", "search_tracks", {"genres": ["folk"], "keys": ["8A"]}),
]


def written(folder: Path) -> Path:
    for name, text in FILES.items():
        path = folder / "eo" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def esperanto(tmp_path: Path) -> Iterator[None]:
    with prompts.added_folder(written(tmp_path / "languages")):
        yield


@pytest.mark.parametrize(("text", "tool", "arguments"), REQUESTS)
def test_its_requests_are_read(
    esperanto: None, text: str, tool: str, arguments: dict[str, Any]
) -> None:
    reading = read(text)
    assert (reading.language, reading.tool, reading.confident) == ("eo", tool, True)
    assert reading.arguments == arguments


@pytest.mark.parametrize(
    ("text", "language"), [("show me sad jazz songs", "en"), ("montre-moi du jazz triste", "fr")]
)
def test_the_others_are_read_beside_it(esperanto: None, text: str, language: str) -> None:
    reading = read(text)
    assert (reading.language, reading.tool) == (language, "search_tracks")
    assert reading.arguments == {"genres": ["jazz"], "moods": ["sad"]}


def test_it_is_answered_in_english_where_it_has_no_sentence(esperanto: None) -> None:
    assert say_count("eo", "search.found", 1) == "Unu kanto taŭgas."
    assert say_count("eo", "search.found", 2) == say_count("en", "search.found", 2)
    assert number("eo", 1.5) == "1,5"
    assert answers.tool_label("eo", "control_player") == "ludilo"
    assert answers.tool_label("eo", "play_music") == answers.tool_label("en", "play_music")
    assert answers.help_text("eo") == answers.help_text("en")
    assert prompts.system_prompt("eo") == prompts.system_prompt("en")


async def test_a_turn_runs_and_is_answered(library: Path, esperanto: None) -> None:
    settings = Settings(use_model=False)
    events = [
        event
        async for event in take_turn("trovu ĵazajn kantojn", Conversation(), settings=settings)
    ]
    assert events[-1] == TurnDone("reader", "eo", "search_tracks")
    assert "".join(event.text for event in events if isinstance(event, AnswerText))


def test_browsers_and_settings_may_name_it(esperanto: None) -> None:
    assert language_of(None, "eo;q=0.9, fr;q=0.5") == "eo"
    assert language_of("eo-XX", None) == "eo"
    assert Settings(locale="eo").locale == "eo"


def test_afterwards_everything_is_as_before(tmp_path: Path) -> None:
    texts = [text for text, *_ in REQUESTS] + ["play some jazz", "du rock triste des années 90"]
    known, before = prompts.languages(), [read(text) for text in texts]
    with prompts.added_folder(written(tmp_path / "languages")):
        assert prompts.languages() != known
        assert [read(text) for text in texts] != before
    assert prompts.languages() == known
    assert [read(text) for text in texts] == before
    assert language_of("eo", None) == "en"
    with pytest.raises(ValidationError, match="no language 'eo': expected auto, en, fr"):
        Settings(locale="eo")


def test_the_data_folder_may_hold_languages(tmp_path: Path) -> None:
    prompts.add_own_languages(tmp_path)
    assert "eo" not in prompts.languages()
    folder = written(tmp_path / "languages")
    try:
        prompts.add_own_languages(tmp_path)
        assert "eo" in prompts.languages()
    finally:
        prompts.remove_folder(folder)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = written(tmp_path / "languages") / "eo" / "words.toml"
    path.write_text("[genres", encoding="utf-8")
    with pytest.raises(prompts.PromptError, match=r"words\.toml is not valid TOML"):
        prompts.add_own_languages(tmp_path)
    assert "eo" not in prompts.languages()
