import pytest

from prompts import languages, load
from store.search.sound_search import TERMS
from tools.tracks.meaning import _associations, _stem, _words, meaning, parsed_terms, term_name

LANGUAGES = languages()


def heaviest(text, language="en"):
    found = meaning(text, language)
    return list(found.weights)[:3] if found else None


def test_words_add_up():
    found = meaning("a rainy Sunday in a café", "en")
    assert found and found.whole
    assert set(list(found.weights)[:4]) == {"mellow", "chill", "acoustic", "jazz"}
    assert max(found.weights.values()) == 1.0
    assert found.said("en") == ("mellow", "chill", "acoustic", "jazz")
    assert found.said("fr")[:3] == ("feutré", "chill", "acoustique")


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("rainy evenings", "rain evening", "en"),
        ("cofee shops", "coffee shop", "en"),
        ("CAMPFIRES!", "campfire", "en"),
        ("des soirées pluvieuses", "soirée pluvieuse", "fr"),
        ("accordeon", "accordéon", "fr"),
        ("saxophonne", "saxophone", "fr"),
    ],
)
def test_endings_accents_and_slips_do_not_matter(one, other, language):
    assert meaning(one, language) == meaning(other, language) is not None


def test_the_longest_phrase_is_taken():
    assert heaviest("acoustic guitar") == ["guitar", "acoustic", "folk"]
    assert heaviest("electric guitar") == ["guitar", "rock", "energetic"]


def test_synonyms_of_the_reader_are_known():
    assert heaviest("bebop") == ["jazz"] and heaviest("joyful") == ["happy"]


def test_the_other_language_is_tried():
    assert heaviest("un feu de camp", "en") == heaviest("campfire", "en")


@pytest.mark.parametrize("text", ["qsdf ghjk", "Teardrop", "a of the", "!!!", "", "rin"])
def test_what_means_nothing(text):
    assert meaning(text, "en") is None


def test_a_word_that_is_not_known_is_noticed():
    found = meaning("rain on Zibby", "en")
    assert found and not found.whole


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_associations_lead_to_terms(language):
    table = load("associations", language)
    used = {term for terms in table["meanings"] for term in parsed_terms(terms)}
    assert used <= TERMS and set(table["names"]) <= TERMS
    assert all(0 < w <= 1 for terms in table["meanings"] for w in parsed_terms(terms).values())
    assert len([word for words in table["meanings"].values() for word in words]) > 800


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_means_two_things(language):
    meanings = {}
    for phrase, terms in _associations(language):
        stems = tuple(_stem(word, language) for word in _words(phrase))
        assert stems and meanings.setdefault(stems, terms) == terms, phrase


@pytest.mark.parametrize("language", LANGUAGES)
def test_scenes_and_sounds_of_the_reader_mean_something(language):
    phrases = [
        p for kind in ("scenes", "sounds") for p in load("words", language)["describe"][kind]
    ]
    unknown = [phrase for phrase in phrases if meaning(phrase, language) is None]
    assert len(unknown) < 0.1 * len(phrases), unknown


def test_every_term_has_a_name_in_french():
    assert term_name("female vocals", "fr") == "voix féminine"
    assert term_name("sad", "fr") == "triste" and term_name("sad", "en") == "sad"
