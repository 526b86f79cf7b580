"""Detection thresholds fitted to the corrections, stored beside them, and detectors that use them.

The file holds a factor for each family's threshold (`drums/corrections/refit.py`). It counts for
the profile `default`, and for the network that it was fitted to.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np

from indexer.charts.options import OnProgress, ignore_progress
from indexer.charts.stored_corrections import corrected_song, made_corrections_folder
from indexer.drums.corrections.refit import FEWEST_SONGS, FittedThreshold, SongCurves, refit
from indexer.drums.hearing.activation import SAMPLE_RATE, Detector
from indexer.drums.hearing.network import MODEL, DetectionOptions, Network, detect_network
from indexer.drums.hearing.profiles import ALIASES, detector_of
from indexer.drums.types import DrumsError
from indexer.files.audio.audio_types import AudioError
from indexer.files.audio.decoding import decode
from store.charts.chart_corrections import CorrectionDetail
from store.charts.current_charts import learned_file, newest_corrections
from store.results import StoreError

_DEFAULT: Final = "default"


@dataclass(frozen=True)
class LearnedThresholds:
    """Fitted thresholds and their source.

    Attributes:
        corrections: Ids of the corrections.
        network: Checksum of the network.
        families: Those whose fitted threshold helps.
    """

    corrections: tuple[int, ...]
    network: int
    families: Mapping[str, FittedThreshold]

    @property
    def counts(self) -> bool:
        """Whether they are for the installed network."""
        return self.network == _network_checksum()

    @property
    def covers_corrections(self) -> bool:
        """Whether they were fitted to the newest corrections."""
        return set(self.corrections) == {one.id for one in newest_corrections()}


def learn_corrections(
    *,
    on_error: Callable[[CorrectionDetail, str], None],
    on_progress: OnProgress = ignore_progress,
) -> tuple[LearnedThresholds | None, Mapping[str, FittedThreshold]]:
    """Fit the thresholds to the newest corrections; results as of `fit_learned`.

    Args:
        on_error: Gets each correction that is left out, and why.
        on_progress: Gets a fraction 0..1 and the title of the current song.

    Raises:
        DrumsError: There are too few songs.
    """
    songs, corrections, network = {}, newest_corrections(), Network()
    for number, correction in enumerate(corrections):
        on_progress(number / len(corrections), correction.title)
        try:
            songs[correction.id] = song_curves(correction, network)
        except (AudioError, DrumsError, StoreError) as error:
            on_error(correction, str(error))
    return fit_learned(songs, network.card.thresholds)


def song_curves(correction: CorrectionDetail, network: Network) -> SongCurves:
    """Return the activations of a corrected song, before peaks are picked.

    Raises:
        AudioError: The recording cannot be used.
        DrumsError: The correction is damaged, or the recording too long to learn from.
        StoreError: The track or its file is missing.
    """
    song = corrected_song(correction)
    audio = decode(song.path, sample_rate=SAMPLE_RATE)
    if audio.excerpted:
        raise DrumsError("This recording is too long to learn from; seven minutes are the most.")
    curves = network.detect(np.asarray(audio.samples, np.float32)).curves
    return SongCurves(curves, song.onsets)


def fit_learned(
    songs: Mapping[int, SongCurves], thresholds: Mapping[str, float]
) -> tuple[LearnedThresholds | None, Mapping[str, FittedThreshold]]:
    """Fit the thresholds to corrected songs and store those that help, instead of earlier ones.

    Args:
        songs: By the number of their correction.
        thresholds: Of the network that made the activations.

    Returns:
        What is stored, None where nothing helps; and the result of every family.

    Raises:
        DrumsError: There are too few songs.
    """
    if len(songs) < FEWEST_SONGS:
        raise DrumsError(
            f"There is something to learn from {FEWEST_SONGS} corrected songs on; "
            f"I can hear {len(songs)}. Correct some more: backbeat chart import FILE --track NAME"
        )
    found = refit(list(songs.values()), thresholds)
    helpful = {family: fitted for family, fitted in found.items() if fitted.helps}
    delete_learned()
    if not helpful:
        return None, found
    learned = LearnedThresholds(tuple(sorted(songs)), _network_checksum(), helpful)
    part = made_corrections_folder() / "learned.part"
    part.write_text(json.dumps(_as_json(learned), indent=1), encoding="utf-8")
    part.replace(learned_file())
    return learned, found


def _as_json(learned: LearnedThresholds) -> dict[str, object]:
    return {
        "corrections": learned.corrections,
        "network": learned.network,
        "families": {
            family: {
                "factor": one.factor,
                "strokes": one.onsets,
                "before": one.before,
                "after": one.after,
            }
            for family, one in learned.families.items()
        },
    }


def read_learned() -> LearnedThresholds | None:
    """Read the fitted thresholds; None where there are none.

    Raises:
        DrumsError: The file is damaged.
    """
    if not learned_file().is_file():
        return None
    try:
        stored = json.loads(learned_file().read_text(encoding="utf-8"))
        return LearnedThresholds(
            corrections=tuple(int(number) for number in stored["corrections"]),
            network=int(stored["network"]),
            families={
                str(family): FittedThreshold(
                    factor=float(fitted["factor"]),
                    onsets=int(fitted["strokes"]),
                    before=float(fitted["before"]),
                    after=float(fitted["after"]),
                )
                for family, fitted in stored["families"].items()
            },
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DrumsError(
            "What was learned from your corrections is damaged; "
            "remove it with backbeat chart corrections --forget-learned."
        ) from error


def delete_learned() -> bool:
    """Delete the fitted thresholds; False where there are none."""
    was_there = learned_file().is_file()
    learned_file().unlink(missing_ok=True)
    return was_there


def detector_for(profile: str, *, imported: Path) -> Detector:
    """Return the detector of a profile, with the fitted thresholds where it is the default one.

    Raises:
        DrumsError: As `profiles.detector_of`, or the fitted thresholds are damaged.
    """
    detector = detector_of(profile, imported=imported)
    fitted = read_learned() if ALIASES.get(profile, profile) == _DEFAULT else None
    if fitted is None or not fitted.counts:
        return detector
    factors = {family: one.factor for family, one in fitted.families.items()}
    return partial(detect_network, options=DetectionOptions(threshold_factors=factors))


def _network_checksum() -> int:
    return zlib.crc32(MODEL.with_suffix(".json").read_bytes(), zlib.crc32(MODEL.read_bytes()))
