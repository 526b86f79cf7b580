import threading
import time

import pytest
from pydantic import ValidationError

from store.charts import drum_charts
from store.charts.chart_corrections import CorrectionRecord, save_correction
from store.charts.chart_timing import AS_FOUND, Timing, set_timing
from store.charts.current_charts import chart_folder, corrections_folder
from store.jobs import indexer_state, job_queue, job_reports
from store.records import ChartRecord
from store.settings import StoreSettings
from store.vocabulary import LEVELS
from tools import generate_drum_chart as tool
from tools import summarize_track
from tools.base import ToolContext, ToolError
from tools.generate_drum_chart import failure_reason, queue_chart

VERSION = "6.0123456789ab"


@pytest.fixture(autouse=True)
def version(shelf):
    """What the indexer records when it starts."""
    indexer_state.record_chart_version(VERSION)


def charted(context=None, **arguments):
    context = context or ToolContext()
    result = tool.run(tool.arguments(**arguments), context)
    return result, tool.render(result, context)


def worker(finish):
    """Claims the next chart job and does `finish` with it, as the indexer would."""

    def work():
        until = time.monotonic() + 10
        while time.monotonic() < until:
            job = job_queue.claim("worker", ["chart"])
            if job:
                job_queue.record_progress(job.id, 0.5, "listening to the drums")
                time.sleep(0.3)
                finish(job)
                return
            time.sleep(0.02)

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def save_chart(job):
    charts = StoreSettings().charts
    (charts / "1").mkdir()
    for file in ("1.zip", "1.png", "1/drums.mid"):
        (charts / file).write_bytes(b"x")
    chart_id = drum_charts.save_chart(
        ChartRecord(
            track_id=job.track_id, folder="1", zip_file="1.zip", bpm=94.02, picture="1.png",
            levels={level: {"notes": 100, "dlevel": 40} for level in job.payload["levels"]},
            chart_version=VERSION,
        )
    )  # fmt: skip
    job_queue.finish(job.id, {"chart_id": chart_id})


def test_waits_and_hands_over_the_bundle(shelf):
    indexer_state.record_heartbeat()
    told = []
    context = ToolContext(progress=lambda fraction, step: told.append((fraction, step)), wait_s=10)
    thread = worker(save_chart)
    result, rendering = charted(context, track="Back in Black", levels=["MASTER", "BASIC"])
    thread.join()
    chart_id = result.facts["chart"]["id"]
    assert result.job_id is None and result.track_ids == (shelf.id("Back in Black"),)
    assert (0.5, "listening to the drums") in told
    assert rendering.kind == "chart"
    assert rendering.data["url"] == f"/api/charts/{chart_id}.zip"
    assert rendering.data["picture_url"] == f"/api/charts/{chart_id}/picture"
    assert rendering.data["files"] == {"midi": f"/api/charts/{chart_id}/midi"}
    assert rendering.sentence == (
        "The drum chart of “AC/DC - Back in Black” is ready: BASIC and MASTER."
    )


def kept_chart(track_id, levels=LEVELS, *, version=VERSION, correction_id=None):
    """A chart in the data folder, as the indexer leaves one."""
    charts = StoreSettings().charts
    name = chart_folder(track_id, levels, version=version or "5", correction_id=correction_id)
    place = charts / name / "song"
    place.mkdir(parents=True)
    (place.parent / "song.zip").write_bytes(b"x")
    inside = f"{place.parent.name}/song"
    return drum_charts.save_chart(
        ChartRecord(
            track_id=track_id, folder=inside, zip_file=f"{inside}.zip", bpm=90.0,
            levels={level: {"notes": 9, "dlevel": 20} for level in levels}, chart_version=version,
        )
    )  # fmt: skip


def test_a_chart_that_is_there_is_handed_over_at_once(shelf):
    chart_id = kept_chart(shelf.id("Angel"))
    result, rendering = charted(track="Angel")
    assert result.facts["chart"]["id"] == chart_id and result.job_id is None
    assert rendering.data["url"] == f"/api/charts/{chart_id}.zip"
    assert rendering.data["job_url"] is None and rendering.data["files"] == {}
    assert sum(job_reports.counts("chart").values()) == 0


def test_other_levels_or_a_bundle_that_is_gone_are_made_anew(shelf):
    chart_id = kept_chart(shelf.id("Angel"))
    assert charted(track="Angel", levels=["BASIC"])[0].job_id is not None
    assert charted(track="Angel")[0].facts["chart"]["id"] == chart_id
    folder = chart_folder(shelf.id("Angel"), LEVELS, version=VERSION)
    (StoreSettings().charts / f"{folder}/song.zip").unlink()
    assert charted(track="Angel")[0].job_id is not None


@pytest.mark.parametrize("version", [None, "5.0123456789ab", "6.ba9876543210"])
def test_a_chart_of_an_older_version_is_handed_over_with_a_note(shelf, version):
    chart_id = kept_chart(shelf.id("Angel"), version=version)
    result, rendering = charted(track="Angel")
    assert result.job_id is None and result.facts["chart"]["id"] == chart_id
    assert rendering.data["chart"]["older"] is True
    assert rendering.sentence.endswith(
        "It was made by an older version of Backbeat; you can have it made again."
    )
    french = charted(ToolContext(language="fr"), track="Angel")[1]
    assert "version plus ancienne" in french.sentence
    described = summarize_track.run(summarize_track.arguments(track="Angel"), ToolContext())
    assert [chart["older"] for chart in described.facts["charts"]] == [True]
    assert "older version" in summarize_track.render(described, ToolContext()).sentence
    assert sum(job_reports.counts("chart").values()) == 0


