"""Files made on first request: how many are kept."""

from __future__ import annotations

import os
from pathlib import Path

from assistant.web.browse.kept_files import make_room


def test_the_oldest_tenth_goes_although_one_is_gone_already(tmp_path: Path) -> None:
    for at in range(20):
        (tmp_path / f"{at}.webp").touch()
        os.utime(tmp_path / f"{at}.webp", (at, at))
    make_room(tmp_path, kept=21)
    assert len(list(tmp_path.iterdir())) == 20
    gone = tmp_path / "gone.webp"
    gone.symlink_to(tmp_path / "nowhere")  # is listed, and has no date: as if deleted meanwhile
    make_room(tmp_path, kept=20)
    gone.unlink()
    assert {int(file.stem) for file in tmp_path.iterdir()} == set(range(2, 20))
