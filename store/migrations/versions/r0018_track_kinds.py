"""What a track is, where it is no music; an index of the tempi that may be meant instead."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("track", sa.Column("kind", sa.String()))
    op.create_index("ix_track_kind", "track", ["kind"], sqlite_where=sa.text("kind IS NOT NULL"))

    op.create_index(
        "ix_features_other_bpm",
        "trackaudiofeatures",
        ["bpm_alternative"],
        sqlite_where=sa.text("bpm_confidence < 0.8"),
    )


def downgrade() -> None:
    op.drop_index("ix_features_other_bpm", "trackaudiofeatures")
    op.drop_index("ix_track_kind", "track")
    op.drop_column("track", "kind")
