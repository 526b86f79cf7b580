"""The map of the library on the page: points, titles, a lasso, paths, a playlist's shape."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from indexer.ingest import map_writer
from store.database import db
from store.playlists import playlist_reading

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium found: apt install chromium"),
]
TRACKS = range(1, 11)
# The colour of a pixel of the points at a place of the page.
PIXEL = """([x, y]) => {
  const canvas = document.querySelector('.bbm-points');
  const box = canvas.getBoundingClientRect();
  const scale = canvas.width / box.width;
  const at = [(x - box.left) * scale, (y - box.top) * scale];
  const { data } = canvas.getContext('2d').getImageData(...at, 1, 1);
  return [...data].slice(0, 3).join(' ');
}"""


@pytest.fixture(autouse=True)
def mapped(data: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The store of the served chat, with a map, also for this process."""
    monkeypatch.setenv("BACKBEAT_DATA", str(data))
    db.reset()
    with db.write() as session:
        db.rows(session, "UPDATE trackaudiofeatures SET energy = bpm / 200")
    map_writer.update()
    yield
    db.reset()


def place_of(page: Any, track: int) -> tuple[float, float]:
    """Where a track lies once the map stands still."""
    there = page.wait_for_function("(id) => window.backbeatMap?.placeOf(id)", arg=track)
    x, y = there.json_value()
    return x, y


def playlists() -> dict[str, list[int]]:
    found = {}
    for each in playlist_reading.playlists(person=1):
        detail = playlist_reading.playlist(each.id)
        found[each.name] = [entry.track.id for entry in detail.entries] if detail else []
    return found


def draw_around(page: Any, left: float, top: float, right: float, bottom: float) -> None:
    page.mouse.move(left, top)
    page.mouse.down()
    for x, y in ((right, top), (right, bottom), (left, bottom), (left, top)):
        page.mouse.move(x, y, steps=4)
    page.mouse.up()


