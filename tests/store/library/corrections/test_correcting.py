"""The owner's word outranks the files and every analysis, and can be taken back."""

from dataclasses import replace
from pathlib import Path

import pytest

from store.database import db
from store.library import analysis_writing, mir_exchange, track_sheet, track_writing
from store.library.corrections.correcting import (
    apply_waiting,
    correct,
    corrections,
    corrections_of,
)
from store.library.corrections.values import checked
from store.records import (
    AnalysisRecord,
    AudioFeatures,
    FileFacts,
    NormalizedStage,
    RawStage,
    TagFacts,
    TrackGenre,
    TrackRecord,
)
from store.results import StoreError
from store.search import track_search
from store.search.query import TrackQuery
from store.tables.tracks import Feedback
from store.tracks import track_details

ANALYSIS = AnalysisRecord(
    features=AudioFeatures(
        bpm=174.0, bpm_alternative=87.0, bpm_confidence=0.4, key="C", scale="major",
        camelot_key="8B", key_confidence=0.6,
    ),
    raw=RawStage(version=7),
    normalized=NormalizedStage(bpm=174.0, genre_main="folk", genre_secondary=("rock",)),
    genres=(TrackGenre("folk", 0.8, main=True), TrackGenre("rock", 0.6)),
)  # fmt: skip
TAGS = TagFacts(title="Paper Bots", artist="Ada", album="Boats", year=2001)


def file(number=1):
    return FileFacts(Path(f"/music/{number}.flac"), f"h{number}", 1, 1, duration_s=180.0)


@pytest.fixture
def track(data_folder) -> int:
    return track_writing.save_track(TrackRecord(file(), TAGS, ANALYSIS))


ALL = {
    "title": "Paper Boats", "artist": "Ada Lake", "album": "Boats & Co", "year": "1999",
    "genre": "Country", "bpm": "87", "key": "A minor",
}  # fmt: skip


def told(track_id):
    detail = track_details.track(track_id)
    assert detail is not None
    row = detail.row
    return (
        row.title, row.artist, row.album, row.year, row.genre, row.bpm, row.camelot,
        detail.key, detail.normalized["bpm"], detail.normalized["genre_main"], detail.genres,
    )  # fmt: skip


BEFORE = (
    "Paper Bots", "Ada", "Boats", 2001, "folk", 174.0, "8B", "C", 174.0, "folk", ("folk", "rock"),
)  # fmt: skip
AFTER = (
    "Paper Boats", "Ada Lake", "Boats & Co", 1999, "country", 87.0, "8A", "A", 87.0, "country",
    ("country", "rock"),
)  # fmt: skip


def test_every_field_is_corrected_and_taken_back(track):
    assert told(track) == BEFORE
    former = correct({track: ALL})
    assert told(track) == AFTER
    sheet = track_sheet.track_sheet(track)
    assert sheet is not None and sheet.sources["bpm"] == "owner"
    assert [one.features_version for one in corrections() if one.field == "bpm"] == [7]
    again = correct(former)
    assert (told(track), corrections()) == (BEFORE, ())
    correct(again)
    assert told(track) == AFTER


def test_it_survives_new_tags_new_analyses_and_posted_ones(track):
    correct({track: ALL})
    newer = replace(ANALYSIS, features=AudioFeatures(bpm=175.0, key="G", scale="major"))
    for write in (
        lambda: track_writing.save_track(TrackRecord(file(), replace(TAGS, title="Other"), newer)),
        lambda: track_writing.retag_track(track, file(2), replace(TAGS, artist="Bob")),
        lambda: track_writing.save_analysis(track, newer),
        lambda: mir_exchange.store_mir(
            track, {"normalized": {"bpm": 120.0, "genre_main": "jazz", "confidence_score": 0.9}}
        ),
    ):
        write()
        row = told(track)
        assert row[:8] == AFTER[:8], write
    # taken back, what the newest analysis and tags say counts
    correct({track: dict.fromkeys(ALL)})
    row = track_details.track_rows([track])[0]
    assert (row.title, row.artist, row.bpm, row.genre) == ("Paper Bots", "Bob", 120.0, "jazz")


def test_a_duplicate_file_keeps_its_own_words(track):
    other = track_writing.save_track(TrackRecord(file(3), TAGS))
    correct({other: {"bpm": "90"}})
    analysis_writing.copy_analysis(track, other)
    rows = track_details.track_rows([track, other])
    assert [row.bpm for row in rows] == [174.0, 90.0]


def test_corrected_twice_and_back_by_steps(track):
    correct({track: {"bpm": "90"}})
    former = correct({track: {"bpm": "87"}})
    assert former == {track: {"bpm": "90"}}
    correct(former)
    assert track_details.track_rows([track])[0].bpm == 90.0
    assert [one.value for one in corrections()] == ["90"]
    assert dict(corrections()[0].predicted)["bpm"] == 174.0


def test_searches_follow(track):
    def found(**query):
        return [row.id for row in track_search.search(TrackQuery(**query)).tracks]

    correct({track: {"genre": "country", "artist": "Ada Lake"}})
    assert (found(genres=["country"]), found(genres=["folk"])) == ([track], [])
    assert (found(artists=["Ada Lake"]), found(artists=["Ada"])) == ([track], [])


def test_a_track_without_analysis(data_folder):
    track = track_writing.save_track(TrackRecord(file(), TAGS))
    former = correct({track: {"bpm": 120, "genre": "rap", "key": "01a"}})
    row = track_details.track_rows([track])[0]
    assert (row.bpm, row.genre, row.camelot) == (120.0, "hip hop", "1A")
    correct(former)
    row = track_details.track_rows([track])[0]
    assert (row.bpm, row.genre, row.camelot) == (None, None, None)


@pytest.mark.parametrize(
    ("field", "value"),
    [("bpm", "fast"), ("bpm", "0"), ("bpm", "nan"), ("key", "H"), ("key", "13A"),
     ("year", "99"), ("title", " "), ("energy", "1")],
)  # fmt: skip
def test_no_value_of_the_field(track, field, value):
    with pytest.raises(StoreError, match="Expected"):
        correct({track: {"title": "kept out", field: value}})
    assert told(track) == BEFORE


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("8a", "8A"),
        ("08A", "8A"),
        ("Am", "8A"),
        ("F# minor", "11A"),
        ("Bb major", "6B"),
        ("c", "8B"),
    ],
)
def test_notations_of_keys(typed, code):
    assert checked("key", typed) == code


def test_what_was_kept_before_it_counted_counts_once_applied(track):
    with db.write() as session:
        for field, value in (("bpm", "fast"), ("bpm", "88,5"), ("key", "Am"), ("mood", "dark")):
            session.add(Feedback(track_id=track, field=field, value=value))
    assert apply_waiting() == 1
    row = track_details.track_rows([track])[0]
    assert (row.bpm, row.camelot, dict(corrections_of(track))) == (
        88.5, "8A", {"bpm": "88.5", "key": "8A"},
    )  # fmt: skip
    assert apply_waiting() == 0
