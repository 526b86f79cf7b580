"""Converted files: how many are kept."""

from __future__ import annotations

import os
from pathlib import Path

from assistant.web.audio_conversion import delete_oldest


def test_the_oldest_go_although_one_is_gone_already(tmp_path: Path) -> None:
    for at in range(22):
        (tmp_path / f"{at}.flac").touch()
        os.utime(tmp_path / f"{at}.flac", (at, at))
    gone = tmp_path / "gone.flac"
    gone.symlink_to(tmp_path / "nowhere")  # is listed, and has no date: as if deleted meanwhile
    delete_oldest(tmp_path)
    gone.unlink()
    assert {int(file.stem) for file in tmp_path.iterdir()} == set(range(3, 22))
