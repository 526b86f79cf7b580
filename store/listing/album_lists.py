"""Albums in the orders that player apps ask for.

Raw SQL: one statement a kind of list, each of album ids.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

from store.database.db import read, rows
from store.listing.album_rows import AlbumRow, albums_of
from store.search.query import canonical_genre
from store.tables.analysis import GENRE_COUNTS

AlbumOrder = Literal[
    "random", "newest", "highest", "frequent", "recent", "alphabeticalByName",
    "alphabeticalByArtist", "starred", "byYear", "byGenre",
]  # fmt: skip
ORDERS: Final[tuple[AlbumOrder, ...]] = get_args(AlbumOrder)

_PRESENT: Final = """
EXISTS (SELECT 1 FROM track WHERE track.album_id = album.id AND NOT track.missing)"""
_ALBUMS: Final = f"SELECT album.id FROM album WHERE {_PRESENT}"
_PLAYED: Final = """
SELECT track.album_id AS id FROM play JOIN track ON track.id = play.track_id
WHERE play.person_id = :person AND play.completed AND NOT track.missing
AND track.album_id IS NOT NULL GROUP BY track.album_id"""

_LISTS: Final[dict[AlbumOrder, str]] = {
    "random": f"{_ALBUMS} ORDER BY random()",
    "newest": """
        SELECT album_id AS id FROM track WHERE NOT missing AND album_id IS NOT NULL
        GROUP BY album_id ORDER BY max(added_at) DESC, album_id DESC""",
    "highest": f"""
        SELECT album.id FROM album JOIN (SELECT album_id, max(stars) AS stars FROM (
            SELECT album_id, rating AS stars FROM albummark
            WHERE person_id = :person AND rating IS NOT NULL
            UNION ALL SELECT album_id, avg(value) FROM trackrating
            JOIN track ON track.id = trackrating.track_id
            WHERE person_id = :person AND album_id IS NOT NULL GROUP BY album_id)
            GROUP BY album_id) AS rated ON rated.album_id = album.id
        WHERE {_PRESENT} ORDER BY rated.stars DESC, album.folded, album.id""",
    "frequent": f"{_PLAYED} ORDER BY count(*) DESC, track.album_id",
    "recent": f"{_PLAYED} ORDER BY max(play.played_at) DESC, track.album_id",
    "alphabeticalByName": f"{_ALBUMS} ORDER BY album.folded, album.id",
    "alphabeticalByArtist": f"""
        SELECT album.id FROM album LEFT JOIN artist ON artist.id = album.artist_id
        WHERE {_PRESENT} ORDER BY artist.folded, album.folded, album.id""",
    "starred": f"""
        SELECT album.id FROM albummark JOIN album ON album.id = albummark.album_id
        WHERE person_id = :person AND liked_at IS NOT NULL AND {_PRESENT}
        ORDER BY liked_at DESC, album.id""",
    "byYear": f"""{_ALBUMS} AND album.year BETWEEN min(:first, :last) AND max(:first, :last)
        ORDER BY CASE WHEN :first <= :last THEN album.year ELSE -album.year END,
            album.folded, album.id""",
    "byGenre": f"""{_ALBUMS} AND album.id IN (
        SELECT track.album_id FROM genre JOIN genretag ON genretag.genre_id = genre.id
            AND ({GENRE_COUNTS}) JOIN track ON track.id = genretag.track_id
        WHERE genre.name = :genre AND NOT track.missing)
        ORDER BY album.folded, album.id""",
}


def album_list(
    order: AlbumOrder,
    *,
    person: int,
    limit: int,
    offset: int = 0,
    genre: str = "",
    years: tuple[int, int] = (0, 9999),
) -> tuple[AlbumRow, ...]:
    """Return a page of a list of albums.

    Args:
        order: Which list; "starred", "highest", "frequent" and "recent" are the person's.
        person: Whose likes, stars and plays count.
        limit: How many at most.
        offset: How many come before the page.
        genre: Of "byGenre".
        years: First and last of "byYear"; the newest come first where the first is the later.
    """
    values = {
        "person": person,
        "genre": canonical_genre(genre),
        "first": years[0],
        "last": years[1],
        "limit": limit,
        "offset": offset,
    }
    sql = f"{_LISTS[order]} LIMIT :limit OFFSET :offset"
    bound = {name: value for name, value in values.items() if f":{name}" in sql}
    with read() as session:
        ids = [row.id for row in rows(session, sql, **bound)]
        return albums_of(session, ids, person=person)
