"""Results of playing charts; tempo and offset of charts as people correct them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chartresult",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("person_id", sa.Integer(), _owner("person.id"), nullable=False),
        sa.Column("track_id", sa.Integer(), _owner("track.id"), nullable=False, index=True),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("accuracy", sa.Float(), nullable=False),
        sa.Column("speed", sa.Float(), nullable=False),
        sa.Column("longest_combo", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("lanes", sa.JSON(), nullable=False),
        sa.Column("mean_ms", sa.Float()),
        sa.Column("played_at", sa.DateTime(), nullable=False),
    )
    op.create_index("ix_chartresult_person", "chartresult", ["person_id", "track_id"])
    op.create_table(
        "charttiming",
        sa.Column("track_id", sa.Integer(), _owner("track.id"), primary_key=True),
        sa.Column("bpm", sa.Float()),
        sa.Column("factor", sa.Float(), nullable=False),
        sa.Column("shift_s", sa.Float(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("charttiming")
    op.drop_index("ix_chartresult_person", "chartresult")
    op.drop_table("chartresult")


def _owner(target: str) -> sa.ForeignKey:
    return sa.ForeignKey(target, ondelete="CASCADE")
