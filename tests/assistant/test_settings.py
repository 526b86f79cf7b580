"""Settings of the chat from the environment."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from assistant.settings import Settings


def test_secrets_are_read_from_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data_folder: Path
) -> None:
    (tmp_path / "password").write_text("a long secret\n")
    monkeypatch.setenv("BACKBEAT_PASSWORD_FILE", str(tmp_path / "password"))
    monkeypatch.setenv("BACKBEAT_HOST", "0.0.0.0")
    password = Settings().password
    assert password is not None and password.get_secret_value() == "a long secret"
    monkeypatch.setenv("BACKBEAT_PASSWORD", "set itself")
    assert Settings().password == type(password)("set itself")


@pytest.mark.parametrize(
    ("name", "told"), [("gone", "cannot be read"), ("empty", "opens the chat")]
)
def test_a_secret_that_is_not_there_opens_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data_folder: Path, name: str, told: str
) -> None:
    (tmp_path / "empty").write_text(" \n")
    monkeypatch.setenv("BACKBEAT_PASSWORD_FILE", str(tmp_path / name))
    monkeypatch.setenv("BACKBEAT_HOST", "0.0.0.0")
    with pytest.raises(ValidationError, match=told):
        Settings()
