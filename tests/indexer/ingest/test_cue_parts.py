"""One long file with a cue sheet becomes several tracks, analysed apart."""

from __future__ import annotations

from pathlib import Path

import httpx
import mutagen
import numpy as np
import pytest
import soundfile

from assistant.settings import Settings
from assistant.web.server import create_app
from indexer.charts.part_files import sound_file
from indexer.files.audio.decoding import decode
from indexer.ingest.intake import ingest_file
from indexer.jobs.watching.scan import reconcile
from store.library import track_files
from store.paths import encode_path
from store.playlists.playlist_writing import save_playlist
from store.tracks import track_details
from tools.export_playlist import export_bytes

pytestmark = pytest.mark.usefixtures("data_folder")

TONES_HZ = (300.0, 600.0, 900.0)
LENGTH_S = 4
RATE = 44_100


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """Three tones of four seconds in one file, with tags of the whole."""
    folder = tmp_path / "music"
    folder.mkdir()
    time_s = np.arange(LENGTH_S * RATE) / RATE
    samples = np.concatenate([0.4 * np.sin(2 * np.pi * hz * time_s) for hz in TONES_HZ])
    path = folder / "Whole, Album.flac"
    soundfile.write(path, samples.astype(np.float32), RATE)
    file = mutagen.File(path)  # pyright: ignore[reportPrivateImportUsage]
    assert file is not None
    file.update({"title": "Whole", "artist": "Everybody", "album": "Disc", "bpm": "99"})
    file.save()
    return path


def sheet(*seconds: float) -> str:
    tracks = "".join(
        f'  TRACK {number:02d} AUDIO\n    TITLE "Song {number}"\n'
        f"    INDEX 01 00:{int(second):02d}:{round(second % 1 * 75):02d}\n"
        for number, second in enumerate(seconds, 1)
    )
    return f'PERFORMER "Band"\nFILE "Whole, Album.wav" WAVE\n{tracks}'


def ingest(path: Path) -> tuple[str, list[str]]:
    warnings: list[str] = []
    outcome = ingest_file(encode_path(path), tagger=None, warn=warnings.extend)
    return outcome, warnings


def shown(path: Path) -> list[tuple[str, float, float | None]]:
    return [
        (detail.row.title, part.start_s, part.end_s)
        for part in track_files.parts_of(path)
        if not part.missing and (detail := track_details.track(part.track_id))
    ]


