import dataclasses

import pytest

from indexer.drums.formats.dtx.dtx_types import Chip, DtxChart, DtxError, Wav
from indexer.drums.formats.dtx.encode import encode
from indexer.drums.types import BarLength, TempoChange, TempoMap

CHART = DtxChart(
    title="Song",
    artist="Band",
    dlevel=45,
    tempo=TempoMap((TempoChange(0, 0, 128.5), TempoChange(2, 96, 130.25)), (BarLength(3, 0.75),)),
    wavs=(Wav(1, "bgm.ogg"), Wav(36, "snare.ogg", volume=80, pan=-20)),
    chips=(
        Chip(0, 0, 0x01, 1),
        Chip(1, 0, 0x12, 36),
        Chip(1, 96, 0x12, 36),
        Chip(101, 128, 0x12, 36),
    ),
)

EXPECTED = """\
; Created by DTXCreator 024
; in the form of that editor, by Backbeat
#TITLE: Song
#ARTIST: Band
#DLEVEL: 45
#BPM: 128.5
#WAV01: bgm.ogg
#WAV10: snare.ogg
#VOLUME10: 80
#PAN10: -20
#BPM01: 130.25

#00001: 01
#00112: 10100000
#00208: 00010000
#00302: 0.75
#10112: 001000
"""


def test_the_bytes_of_a_chart():
    assert encode(CHART) == EXPECTED.replace("\n", "\r\n").encode("ascii")


def test_japanese_is_cp932_and_emoji_are_utf16():
    japanese = encode(dataclasses.replace(CHART, title="太鼓"))
    assert "太鼓".encode("cp932") in japanese
    emoji = encode(dataclasses.replace(CHART, title="🥁 é"))
    assert emoji.startswith(b"\xff\xfe")
    assert "🥁 é".encode("utf-16-le") in emoji


def test_titles_cannot_open_a_comment_or_a_line():
    chart = dataclasses.replace(CHART, title="a;b\r\n#BPM: 1\x00\u2028c ")
    assert chart.title == "ab  #BPM: 1c"


def test_tempos_and_lengths_are_written_without_exponents():
    tempo = TempoMap((TempoChange(0, 0, 1e2),), (BarLength(0, 1 / 64), BarLength(1, 1.0)))
    data = encode(dataclasses.replace(CHART, tempo=tempo))
    assert b"#BPM: 100\r\n" in data
    assert b"#00002: 0.015625\r\n" in data
    assert b"#00102: 1\r\n" in data


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"dlevel": 1000}, "DLEVEL"),
        ({"tempo": TempoMap((TempoChange(0, 0, 0.001),))}, "BPM"),
        ({"tempo": TempoMap((TempoChange(0, 0, 90.0),), start_s=-1.0)}, "start at 0 s"),
        ({"tempo": TempoMap((TempoChange(0, 0, 90.0),), (BarLength(2, 0.0),))}, "bar length"),
        ({"wavs": (Wav(1, "a"), Wav(1, "b"))}, "in order"),
        ({"wavs": (Wav(1, ";"), Wav(36, "b"))}, "no file name"),
        ({"wavs": (Wav(1, "bgm.ogg"),)}, "which is missing"),
        ({"chips": (Chip(0, 384, 0x01, 1),)}, "tick"),
        ({"chips": (Chip(3600, 0, 0x01, 1),)}, "bar"),
        ({"chips": (Chip(0, 0, 0x20, 1),)}, "Channel 20"),
        ({"chips": (Chip(1, 0, 0x01, 1), Chip(0, 0, 0x01, 1))}, "in order"),
    ],
)
def test_what_cannot_be_written(change, message):
    with pytest.raises(DtxError, match=message):
        encode(dataclasses.replace(CHART, **change))
