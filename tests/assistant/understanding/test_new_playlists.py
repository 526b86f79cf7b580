"""What is put into a new playlist."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.turns.library_names import LibraryNames
from assistant.understanding import read

ONE = {"playlist": "Glass Garden", "action": "add", "tracks": ["Glass Garden"]}


@pytest.mark.parametrize(
    ("text", "tool", "arguments"),
    [
        ("put Glass Garden in a playlist", "edit_playlist", ONE),
        ("make a playlist with Glass Garden", "edit_playlist", ONE),
        ("mets Glass Garden dans une playlist", "edit_playlist", ONE),
        ("make a playlist called Glass Garden", "make_playlist", {"name": "Glass Garden"}),
        ("mets Mira Quist dans une playlist", "make_playlist", {"artists": ["Mira Quist"]}),
        ("mets du jazz dans une nouvelle playlist", "make_playlist", {"genres": ["jazz"]}),
        ("mets du jazz", "play_music", {"genres": ["jazz"]}),
    ],
)  # fmt: skip
def test_what_goes_into_it_is_not_its_name(
    library: Any, text: str, tool: str, arguments: dict[str, Any]
) -> None:
    reading = read(text, names=LibraryNames())
    assert (reading.tool, reading.arguments) == (tool, arguments)
