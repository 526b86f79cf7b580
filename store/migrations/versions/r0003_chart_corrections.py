"""Charts that a person corrected."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chartcorrection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("track_id", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("start_s", sa.Float(), nullable=False),
        sa.Column("notes", sa.Integer(), nullable=False),
        sa.Column("automatic", sa.JSON(), nullable=False),
        sa.Column("automatic_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["track_id"], ["track.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_chartcorrection_track_id", "chartcorrection", ["track_id"])


def downgrade() -> None:
    op.drop_index("ix_chartcorrection_track_id", "chartcorrection")
    op.drop_table("chartcorrection")
