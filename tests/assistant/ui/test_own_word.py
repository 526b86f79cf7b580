"""What a person says of a track on the page: the right values, moods that do not fit."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from store.library import track_writing
from store.library.corrections.correcting import corrections_of
from store.moods.artefacts import roll_back
from store.moods.inputs import VECTOR_SIZE
from store.people.likes import likes_of
from store.people.mood_labels import label_mood, mood_labels
from store.records import AnalysisRecord, Embedding, FileFacts, ScoresStage, TagFacts, TrackRecord
from store.rescoring import rescore_library
from store.tables.people import OWNER_ID
from store.tracks import track_details

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium found: apt install chromium"),
]
PAPER_BOATS = 9


def choose(page: Any, more: Any, entry: str) -> None:
    """Choose an entry of a row's menu, which a scroll closes."""
    more.scroll_into_view_if_needed()
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    more.click()
    page.get_by_role("menuitem", name=entry).click()


def test_values_are_corrected_and_moods_judged(
    chat: Any, browser: Any, site: Any, store: None
) -> None:
    page, _ = chat.opened(browser, site)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.evaluate("location.hash = '#library/track/9'")
    library = page.get_by_role("main", name="Library")
    library.get_by_role("heading", name="Paper Boats").wait_for()

    # a correction: it counts at once, as the owner's word, and can be taken back
    library.get_by_text("Correct a value").click()
    library.get_by_label("Tempo (BPM)").fill("168")
    library.get_by_label("Genre", exact=True).fill("country")
    library.locator("select[name=key]").select_option("8A")
    library.get_by_role("button", name="Save").click()
    library.get_by_text("168 BPM", exact=True).wait_for()
    library.get_by_text("from: your word").first.wait_for()
    assert corrections_of(PAPER_BOATS) == {"genre": "country", "bpm": "168", "key": "8A"}
    chat.shot(page, "own_word")
    library.get_by_role("button", name="Take back: Tempo (BPM)").click()
    library.get_by_text("84 BPM", exact=True).wait_for()
    library.get_by_role("button", name="Take back: Tempo (BPM)").wait_for(state="detached")
    assert corrections_of(PAPER_BOATS) == {"genre": "country", "key": "8A"}

    # a mood that does not fit, said of the track and in the menu of a row
    library.get_by_role("button", name="“relaxed” does not fit").click()
    library.locator("button[aria-label='“relaxed” does not fit'][aria-pressed=true]").wait_for()
    assert [(one.mood, one.fits) for one in mood_labels(OWNER_ID)] == [("relaxed", False)]
    page.evaluate("location.hash = '#library/recent'")
    library.get_by_role("button", name="More for “Iron Weather”").wait_for()
    page.wait_for_function("!document.querySelector('.bbl [aria-busy=true]')")
    more = library.get_by_role("button", name="More for “Iron Weather”")
    choose(page, more, "Not “aggressive”")
    page.get_by_text("Iron Weather: noted that “aggressive” does not fit.").wait_for()
    choose(page, more, "Not for me")
    page.get_by_text("Iron Weather: noted that you do not like it.").wait_for()
    assert len(mood_labels(OWNER_ID)) == 2 and likes_of(OWNER_ID) == {3: -1}
    assert track_details.track_rows([PAPER_BOATS])[0].genre == "country"
    assert not errors


def calm_tracks(count: int) -> dict[int, bool]:
    """Tracks whose vectors tell what is calm, all of them "relaxed" to the analysis."""
    random, found = np.random.default_rng(3), {}
    for number in range(count):
        calm = number % 2 == 0
        vector = random.normal(size=VECTOR_SIZE) + (2.0 if calm else -2.0)
        strength = 0.7 if number % 4 < 2 else 0.3
        analysis = AnalysisRecord(
            scores=ScoresStage(energy_score=0.5),
            moods={"relaxed": strength},
            embeddings=(Embedding(vector.astype("<f4").tobytes(), model="m", version=1),),
        )
        file = FileFacts(Path(f"/music/calm {number}.flac"), f"c{number}", 1, 1, duration_s=60.0)
        tags = TagFacts(title=f"Calm {number}", artist="Anders Lund")
        found[track_writing.save_track(TrackRecord(file, tags, analysis))] = calm
    return found


def test_a_mood_is_judged_learned_and_taken_back(
    chat: Any, browser: Any, site: Any, store: None
) -> None:
    from indexer.moods.retraining import retrain

    tracks = calm_tracks(60)
    loud = next(number for number, calm in tracks.items() if not calm)
    for number, calm in list(tracks.items())[2:50]:
        label_mood(OWNER_ID, number, "relaxed", calm)
    page, _ = chat.opened(browser, site)
    page.evaluate(f"location.hash = '#library/track/{loud}'")
    library = page.get_by_role("main", name="Library")
    mood = library.locator(".bbl-bar", has_text="relaxed").first
    mood.get_by_text("70 %").wait_for()
    library.get_by_role("button", name="“relaxed” does not fit").click()
    page.get_by_text("Noted. Backbeat learns from that.").wait_for()

    assert [one.mood for one in retrain().moods if one.promoted] == ["relaxed"]
    page.reload()
    library.get_by_text("learned from you").wait_for()
    learned = int(mood.locator(".bbl-figure").inner_text().split()[0])
    assert learned < 50
    library.locator("button[aria-label='“relaxed” does not fit'][aria-pressed=true]").wait_for()

    assert roll_back() is None
    rescore_library()
    page.reload()
    mood.get_by_text("70 %").wait_for()
    assert library.get_by_text("learned from you").count() == 0
