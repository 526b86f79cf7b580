"""Sentence templates: what they stand for, and what cannot be read."""

import pytest

from assistant.understanding.lexing.templates import TemplateError, needed, parse, phrases


def said(template: str, rules: dict[str, str] | None = None) -> set[str]:
    return {" ".join(words) for words in phrases(parse(template, rules))}


def test_alternatives_and_optional_parts_multiply() -> None:
    assert said("(play|put on) [the] song") == {
        "play song", "play the song", "put on song", "put on the song",
    }  # fmt: skip


def test_words_are_folded_and_split_as_requests_are() -> None:
    assert said("joue l'Été") == {"joue l ete"}


def test_rules_are_filled_in() -> None:
    assert said("<sort> by bpm", {"sort": "(sort|order) [<it>]", "it": "(it|them)"}) == {
        "sort by bpm", "sort it by bpm", "sort them by bpm",
        "order by bpm", "order it by bpm", "order them by bpm",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("(play|put on) {track}", [{"play", "put"}]),
        ("[please] {track}", []),
        ("{track} (next|after this) in", [{"next", "after"}, {"in"}]),
    ],
)
def test_words_of_which_one_is_needed(template: str, words: list[set[str]]) -> None:
    assert [set(one) for one in needed(parse(template))] == words


@pytest.mark.parametrize(
    ("template", "rules", "complaint"),
    [
        ("(play|put on", {}, r"'\)' is missing"),
        ("play) it", {}, "too many"),
        ("<nothing> more", {}, "no rule <nothing>"),
        ("<a>", {"a": "<b>", "b": "<a>"}, "contains itself"),
    ],
)
def test_a_broken_template_says_where(template: str, rules: dict[str, str], complaint: str) -> None:
    with pytest.raises(TemplateError, match=complaint):
        parse(template, rules)


def test_a_template_that_stands_for_too_much_is_refused() -> None:
    with pytest.raises(TemplateError, match="more than"):
        phrases(parse(" ".join(["(a|b|c|d)"] * 9)))


def test_a_list_has_no_slots() -> None:
    with pytest.raises(TemplateError, match="no slots"):
        phrases(parse("play {track}"))


def test_optional_words_are_left_out_but_not_before_a_slot_nor_of_a_choice() -> None:
    tree = parse("turn (the|my) music down", optional={"the", "my", "a"})
    assert phrases(tree) == {
        ("turn", "the", "music", "down"),
        ("turn", "my", "music", "down"),
        ("turn", "music", "down"),
    }
    assert phrases(parse("(a|one) song", optional={"a"})) == {("a", "song"), ("one", "song")}
    assert needed(parse("play the {track}", optional={"the"})) == ({"play"}, {"the"})
