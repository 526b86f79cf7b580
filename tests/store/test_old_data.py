"""Nobody's data is lost: every migration is tried on a data folder that Backbeat 0.1.0 made."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, Integer

from store.charts import chart_corrections, drum_charts
from store.charts.current_charts import (
    current_chart,
    is_older,
    newest_correction,
    older_chart,
)
from store.database import db, upgrading
from store.database.upgrading import migrating
from store.jobs import indexer_state, job_interruptions, job_queue, job_reports
from store.library import mir_exchange, track_files, track_writing
from store.playlists import playlist_reading
from store.search import name_search, track_search
from store.search.query import TrackQuery
from store.settings import StoreSettings
from store.tracks import track_details
from store.vocabulary import LEVELS

# This file is no package's: the helper beside it is loaded by its place, see `load`.
MIGRATIONS = Path(db.__file__).parents[1] / "migrations" / "versions"
REVISIONS = sorted(file.name[1:5] for file in MIGRATIONS.glob("r[0-9]*.py"))
OLDER = [name for name in REVISIONS if name <= "0006"]
LATER = [name for name in REVISIONS if name >= "0006"]

TITLES = {
    "Paper Boats", "Prélude pour une gare", "Kupferhimmel", "Island Ledger", "Copper Sky",
    "Velvet Hour", "Северный ветер", "أغنية البحر", "真夜中の電車",
}  # fmt: skip


@pytest.fixture(scope="session")
def old(load):
    return load("store/old_data.py")


@pytest.fixture
def upgraded(old, data_folder):
    """The old folder after a start of today's program; gives what was in it before."""
    before = old.rows_of(old.unpack(data_folder))
    db.upgrade()
    return before


def test_the_folder_holds_all_that_can_be_lost(old, tmp_path):
    database = old.unpack(tmp_path)
    assert upgrading.revision(database) == old.REVISION == OLDER[-1]
    stored = old.rows_of(database)
    assert [table for table, rows in stored.items() if not rows] == []
    assert {row["title"] for row in stored["track"]} == TITLES
    states = {(job["kind"], job["state"]) for job in stored["job"]}
    assert states >= {
        ("analyse", "done"), ("analyse", "failed"), ("analyse", "running"), ("analyse", "queued"),
        ("chart", "done"), ("chart", "queued"),
    }  # fmt: skip
    assert old.faults(database) == []


def test_revisions_are_numbered_in_the_order_they_run(old):
    assert old.revisions() == REVISIONS


@pytest.mark.parametrize("revision", OLDER)
def test_nothing_is_lost_on_the_way_up_from(revision, old, tmp_path):
    database = old.unpack_at(tmp_path, revision)
    before = old.rows_of(database)
    assert len(before["track"]) == 9 and old.faults(database) == []
    for step in REVISIONS[REVISIONS.index(revision) + 1 :]:
        old.migrate(database, step)
        assert upgrading.revision(database) == step
        assert (step, old.differences(before, old.rows_of(database))) == (step, [])
        assert (step, old.faults(database)) == (step, [])


@pytest.mark.parametrize("revision", LATER)
def test_nothing_is_lost_from_0_1_0_to(revision, old, tmp_path):
    database = old.unpack(tmp_path)
    before = old.rows_of(database)
    old.migrate(database, revision)
    assert upgrading.revision(database) == revision
    assert old.differences(before, old.rows_of(database)) == []
    assert old.faults(database) == []


@pytest.mark.parametrize("revision", [OLDER[0], OLDER[-1]])
def test_a_start_upgrades_and_puts_a_copy_aside(revision, old, data_folder):
    database = old.unpack_at(data_folder, revision)
    before = old.rows_of(database)
    db.upgrade()
    assert upgrading.revision(database) == upgrading.HEAD
    assert old.differences(before, old.rows_of(database)) == []
    assert db.check() == []
    copies = list(data_folder.glob("backbeat.db.before-*"))
    assert len(copies) == (revision != upgrading.HEAD)
    for copy in copies:
        assert upgrading.revision(copy) == revision
        assert old.rows_of(copy) == before


