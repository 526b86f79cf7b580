import dataclasses
import os
from dataclasses import replace
from pathlib import Path

import pytest

from store.charts import drum_charts
from store.database import db
from store.library import analysis_writing, mir_exchange, track_files, track_writing
from store.library.corrections.correcting import correct, corrections_of
from store.paths import encode_path
from store.records import (
    AnalysisRecord,
    AudioFeatures,
    ChartRecord,
    CoverPicture,
    FileFacts,
    NormalizedStage,
    RawStage,
    ScoresStage,
    TagFacts,
    TrackRecord,
)
from store.results import StoreError
from store.search import name_search, track_search
from store.search.query import TrackQuery
from store.tables.analysis import (
    TrackAudioFeatures,
    TrackMIRNormalized,
    TrackMIRRaw,
    TrackMIRScores,
)
from store.tracks import track_details

HOSTILE = [
    "'; DROP TABLE track; --",
    'say "hi" AND NEAR(x y) OR *',
    "nul\x00inside",
    "🎸🥁👩‍🎤",
    "\u202eعربى שלום",
    "lone \udce9 surrogate",
    "x" * 5000,
    ":bound ?1 $two @three %s {brace}",
    "\\udc80",
]


def facts(path, number=1, **more):
    return FileFacts(Path(path), f"h{number}", 100, 200, duration_s=180.0, **more)


def count(table):
    with db.read() as session:
        return db.rows(session, f"SELECT count(*) FROM {table}")[0][0]


def test_saving_twice_keeps_the_id_and_replaces_the_rest(library):
    number = library.id("Halo")
    before = track_files.find_by_path(library.music / "22 Halo.flac")
    again = track_writing.save_track(
        TrackRecord(facts(library.music / "22 Halo.flac"), TagFacts(title="Halo 2", artist="Lumen"))
    )
    assert before is not None and again == number == before.track_id
    shown = track_details.track(number)
    assert shown is not None and shown.row.title == "Halo 2" and shown.row.bpm == 90.0


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_stored_found_and_harmless(data_folder, name):
    number = track_writing.save_track(
        TrackRecord(facts(f"/m/{name[:40].replace(chr(0), '')}.mp3"), TagFacts(name, name, name))
    )
    shown = track_details.track(number)
    assert shown is not None and len(shown.row.title) <= 1000
    shown.row.title.encode()
    words = name[:200].encode(errors="replace").decode()
    for wish in (TrackQuery(text=words), TrackQuery(artists=[words])):
        track_search.search(wish)
    found = name_search.resolve_track(name)
    if len(name) < 200 and "\udce9" not in name:
        assert [match.id for match in found] == [number]
    assert count("track") == 1


def test_a_file_without_tags_is_called_by_its_file_name(data_folder):
    odd = os.fsdecode(b"/m/caf\xe9 au lait.mp3")
    number = track_writing.save_track(TrackRecord(facts(odd), TagFacts(title="  ")))
    shown = track_details.track(number)
    assert shown is not None and shown.row.title == "caf\ufffd au lait"
    assert track_files.known_files()[encode_path(odd)].track_id == number


def test_a_new_tag_keeps_the_analysis_and_drops_the_artist_nobody_has(library):
    number = library.id("Amen Runner")
    file = facts(library.music / "36 Amen Runner.flac", number=36)
    track_writing.retag_track(
        number, file, TagFacts("Amen Walker", "Brakeline", "Jungle", year=1997)
    )
    shown = track_details.track(number)
    assert shown is not None
    assert (shown.row.title, shown.row.artist, shown.row.year) == ("Amen Walker", "Brakeline", 1997)
    assert shown.row.bpm == 172.0 and shown.moods
    with db.read() as session:
        assert not db.rows(session, "SELECT 1 FROM artist WHERE name = 'Breakline'")


def test_a_moved_file_keeps_everything(library):
    number = library.id("Halo")
    assert track_files.move_track(library.music / "22 Halo.flac", library.music / "new/halo.flac")
    known = track_files.find_by_path(library.music / "new/halo.flac")
    assert known is not None and known.track_id == number
    assert not track_files.move_track(library.music / "22 Halo.flac", Path("/else"))


