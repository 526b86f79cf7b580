"""The migration to stored chart versions: old rows stay and count as older."""

import sqlite3

import pytest
from alembic import command
from alembic.config import Config

from store.charts import drum_charts
from store.charts.chart_corrections import corrections
from store.charts.current_charts import is_older
from store.database import db
from store.settings import StoreSettings

pytestmark = pytest.mark.usefixtures("library")


def test_charts_from_before_versions_stay_and_are_older(library):
    database = StoreSettings().database
    track_id = library.id("Warehouse")
    config = Config()
    config.set_main_option("script_location", "store:migrations")
    config.set_main_option("path_separator", "os")
    db.reset()
    engine = db.new_engine(database, writing=True)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0006")
    engine.dispose()
    with sqlite3.connect(database) as old:
        old.execute(
            "INSERT INTO drumchart (track_id, folder, zip_file, bpm, levels, version, created_at) "
            "VALUES (?, '1-v5-M/x', '1-v5-M/x.zip', 128.0, '{}', 5, '2026-01-01 00:00:00.0')",
            (track_id,),
        )
        old.execute(
            "INSERT INTO chartcorrection (track_id, file, start_s, notes, automatic, "
            "automatic_version, created_at) "
            "VALUES (?, '1/1-x.dtx', 0.0, 9, '{}', 5, '2026-01-01 00:00:00.0')",
            (track_id,),
        )
    old.close()
    db.upgrade()
    [chart] = drum_charts.charts_of(track_id)
    assert chart.chart_version is None and is_older(chart, version="6.0123456789ab")
    [correction] = corrections()
    assert (correction.automatic_version, correction.automatic_chart_version) == (5, None)
