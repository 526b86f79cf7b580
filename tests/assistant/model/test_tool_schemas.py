from __future__ import annotations

import json

from assistant.model.tool_schemas import short_schemas
from store.vocabulary import GENRES
from tools import TOOLS
from tools.base import schema


def test_every_argument_stays_and_the_text_is_short() -> None:
    short = short_schemas(TOOLS)
    for tool, brief in zip(TOOLS, short, strict=True):
        full = schema(tool)["function"]
        assert brief["function"]["name"] == full["name"]
        wanted = set(full["parameters"].get("properties", {}))
        assert set(brief["function"]["parameters"].get("properties", {})) == wanted
    text = json.dumps(short)
    assert len(text) < 1000 * len(TOOLS)  # for models that call freely; read once, then cached
    assert text.count('"drum and bass"') == 1
    assert "null" not in text


def test_the_first_mention_lists_the_choices() -> None:
    first = short_schemas(TOOLS)[0]["function"]["parameters"]["properties"]
    assert tuple(first["genres"]["items"]["enum"]) == GENRES
    assert first["bpm_min"] == {"type": "number", "description": "Slowest tempo in beats a minute"}


def test_the_same_bytes_every_time() -> None:
    assert json.dumps(short_schemas(TOOLS)) == json.dumps(short_schemas(TOOLS))
