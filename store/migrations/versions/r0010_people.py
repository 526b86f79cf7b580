"""People, their likes and what they play; whose a playlist is, its locked entries and versions."""

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
    op.add_column("playlist", sa.Column("refreshed_at", sa.DateTime()))
    op.add_column("playlist", sa.Column("deleted_at", sa.DateTime()))
    op.add_column(
        "playlistentry", sa.Column("locked", sa.Boolean(), nullable=False, server_default="0")
    )
    version = op.create_table(
        "playlistversion",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "playlist_id",
            sa.Integer(),
            sa.ForeignKey("playlist.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("request", sa.JSON(), nullable=False),
        sa.Column("entries", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
    )
    _copy_versions(version)


def _copy_versions(version: sa.Table) -> None:
    """Copy the versions that a request held until now, as [track id, reason], oldest first."""
    playlists = sa.table(
        "playlist",
        sa.column("id", sa.Integer()),
        sa.column("name", sa.String()),
        sa.column("request", sa.JSON()),
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(playlists)).all():
        request = dict(row.request)
        for entries in request.pop("before", ()):
            values = {
                "playlist_id": row.id,
                "kind": "edit",
                "name": row.name,
                "request": request,
                "entries": [[track_id, reason, False] for track_id, reason in entries],
                "created_at": sa.func.now(),
            }
            connection.execute(version.insert().values(values))


def downgrade() -> None:
    op.drop_table("playlistversion")
    op.drop_column("playlistentry", "locked")
    op.drop_column("playlist", "deleted_at")
    op.drop_column("playlist", "refreshed_at")
    op.drop_column("playlist", "person_id")
    op.drop_table("player")
    op.drop_table("tracklike")
    op.drop_table("person")


def _owner(name: str, target: str) -> sa.Column[int]:
    return sa.Column(
        name, sa.Integer(), sa.ForeignKey(target, ondelete="CASCADE"), primary_key=True
    )
