"""Whose feedback is, what was stored before a correction, and the version of the features."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "feedback", sa.Column("person_id", sa.Integer(), nullable=False, server_default="1")
    )
    op.add_column("feedback", sa.Column("predicted", sa.JSON()))
    op.add_column(
        "feedback", sa.Column("features_version", sa.Integer(), nullable=False, server_default="0")
    )
    op.create_index("ix_feedback_person", "feedback", ["person_id", "field"])


def downgrade() -> None:
    op.drop_index("ix_feedback_person", "feedback")
    for column in ("features_version", "predicted", "person_id"):
        op.drop_column("feedback", column)
