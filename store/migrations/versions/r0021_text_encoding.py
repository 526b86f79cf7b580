"""The code page of a file's tags that a person chose."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("track", sa.Column("text_encoding", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("track", "text_encoding")
