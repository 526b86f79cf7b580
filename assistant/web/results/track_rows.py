"""Tracks as the rows of a table on the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from prompts import Language, load
from tools.text.words import known_name

ROWS_SHOWN: Final = 10
"""Rows that a table shows before more are asked for."""
_SHOWN: Final = (
    "id", "title", "artist", "year", "bpm", "bpm_alternative", "camelot", "energy", "duration_s",
    "audio_url", "cover_url", "locked",
)  # fmt: skip


def table_texts(language: Language) -> dict[str, str]:
    """Return the texts of a table by name."""
    return dict(load("table", language))


def shown_row(track: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """Return the row of a track, as `tools.tracks.track_facts.track_data` gives it.

    What is empty is left out: a conversation keeps its tables.
    """
    values = {name: track.get(name) for name in _SHOWN}
    row = {name: value for name, value in values.items() if value is not None}
    row["moods"] = [known_name(language, "moods", mood) for mood in track.get("moods") or ()]
    row["mood_names"] = list(track.get("moods") or ())
    row["why"] = [reason for reason in track.get("why") or () if reason]
    row["versions"] = [
        {
            **version,
            "artist": track.get("artist"),
            "audio_url": f"/api/tracks/{version['id']}/audio",
        }
        for version in track.get("versions") or ()
    ]
    return row
