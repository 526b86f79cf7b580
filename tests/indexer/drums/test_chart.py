"""Onsets of many kinds of music, through to files that the independent checker reads."""

import numpy as np
import pytest

from indexer.drums.chart import chart_onsets
from indexer.drums.formats.dtx.check import check_bundle
from indexer.drums.formats.dtx.encode import encode
from indexer.drums.formats.dtx.setdef import SetDef, encode_setdef
from indexer.drums.formats.level_dtx import to_dtx
from indexer.drums.types import LEVELS, Drum, DrumsError, Onset

STYLES = {
    "rock": ((4, 4), 126, {"kick": "X.....x.X.x.....", "snare": "....X.......X...",
                           "hat_closed": "X.x.X.x.X.x.X.x."}),
    "double bass": ((4, 4), 205, {"kick": "xxxxxxxxxxxxxxxx", "snare": "....X.......X...",
                                  "crash": "X...X...X...X..."}),
    "blast": ((4, 4), 230, {"kick": "x.x.x.x.x.x.x.x.", "snare": ".x.x.x.x.x.x.x.x",
                            "ride": "x.x.x.x.x.x.x.x."}),
    "everything": ((4, 4), 190, {d.value: "x" * 32 for d in Drum if d is not Drum.OTHER}),
    "fast waltz": ((3, 4), 188, {"kick": "X.....", "snare": "..x.x.", "ride": "X.x.x."}),
    "six eight": ((6, 8), 84, {"kick": "X....x", "snare": "...X..", "hat_closed": "XxxXxx"}),
    "twelve eight": ((12, 8), 90, {"kick": "X.....X.xX.x", "snare": "...X.....X..",
                                   "hat_closed": "XxxXxxXxxXxx"}),
    "swing": ((12, 8), 240, {"kick": "x.....x.....", "hat_pedal": "...x.....x..",
                             "ride": "X..X.xX..X.x"}),
}  # fmt: skip


def detected(name, *, drift=0.0, jitter_s=0.008, seed=0):
    signature, bpm, lanes = STYLES[name]
    rng = np.random.default_rng(seed)
    onsets, now_s = [], 0.9
    for bar in range(20):
        bar_s = 240 / bpm * signature[0] / signature[1] * np.exp(drift * np.sin(bar / 4))
        for voice, row in lanes.items():
            for step, mark in enumerate(row):
                if mark != "." and rng.random() < 0.95:
                    time_s = now_s + step / len(row) * bar_s + rng.normal(0, jitter_s)
                    onsets.append(Onset(float(time_s), Drum(voice), float(rng.uniform(0.3, 1))))
        if bar % 4 == 0:
            onsets.append(Onset(now_s, Drum.CRASH, 1.0))
        now_s += bar_s
    return tuple(sorted(onsets)), now_s


def problems_of(chart, folder):
    names = {}
    for level in chart.levels:
        dtx = to_dtx(chart, level)
        names[level.level] = f"{level.level}.dtx"
        (folder / names[level.level]).write_bytes(encode(dtx))
        for file in {wav.file for wav in dtx.wavs} | {dtx.preview} - {""}:
            (folder / file).write_bytes(b"OggS")
    (folder / "SET.def").write_bytes(encode_setdef(SetDef("t", names)))
    return check_bundle(folder)


@pytest.mark.parametrize("drift", [0.0, 0.03])
@pytest.mark.parametrize("name", STYLES)
def test_every_chart_passes_the_checker(name, drift, tmp_path):
    onsets, duration_s = detected(name, drift=drift)
    chart = chart_onsets(onsets, duration_s=duration_s, title="t", artist="")
    assert problems_of(chart, tmp_path) == ()
    counts = [len(level.notes) for level in chart.levels]
    numbers = [level.dlevel for level in chart.levels]
    assert counts == sorted(counts) and counts[0] > 20
    assert numbers == sorted(numbers)


@pytest.mark.parametrize("name", ["rock", "fast waltz", "twelve eight"])
def test_time_signatures(name):
    onsets, duration_s = detected(name)
    chart = chart_onsets(onsets, duration_s=duration_s, title="", artist="")
    assert chart.time_signature == STYLES[name][0]


def test_given_values_win(tmp_path):
    onsets, duration_s = detected("rock")
    chart = chart_onsets(
        onsets, duration_s=duration_s, title="t", artist="", bpm=63.0, offset_s=1.9,
        time_signature="3/4", levels=["MASTER"],
    )  # fmt: skip
    assert (chart.tempo.changes[0].bpm, chart.time_signature) == (63.0, (3, 4))
    assert [level.level for level in chart.levels] == ["MASTER"]
    lines = [chart.tempo.time_s(bar) for bar in range(9)]
    assert min(abs(line - 1.9) for line in lines) < 1e-6
    assert problems_of(chart, tmp_path) == ()


def test_unknown_levels():
    onsets, duration_s = detected("rock")
    for levels in ([], ["HARD"], ["MASTER", "hard"]):
        with pytest.raises(DrumsError, match=f"Choose levels from {LEVELS[0]}"):
            chart_onsets(onsets, duration_s=duration_s, title="", artist="", levels=levels)
