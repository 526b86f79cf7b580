"""The page of the API, which loads nothing from elsewhere."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest


async def test_the_page_is_all_from_here(api: httpx.AsyncClient) -> None:
    page = await api.get("/api/docs")
    policy = page.headers["content-security-policy"]
    assert "script-src 'self'" in policy and "unsafe-eval" not in policy
    assert not re.search(r"<script>|https?://", page.text)
    for address in re.findall(r'(?:src|href)="(/api/[^"]+)"', page.text):
        assert (await api.get(address)).status_code == 200
    for name in ("../__init__.py", "..%2f__init__.py", "favicon-32x32.png"):
        assert (await api.get(f"/api/docs/{name}")).status_code == 404


@pytest.mark.browser
@pytest.mark.skipif(not shutil.which("chromium"), reason="no Chromium")
def test_it_shows_the_addresses(site: Any, browser: Any) -> None:
    page = browser.new_page()
    asked: list[str] = []
    problems: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).netloc))
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    page.goto(f"{site.url}/api/docs")
    page.locator("#operations-tracks-tracks_api_tracks_get").wait_for()
    assert set(asked) - {""} == {urlsplit(site.url).netloc}
    assert problems == []
    for name in ("docs", "redoc", "openapi.json"):  # Chainlit's own
        shown = httpx.get(f"{site.url}/chat/{name}", trust_env=False).text
        assert "swagger" not in shown and "redoc" not in shown and '"paths"' not in shown


def test_the_documentation_names_addresses_that_are_there(app: Any) -> None:
    text = (Path(__file__).parents[4] / "docs" / "api.md").read_text("utf-8")
    paths = app.openapi()["paths"]
    there = {(method.upper(), path) for path in paths for method in paths[path]}
    for method, path in re.findall(r"`(GET|POST|PUT|PATCH|DELETE) (/[^`? ]+)", text):
        assert (method, path) in there
    patterns = [re.sub(r"\{[^}]*\}", "[^/]+", path) for _, path in there]
    asked = re.findall(r"localhost:8000(/[^\s\"?\]]+)", text)
    assert len(asked) > 8
    for path in asked:
        assert any(re.fullmatch(pattern, path) for pattern in patterns), path
