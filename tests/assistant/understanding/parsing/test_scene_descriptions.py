"""Scenes and sounds become the text of a search; nothing else does."""

from typing import Any

import pytest

from assistant.understanding import read


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("music for a rainy Sunday in a café", {"text": "rainy Sunday in a café"}),
        ("late night drive through the city", {"text": "late night drive through the city"}),
        ("sad songs with piano", {"moods": ["sad"], "text": "piano"}),
        ("slow jazz for a walk in the snow",
         {"genres": ["jazz"], "bpm_max": 90, "text": "walk in the snow"}),
        ("de la musique pour une balade en forêt", {"text": "balade en forêt"}),
        ("MUSIC FOR THE BEACH", {"text": "beach"}),
        ("melodic techno for a sunset", {"genres": ["techno"], "text": "melodic, sunset"}),
        ("mellow accoustic stuff", {"moods": ["chill"], "text": "acoustic"}),
    ],
)  # fmt: skip
def test_description(text: str, arguments: dict[str, Any]) -> None:
    assert read(text).arguments == arguments


@pytest.mark.parametrize(
    "text",
    [
        "find me a restaurant in Paris",
        "what should I cook for dinner with my parents",
        "start the car",
        "music for the evening",
        "jazz, no saxophone",
        "songs with less guitar",
        "songs with 5 stars",
        "book a hotel by the sea for the summer",
        "do you like the rain?",
    ],
)
def test_what_is_no_description(text: str) -> None:
    assert "text" not in read(text).arguments
