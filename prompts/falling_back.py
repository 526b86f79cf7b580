"""What stands in for the parts of a file that a language leaves out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

_READ: Final = frozenset({"words", "grammar", "dialogue", "associations"})
"""Files of what people say: English words in another language would be read wrongly."""
_READ_SECTIONS: Final = frozenset({"reading", "keys"})
"""Sections of what people say in other files."""
_ONLY_OWN: Final = frozenset({"rules", "reader", "reader_tests", "name", "tag", "codes"})
"""Sections that are of no use to another language, not even empty."""


def merged(files: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return files as one: tables are joined, of other values the first counts."""
    result: dict[str, Any] = {}
    for file in files:
        for key, value in file.items():
            if isinstance(value, dict):
                known = result.setdefault(key, {})
                if isinstance(known, dict):
                    result[key] = merged([known, value])
            else:
                result.setdefault(key, value)
    return result


def completed(own: Mapping[str, Any], english: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return a file with what it leaves out: sentences in English, words as empty lists.

    Args:
        own: The file of a language.
        english: The same in English.
        name: Its name without suffix.
    """
    usable = {key: value for key, value in english.items() if key not in _ONLY_OWN}
    if name in _READ:
        return merged([own, emptied(usable)])
    filled = {
        key: emptied(value) if key in _READ_SECTIONS else value for key, value in usable.items()
    }
    return merged([own, filled])


def emptied(value: Any) -> Any:
    """Return the tables of a file with empty lists and false for each switch, and no values."""
    if isinstance(value, Mapping):
        kept = (dict, list, bool)
        return {key: emptied(inside) for key, inside in value.items() if isinstance(inside, kept)}
    return type(value)()
