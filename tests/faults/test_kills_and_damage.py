"""The short form of `benchmarks.faults`: processes killed at random moments, damaged files."""

from __future__ import annotations

from pathlib import Path

from benchmarks.faults import fuzz, kills
from store.jobs import library_status


def test_what_writes_can_be_killed_at_any_moment(tmp_path: Path) -> None:
    home = kills.Home(tmp_path)
    assert kills.run(home, len(kills.COMMANDS), seed=3) == []


def test_damaged_files_are_analysed_or_fail_with_a_reason(
    data_folder: Path, tmp_path: Path
) -> None:
    told, broken = fuzz.run(tmp_path / "music", 2 * len(fuzz.FORMATS), seed=3)
    assert broken == []
    assert told["failed"] and told["analysed"]
    status = library_status.read_status()
    assert (status.tracks, status.queued) == (told["analysed"], 0)


def test_damage_that_sounds_different_is_noticed(tmp_path: Path) -> None:
    home = kills.Home(tmp_path)
    home.make()
    before = dict(home.sounds)
    (home.music / "1.flac").write_bytes((home.music / "0.mp3").read_bytes())
    assert kills.sound(home.music / "1.flac") != before["1.flac"]
    (home.music / "a.part").touch()
    home.data.mkdir()
    assert home.left_behind() == ["music/a.part"]
