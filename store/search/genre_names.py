"""The genres of the library: those of the taxonomy that count, and the tags of the files."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from store.database.db import read, rows
from store.folding import fold
from store.tables.analysis import GENRE_COUNTS

_COUNTS: Final = f"""
SELECT name, (SELECT count(*) FROM genretag INDEXED BY ix_genretag_counted
        WHERE genre_id = genre.id AND ({GENRE_COUNTS}))
    - (SELECT count(*) FROM track CROSS JOIN genretag
        ON track_id = track.id AND genre_id = genre.id AND ({GENRE_COUNTS})
        WHERE missing = 1) AS tracks
FROM genre"""
_TAGS: Final = """
WITH RECURSIVE tag(value) AS (
    SELECT (SELECT min(value) FROM trackmetadata WHERE key = 'genre')
    UNION ALL
    SELECT (SELECT min(next.value) FROM trackmetadata AS next
        WHERE next.key = 'genre' AND next.value > tag.value)
    FROM tag WHERE tag.value IS NOT NULL)
SELECT value FROM tag WHERE value IS NOT NULL"""
"""From one value to the next in the index, without a look at the tracks of each."""
_SEPARATORS: Final = re.compile(r"[/;,|\\\0]| - ")


def genre_counts() -> dict[str, int]:
    """Return genre → tracks for which it counts, of those that have any, the most first."""
    with read() as session:
        counted = rows(session, _COUNTS)
    ranked = sorted(counted, key=lambda row: (-row.tracks, row.name))
    return {row.name: int(row.tracks) for row in ranked if row.tracks}


def genre_tags() -> tuple[str, ...]:
    """Return the genre tags of the files as they are written, each once."""
    with read() as session:
        return tuple(row.value for row in rows(session, _TAGS))


def tag_parts(tags: Iterable[str]) -> tuple[str, ...]:
    """Return the genres that tags name: "Rock; Shoegaze" → "Rock", "Shoegaze"."""
    parts = (part.strip() for tag in tags for part in _SEPARATORS.split(tag))
    return tuple(dict.fromkeys(part for part in parts if part))


def tags_named(name: str, tags: tuple[str, ...] | None = None) -> tuple[str, ...]:
    """Return the tags that are `name` or have it as a part: "Shoegaze", "Rock; Shoegaze".

    Args:
        name: Case and accents do not matter.
        tags: All tags, where they are known already.
    """
    wanted = fold(name)
    every = genre_tags() if tags is None else tags
    return tuple(tag for tag in every if wanted in {fold(tag), *map(fold, tag_parts([tag]))})