@pytest.mark.parametrize("table", ["playlist", "cover", "genre"])
def test_a_migration_may_make_a_table_anew(old, tmp_path, table):
    database = old.unpack(tmp_path)
    before = old.rows_of(database)
    with migrating(database) as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table(table, recreate="always") as batch:
            batch.add_column(Column("more", Integer))
    assert "more" in old.rows_of(database)[table][0]
    assert old.differences(before, old.rows_of(database)) == []
    assert old.faults(database) == []


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        ("DELETE FROM playlistentry WHERE id = 1", "playlistentry lost"),
        ("UPDATE track SET title = 'x' WHERE id = 2", "Prélude pour une gare"),
        ("ALTER TABLE feedback DROP COLUMN value", "néo-classique"),
        ("DROP TABLE chartcorrection", "chartcorrection is gone"),
        ("INSERT INTO genre (name) VALUES ('x')", "genre has got"),
    ],
)
def test_harm_is_noticed(old, tmp_path, harm, told):
    database = old.unpack(tmp_path)
    before = old.rows_of(database)
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(harm)
        connection.commit()
    found = old.differences(before, old.rows_of(database))
    assert any(told in line for line in found), found


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        ("DELETE FROM artist WHERE id = 1", "orphan"),
        ("DELETE FROM track_text WHERE rowid = 2", "track_text has no track 2"),
        ("DROP TRIGGER tags_changed", "track_text_tags does not follow trackmirraw"),
    ],
)
def test_faults_are_noticed(old, tmp_path, harm, told):
    database = old.unpack(tmp_path)
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(harm)
        connection.commit()
    assert any(told in line for line in old.faults(database))


def test_tracks_are_told_as_they_were(upgraded):
    features = {row["track_id"]: row for row in upgraded["trackaudiofeatures"]}
    artists = {row["id"]: row["name"] for row in upgraded["artist"]}
    albums = {row["id"]: row["title"] for row in upgraded["album"]}
    covers = {row["id"]: row["data"] for row in upgraded["cover"]}
    for row in upgraded["track"]:
        told = track_details.track(row["id"])
        known = features[row["id"]]
        assert (told.row.title, told.row.artist, told.row.album, told.row.year) == (
            row["title"], artists[row["artist_id"]], albums[row["album_id"]], row["year"],
        )  # fmt: skip
        assert (told.row.bpm, told.key, told.scale, told.row.camelot) == (
            known["bpm"], known["key"], known["scale"], known["camelot_key"],
        )  # fmt: skip
        assert told.row.recording == row["recording"]
        assert set(told.genres) == _genres(upgraded, row["id"])
        assert told.moods == {
            mood["mood"]: mood["strength"]
            for mood in upgraded["moodtag"]
            if mood["track_id"] == row["id"]
        }
        cover = track_details.cover(row["id"])
        assert (cover and cover[1]) == covers.get(row["cover_id"])


def _genres(stored, track_id):
    names = {row["id"]: row["name"] for row in stored["genre"]}
    tags = (row for row in stored["genretag"] if row["track_id"] == track_id)
    return {names[tag["genre_id"]] for tag in tags}


@pytest.mark.parametrize("revision", [OLDER[0], OLDER[-1]])
def test_tracks_are_found_as_before(old, data_folder, revision):
    old.unpack_at(data_folder, revision)
    for wish, expected in (
        ({"text": "prelude"}, {"Prélude pour une gare"}),
        ({"artists": ["тихий дом"]}, {"Северный ветер"}),
        ({"artists": ["夜行バス"]}, {"真夜中の電車"}),
        ({"text": "البحر"}, {"أغنية البحر"}),
        ({"genres": ["reggae"]}, {"Island Ledger"}),
        ({"bpm_min": 167, "bpm_max": 169}, {"Северный ветер"}),
        ({}, TITLES - {"Paper Boats"}),  # whose file is missing
    ):
        found = track_search.search(TrackQuery(**wish), default_limit=50)
        assert {row.title for row in found.tracks} == expected
    for title in TITLES - {"Paper Boats"}:
        assert name_search.resolve_track(title)[0].name == title


def test_full_text_follows_changes_to_old_tracks(upgraded):
    [track] = [row for row in upgraded["track"] if row["title"] == "Copper Sky"]
    with db.write() as session:
        rename = "UPDATE track SET title = 'Überfahrt', folded = 'uberfahrt' WHERE id = :id"
        db.rows(session, rename, id=track["id"])
        rename = "UPDATE artist SET name = 'Laternen', folded = 'laternen' WHERE id = :id"
        db.rows(session, rename, id=track["artist_id"])
        rename = "UPDATE album SET title = 'Nordsee', folded = 'nordsee' WHERE id = :id"
        db.rows(session, rename, id=track["album_id"])
    for wish in ({"text": "uberfahrt"}, {"text": "nordsee"}, {"text": "laternen nordsee"}):
        assert [row.id for row in track_search.search(TrackQuery(**wish)).tracks] == [track["id"]]
    assert track_search.search(TrackQuery(text="copper sky")).tracks == ()
    track_writing.remove_track(track["id"])
    assert track_search.search(TrackQuery(text="uberfahrt")).tracks == ()


