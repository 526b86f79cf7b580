"""Words that a person adds in a file of the data folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.understanding import read
from assistant.understanding.lexing.lexicon import language


@pytest.fixture
def words_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("BACKBEAT_DATA", str(tmp_path))
    path = tmp_path / "words" / "en.toml"
    path.parent.mkdir()
    language.cache_clear()
    yield path
    monkeypatch.undo()
    language.cache_clear()


def test_a_new_word_means_what_its_table_says(words_file: Path) -> None:
    words_file.write_text('[moods]\n"chill" = ["hygge"]\n[genres]\n"electronic" = ["bleep"]\n')
    assert read("some hygge bleep").arguments == {"moods": ["chill"], "genres": ["electronic"]}


def test_a_known_word_changes_its_meaning(words_file: Path) -> None:
    assert read("mellow jazz").arguments["moods"] == ["chill"]
    words_file.write_text('[moods]\n"romantic" = ["mellow"]\n')
    language.cache_clear()
    assert read("mellow jazz").arguments["moods"] == ["romantic"]


def test_a_spelling_stands_for_a_word(words_file: Path) -> None:
    words_file.write_text('[spellings]\n"jazz" = ["jz"]\n')
    assert read("slow jz").arguments == {"genres": ["jazz"], "bpm_max": 90}


@pytest.mark.parametrize(
    "text",
    [
        "[moods\nnot toml",
        '[no_such_table]\n"chill" = ["hygge"]\n',
        '[moods]\n"no such mood" = ["hygge"]\n',
        '[moods]\n"chill" = "hygge"\n',
        "[moods]\nchill = [3]\n",
    ],
)
def test_what_is_wrong_is_logged_and_left_out(
    words_file: Path, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    words_file.write_text(text)
    assert read("some jazz").arguments == {"genres": ["jazz"]}
    assert read("some hygge").tool is None
    assert str(words_file) in caplog.text
