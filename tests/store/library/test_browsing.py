import pytest

from store.library import browsing, counting, track_files, track_writing
from store.records import FileFacts, TagFacts, TrackRecord
from store.search.query import TrackQuery


@pytest.fixture
def add(data_folder, tmp_path):
    def one(name, *, content=None, album="One", track_no=None, disc_no=None):
        facts = FileFacts(
            path=tmp_path / name, content_hash=content or f"hash of {name}", size_bytes=1,
            mtime_ns=1, duration_s=100.0, audio_format=name.rsplit(".")[-1],
        )  # fmt: skip
        tags = TagFacts(title=name, artist="A", album=album, track_no=track_no, disc_no=disc_no)
        return track_writing.save_track(TrackRecord(facts, tags))

    return one


def test_an_album_is_in_its_order(add):
    add("d.mp3")
    third, first = add("c.mp3", track_no=1, disc_no=2), add("b.mp3", track_no=1, disc_no=1)
    second = add("a.mp3", track_no=2, disc_no=1)
    add("other.mp3", album="Two")
    album = next(g for g in counting.groups(TrackQuery(), "album") if g.name == "One")
    found = browsing.album_tracks(int(album.id))
    assert [row.id for row in found][:3] == [first, second, third]
    assert [row.title for row in found][3:] == ["d.mp3"]


def test_copies_are_duplicates(add):
    first, second = add("a.mp3", content="same"), add("a.flac", content="same")
    add("b.mp3")
    [copies] = browsing.duplicates(TrackQuery())
    assert {row.id for row in copies} == {first, second}
    track_files.mark_missing([second])
    assert browsing.duplicates(TrackQuery()) == ()


def test_duplicates_of_a_part_of_the_library(add):
    one, other = add("a.mp3", content="same"), add("a.flac", content="same")
    assert len(browsing.duplicates(TrackQuery(artists=["A"]))) == 1
    assert browsing.duplicates(TrackQuery(), [one]) == ()
    assert len(browsing.duplicates(TrackQuery(), [one, other])) == 1
