"""A chart job: a track → its drums → a bundle on disk → a row."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from indexer.cover import read_cover
from indexer.drums.activation import SAMPLE_RATE
from indexer.drums.bundle import Bgm, Bundle, Details, Music, write_bundle
from indexer.drums.chart import chart_onsets
from indexer.drums.correction import as_chart_set
from indexer.drums.preview import representative_s
from indexer.drums.types import LEVELS, ChartSet, DrumsError
from indexer.level import level_of
from indexer.listening import hear, played_blocks, played_rate
from indexer.models.egmd import egmd_path
from indexer.tags import FileTags, read_tags
from store import queries, writing
from store.corrections import CorrectionDetail
from store.records import ChartRecord
from store.results import JobRow, StoreError
from store.settings import StoreSettings
from store.standing_charts import CHART_VERSION, newest_correction, place_of, standing_chart

log = logging.getLogger(__name__)

OnProgress = Callable[[float, str], None]


def _silent(fraction: float, step: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class ChartOptions:
    """How a chart is made; what is None or empty comes from the file or from the music.

    Attributes:
        levels: Which of `LEVELS` to make.
        tempo_hint: A tempo measured elsewhere.
        bpm: The tempo, where a person knows it.
        offset_s: Time of a downbeat, where a person knows it.
        time_signature: Where a person knows it.
        bgm: What of the recording sounds while playing.
        profile: One of `profiles.PROFILES`.
        details: Author, genre and comment; the cover comes from the file.
        correction: A person's own chart of this recording, which decides strokes, tempo and bars.
    """

    levels: Sequence[str] = LEVELS
    title: str | None = None
    artist: str | None = None
    tempo_hint: float | None = None
    bpm: float | None = None
    offset_s: float | None = None
    time_signature: str | None = None
    bgm: Bgm = "reduced"
    profile: str = "default"
    details: Details = field(default_factory=Details)
    correction: CorrectionDetail | None = None


@dataclass(frozen=True, eq=False)
class Charted:
    """A recording's charts before they are written.

    Attributes:
        preview_s: Where the passage starts that stands for the song.
    """

    path: Path
    tags: FileTags
    chart_set: ChartSet
    preview_s: float


def make_chart(job: JobRow, *, on_progress: OnProgress) -> Mapping[str, object]:
    """Chart the track of a job and keep the chart; one that is there already is used again.

    A track whose chart a person corrected gets the corrected one.

    Returns:
        The job's result: `chart_id`.

    Raises:
        AudioError: The file cannot be used.
        DrumsError: There is nothing to chart, or the bundle cannot be written.
    """
    if job.track_id is None:
        raise DrumsError("This chart belongs to no track; ask for it again.")
    levels = _levels(job.payload.get("levels"))
    path = _file_of(job.track_id)
    standing = standing_chart(job.track_id, levels)
    if standing is not None:
        return {"chart_id": standing.id}
    correction = newest_correction(job.track_id)
    place = place_of(job.track_id, levels, correction_id=correction.id if correction else None)
    detail = queries.track(job.track_id)
    options = ChartOptions(
        levels=levels,
        title=detail.row.title if detail else None,
        artist=detail.row.artist if detail else None,
        tempo_hint=detail.row.bpm if detail else None,
        correction=correction,
    )
    charted = chart_music(path, options, on_progress=on_progress)
    out = StoreSettings().charts / place
    bundle = write_charted(charted, out, options, on_progress=on_progress)
    return {"chart_id": keep(job.track_id, bundle)}


def chart_file(
    path: Path,
    out: Path,
    options: ChartOptions | None = None,
    *,
    taken: Collection[Path] = (),
    on_progress: OnProgress = _silent,
) -> Bundle:
    """Chart an audio file into a folder of its own inside `out`.

    Args:
        path: An audio file.
        out: Made if it is not there.
        options: How.
        taken: Folders of other songs, which must not be replaced.
        on_progress: Gets a fraction 0..1 and what is being done.

    Raises:
        AudioError: The file cannot be used.
        DrumsError: There is nothing to chart, or the bundle cannot be written.
    """
    options = options or ChartOptions()
    charted = chart_music(path, options, on_progress=on_progress)
    return write_charted(charted, out, options, taken=taken, on_progress=on_progress)


def chart_music(path: Path, options: ChartOptions, *, on_progress: OnProgress = _silent) -> Charted:
    """Hear the drums of a file and write them down, without any file.

    Raises:
        AudioError: The file cannot be used.
        DrumsError: There is nothing to chart, or the correction is damaged.
    """
    from indexer.corrections import corrected_chart
    from indexer.learned import detector_for

    on_progress(0.0, "reading the music")
    person = corrected_chart(options.correction) if options.correction else None
    detector = detector_for(options.profile, imported=imported_network())
    tags = read_tags(path)
    for warning in tags.warnings:
        log.warning("%s: %s", path.name, warning)
    tempo_hint = options.tempo_hint or tags.bpm or options.bpm
    on_progress(0.02, "listening for drums")
    heard = hear(
        path,
        detector=detector,
        wants_tempo=tempo_hint is None,
        on_progress=lambda fraction: on_progress(0.02 + 0.53 * fraction, "listening for drums"),
    )
    chart_set = chart_onsets(
        heard.onsets,
        duration_s=heard.duration_s,
        title=options.title or tags.title,
        artist=options.artist or tags.artist or "",
        levels=options.levels,
        tempo_hint=tempo_hint or heard.tempo_bpm,
        bpm=options.bpm,
        offset_s=options.offset_s,
        time_signature=options.time_signature,
        on_progress=lambda fraction, step: on_progress(0.55 + 0.05 * fraction, step),
    )
    if person is not None:
        chart_set = as_chart_set(person, chart_set, levels=options.levels)
    preview_s = representative_s(
        heard.frames,
        sample_rate=SAMPLE_RATE,
        duration_s=heard.duration_s,
        tempo=chart_set.tempo,
    )
    return Charted(path, tags, chart_set, preview_s)


def write_charted(
    charted: Charted,
    out: Path,
    options: ChartOptions,
    *,
    taken: Collection[Path] = (),
    on_progress: OnProgress = _silent,
) -> Bundle:
    """Write the bundle; the music is decoded twice more, block by block, in stereo.

    Raises:
        AudioError: The file cannot be used.
        DrumsError: The bundle cannot be written.
    """
    cover = read_cover(charted.path)
    genre = options.details.genre or ", ".join(charted.tags.genres[:1])
    details = replace(options.details, genre=genre, cover=cover.data if cover else None)
    rate = played_rate(charted.path)
    on_progress(0.61, "reading the music")
    level = level_of(played_blocks(charted.path, rate), sample_rate=rate)
    return write_bundle(
        charted.chart_set,
        Music(level.applied(played_blocks(charted.path, rate)), rate, charted.preview_s),
        out=out,
        bgm=options.bgm,
        details=details,
        taken=taken,
        on_progress=lambda fraction, step: on_progress(0.62 + 0.38 * fraction, step),
    )


def imported_network() -> Path:
    """Where the network of the profile `magenta` is, once it is imported."""
    return egmd_path(StoreSettings().models)


def _levels(wanted: object) -> list[str]:
    """Levels of a job's payload in order; all when none are named."""
    named = set(wanted) if isinstance(wanted, list) else set()
    return [level for level in LEVELS if level in named] or list(LEVELS)


def _file_of(track_id: int) -> Path:
    try:
        return queries.track_file(track_id)
    except StoreError as error:
        raise DrumsError(str(error)) from error


def keep(track_id: int, bundle: Bundle) -> int:
    """Remember a bundle inside the charts folder as a chart of a track; returns its id."""
    charts = StoreSettings().charts

    def inside(path: Path) -> str:
        return path.relative_to(charts).as_posix()

    record = ChartRecord(
        track_id=track_id,
        folder=inside(bundle.folder),
        zip_file=inside(bundle.zip_path),
        picture=inside(bundle.picture_path),
        bpm=bundle.bpm,
        levels={
            name: {"notes": level.notes, "dlevel": level.dlevel}
            for name, level in bundle.levels.items()
        },
        version=CHART_VERSION,
    )
    return writing.save_chart(record)
