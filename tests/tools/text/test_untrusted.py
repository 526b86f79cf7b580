import pytest

from tools.text.file_names import BYTES_AT_MOST, safe_file_name
from tools.text.untrusted import plain, shown

ESCAPE, OVERRIDE, LINE = chr(27), chr(0x202E), chr(0x2028)


def test_one_line_without_controls():
    hostile = f"a\nb\r\nc{ESCAPE}[31m{OVERRIDE}d{LINE}e\0f" + chr(0xDC80)
    assert plain(hostile) == "a b c [31md e f"


def test_emoji_and_accents_stay():
    family = "👩" + chr(0x200D) + "👧"
    assert shown(f"Été {family} 東京") == f"Été {family} 東京"


def test_long_text_is_cut():
    assert len(shown("word " * 50)) <= 80
    assert shown("word " * 50).endswith("…")
    assert shown("x" * 80) == "x" * 80


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Chill · 8A", "Chill · 8A.m3u8"),
        ("../../etc/passwd", "_.._etc_passwd.m3u8"),
        ("a/b\\c:d*e", "a_b_c_d_e.m3u8"),
        ("CON", "_CON.m3u8"),
        ("com1.x", "_com1.x.m3u8"),
        ("Constant", "Constant.m3u8"),
        (" .. ", "playlist.m3u8"),
        ("", "playlist.m3u8"),
        ("line\nbreak\0", "line break.m3u8"),
        (".hidden", "hidden.m3u8"),
    ],
)
def test_safe_file_names(title, expected):
    assert safe_file_name(title, "m3u8") == expected


def test_long_names_are_cut_at_whole_letters():
    name = safe_file_name("é🎵" * 100, "xml")
    assert len(name.encode()) <= BYTES_AT_MOST
    assert name.endswith(".xml") and "�" not in name
