import pytest

from store.vocabulary import CAMELOT_CODES
from tools.tracks.mixing import key_relation, mix_of


@pytest.mark.parametrize(
    ("first", "second", "relation"),
    [
        ("8A", "8A", "same"),
        ("8A", "9A", "neighbour"),
        ("12B", "1B", "neighbour"),
        ("8A", "8B", "relative"),
        ("8A", "10A", "boost"),
        ("1A", "11A", "boost"),
        ("8A", "9B", "diagonal"),
        ("8A", "2A", "clash"),
        ("8A", "10B", "clash"),
    ],
)
def test_relations_of_keys(first, second, relation):
    assert key_relation(first, second) == relation


def test_relations_are_symmetric():
    for first in CAMELOT_CODES:
        for second in CAMELOT_CODES:
            assert key_relation(first, second) == key_relation(second, first)


@pytest.mark.parametrize(
    ("first", "second", "apart", "doubled", "fits"),
    [
        (128, 128, 0.0, False, True),
        (124, 128, 4 / 124, False, True),
        (70, 140, 0.0, True, True),
        (140, 68, 140 / 136 - 1, True, True),
        (100, 120, 0.2, False, False),
        (60, 240, 1.0, True, False),
    ],
)
def test_tempos(first, second, apart, doubled, fits):
    mix = mix_of((first, "8A"), (second, "8A"))
    assert mix.tempo_apart == pytest.approx(apart)
    assert (mix.doubled, mix.tempo_fits, mix.keys_fit) == (doubled, fits, True)


def test_what_is_not_known_stays_unknown():
    mix = mix_of((None, "8A"), (120, None))
    assert (mix.tempo_apart, mix.tempo_fits, mix.keys, mix.keys_fit) == (None, None, None, None)
