"""The page's scripts: compressed once, kept by browsers, nothing else of the disk."""

from __future__ import annotations

import gzip
from importlib.util import find_spec
from pathlib import Path

import httpx
import pytest

from assistant.web.page_assets import compress_assets


@pytest.fixture
def assets(library: Path) -> Path:
    """A page with one script and its map."""
    folder = library / "chat" / "build" / "assets"
    folder.mkdir(parents=True)
    (folder / "index-1.js").write_text("let a = 1;")
    (folder / "index-1.js.map").write_text("{}")
    (folder.parent / "secret").write_text("key")
    compress_assets(folder, library / "chat" / "compressed")
    return folder


async def test_scripts_come_compressed_and_are_kept(api: httpx.AsyncClient, assets: Path) -> None:
    reply = await api.get("/chat/assets/index-1.js", headers={"Accept-Encoding": "gzip"})
    assert reply.headers["content-encoding"] == "gzip"
    assert reply.headers["content-type"].startswith("text/javascript")
    assert "immutable" in reply.headers["cache-control"]
    assert reply.text == "let a = 1;"
    plain = await api.get("/chat/assets/index-1.js", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers and plain.text == reply.text
    assert (await api.get("/chat/assets/index-1.js.map")).status_code == 200


@pytest.mark.parametrize("name", ["..%2fsecret", "..%5csecret", "none.js", ".hidden"])
async def test_nothing_else_is_given(api: httpx.AsyncClient, assets: Path, name: str) -> None:
    assert (await api.get(f"/chat/assets/{name}")).status_code == 404


def test_copies_of_older_versions_go(tmp_path: Path) -> None:
    packaged, folder = tmp_path / "packaged", tmp_path / "compressed"
    packaged.mkdir()
    (packaged / "index-1.js").write_text("one")
    compress_assets(packaged, folder)
    (packaged / "index-1.js").rename(packaged / "index-2.js")
    compress_assets(packaged, folder)
    (kept,) = folder.iterdir()
    assert kept.name.startswith("index-2.js.")
    assert gzip.decompress(kept.read_bytes()) == b"one"


def test_buttons_below_an_answer_do_not_listen_to_all_messages(tmp_path: Path) -> None:
    spec = find_spec("chainlit")
    assert spec is not None and spec.origin is not None
    packaged = Path(spec.origin).parent / "frontend" / "dist" / "assets"
    compress_assets(packaged, tmp_path)
    (script,) = packaged.glob("index-*.js")
    (copy,) = tmp_path.glob("index-*.js.*")
    before, after = script.read_bytes(), gzip.decompress(copy.read_bytes())
    asked = b"{firstInteraction:"
    assert before.count(asked) - after.count(asked) == 1
    assert len(before) - len(after) < 50
