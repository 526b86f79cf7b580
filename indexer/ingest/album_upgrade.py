"""Albums of a library that an older Backbeat indexed, found anew from what is stored."""

from __future__ import annotations

from typing import Final

from store.jobs import indexer_state
from store.library.albums.regrouping import regroup_all

ALBUM_RULES: Final = "1"
"""Changes whenever `store.library.albums.identity` decides otherwise."""
_STATE: Final = "album_rules"


def regroup_outdated_albums() -> int:
    """Find all albums anew if the rules changed since the last time; return how many there are."""
    if indexer_state.get(_STATE) == ALBUM_RULES:
        return 0
    albums = regroup_all()
    indexer_state.put(_STATE, ALBUM_RULES)
    return albums
