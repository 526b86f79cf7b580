"""Tracks that are a part of a file, by a cue sheet: path and start are unique together."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_WHOLE = "UNIQUE (path)"
_PARTS = "UNIQUE (path, start_s)"


def upgrade() -> None:
    op.add_column("track", sa.Column("start_s", sa.Float(), nullable=False, server_default="0"))
    op.add_column("track", sa.Column("end_s", sa.Float(), nullable=True))
    _rebuild(_WHOLE, _PARTS)


def downgrade() -> None:
    op.execute("DELETE FROM track WHERE end_s IS NOT NULL OR start_s > 0")
    _rebuild(_PARTS, _WHOLE)
    op.drop_column("track", "end_s")
    op.drop_column("track", "start_s")


def _rebuild(before: str, after: str) -> None:
    """Make the table anew with another constraint: SQLite cannot change one.

    The triggers of all tables are taken off meanwhile, as some name this one.
    """
    connection = op.get_bind()
    made = connection.execute(
        sa.text("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    ).fetchall()
    [table] = [each.sql for each in made if (each.type, each.name) == ("table", "track")]
    triggers = [each for each in made if each.type == "trigger"]
    indexes = [each.sql for each in made if each.type == "index" and each.tbl_name == "track"]
    if before not in table:
        raise RuntimeError(f"Expected {before} in the table of the tracks")
    columns = ", ".join(
        f'"{row.name}"' for row in connection.execute(sa.text("PRAGMA table_info(track)"))
    )
    for each in triggers:
        op.execute(f"DROP TRIGGER {each.name}")
    anew = table.replace(before, after).replace("track", "track_anew", 1)
    connection.exec_driver_sql(anew)
    op.execute(f"INSERT INTO track_anew ({columns}) SELECT {columns} FROM track")
    op.execute("DROP TABLE track")
    op.execute("ALTER TABLE track_anew RENAME TO track")
    for sql in [*indexes, *(each.sql for each in triggers)]:
        connection.exec_driver_sql(sql)
