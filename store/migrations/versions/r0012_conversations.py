"""Conversations with their steps and elements; passwords and preferences of people."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("password", sa.String()))
    op.add_column(
        "person", sa.Column("preferences", sa.JSON(), nullable=False, server_default="{}")
    )
    op.create_table(
        "conversation",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column(
            "person_id",
            sa.Integer(),
            sa.ForeignKey("person.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
    )
    op.create_index("ix_conversation_person", "conversation", ["person_id", "changed_at"])
    op.create_table(
        "conversationstep",
        sa.Column("id", sa.String(), primary_key=True),
        _conversation(),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("feedback", sa.JSON(), nullable=False),
    )
    op.create_table(
        "conversationelement",
        sa.Column("id", sa.String(), primary_key=True),
        _conversation(),
        sa.Column("step_id", sa.String(), nullable=False, index=True),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("conversationelement")
    op.drop_table("conversationstep")
    op.drop_index("ix_conversation_person", "conversation")
    op.drop_table("conversation")
    op.drop_column("person", "preferences")
    op.drop_column("person", "password")


def _conversation() -> sa.Column[str]:
    key = sa.ForeignKey("conversation.id", ondelete="CASCADE")
    return sa.Column("conversation_id", sa.String(), key, nullable=False, index=True)