def test_a_file_moved_over_another_replaces_it(library):
    gone = library.id("Drift")
    track_files.move_track(library.music / "22 Halo.flac", library.music / "21 Drift.flac")
    assert track_details.track(gone) is None
    known = track_files.find_by_path(library.music / "21 Drift.flac")
    assert known is not None and known.track_id == library.id("Halo")


def test_a_renamed_folder_moves_what_is_inside_and_nothing_beside(data_folder):
    for place in ("/m/a/1.mp3", "/m/a/b/2.mp3", "/m/a b/3.mp3", "/m/a0.mp3"):
        track_writing.save_track(TrackRecord(facts(place)))
    assert track_files.move_folder(Path("/m/a"), Path("/m/z")) == 2
    assert sorted(track_files.known_files()) == [
        "/m/a b/3.mp3",
        "/m/a0.mp3",
        "/m/z/1.mp3",
        "/m/z/b/2.mp3",
    ]
    assert sorted(track_files.known_files(Path("/m/z"))) == ["/m/z/1.mp3", "/m/z/b/2.mp3"]


def test_missing_files_are_hidden_until_they_are_back(library):
    number = library.id("Orbit")
    track_files.mark_missing([number])
    assert track_search.search(TrackQuery(text="Orbit")).total == 0
    assert all(match.id != number for match in name_search.resolve_track("Orbit"))
    track_files.mark_missing([number], missing=False)
    assert track_search.search(TrackQuery(text="Orbit")).total == 1


def test_two_copies_of_the_same_audio_share_the_analysis(library):
    first = library.id("Skyward")
    second = track_writing.save_track(
        TrackRecord(facts("/copy/sky.flac"), TagFacts("Skyward copy"))
    )
    analysis_writing.copy_analysis(first, second)
    one, two = track_details.track(first), track_details.track(second)
    assert one is not None and two is not None
    assert (one.row.bpm, one.moods, one.genres, one.scores, one.synthetic_tags) == (
        two.row.bpm, two.moods, two.genres, two.scores, two.synthetic_tags,
    )  # fmt: skip
    known = track_files.find_by_path(Path("/copy/sky.flac"))
    assert known is not None and known.analysed
    assert count("trackembedding") == len(library.ids) + 1


def test_find_by_hash_gives_the_analysed_copy_first(library):
    copy = TrackRecord(facts("/copy/h.flac"), TagFacts("Halo"))
    track_writing.save_track(replace(copy, file=replace(copy.file, content_hash="hash-22")))
    found = track_files.find_by_hash("hash-22")
    assert [known.analysed for known in found] == [True, False]


def test_a_removed_track_takes_all_that_is_its_own(library):
    owned = (
        "track", "genretag", "moodtag", "trackaudiofeatures", "trackembedding", "trackmetadata",
        "trackmirraw", "trackmirnormalized", "trackmirscores", "trackmirsynthetictag", "cover",
        "artist", "album", "artistalias", "track_text", "track_name", "artist_name", "album_name",
    )  # fmt: skip
    for number in library.ids.values():
        track_writing.remove_track(number)
    assert {table: count(table) for table in owned} == dict.fromkeys(owned, 0)


def test_full_text_follows_every_change(library):
    def found(words):
        return {row.title for row in track_search.search(TrackQuery(text=words, limit=50)).tracks}

    assert found("breakline") == {"Amen Runner"}
    with db.write() as session:
        db.rows(session, "UPDATE artist SET name = 'Brückner' WHERE name = 'Breakline'")
        db.rows(session, "UPDATE album SET title = 'Dschungel' WHERE title = 'Jungle'")
    assert found("breakline") == set() and found("bruckner dschungel") == {"Amen Runner"}
    with db.write() as session:
        db.rows(session, "DELETE FROM artist WHERE name = 'Brückner'")
    assert found("bruckner") == set() and found("amen") == {"Amen Runner"}
    track_writing.remove_track(library.id("Amen Runner"))
    assert found("amen") == set()


