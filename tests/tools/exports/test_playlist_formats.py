import json
import os
import xml.etree.ElementTree as ET
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest

from store.tracks.file_tags import TagsInFile
from tools.exports.navidrome_rules import nsp
from tools.exports.playlist_formats import XSPF, ExportTrack, m3u8, rekordbox, xspf
from tools.exports.root_map import RootMap, file_uri

HOSTILE = "a\r\n/etc/passwd\n#EXTINF:1,<&\"'>\0]]>" + chr(0xDC80)
NAMES = ["plain.mp3", "Été & <b>.flac", "50% #1?.ogg", "東京 🎵.m4a", os.fsdecode(b"latin\xe9.wav")]


def track(number=1, **values):
    base = {
        "id": number, "title": f"Song {number}", "artist": "Someone", "album": "Disc",
        "genre": "rock", "year": 1999, "duration_s": 200.6, "bpm": 128.0, "camelot": "8A",
        "audio_format": "mp3", "path": Path(f"/music/rock/{number}.mp3"),
    }  # fmt: skip
    return ExportTrack(**(base | values))


def test_m3u8_is_relative_to_where_it_lies():
    text = m3u8("Mix", [track(), track(2, artist=None)], beside=Path("/data/exports")).decode()
    assert text.splitlines() == [
        "#EXTM3U",
        "#PLAYLIST:Mix",
        "#EXTINF:201,Someone - Song 1",
        "../../music/rock/1.mp3",
        "#EXTINF:201,Song 2",
        "../../music/rock/2.mp3",
    ]


def test_m3u8_no_tag_starts_a_line():
    lines = m3u8(HOSTILE, [track(title=HOSTILE, artist=HOSTILE)], beside=Path("/x")).split(b"\n")
    assert len(lines) == 5 and lines[-1] == b""
    assert [line[:8] for line in lines[:3]] == [b"#EXTM3U", b"#PLAYLIS", b"#EXTINF:"]
    assert lines[3] == b"../music/rock/1.mp3"


@pytest.mark.parametrize("name", NAMES)
def test_paths_survive(name, tmp_path):
    place = tmp_path / "music" / name
    (tmp_path / "exports").mkdir()
    line = m3u8("x", [track(path=place)], beside=tmp_path / "exports").splitlines()[3]
    assert Path(os.path.normpath(tmp_path / "exports" / os.fsdecode(line))) == place
    location = ET.fromstring(xspf("x", [track(path=place)])).find(f".//{{{XSPF}}}location")
    assert location is not None and location.text and location.text.isascii()
    assert unquote_to_bytes(location.text.removeprefix("file://")) == os.fsencode(place)
    collected = ET.fromstring(rekordbox("x", [track(path=place)])).find("COLLECTION/TRACK")
    assert collected is not None
    uri = collected.attrib["Location"]
    assert unquote_to_bytes(uri.removeprefix("file://localhost")) == os.fsencode(place)


def test_a_name_that_looks_like_a_comment():
    lines = m3u8("x", [track(path=Path("/data/#1.mp3"))], beside=Path("/data")).splitlines()
    assert lines[3] == b"./#1.mp3"


def test_a_file_name_with_a_line_break_cannot_start_a_line():
    lines = m3u8("x", [track(path=Path("/data/a\n/etc/x"))], beside=Path("/data")).splitlines()
    assert len(lines) == 4 and lines[3].startswith(b"# ")


def test_uri():
    assert file_uri("/a b/ü#%?.mp3") == "file:///a%20b/%C3%BC%23%25%3F.mp3"


def test_xspf():
    root = ET.fromstring(xspf(HOSTILE, [track(), track(2, title=HOSTILE, artist=None, album=None)]))
    space = {"x": XSPF}
    assert root.tag == f"{{{XSPF}}}playlist" and root.attrib["version"] == "1"
    first, second = root.findall("x:trackList/x:track", space)
    assert [(child.tag.partition("}")[2], child.text) for child in first] == [
        ("location", "file:///music/rock/1.mp3"),
        ("title", "Song 1"),
        ("creator", "Someone"),
        ("album", "Disc"),
        ("duration", "200600"),
    ]
    title = second.findtext("x:title", namespaces=space)
    assert title == "a /etc/passwd #EXTINF:1,<&\"'> ]]>"


def test_rekordbox():
    tracks = [track(), track(2, bpm=None, camelot=None, title=HOSTILE), track()]
    root = ET.fromstring(rekordbox("Mix <1>", tracks))
    assert (root.tag, root.attrib) == ("DJ_PLAYLISTS", {"Version": "1.0.0"})
    collection = root.find("COLLECTION")
    assert collection is not None and collection.attrib == {"Entries": "2"}
    assert collection[0].attrib == {
        "TrackID": "1", "Name": "Song 1", "Artist": "Someone", "Album": "Disc", "Genre": "rock",
        "Kind": "MP3 File", "TotalTime": "201", "Year": "1999", "AverageBpm": "128.00",
        "Tonality": "8A", "Location": "file://localhost/music/rock/1.mp3",
    }  # fmt: skip
    folder = root.find("PLAYLISTS/NODE")
    assert folder is not None and folder.attrib == {"Type": "0", "Name": "ROOT", "Count": "1"}
    assert folder[0].attrib == {"Name": "Mix <1>", "Type": "1", "KeyType": "0", "Entries": "3"}
    assert [entry.attrib["Key"] for entry in folder[0]] == ["1", "2", "1"]


