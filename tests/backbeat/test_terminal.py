import errno
import os
import sys

import pytest
from pydantic import BaseModel
from rich.console import Console

from assistant.settings import Settings
from backbeat import cli
from backbeat.terminal import item_table, track_table, translate_errors
from indexer.jobs.lock import IndexerError
from indexer.jobs.settings import IndexerSettings
from store.processes import ONE_THREAD
from store.settings import StoreSettings


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.EROFS, "Read-only file system", "/data/chat"), "BACKBEAT_DATA"),
        (PermissionError(errno.EACCES, "Permission denied", "/data/chat"), "permissions"),
        (OSError(errno.ENOSPC, "No space left on device"), "Make room"),
        (IndexerError("Nothing can be written."), "Nothing can be written."),
    ],
)
def test_an_error_ends_in_a_sentence(error, words, capsys):
    with pytest.raises(SystemExit) as ended, translate_errors():
        raise error
    told = " ".join(capsys.readouterr().err.split())
    assert ended.value.code == 1
    assert words in told and "Errno" not in told


@pytest.mark.parametrize("settings", [Settings, IndexerSettings, StoreSettings])
def test_a_wrong_setting_is_reported_with_its_variable(settings, monkeypatch, capsys):
    numbers = [name for name, field in settings.model_fields.items() if field.annotation is not str]
    for name in numbers:
        variable = f"BACKBEAT_{name}".upper()
        monkeypatch.setenv(variable, "\x01" if name != "quiet_hours" else "noon")
        try:
            settings()
        except ValueError:
            with pytest.raises(SystemExit) as ended, translate_errors():
                settings()
            assert ended.value.code == 2
            assert f"{variable}: " in capsys.readouterr().err
        monkeypatch.delenv(variable)


def test_one_wrong_setting(monkeypatch, capsys):
    monkeypatch.setenv("BACKBEAT_INDEX_CPU", "0")
    with pytest.raises(SystemExit), translate_errors():
        IndexerSettings()
    told = capsys.readouterr().err
    assert told.startswith("BACKBEAT_INDEX_CPU: Input should be greater than or equal to 1")


def test_what_is_no_setting_keeps_its_name(capsys):
    class Wish(BaseModel):
        limit: int

    with pytest.raises(SystemExit), translate_errors():
        Wish.model_validate({"limit": "many"})
    assert capsys.readouterr().err.startswith("limit: ")


def test_a_list_is_numbered_and_its_names_are_no_markup(capsys):
    items = [
        {"label": "[red]Gym[/red]", "detail": "2 tracks", "ask": "play it"},
        {"label": "夜のドライブ", "detail": None, "ask": None},
    ]
    Console(width=80).print(item_table(items))
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines == [["1", "[red]Gym[/red]", "2", "tracks"], ["2", "夜のドライブ"]]


def test_a_locked_track_is_marked(capsys):
    tracks = [{"title": "Angel", "locked": True}, {"title": "Hurt", "locked": False}]
    Console(width=80).print(track_table(tracks))
    assert [("🔒" in line) for line in capsys.readouterr().out.splitlines()[1:]] == [True, False]


def test_the_command_line_uses_one_thread_for_matrices(monkeypatch):
    for name in ONE_THREAD:
        monkeypatch.setenv(name, "")  # so that it is restored
        monkeypatch.delenv(name)
    monkeypatch.setattr(sys, "argv", ["backbeat", "--help"])
    with pytest.raises(SystemExit):
        cli.main()
    assert {name: os.environ[name] for name in ONE_THREAD} == dict(ONE_THREAD)
