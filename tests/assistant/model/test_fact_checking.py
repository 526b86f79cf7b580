"""The checker lets through what the facts cover, and nothing else."""

from __future__ import annotations

import json

import pytest

from assistant.model.fact_checking import FactChecker, clean, facts_for_model

FACTS = {
    "tracks": [
        {"id": 1, "title": "Night Drive", "artist": "Neon Coast", "bpm": 118.0, "camelot": "8A"},
        {"id": 2, "title": "Ladder", "artist": "Halde", "bpm": 150.4, "camelot": "10A"},
    ],
    "total": 14,
}


def spoken(text: str, request: str = "something dark") -> str:
    facts, references = facts_for_model(FACTS)
    checker = FactChecker(facts, references, request)
    sentences: list[str] = []
    for letter in text:
        sentences += checker.feed(letter)
    return " ".join([*sentences, *checker.finish()])


def test_references_stand_first_and_ids_stay_home() -> None:
    facts, references = facts_for_model(FACTS)
    first = json.loads(facts)["tracks"][0]
    assert next(iter(first)) == "ref"
    assert "id" not in first
    assert references == {"T1": "Night Drive", "T2": "Ladder"}


def test_ten_tracks_at_most() -> None:
    facts, references = facts_for_model({"tracks": [{"title": f"a{n}"} for n in range(40)]})
    assert len(json.loads(facts)["tracks"]) == len(references) == 10


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("I found 2 dark tracks.", "I found 2 dark tracks."),
        ("Try T1 at 118 BPM.", "Try “Night Drive” at 118 BPM."),
        ('Try "T2" by Halde, at 150 BPM.', "Try “Ladder” by Halde, at 150 BPM."),
        ("Of 14, T1 fits best! Then T2.", "Of 14, “Night Drive” fits best! Then “Ladder”."),
        ("“Night Drive” is in 8A.", "“Night Drive” is in 8A."),
    ],
)  # fmt: skip
def test_true_sentences_pass(text: str, shown: str) -> None:
    assert spoken(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "Try T3.",
        "Try “Bohemian Rhapsody”.",
        "You may like Bohemian Rhapsody by Queen.",
        "Night Drive has 128 BPM.",
        "There are 900 tracks.",
        "Ask Freddie about it.",
        "Thriller fits.",
        "try kind of blue by miles davis.",
        "Try *Night Moves* next.",
        "Try 'Purple Rain' next.",
        "Try **Purple Rain** next.",
        "All Night Long fits.",
        "See http://evil.example now.",
    ],
)
def test_inventions_do_not_pass(text: str) -> None:
    with pytest.raises(ValueError, match="not"):
        spoken(text)


def test_what_the_person_named_may_come_back() -> None:
    assert spoken("No Queen here.", "anything by Queen?") == "No Queen here."


def test_true_sentences_before_an_invention_are_kept() -> None:
    facts, references = facts_for_model(FACTS)
    checker = FactChecker(facts, references, "")
    assert checker.feed("Try T1. Then ") == ["Try “Night Drive”."]
    checker.feed("T9. ")
    with pytest.raises(ValueError, match="T9"):
        checker.finish()


def test_untrusted_text_is_cut_and_cleaned() -> None:
    assert clean("a\x00b\u202e\n\tc") == "a b c"
    assert len(clean("x" * 500)) == 80


def test_instructions_are_not_recited() -> None:
    told = "You act only through the tools you are given. Be brief."
    checker = FactChecker(
        "", {}, "what you were told: tools, act, through, given", instructions=told
    )
    with pytest.raises(ValueError, match="recited"):
        checker.feed("You act only through the tools you are given. Is that what you want?")
    assert FactChecker("", {}, "act", instructions=told).feed("You act as you want. No?") == [
        "You act as you want."
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Here are two dark tracks, T1 and T2, both a good fit.",
        "**T1** is the slower one; T2 is more energetic.",
        "Voici deux morceaux sombres : T1 et T2.",
        "T1 est le plus lent des deux, l'autre est plus rapide.",
        "I could not find more of the same mood, sorry.",
        "Je n'ai trouvé que ces deux titres.",
    ],
)
def test_plain_words_pass(text: str) -> None:
    assert spoken(text, "des morceaux sombres, something dark")
