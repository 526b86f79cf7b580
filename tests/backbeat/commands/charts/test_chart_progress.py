import io

import pytest
from rich.console import Console

from backbeat.commands.charts.chart_progress import ManySongs, time_left_s


@pytest.fixture
def songs(tmp_path):
    """A short song, one of three times its size, and a missing one."""
    for name, size in (("short [a].mp3", 1000), ("long.mp3", 3000)):
        (tmp_path / name).write_bytes(bytes(size))
    return [tmp_path / "short [a].mp3", tmp_path / "long.mp3", tmp_path / "gone.mp3"]


def shown(songs, *steps):
    """The last line of a terminal after these steps: (song, fraction, step)."""
    out = io.StringIO()
    console = Console(file=out, width=120)
    with ManySongs(songs, console=console) as progress:
        for number, fraction, step in steps:
            progress.of(number)(fraction, step)
    return out.getvalue().strip().splitlines()[-1]


def test_the_song_and_its_step_are_shown(songs):
    line = shown(songs, (0, 1.0, "done"), (1, 0.5, "listening for drums"))
    assert "2/3 long.mp3: listening for drums 50%" in line
    assert "left" in line


def test_large_files_count_more(songs):
    assert " 25% " in shown(songs, (0, 1.0, "done [x]"))
    assert "1/3 short [a].mp3: done [x] 100%" in shown(songs, (0, 1.0, "done [x]"))
    assert " 62% " in shown(songs, (1, 0.5, "listening"))
    assert "100%" in shown(songs, (2, 1.0, "failed"))


@pytest.mark.parametrize(
    ("share", "at_s", "now_s", "left_s"),
    [
        (0.0, 0.0, 5.0, None),
        (0.01, 3.0, 3.0, None),
        (0.25, 30.0, 30.0, 90.0),
        (0.25, 30.0, 40.0, 80.0),
        (0.9, 90.0, 200.0, 0.0),
    ],
)
def test_time_left_runs_down_between_steps(share, at_s, now_s, left_s):
    assert time_left_s(share, at_s=at_s, now_s=now_s) == left_s
