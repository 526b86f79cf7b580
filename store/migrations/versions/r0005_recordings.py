"""Which tracks are the same recording."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("track", sa.Column("recording", sa.String(), nullable=True))
    op.create_index("ix_track_recording", "track", ["recording"])


def downgrade() -> None:
    op.drop_index("ix_track_recording", "track")
    op.drop_column("track", "recording")
