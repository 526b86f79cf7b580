import json
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from indexer.charts import chart_pipeline, recording
from indexer.charts.chart_job import make_chart
from indexer.charts.file_charts import chart_file
from indexer.charts.options import ChartOptions
from indexer.drums.formats.kit import render_hit
from indexer.drums.types import Drum, DrumsError
from indexer.drums.version import chart_version
from indexer.ingest.intake import ingest_file
from store.charts import chart_timing, drum_charts
from store.charts.chart_timing import AS_FOUND, Timing
from store.charts.lane_files import lanes_beside
from store.database.db import rows, write
from store.jobs import job_queue
from store.library import track_files
from store.paths import encode_path
from store.settings import StoreSettings

pytestmark = pytest.mark.usefixtures("data_folder")

RATE = 44_100


@pytest.fixture
def song(tmp_path: Path, encode_audio) -> Path:
    """Ten seconds of a rock beat at 120 BPM, in stereo."""
    samples = np.zeros(10 * RATE, np.float32)
    for eighth in range(38):
        drums = [Drum.HAT_CLOSED]
        drums += [Drum.KICK] if eighth % 4 == 0 else []
        drums += [Drum.SNARE] if eighth % 4 == 2 else []
        for drum in drums:
            hit = np.asarray(render_hit(drum)).reshape(-1)[:RATE]
            start = int((0.25 + eighth * 0.25) * RATE)
            part = samples[start : start + len(hit)]
            part += 0.3 * hit[: len(part)]
    return encode_audio(tmp_path / "Band - Beat.wav", np.stack([samples, samples]))


def chart_job(track_id: int, levels: list[str]):
    job_queue.enqueue("chart", str(track_id), track_id=track_id, payload={"levels": levels})
    job = job_queue.claim("w", ("chart",))
    assert job is not None
    return job


def test_a_chart_job_makes_a_bundle_once(song: Path) -> None:
    ingest_file(encode_path(song), tagger=None)
    known = track_files.find_by_path(song)
    assert known is not None
    reported: list[float] = []
    job = chart_job(known.track_id, ["ADVANCED", "BASIC"])
    result = make_chart(job, on_progress=lambda fraction, step: reported.append(fraction))
    chart = drum_charts.chart(int(str(result["chart_id"])))
    assert chart is not None
    assert set(chart.levels) == {"BASIC", "ADVANCED"}
    assert chart.bpm == pytest.approx(120, abs=2)
    charts = StoreSettings().charts
    assert (charts / chart.zip_file).is_file()
    assert {".dtx", ".ogg"} <= {path.suffix for path in (charts / chart.folder).iterdir()}
    assert reported == sorted(reported) and reported[0] >= 0 and reported[-1] <= 1
    # the same again is there already; other levels are not
    assert make_chart(job, on_progress=lambda *_: None) == result
    job_queue.finish(job.id)
    more = chart_job(known.track_id, ["MASTER"])
    assert make_chart(more, on_progress=lambda *_: None) != result
    assert (charts / chart.zip_file).is_file()


@pytest.fixture
def read_bytes(monkeypatch) -> list[int]:
    """Bytes that libav reads, for each time that it opens a file."""
    totals: list[int] = []
    really_open = av.open

    def counted(file, *arguments, **options):
        number, really_read = len(totals), file.read
        totals.append(0)

        def read(size: int) -> bytes:
            data = really_read(size)
            totals[number] += len(data)
            return data

        file.read = read
        return really_open(file, *arguments, **options)

    monkeypatch.setattr(av, "open", counted)
    return totals


@pytest.mark.parametrize("whole_s", [420.0, 4.0])
def test_a_chart_decodes_its_file_once(
    song: Path, tmp_path: Path, read_bytes, monkeypatch, whole_s: float
) -> None:
    """A song, and a recording that is analysed in sections."""
    monkeypatch.setattr(recording, "WHOLE_S", whole_s)
    bundle = chart_file(song, tmp_path / "out")
    size = song.stat().st_size
    assert sum(total > 0.9 * size for total in read_bytes) == 1  # others look at the headers
    assert (bundle.folder / "bgm.ogg").is_file()


