import pytest

from store.jobs import indexer_state, job_queue
from tools import make_playlist, search_tracks, summarize_track
from tools.base import ToolContext, ToolError
from tools.library.library_progress import progress_fact, progress_note

EN, FR = ToolContext(language="en"), ToolContext(language="fr")


def searched(tool, context=EN, **wishes):
    result = tool.run(tool.arguments(**wishes), context)
    return tool.render(result, context).sentence


def queue_files(count: int) -> None:
    job_queue.enqueue_many(
        [
            job_queue.JobRequest(kind="analyse", key=f"/music/{number}.mp3")
            for number in range(count)
        ]
    )


@pytest.mark.parametrize("tool", [search_tracks, make_playlist])
def test_an_empty_library_is_named_whatever_was_wished_for(empty, tool):
    assert searched(tool, genres=["rock"], moods=["happy"]).startswith("The library is empty.")
    assert searched(tool, FR, genres=["rock"]).startswith("La bibliothèque est vide.")


def test_no_name_is_sought_in_an_empty_library(empty):
    with pytest.raises(ToolError, match="The library is empty"):
        summarize_track.run(summarize_track.arguments(track="Hurt"), EN)
    with pytest.raises(ToolError, match="The library is empty"):
        searched(search_tracks, artists=["Abba"])


def test_while_the_first_files_are_listened_to(empty):
    queue_files(3)
    assert searched(search_tracks, genres=["rock"]) == (
        "I am still listening to your music: 0 of 3 files are done."
    )


def test_what_is_not_found_may_still_come(shelf):
    queue_files(5)
    sentence = searched(search_tracks, genres=["jazz"], bpm_min=150)
    assert sentence == (
        "No track fits all of that: without the tempo 2 would. The nearest tempo is 136 BPM. "
        "I am still listening to your music: 15 of 20 files are done."
    )
    with pytest.raises(ToolError, match=r"“Windoblikar”.* 15 of 20 files") as error:
        summarize_track.run(summarize_track.arguments(track="Windoblikar"), EN)
    assert error.value.choices


def test_a_chart_that_waits_is_no_file_to_listen_to(shelf):
    job_queue.enqueue_many([job_queue.JobRequest(kind="chart", key="1")])
    assert progress_note(progress_fact(), "en") == ""


def test_it_is_told_how_many_songs_are_rendered(empty):
    assert "songs" not in progress_fact()
    indexer_state.record_rendering(3, 22)
    fact = progress_fact()
    assert (fact["rendered"], fact["songs"]) == (3, 22)
    assert "3 of 22" in progress_note(fact, "en")
    assert "3 morceaux sur 22" in progress_note(fact, "fr")
    indexer_state.record_rendering(22, 22)
    assert "songs" not in progress_fact()
