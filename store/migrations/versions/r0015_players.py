"""Passwords of player apps, ratings, marks of albums and artists, and what was played."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "apppassword",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("person_id", sa.Integer(), _owner("person.id"), nullable=False, index=True),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False, unique=True),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
    )
    op.create_table(
        "trackrating",
        sa.Column("person_id", sa.Integer(), _owner("person.id"), primary_key=True),
        sa.Column("track_id", sa.Integer(), _owner("track.id"), primary_key=True),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
    )
    for kind in ("album", "artist"):
        op.create_table(
            f"{kind}mark",
            sa.Column("person_id", sa.Integer(), _owner("person.id"), primary_key=True),
            sa.Column(f"{kind}_id", sa.Integer(), _owner(f"{kind}.id"), primary_key=True),
            sa.Column("liked_at", sa.DateTime()),
            sa.Column("rating", sa.Integer()),
        )
    op.create_table(
        "play",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("person_id", sa.Integer(), _owner("person.id"), nullable=False),
        sa.Column("track_id", sa.Integer(), _owner("track.id"), nullable=False, index=True),
        sa.Column("played_at", sa.DateTime(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("completed", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_play_person_track", "play", ["person_id", "track_id", "played_at"])
    op.create_index("ix_play_person_time", "play", ["person_id", "played_at"])


def downgrade() -> None:
    for table in ("play", "artistmark", "albummark", "trackrating", "apppassword"):
        op.drop_table(table)


def _owner(target: str) -> sa.ForeignKey:
    return sa.ForeignKey(target, ondelete="CASCADE")
