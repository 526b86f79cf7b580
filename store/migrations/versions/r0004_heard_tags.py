"""Full-text search over what the taggers hear in a track, kept up by triggers.

A tag is one word there: "female vocals" is "female_vocals".
"""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TABLE = """
    CREATE VIRTUAL TABLE track_text_tags USING fts5(
        tags, detail = none, tokenize = "unicode61 tokenchars '_&-'")"""
_INSERT = """
    INSERT INTO track_text_tags (rowid, tags)
    SELECT track_id, replace(tags, ' ', '_') FROM trackmirraw"""
_TRIGGERS = (
    ("tags_added", "INSERT ON trackmirraw", f"{_INSERT} WHERE track_id = new.track_id;"),
    (
        "tags_changed",
        "UPDATE OF tags ON trackmirraw",
        "DELETE FROM track_text_tags WHERE rowid = old.track_id;"
        f"{_INSERT} WHERE track_id = new.track_id;",
    ),
    (
        "tags_removed",
        "DELETE ON trackmirraw",
        "DELETE FROM track_text_tags WHERE rowid = old.track_id;",
    ),
)


def upgrade() -> None:
    op.execute(_TABLE)
    op.execute(_INSERT)
    for name, when, body in _TRIGGERS:
        op.execute(f"CREATE TRIGGER {name} AFTER {when} BEGIN {body} END")


def downgrade() -> None:
    for name, _, _ in _TRIGGERS:
        op.execute(f"DROP TRIGGER {name}")
    op.execute("DROP TABLE track_text_tags")
