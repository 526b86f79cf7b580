from store.jobs import indexer_state, job_queue
from store.jobs.indexing_progress import retry_failed
from tools import library_status as tool
from tools.base import ToolContext, ToolResult

EN, FR = ToolContext(language="en"), ToolContext(language="fr")


def status(context=EN):
    result = tool.run(tool.arguments(), context)
    return result.facts, tool.render(result, context)


def test_counts_and_coverage(shelf):
    facts, rendering = status()
    assert (facts["tracks"], facts["artists"], facts["analysed"]) == (16, 9, 15)
    assert facts["genres"]["house"] == 3 and facts["moods"]["chill"] == 4
    assert list(facts["moods"].values()) == sorted(facts["moods"].values(), reverse=True)
    assert rendering.kind == "status" and rendering.data == facts
    assert "Genres: electronic (3), house (3), rock (3), jazz (2), pop (2) and 2 others." in (
        rendering.sentence
    )
    assert rendering.sentence.startswith("16 tracks by 9 artists, 1 h 28 min of music.")
    assert "no indexer is running" in rendering.sentence


def test_progress(shelf):
    indexer_state.record_heartbeat()
    for number in range(3):
        job_queue.enqueue("analyse", f"/music/{number}.mp3")
    facts, rendering = status(FR)
    assert facts["queued"] == 3 and facts["indexer_alive"]
    assert "Il reste 3 fichiers à écouter." in rendering.sentence


def test_failures_carry_reasons(shelf):
    job_queue.enqueue("analyse", "/music/broken\nfile.mp3")
    job = job_queue.claim("worker")
    assert job
    job_queue.fail(job.id, "The file holds no audio.", retry=False)
    facts, rendering = status()
    assert facts["failures"][0]["reason"] == "The file holds no audio."
    assert facts["failures"][0]["name"] == "broken file.mp3"
    assert "One file could not be read. broken file.mp3: The file holds no audio." in (
        rendering.sentence
    )
    assert "broken file.mp3 : une erreur inattendue" in status(FR)[1].sentence.lower()
    retry_failed()
    job_queue.claim("worker")
    job_queue.fail(job.id, "told by the indexer", retry=False, result={"code": "empty"})
    assert status(FR)[0]["failures"][0]["reason"] == "Le fichier est vide."


def test_nothing_there(empty):
    assert "The library is empty" in status()[1].sentence
    assert "La bibliothèque est vide" in status(FR)[1].sentence


def test_work_waits_for_an_indexer(empty):
    job_queue.enqueue("analyse", "/music/1.mp3")
    assert "no indexer is running" in status()[1].sentence


def test_files_without_tags_have_no_artists_to_count(empty):
    facts = {
        "tracks": 3, "artists": 0, "duration_s": 600, "queued": 0, "running": 0, "failed": 0,
        "indexer_alive": True,
    }  # fmt: skip
    for context, start in ((EN, "3 tracks without an artist"), (FR, "3 morceaux sans nom")):
        assert tool.render(ToolResult(facts=facts), context).sentence.startswith(start)


def test_a_pause_is_told_also_while_no_indexer_runs(shelf):
    job_queue.enqueue("analyse", "/music/1.mp3")
    indexer_state.pause_indexing()
    facts, rendering = status()
    assert facts["paused"] == "owner" and not facts["indexer_alive"]
    assert "The analysis is paused, as you asked." in rendering.sentence
    assert "L'analyse est en pause" in status(FR)[1].sentence
    indexer_state.resume_indexing()
    indexer_state.set_resting("quiet_hours")  # of an indexer that is gone
    assert status()[0]["paused"] is None
    indexer_state.record_heartbeat()
    assert "quiet hours" in status()[1].sentence


def test_a_pause_is_told_with_nothing_left_to_do(shelf):
    indexer_state.pause_indexing()
    indexer_state.record_heartbeat()
    assert "The analysis is paused" in status()[1].sentence
