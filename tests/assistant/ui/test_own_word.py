"""What a person says of a track on the page: the right values, moods that do not fit."""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from store.library.corrections.correcting import corrections_of
from store.people.likes import likes_of
from store.people.mood_labels import mood_labels
from store.tables.people import OWNER_ID
from store.tracks import track_details

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium found: apt install chromium"),
]
PAPER_BOATS = 9


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
    library.get_by_role("button", name="More for “Iron Weather”").click()
    page.get_by_role("menuitem", name="Not “aggressive”").click()
    page.get_by_text("Iron Weather: noted that “aggressive” does not fit.").wait_for()
    library.get_by_role("button", name="More for “Night Drive”").click()
    page.get_by_role("menuitem", name="Not for me").click()
    page.get_by_text("Night Drive: noted that you do not like it.").wait_for()
    assert len(mood_labels(OWNER_ID)) == 2 and likes_of(OWNER_ID) == {1: -1}
    assert track_details.track_rows([PAPER_BOATS])[0].genre == "country"
    assert not errors
