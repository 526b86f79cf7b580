"""The data files of each language: complete, canonical and without double meanings."""

import pytest

import prompts
from assistant.understanding.lexing.lexicon import language, table_phrases
from store.vocabulary import GENRES, LEVELS, MOODS

LANGUAGES = prompts.languages()


def test_english_comes_first_and_french_is_there() -> None:
    assert LANGUAGES[0] == "en"
    assert "fr" in LANGUAGES


@pytest.mark.parametrize("name", LANGUAGES)
def test_no_phrase_means_two_things(name: str) -> None:
    meaning: dict[tuple[str, ...], tuple[str, str]] = {}
    twice = []
    for phrase, table, value in table_phrases(prompts.own("words", name)):
        if meaning.setdefault(phrase, (table, value)) != (table, value):
            twice.append((phrase, meaning[phrase], (table, value)))
    assert not twice


@pytest.mark.parametrize("name", LANGUAGES)
def test_tables_lead_to_canonical_values(name: str) -> None:
    words = prompts.own("words", name)
    assert set(words["genres"]) == set(GENRES)
    assert set(words["subgenres"]) <= set(GENRES)
    assert set(words["moods"]) == set(MOODS)
    assert set(words["levels"]) == set(LEVELS)
    assert set(words["energy"]) == {"low", "medium", "high"}
    assert set(words["sort"]) == {"bpm", "energy", "year", "added", "random", "relevance"}
    assert set(words["arc"]) == {"rise", "fall", "wave", "flat"}


@pytest.mark.parametrize("name", LANGUAGES)
def test_every_language_knows_several_hundred_words(name: str) -> None:
    assert len(language(name).meanings) > 500


@pytest.mark.parametrize("name", LANGUAGES)
def test_a_filler_word_has_no_meaning_of_its_own(name: str) -> None:
    known = language(name)
    assert not known.group("fill.words") & set(known.meanings)


def test_all_languages_say_the_same_sentences() -> None:
    keys = {
        frozenset((section, key) for section, texts in words.items() if isinstance(texts, dict)
                  for key in texts)
        for words in (prompts.own("assistant", name) for name in LANGUAGES)
    }  # fmt: skip
    assert len(keys) == 1


def test_a_missing_language_is_named_in_the_error() -> None:
    with pytest.raises(prompts.PromptError, match="xx"):
        prompts.own("words", "xx")
