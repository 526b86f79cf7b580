"""The files that make the page an app."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import httpx
from PIL import Image

from assistant.settings import Settings
from assistant.web.server import create_app


async def test_service_worker_and_offline_page(library: Path) -> None:
    app = create_app(Settings(use_model=False, password="hunter2"), chat=False)  # type: ignore[arg-type]
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as api:
        worker = await api.get("/service-worker.js")  # also before somebody has signed in
        assert worker.headers["content-type"].startswith("text/javascript")
        assert "{version}" not in worker.text
        page = await api.get("/offline", headers={"Accept-Language": "fr-CA"})
        assert '<html lang="fr">' in page.text
        assert "Backbeat est injoignable" in page.text
        assert "cannot be reached" in (await api.get("/offline")).text


def test_the_icons_have_the_sizes_that_the_manifest_says() -> None:
    public = Path(str(files("assistant.ui") / "public"))
    icons = json.loads((public / "manifest.json").read_text())["icons"]
    assert {icon.get("purpose", "any") for icon in icons} == {"any", "maskable"}
    for icon in icons:
        assert (public / icon["src"]).is_file()
        if icon["type"] == "image/png":
            with Image.open(public / icon["src"]) as picture:
                assert f"{picture.width}x{picture.height}" == icon["sizes"]
