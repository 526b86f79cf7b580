"""Tracks that are away: the folder that cannot be seen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("track", sa.Column("away_from", sa.String(), nullable=True))
    op.create_index(
        "ix_track_away", "track", ["away_from"], sqlite_where=sa.text("away_from IS NOT NULL")
    )


def downgrade() -> None:
    op.drop_index("ix_track_away", "track")
    op.drop_column("track", "away_from")
