"""The library on the page: walked through, played, a track looked at, failed files tried again."""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from store.jobs import job_queue, job_reports
from store.playlists import playlist_reading

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium found: apt install chromium"),
]


def found_by_axe(page: Any) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    page.wait_for_function("document.getAnimations().every((a) => a.playState !== 'running')")
    violations = Axe().run(page).response["violations"]
    return [
        f"{violation['id']}: {node['html'][:300]} {node['failureSummary']}"
        for violation in violations
        for node in violation["nodes"]
    ]


def fail(name: str) -> None:
    job_queue.enqueue("analyse", f"/music/broken/{name}.mp3")
    job = job_queue.claim("worker", ["analyse"])
    assert job is not None
    job_queue.fail(job.id, "told", retry=False, result={"code": "corrupted"})


def wait_until_ready(page: Any) -> None:
    page.wait_for_selector(".bbl:not([hidden]) .bbl-page")
    page.wait_for_function("!document.querySelector('.bbl [aria-busy=true]')")


def test_an_album_is_found_played_and_a_track_of_it_looked_at(
    chat: Any, browser: Any, site: Any, store: None
) -> None:
    page, asked = chat.opened(browser, site)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.wait_for_selector("#bbl-open")
    page.keyboard.press("Alt+KeyL")
    library = page.get_by_role("main", name="Library")
    library.get_by_role("heading", name="Albums").wait_for()
    assert page.evaluate("location.hash") == "#library/albums"
    library.get_by_text("7 albums").wait_for()
    assert not found_by_axe(page)

    # a grid that arrows walk through, an album that plays
    halde = library.get_by_role("link", name="First Halde · 1988")
    library.get_by_role("link", name="First Ambra").focus()
    page.keyboard.press("End")
    page.wait_for_function("document.activeElement.closest('[aria-posinset]').ariaPosInSet === '7'")
    page.keyboard.press("Home")
    page.wait_for_function("document.activeElement.closest('[aria-posinset]').ariaPosInSet === '1'")
    halde.click()
    wait_until_ready(page)
    library.get_by_role("heading", name="First").wait_for()
    library.get_by_text("2 tracks").first.wait_for()
    chat.shot(page, "library_album")
    for _ in range(2):  # the songs are short: the one that plays is repeated
        page.evaluate("backbeatPlayer.cycleRepeat()")
    page.wait_for_function("backbeatPlayer.repeat === 'one'")
    library.get_by_role("button", name="Play all").click()
    page.wait_for_function("backbeatPlayer.track && backbeatPlayer.track.id === 3")
    library.get_by_role("button", name="Make a playlist").click()
    page.get_by_text("The playlist “First” is there, with 2 tracks.").wait_for()
    [saved] = [one for one in playlist_reading.playlists() if one.name == "First"]
    assert saved.tracks == 2

    # the page of a track; what plays goes on
    library.get_by_role("link", name="Iron Weather").click()
    wait_until_ready(page)
    library.get_by_role("heading", name="Iron Weather").wait_for()
    library.get_by_role("group", name="What to do with “Iron Weather”").wait_for()
    assert page.evaluate("backbeatPlayer.track.id") == 3
    page.locator(".bbl-wave-state").wait_for(state="hidden")
    library.get_by_text("164 BPM", exact=True).wait_for()
    library.get_by_text("E minor").first.wait_for()
    chat.shot(page, "library_track")
    page.evaluate("backbeatPlayer.pause()")
    seek = library.get_by_role("slider", name="Position in “Iron Weather”")
    box = seek.bounding_box()
    seek.click(position={"x": box["width"] / 2, "y": 20})
    page.wait_for_function("Math.abs(backbeatPlayer.audio.currentTime - 1.6) < 0.2")
    seek.press("Home")
    page.wait_for_function("backbeatPlayer.audio.currentTime === 0")
    assert not found_by_axe(page)

    # a click into a track that does not play plays it from there
    similar = library.locator(".bbl-part", has_text="Sounds like it").locator("a.bb-link").first
    other = similar.inner_text()
    similar.click()
    wait_until_ready(page)
    library.get_by_role("heading", name=other).wait_for()
    page.locator(".bbl-seek").click(position={"x": box["width"] / 2, "y": 20})
    page.wait_for_function("(title) => backbeatPlayer.track.title === title", arg=other)
    page.wait_for_function("backbeatPlayer.audio.currentTime > 1")

    # back, step by step, to the chat; forward again
    page.go_back()
    library.get_by_role("heading", name="Iron Weather").wait_for()
    page.go_back()
    library.get_by_role("heading", name="First").wait_for()
    page.go_back()
    halde.wait_for()
    page.go_back()
    library.wait_for(state="hidden")
    page.locator("#chat-input").click()
    page.go_forward()
    library.get_by_role("heading", name="Albums").wait_for()
    page.keyboard.press("Escape")
    library.wait_for(state="hidden")

    # from a table of the chat, and back into the chat
    chat.ask(page, "metal")
    page.locator(".bb-table [data-track='3'] .bb-menu").click()
    page.get_by_role("menuitem", name="Open the artist").click()
    library.get_by_role("heading", name="Halde").wait_for()
    wait_until_ready(page)

    # all tracks of an artist are liked at once; nothing takes all likes back at once
    library.get_by_role("button", name="Like all of “Halde”").click()
    page.get_by_text("2 tracks of “Halde” are liked.").wait_for()
    library.get_by_role("link", name="Liked").click()
    library.get_by_role("heading", name="Liked").wait_for()
    library.get_by_role("button", name="Shuffle").wait_for()
    assert not library.get_by_role("button", name="Like all of").count()
    page.go_back()
    library.get_by_role("button", name="Like all of “Halde”", pressed=True).click()
    page.get_by_text("2 tracks of “Halde” are no longer liked.").wait_for()

    library.get_by_role("link", name="Iron Weather").click()
    library.get_by_role("button", name="Ask about this track").click()
    page.get_by_text("About “Iron Weather”").wait_for()
    page.locator(".bb-card", has_text="Iron Weather").wait_for()
    assert not errors
    assert not [url for url in asked if not url.startswith((site.url, "data:", "blob:"))]


def test_failed_files_folders_and_names_on_a_phone(
    chat: Any, browser: Any, site: Any, store: None
) -> None:
    fail("one")
    fail("two")
    page, _ = chat.opened(browser, site, locale="fr-FR", width=390, theme="light")
    page.click("#bbl-open")
    library = page.get_by_role("main", name="Bibliothèque")
    library.get_by_role("link", name="Fichiers en échec").click()
    library.get_by_text("Le fichier est abîmé.").first.wait_for()
    assert not found_by_axe(page)
    chat.shot(page, "library_failed_phone")
    library.get_by_role("button", name="Réessayer : one.mp3").click()
    library.get_by_text("one.mp3").wait_for(state="hidden")
    assert job_reports.counts("analyse") == {"failed": 1, "queued": 1}

    library.get_by_role("link", name="Dossiers").click()
    library.get_by_role("heading", name="music").wait_for()
    library.get_by_role("link", name="Glass Garden").wait_for()
    library.get_by_role("searchbox").fill("mira")
    library.get_by_role("link", name="Mira Quist").first.wait_for()
    chat.shot(page, "library_search_phone")
    library.get_by_role("link", name="Mira Quist").first.click()
    library.get_by_role("heading", name="Mira Quist").wait_for()
    wait_until_ready(page)
    page.reload()
    library.get_by_role("heading", name="Mira Quist").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert not found_by_axe(page)
