"""`backbeat feedback` and the mood model's commands, as they are typed."""

import csv
from pathlib import Path
from types import ModuleType

import pytest
from typer.testing import CliRunner

from backbeat.cli import app
from store.database import db
from store.library import track_writing
from store.people.given_feedback import give, given_feedback
from store.tables.people import OWNER_ID
from store.tracks import track_details


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, load):
    small: ModuleType = load("assistant/small_library.py")
    monkeypatch.setenv("BACKBEAT_DATA", str(tmp_path / "data"))
    db.reset()
    small.build(tmp_path / "music")

    def invoke(*words: object) -> tuple[int, str]:
        done = CliRunner().invoke(app, [str(word) for word in words])
        return done.exit_code, " ".join(done.output.split())

    yield invoke
    db.reset()


GIVEN = {
    ("mood:relaxed", "not"), ("like", "-1"), ("rating", "4"), ("bpm", "87"), ("genre", "country"),
    ("play", "skip"),
}  # fmt: skip


def said():
    return {(one.field, one.value) for one in given_feedback(OWNER_ID, with_plays=True)}


def test_feedback_is_listed_edited_deleted_exported_and_imported(run, tmp_path):
    for field, value in GIVEN:
        give(OWNER_ID, 9, field, value)
    assert "mood:relaxed@9 not Mira Quist - Paper Boats" in run("feedback", "list")[1]
    assert "play@9 skip" in run("feedback", "list", "--plays")[1]
    out = tmp_path / "out, and more"
    code, told = run("feedback", "export", out)
    assert (code, told.count("6 pieces of feedback"), told.count("10 tracks")) == (0, 1, 1)
    with (out / "prod_data.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    [mood] = [row for row in rows if row["field"] == "mood:relaxed"]
    assert (mood["title"], mood["predicted"]) == ("Paper Boats", '{"strength": 0.8}')

    assert run("feedback", "edit", "rating@9", 2)[0] == 0
    assert ("rating", "2") in said()
    for field, _ in GIVEN:
        assert run("feedback", "delete", f"{field}@9")[0] == 0
    assert said() == set()
    assert track_details.track_rows([9])[0].bpm == 84.0
    assert run("feedback", "edit", "rating@9", 2)[0] == 1

    # taken in again, by what is in the file: the tracks have other numbers elsewhere
    track_writing.remove_track(1)
    assert run("feedback", "import", out / "prod_data.csv") == (0, "6 pieces of feedback taken.")
    assert said() == GIVEN
    assert track_details.track_rows([9])[0].bpm == 87.0


def test_what_an_import_leaves_out_is_said(run, tmp_path):
    table = tmp_path / "other.csv"
    table.write_text(
        "artist,title,field,value\nMira Quist,Paper Boats,like,1\nNobody,Nothing,like,1\n"
        "Mira Quist,Slow Harbour,rating,9\nHalde,Iron Weather,colour,red\n"
    )
    code, told = run("feedback", "import", table)
    assert code == 1 and told.startswith("1 pieces of feedback taken.")
    assert "line 3: there is no track “Nobody – Nothing”." in told
    assert "line 4: Expected" in told and "line 5: Expected" in told
    table.write_text("a,b\n1,2\n")
    assert run("feedback", "import", table)[0] == 1
    assert said() == {("like", "1")}


def test_the_mood_model_says_what_is_missing(run):
    assert run("models", "retrain") == (
        1, "There are too few analysed tracks to learn from (20 are needed).",
    )  # fmt: skip
    assert run("models", "show") == (1, "No learned mood model serves.")
    assert run("models", "rollback")[0] == 1
