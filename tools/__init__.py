"""The tools. Each is one file and one line in `TOOLS`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tools.base import Tool, ToolError
from tools.browse_library import browse_library
from tools.compare_tracks import compare_tracks
from tools.control_player import control_player
from tools.correct_track import correct_track
from tools.count_tracks import count_tracks
from tools.edit_playlist import edit_playlist
from tools.export_playlist import export_playlist
from tools.find_similar import find_similar
from tools.generate_drum_chart import generate_drum_chart
from tools.give_feedback import give_feedback
from tools.library_status import library_status
from tools.list_playlists import list_playlists
from tools.make_playlist import make_playlist
from tools.play_music import play_music
from tools.search_tracks import search_tracks
from tools.summarize_track import summarize_track

TOOLS: Final[tuple[Tool, ...]] = (
    search_tracks,
    make_playlist,
    summarize_track,
    compare_tracks,
    find_similar,
    count_tracks,
    browse_library,
    generate_drum_chart,
    export_playlist,
    edit_playlist,
    list_playlists,
    library_status,
    play_music,
    control_player,
    give_feedback,
    correct_track,
)


def tool(name: str, tools: Sequence[Tool] = TOOLS) -> Tool:
    """Return the tool of a name among `tools`.

    Raises:
        ToolError: There is no such tool.
    """
    for candidate in tools:
        if candidate.name == name:
            return candidate
    names = tuple(candidate.name for candidate in tools)
    raise ToolError(f"There is no tool {name!r}; there are {', '.join(names)}.", choices=names)
