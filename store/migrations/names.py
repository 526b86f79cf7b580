"""Names that the migrations and their checks share."""

from __future__ import annotations

from typing import Final

FULL_TEXT_PREFIXES: Final = ("track_text", "track_name", "artist_name", "album_name")
"""Full-text tables and the shadow tables and vocabularies that go with them."""
