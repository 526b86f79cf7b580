"""Which version of the drum code and its networks made a chart."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("drumchart", sa.Column("chart_version", sa.String(), nullable=True))
    op.add_column(
        "chartcorrection", sa.Column("automatic_chart_version", sa.String(), nullable=True)
    )


def downgrade() -> None:
    op.drop_column("chartcorrection", "automatic_chart_version")
    op.drop_column("drumchart", "chart_version")
