import csv
import json
import os
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest

from store.jobs import indexer_state
from store.library.track_files import mark_missing
from store.paths import encode_path
from store.playlists.playlist_reading import playlist
from store.playlists.playlist_writing import delete_playlist, save_playlist
from store.results import StoreError
from store.tracks.away_tracks import mark_away
from tools import export_playlist as tool
from tools.base import ToolContext, ToolError
from tools.export_playlist import export_bytes
from tools.exports.root_map import remember

EN, FR = ToolContext(language="en"), ToolContext(language="fr")


@pytest.fixture
def saved(shelf):
    ids = [shelf.id("Angel"), shelf.id("Voilà"), shelf.id("Back in Black")]
    return save_playlist("Mon été", [(i, "because") for i in ids], {"moods": ["dark"]})


def exported(context=EN, **arguments):
    result = tool.run(tool.arguments(**arguments), context)
    return result, tool.render(result, context)


@pytest.mark.parametrize(
    ("format", "ending"),
    [("m3u8", "m3u8"), ("xspf", "xspf"), ("nsp", "nsp"), ("rekordbox", "xml"), ("csv", "csv")],
)
def test_every_format_is_written_and_served_alike(shelf, saved, format, ending):
    result, rendering = exported(playlist="last", format=format)
    file_name, media_type, content = export_bytes(saved.id, format)
    assert rendering.kind == "file"
    assert rendering.data["url"] == f"/api/playlists/{saved.id}/export.{format}"
    assert rendering.data["name"] == file_name == f"Mon été.{ending}"
    written = (shelf.data / "exports" / file_name).read_bytes()
    assert written == content or format == "m3u8"
    assert "/" in media_type and result.playlist == "Mon été"
    assert [p.name for p in (shelf.data / "exports").iterdir()] == [file_name]


def test_m3u8_leads_to_the_files(shelf, saved):
    exported(playlist="mon ete")
    exports = shelf.data / "exports"
    lines = (exports / "Mon été.m3u8").read_text("utf-8").splitlines()
    places = [Path(os.path.normpath(exports / line)) for line in lines if line[0] != "#"]
    assert [place.read_text() for place in places] == ["Angel", "Voilà", "Back in Black"]
    assert lines[1] == "#PLAYLIST:Mon été"


def test_a_downloaded_m3u8_starts_at_the_music_folder(shelf, saved, monkeypatch):
    indexer_state.set_watched_folders((encode_path(shelf.music),))
    lines = export_bytes(saved.id, "m3u8")[2].decode().splitlines()
    places = [line for line in lines if line[0] != "#"]
    assert [(shelf.music / place).read_text() for place in places] == [
        "Angel", "Voilà", "Back in Black",
    ]  # fmt: skip
    assert not any(place.startswith(("/", "..")) for place in places)
    assert "in your music folder" in exported(playlist="last")[1].sentence
    monkeypatch.setenv("BACKBEAT_M3U8_PATHS", "absolute")
    assert f"{shelf.music}/".encode() in export_bytes(saved.id, "m3u8")[2]
    assert "music folder" not in exported(playlist="last")[1].sentence


def test_tracks_of_several_folders_have_absolute_paths(shelf, saved):
    indexer_state.set_watched_folders((encode_path(shelf.music / "elsewhere"),))
    assert f"\n{shelf.music}/".encode() in export_bytes(saved.id, "m3u8")[2]


def test_nsp_and_rekordbox_know_the_request_and_the_keys(saved):
    named = json.loads(export_bytes(saved.id, "nsp")[2])["any"]  # no file has that mood as a tag
    assert len(named) == 3 and all("endsWith" in rule for rule in named)
    root = ET.fromstring(export_bytes(saved.id, "rekordbox")[2])
    tonalities = [t.attrib["Tonality"] for t in root.iterfind("COLLECTION/TRACK")]
    assert tonalities == ["8A", "9A", "12A"]


def test_a_disk_that_is_away(shelf, saved):
    for place in shelf.music.iterdir():
        place.unlink()
    assert b"Angel.flac" in export_bytes(saved.id, "m3u8")[2]


def test_a_hostile_name_stays_in_the_folder(shelf):
    save_playlist("../../evil\0/x", [(shelf.id("Angel"), "")], {})
    _, rendering = exported(playlist="last")
    assert "/" not in rendering.data["name"]
    assert len(list((shelf.data / "exports").iterdir())) == 1
    assert not list(shelf.data.parent.glob("evil*"))


def test_unknown_playlists(shelf, saved):
    with pytest.raises(ToolError, match="Did you mean “Mon été”") as error:
        exported(playlist="Winter")
    assert error.value.choices == ("Mon été",)


def test_no_playlist_yet(shelf):
    with pytest.raises(ToolError, match="no playlist yet"):
        exported()
    with pytest.raises(ToolError, match="pas encore de playlist"):
        exported(FR)