def test_a_part_of_the_map_becomes_a_playlist_and_a_path_is_followed(
    chat: Any, browser: Any, site: Any
) -> None:
    page, asked = chat.opened(browser, site)
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.get_by_role("button", name="Map of the library").click()
    view = page.get_by_role("region", name="Map of the library")
    page.wait_for_selector(".bbm[data-ready]")
    assert page.evaluate("location.hash") == "#map"

    # the points are there, in the colours of the legend
    jazz = page.evaluate(PIXEL, place_of(page, 5))
    assert jazz == page.evaluate(PIXEL, place_of(page, 9))
    assert jazz != page.evaluate(PIXEL, place_of(page, 3))
    view.get_by_role("radio", name="Key").check()
    page.wait_for_function(f"({PIXEL})(backbeatMap.placeOf(5)) !== '{jazz}'")
    view.get_by_role("radio", name="Genre").check()

    # what is pointed at has a title; a click offers what can be done with it
    page.mouse.move(*place_of(page, 5))
    view.locator(".bbm-tip", has_text="Slow Harbour").wait_for()
    chat.shot(page, "map_hover")
    page.mouse.click(*place_of(page, 5))
    page.get_by_role("menuitem", name="Play", exact=True).click()
    page.wait_for_function("backbeatPlayer.track && backbeatPlayer.track.id === 5")
    view.get_by_role("button", name="Go to what plays").click()

    # only one genre, chosen as a whole
    view.get_by_role("button", name="Show everything").click()
    place_of(page, 5)
    view.get_by_role("button", name="Show only: jazz").click()
    view.get_by_role("button", name="Choose the tracks in view").click()
    view.get_by_role("group", name="2 tracks chosen").wait_for()
    view.get_by_role("button", name="Show only: jazz").click()

    # a search brightens what it finds
    view.get_by_role("searchbox").fill("halde")
    view.get_by_text("2 tracks found").wait_for()
    view.get_by_role("searchbox").press("Escape")
    view.get_by_role("button", name="Show everything").click()

    # a lasso, a playlist, undone
    places = {track: place_of(page, track) for track in TRACKS}
    x, y = places[3]
    inside = {one for one, (px, py) in places.items() if abs(px - x) < 150 and abs(py - y) < 150}
    view.get_by_role("button", name="Lasso").click()
    draw_around(page, x - 150, y - 150, x + 150, y + 150)
    page.wait_for_function("document.querySelector('.bbm-chosen').textContent.includes('chosen')")
    chat.shot(page, "map_lasso")
    before = playlists()
    view.get_by_role("button", name="Make a playlist").click()
    view.get_by_text("is saved").wait_for()
    (name,) = playlists().keys() - before.keys()
    assert set(playlists()[name]) == inside
    view.get_by_role("button", name="Undo").click()
    view.get_by_text("The playlist is gone again").wait_for()
    assert playlists() == before

    # a path from one track to another, drawn on the map, and its shape in the panel
    view.get_by_role("button", name="Show everything").click()
    page.mouse.click(*place_of(page, 1))
    page.get_by_role("menuitem", name="Path from here").click()
    view.get_by_text("Choose where the path").wait_for()
    page.mouse.click(*place_of(page, 9))
    view.locator(".bbm-way", has_text="Paper Boats").wait_for()
    (name,) = playlists().keys() - before.keys()
    path = playlists()[name]
    assert (path[0], path[-1]) == (1, 9)
    place_of(page, 1)
    chat.shot(page, "map_path")
    view.get_by_role("button", name="Open", exact=True).click()
    page.locator(".bbw-shape summary").first.click()
    page.get_by_role("img", name="Keys on the Camelot wheel: 8A").wait_for()
    page.get_by_role("img", name="Tempo from 118 to 84 BPM").wait_for()
    page.get_by_role("img", name="Energy from 59 to 42 percent").wait_for()
    chat.shot(page, "map_shape")

    # back to the conversation
    page.keyboard.press("Alt+KeyM")
    view.wait_for(state="hidden")
    page.wait_for_function("!location.hash && !document.querySelector('#root').inert")
    assert not [url for url in asked if not url.startswith((site.url, "data:", "blob:"))]
    assert not wrong


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_a_playlist_on_the_map_of_a_phone(chat: Any, browser: Any, site: Any, theme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    from store.playlists.playlist_writing import save_playlist

    number = save_playlist("Soirée", [(5, ""), (9, ""), (2, ""), (1, "")], {}).id
    context = browser.new_context(
        locale="fr-FR", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    context.set_default_timeout(chat.PATIENCE_MS)
    context.add_init_script(f"localStorage.setItem('vite-ui-theme', '{theme}')")
    page = context.new_page()
    page.goto(f"{site.url}/chat/#map/playlist/{number}")
    view = page.get_by_role("region", name="Carte de la bibliothèque")
    view.locator(".bbm-way", has_text="Soirée").wait_for()
    place_of(page, 5)
    chat.shot(page, f"map_phone_{theme}")
    page.wait_for_function("document.getAnimations().every((a) => a.playState !== 'running')")
    found = Axe().run(page, context={"include": [[".bbm"]]}).response["violations"]
    assert not [(one["id"], node["html"]) for one in found for node in one["nodes"]]

    # by touch, by keyboard
    page.touchscreen.tap(*place_of(page, 2))
    page.get_by_role("menuitem", name="Lire", exact=True).wait_for()
    chat.shot(page, f"map_phone_menu_{theme}")
    page.keyboard.press("Escape")
    view.get_by_role("application").focus()
    page.keyboard.press("+")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("0")
    place_of(page, 5)
    page.keyboard.press("Enter")
    page.get_by_role("menu").wait_for()
    page.keyboard.press("Escape")
    view.get_by_role("button", name="Fermer la carte").click()
    view.wait_for(state="hidden")
    assert page.evaluate("location.hash") == ""
    context.close()
