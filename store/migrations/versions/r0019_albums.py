"""What tracks say of their albums, and albums that are told apart by more than title and artist.

The albums themselves are found anew by the indexer (`store.library.albums.regrouping.regroup_all`).
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_COLUMNS = "id, title, folded, artist_id, year, musicbrainz_id"


def upgrade() -> None:
    op.add_column("track", sa.Column("album_title", sa.String(), nullable=True))
    op.add_column("track", sa.Column("album_key", sa.String(), nullable=True))
    op.add_column("track", sa.Column("album_artist", sa.String(), nullable=True))
    op.add_column(
        "track", sa.Column("compilation", sa.Boolean(), nullable=False, server_default="0")
    )
    op.create_index("ix_track_album_key", "track", ["album_key"])
    op.create_index(
        "ix_track_musicbrainz_album",
        "track",
        ["musicbrainz_album_id"],
        sqlite_where=sa.text("musicbrainz_album_id IS NOT NULL"),
    )
    _album_table(
        sa.Column("edition_title", sa.String(), nullable=False, server_default=""),
        sa.Column("edition_of", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["edition_of"], ["album.id"], ondelete="SET NULL"),
    )
    op.create_index("ix_album_edition_title", "album", ["edition_title"])


def downgrade() -> None:
    _album_table(sa.UniqueConstraint("title", "artist_id"))
    op.drop_index("ix_track_musicbrainz_album", "track")
    op.drop_index("ix_track_album_key", "track")
    for column in ("compilation", "album_artist", "album_key", "album_title"):
        op.drop_column("track", column)


def _album_table(*more: sa.Column[str] | sa.Column[int] | sa.Constraint) -> None:
    """Make the table anew: SQLite drops no constraint. Triggers on it go with the old one."""
    triggers = _triggers()
    for name, _ in triggers:
        op.execute(f"DROP TRIGGER {name}")
    op.drop_index("ix_album_artist_id", "album")
    op.drop_index("ix_album_folded", "album")
    op.create_table(
        "album_made_anew",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("artist_id", sa.Integer(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("musicbrainz_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["artist_id"], ["artist.id"], ondelete="SET NULL"),
        *more,
    )
    op.execute(f"INSERT OR IGNORE INTO album_made_anew ({_COLUMNS}) SELECT {_COLUMNS} FROM album")
    op.drop_table("album")
    op.rename_table("album_made_anew", "album")
    op.execute("UPDATE track SET album_id = NULL WHERE album_id NOT IN (SELECT id FROM album)")
    op.create_index("ix_album_artist_id", "album", ["artist_id"])
    op.create_index("ix_album_folded", "album", ["folded"])
    for _, statement in triggers:
        op.execute(statement)


def _triggers() -> Sequence[tuple[str, str]]:
    found = op.get_bind().execute(
        sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%album%'")
    )
    return [(row.name, row.sql) for row in found]
