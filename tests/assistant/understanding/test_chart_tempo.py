"""A tempo said for a chart is no part of the title."""

import pytest

from assistant.understanding import read


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