def test_a_chart_of_an_older_version_is_made_again(song: Path) -> None:
    ingest_file(encode_path(song), tagger=None)
    known = track_files.find_by_path(song)
    assert known is not None
    first = drum_charts.chart(job_chart(known.track_id))
    assert first is not None and first.chart_version == chart_version()
    with write() as session:
        rows(session, "UPDATE drumchart SET chart_version = '5.0', folder = '1-v5.0-M/x'")
    second = drum_charts.chart(job_chart(known.track_id))
    assert second is not None and second.id != first.id
    assert replace(second, id=0, picture=None) == replace(first, id=0, picture=None)


def job_chart(track_id: int) -> int:
    job = chart_job(track_id, ["MASTER"])
    result = make_chart(job, on_progress=lambda *_: None)
    job_queue.finish(job.id)
    return int(str(result["chart_id"]))


def test_a_quiet_recording_is_raised_to_the_level_of_the_drum_sounds(
    song: Path, tmp_path: Path
) -> None:
    samples, _ = soundfile.read(song, dtype="float32")
    quiet = tmp_path / "quiet.wav"
    soundfile.write(quiet, 0.003 * samples + 0.002, RATE, subtype="FLOAT")
    bundle = chart_file(quiet, tmp_path / "out", ChartOptions(bgm="full"))
    for name in ("bgm.ogg", "preview.ogg"):
        music, _ = soundfile.read(bundle.folder / name)
        assert 0.4 < np.abs(music).max() < 1
        assert abs(music.mean()) < 0.001


def test_music_without_drums_is_refused(tmp_path: Path, encode_audio) -> None:
    time_s = np.arange(5 * RATE) / RATE
    tone = (0.2 * np.sin(2 * np.pi * 220 * time_s)).astype(np.float32)
    path = encode_audio(tmp_path / "tone.wav", tone)
    with pytest.raises(DrumsError):
        chart_file(path, tmp_path / "out")


def test_a_job_without_a_track_is_refused() -> None:
    job_queue.enqueue("chart", "x")
    job = job_queue.claim("w")
    assert job is not None
    with pytest.raises(DrumsError, match="no track"):
        make_chart(job, on_progress=lambda *_: None)


def test_a_corrected_tempo_is_charted_from_what_was_heard(song: Path, monkeypatch) -> None:
    ingest_file(encode_path(song), tagger=None)
    known = track_files.find_by_path(song)
    assert known is not None
    job = chart_job(known.track_id, ["MASTER"])
    first = make_chart(job, on_progress=lambda *_: None)
    heard: list[object] = []
    monkeypatch.setattr(chart_pipeline, "analyse_recording", lambda *a, **k: heard.append(a))
    chart_timing.set_timing(known.track_id, Timing(factor=0.5, shift_s=0.02))
    again = make_chart(job, on_progress=lambda *_: None)
    assert again != first and not heard
    before, after = (drum_charts.chart(int(str(one["chart_id"]))) for one in (first, again))
    assert before is not None and after is not None
    assert after.bpm == pytest.approx(before.bpm / 2)
    lanes = [
        json.loads(lanes_beside(StoreSettings().charts / one.folder).read_text())
        for one in (before, after)
    ]
    bars = [one["bars"] for one in lanes]
    assert bars[1][1] - bars[1][0] == pytest.approx(2 * (bars[0][1] - bars[0][0]), abs=0.001)
    assert any(abs(bars[1][1] - 0.02 - time_s) < 0.001 for time_s in bars[0])
    chart_timing.set_timing(known.track_id, AS_FOUND)
    assert make_chart(job, on_progress=lambda *_: None) == first
