"""Corrected charts: imported, aligned to the recording, charted, deleted."""

from dataclasses import replace

import numpy as np
import pytest

from indexer.charts.chart_job import make_chart
from indexer.charts.correction_import import import_correction
from indexer.charts.correction_scores import score_correction, score_corrections
from indexer.charts.file_charts import chart_file
from indexer.charts.options import ChartOptions
from indexer.charts.stored_corrections import delete_correction, made_corrections_folder
from indexer.drums.formats.dtx.check import check_bundle
from indexer.drums.formats.dtx.decode import decode
from indexer.drums.formats.dtx.encode import encode
from indexer.drums.formats.exchange.general_midi import with_keys
from indexer.drums.formats.kit import render_hit
from indexer.drums.types import Drum, DrumsError, TempoMap
from indexer.ingest.intake import ingest_file
from store.charts import drum_charts
from store.charts.chart_corrections import corrections
from store.jobs import job_queue
from store.library import track_files
from store.paths import encode_path
from store.settings import StoreSettings

pytestmark = pytest.mark.usefixtures("data_folder")
RATE = 44_100


def write_beat(path, encode_audio, *, bpm=120, start_s=0.7, pattern="KHSH"):
    eighth_s = 30 / bpm
    samples = np.zeros(14 * RATE, np.float32)
    drums = {"K": [Drum.KICK, Drum.HAT_CLOSED], "S": [Drum.SNARE, Drum.HAT_CLOSED],
             "H": [Drum.HAT_CLOSED], "T": [Drum.TOM_LOW]}  # fmt: skip
    for number in range(int(13 / eighth_s)):
        for drum in drums[pattern[number % len(pattern)]]:
            hit = render_hit(drum)
            start = int((start_s + number * eighth_s) * RATE)
            part = samples[start : start + hit.size]
            part += 0.3 * hit[: part.size]
    return encode_audio(path, np.stack([samples, samples]))


@pytest.fixture
def track(tmp_path, encode_audio):
    path = write_beat(tmp_path / "Band - Beat.wav", encode_audio)
    ingest_file(encode_path(path), tagger=None)
    known = track_files.find_by_path(path)
    assert known is not None
    return known.track_id, path


@pytest.fixture
def corrected(track, tmp_path):
    """The automatic chart, all bars one later, without the hi-hats of every second bar."""
    bundle = chart_file(track[1], tmp_path / "out")
    chart = decode(bundle.levels["MASTER"].path.read_bytes())
    chips = tuple(
        replace(chip, bar=chip.bar + 1)
        for chip in chart.chips
        if not (chip.channel == 0x11 and chip.bar % 2)
    )
    file = tmp_path / "my; way.dtx"
    file.write_bytes(encode(replace(chart, chips=chips)))
    return file


def chart_job(track_id, levels):
    job_queue.enqueue("chart", f"{track_id}{levels}", track_id=track_id, payload={"levels": levels})
    job = job_queue.claim("w", ("chart",))
    assert job is not None
    result = make_chart(job, on_progress=lambda *_: None)
    job_queue.finish(job.id)
    found = drum_charts.chart(int(str(result["chart_id"])))
    assert found is not None
    return found


def test_a_correction_becomes_the_chart_of_its_track(track, corrected):
    track_id, _ = track
    automatic = chart_job(track_id, ["MASTER"])
    kept = import_correction(corrected, track_id)
    assert 0.5 < kept.automatic["F"] < 1 and kept.automatic["KD"] == 1.0
    assert kept.automatic["HH"] < 0.8
    # the annotation is in the time of the recording
    lines = (made_corrections_folder() / kept.file).with_suffix(".txt").read_text().splitlines()
    kicks = np.array([float(line.split("\t")[0]) for line in lines if line.endswith("KD")])
    true = 0.7 + np.arange(0, 13, 1.0)
    assert np.abs(kicks[:, None] - true[None]).min(axis=1).max() < 0.02
    assert len(lines) == kept.notes
    # it is there at once, and stays the chart when one is asked for
    assert chart_job(track_id, ["BASIC", "ADVANCED", "EXTREME", "MASTER"]).id == (
        drum_charts.charts_of(track_id)[0].id
    )
    asked = chart_job(track_id, ["MASTER"])
    assert asked.id != automatic.id
    assert asked.levels["MASTER"]["notes"] == kept.notes
    assert check_bundle(StoreSettings().charts / asked.folder) == ()