def rules(request, tracks=None):
    return json.loads(nsp("Mix", request, [track()] if tracks is None else tracks))


def test_nsp_rules():
    found = rules(
        {
            "genres": ["rock", "pop"], "moods": ["happy"], "exclude_artists": ["Nobody"],
            "bpm_min": 119.5, "bpm_max": 128, "year_min": 1980, "sort": "added",
        },
        [track(tags=TagsInFile(("Hard Rock",), ("Happy",), ("128",)))],
    )  # fmt: skip
    assert found["all"] == [
        {"any": [{"contains": {"genre": "rock"}}, {"contains": {"genre": "pop"}}]},
        {"contains": {"mood": "happy"}},
        {"notContains": {"artist": "Nobody"}},
        {"inTheRange": {"bpm": [119, 128]}},
        {"gt": {"year": 1979}},
    ]
    assert (found["sort"], found["order"], found["limit"]) == ("dateAdded", "desc", 1)
    assert "Not expressed" not in found["comment"]


def test_nsp_says_what_it_cannot_say():
    tags = TagsInFile(("Jazz",), (), ("88.5",))
    asked = {"genres": ["jazz"], "keys": ["8A"], "like": "x", "bpm_max": 90}
    found = rules(asked, [track(tags=tags)])
    assert found["all"][-1] == {"lt": {"bpm": 91}}
    assert found["comment"].endswith("Not expressed here: keys, likeness.")


def test_nsp_names_the_files_where_their_tags_do_not_tell():
    tracks = [
        track(),
        track(2, tags=TagsInFile(("Blues",), (), ("90",), recording_id="a-b-c")),
        track(3, path=Path("/elsewhere/x/ü, 夏.mp3")),
    ]
    request = {"genres": ["blues"], "bpm_min": 85, "bpm_max": 95}
    for asked in (request, {"like": "x"}):
        found = json.loads(nsp("Mix", asked, tracks, root=Path("/music")))
        assert "all" not in found and found["limit"] == 3
        assert found["any"] == [
            {"is": {"filepath": "rock/1.mp3"}},
            {"is": {"mbz_recording_id": "a-b-c"}},
            {"endsWith": {"filepath": "x/ü, 夏.mp3"}},
        ]
    assert "files are named" in json.loads(nsp("Mix", request, tracks))["comment"]
    assert "all" in rules(request, tracks[1:2])


def test_nsp_compares_each_of_the_artists_of_a_credit():
    found = rules({"artists": ["Madrigal, Kesi"], "exclude_artists": ["A feat. B"]})
    assert found["all"] == [
        {"all": [{"contains": {"artist": "Madrigal"}}, {"contains": {"artist": "Kesi"}}]},
        {"any": [{"notContains": {"artist": "A"}}, {"notContains": {"artist": "B"}}]},
    ]


@pytest.mark.parametrize(
    ("there", "path", "uri"),
    [
        ("/Volumes/My Music/", "/Volumes/My Music/rock/1.mp3",
         "file:///Volumes/My%20Music/rock/1.mp3"),
        ("D:\\Music", "D:\\Music\\rock\\1.mp3", "file:///D:/Music/rock/1.mp3"),
        ("D:/Music", "D:/Music/rock/1.mp3", "file:///D:/Music/rock/1.mp3"),
        ("\\\\nas\\music", "\\\\nas\\music\\rock\\1.mp3", "file://nas/music/rock/1.mp3"),
    ],
)  # fmt: skip
def test_files_for_another_machine(there, path, uri):
    mapped = track(elsewhere=RootMap(Path("/music"), there).path(Path("/music/rock/1.mp3")))
    assert m3u8("x", [mapped], beside=Path("/music")).decode().splitlines()[3] == path
    location = ET.fromstring(xspf("x", [mapped])).findtext(f".//{{{XSPF}}}location")
    assert location == uri
    location = ET.fromstring(rekordbox("x", [mapped]))[1][0].attrib["Location"]
    assert location == (uri if "nas" in there else uri.replace("file://", "file://localhost"))
    assert RootMap(Path("/music"), there).path(Path("/other/1.mp3")) is None


@pytest.mark.parametrize("write", [xspf, rekordbox])
def test_an_empty_playlist_is_a_valid_file(write):
    assert ET.fromstring(write("Nothing", [])) is not None
    assert rules({}, [])["limit"] == 1
