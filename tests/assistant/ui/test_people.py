"""People in a browser: signing in, two of them apart, what stays with a person."""

from __future__ import annotations

import re
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
SECRETS = {"Alice": "a long secret", "Bruno": "another secret"}


@pytest.fixture
def house(chat: Any, data: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A chat with two users."""
    monkeypatch.setenv("BACKBEAT_DATA", str(data))
    db.reset()
    for name, secret in SECRETS.items():
        users.add_user(name, secret)
    site = chat.Site(data)
    yield site
    site.stop()
    for name in SECRETS:
        users.remove_user(name)
    db.reset()


def signed_in(chat: Any, browser: Any, site: Any, name: str, *, locale: str = "en-US") -> Any:
    page = browser.new_context(locale=locale, viewport={"width": 1180, "height": 900}).new_page()
    page.set_default_timeout(chat.PATIENCE_MS)
    page.goto(site.url)
    page.fill("#name", name)
    page.fill("#password", SECRETS[name])
    page.keyboard.press("Enter")
    page.wait_for_selector("#chat-settings-open-modal")
    return page


def test_two_people_are_apart(chat: Any, browser: Any, house: Any) -> None:
    alice = signed_in(chat, browser, house, "Alice")
    chat.ask(alice, "make a playlist of 4 songs")
    alice.wait_for_selector(".bb-table tbody tr >> nth=3")
    alice.wait_for_selector("#stop-button", state="detached")
    alice.wait_for_url(re.compile(r"/chat/thread/[0-9a-f-]{36}$"))
    alice.locator("#thread-history a").first.wait_for()
    hers = alice.url
    bruno = signed_in(chat, browser, house, "Bruno", locale="fr-FR")
    assert bruno.locator("#thread-history a").count() == 0
    chat.ask(bruno, "mes playlists")
    bruno.wait_for_selector("#stop-button", state="detached")
    assert "4" not in bruno.locator(".ai-message").last.inner_text()
    export = f"/api/conversations/{hers.rsplit('/', 1)[1]}/export.json"
    status = "(address) => fetch(address).then((reply) => reply.status)"
    assert alice.evaluate(status, export) == 200
    assert bruno.evaluate(status, export) == 404
    bruno.goto(hers)
    bruno.wait_for_selector("#chat-settings-open-modal")
    assert bruno.locator(".bb-table").count() == 0
    chat.shot(bruno, "apart")
    bruno.locator("#user-nav-button").click()
    bruno.get_by_role("menuitem", name="Se déconnecter").click()
    bruno.wait_for_selector("#password")
    bruno.goto(hers)
    assert bruno.locator("#password").count() == 1
    users.set_password("Alice", "a new secret")  # ends her session
    alice.click("#new-chat-button")
    alice.evaluate("setTimeout(() => location.reload())")  # the page may go there by itself, too
    alice.wait_for_selector("#password")
    users.set_password("Alice", SECRETS["Alice"])


def choose(page: Any, name: str, value: str) -> None:
    """Choose a value in the settings panel that is open."""
    page.locator(f"#{name}").click()
    page.get_by_role("option", name=value, exact=True).click()


def test_settings_stay_with_the_person(chat: Any, browser: Any, house: Any) -> None:
    page = signed_in(chat, browser, house, "Alice")
    page.click("#chat-settings-open-modal")
    choose(page, "language", "Français")
    choose(page, "results_per_page", "25")
    choose(page, "theme", "Dark")
    page.locator("#radio").click()
    chat.shot(page, "settings")
    page.locator("#confirm").click()
    page.wait_for_selector("html.dark")
    page.wait_for_function("window.backbeatPlayer.radio")
    page.context.close()
    other = signed_in(chat, browser, house, "Alice")  # another browser
    other.wait_for_selector("html.dark")
    other.wait_for_function("window.backbeatPlayer.radio")
    with other.expect_response(re.compile("/api/preferences$")):
        other.evaluate("window.backbeatPlayer.setCrossfade(true)")
    chat.ask(other, "ambient")
    other.wait_for_selector("th:has-text('Tonalité')")
    other.click("#chat-settings-open-modal")
    other.locator("#crossfade[aria-checked=true]").wait_for()
    assert other.locator("#results_per_page").inner_text() == "25"
    bruno = signed_in(chat, browser, house, "Bruno")
    bruno.wait_for_selector("html.light")
    assert not bruno.evaluate("window.backbeatPlayer.radio")
