"""Words that a user adds to a language: DATA/words/en.toml, in the format of words.toml."""

from __future__ import annotations

import logging
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant.understanding.lexing.plain_text import fold_phrase

logger = logging.getLogger(__name__)

# Tables that take words as [table] "meaning" = ["word", …].
_TABLES = frozenset(
    {"genres", "subgenres", "moods", "energy", "vocals", "tempo", "sort", "arc", "describe",
     "spellings"}
)  # fmt: skip
_MOST_WORDS = 2000

Words = Mapping[str, Mapping[str, list[str]]]


def user_words(path: Path) -> dict[str, dict[str, list[str]]]:
    """Return the words of a user's file; invalid entries are logged and left out."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        logger.warning("%s is left out: it cannot be read (%s)", path, error)
        return {}
    return {
        table: meanings
        for table, rows in found.items()
        if (meanings := _meanings(path, table, rows))
    }


def _meanings(path: Path, table: str, rows: Any) -> dict[str, list[str]]:
    if table not in _TABLES or not isinstance(rows, dict):
        logger.warning("%s: there is no table [%s]; there are %s", path, table, sorted(_TABLES))
        return {}
    good: dict[str, list[str]] = {}
    for meaning, words in rows.items():
        if isinstance(words, list) and all(isinstance(word, str) for word in words):
            good[meaning] = words[:_MOST_WORDS]
        else:
            logger.warning('%s: [%s] %s needs a list like ["word"]', path, table, meaning)
    return good


def with_user_words(words: Mapping[str, Any], own: Words, *, origin: str) -> dict[str, Any]:
    """Return the words of a language with the user's, which override any other meaning.

    Args:
        words: The content of words.toml.
        own: What `user_words` found.
        origin: Where it was found, for the log.
    """
    merged: dict[str, Any] = dict(words)
    taken = {fold_phrase(word) for rows in own.values() for new in rows.values() for word in new}
    for name in _TABLES & merged.keys():
        merged[name] = {
            meaning: [word for word in known if fold_phrase(word) not in taken]
            for meaning, known in words[name].items()
        }
    for name, rows in own.items():
        for meaning, new in rows.items():
            if name != "spellings" and meaning not in words[name]:
                logger.warning("%s: [%s] has no %r; it has %s", origin, name, meaning,
                               ", ".join(words[name]))  # fmt: skip
                continue
            merged[name][meaning] = [*merged[name].get(meaning, []), *new]
    return merged
