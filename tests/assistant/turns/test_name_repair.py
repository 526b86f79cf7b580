from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assistant.messages import ToolCall
from assistant.turns.name_repair import with_known_names


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ({"artists": ["Slow Harbour"]}, {"text": "Slow Harbour"}),
        ({"artists": ["Mira Quist"]}, {"artists": ["Mira Quist"]}),
        ({"artists": ["Nobody Known"]}, {"artists": ["Nobody Known"]}),
        ({"artists": ["Slow Harbour", "Halde"]}, {"artists": ["Halde"], "text": "Slow Harbour"}),
        ({"like": "slow harbour"}, {"like": "slow harbour"}),
        ({"like": "sitting around a stove"}, {"text": "sitting around a stove"}),
        ({"exclude_artists": ["grandmother"], "genres": ["jazz"]}, {"genres": ["jazz"]}),
        ({"exclude_artists": ["halde"]}, {"exclude_artists": ["halde"]}),
        ({"track": "T1"}, {"track": "T1"}),
    ],
)
def test_names_are_put_where_they_belong(
    library: Path, written: dict[str, Any], meant: dict[str, Any]
) -> None:
    call = ToolCall(name="search_tracks", arguments=written)
    assert with_known_names(call).arguments == meant