def test_playlists_keep_their_order_and_reasons(upgraded):
    titles = {row["id"]: row["title"] for row in upgraded["track"]}
    assert {each.name for each in playlist_reading.playlists()} == {"Chill", "Été 夏"}
    for row in upgraded["playlist"]:
        told = playlist_reading.playlist(row["id"])
        entries = sorted(
            (entry for entry in upgraded["playlistentry"] if entry["playlist_id"] == row["id"]),
            key=lambda entry: entry["position"],
        )
        assert len(entries) in (2, 4)
        assert [(e.track.title, e.reason) for e in told.entries] == [
            (titles[entry["track_id"]], entry["reason"]) for entry in entries
        ]
        assert told.request == json.loads(row["request"])


def test_charts_and_corrections_are_there_with_their_files(upgraded, data_folder):
    [track] = [row["id"] for row in upgraded["track"] if row["title"] == "Copper Sky"]
    told = {chart.id: chart for chart in drum_charts.charts_of(track)}
    assert len(told) == 2
    for row in upgraded["drumchart"]:
        assert told[row["id"]].bpm == row["bpm"]
        assert told[row["id"]].levels == json.loads(row["levels"])
        folder = StoreSettings().charts / told[row["id"]].folder
        assert len(list(folder.glob("*.dtx"))) == len(LEVELS)
        assert (StoreSettings().charts / told[row["id"]].zip_file).is_file()
    [row] = upgraded["chartcorrection"]
    [kept] = chart_corrections.corrections()
    assert (kept.track_id, kept.file, kept.start_s, kept.notes) == (
        track, row["file"], row["start_s"], row["notes"],
    )  # fmt: skip
    assert kept.automatic == json.loads(row["automatic"])
    assert newest_correction(track) == kept
    assert (data_folder / "corrections" / kept.file).is_file()
    corrected = current_chart(track, LEVELS, version="6.of-today")
    assert corrected is not None and corrected.folder.startswith(f"{track}-c{kept.id}-")


def test_jobs_wait_and_failures_keep_their_reasons(upgraded):
    for row in upgraded["job"]:
        told = job_reports.job(row["id"])
        assert (told.kind, told.key, told.state, told.reason, told.attempts, told.track_id) == (
            row["kind"], row["key"], row["state"], row["reason"], row["attempts"], row["track_id"],
        )  # fmt: skip
        assert told.payload == json.loads(row["payload"])
    [failed] = job_reports.failures()
    assert failed.path == "/music/broken.mp3"
    assert failed.reason == "This is not an audio file, whatever its name says."
    assert job_interruptions.requeue_orphans(()) == 1
    waiting = []
    while job := job_queue.claim("w"):
        waiting.append(job.key)
        job_queue.finish(job.id)
    # the one that was running when everything ended comes last
    assert waiting == ["7:BASIC", "/music/Waiting ⏳.mp3", "/music/Long.wav"]


def test_what_a_person_said_and_posted_stays(upgraded):
    with db.read() as session:
        [row] = db.rows(session, "SELECT field, value, person_id FROM feedback")
    assert tuple(row) == ("genre_main", "néo-classique", 1)
    [track] = [row["id"] for row in upgraded["track"] if row["title"] == "Island Ledger"]
    told = mir_exchange.mir_exchange(track)
    assert told["raw"] == {
        "tags": ["dub", "late night"], "source": "my-own-tagger", "version": 7,
        "features_raw": {"onset_rate_hz": 2.25},
    }  # fmt: skip
    assert told["normalized"]["danceability"] == 0.81
    assert track_details.track(track).genres[0] == "dub"


@pytest.mark.usefixtures("upgraded")
def test_the_indexer_is_still_paused_and_knows_its_folder():
    assert indexer_state.paused_by_owner()
    assert indexer_state.watched_folders() == ("/music",)


def test_files_go_by_the_names_they_have(upgraded):
    known = track_files.known_files()
    assert {file.track_id: path for path, file in known.items()} == {
        row["id"]: row["path"] for row in upgraded["track"]
    }
    assert [file.track_id for file in known.values() if file.missing] == [1]
    raw = Path("/music/Mina/caf\udce9.mp3")
    assert track_files.find_by_path(raw) is not None


def test_an_automatic_chart_of_0_1_0_is_an_older_one(upgraded):
    [track] = [row["id"] for row in upgraded["track"] if row["title"] == "Copper Sky"]
    charts = drum_charts.charts_of(track)
    older = [chart for chart in charts if is_older(chart, version="6.of-today")]
    assert [Path(chart.folder).parts[0] for chart in older] == [f"{track}-v5-BAEM"]
    [kept] = chart_corrections.corrections()
    chart_corrections.remove_correction(kept.id)
    assert older_chart(track, LEVELS, version="6.of-today") == older[0]
