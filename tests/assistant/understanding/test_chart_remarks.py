"""What is said beside the track of a chart: a tempo, and that it is to be made again."""

import pytest

from assistant.understanding import read
from assistant.understanding.dialogue.state import ConversationState


@pytest.mark.parametrize(
    ("text", "track", "bpm"),
    [
        ("chart Iron Tide at 168 bpm", "Iron Tide", 168),
        ("make a drum chart of Iron Tide, 168 bpm", "Iron Tide", 168),
        ("chart the drums of Iron Tide at a tempo of 92.5 please", "Iron Tide", 92.5),
        ("partition de batterie de Iron Tide à 168 bpm", "Iron Tide", 168),
        ("chart Iron Tide", "Iron Tide", None),
        ("drum chart of 99 Red Balloons", "99 Red Balloons", None),
        ("chart Summer of 69 at 139 bpm", "Summer of 69", 139),
    ],
)
def test_tempo_of_a_chart(text: str, track: str, bpm: float | None) -> None:
    reading = read(text)
    assert (reading.tool, reading.arguments) == ("generate_drum_chart", {"track": track})
    assert reading.chart_bpm == bpm


def test_the_level_is_still_read() -> None:
    reading = read("chart Iron Tide at 168 bpm only basic")
    assert reading.arguments == {"track": "Iron Tide", "levels": ["BASIC"]}


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ("redo the drum chart of Iron Tide", True),
        ("make the drum chart of Iron Tide again", True),
        ("refais la partition de batterie de Iron Tide", True),
        ("fais la partition de batterie de Iron Tide à nouveau", True),
        ("make a drum chart of Iron Tide", False),
        ("fais la partition de batterie de Iron Tide", False),
    ],
)
def test_a_chart_is_made_again_where_that_is_said(text: str, again: bool) -> None:
    reading = read(text)
    assert (reading.tool, reading.arguments) == ("generate_drum_chart", {"track": "Iron Tide"})
    assert reading.chart_again is again


@pytest.mark.parametrize(
    "text", ["make a drum chart of on the road again", "make the drum chart of Never Again"]
)
def test_again_may_be_part_of_a_title(text: str) -> None:
    reading = read(text)
    assert reading.arguments["track"].endswith("gain") and not reading.chart_again


@pytest.mark.parametrize("text", ["make it again", "redo the chart", "refais-la", "la refaire"])
def test_the_last_chart_is_made_again(text: str) -> None:
    arguments = {"track": "Iron Tide", "levels": ["BASIC"]}
    state = ConversationState().after("generate_drum_chart", arguments)
    reading = read(text, state=state)
    assert (reading.tool, reading.arguments) == ("generate_drum_chart", arguments)
    assert reading.confident and reading.chart_again
    searched = ConversationState().after("search_tracks", {"genres": ["jazz"]})
    assert not read(text, state=searched).chart_again
