"""The gate against what is not about music."""

import subprocess
import sys

import numpy as np
import pytest

from assistant.understanding.gate import knows, music_request
from assistant.understanding.gate.classifier import FILE, UNKNOWN
from assistant.understanding.gate.features import classed, vector, words

REQUESTS = [
    ("en", "dig out some seventies funk without vocals"),
    ("en", "build me a two hour playlist for the barbecue"),
    ("en", "what key is the third one in"),
    ("en", "skip to the next song"),
    ("en", "how many blues albums do I have"),
    ("fr", "trouve-moi du reggae des années 80"),
    ("fr", "fais une playlist de deux heures pour le barbecue"),
    ("fr", "quelle est la tonalité du troisième"),
    ("fr", "passe à la chanson suivante"),
    ("fr", "combien d'albums de blues ai-je ?"),
]
OTHERS = [
    ("en", "will it snow in Boston on Friday"),
    ("en", "dim the bedroom lights"),
    ("en", "book a table for six at the Italian place"),
    ("en", "play Kashmir on Spotify"),
    ("en", "where was Nina Simone born"),
    ("en", "how do I tune my snare drum"),
    ("fr", "est-ce qu'il va neiger à Lyon vendredi"),
    ("fr", "baisse la lumière de la chambre"),
    ("fr", "réserve une table pour six au restaurant"),
    ("fr", "joue Kashmir sur Spotify"),
    ("fr", "où est née Nina Simone ?"),
    ("fr", "comment accorder ma caisse claire ?"),
]


@pytest.mark.parametrize(("language", "text"), REQUESTS)
def test_requests_pass(language: str, text: str) -> None:
    assert music_request(text, language) > 0.8


@pytest.mark.parametrize(("language", "text"), OTHERS)
def test_what_is_no_request_does_not(language: str, text: str) -> None:
    assert music_request(text, language) < 0.1


def test_unknown_language_and_empty_text_are_undecided() -> None:
    assert not knows("xx")
    assert music_request("play some jazz", "xx") == UNKNOWN
    assert music_request(" ?! ", "en") == UNKNOWN


def test_accents_capitals_and_elisions_make_no_difference() -> None:
    assert words("L’Été À 128 BPM") == words("l'ete a 90 bpm") == ["l", "ete", "a", "0", "bpm"]
    plain, marked = music_request("J'ECOUTE DU JAZZ", "fr"), music_request("j'écoute du jazz", "fr")
    assert plain == marked


def test_phrases_of_a_kind_stand_for_the_kind() -> None:
    assert classed(words("some drum and bass on apple music")) == ["some", "GENRE", "on", "SERVICE"]


def test_vectors_have_length_one_and_no_place_twice() -> None:
    places, values = vector("play play play some jazz", "en")
    assert len(set(places.tolist())) == places.size == values.size
    assert np.linalg.norm(values) == pytest.approx(1.0, abs=1e-6)


def test_model_is_small_and_needs_no_training_library() -> None:
    assert FILE.stat().st_size < 500_000
    code = (
        "import sys; from assistant.understanding.gate import music_request;"
        "music_request('play jazz', 'en');"
        "assert not {'sklearn', 'scipy', 'tensorflow'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
