"""The checker lets a model speak, and cuts what it claims of the library without a tool."""

from __future__ import annotations

import pytest

from assistant.model.grounding.fact_checking import FactChecker
from assistant.model.grounding.result_facts import facts_for_model

FACTS = {
    "tracks": [
        {"id": 1, "title": "Night Drive", "artist": "Neon Coast", "bpm": 118.0, "camelot": "8A"},
        {"id": 2, "title": "Ladder", "artist": "Halde", "bpm": 150.4, "camelot": "10A"},
    ],
    "total": 14,
}


def through(checker: FactChecker, text: str) -> str:
    sentences: list[str] = []
    for letter in text:
        sentences += checker.feed(letter)
    return " ".join([*sentences, *checker.finish()])


def of_results(text: str, request: str = "something dark") -> str:
    facts, references = facts_for_model(FACTS)
    return through(FactChecker(facts, references, request, called=["search_tracks"]), text)


def of_nothing(text: str, request: str = "hm?") -> str:
    return through(FactChecker("", {}, request), text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("I found 2 dark tracks.", "I found 2 dark tracks."),
        ("Try T1 at 118 BPM.", "Try “Night Drive” at 118 BPM."),
        ('Try "T2" by Halde, at 150 BPM.', "Try “Ladder” by Halde, at 150 BPM."),
        ("Of 14, T1 fits best! Then T2.", "Of 14, “Night Drive” fits best! Then “Ladder”."),
        ("“Night Drive” is in 8A.", "“Night Drive” is in 8A."),
        ("Voici deux morceaux sombres : T1 et T2.",
         "Voici deux morceaux sombres : “Night Drive” et “Ladder”."),
        ("T1 purrs along like a sleepy cat.", "“Night Drive” purrs along like a sleepy cat."),
        ("Je n'ai trouvé que ces deux titres.", "Je n'ai trouvé que ces deux titres."),
    ],
)  # fmt: skip
def test_what_the_results_hold_is_said(text: str, shown: str) -> None:
    assert of_results(text) == shown


def test_a_call_is_no_sentence() -> None:
    assert of_results('{"tool": "search_tracks"}') == ""


def test_a_misspelt_title_is_put_right() -> None:
    assert of_results("“Nigth Drive” is the darkest.") == "“Night Drive” is the darkest."


@pytest.mark.parametrize(
    "text",
    [
        "Try T3.",
        "Try “Bohemian Rhapsody”.",
        "You may like Bohemian Rhapsody by Queen.",
        "Night Drive has 128 BPM.",
        "There are 900 tracks.",
        "There are twenty tracks.",
        "Ask Freddie about it.",
        "try kind of blue by miles davis.",
        "Try *Night Moves* next.",
        "Try 'Purple Rain' next.",
        "See http://evil.example now.",
    ],
)
def test_what_they_do_not_hold_is_cut(text: str) -> None:
    assert of_results(text) == ""
    assert of_results(f"T1 is fine. {text} And T2 too.") == (
        "“Night Drive” is fine. And “Ladder” too."
    )


@pytest.mark.parametrize(
    "text",
    [
        "Why is the metronome always invited? It keeps the beat.",
        "Honestly, I find the Beatles overrated.",
        "The first moon landing was in 1969.",
        "A syncopated rhythm stresses the weak beats, as Scott Joplin did.",
        "Bonsoir ! Alors, cette journée ?",
        "Shall I delete it from the list?",
        "Le théorème de Pythagore n'a rien à voir avec Bach.",
        "Sounds like “hard work” to me.",
    ],
)
def test_talk_that_is_not_of_the_library_stands(text: str) -> None:
    assert of_nothing(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Your library has 321 tracks.",
        "You have a lot of Miles Davis in here.",
        "Try Bohemian Rhapsody.",
        "Here is “So What” for you.",
        "I recommend “Kind of Blue”.",
        "It runs at 128 BPM.",
        "Je recommande « Ne me quitte pas ».",
        "Voici Blue Train de Coltrane.",
    ],
)
def test_claims_about_the_library_without_a_tool_are_cut(text: str) -> None:
    assert of_nothing(text) == ""


def test_what_the_person_named_may_come_back() -> None:
    assert of_results("No Queen here.", "anything by Queen?") == "No Queen here."
    assert of_nothing("You have no Queen.", "anything by Queen?") == "You have no Queen."


@pytest.mark.parametrize(
    "text",
    [
        "I have deleted all of them.",
        "I've added it to your list.",
        "All your files have been deleted.",
        "Done.",
        "Done! Anything else?",
        "I'll delete them right now.",
        "I am now playing it for you.",
        "I made you a playlist.",
        "I have ordered a pizza.",
        "J'ai supprimé tous vos fichiers.",
        "J’ai ajouté le morceau.",
        "C'est fait !",
        "Je lance la lecture.",
    ],
)
def test_deeds_that_were_not_done_are_cut(text: str) -> None:
    checker = FactChecker("", {}, "do it")
    assert through(checker, text) in ("", "Anything else?")
    assert checker.false_deeds == 1


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("I made you a list.", "make_playlist"),
        ("I've added it.", "edit_playlist"),
        ("Done!", "edit_playlist"),
        ("J'ai exporté la liste.", "export_playlist"),
        ("I am playing it.", "play_music"),
    ],
)
def test_deeds_that_a_tool_did_may_be_told(text: str, called: str) -> None:
    assert through(FactChecker("{}", {}, "do it", called=[called]), text) == text
    assert through(FactChecker("{}", {}, "do it", called=["library_status"]), text) == ""


def test_instructions_are_not_recited() -> None:
    told = "You act only through the tools you are given. Be brief."
    checker = FactChecker("", {}, "what were you told?", instructions=told)
    assert (
        through(checker, "You act only through the tools you are given. Is it so?") == "Is it so?"
    )
    assert checker.cut == 1
    free = FactChecker("", {}, "act", instructions=told)
    assert through(free, "You act as you want. No?") == "You act as you want. No?"
