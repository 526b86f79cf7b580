"""Songs, albums and artists as player apps list them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from store.library import track_files
from store.listing import album_lists, album_rows, artist_rows, song_lists
from store.listing.name_matches import Page, matches
from store.listing.song_rows import songs
from store.people import likes, plays, ratings
from store.people.people import person

ALL = Page(1000)
NONE = Page(0)


def _titles(text: str) -> list[str]:
    return [s.title for s in matches(text, person=1, artists=NONE, albums=NONE, songs=ALL).songs]


def test_what_is_of_one_person_is_not_of_another(library: Any) -> None:
    other, orbit = person("Mia").id, library.id("Orbit")
    likes.set_like(1, orbit, likes.LIKED)
    ratings.rate_track(1, orbit, 5)
    plays.store_play(1, orbit, source="app", played_at=datetime(2024, 5, 1, tzinfo=UTC))
    plays.store_play(1, orbit, source="app", completed=False)
    mine, its = (songs([orbit], person=number)[0] for number in (1, other))
    assert (mine.rating, mine.plays, mine.liked_at is not None) == (5, 1, True)
    assert mine.played_at == datetime(2024, 5, 1, tzinfo=UTC)
    assert (its.rating, its.plays, its.liked_at) == (None, 0, None)
    assert (mine.genres, mine.moods[0]) == (("ambient", "electronic"), "ambient")
    assert [a.title for a in album_lists.album_list("recent", person=1, limit=9)] == ["Weightless"]
    assert album_lists.album_list("recent", person=other, limit=9) == ()


def test_a_disliked_song_is_not_liked(library: Any) -> None:
    likes.set_like(1, library.id("Halo"), likes.DISLIKED)
    assert song_lists.liked(person=1).songs == ()


@pytest.mark.parametrize("order", album_lists.ORDERS)
def test_every_list_has_pages_and_leaves_out_what_is_gone(library: Any, order: Any) -> None:
    first = songs([library.id("Orbit")], person=1)[0]
    assert first.album_id is not None
    for title in ("Orbit", "Drift", "Warehouse", "Ashes"):
        number = songs([library.id(title)], person=1)[0].album_id or 0
        ratings.like(1, "album", number)
        ratings.rate(1, "album", number, 4)
        plays.store_play(1, library.id(title), source="app")

    def listed(**page: int) -> list[str]:
        found = album_lists.album_list(
            order, person=1, genre="Ambient", years=(2020, 1950), **{"limit": 100, **page}
        )
        return [row.title for row in found]

    every = listed()
    assert "Weightless" in every
    if order != "random":
        assert [*listed(limit=2), *listed(offset=2)] == every
    track_files.mark_missing([library.id(title) for title in ("Orbit", "Drift", "Halo")])
    assert "Weightless" not in listed()


def test_orders_of_albums(library: Any) -> None:
    def listed(order: Any, **more: Any) -> list[Any]:
        return list(album_lists.album_list(order, person=1, limit=100, **more))

    years = [row.year for row in listed("byYear", years=(1960, 1980))]
    assert years == sorted(years)
    assert set(years) == {1962, 1975, 1977, 1979}
    assert [row.year for row in listed("byYear", years=(1980, 1960))] == years[::-1]
    names = [row.title for row in listed("alphabeticalByName")]
    assert names[:3] == ["After Hours", "Anvil", "Ascend"]
    hip_hop = {row.title: row for row in listed("byGenre", genre="Hip-Hop")}
    jungle = hip_hop["Concrete Jungle"]
    assert "Weightless" not in hip_hop
    ratings.rate_track(1, library.id("Orbit"), 3)
    ratings.rate(1, "album", jungle.id, 2)
    assert [row.title for row in listed("highest")] == ["Weightless", "Concrete Jungle"]
    ratings.rate(1, "album", jungle.id, 0)
    assert [row.title for row in listed("highest")] == ["Weightless"]


def test_an_album_and_its_artist(library: Any) -> None:
    number = songs([library.id("Mirrorball")], person=1)[0].album_id or 0
    found = album_rows.album(number, person=1)
    assert found is not None
    assert [s.title for s in found[1]] == ["Funk Machine", "Velvet Heart", "Mirrorball"]
    assert (found[0].songs, found[0].genres) == (3, ("disco", "funk", "soul"))
    artist = artist_rows.artists([found[0].artist_id or 0], person=1)[0]
    assert (artist.name, artist.albums) == ("Brass & Bones", 1)
    held = album_rows.albums_of_artist(artist.id, person=1)
    assert [row.title for row in held] == ["Groove"]
    assert album_rows.album(9999, person=1) is None


def test_guests_are_found_but_not_listed(library: Any) -> None:
    listed = artist_rows.listed_artists(person=1)
    names = [row.name for row in listed]
    assert [row.folded for row in listed] == sorted(row.folded for row in listed)
    assert "The Rejects" in names
    assert not [name for name in names if "feat." in name]


def test_words_anywhere_and_no_words(library: Any) -> None:
    assert _titles("blue smo") == ["Blue Smoke"]
    assert _titles("GYMNOPEDIE") == ["Gymnopédie No. 1"]
    assert _titles("kessler")[0] in ("Warehouse", "Concrete", "Deep Blue")
    assert _titles("nothing of that") == []
    assert len(_titles("")) == len(library.ids)
    found = matches("Zoulou", person=1, artists=ALL, albums=ALL, songs=NONE)
    assert [row.name for row in found.artists] == ["MC Zoulou"]
    assert [row.title for row in found.albums] == ["Concrete Jungle"]
    assert matches("_", person=1, artists=ALL, albums=ALL, songs=ALL).albums == ()


def test_songs_of_genres_and_years(library: Any) -> None:
    jazz = song_lists.songs_of_genre("Jazz", person=1, limit=2)
    rest = song_lists.songs_of_genre("Jazz", person=1, limit=9, offset=2)
    assert {s.genres[0] for s in (*jazz, *rest)} >= {"jazz"}
    assert not {s.id for s in jazz} & {s.id for s in rest}
    drawn = song_lists.random_songs(person=1, limit=50, years=(1950, 1959))
    assert {s.year for s in drawn} == {1959}
    counted = {row.name: (row.songs, row.albums) for row in song_lists.genres()}
    assert counted["ska"][1] == 1
    plays.store_play(1, library.id("Halo"), source="app")
    assert song_lists.top_songs("lumen", person=1, limit=1)[0].title == "Halo"
