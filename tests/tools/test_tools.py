import json
import subprocess
import sys

import pytest
from pydantic import ValidationError

from tools import TOOLS, tool
from tools.base import ToolError, TrackQuery, schema

NAMES = [
    "search_tracks", "make_playlist", "summarize_track", "compare_tracks", "find_similar",
    "count_tracks", "browse_library", "generate_drum_chart", "export_playlist", "edit_playlist",
    "list_playlists", "library_status", "play_music", "control_player", "give_feedback",
    "correct_track",
]  # fmt: skip


def test_the_names_are_fixed():
    assert [each.name for each in TOOLS] == NAMES


def test_the_arguments_are_fixed():
    query = set(TrackQuery.model_fields)
    fields = {each.name: set(each.arguments.model_fields) for each in TOOLS}
    assert fields == {
        "search_tracks": query,
        "make_playlist": query
        | {"name", "duration_min", "arc", "harmonic", "from_track", "to_track", "refresh", "seed"},
        "summarize_track": {"track", "about"},
        "compare_tracks": {"tracks"},
        "find_similar": {"track", "limit"},
        "count_tracks": query | {"by"},
        "browse_library": {"what", "of"},
        "generate_drum_chart": {"track", "levels"},
        "export_playlist": {"playlist", "format"},
        "edit_playlist": {"playlist", "action", "tracks", "position", "name", "sort"},
        "list_playlists": set(),
        "library_status": set(),
        "play_music": query | {"track", "playlist", "when"},
        "control_player": {"action"},
        "give_feedback": {"track", "like", "rating", "mood", "fits"},
        "correct_track": {"track", "album", "title", "artist", "genre", "bpm", "key", "year"},
    }


@pytest.mark.parametrize("name", NAMES)
def test_schemas_are_closed_and_stable(name):
    function = schema(tool(name))["function"]
    assert function["parameters"]["additionalProperties"] is False
    assert function["description"].endswith(".")
    assert json.dumps(schema(tool(name))) == json.dumps(schema(tool(name)))


@pytest.mark.parametrize("name", NAMES)
def test_no_tool_takes_what_it_does_not_know(name):
    with pytest.raises(ValidationError):
        tool(name).arguments.model_validate({"path": "/etc/passwd"})


def test_no_such_tool():
    with pytest.raises(ToolError, match="no tool 'rm'") as error:
        tool("rm")
    assert list(error.value.choices) == NAMES


def test_importing_the_tools_stays_light():
    heavy = "{'lancedb', 'litellm', 'tensorflow', 'sklearn', 'chainlit', 'librosa', 'mcp'}"
    code = f"import sys, tools, tools.mcp.mcp_server; print({heavy} & sys.modules.keys() or '')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
