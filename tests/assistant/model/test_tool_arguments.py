from __future__ import annotations

from typing import Any

import pytest

from assistant.model.tool_arguments import BadArgumentsError, given_arguments, validated
from tools import TOOLS
from tools.make_playlist import make_playlist
from tools.search_tracks import search_tracks


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ({"genres": "Rock", "text": "", "artists": None, "moods": []}, {"genres": ["rock"]}),
        ({"moods": '["Sad", "dark"]'}, {"moods": ["sad", "dark"]}),
        ({"moods": "['sad']"}, {"moods": ["sad"]}),
        ({"keys": "8a", "bpm_min": "120"}, {"keys": ["8A"], "bpm_min": 120.0}),
        ({"instrumental": "true", "limit": "5"}, {"instrumental": True, "limit": 5}),
        ({}, {}),
    ],
)
def test_what_models_send_is_put_right(sent: dict[str, Any], meant: dict[str, Any]) -> None:
    assert given_arguments(validated(search_tracks, sent)) == meant


@pytest.mark.parametrize(
    ("sent", "part"),
    [
        ({"moods": ["polka"]}, "moods"),
        ({"bpm_min": 140, "bpm_max": 100}, "above"),
        ({"path": "/etc/passwd"}, "path"),
        ({"bpm_min": "fast"}, "bpm_min"),
    ],
)
def test_what_stays_wrong_is_said(sent: dict[str, Any], part: str) -> None:
    with pytest.raises(BadArgumentsError, match=part):
        validated(search_tracks, sent)


def test_defaults_are_not_said() -> None:
    assert given_arguments(validated(make_playlist, {"duration_min": 60})) == {"duration_min": 60.0}


def test_no_tool_takes_a_path_or_a_command() -> None:
    for tool in TOOLS:
        names = set(tool.arguments.model_json_schema().get("properties", {}))
        assert not names & {"path", "file", "url", "command", "folder", "host"}
