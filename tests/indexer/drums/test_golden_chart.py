"""Stored charts of two songs: what changes them raises the version of the drum code.

To store the charts of a new version:

    BACKBEAT_WRITE_GOLDEN=1 python -m pytest tests/indexer/drums/test_golden_chart.py
"""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.demo.demo_mix import render
from indexer.demo.demo_songs import SONGS
from indexer.demo.instruments import SAMPLE_RATE
from indexer.drums.chart import make_chart_set
from indexer.drums.hearing.activation import SAMPLE_RATE as DRUMS_RATE
from indexer.drums.version import CHART_CODE_VERSION, WEIGHT_FILES, chart_version, weights_digest
from indexer.files.audio.decoding import resample

GOLDEN = Path(__file__).parents[2] / "data" / "golden_chart.json"
COMMAND = "BACKBEAT_WRITE_GOLDEN=1 python -m pytest tests/indexer/drums/test_golden_chart.py"
TITLES = ("Copper Sky", "Iron Tide")
SECONDS = 20.0
VELOCITY_STEP = 0.02  # processors round differently


def chart(title):
    song = replace(next(one for one in SONGS if one.title == title), duration_s=SECONDS)
    samples = resample(render(song).mean(axis=0), from_hz=SAMPLE_RATE, to_hz=DRUMS_RATE)
    found = make_chart_set(samples, title=title, artist=song.artist)
    return {
        "tempo": [[c.bar, c.tick, round(c.bpm, 3)] for c in found.tempo.changes],
        "start_s": round(found.tempo.start_s, 3),
        "bars": [[b.bar, b.length] for b in found.tempo.bar_lengths],
        "levels": {one.level: [len(one.notes), one.dlevel] for one in found.levels},
        "master": [
            [n.bar, n.tick, n.drum.value, round(n.velocity, 2)] for n in found.levels[-1].notes
        ],
    }


@pytest.fixture(scope="module")
def golden():
    if os.environ.get("BACKBEAT_WRITE_GOLDEN"):
        charts = {title: chart(title) for title in TITLES}
        stored = {"code": CHART_CODE_VERSION, "weights": weights_digest(), "charts": charts}
        text = json.dumps(stored, separators=(",", ":")).replace("],[", "],\n[")
        GOLDEN.write_text(text + "\n", encoding="utf-8")
    return json.loads(GOLDEN.read_text(encoding="utf-8"))


def differences(found, stored):
    """Names of what differs between two charts."""
    names = [name for name in ("bars", "levels") if found[name] != stored[name]]
    if found["start_s"] != pytest.approx(stored["start_s"], abs=0.002):
        names.append("start_s")
    for name, exact in (("tempo", 2), ("master", 3)):
        if [row[:exact] for row in found[name]] != [row[:exact] for row in stored[name]]:
            names.append(name)
        elif [row[exact] for row in found[name]] != pytest.approx(
            [row[exact] for row in stored[name]], abs=VELOCITY_STEP
        ):
            names.append(f"values of {name}")
    return names


@pytest.mark.parametrize("title", TITLES)
def test_charts_change_only_with_their_version(golden, title):
    changed = differences(chart(title), golden["charts"][title])
    todo = (
        f"raise CHART_CODE_VERSION in indexer/drums/version.py and run: {COMMAND}"
        if (golden["code"], golden["weights"]) == (CHART_CODE_VERSION, weights_digest())
        else f"run: {COMMAND}"
    )
    assert not changed, f"{title} is charted otherwise ({', '.join(changed)}): {todo}"


def test_the_stored_charts_are_of_this_version(golden):
    stored = (golden["code"], golden["weights"])
    assert stored == (CHART_CODE_VERSION, weights_digest()), (
        f"the version or the weights that ship have changed: run: {COMMAND}"
    )


def test_a_changed_note_tempo_or_velocity_is_a_difference(golden):
    stored = golden["charts"]["Copper Sky"]
    assert len(stored["master"]) > 60 and differences(stored, stored) == []
    without = {**stored, "master": stored["master"][1:]}
    faster = {**stored, "tempo": [[bar, tick, bpm + 1] for bar, tick, bpm in stored["tempo"]]}
    louder = {**stored, "master": [[*row[:3], row[3] + 0.1] for row in stored["master"]]}
    assert differences(without, stored) == ["master"]
    assert differences(faster, stored) == ["values of tempo"]
    assert differences(louder, stored) == ["values of master"]


def test_the_version_names_code_and_weights():
    assert chart_version() == f"{CHART_CODE_VERSION}.{weights_digest()}"
    assert len(weights_digest()) == 12
    folder = Path(__file__).parents[3] / "indexer" / "drums"
    assert all((folder / name).is_file() for name in WEIGHT_FILES)
    shipped = {
        path.relative_to(folder).as_posix()
        for pattern in ("*.json", "*.tflite", "*.npz")
        for path in folder.rglob(pattern)
    }
    assert shipped == set(WEIGHT_FILES)
