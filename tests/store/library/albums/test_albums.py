"""Albums in a real database: which tracks they hold, their ids, marks and editions."""

import random
from pathlib import Path

import pytest

from indexer.ingest.album_upgrade import regroup_outdated_albums
from store.browse import album_list
from store.database import db
from store.library import track_files, track_writing
from store.library.albums.album_titles import edition_title, without_disc, without_disc_folder
from store.listing import album_lists
from store.people import ratings
from store.records import FileFacts, TagFacts, TrackRecord
from store.search import name_search


def save(path, **tags):
    tags.setdefault("title", Path(path).stem)
    facts = FileFacts(Path(path), content_hash=path, size_bytes=1, mtime_ns=1, duration_s=100.0)
    return track_writing.save_track(TrackRecord(facts, TagFacts(**tags)))


def albums():
    """(artist, title, year) → paths, of every album."""
    with db.read() as session:
        found = db.rows(
            session,
            "SELECT artist.name AS artist, album.title, album.year, track.path FROM track "
            "JOIN album ON album.id = track.album_id "
            "LEFT JOIN artist ON artist.id = album.artist_id ORDER BY track.path",
        )
    shown = {}
    for row in found:
        shown.setdefault((row.artist, row.title, row.year), []).append(row.path)
    return shown


def self_titled(year):
    return [
        save(
            f"/m/Wezra {year}/{at}.flac",
            title=f"{year} {at}",
            artist="Wezra",
            album="Wezra",
            year=year,
            track_no=at,
        )
        for at in (1, 2)
    ]


def test_self_titled_albums_are_two_and_asked_for_by_year(data_folder):
    for year in (1994, 2001):
        self_titled(year)
    assert [year for _, _, year in albums()] == [1994, 2001]
    assert {match.year for match in name_search.NameSearch().albums("wezra")} == {1994, 2001}
    assert [one.edition_of for one in album_list.album_page("year", offset=0, limit=9).entries] == [
        None, None,
    ]  # fmt: skip


def test_many_artists_and_flags_make_one_album_in_any_order(data_folder):
    songs = [
        (f"/m/Mix/{at}.mp3", {"artist": artist, "album": "Mix", "track_no": at})
        for at, artist in enumerate(("Ada", "Bo", "Cy"), start=1)
    ]
    songs += [
        (f"/m/{artist}/Hits/{at}.mp3",
         {"artist": artist, "album": "Hits", "track_no": at, "compilation": True})
        for at, artist in enumerate(("Ada", "Bo", "Cy"), start=1)
    ]  # fmt: skip
    random.Random(5).shuffle(songs)
    for path, tags in songs:
        save(path, **tags)
    assert {key[:2]: len(paths) for key, paths in albums().items()} == {
        ("Various Artists", "Mix"): 3, ("Various Artists", "Hits"): 3,
    }  # fmt: skip


def test_an_album_keeps_its_id_when_others_come_and_go(data_folder):
    numbers = self_titled(1994)
    [before] = album_list.album_page("title", offset=0, limit=9).entries
    self_titled(2001)
    after = {one.year: one for one in album_list.album_page("title", offset=0, limit=9).entries}
    assert after[1994].id == before.id
    track_writing.remove_track(numbers[0])
    track_writing.remove_track(numbers[1])
    assert [year for _, _, year in albums()] == [2001]


def test_likes_of_an_album_go_where_its_tracks_go(data_folder):
    save("/m/Ora/1.flac", artist="Ora", album="Nigth", track_no=1)
    [misspelt] = album_list.album_page("title", offset=0, limit=9).entries
    ratings.like(1, "album", misspelt.id)
    save("/m/Ora/2.flac", artist="Ora", album="Night", track_no=2)
    save("/m/Ora/3.flac", artist="Ora", album="Night", track_no=3)
    save("/m/Ora/1.flac", artist="Ora", album="Night", track_no=1)
    [night] = album_lists.album_list("starred", person=1, limit=9)
    assert (night.title, night.songs) == ("Night", 3)


def test_a_move_into_the_folder_joins_and_discs_are_ordered(data_folder):
    for disc in (2, 1):
        for at in (1, 2):
            save(f"/m/Long/CD{disc}/{at}.flac", artist="Ora", album="Long", track_no=at)
    save("/m/Other/9.flac", artist="Ora", album="Long", track_no=1)
    track_files.move_track(Path("/m/Other/9.flac"), Path("/m/Long/CD3/1.flac"))
    [paths] = albums().values()
    assert len(paths) == 5
    with db.read() as session:
        discs = [row.disc_no for row in db.rows(session, "SELECT disc_no FROM track ORDER BY path")]
    assert discs == [1, 1, 2, 2, 3]


def test_editions_are_two_and_belong_together(data_folder):
    for year, title in ((2010, "Gold (Deluxe Edition)"), (1980, "Gold")):
        for at, song in enumerate(("A", "B"), start=1):
            save(f"/m/{title}/{at}.flac", title=song, artist="Ora", album=title, year=year,
                 track_no=at)  # fmt: skip
    first, later = album_list.album_page("title", offset=0, limit=9).entries
    assert (first.year, later.year) == (1980, 2010)
    assert (first.edition_of, later.edition_of) == (None, first.id)
    assert album_list.editions(later.id) == (first,)


def test_a_library_from_before_is_told_apart_without_its_files(data_folder):
    for year in (1994, 2001):
        self_titled(year)
    save("/m/Wezra 2001/3.flac", artist="Wezra", album="Other", year=2001)
    with db.write() as session:  # as the older program left it
        db.rows(session, "UPDATE track SET album_id = (SELECT min(id) FROM album "
                "WHERE title = 'Wezra') WHERE album_title = 'Wezra'")  # fmt: skip
        db.rows(session, "UPDATE track SET album_title = NULL, album_key = NULL")
        db.rows(session, "DELETE FROM album WHERE id NOT IN (SELECT album_id FROM track)")
    assert regroup_outdated_albums() == 3
    assert [year for _, title, year in albums() if title == "Wezra"] == [1994, 2001]
    assert regroup_outdated_albums() == 0


@pytest.mark.parametrize(
    ("title", "bare", "disc"),
    [
        ("Gold (Disc 2)", "Gold", 2), ("Gold [CD1]", "Gold", 1), ("Gold, Disc One", "Gold", 1),
        ("Gold CD 2 of 3", "Gold", 2), ("Gold (Disc 2: Red)", "Gold", 2), ("CD 1", "CD 1", None),
        ("Italo Disco 80", "Italo Disco 80", None), ("Disco D'Oro", "Disco D'Oro", None),
        ("Now 2", "Now 2", None), ("ABCD 2", "ABCD 2", None),
    ],
)  # fmt: skip
def test_discs_in_titles(title, bare, disc):
    assert without_disc(title) == (bare, disc)


def test_discs_in_folders():
    for name in ("CD1", "Disc 01", "1", "disque 1", "Disc 1 - Blue", "cd_1", "Vol. 1", "Side A"):
        assert without_disc_folder(f"/m/Gold/{name}") == ("/m/Gold", 1), name
    for name in ("1994", "Cdiscs", "Disco d'oro", "One More Time"):
        assert without_disc_folder(f"/m/{name}") == (f"/m/{name}", None), name


def test_editions_of_titles():
    for title in ("Gold (Deluxe Edition)", "Gold [2011 Remaster]", "Gold - Remastered", "Gold",
                  "Gold (Remastered) [Bonus Tracks]", "Gold Deluxe", "Gold (Disc 2)"):  # fmt: skip
        assert edition_title(title) == "gold", title
    assert edition_title("Gold (Live)") == "gold live"
