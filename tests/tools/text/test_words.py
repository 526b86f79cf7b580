import string

import pytest

from prompts import PromptError, own
from store.vocabulary import GENRES, MOODS
from tools import TOOLS
from tools.text.words import duration, known_name, listed, number, say_count


def test_both_languages_say_the_same_things():
    english, french = own("tools", "en"), own("tools", "fr")
    vocabulary = {"genres", "moods", "tags", "pieces"}
    for section in english.keys() - vocabulary:
        assert english[section].keys() == french[section].keys()
        for name, sentence in english[section].items():
            fields = {field for _, field, *_ in string.Formatter().parse(sentence) if field}
            other = {f for _, f, *_ in string.Formatter().parse(french[section][name]) if f}
            # a count or an article may be a word: "one track", "un morceau"
            assert fields - other <= {"count", "article"} and other - fields <= {"count"}, (
                section,
                name,
            )


@pytest.mark.parametrize("tool", [tool.name for tool in TOOLS])
def test_a_tool_says_the_same_things_in_both_languages(tool):
    try:
        english, french = own(f"tools/{tool}", "en"), own(f"tools/{tool}", "fr")
    except PromptError:
        pytest.skip("its words stand in tools.toml")
    assert ("label" in english) == ("label" in french)
    said, its = english.get("say", {}), french.get("say", {})
    assert said.keys() == its.keys()
    for name, sentence in said.items():
        fields = {field for _, field, *_ in string.Formatter().parse(sentence) if field}
        other = {field for _, field, *_ in string.Formatter().parse(its[name]) if field}
        assert fields - other <= {"count"} and other - fields <= {"count"}, name


def test_the_vocabulary_is_known():
    french = own("tools", "fr")
    assert set(french["moods"]) == set(MOODS)
    assert set(french["genres"]) | set(french["pieces"]) <= set(GENRES)
    assert known_name("fr", "moods", "happy") == "joyeux"
    assert known_name("en", "moods", "happy") == "happy"


@pytest.mark.parametrize(
    ("value", "english", "french"),
    [(1.5, "1.5", "1,5"), (2.0, "2", "2"), (100.04, "100", "100"), (-0.04, "0", "0")],
)
def test_numbers(value, english, french):
    assert number("en", value) == english
    assert number("fr", value) == french


def test_whole_numbers_keep_their_zeros():
    assert number("en", 120, 0) == "120"


@pytest.mark.parametrize(
    ("seconds", "english", "french"),
    [
        (50, "50 s", "50 s"),
        (2520, "42 min", "42 min"),
        (3900, "1 h 05 min", "1 h 05"),
        (3599, "1 h 00 min", "1 h 00"),
    ],
)
def test_durations(seconds, english, french):
    assert duration("en", seconds) == english
    assert duration("fr", seconds) == french


def test_lists_and_counts():
    assert listed("en", ["a", "b", "c"]) == "a, b and c"
    assert listed("fr", ["a", "b"], last="or") == "a ou b"
    assert listed("en", []) == ""
    assert say_count("en", "search.found", 0) == "0 tracks fit."
    assert say_count("fr", "search.found", 1) == "Un morceau convient."
    assert say_count("fr", "search.found", 3) == "3 morceaux conviennent."


def test_text_from_tags_is_no_template():
    assert "{0.__class__}" in say_count("en", "find_similar.found", 2, name="{0.__class__}")
