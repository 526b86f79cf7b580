"""The strength of a mood without learning, beside the one that a model gave."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("moodtag", sa.Column("calculated", sa.Float()))


def downgrade() -> None:
    op.drop_column("moodtag", "calculated")
