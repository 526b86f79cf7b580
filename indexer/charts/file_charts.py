"""Charts of audio files: decoding, the detector of a profile, corrections, the pipeline."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from indexer.charts.chart_pipeline import RecordingCharts, chart_recording, write_charts
from indexer.charts.detection import analyse_recording
from indexer.charts.fitted_thresholds import detector_for
from indexer.charts.options import ChartOptions, OnProgress, ignore_progress
from indexer.charts.recording import DecodedRecording, decoded_recording
from indexer.charts.stored_corrections import corrected_chart
from indexer.drums.corrections.chart_reading import CorrectedChart
from indexer.drums.formats.bundle import Bundle
from indexer.drums.hearing.activation import Detector
from indexer.drums.types import Onset
from indexer.models.egmd import egmd_path
from store.settings import StoreSettings


@dataclass(frozen=True, eq=False)
class ChartSession:
    """A decoded file with its detector and correction, for any number of charts."""

    recording: DecodedRecording
    detector: Detector
    corrected: CorrectedChart | None

    def chart(
        self, options: ChartOptions, *, on_progress: OnProgress = ignore_progress
    ) -> RecordingCharts:
        """Chart the recording; see `chart_recording`."""
        return chart_recording(
            self.recording,
            options,
            detector=self.detector,
            corrected=self.corrected,
            on_progress=on_progress,
        )


@contextmanager
def chart_session(
    path: Path, options: ChartOptions, *, on_progress: OnProgress = ignore_progress
) -> Iterator[ChartSession]:
    """Decode an audio file to chart it.

    Args:
        path: An audio file.
        options: Profile and correction.
        on_progress: Gets a fraction 0..1 and the name of the step.

    Raises:
        AudioError: The file cannot be used.
        DrumsError: The profile is not available, the correction damaged, the recording too long,
            or there is no room to decode it.
    """
    on_progress(0.0, "reading the music")
    corrected = corrected_chart(options.correction) if options.correction else None
    detector = detector_for(options.profile, imported=imported_network())
    with decoded_recording(
        path,
        folder=StoreSettings().folder,
        on_progress=lambda fraction: on_progress(0.02 * fraction, "reading the music"),
    ) as recording:
        yield ChartSession(recording, detector, corrected)


def chart_file(
    path: Path,
    out: Path,
    options: ChartOptions | None = None,
    *,
    reserved: Collection[Path] = (),
    on_progress: OnProgress = ignore_progress,
) -> Bundle:
    """Chart an audio file into a folder of its own inside `out`.

    Args:
        path: An audio file.
        out: Made if it is not there.
        options: Of the chart.
        reserved: Folders of other songs, which must not be replaced.
        on_progress: Gets a fraction 0..1 and the name of the step.

    Raises:
        AudioError: The file cannot be used.
        DrumsError: There is nothing to chart, or the bundle cannot be written.
    """
    options = options or ChartOptions()
    with chart_session(path, options, on_progress=on_progress) as session:
        charts = session.chart(options, on_progress=on_progress)
        return write_charts(
            charts, session.recording, out, options, reserved=reserved, on_progress=on_progress
        )


def automatic_charts(
    path: Path, options: ChartOptions, *, on_progress: OnProgress = ignore_progress
) -> RecordingCharts:
    """Chart an audio file without writing anything.

    Raises:
        AudioError: The file cannot be used.
        DrumsError: There is nothing to chart.
    """
    with chart_session(path, options, on_progress=on_progress) as session:
        return session.chart(options, on_progress=on_progress)


def detected_onsets(path: Path, *, profile: str) -> tuple[Onset, ...]:
    """Detect the drums of an audio file.

    Raises:
        AudioError: The file cannot be used.
        DrumsError: The profile is not available, or the recording too long.
    """
    with chart_session(path, ChartOptions(profile=profile)) as session:
        return analyse_recording(
            session.recording, detector=session.detector, wants_tempo=False
        ).onsets


def imported_network() -> Path:
    """Path of the network of the profile `magenta`; the file is there once it is imported."""
    return egmd_path(StoreSettings().models)
