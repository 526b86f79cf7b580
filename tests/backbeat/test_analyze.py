"""The line of `backbeat analyze`: what a track's course adds to tempo and key."""

from typing import Any

from typer.testing import CliRunner

from backbeat.cli import app
from backbeat.commands import index_command


def result(tempo: dict[str, Any], sections: list[list[Any]]) -> dict[str, Any]:
    return {
        "file": "/music/song.flac",
        "raw": {"features_raw": {"tempo": tempo, "key": {"sections": sections}}},
        "normalized": {
            "bpm": 132.2, "key": "C", "scale": "major", "camelot_key": "8B", "genre_main": "jazz",
        },
        "synthetic_tags": [{"tag": "chill"}],
        "bpm_alternative": 66.1,
        "bpm_confidence": 0.9,
        "seconds": {"decode": 1.0},
    }  # fmt: skip


def line(monkeypatch, data_folder, made: dict[str, Any]) -> str:
    monkeypatch.setattr(index_command, "_analysed", lambda path: made)
    monkeypatch.setattr("indexer.models.musicnn.ensure_models", lambda *_, **__: None)
    done = CliRunner().invoke(app, ["analyze", "/music/song.flac"])
    assert done.exit_code == 0, done.output
    return " ".join(done.stdout.split())


def test_an_ordinary_track(monkeypatch, data_folder):
    tempo = {"beats_per_bar": 4, "meter_confidence": 0.9, "stability": "constant"}
    assert line(monkeypatch, data_folder, result(tempo, [])) == (
        "song.flac: 132.2 BPM, C major (8B), jazz · chill 1.0 s"
    )


def test_a_waltz_that_wanders_and_rises(monkeypatch, data_folder):
    tempo = {"beats_per_bar": 3, "meter_confidence": 0.9, "stability": "drifting"}
    made = result(tempo, [[0.0, "C major"], [130.2, "D major"]])
    assert (
        "C major (8B), in three (3/4), tempo wanders, rises from C major to D major at 2:10, jazz"
        in line(monkeypatch, data_folder, made)
    )
