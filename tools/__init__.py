"""The tools. Each is one file and one line in `TOOLS`."""

from __future__ import annotations

from typing import Final

from tools.base import Tool, ToolError
from tools.edit_playlist import edit_playlist
from tools.export_playlist import export_playlist
from tools.find_similar import find_similar
from tools.generate_drum_chart import generate_drum_chart
from tools.library_status import library_status
from tools.list_playlists import list_playlists
from tools.make_playlist import make_playlist
from tools.search_tracks import search_tracks
from tools.summarize_track import summarize_track

TOOLS: Final[tuple[Tool, ...]] = (
    search_tracks,
    make_playlist,
    summarize_track,
    find_similar,
    generate_drum_chart,
    export_playlist,
    edit_playlist,
    list_playlists,
    library_status,
)


def tool(name: str) -> Tool:
    """Return the tool of a name.

    Raises:
        ToolError: There is no such tool.
    """
    for candidate in TOOLS:
        if candidate.name == name:
            return candidate
    names = tuple(candidate.name for candidate in TOOLS)
    raise ToolError(f"There is no tool {name!r}; there are {', '.join(names)}.", choices=names)
