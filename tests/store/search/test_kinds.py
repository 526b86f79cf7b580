import pytest
from sqlalchemy import update
from sqlmodel import col

from store.database.db import rows, write
from store.library.corrections.correcting import correct
from store.search.query import TrackQuery
from store.search.track_search import candidates, how_many, search
from store.tables.tracks import Track
from tools.library.folder_notes import folder_notes


@pytest.fixture
def spoken(library):
    with write() as session:
        for title, kind in (("Halo", "podcast"), ("Orbit", "sound")):
            rows(session, update(Track).where(col(Track.title) == title).values(kind=kind))
    return library


def titles(**wish):
    return {row.title for row in search(TrackQuery(**wish, limit=100)).tracks}


def test_what_is_no_music_is_found_only_when_asked_for(spoken):
    music = titles()
    assert len(music) == len(spoken.ids) - 2 and not {"Halo", "Orbit"} & music
    assert titles(kind="music") == music
    assert titles(kind="speech") == {"Halo"}
    assert len(titles(kind="any")) == len(spoken.ids)
    assert {one.title for one in candidates(TrackQuery())} == music
    assert how_many(TrackQuery()) == len(music)


def test_it_is_left_out_in_every_order_and_with_every_filter(spoken):
    for sort in ("title", "bpm", "random", "added"):
        assert not {"Halo", "Orbit"} & titles(sort=sort)
    assert "Halo" not in titles(moods=["ambient"]) and "Halo" in titles(
        moods=["ambient"], kind="any"
    )
    assert "Halo" not in titles(exclude_genres=["rock"])
    assert titles(text="halo", kind="any") == {"Halo"}


def test_a_name_that_only_speech_has_tells_so(spoken):
    assert ("kind", 1) in search(TrackQuery(text="halo")).emptied_by


def test_a_row_says_what_it_is(spoken):
    [row] = search(TrackQuery(kind="speech")).tracks
    assert row.kind == "podcast"


def test_a_genre_by_the_owners_word_makes_it_music(spoken):
    track_id = spoken.id("Halo")
    former = correct({track_id: {"genre": "ambient"}})
    assert "Halo" in titles()
    correct(former)
    assert "Halo" not in titles() and titles(kind="speech") == {"Halo"}


def test_the_state_of_the_library_tells_what_is_left_out(spoken):
    told = " ".join(folder_notes("en"))
    assert "2 tracks are no music" in told and "podcasts" in told