def test_what_the_web_may_get_wrong(saved):
    with pytest.raises(StoreError, match="no playlist"):
        export_bytes(saved.id + 1, "m3u8")
    with pytest.raises(StoreError, match="Expected one of"):
        export_bytes(saved.id, "exe")


def test_the_folder_cannot_be_written(shelf, saved):
    (shelf.data / "exports" / "Mon été.m3u8").mkdir(parents=True)
    with pytest.raises(ToolError, match="cannot be written"):
        exported(playlist="last")


def test_french_sentence(shelf, saved):
    _, rendering = exported(FR, playlist="last", format="nsp")
    assert rendering.sentence.startswith("« Mon été », 3 morceaux, est dans Mon été.nsp.")


def test_a_table_for_spreadsheets(shelf, saved):
    exported(playlist="last", format="csv")
    content = (shelf.data / "exports" / "Mon été.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    table = list(csv.DictReader(content.decode("utf-8-sig").splitlines()))
    assert [row["title"] for row in table] == ["Angel", "Voilà", "Back in Black"]
    assert table[0] == {
        "title": "Angel", "artist": "Massive Attack", "album": "Mezzanine", "bpm": "108.0",
        "key": "8A", "length": "0:06:18", "path": str(shelf.music / "08 Angel.flac"),
    }  # fmt: skip


def test_last_is_what_is_shown_and_never_an_older_playlist(shelf, saved):
    ids = (shelf.id("So What"), shelf.id("Blue in Green"))
    for playlist_id in (None, saved.id):
        context = replace(EN, shown=ids, playlist_id=playlist_id)
        result, rendering = exported(context, format="xspf")
        assert result.track_ids == ids and result.playlist_id != saved.id
        assert rendering.sentence.startswith(
            "I saved the tracks shown as the playlist “Miles Davis"
        )
        assert playlist(result.playlist_id).name == result.playlist
    result, rendering = exported(replace(context, shown_playlist_id=saved.id))
    assert result.playlist == "Mon été" and "I saved" not in rendering.sentence
    assert exported(context, playlist="mon ete")[0].playlist == "Mon été"
    assert "J'ai enregistré" in exported(replace(context, language="fr"))[1].sentence


def test_a_deleted_playlist_is_not_exported(shelf, saved):
    older = save_playlist("Older", [], {})
    context = replace(EN, playlist_id=saved.id, shown=(1,), shown_playlist_id=saved.id)
    delete_playlist(saved.id)
    for arguments in ({}, {"playlist": "Mon été"}):
        with pytest.raises(ToolError, match="“Mon été” was deleted"):
            exported(context, **arguments)
    with pytest.raises(StoreError, match="no playlist"):
        export_bytes(saved.id, "csv")
    assert exported(EN)[0].playlist_id == older.id


def test_the_playlists_of_others_are_not_exported(saved):
    for name in ("last", "Mon été"):
        with pytest.raises(ToolError, match="no playlist yet"):
            exported(ToolContext(person=2), playlist=name)


def test_a_file_with_more_tracks_is_not_replaced_without_a_word(shelf, saved):
    exported(playlist="last")
    mark_missing([shelf.id("Voilà")])
    facts, rendering = exported(playlist="last")[0].facts, exported(playlist="last")[1]
    assert (facts["gone"], facts["kept"], facts["kept_tracks"]) == (1, "Mon été.m3u8", 3)
    assert "The file Mon été.m3u8 with its 3 tracks stays as it is" in rendering.sentence
    names = sorted(path.name for path in (shelf.data / "exports").iterdir())
    assert names == ["Mon été 2.m3u8", "Mon été 3.m3u8", "Mon été.m3u8"]
    mark_missing([shelf.id("Voilà")], missing=False)
    mark_away({"/music/nas": [shelf.id("Voilà")]})  # expected back: it stays in the file
    exported(playlist="last")
    assert "Voilà" in (shelf.data / "exports" / "Mon été.m3u8").read_text("utf-8")


def test_the_folder_of_another_machine_is_remembered(shelf, saved):
    indexer_state.set_watched_folders((encode_path(shelf.music),))
    remember("/Volumes/Music")
    for format in ("m3u8", "xspf", "rekordbox", "csv"):
        content = export_bytes(saved.id, format)[2].decode()
        assert content.count("/Volumes/Music/") == 3 and str(shelf.music) not in content
    rendering = exported(playlist="last", format="xspf")[1]
    assert "the other machine" in rendering.sentence
    remember(None)
    assert "/Volumes" not in export_bytes(saved.id, "xspf")[2].decode()
    remember(f"{shelf.music.parent}=/srv")
    assert f"/srv/{shelf.music.name}/" in export_bytes(saved.id, "csv")[2].decode()