def test_a_correction_measures_the_charts_of_today(track, corrected):
    kept = import_correction(corrected, track[0])
    today = score_correction(kept)
    assert today == pytest.approx(kept.automatic, abs=0.02)
    (made_corrections_folder() / kept.file).unlink()
    with pytest.raises(DrumsError, match="cannot be read"):
        score_correction(kept)
    [failed] = score_corrections([kept])
    assert failed.correction == kept and not failed.scores
    assert "cannot be read" in str(failed.error)


def test_a_correction_that_cannot_be_written_is_not_stored(track, corrected):
    corrected.write_bytes(corrected.read_bytes() + b"\r\n#BASEBPM: 1000000\r\n")
    with pytest.raises(DrumsError, match="3600 bars"):
        import_correction(corrected, track[0], force=True)
    assert corrections() == () and not list(made_corrections_folder().rglob("*.*"))
    assert chart_job(track[0], ["MASTER"]).levels["MASTER"]["notes"] > 10


def test_midi_too_and_undone(track, corrected, tmp_path):
    track_id, path = track
    automatic = chart_job(track_id, ["MASTER"])
    chart_file(path, tmp_path / "midi", ChartOptions(levels=["MASTER"]))
    file = next((tmp_path / "midi").rglob("drums.mid"))
    drums = with_keys(file.read_bytes(), {38: Drum.OTHER})
    file.write_bytes(drums)  # snares on the key of a cowbell, which has no lane
    told: list[str] = []
    kept = import_correction(file, track_id, keys={56: Drum.SNARE}, on_remark=told.append)
    assert kept.automatic["F"] > 0.99 and told == []
    assert len(drum_charts.charts_of(track_id)) == 2
    forgotten = delete_correction(kept.id)
    assert forgotten is not None and forgotten.id == kept.id
    assert corrections() == ()
    assert [chart.id for chart in drum_charts.charts_of(track_id)] == [automatic.id]
    assert (
        list(made_corrections_folder().rglob("*.mid"))
        == []
        == list(made_corrections_folder().rglob("*.txt"))
    )
    assert not list(StoreSettings().charts.glob(f"*-c{kept.id}-*"))
    assert chart_job(track_id, ["MASTER"]).id == automatic.id
    assert delete_correction(kept.id) is None


def test_a_chart_that_starts_after_the_recording(track, corrected):
    """Bars are put before a chart whose first one lies inside the recording."""
    chart = decode(corrected.read_bytes())
    first = min(chip.bar for chip in chart.chips if chip.channel == 0x13)
    late = [
        replace(chip, bar=chip.bar - first - 1) for chip in chart.chips if chip.bar > first
        and chip.channel != 0x01
    ]  # fmt: skip
    tempo = TempoMap(chart.tempo.changes[:1])
    corrected.write_bytes(encode(replace(chart, chips=tuple(late), tempo=tempo)))
    kept = import_correction(corrected, track[0])
    assert kept.start_s > 0
    assert kept.automatic["KD"] > 0.9
    made = drum_charts.charts_of(track[0])[0]
    assert check_bundle(StoreSettings().charts / made.folder) == ()


def test_lines_of_other_editors_are_passed_over(track, corrected):
    foreign = [b"#DLVDEC: 50", b"#SOUND_NOWLOADING: a.ogg", b"#PREIMAGE:", b"#VOLUME01: 120"]
    plain = import_correction(corrected, track[0])
    corrected.write_bytes(corrected.read_bytes() + b"\r\n".join([b"", *foreign, b"#00120: 01"]))
    kept = import_correction(corrected, track[0])
    assert kept.notes == plain.notes


def test_a_chart_of_another_song_is_refused(track, tmp_path, encode_audio):
    other = write_beat(tmp_path / "Other.wav", encode_audio, bpm=97, pattern="KTTSTKTT")
    bundle = chart_file(other, tmp_path / "other", ChartOptions(levels=["MASTER"]))
    file = bundle.levels["MASTER"].path
    with pytest.raises(DrumsError, match="does not fit"):
        import_correction(file, track[0])
    assert corrections() == () and drum_charts.charts_of(track[0]) == ()
    assert import_correction(file, track[0], force=True).notes > 10


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.dtx", b"#00011: 0!", "Line 1 was left out"),
        ("a.dtx", b"#TITLE: x", "no drums"),
        ("a.mid", b"not midi", "no MIDI"),
        ("a.mp3", b"", "a file of these: .dtx"),
        ("a.dtx", bytes(5_000_000), "too large"),
    ],
)
def test_files_that_are_no_charts(track, tmp_path, name, data, words):
    file = tmp_path / name
    file.write_bytes(data)
    with pytest.raises(DrumsError, match=words):
        import_correction(file, track[0])
    assert corrections() == ()
