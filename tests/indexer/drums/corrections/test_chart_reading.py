"""Charts as people and programs of all countries write them, read as forgivingly as players do."""

import codecs

import pytest

from indexer.drums.corrections.chart_reading import CorrectedChart, read_corrected_chart
from indexer.drums.types import Drum, DrumsError

SNARE_S = 2.0
"""Time of bar 1 at 120 BPM."""


def read(text: str | bytes, suffix: str = ".dtx") -> CorrectedChart:
    data = text.encode() if isinstance(text, str) else text
    return read_corrected_chart(data, suffix=suffix)


def times(chart: CorrectedChart) -> list[tuple[float, Drum]]:
    return [(round(chart.tempo.time_s(n.bar, n.tick), 4), n.drum) for n in chart.notes]


@pytest.mark.parametrize(
    ("line", "bar_s"),
    [
        ("#BPM: 128,5", 240 / 128.5),
        ("#bpm 128.5", 240 / 128.5),
        ("#BPM\t128.5 ; of the band", 240 / 128.5),
        ("#BPM:１２８．５", 240 / 128.5),
        ("#BPM: 1,280.5", 240 / 1280.5),
        ("#BPM: 0,75", 320.0),
        ("#BPM: 4800", 0.05),
        ("#BPM: 128bpm", 240 / 128),
        ("#BPM: 128.", 240 / 128),
        ("#BPM01: 128,5\n#00008: 01", 240 / 128.5),
        ("#BASEBPM: 100,5\n#BPM: 28", 240 / 128.5),
        ("#BPM: 120\n#00002: 0,75", 1.5),
        ("#BPM: 120\n#00002: .005", 0.01),
        ("#BPM: 120\n#00003: F0", 1.0),
        ("#BPM: 120\n#00002 0.5", 1.0),
    ],
)
def test_decimals_and_lengths_of_any_country(line, bar_s):
    chart = read(f"{line}\n#00113: 01\n")
    assert times(chart) == [(pytest.approx(bar_s, abs=1e-4), Drum.KICK)]


@pytest.mark.parametrize(
    "data",
    [
        "#TITLE: a – b\n#BPM: 120\n#00112: 01\n".encode(),
        codecs.BOM_UTF8 + "#TITLE: é\n#BPM: 120\n#00112: 01\n".encode(),
        "#TITLE: 가\n#BPM: 120\n#00112: 01\n".encode("cp949"),
        "#TITLE: Café\r\n#BPM: 120\r\n#00112: 01\r\n".encode("cp1252"),
        "#TITLE: 夏;x\r#BPM: 120\r#00112: 01\r".encode("cp932"),
        "#BPM: 120\r\n#00112: 01\n".encode("utf-16-le"),
        codecs.BOM_UTF16_BE + "#BPM: 120\n#00112: 01".encode("utf-16-be"),
        codecs.BOM_UTF16_LE + "#BPM: 120\n#00112: 01".encode("utf-16-le") + b"\x0d",
        b"#TITLE: \x81\xff\xff\n#BPM: 120\n#00112: 01\n",
    ],
)
def test_encodings_of_all_countries(data):
    assert times(read(data)) == [(SNARE_S, Drum.SNARE)]


@pytest.mark.parametrize(
    "objects",
    [
        "#00112: 01", "#00112:01;comment", "#00112 01", "#00112\t01", " # 00112: 01", "#00112:: 01",
        "#00112: 0100000", "#00112: 01 00", "#00112: 0_1", "#00112: ０１", "#00112: zz",
        "#00112: 00\n#00112: 01", "#00112: 01\n#00112: 01",
    ],
)  # fmt: skip
def test_lines_of_objects_as_players_take_them(objects):
    chart = read(f"#BPM: 120\n{objects}\n")
    assert times(chart) == [(SNARE_S, Drum.SNARE)]
    assert chart.remarks == ()


def test_what_is_left_out_is_told():
    chart = read(
        "#BPM: fast\n#00112: 01\n#00113: 0!\n#00102: -1\n#00108: 07\n#FOO: 1\n#001F9: 01\n"
        "#00121: 0101\n#001A3: 01\n#00132: 01\n#10000013: 01\n"
    )
    assert times(chart) == [(SNARE_S, Drum.SNARE)]
    told = "\n".join(chart.remarks)
    for words in ("Line 1 ", "Line 3 ", "Line 4 ", "Line 11 ", "2 lines of guitar and bass",
                  "1 lines of hidden", "on channels that are not drums", "120 is taken",
                  "1 tempo changes", "1 commands"):  # fmt: skip
        assert words in told


@pytest.mark.parametrize(
    "branches",
    [
        "#RANDOM 2\n#IF 1\n#00112: 01\n#ENDIF\n#IF 2\n#00113: 01\n#ENDIF",
        "#random: 3\n#if 2\n#00113: 01\n#endif\n#if 1\n#00112: 01\n#endif",
        "#RANDOM 2\n#IF 1\n#00112: 01\n#ELSE\n#00113: 01\n#ENDIF",
        "#RANDOM 2\n#IF 2\n#RANDOM 2\n#IF 1\n#00113: 01\n#ENDIF\n#END IF\n#00112: 01",
        "#00112: 01\n#RANDOM 2\n#IF 2\n#00113: 01",
    ],
)
def test_one_branch_is_taken_and_the_others_are_told(branches):
    chart = read(f"#BPM: 120\n{branches}\n")
    assert times(chart) == [(SNARE_S, Drum.SNARE)]
    assert "first branch" in chart.remarks[0]


@pytest.mark.parametrize("suffix", [".gda", ".G2D"])
def test_channels_named_by_letters(suffix):
    chart = read(
        "#BPM: 120\n#000BL: 0.5\n#001SD: 01\n#001BD: 0001\n#001G1: 01\n#001B1: 01\n", suffix
    )
    assert times(chart) == [(1.0, Drum.SNARE), (1.5, Drum.KICK)]
    assert chart.remarks == ("Passed over: 2 lines of guitar and bass.",)


def test_other_files_are_refused_by_name():
    with pytest.raises(DrumsError, match=r"\.dtx, \.gda, \.g2d, \.mid"):
        read("#00111:01", ".bms")
    with pytest.raises(DrumsError, match="2 lines of guitar"):
        read("#00121: 01\n#00222: 01")
