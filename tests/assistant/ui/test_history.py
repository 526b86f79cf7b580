"""Conversations that are kept: after a reload, after a restart, found, renamed, deleted."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium found: apt install chromium"),
]
TITLES = "all => all.map((row) => row.dataset.track)"

# the table of the answer is written
KEPT = """(rows) => fetch(`/api/conversations/${location.pathname.split('/').pop()}/export.md`)
  .then((reply) => (reply.ok ? reply.text() : '')).then((text) => text.includes(`\\n${rows}. `))"""


def titles(page: Any) -> list[str]:
    return page.locator(".bb-table").last.locator("tbody tr").evaluate_all(TITLES)


def test_a_reload_keeps_the_conversation(chat: Any, browser: Any, site: Any) -> None:
    page, asked = chat.opened(browser, site)
    chat.ask(page, "jazz")
    page.wait_for_selector(".bb-table tbody tr >> nth=1")
    before = titles(page)
    page.wait_for_selector("#stop-button", state="detached")
    page.wait_for_url(re.compile(r"/chat/thread/[0-9a-f-]{36}$"))
    page.get_by_role("button", name=re.compile("^Search again without")).first.wait_for()
    page.wait_for_function(KEPT, arg=2)
    page.reload()
    page.wait_for_selector(".bb-table tbody tr >> nth=1")
    assert titles(page) == before
    assert page.locator(".bb-table").count() == 1
    page.get_by_role(
        "button", name=re.compile("^Search again without")
    ).first.wait_for()  # its buttons too
    chat.shot(page, "resumed")
    page.get_by_role("button", name="Helpful", exact=True).last.click()
    page.get_by_role("button", name="Submit feedback").click()
    page.wait_for_selector(".positive-feedback-on")
    page.reload()
    page.wait_for_selector(".positive-feedback-on")
    chat.ask(page, "tell me about the second one")
    page.get_by_role("meter", name="Energy").wait_for()
    assert not [url for url in asked if not url.startswith((site.url, "data:", "blob:"))]


def test_an_enter_while_the_page_connects_is_sent_afterwards(
    chat: Any, browser: Any, site: Any
) -> None:
    page = browser.new_page()
    page.set_default_timeout(chat.PATIENCE_MS)
    held: list[Any] = []
    socket = "**/ws/socket.io/**"
    page.route(socket, lambda route: held.append(route))  # no answer: it goes on connecting
    with page.expect_request(socket):
        page.goto(site.url)
    page.click("#chat-input")
    page.keyboard.type("ambient")
    page.keyboard.press("Enter")
    assert page.locator("#chat-submit").is_disabled()
    assert page.locator("#chat-input").input_value() == "ambient"
    page.unroute(socket)  # lets go of what was held
    page.wait_for_selector(".bb-table tbody tr")
    assert page.locator("[data-step-type=user_message]").all_inner_texts() == ["ambient"]


def test_a_restart_keeps_the_conversation(chat: Any, browser: Any, data: Path) -> None:
    site = chat.Site(data)
    port = site.port
    page, _ = chat.opened(browser, site, locale="fr-FR")
    chat.ask(page, "fais une liste de 4 titres")
    page.wait_for_selector(".bb-table tbody tr >> nth=3")
    before = titles(page)
    page.wait_for_url(re.compile(r"/chat/thread/[0-9a-f-]{36}$"))
    page.wait_for_function(KEPT, arg=4)
    page.wait_for_timeout(500)
    site.stop()
    site = chat.Site(data, port=port)
    try:
        page.reload()
        page.wait_for_selector(".bb-table tbody tr >> nth=3")
        assert titles(page) == before
        chat.ask(page, "enlève le deuxième")
        page.wait_for_function("document.querySelectorAll('.bb-table').length === 2")
        assert titles(page) == before[:1] + before[2:]
    finally:
        site.stop()


def test_conversations_are_listed_found_renamed_and_deleted(
    chat: Any, browser: Any, site: Any
) -> None:
    page, _ = chat.opened(browser, site)
    chat.ask(page, "techno")
    page.wait_for_selector(".bb-table tbody tr")
    page.wait_for_selector("#stop-button", state="detached")
    page.click("#new-chat-button")
    page.wait_for_function("document.querySelectorAll('.bb-table').length === 0")
    page.wait_for_selector("#chat-settings-open-modal")
    chat.ask(page, "library status")
    page.wait_for_selector(".bb-big >> text=10")
    page.wait_for_selector("#stop-button", state="detached")
    entry = page.locator("#thread-history a", has_text="techno").first
    chat.shot(page, "history")
    entry.click()  # resumed from the list
    page.wait_for_selector(".bb-table tbody tr")
    assert page.locator(".bb-big").count() == 0
    page.locator("#search-chats-button").click()
    page.locator("[cmdk-input]").fill("STATUS")
    page.get_by_role("option", name="library status").first.wait_for()
    chat.shot(page, "history_search")
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="detached")
    entry.hover()
    entry.locator("#thread-options").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="Export as data (JSON)").click()
    kept = json.loads(Path(download.value.path()).read_text("utf-8"))
    assert kept["steps"][0]["output"] == "techno"
    page.get_by_role("menu").wait_for(state="detached")
    entry.hover()
    entry.locator("#thread-options").click()
    page.click("#rename-thread")
    page.fill("input#name", "Nuit techno")
    page.get_by_role("button", name="Confirm").click()
    renamed = page.locator("#thread-history a", has_text="Nuit techno").first
    renamed.wait_for()
    page.reload()
    page.wait_for_selector(".bb-table tbody tr")
    renamed.hover()
    renamed.locator("#thread-options").click()
    page.click("#delete-thread")
    page.get_by_role("button", name="Confirm").click()
    renamed.wait_for(state="detached")
    page.reload()
    page.wait_for_selector("#chat-input")
    assert page.get_by_text("Nuit techno").count() == 0
