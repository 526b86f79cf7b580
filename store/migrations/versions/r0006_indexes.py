"""Indexes that hold all a search or a count asks of a table, in the order of the tracks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_genretag_genre_track", "genretag")
    op.create_index(
        "ix_genretag_genre_track", "genretag", ["genre_id", "track_id", "main", "weight"]
    )
    op.create_index(
        "ix_genretag_main", "genretag", ["genre_id", "track_id"], sqlite_where=sa.text("main")
    )
    op.create_index(
        "ix_moodtag_mood_track",
        "moodtag",
        ["mood", "track_id", "strength"],
        sqlite_where=sa.text("strength >= 0.5"),
    )
    op.create_index("ix_track_missing", "track", ["missing"])
    op.create_index("ix_track_status", "track", ["missing", "duration_s", "analysed_at"])
    op.create_index("ix_trackembedding_model", "trackembedding", ["model", "kind"])
    op.create_index("ix_job_kind_state", "job", ["kind", "state"])


def downgrade() -> None:
    op.drop_index("ix_job_kind_state", "job")
    op.drop_index("ix_trackembedding_model", "trackembedding")
    op.drop_index("ix_track_status", "track")
    op.drop_index("ix_track_missing", "track")
    op.drop_index("ix_moodtag_mood_track", "moodtag")
    op.drop_index("ix_genretag_main", "genretag")
    op.drop_index("ix_genretag_genre_track", "genretag")
    op.create_index("ix_genretag_genre_track", "genretag", ["genre_id", "track_id"])
