"""Cue sheets as programs write them, in many encodings, and broken ones."""

from __future__ import annotations

import codecs

import pytest

from indexer.files.cue.cue_sheet import CueError, CueFile, CueTrack, parts_of, read_cue
from store.text_decoding import decoded

SHEET = """REM GENRE "Hard Rock"
REM DATE 1998
REM DISCNUMBER 2
PERFORMER "Band, The"
TITLE "Album “X”"
FILE "CD\\Whole Album.wav" WAVE
  TRACK 01 AUDIO
    TITLE "First, with comma"
    ISRC ABCDE1234567
    INDEX 01 00:00:33
  TRACK 02 AUDIO
    TITLE Second without quotes
    PERFORMER "Guest"
    FLAGS DCP
    INDEX 00 03:58:00
    INDEX 01 04:00:00
  TRACK 03 MODE1/2352
    INDEX 01 70:00:00
"""


def test_a_sheet_is_read() -> None:
    sheet = read_cue(SHEET.replace("\n", "\r\n"))
    assert (sheet.title, sheet.performer, sheet.date) == ("Album “X”", "Band, The", "1998")
    assert (sheet.genre, sheet.disc) == ("Hard Rock", 2)
    [file] = sheet.files
    assert file.tracks == (
        CueTrack(1, 33 / 75, "First, with comma"),
        CueTrack(2, 240.0, "Second without quotes", "Guest"),
    )
    assert sheet.file_named("whole album.FLAC", alone=False) == file
    assert sheet.file_named("other.flac", alone=False) is None
    assert sheet.file_named("other.flac", alone=True) == file
    parts = parts_of(file, 300.0)
    assert [(track.number, end_s) for track, end_s in parts] == [(1, 240.0), (2, None)]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", "Čajka 夏 Ünïcode"),
        ("utf-8-sig", "Čajka 夏 Ünïcode"),
        ("utf-16", "Čajka 夏 Ünïcode"),
        ("cp1252", "Die Ärzte – C’est déjà l’été"),
        ("cp1250", "Příliš žluťoučký kůň, łódź i żółć"),
        ("cp1251", "Северный ветер и тёплое море весной"),
        ("shift_jis", "夏の歌をうたう日々のメロディー"),
        ("gbk", "月亮代表我的心 甜蜜蜜 小城故事 我只在乎你"),
    ],
)
def test_a_sheet_of_any_code_page(encoding: str, text: str) -> None:
    sheet = SHEET.replace("Album “X”", text).replace("Second without quotes", text)
    content = sheet.encode(encoding)
    if encoding == "utf-16":
        assert content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    assert read_cue(decoded(content)).title == text


@pytest.mark.parametrize(
    ("sheet", "why"),
    [
        ("", "no track"),
        ("PERFORMER nobody", "no track"),
        ("TRACK 01 AUDIO\nINDEX 01 00:00:00", "no file"),
        ("FILE a.wav WAVE\nTRACK 01 AUDIO\nTITLE x", "no beginning"),
        ("FILE a.wav WAVE\nTRACK x AUDIO", "line 2 has no track number"),
        ("FILE a.wav WAVE\nTRACK 01 AUDIO\nINDEX 01 00:71:00", "line 3 has no time"),
        ("FILE a.wav WAVE\nTRACK 01 AUDIO\nINDEX 01 0:0:75", "line 3 has no time"),
    ],
)
def test_a_broken_sheet_is_told(sheet: str, why: str) -> None:
    with pytest.raises(CueError, match=why):
        read_cue(sheet)


@pytest.mark.parametrize(
    ("starts", "why"),
    [((0.0,), "no two tracks"), ((0.0, 9.0, 5.0), "ends before"), ((0.0, 60.0), "after the end")],
)
def test_times_that_do_not_fit_are_told(starts: tuple[float, ...], why: str) -> None:
    tracks = tuple(CueTrack(number, start) for number, start in enumerate(starts, 1))
    with pytest.raises(CueError, match=why):
        parts_of(CueFile("a.wav", tracks), 60.0)
