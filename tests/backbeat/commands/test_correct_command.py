"""`backbeat correct`, as it is typed."""

from pathlib import Path
from types import ModuleType

import pytest
from typer.testing import CliRunner

from backbeat.cli import app
from store.database import db


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, load):
    small: ModuleType = load("assistant/small_library.py")
    monkeypatch.setenv("BACKBEAT_DATA", str(tmp_path / "data"))
    db.reset()
    small.build(tmp_path / "music")

    def invoke(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["correct", *words])
        return done.exit_code, " ".join(done.output.split())

    yield invoke
    db.reset()


def test_values_are_corrected_listed_and_taken_back(run):
    code, said = run("Paper Boats", "genre=Country", "bpm=87,5", "key=A minor")
    assert code == 0
    assert said == ("Mira Quist - Paper Boats genre jazz → country bpm 84.0 → 87.5 key 7B → 8A")
    assert "Mira Quist - Paper Boats bpm: 87.5 was 84.0" in run()[1]
    assert run("Paper Boats", "--undo", "bpm")[1].endswith("bpm 87.5 → 84.0")
    assert "year was not corrected" in run("Paper Boats", "--undo", "year")[1]
    assert run("Paper Boats", "--undo")[1].endswith("genre country → jazz")
    assert "Nothing was corrected" in run()[1]


@pytest.mark.parametrize(
    ("words", "said"),
    [(("Nowhere Land", "bpm=90"), "Nowhere Land"), (("Paper Boats",), "Say what is right"),
     (("Paper Boats", "87"), "Expected FIELD=VALUE"), (("Ladder", "bpm=90"), "may be several")],
)  # fmt: skip
def test_what_cannot_be_done_is_said(run, words, said):
    code, output = run(*words)
    assert code == 1 and said in output
