"""`backbeat eval FILE`: single requests with names, a model, and conversations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from backbeat.commands.eval_command import evaluate
from store.playlists import playlist_reading

SINGLE = (
    {"text": "jazz from the sixties", "kind": "search", "language": "en",
     "expected": [{"tool": "search_tracks",
                   "arguments": {"genres": ["jazz"], "year_min": 1960, "year_max": 1969}}]},
    {"text": "describe Slow Harbour", "kind": "facts", "language": "en",
     "expected": [{"tool": "summarize_track", "arguments": {"track": "Iron Weather"}}]},
    {"text": "quel temps fait-il demain ?", "kind": "other", "language": "fr",
     "expected": [{"tool": None, "arguments": {}}]},
    {"text": "du metal", "kind": "search", "language": "fr"},
)  # fmt: skip
TALK = (
    {"text": "a jazz playlist", "conversation": "A.1", "language": "en"},
    {"text": "merci", "conversation": "B.1", "language": "fr"},
    {"text": "export it as m3u", "conversation": "A.2", "language": "en",
     "expected": [{"tool": "export_playlist",
                   "arguments": {"playlist": "last", "format": "m3u8"}}]},
)  # fmt: skip


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run the command on lines; gives its status, its output and what it wrote as JSON."""
    monkeypatch.setenv("BACKBEAT_USE_MODEL", "false")
    monkeypatch.setenv("COLUMNS", "200")
    app = typer.Typer()
    app.command()(evaluate)

    def one(lines: tuple[dict[str, Any], ...], *options: str) -> tuple[int, str, dict[str, Any]]:
        place, result = tmp_path / "set.jsonl", tmp_path / "result.json"
        result.unlink(missing_ok=True)
        place.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
        done = CliRunner().invoke(app, [str(place), *options, "--json", str(result)])
        written = json.loads(result.read_text()) if result.exists() else {}
        return done.exit_code, done.output, written

    return one


def test_a_set_is_counted_and_listed(library: Path, run: Any) -> None:
    status, output, written = run(SINGLE, "--show", "wrong")
    assert status == 0
    verdicts = [line["verdict"] for line in written["contestants"][0]["lines"]]
    assert verdicts == ["right", "wrong", "right", None]
    assert "describe Slow Harbour" in output
    assert 'expected summarize_track(track="Iron Weather")' in output
    assert "jazz from the sixties" not in output
    total = written["contestants"][0]["rows"][-1]
    assert (total["asked"], total["right"], total["wrong"]) == (3, 2, 1)
    assert total["score"] == pytest.approx(100 * (1 - 10 / 3), abs=0.1)


def test_names_of_the_library_are_used(library: Path, run: Any) -> None:
    artist = {"text": "songs by elodie marchand", "language": "en"}
    _, output, written = run((artist,))
    (line,) = written["contestants"][0]["lines"]
    assert line["calls"] == [["search_tracks", {"artists": ["Élodie Marchand"]}]]
    assert "songs by elodie marchand" in output  # shown, because nothing can be counted


def test_both_asks_the_model_for_what_is_deferred(
    library: Path, run: Any, ollama: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BACKBEAT_USE_MODEL", "true")
    monkeypatch.setenv("BACKBEAT_OLLAMA_HOST", ollama.url)
    ollama.answer = lambda body: ollama.calls(("library_status", {}))
    hard = {"text": "why is the sky made of trombones?", "language": "en",
            "expected": [{"tool": "library_status", "arguments": {}}]}  # fmt: skip
    _, _, written = run((SINGLE[0], hard), "--both")
    answered = [(line["by"], line["verdict"]) for line in written["contestants"][0]["lines"]]
    assert answered == [("reader", "right"), ("model", "right")]


def test_conversations_run_on_a_copy_of_the_library(library: Path, run: Any) -> None:
    status, output, written = run(TALK)
    assert status == 0
    asked = [(turn["line"]["conversation"], turn["verdict"]) for turn in written["turns"]]
    assert asked == [("A.1", None), ("A.2", "right"), ("B.1", None)]
    assert written["turns"][0]["calls"][0] == ["make_playlist", {"genres": ["jazz"]}]
    assert set(written["turns"][0]["titles"]) == {"Slow Harbour", "Paper Boats"}
    assert "A.2 › export it as m3u" in output
    assert not playlist_reading.playlists()  # the library itself is as it was


def test_a_persons_verdicts_on_conversations(library: Path, run: Any, tmp_path: Path) -> None:
    verdicts = tmp_path / "verdicts.txt"
    verdicts.write_text("# mine\nright the list\n\npartly\nwrong said nothing\n")
    status, output, written = run(TALK, "--judge", str(verdicts))
    assert status == 0
    assert [turn["verdict"] for turn in written["turns"]] == ["right", "partly", "wrong"]
    assert output.count("33.3%") == 3
    verdicts.write_text("right\n")
    status, output, _ = run(TALK, "--judge", str(verdicts))
    assert (status, "expected 3 verdicts" in output) == (1, True)
    verdicts.write_text("right\nfine\nright\n")
    status, output, _ = run(TALK, "--judge", str(verdicts))
    assert (status, "'fine'" in output) == (1, True)


def test_a_file_that_is_no_set(library: Path, run: Any) -> None:
    status, output, _ = run(({"language": "en"},))
    assert status == 1
    assert "line 1" in output
