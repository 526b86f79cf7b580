import os
import sqlite3
from pathlib import Path

import pytest

from store.paths import decode_path, encode_path, shown_path

NAMES = [
    b"/music/plain.mp3",
    "/music/Éloïse – été 🎵.flac".encode(),
    b"/music/latin1 \xe9t\xe9.mp3",
    b"/music/\xff\xfe\x80",
    rb"/music/looks like \udce9 escaped.mp3",
    rb"/music/back\slash \\udc5c \udc5cudc80.mp3",
    b"/music/\\\xe9 mixed \\udc80",
    b'/music/it\'s "quoted"; DROP TABLE track;--.ogg',
    b"/music/line\nbreak\x01.ogg",
    "/music/\u202eright to left".encode(),
]


@pytest.mark.parametrize("name", NAMES)
def test_every_file_name_comes_back_the_same(name):
    path = Path(os.fsdecode(name))
    text = encode_path(path)
    stored = sqlite3.connect(":memory:").execute("SELECT ?", (text,)).fetchone()[0]
    assert os.fsencode(decode_path(stored)) == name


def test_ordinary_names_are_stored_as_they_are():
    assert encode_path("/music/Déjà vu \\ 50%.mp3") == "/music/Déjà vu \\ 50%.mp3"
    assert encode_path(os.fsdecode(b"/a\xe9")) == r"/a\udce9"


def test_what_cannot_be_shown_is_marked():
    assert shown_path(r"/a\udce9") == "/a\ufffd"