def test_covers_are_stored_once_and_served(library):
    assert count("cover") == 1
    mime, data = track_details.cover(library.id("Neon Rain")) or ("", b"")
    assert mime == "image/png" and data.startswith(b"\x89PNG")
    assert track_details.cover(library.id("Halo")) is None


def test_not_a_number_is_stored_as_unknown(data_folder):
    analysis = AnalysisRecord(
        features=AudioFeatures(bpm=float("nan"), energy=float("inf")),
        raw=RawStage(version=1, features_raw={"flux": float("nan"), "list": (1, 2)}),
    )
    number = track_writing.save_track(TrackRecord(facts("/m/x.mp3"), TagFacts("x"), analysis))
    shown, exchange = track_details.track(number), mir_exchange.mir_exchange(number)
    assert shown is not None and shown.row.bpm is None and shown.row.energy is None
    assert exchange is not None
    assert exchange["raw"]["features_raw"] == {"flux": None, "list": [1, 2]}  # type: ignore[index]


def test_an_unknown_mood_is_refused_and_nothing_is_written(data_folder):
    analysis = AnalysisRecord(moods={"grumpy": 1.0})
    with pytest.raises(StoreError, match="grumpy"):
        track_writing.save_track(TrackRecord(facts("/m/x.mp3"), analysis=analysis))
    assert count("track") == 0


def test_every_field_of_a_record_is_a_column_of_its_table():
    pairs = (
        (AudioFeatures, TrackAudioFeatures),
        (RawStage, TrackMIRRaw),
        (NormalizedStage, TrackMIRNormalized),
        (ScoresStage, TrackMIRScores),
    )
    for record, table in pairs:
        names = {field.name for field in dataclasses.fields(record)}
        assert names == set(table.model_fields) - {"track_id"}


def test_the_file_of_a_track_is_found_or_said_to_be_gone(library):
    number = library.id("Halo")
    assert track_details.track_file(number).read_bytes() == b"audio 22"
    track_details.track_file(number).unlink()
    with pytest.raises(StoreError, match="not there"):
        track_details.track_file(number)
    with pytest.raises(StoreError, match="no track"):
        track_details.track_file(10**9)


def test_feedback_and_charts_survive_a_new_analysis(library):
    number = library.id("Halo")
    correct({number: {"bpm": "180"}})
    correct({number: {"bpm": "90"}})
    chart = drum_charts.save_chart(
        ChartRecord(number, "c", "c.zip", 90.0, {"BASIC": {"notes": 3, "dlevel": 20}})
    )
    track_writing.save_analysis(number, AnalysisRecord(features=AudioFeatures(bpm=91.0)))
    assert corrections_of(number) == {"bpm": "90"}
    found = drum_charts.chart(chart)
    assert found is not None and found.title == "Halo" and found.levels["BASIC"]["notes"] == 3
    assert (
        drum_charts.charts_of(number) == (found,)
        and track_details.track_rows([number])[0].chart_count == 1
    )


def test_an_album_cover_change_replaces_the_old_picture(data_folder):
    tags = TagFacts("t", cover=CoverPicture(b"one", "image/png"))
    track_writing.save_track(TrackRecord(facts("/m/x.mp3"), tags))
    track_writing.save_track(
        TrackRecord(facts("/m/x.mp3"), replace(tags, cover=CoverPicture(b"2", "image/jpeg")))
    )
    assert count("cover") == 1


def test_artists_that_tags_name_apart_are_found_by_one_word(library):
    credit = "Madrigal, Kesi"
    first = track_writing.save_track(
        TrackRecord(facts("/m/one.mp3"), TagFacts("One", credit, "Duo"))
    )
    assert not track_search.search(
        TrackQuery(artists=["Kesi"])
    ).tracks  # one word of a credit may be no name
    second = track_writing.save_track(
        TrackRecord(
            facts("/m/two.mp3"), TagFacts("Two", credit, "Duo", artists=("Madrigal", "Kesi"))
        )
    )
    for name in ("Kesi", "madrigal", credit):
        assert {row.id for row in track_search.search(TrackQuery(artists=[name])).tracks} == {
            first,
            second,
        }
