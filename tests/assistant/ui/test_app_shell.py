"""The page as an app: installable, and a page of its own while the server is away."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium found: apt install chromium"),
]


def test_it_can_be_installed_and_says_when_it_is_offline(
    chat: Any, browser: Any, data: Path
) -> None:
    site = chat.Site(data)
    try:
        page, asked = chat.opened(browser, site, locale="fr-FR", width=390)
        manifest = page.evaluate(
            "fetch(document.querySelector('link[rel=manifest]').href).then((r) => r.json())"
        )
        assert manifest["start_url"] == "/chat/"
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.reload()  # served by the worker
        page.wait_for_selector("#chat-settings-open-modal")
        session = page.context.new_cdp_session(page)
        problems = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
        assert {one["errorId"] for one in problems} <= {"in-incognito"}
    finally:
        site.stop()
    page.goto(f"{site.url}/chat/")
    page.get_by_text("Backbeat est injoignable").wait_for()
    page.get_by_role("link", name="Réessayer").wait_for()
    assert page.evaluate("document.querySelector('img').naturalWidth") > 0
    chat.shot(page, "offline")
    assert not [url for url in asked if not url.startswith((site.url, "data:", "blob:"))]