def loudest_hz(path: Path) -> list[float]:
    """Of the first and the last half second of a file."""
    samples = decode(path).samples
    ends = samples[: RATE // 2], samples[-RATE // 2 :]
    return [round(float(np.argmax(np.abs(np.fft.rfft(end))) * 2), -1) for end in ends]


async def test_its_tracks_are_stored_played_and_exported_apart(album: Path, tmp_path: Path) -> None:
    album.with_suffix(".CUE").write_text(sheet(0, 4, 8))
    assert ingest(album) == ("analysed", [])
    assert shown(album) == [("Song 1", 0, 4), ("Song 2", 4, 8), ("Song 3", 8, 12)]
    ids = [part.track_id for part in track_files.parts_of(album)]
    second = track_details.track(ids[1])
    assert second and (second.row.artist, second.row.album) == ("Band", "Disc")
    assert second.row.duration_s == pytest.approx(4, abs=0.01) and second.row.bpm != 99
    assert [loudest_hz(sound_file(number)) for number in ids] == [[hz, hz] for hz in TONES_HZ]
    app = create_app(Settings(use_model=False), chat=False)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as client:
        reply = await client.get(f"/api/tracks/{ids[1]}/audio")
    played = tmp_path / "played"
    played.write_bytes(reply.content)
    assert reply.headers["content-type"] == "audio/flac"
    assert loudest_hz(played) == [600, 600] and decode(played).duration_s == pytest.approx(4, 0.01)
    playlist = save_playlist("Mix", [(ids[2], ""), (ids[0], "")], {})
    lines = export_bytes(playlist.id, "m3u8")[2].decode().splitlines()
    assert lines[3:5] == ["#EXTVLCOPT:start-time=8.000", "#EXTVLCOPT:stop-time=12.000"]
    assert "vlc:option>start-time=8.000" in export_bytes(playlist.id, "xspf")[2].decode()
    report = reconcile(album.parent)
    assert (report.found, report.queued, report.missing, report.away) == (1, 0, 0, {})


def test_a_changed_sheet_keeps_its_tracks_and_a_removed_one_gives_one(album: Path) -> None:
    cue = album.with_suffix(".cue")
    cue.write_text(sheet(0, 4, 8))
    ingest(album)
    before = [part.track_id for part in track_files.parts_of(album)]
    cue.write_text(sheet(0, 3.6, 8).replace("Song 3", "Song C"))
    assert reconcile(album.parent).queued == 1
    assert ingest(album)[0] == "analysed"
    assert shown(album) == [("Song 1", 0, 3.6), ("Song 2", 3.6, 8), ("Song C", 8, 12)]
    assert [part.track_id for part in track_files.parts_of(album)] == before
    assert ingest(album)[0] == "retagged"
    cue.unlink()
    assert reconcile(album.parent).waiting == 1  # the job of before is still open
    assert ingest(album)[0] == "analysed"
    assert shown(album) == [("Whole", 0, None)]
    cue.write_text(sheet(0, 3.6, 8))
    ingest(album)
    assert [part.track_id for part in track_files.parts_of(album)] == before


def test_a_moved_album_keeps_its_tracks_and_an_absent_one_is_away(album: Path) -> None:
    album.with_suffix(".cue").write_text(sheet(0, 4, 8))
    ingest(album)
    before = [part.track_id for part in track_files.parts_of(album)]
    elsewhere = album.parent / "new folder"
    elsewhere.mkdir()
    for file in (album, album.with_suffix(".cue")):
        file.rename(elsewhere / file.name)
    report = reconcile(album.parent)
    assert (report.moved, report.queued) == (1, 0)
    moved = elsewhere / album.name
    assert [part.track_id for part in track_files.parts_of(moved)] == before
    elsewhere.rename(album.parent.parent / "off")
    assert sum(reconcile(album.parent).away.values()) == 3
    (album.parent.parent / "off").rename(elsewhere)
    assert reconcile(album.parent).restored == 3


def test_a_broken_sheet_is_told_and_the_file_stays_one_track(album: Path) -> None:
    album.with_suffix(".cue").write_text(sheet(0, 4, 80))
    outcome, warnings = ingest(album)
    assert outcome == "analysed" and shown(album) == [("Whole", 0, None)]
    assert warnings == ["The cue sheet is not used: line 11 has no time. The file stays one track."]
    album.with_suffix(".cue").write_text(sheet(0, 4, 13))
    assert "begins after the end" in ingest(album)[1][0]


def test_a_sheet_in_the_tags_or_of_another_name_or_of_many_files(album: Path) -> None:
    file = mutagen.File(album)  # pyright: ignore[reportPrivateImportUsage]
    assert file is not None
    file["cuesheet"] = sheet(0, 8)
    file.save()
    ingest(album)
    assert shown(album) == [("Song 1", 0, 8), ("Song 2", 8, 12)]
    del file["cuesheet"]
    file.save()
    (album.parent / "rip.cue").write_text(sheet(0, 4, 8))
    ingest(album)
    assert [title for title, _, _ in shown(album)] == ["Song 1", "Song 2", "Song 3"]
    one_each = sheet(0) + 'FILE "other.wav" WAVE\n  TRACK 02 AUDIO\n    INDEX 01 00:00:00\n'
    (album.parent / "rip.cue").write_text(one_each)
    assert ingest(album)[1] == [] and shown(album) == [("Whole", 0, None)]
