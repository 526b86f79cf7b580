import codecs

import pytest

from indexer.drums.formats.dtx.decode import decode
from indexer.drums.formats.dtx.dtx_types import Chip, DtxError, Wav
from indexer.drums.types import BarLength, TempoChange

REAL_LIKE = """\
 #title Song of spaces
#ARTIST:Band;with a comment
some line that is no command
#BPM: 120
#BASEBPM: 10
#WAV0a: kick.ogg
#DTXC_WAVBACKCOLOR0A: #FFFFFF
#PANEL: hello
#BPM02: 33.5
#00213: 0A_00
#00213: 000A
#00302: 0.5
#00403: 003C
#00508: 02
#00131: 0A
"""


def test_a_file_as_people_write_them():
    chart = decode(REAL_LIKE.encode())
    assert chart.title == "Song of spaces"
    assert chart.artist == "Band"
    assert chart.wavs == (Wav(10, "kick.ogg"),)
    assert chart.chips == (Chip(2, 0, 0x13, 10), Chip(2, 192, 0x13, 10))
    assert chart.tempo.bar_lengths == (BarLength(3, 0.5),)
    assert chart.tempo.changes == (
        TempoChange(0, 0, 130.0),
        TempoChange(4, 192, 70.0),
        TempoChange(5, 0, 43.5),
    )


@pytest.mark.parametrize(
    ("bom", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (b"", "cp932"),
    ],
)
def test_encodings(bom, encoding):
    assert decode(bom + "#TITLE: ソロ".encode(encoding)).title == "ソロ"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("#NONSENSE: 1", "Line 2 .*NONSENSE is not a command"),
        ("#BPM: fast", "must be a number"),
        ("#BPM: 0", "between 0.01 and 100000"),
        ("#BPM: 1e3", "must be a number"),
        ("#DLEVEL: 4.5", "whole number"),
        ("#DLEVEL: -1", "between 0 and 999"),
        ("#VOLUME01: 101", "between 0 and 100"),
        ("#PAN01: -101", "between -100 and 100"),
        ("#WAV01:", "names no file"),
        ("#00113: 0", "pairs of digits"),
        ("#00113:", "pairs of digits"),
        ("#00113: 0!", "no base-36 digit"),
        ("#00103: 0G", "no base-16 digit"),
        ("#00113: " + "00" * 5, "do not divide 384"),
        ("#00113: " + "00" * 768, "do not divide 384"),
        ("#00102: long", "must be a number"),
        ("#00102: 0", "must lie between"),
        ("#001FF: 01", "channel FF is unknown"),
        ("#00113: 01", "no #WAV line defines"),
        ("#00108: 01", "no #BPM line"),
    ],
)
def test_malformed_lines_stop_the_strict_reader_only(line, message):
    data = f"#TITLE: t\r\n{line}\r\n".encode()
    with pytest.raises(DtxError, match=message):
        decode(data)
    assert decode(data, strict=False).title == "t"


def test_bytes_that_are_no_text():
    with pytest.raises(DtxError, match="Save it as Shift_JIS"):
        decode(b"#TITLE: \x81\xff\xff")
