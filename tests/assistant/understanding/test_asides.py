"""A reason beside an order is named as unread; what may change the order is asked about."""

import pytest

from assistant.understanding import read


@pytest.mark.parametrize(
    ("text", "tool", "arguments"),
    [
        ("turn it down, the baby is asleep", "control_player", {"action": "quieter"}),
        ("my phone is ringing so pause", "control_player", {"action": "pause"}),
        ("my wife is home, play some jazz", "play_music", {"genres": ["jazz"]}),
        ("baisse un peu, les voisins dorment", "control_player", {"action": "quieter"}),
        ("joue du jazz, ma femme arrive", "play_music", {"genres": ["jazz"]}),
    ],
)
def test_an_order_with_its_reason(text: str, tool: str, arguments: dict[str, object]) -> None:
    reading = read(text)
    assert (reading.tool, dict(reading.arguments)) == (tool, arguments)


def test_the_reason_is_named() -> None:
    assert read("my wife is home, play some jazz").unread == ("my", "wife", "is", "home")


@pytest.mark.parametrize(
    "text",
    [
        "if it rains, play some jazz",
        "I don't like guitars, play some jazz",
        "they are not here, play some jazz",
        "my 3 sisters came, play some jazz",
        "the third one, play some jazz",
    ],
)
def test_what_may_change_the_order_is_asked_about(text: str) -> None:
    assert read(text).tool != "play_music"
