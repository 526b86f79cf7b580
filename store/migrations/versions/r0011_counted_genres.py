"""Indexes of the genres that count, of genre tags and of likes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_genretag_main", "genretag")
    op.create_index(
        "ix_genretag_counted",
        "genretag",
        ["genre_id", "track_id", "main", "weight"],
        sqlite_where=sa.text("main OR weight >= 0.5"),
    )
    op.create_index(
        "ix_trackmetadata_genre",
        "trackmetadata",
        ["value", "track_id"],
        sqlite_where=sa.text("key = 'genre'"),
    )
    op.create_index("ix_tracklike_track", "tracklike", ["track_id", "value"])


def downgrade() -> None:
    op.drop_index("ix_tracklike_track", "tracklike")
    op.drop_index("ix_trackmetadata_genre", "trackmetadata")
    op.drop_index("ix_genretag_counted", "genretag")
    op.create_index(
        "ix_genretag_main", "genretag", ["genre_id", "track_id"], sqlite_where=sa.text("main")
    )
