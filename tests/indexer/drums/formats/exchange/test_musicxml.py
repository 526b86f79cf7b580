"""Scores as notation programs write them."""

import pytest

from indexer.drums.corrections.chart_reading import read_corrected_chart
from indexer.drums.types import Drum, DrumsError

SCORE = """<?xml version="1.0"?>
<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 3.1 Partwise//EN" "x.dtd">
<score-partwise version="3.1"><part-list>
<score-part id="P1"><part-name>Piano</part-name></score-part>
<score-part id="P2"><part-name>Drumset</part-name>
<score-instrument id="P2-I40"><instrument-name>Clap</instrument-name></score-instrument>
<midi-instrument id="P2-I40"><midi-unpitched>40</midi-unpitched></midi-instrument>
<midi-instrument id="P2-I37"><midi-unpitched>37</midi-unpitched></midi-instrument></score-part>
</part-list>
<part id="P1"><measure number="1"/></part>
<part id="P2"><measure number="0" implicit="yes"><attributes><divisions>2</divisions>
<time><beats>3+2</beats><beat-type>4</beat-type></time></attributes>
<direction><direction-type><metronome><beat-unit>quarter</beat-unit><beat-unit-dot/>
<per-minute>60,5</per-minute></metronome></direction-type></direction>
%s</measure><measure number="1">%s</measure></part></score-partwise>"""


def note(place="C5", *, head="", duration=2, more="", before=""):
    body = f"<unpitched><display-step>{place[0]}</display-step>"
    body += f"<display-octave>{place[1]}</display-octave></unpitched>"
    heads = f"<notehead>{head}</notehead>" if head else ""
    return f"<note>{before}{body}<duration>{duration}</duration>{more}{heads}</note>"


def read(first, second=""):
    return read_corrected_chart((SCORE % (first, second)).encode(), suffix=".xml")


def test_pickups_voices_ties_and_heads():
    second = (
        note("G5", head="x") + note("C5", before="<chord/>")
        + note("G5", head="x", more="<notations><technical><open-string/></technical></notations>")
        + "<backup><duration>4</duration></backup>" + note("F4", duration=3)
        + note("F4", duration=1, more='<tie type="stop"/>')
        + "<forward><duration>2</duration></forward>"
        + note("C5", more='<instrument id="P2-I37"/>')
    )  # fmt: skip
    chart = read(note("C5"), second)
    assert chart.tempo.bar_length(0) == 0.25 and chart.tempo.bar_length(1) == 1.25
    assert chart.tempo.changes[0].bpm == pytest.approx(90.75)
    quarter = 384 / 5
    assert [(n.bar, round(n.tick / quarter, 2), n.drum) for n in chart.notes] == [
        (0, 0, Drum.SNARE), (1, 0, Drum.HAT_CLOSED), (1, 0, Drum.KICK), (1, 0, Drum.SNARE),
        (1, 1, Drum.HAT_OPEN), (1, 2.99, Drum.KICK),
    ]  # fmt: skip
    assert chart.remarks == ()


def test_what_is_left_out_is_told():
    chart = read(
        note("C5") + note("E3", head="triangle") + note("C5", before="<grace/>")
        + '<barline><repeat direction="backward"/></barline>'
    )  # fmt: skip
    assert len(chart.notes) == 1
    told = " ".join(chart.remarks)
    assert "1 grace notes" in told and "E3 with a triangle head" in told and "1 repeat" in told


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<score-timewise/>", "partwise"),
        (b"<html/>", "no MusicXML"),
        (b"<score-partwise><part id='P1'/></score-partwise>", "no part of percussion"),
        (b"hello", "no MusicXML"),
        (b"PK\x03\x04nothing", "no MusicXML"),
    ],
)
def test_other_files_are_refused(data, words):
    with pytest.raises(DrumsError, match=words):
        read_corrected_chart(data, suffix=".musicxml")
