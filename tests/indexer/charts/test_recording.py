"""Sources that hold no cymbals are told."""

import numpy as np
import pytest
import soxr

from indexer.charts.recording import unheard
from indexer.drums.formats.kit import render_hit
from indexer.drums.formats.preview import frame_features
from indexer.drums.types import Drum

RATE = 44_100


def frames(band_rate):
    """A groove whose samples were once `band_rate` a second."""
    samples = np.zeros(8 * RATE, np.float32)
    for number, drum in enumerate([Drum.KICK, Drum.HAT_CLOSED, Drum.SNARE, Drum.HAT_CLOSED] * 4):
        hit = render_hit(drum)
        part = samples[number * RATE // 2 :][: hit.size]
        part += 0.4 * hit[: part.size]
    if band_rate != RATE:
        samples = soxr.resample(soxr.resample(samples, RATE, band_rate), band_rate, RATE)
    return frame_features(samples.astype(np.float32), sample_rate=RATE)


@pytest.mark.parametrize(
    ("band_rate", "source_rate", "limit"),
    [(8000, 8000, "4 kHz"), (8000, 44_100, "4 kHz"), (22_050, 22_050, "11 kHz")],
)
def test_what_cannot_be_heard_is_told(band_rate, source_rate, limit):
    said = unheard(frames(band_rate), source_rate=source_rate)
    assert limit in said and "hi-hats" in said


@pytest.mark.parametrize("source_rate", [44_100, 48_000, 32_000])
def test_full_sources_are_not(source_rate):
    assert unheard(frames(RATE), source_rate=source_rate) == ""
