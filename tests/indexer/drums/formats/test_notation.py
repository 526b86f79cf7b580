import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import pytest

from indexer.drums.chart import make_chart_set
from indexer.drums.formats.exchange.general_midi import write_chart
from indexer.drums.formats.notation import PAGE_PX, write_notation
from indexer.drums.formats.tab import write_tab
from indexer.drums.types import (
    BarLength,
    ChartSet,
    Drum,
    GridNote,
    LevelChart,
    TempoChange,
    TempoMap,
)

SVG = "{http://www.w3.org/2000/svg}"


def song(notes, *, beats=4, division=2, title="A", artist="B"):
    level = LevelChart("MASTER", 50, tuple(sorted(notes)))
    tempo = TempoMap((TempoChange(0, 0, 120.0),), (BarLength(0, beats * division / 8),))
    return ChartSet(title, artist, tempo, beats, 0, (level,), (), 10.0, division), level


def tab_lines(chart, level):
    lines = write_tab(chart, level).splitlines()
    return {line[:2]: line[3:] for line in lines if line[2:3] == "|"}


def test_a_tab_of_a_bar():
    eighths = [GridNote(0, 48 * n, Drum.HAT_CLOSED) for n in range(7)]
    more = [
        GridNote(0, 336, Drum.HAT_OPEN), GridNote(0, 0, Drum.KICK), GridNote(0, 96, Drum.SNARE),
        GridNote(0, 312, Drum.SNARE, 0.2), GridNote(0, 192, Drum.KICK_LEFT),
    ]  # fmt: skip
    assert tab_lines(*song([*eighths, *more])) == {
        "HH": "x-x-x-x-x-x-x-o-|",
        "SD": "----o--------g--|",
        "BD": "o-------l-------|",
    }


def test_a_china_has_a_line_in_the_tab_and_a_ring_in_the_notation():
    notes = [
        GridNote(0, 0, Drum.CHINA),
        GridNote(0, 0, Drum.CRASH_LEFT),
        GridNote(0, 96, Drum.CHINA),
    ]
    chart, level = song(notes)
    assert tab_lines(chart, level) == {"CH": "X---X-----------|", "CC": "L---------------|"}
    drawn = ElementTree.fromstring(write_notation(chart, level))
    assert len(list(drawn.iter(f"{SVG}circle"))) == 2
    assert len([p for p in drawn.iter(f"{SVG}path") if p.get("stroke-width") == "1.2"]) == 3


def test_triplets_have_three_columns():
    notes = [GridNote(0, tick, Drum.RIDE) for tick in (0, 96, 160, 192, 224, 256, 288)]
    assert tab_lines(*song(notes))["RD"] == "x---x-xxxxx---|"


def test_compound_bars():
    notes = [GridNote(0, 64 * n, Drum.HAT_CLOSED) for n in range(6)]
    chart, level = song(notes, beats=2, division=3)
    assert tab_lines(chart, level)["HH"] == "x-x-x-x-x-x-|"
    assert "6/8" in write_tab(chart, level)
    drawn = ElementTree.fromstring(write_notation(chart, level))
    assert [t.text for t in drawn.iter(f"{SVG}text") if t.text in ("6", "8")] == ["6", "8"]


def test_notes_that_are_nearly_together_are_one_chord():
    notes = [GridNote(0, 0, Drum.KICK), GridNote(0, 0, Drum.CRASH), GridNote(0, 4, Drum.SNARE)]
    chart, level = song(notes)
    drawn = ElementTree.fromstring(write_notation(chart, level))
    *heads, _tempo_mark = [e.get("cx") for e in drawn.iter(f"{SVG}ellipse")]
    assert len(heads) == 2
    assert len(set(heads)) == 1
    assert not [e.text for e in drawn.iter(f"{SVG}text") if e.text in ("3", "6", "12")]


