"""Thresholds fitted to corrections: stored, used, ignored where outdated, deleted."""

import numpy as np
import pytest

from indexer.charts.fitted_thresholds import (
    LearnedThresholds,
    delete_learned,
    detector_for,
    fit_learned,
    read_learned,
)
from indexer.drums.corrections.refit import SongCurves
from indexer.drums.hearing.network import Network
from indexer.drums.types import Drum, DrumsError, Onset
from store.charts.current_charts import chart_folder, learned_file
from store.settings import StoreSettings

pytestmark = pytest.mark.usefixtures("data_folder")
SHIPPED = Network().card.thresholds


def song(*, faint: bool):
    """A hundred hi-hats, half of them below the shipped threshold if they are faint."""
    curves = {family: np.zeros(2100, np.float32) for family in SHIPPED}
    curves["HH"][20:2020:40] = 0.9
    curves["HH"][40:2040:40] = SHIPPED["HH"] * (0.6 if faint else 1.3)
    strokes = [Onset(0.2 * (number + 1), Drum.HAT_CLOSED, 0.8) for number in range(100)]
    return SongCurves(curves, strokes)


def threshold(family, profile="default"):
    detector = detector_for(profile, imported=StoreSettings().models / "none")
    detection = detector(np.zeros(44_100, np.float32), sample_rate=44_100)
    voice = next(number for number, drum in enumerate(detection.drums) if drum.family == family)
    assert detection.thresholds is not None
    return detection.thresholds[voice]


def test_helpful_thresholds_are_used_until_they_are_deleted():
    before = chart_folder(1, ["MASTER"], version="6.a")
    kept, found = fit_learned({n: song(faint=True) for n in (5, 2, 9)}, SHIPPED)
    assert kept is not None and kept == read_learned() and kept.counts
    assert kept.corrections == (2, 5, 9) and set(kept.families) == {"HH"}
    assert found["HH"].after > found["HH"].before + 0.1
    assert threshold("HH") == pytest.approx(SHIPPED["HH"] * kept.families["HH"].factor)
    assert threshold("KD") == SHIPPED["KD"]
    assert threshold("HH", "multi-scale") == SHIPPED["HH"]
    assert chart_folder(1, ["MASTER"], version="6.a") != before  # charts are made again
    assert chart_folder(1, ["MASTER"], version="6.a", correction_id=3) == "1-c3-M"
    assert delete_learned() and not delete_learned()
    assert read_learned() is None and threshold("HH") == SHIPPED["HH"]
    assert chart_folder(1, ["MASTER"], version="6.a") == before


def test_thresholds_that_do_not_help_replace_the_old_ones():
    fit_learned({n: song(faint=True) for n in range(3)}, SHIPPED)
    kept, found = fit_learned({n: song(faint=False) for n in range(3)}, SHIPPED)
    assert kept is None and not found["HH"].helps
    assert read_learned() is None


def test_two_songs_are_too_few():
    with pytest.raises(DrumsError, match="from 3 corrected songs on"):
        fit_learned({1: song(faint=True), 2: song(faint=True)}, SHIPPED)


def test_what_another_network_taught_does_not_count():
    kept, _ = fit_learned({n: song(faint=True) for n in range(3)}, SHIPPED)
    assert kept is not None
    learned_file().write_text(learned_file().read_text().replace(str(kept.network), "1"))
    old = read_learned()
    assert isinstance(old, LearnedThresholds) and not old.counts
    assert threshold("HH") == SHIPPED["HH"]


@pytest.mark.parametrize("text", ["", "{}", '{"corrections": [], "network": 1, "families": []}'])
def test_damage_is_reported(text):
    fit_learned({n: song(faint=True) for n in range(3)}, SHIPPED)
    learned_file().write_text(text)
    with pytest.raises(DrumsError, match="--forget-learned"):
        threshold("HH")
