"""The first minutes: what is missing, folders that may be chosen, a model that is fetched."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant import settings as settings_module
from assistant.settings import Settings
from store.jobs import indexer_state, music_folder


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, library: Path) -> Path:
    """A home folder with music, beside a folder that is nobody's business."""
    folder = tmp_path / "home"
    (folder / "Sons" / "Été").mkdir(parents=True)
    (folder / ".hidden").mkdir()
    (folder / "Sons" / "one.mp3").write_bytes(b"")
    (folder / "Sons" / "note.txt").write_bytes(b"")
    (tmp_path / "secret").mkdir()
    (folder / "way_out").symlink_to(tmp_path / "secret")
    monkeypatch.setenv("HOME", str(folder))
    music_folder.record_served(folder / "demo", "demo")
    indexer_state.record_heartbeat()
    return folder


async def test_what_is_missing(api: httpx.AsyncClient, home: Path) -> None:
    indexer_state.record_rendering(3, 22)
    shown = (await api.get("/api/first-run")).json()
    assert (shown["tracks"], shown["origin"], shown["choosable"]) == (10, "demo", True)
    assert shown["rendering"] == [3, 22]
    assert shown["model"]["problem"] == "off"


async def test_a_folder_is_chosen_inside_the_home_folder(
    api: httpx.AsyncClient, home: Path
) -> None:
    shown = (await api.get("/api/first-run/folders")).json()
    assert shown["path"] == str(home)
    assert shown["parent"] is None
    assert [each["name"] for each in shown["folders"]] == ["Sons", "way_out"]
    inside = {"path": str(home / "Sons")}
    shown = (await api.get("/api/first-run/folders", params=inside)).json()
    assert (shown["parent"], shown["songs"]) == (str(home), 1)
    assert [each["name"] for each in shown["folders"]] == ["Été"]
    assert (await api.put("/api/first-run/folder", json=inside)).status_code == 200
    assert music_folder.chosen() == home / "Sons"


@pytest.mark.parametrize("path", ["/etc", "{home}/../secret", "{home}/way_out", "{home}/.hidden"])
async def test_other_folders_are_not_shown(api: httpx.AsyncClient, home: Path, path: str) -> None:
    asked = {"path": path.format(home=home)}
    assert (await api.get("/api/first-run/folders", params=asked)).status_code == 404
    assert (await api.put("/api/first-run/folder", json=asked)).status_code == 404
    assert music_folder.chosen() is None


async def test_a_folder_named_at_the_start_is_not_changed_here(
    api: httpx.AsyncClient, home: Path
) -> None:
    music_folder.record_served(home, "given")
    assert not (await api.get("/api/first-run")).json()["choosable"]
    assert (await api.get("/api/first-run/folders")).status_code == 403
    asked = {"path": str(home / "Sons")}
    assert (await api.put("/api/first-run/folder", json=asked)).status_code == 403


async def test_nobody_chooses_through_a_proxy(api: httpx.AsyncClient, home: Path) -> None:
    through = {"X-Forwarded-For": "203.0.113.7"}
    assert (await api.get("/api/first-run/folders", headers=through)).status_code == 403


async def test_the_small_model_is_fetched(api: httpx.AsyncClient, ollama: Any) -> None:
    ollama.models = {}
    settings = settings_module.use(Settings(ollama_host=ollama.url))
    shown = (await api.get("/api/first-run")).json()["model"]
    assert (shown["problem"], shown["fetchable"]) == ("no_model", True)
    begun = (await api.post("/api/first-run/model")).json()
    assert begun["model"] == settings.small_model
    for _ in range(2000):
        fetching = (await api.get("/api/first-run")).json()["model"]
        if fetching["fetching"]["done"] and fetching["problem"] is None:
            break
        await asyncio.sleep(0.05)
    assert fetching["fetching"]["fraction"] == 1.0
    assert (fetching["problem"], fetching["name"]) == (None, settings.small_model)
    assert (await api.post("/api/first-run/model")).status_code == 409
