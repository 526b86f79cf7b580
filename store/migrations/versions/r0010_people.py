"""People, their likes and what they play; whose a playlist is, and which entries are locked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    person = op.create_table(
        "person",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False, unique=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
    )
    owner = person.insert().values(id=1, name="owner", folded="owner", created_at=sa.func.now())
    op.execute(owner)
    op.create_table(
        "tracklike",
        _owner("person_id", "person.id"),
        _owner("track_id", "track.id"),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
    )
    op.create_table(
        "player",
        _owner("person_id", "person.id"),
        sa.Column("queue", sa.JSON(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("playing", sa.Boolean(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("volume", sa.Float(), nullable=False),
        sa.Column("shuffle", sa.Boolean(), nullable=False),
        sa.Column("repeat", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("started", sa.Integer(), nullable=False),
        sa.Column("ranks", sa.JSON(), nullable=False),
        sa.Column("earlier", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
    )
    op.add_column(
        "playlist", sa.Column("person_id", sa.Integer(), nullable=False, server_default="1")
    )
    op.add_column(
        "playlistentry", sa.Column("locked", sa.Boolean(), nullable=False, server_default="0")
    )


def downgrade() -> None:
    op.drop_column("playlistentry", "locked")
    op.drop_column("playlist", "person_id")
    op.drop_table("player")
    op.drop_table("tracklike")
    op.drop_table("person")


def _owner(name: str, target: str) -> sa.Column[int]:
    return sa.Column(
        name, sa.Integer(), sa.ForeignKey(target, ondelete="CASCADE"), primary_key=True
    )
