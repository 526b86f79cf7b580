"""Full-text search over names, kept up by triggers.

`track_text` finds words and their beginnings, accents aside. The trigram tables find names that
are written a little wrong: they hold folded names, and their vocabularies tell which three
letters are rare enough to search by.
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TABLES = (
    """CREATE VIRTUAL TABLE track_text USING fts5(
        title, artist, album, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3')""",
    "CREATE VIRTUAL TABLE track_name USING fts5(name, tokenize = 'trigram', detail = none)",
    "CREATE VIRTUAL TABLE artist_name USING fts5(name, tokenize = 'trigram', detail = none)",
    "CREATE VIRTUAL TABLE album_name USING fts5(name, tokenize = 'trigram', detail = none)",
    "CREATE VIRTUAL TABLE track_name_words USING fts5vocab(track_name, row)",
    "CREATE VIRTUAL TABLE artist_name_words USING fts5vocab(artist_name, row)",
    "CREATE VIRTUAL TABLE album_name_words USING fts5vocab(album_name, row)",
)

_INSERT_TEXT = """
    INSERT INTO track_text (rowid, title, artist, album)
    SELECT track.id, track.title, coalesce(artist.name, ''), coalesce(album.title, '')
    FROM track LEFT JOIN artist ON artist.id = track.artist_id
    LEFT JOIN album ON album.id = track.album_id WHERE {which};
    INSERT INTO track_name (rowid, name)
    SELECT track.id, track.folded || ' ' || coalesce(artist.folded, '')
    FROM track LEFT JOIN artist ON artist.id = track.artist_id WHERE {which};"""

_DELETE_TEXT = """
    DELETE FROM track_text WHERE rowid IN (SELECT id FROM track WHERE {which});
    DELETE FROM track_name WHERE rowid IN (SELECT id FROM track WHERE {which});"""

_THIS = "track.id = new.id"
_OF_ARTIST = "track.artist_id = new.id"
_OF_ALBUM = "track.album_id = new.id"

_TRIGGERS = (
    ("track_added", "INSERT ON track", _INSERT_TEXT.format(which=_THIS)),
    (
        "track_renamed",
        "UPDATE OF title, folded, artist_id, album_id ON track",
        (_DELETE_TEXT + _INSERT_TEXT).format(which=_THIS),
    ),
    (
        "track_removed",
        "DELETE ON track",
        "DELETE FROM track_text WHERE rowid = old.id; DELETE FROM track_name WHERE rowid = old.id;",
    ),
    (
        "artist_added",
        "INSERT ON artist",
        "INSERT INTO artist_name (rowid, name) VALUES (new.id, new.folded);",
    ),
    (
        "artist_renamed",
        "UPDATE OF name, folded ON artist",
        "DELETE FROM artist_name WHERE rowid = old.id;"
        "INSERT INTO artist_name (rowid, name) VALUES (new.id, new.folded);"
        + (_DELETE_TEXT + _INSERT_TEXT).format(which=_OF_ARTIST),
    ),
    ("artist_removed", "DELETE ON artist", "DELETE FROM artist_name WHERE rowid = old.id;"),
    (
        "album_added",
        "INSERT ON album",
        "INSERT INTO album_name (rowid, name) VALUES (new.id, new.folded);",
    ),
    (
        "album_renamed",
        "UPDATE OF title, folded ON album",
        "DELETE FROM album_name WHERE rowid = old.id;"
        "INSERT INTO album_name (rowid, name) VALUES (new.id, new.folded);"
        + (_DELETE_TEXT + _INSERT_TEXT).format(which=_OF_ALBUM),
    ),
    ("album_removed", "DELETE ON album", "DELETE FROM album_name WHERE rowid = old.id;"),
)

_FILL = (
    *_INSERT_TEXT.format(which="true").rstrip(";").split(";"),
    "INSERT INTO artist_name (rowid, name) SELECT id, folded FROM artist",
    "INSERT INTO album_name (rowid, name) SELECT id, folded FROM album",
)
"""What was stored before there were triggers."""


def upgrade() -> None:
    for table in _TABLES:
        op.execute(table)
    for statement in _FILL:
        op.execute(statement)
    for name, when, body in _TRIGGERS:
        op.execute(f"CREATE TRIGGER {name} AFTER {when} BEGIN {body} END")


def downgrade() -> None:
    for name, _, _ in _TRIGGERS:
        op.execute(f"DROP TRIGGER {name}")
    for table in reversed(_TABLES):
        op.execute(f"DROP TABLE {table.split()[3]}")
