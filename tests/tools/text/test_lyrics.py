"""Lyrics with and without times."""

from __future__ import annotations

from tools.text.lyrics import LONGEST_LINE, LyricsLine, parse_lyrics


def test_lines_with_times() -> None:
    text = (
        "[ti:A song]\n[offset:+500]\n"
        "[00:12.50]First line\n[01:02][00:20.5]Chorus\n[00:15:25] <00:15.30>word <00:16>by word\n"
        "no time\n[00:30.00]\n"
    )
    assert parse_lyrics(text) == (
        LyricsLine("First line", 12.0),
        LyricsLine("word by word", 14.75),
        LyricsLine("Chorus", 20.0),
        LyricsLine("", 29.5),
        LyricsLine("Chorus", 61.5),
    )


def test_plain_lines() -> None:
    assert parse_lyrics("One\r\n\r\nTwo [live]\n\n") == (
        LyricsLine("One"),
        LyricsLine(""),
        LyricsLine("Two [live]"),
    )
    assert parse_lyrics("") == ()


def test_foreign_text_is_cut_and_cleaned() -> None:
    (line,) = parse_lyrics("[00:01]a\u0000\u202eb" + "x" * 1000)
    assert line.text == "ab" + "x" * (LONGEST_LINE - 2)
    assert parse_lyrics("[offset:999999999]\n[00:01]a") == (LyricsLine("a", 1.0),)