def test_the_number_of_a_tuplet_stands_clear_of_the_tempo():
    notes = [GridNote(0, tick, Drum.CRASH) for tick in (0, 32, 64)]
    drawn = ElementTree.fromstring(write_notation(*song(notes)))
    texts = {t.text: (float(t.get("x", 0)), float(t.get("y", 0))) for t in drawn.iter(f"{SVG}text")}
    assert abs(texts["= 120"][1] - texts["3"][1]) < 12
    assert texts["= 120"][0] + 30 < texts["3"][0]


def test_every_note_has_a_head(rock):
    chart = make_chart_set(rock.samples, title="x", artist="y")
    level = chart.levels[-1]
    drawn = ElementTree.fromstring(write_notation(chart, level))
    heads = list(drawn.iter(f"{SVG}ellipse"))
    crossed = {Drum.HAT_CLOSED, Drum.HAT_OPEN, Drum.CRASH, Drum.CRASH_LEFT, Drum.RIDE}
    full = sum(note.drum not in crossed for note in level.notes)
    assert len(heads) == full + 1  # the tempo mark is one
    crosses = [p for p in drawn.iter(f"{SVG}path") if p.get("stroke-width") == "1.2"]
    assert len(crosses) == len(level.notes) - full


def test_a_long_song_has_pages_and_nothing_on_their_edges():
    notes = [GridNote(bar, tick, Drum.SNARE) for bar in range(200) for tick in range(0, 384, 24)]
    chart, level = song(notes)
    drawn = ElementTree.fromstring(write_notation(chart, level))
    pages = float(drawn.get("viewBox", "").split()[3]) / PAGE_PX[1]
    assert pages == int(pages) > 3
    for head in drawn.iter(f"{SVG}ellipse"):
        assert 60 < float(head.get("cy", "0")) % PAGE_PX[1] < PAGE_PX[1] - 40
        assert 40 < float(head.get("cx", "0")) < PAGE_PX[0] - 40


@pytest.mark.parametrize("title", ["<b>&amp;\"'", "夏\x00\x1b[31m\ufffe; 🥁", "\ud800", ""])
def test_any_title_is_sound_xml_and_one_line_of_text(title):
    chart, level = song([GridNote(0, 0, Drum.KICK)], title=title, artist=title)
    drawn = ElementTree.fromstring(write_notation(chart, level, credit=title).encode())
    assert {element.tag.removeprefix(SVG) for element in drawn.iter()} <= {
        "svg", "title", "style", "text", "path", "ellipse", "circle",
    }  # fmt: skip
    assert all(c.isprintable() or c == "\n" for c in write_tab(chart, level, credit=title))


def test_an_empty_level():
    chart, level = song([])
    ElementTree.fromstring(write_notation(chart, level))
    assert "MASTER" in write_tab(chart, level)


def test_the_last_beat_of_seven_eight_is_half_a_beat():
    hats = [GridNote(0, round(384 / 7 * n), Drum.HAT_CLOSED) for n in range(7)]
    chart, level = song([*hats, GridNote(0, 0, Drum.KICK)], beats=3.5)
    assert tab_lines(chart, level)["HH"] == "x-x-x-x-x-x-x-|"
    texts = [
        e.text for e in ElementTree.fromstring(write_notation(chart, level)).iter(SVG + "text")
    ]
    assert texts.count("7") == 1 and texts.count("8") == 1


def test_a_bar_of_another_length_has_its_own_signature():
    notes = [GridNote(bar, 96 * beat, Drum.SNARE) for bar in range(3) for beat in range(4)]
    chart, level = song(notes[:4] + notes[8:] + [GridNote(1, 0, Drum.KICK)])
    lengths = (BarLength(1, 0.5), BarLength(2, 1.0))
    chart = replace(chart, tempo=replace(chart.tempo, bar_lengths=lengths))
    texts = [
        e.text for e in ElementTree.fromstring(write_notation(chart, level)).iter(SVG + "text")
    ]
    assert texts.count("4") == 5 and texts.count("2") == 1
    assert tab_lines(chart, level)["SD"] == "o---o---o---o---|--------|o---o---o---o---|"
    assert b"\xff\x58\x04\x02\x02" in write_chart(chart, level)
