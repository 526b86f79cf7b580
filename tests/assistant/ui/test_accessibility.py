"""What axe finds on the page, on a desktop and a phone, light and dark, with a keyboard alone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from store.database import db
from store.people import users

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium found: apt install chromium"),
]
NAME, SECRET = "Alice", "a long secret"
SIZES = ((390, 844), (1180, 900))
# Chainlit's list of conversations: a list of divs, and a menu inside the button of each entry.
CHAINLITS = {("list", 'data-sidebar="menu"'), ("nested-interactive", 'data-sidebar="menu-button"')}


@pytest.fixture
def house(chat: Any, data: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A chat with a user."""
    monkeypatch.setenv("BACKBEAT_DATA", str(data))
    db.reset()
    users.add_user(NAME, SECRET)
    site = chat.Site(data)
    yield site
    site.stop()
    users.remove_user(NAME)
    db.reset()


def found_by_axe(page: Any) -> list[str]:
    """What is wrong in Backbeat's own parts."""
    from axe_playwright_python.sync_playwright import Axe

    # colours that are still fading in would be measured
    page.wait_for_function("document.getAnimations().every((a) => a.playState !== 'running')")
    violations = Axe().run(page).response["violations"]
    return [
        f"{violation['id']}: {node['html']} {node['failureSummary']}"
        for violation in violations
        for node in violation["nodes"]
        if not any(violation["id"] == rule and mark in node["html"] for rule, mark in CHAINLITS)
    ]


def found_everywhere(page: Any) -> list[str]:
    """What is wrong on a desktop or a phone, in the dark or the light theme of the system."""
    found: list[str] = []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            if not page.url.endswith("/login"):
                page.wait_for_selector(f"html.{theme}")
            found += [f"{width} px, {theme}: {one}" for one in found_by_axe(page)]
    return found


def test_axe_finds_nothing(chat: Any, browser: Any, house: Any) -> None:
    context = browser.new_context(locale="fr-FR")
    context.set_default_timeout(chat.PATIENCE_MS)
    page = context.new_page()
    page.goto(house.url)
    page.keyboard.type("nobody")
    page.keyboard.press("Tab")
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    assert page.locator("html").get_attribute("lang") == "fr"
    chat.shot(page, "login")
    assert not found_everywhere(page)
    page.fill("#name", NAME)
    page.focus("#password")
    page.keyboard.type(SECRET)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Envoyer le message").wait_for()
    page.wait_for_selector("html[lang^=fr]")
    assert not found_everywhere(page)
    page.wait_for_selector("#chat-settings-open-modal")
    chat.ask(page, "une playlist de 4 titres")
    page.wait_for_selector(".bb-table tbody tr >> nth=3")
    page.wait_for_selector("#stop-button", state="detached")
    page.locator(".negative-feedback-off[aria-label]").wait_for()
    chat.shot(page, "conversation")
    assert not found_everywhere(page)
    page.click("#chat-settings-open-modal")
    page.get_by_role("dialog").wait_for()
    assert not found_everywhere(page)
