"""The side panel of the page: its playlists, opened, changed, played, charted."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from store.playlists import playlist_reading
from store.playlists.playlist_writing import Change, Entry, change_playlist, save_playlist

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium found: apt install chromium"),
]
FOCUSED = "document.activeElement.getAttribute('aria-label')"


def titles(page: Any) -> list[str]:
    return page.locator(".bbs-tracks .bbp-title").all_inner_texts()


def wait_for_titles(page: Any, expected: list[str]) -> None:
    page.wait_for_function(
        """(expected) => JSON.stringify([...document.querySelectorAll('.bbs-tracks .bbp-title')]
        .map((each) => each.textContent)) === JSON.stringify(expected)""",
        arg=expected,
    )


def in_store(number: int) -> list[str]:
    detail = playlist_reading.playlist(number)
    return [entry.track.title for entry in detail.entries] if detail else []


def wait_for_save(page: Any, number: int, expected: list[str]) -> None:
    page.wait_for_function(
        """([number, expected]) => fetch(`/api/playlists/${number}`).then((reply) => reply.json())
        .then((shown) => JSON.stringify(shown.entries.map((each) => each.track.title))
          === JSON.stringify(expected))""",
        arg=[number, expected],
    )


def test_a_playlist_is_opened_reordered_renamed_deleted_and_played(
    chat: Any, browser: Any, site: Any, store: None
) -> None:
    four = ["Night Drive", "Sunday Kitchen", "Iron Weather", "Lundi matin"]
    number = save_playlist("Evening", [(1, ""), (2, ""), (3, ""), (4, "")], {}).id
    page, asked = chat.opened(browser, site)
    page.get_by_role("button", name="Playlists and indexing").wait_for()
    page.keyboard.press("Alt+KeyP")
    panel = page.get_by_role("complementary", name="Panel")
    chat.shot(page, "panel_list")
    panel.get_by_role("button", name="Open: Evening").press("Enter")
    wait_for_titles(page, four)
    first = panel.locator(".bbp-entry").first.inner_text()
    assert "118 BPM" in first
    assert "8A" in first

    # by keyboard, by drag
    panel.get_by_role("button", name="Move down: Night Drive").press("Enter")
    wait_for_titles(page, [four[1], four[0], *four[2:]])
    page.wait_for_function(f"{FOCUSED} === 'Move down: Night Drive'")
    wait_for_save(page, number, [four[1], four[0], *four[2:]])
    panel.locator(".bbp-handle").nth(3).hover()
    page.mouse.down()
    panel.locator(".bbp-handle").first.hover()
    page.mouse.up()
    wait_for_titles(page, [four[3], four[1], four[0], four[2]])
    wait_for_save(page, number, [four[3], four[1], four[0], four[2]])
    chat.shot(page, "panel_playlist")

    # removed, locked, undone
    panel.get_by_role("button", name="Remove: Sunday Kitchen").click()
    wait_for_save(page, number, [four[3], four[0], four[2]])
    panel.get_by_role("button", name="Undo").click()
    wait_for_titles(page, [four[3], four[1], four[0], four[2]])
    panel.get_by_role("button", name="Keep in this place: Iron Weather").click()
    panel.get_by_role("button", name="Do not keep in this place: Iron Weather").wait_for()

    # another change, as the chat makes one, is seen
    entries = [Entry(1, ""), Entry(2, "")]
    change_playlist(number, Change(kind="remove", entries=entries))
    wait_for_titles(page, four[:2])

    # played from here, in the bar of the page
    panel.get_by_role("button", name="Play from here: Sunday Kitchen").click()
    page.wait_for_function("backbeatPlayer.track && backbeatPlayer.track.id === 2")
    page.locator(".bbs-tracks .bbp-entry[aria-current]", has_text="Sunday Kitchen").wait_for()

    # renamed; Escape only leaves the field
    panel.get_by_role("button", name="Rename").click()
    page.keyboard.press("Escape")
    panel.get_by_role("button", name="Rename").click()
    page.keyboard.type("Late <b>evening</b>")
    page.keyboard.press("Enter")
    panel.get_by_role("heading", name="Late <b>evening</b>").wait_for()

    # deleted, and brought back
    panel.get_by_role("button", name="Delete").click()
    panel.get_by_text("“Late <b>evening</b>” is deleted.").wait_for()
    assert playlist_reading.playlist(number) is None
    panel.get_by_role("alert").get_by_role("button", name="Undo").click()
    panel.get_by_role("button", name="Open: Late <b>evening</b>").click()
    wait_for_titles(page, four[:2])
    assert in_store(number) == four[:2]

    # a file, and charts that are queued and stopped
    panel.locator("summary[aria-label=Download]").click()
    with page.expect_download() as download:
        panel.get_by_role("link", name="M3U8").click()
    assert Path(download.value.path()).read_bytes().startswith(b"#EXTM3U")
    panel.get_by_role("button", name="Drum charts").click()
    panel.get_by_text("0 of 2 drum charts are made").wait_for()
    panel.get_by_role("button", name="Stop making charts").click()
    panel.get_by_text("0 of 2 drum charts are made").wait_for(state="hidden")

    # the conversation goes on with it
    panel.get_by_role("button", name="Continue in chat").click()
    page.get_by_text("Now we talk about").wait_for()
    chat.ask(page, "remove Night Drive from it")
    wait_for_titles(page, four[1:2])

    # Escape closes; the focus returns
    panel.get_by_role("heading").focus()
    page.keyboard.press("Escape")
    assert panel.is_hidden()
    page.wait_for_function("document.activeElement.id === 'chat-input' || " + FOCUSED)
    assert not [url for url in asked if not url.startswith((site.url, "data:", "blob:"))]


def test_the_panel_on_a_phone_in_french(chat: Any, browser: Any, site: Any, store: None) -> None:
    save_playlist("Soirée", [(1, ""), (2, ""), (5, "")], {})
    page, _ = chat.opened(browser, site, locale="fr-FR", width=390, theme="light")
    page.get_by_role("button", name="Playlists et analyse").click()
    panel = page.get_by_role("complementary", name="Volet")
    panel.get_by_role("button", name="Ouvrir : Soirée").click()
    panel.get_by_role("button", name="Garder à cette place : Night Drive").wait_for()
    chat.shot(page, "panel_phone")
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(wide)
    box = page.locator(".bbs").bounding_box()
    assert box["width"] == 390
    panel.get_by_role("button", name="Fermer le volet").click()
    assert panel.is_hidden()
    page.get_by_role("button", name="Playlists et analyse").wait_for()
