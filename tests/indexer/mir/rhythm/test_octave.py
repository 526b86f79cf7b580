"""Which tempo of a family is the beat, on drums whose backbeat tells."""

import numpy as np
import pytest

from indexer.mir.rhythm import octave, onset, tempo
from indexer.mir.signal import spectrum

RATE = spectrum.ANALYSIS_RATE_HZ


def sounds() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(1)
    t = np.arange(int(0.15 * RATE)) / RATE
    return {
        "k": np.sin(2 * np.pi * 60 * t) * np.exp(-25 * t),
        "s": rng.normal(0, 0.5, len(t)) * np.exp(-30 * t),
        "h": 0.5 * np.diff(rng.normal(0, 0.3, len(t) + 1)) * np.exp(-80 * t),
    }


def played(bars: str, *, bpm: float, seconds: float = 16.0) -> np.ndarray:
    """A pattern of eighths, `|`-separated voices: "k...k...|..s...s.|hhhhhhhh"."""
    out = np.zeros(int(seconds * RATE), dtype=np.float32)
    kit = sounds()
    for voice in bars.split("|"):
        for i in range(int(seconds * bpm / 30)):
            mark = voice[i % len(voice)]
            if mark != ".":
                start = int(i * 30 / bpm * RATE)
                part = kit[mark][: len(out) - start]
                out[start : start + len(part)] += part.astype(np.float32)
    return out


def evidence(samples: np.ndarray) -> octave.TempoEvidence:
    curves = spectrum.scan(samples).onset_curves
    return tempo.collect_evidence(onset.novelty(curves))


@pytest.mark.parametrize("bpm", [66.0, 76.0, 84.0, 104.0, 126.0, 150.0])
def test_the_backbeat_tells_the_octave(bpm):
    bpms, chances = octave.rank_candidates(evidence(played("k...k...|..s...s.|hhhhhhhh", bpm=bpm)))
    assert bpms[int(np.argmax(chances))] == pytest.approx(bpm, rel=0.02)
    assert chances.sum() == pytest.approx(1)


def test_three_beats_in_a_bar_are_not_read_as_one():
    bpms, chances = octave.rank_candidates(evidence(played("k.....|..s.s.", bpm=150)))
    assert bpms[int(np.argmax(chances))] == pytest.approx(150, rel=0.02)


def test_halves_doubles_and_thirds_are_candidates():
    found = octave.candidates_bpm(*(lambda e: (e.grid_bpm, e.scores))(evidence(
        played("k...k...|..s...s.|hhhhhhhh", bpm=100)
    )))  # fmt: skip
    for ratio in (0.5, 1.0, 2.0):
        assert np.abs(found / (100 * ratio) - 1).min() < 0.03
    assert ((found >= octave.LOWEST_BPM * 0.97) & (found <= octave.HIGHEST_BPM * 1.03)).all()
    apart = np.abs(found[:, None] / found[None, :] - 1)[~np.eye(len(found), dtype=bool)]
    assert apart.min() > 0.03


def test_alternating_drums_are_opposed_a_beat_away():
    bpm = 120.0
    curves = spectrum.scan(played("k...k...|..s...s.", bpm=bpm)).onset_curves
    alternation = octave.drum_curves(onset.novelty(curves))[0]
    beat = round(60 * spectrum.FRAME_RATE_HZ / bpm)
    centred = alternation - alternation.mean()
    near, far = (float(np.mean(centred[:-lag] * centred[lag:])) for lag in (beat, 2 * beat))
    assert near < 0 < far


def test_a_snare_with_bass_still_sounds_otherwise_than_a_kick():
    """The alternation of bands is blind to it: noise has as much bass as a kick."""
    bpm = 72.0
    found = evidence(played("k...k...|..s...s.|hhhhhhhh", bpm=bpm))
    beat = round(60 * spectrum.FRAME_RATE_HZ / bpm)
    low_bands, sound = found.correlations[0], found.correlations[-1]
    assert low_bands[beat] > 0.3
    assert sound[beat] < low_bands[beat] - 0.1
    assert sound[2 * beat] > sound[beat] + 0.3


def test_every_feature_has_a_finite_weight():
    assert octave.weights().shape == (len(octave.FEATURES),)
    assert np.isfinite(octave.weights()).all()
    described = octave.describe(
        evidence(played("k...k...|..s...s.", bpm=90)), np.array([45.0, 90.0])
    )
    assert described.shape == (2, len(octave.FEATURES))
    assert np.isfinite(described).all()
