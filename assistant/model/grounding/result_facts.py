"""Results of tools for the model: short, with references, and as data alone."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

_TEXT_LIMIT: Final = 80  # characters of a title or tag that a model gets to see
_REFERENCES: Final = 10
_LEFT_OUT_OF_ROWS: Final = frozenset(
    [
        *("id", "has_cover", "energy", "album", "bpm_alternative", "charts", "duration_s", "why"),
        *("versions", "format", "similarity"),
    ]
)
"""Fields of tracks in a list: the table shows them, and a small board reads 20 tokens a second."""
_LIST_LIMIT: Final = 20  # other lists are cut here, to keep the prompt short
_LEFT_OUT: Final = frozenset({"id", "has_cover", "job_id", "playlist_id", "track_id", "energy"})


def clean(text: str) -> str:
    """Return untrusted text for a model: no control characters, 80 characters at most."""
    printable = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in text)
    squeezed = " ".join(printable.split())
    return squeezed if len(squeezed) <= _TEXT_LIMIT else squeezed[: _TEXT_LIMIT - 1] + "…"


def facts_for_model(facts: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """Return facts as JSON for the model, and reference → title.

    The first ten tracks get references T1…T10; the model names tracks by these alone.
    """
    references: dict[str, str] = {}

    def copy(value: Any, left_out: frozenset[str] = _LEFT_OUT) -> Any:
        if isinstance(value, str):
            return clean(value)
        if isinstance(value, Mapping):
            copied = {
                clean(str(key)): copy(item)
                for key, item in value.items()
                if item not in (None, "", [], ()) and key not in left_out
            }
            title = copied.get("title")
            if isinstance(title, str) and title:
                copied = {"ref": refer(title), **copied}
            return copied
        if isinstance(value, list | tuple | set | frozenset):
            items = list(value)
            if items and isinstance(items[0], Mapping) and "title" in items[0]:
                return [copy(item, _LEFT_OUT_OF_ROWS) for item in items[:_REFERENCES]]
            return [copy(item) for item in items[:_LIST_LIMIT]]
        return value

    def refer(title: str) -> str:
        reference = f"T{len(references) + 1}"
        references[reference] = title
        return reference

    written = json.dumps(copy(dict(facts)), ensure_ascii=False, separators=(",", ":"))
    return written, references
