"""Single files of a chart, behind the application's guard or not."""

import io
import zipfile

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.web.charts import chart_routes
from store.charts import drum_charts
from store.records import ChartRecord
from store.settings import StoreSettings


@pytest.fixture
def client():
    app = FastAPI()
    app.include_router(chart_routes.router)
    return TestClient(app)


def keep(folder):
    return drum_charts.save_chart(
        ChartRecord(track_id=1, folder=folder, zip_file="1/a.zip", bpm=120.0, levels={})
    )


def test_each_file_can_be_downloaded(library, client):
    place = StoreSettings().charts / "1-v3-M" / "Iron-Valley-Ashes"
    place.mkdir(parents=True)
    files = ("drums.mid", "notation.svg", "tab.txt", "drums.musicxml", "notes.chart", "notes.mid")
    for name in (*files, "song.ini", "bgm.ogg"):
        (place / name).write_text(name)
    number = keep("1-v3-M/Iron-Valley-Ashes")
    for part, name, media in (
        ("midi", "drums.mid", "audio/midi"),
        ("notation", "notation.svg", "image/svg+xml"),
        ("tab", "tab.txt", "text/plain"),
        ("musicxml", "drums.musicxml", "application/vnd.recordare.musicxml+xml"),
        ("chart-file", "notes.chart", "text/plain"),
    ):
        answer = client.get(f"/api/charts/{number}/{part}")
        assert (answer.status_code, answer.text) == (200, name)
        assert answer.headers["content-type"].startswith(media)
        assert "attachment" in answer.headers["content-disposition"]
        assert "Iron-Valley-Ashes" in answer.headers["content-disposition"]
    answer = client.get(f"/api/charts/{number}/clone-hero")
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        assert {name.partition("/")[2] for name in packed.namelist()} == {
            "notes.mid", "song.ini", "song.ogg",
        }  # fmt: skip
        assert packed.read("Iron-Valley-Ashes/song.ogg") == b"bgm.ogg"


def test_what_is_not_there(library, client):
    number = keep("1-v1-M/Old")
    outside = keep("../..")
    (StoreSettings().folder.parent / "tab.txt").write_text("secret")
    assert client.get(f"/api/charts/{number}/midi").status_code == 404
    assert client.get(f"/api/charts/{outside}/tab").status_code == 404
    assert client.get("/api/charts/777/tab").status_code == 404
    assert client.get(f"/api/charts/{number}/master.dtx").status_code == 422