def test_an_older_chart_is_made_again_where_that_is_asked_for(shelf):
    older = kept_chart(shelf.id("Angel"), version="5.0123456789ab")
    assert charted(ToolContext(remake=True), track="Angel")[0].job_id is not None
    newer = kept_chart(shelf.id("Angel"))
    for context in (ToolContext(), ToolContext(remake=True)):
        result, rendering = charted(context, track="Angel")
        assert result.facts["chart"]["id"] == newer != older and result.job_id is None
        assert "older" not in rendering.sentence and not rendering.data["chart"]["older"]
    described = summarize_track.run(summarize_track.arguments(track="Angel"), ToolContext())
    assert [chart["older"] for chart in described.facts["charts"]] == [False]
    assert "older" not in summarize_track.render(described, ToolContext()).sentence


def test_an_older_chart_of_other_levels_is_not_handed_over(shelf):
    kept_chart(shelf.id("Angel"), version=None)
    assert charted(track="Angel", levels=["BASIC"])[0].job_id is not None


def test_a_corrected_chart_is_of_no_version(shelf):
    track_id = shelf.id("Angel")
    file = corrections_folder() / f"{track_id}/1-mine.dtx"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"x")
    number = save_correction(
        CorrectionRecord(
            track_id=track_id, file=f"{track_id}/1-mine.dtx", start_s=0.0, notes=9, automatic={},
            automatic_version=5,
        )
    )  # fmt: skip
    kept_chart(track_id, version="5.0123456789ab")
    assert charted(track="Angel")[0].job_id is not None  # the corrected one, not the older one
    corrected = kept_chart(track_id, version="5.0123456789ab", correction_id=number)
    result, rendering = charted(track="Angel")
    assert result.facts["chart"]["id"] == corrected
    assert "older" not in rendering.sentence


def test_still_running_after_the_wait(shelf):
    indexer_state.record_heartbeat()
    result, rendering = charted(ToolContext(wait_s=0.1), track="Angel")
    job = job_reports.job(result.job_id)
    assert job and job.kind == "chart" and job.track_id == shelf.id("Angel")
    assert job.payload["levels"] == ["BASIC", "ADVANCED", "EXTREME", "MASTER"]
    assert rendering.data["job_url"] == f"/api/jobs/{job.id}"
    assert rendering.sentence == "Here comes the drum chart of “Massive Attack - Angel”."


def test_goes_before_bulk_work(shelf):
    job_queue.enqueue("analyse", "/a.mp3")
    result, _ = charted(track="Angel")
    claimed = job_queue.claim("worker")
    assert claimed and claimed.id == result.job_id


def test_asked_twice_is_one_job(shelf):
    assert charted(track="Angel")[0].job_id == charted(track="Angel")[0].job_id


def test_without_an_indexer_it_does_not_wait(shelf):
    forever = ToolContext(language="fr", wait_s=1e6)
    result, rendering = charted(forever, track="Angel")
    assert result.job_id is not None
    assert "aucun indexeur ne tourne" in rendering.sentence


def test_a_failure_is_told(shelf):
    indexer_state.record_heartbeat()
    thread = worker(lambda job: job_queue.fail(job.id, "The file cannot be read.", retry=False))
    with pytest.raises(ToolError, match="failed: The file cannot be read"):
        charted(ToolContext(wait_s=10), track="Angel")
    thread.join()


@pytest.mark.parametrize(
    ("language", "reason"), [("en", "hear no drums"), ("fr", "n'entends pas de batterie")]
)
def test_a_failure_is_told_in_the_language_of_the_request(shelf, language, reason):
    indexer_state.record_heartbeat()
    told = {"code": "no_drums"}
    thread = worker(lambda job: job_queue.fail(job.id, "No drums.", retry=False, result=told))
    with pytest.raises(ToolError, match=reason):
        charted(ToolContext(language=language, wait_s=10), track="Angel")
    thread.join()


def test_unknown_track_queues_nothing(shelf):
    with pytest.raises(ToolError, match="I do not find"):
        charted(track="Nothing of the kind")
    assert sum(job_reports.counts("chart").values()) == 0


def test_unknown_level():
    with pytest.raises(ValidationError):
        tool.arguments(track="x", levels=["HARD"])


def test_a_track_shows_one_chart_for_each_set_of_levels(shelf):
    track_id = shelf.id("Angel")
    before, basic = kept_chart(track_id), kept_chart(track_id, ["BASIC"])
    set_timing(track_id, Timing(shift_s=0.02))
    after = kept_chart(track_id)

    def described() -> list[int]:
        result = summarize_track.run(summarize_track.arguments(track="Angel"), ToolContext())
        return [chart["id"] for chart in result.facts["charts"]]

    assert sorted(described()) == [basic, after]
    set_timing(track_id, AS_FOUND)  # what was there before counts again
    assert sorted(described()) == [before, basic]


def test_a_failure_without_a_code_is_told_in_the_language_with_its_detail(shelf):
    job = queue_chart(shelf.id("Angel"), LEVELS)
    job_queue.claim("worker", ["chart"])
    job_queue.fail(job.id, "Backbeat made a mistake: {0}", retry=False)
    failed = job_reports.job(job.id)
    assert failed is not None
    assert failure_reason(failed, "en") == "Backbeat made a mistake: {0}"
    told = failure_reason(failed, "fr")
    assert told.startswith("une erreur") and "(en anglais : Backbeat made a mistake: {0})" in told
