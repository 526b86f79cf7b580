"""How often a job was cut off by the end of everything, which is no attempt at it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "job", sa.Column("interruptions", sa.Integer(), nullable=False, server_default="0")
    )
    op.create_index(
        "ix_job_interrupted",
        "job",
        ["state", "priority", "interruptions", "id"],
        sqlite_where=sa.text("interruptions > 0"),
    )


def downgrade() -> None:
    op.drop_index("ix_job_interrupted", "job")
    op.drop_column("job", "interruptions")
