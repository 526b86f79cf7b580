import pytest

from tools.playlist.reasons import Mixable, opening, transition


def test_english_and_french():
    before, after = Mixable(98, "8A", 0.40), Mixable(99.5, "9A", 0.48)
    assert transition(before, after, "en") == "8A → 9A, +1.5 BPM, a bit more energy"
    assert transition(before, after, "fr") == "8A → 9A, +1,5 BPM, un peu plus d'énergie"
    assert transition(after, before, "en") == "9A → 8A, −1.5 BPM, a bit less energy"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ((100, "8A", 0.5), (100.2, "8A", 0.51), "stays in 8A, same tempo, same energy"),
        ((70, "8A", 0.2), (140, "8B", 0.9), "8A → 8B, double time (140 BPM), more energy"),
        ((160, None, 0.9), (81, None, 0.2), "half time (81 BPM), less energy"),
        ((None, None, None), (100, "8A", 0.5), "for variety"),
        ((100, "8A", None), (103, "8A", None), "stays in 8A, +3 BPM"),
    ],
)
def test_what_is_known_is_said(before, after, expected):
    assert transition(Mixable(*before), Mixable(*after), "en") == expected


def test_opening():
    assert opening(Mixable(98.04, "8A", 0.4), "en") == "opens: 8A, 98 BPM"
    assert opening(Mixable(98.5, None, 0.4), "fr") == "ouverture : 98,5 BPM"
    assert opening(Mixable(None, None, None), "en") == "opens"
