"""Stages of the analysis of one file, in order.

    tags → decode (loudness on the way) → tagger → analysis

Nothing here reads or writes the library.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from indexer.arrays import Float32
from indexer.files.audio.audio_file import probe
from indexer.files.audio.audio_types import Audio, AudioError
from indexer.files.audio.decoding import decode, is_silent
from indexer.files.audio.opened_file import OpenedFile, opened
from indexer.files.tags.tag_reading import FileTags, read_tags
from indexer.ingest.raw_features import plain, raw_to_json
from indexer.mir.analyse import analyse
from indexer.mir.provenance import raw_source
from indexer.mir.signal.loudness import Loudness, LoudnessMeter, measure
from indexer.mir.signal.spectrum import ANALYSIS_RATE_HZ
from indexer.mir.tags.declared_kind import FileWords, declared_kind, may_be_speech
from indexer.mir.tags.tagger import Tagger, TaggerOutput
from indexer.mir.types import AnalysisError, MirResult, TagHints
from indexer.models.musicnn import is_current, model_paths
from store.settings import StoreSettings

TYPE_TAGS: Final = ("musicbrainzalbumtype", "releasetype")
"""Tags that hold the types of a MusicBrainz release."""
OnStage = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class AudioFacts:
    """The audio without its samples; see `indexer.files.audio.audio_types.Audio`."""

    duration_s: float
    codec: str
    container: str
    channels: int
    sample_rate: int
    bit_rate: int | None
    excerpted: bool
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileAnalysis:
    """Result of the analysis of one file.

    Attributes:
        tagger: None without a tagger, or for silence.
        seconds: Stage → duration.
    """

    path: Path
    audio: AudioFacts
    tags: FileTags
    mir: MirResult
    tagger: TaggerOutput | None
    seconds: Mapping[str, float]


class AudioTagger(Protocol):
    """The tagger, or stored output in its place."""

    def tag(self, samples: Float32, *, sample_rate: int) -> TaggerOutput:
        """Tag mono audio."""
        ...


class TaggerSource:
    """The tagger, loaded when it is first needed, once its models are there."""

    def __init__(self, folder: Path | None = None) -> None:
        """Look for the converted models in `folder`, by default that of the data folder."""
        self._folder = folder
        self._tagger: Tagger | None = None

    def get(self) -> Tagger | None:
        """The tagger, or None while its models are not there."""
        if self._tagger is None:
            models = model_paths(self._folder or StoreSettings().models)
            if is_current(models.msd) and is_current(models.mtt):
                self._tagger = Tagger(msd=models.msd, mtt=models.mtt)
        return self._tagger


def analyse_file(
    source: Path | OpenedFile,
    *,
    tagger: AudioTagger | None,
    codec: str | None = None,
    on_stage: OnStage = lambda stage: None,
    throttle: Callable[[], None] = lambda: None,
) -> FileAnalysis:
    """Analyse one file.

    Args:
        source: An audio file; a path is opened once.
        tagger: None leaves out what only the tagger estimates.
        codec: Code page of the texts in the tags, where a person chose one.
        on_stage: Gets the name of each stage at its start.
        throttle: Called between stages and blocks of audio; may sleep.

    Raises:
        AudioError: The file cannot be used as audio.
        AnalysisError: The audio cannot be analysed.
    """
    timer = _StageTimer(on_stage, throttle)
    with opened(source) as file:
        with timer.stage("tags"):
            tags = read_tags(file, codec=codec)
        with timer.stage("decode"):
            tap = _LoudnessTap(probe(file).sample_rate, throttle)
            audio = decode(file, sample_rate=ANALYSIS_RATE_HZ, on_block=tap.feed)
    with timer.stage("loudness"):
        loudness = tap.result(audio)
    hints = tag_hints(tags, file.path)
    tagged, mir = _analyse_audio(audio, loudness, hints=hints, tagger=tagger, timer=timer)
    return FileAnalysis(
        path=file.path,
        audio=audio_facts(audio),
        tags=tags,
        mir=mir,
        tagger=tagged,
        seconds={**timer.seconds, **mir.seconds},
    )


def _analyse_audio(
    audio: Audio,
    loudness: Loudness,
    *,
    hints: TagHints,
    tagger: AudioTagger | None,
    timer: _StageTimer,
) -> tuple[TaggerOutput | None, MirResult]:
    tagged = None
    if tagger is not None and not is_silent(audio.samples):
        with timer.stage("tagger"):
            tagged = tagger.tag(audio.samples, sample_rate=ANALYSIS_RATE_HZ)
    with timer.stage("analysis"):
        mir = analyse(
            audio.samples,
            sample_rate=ANALYSIS_RATE_HZ,
            loudness=loudness,
            tagger=tagged,
            tags=hints,
        )
    return tagged, mir


def audio_facts(audio: Audio) -> AudioFacts:
    """Return the facts of decoded audio."""
    return AudioFacts(
        duration_s=audio.duration_s,
        codec=audio.codec,
        container=audio.container,
        channels=audio.channels,
        sample_rate=audio.source_sample_rate,
        bit_rate=audio.bit_rate,
        excerpted=audio.excerpted,
        warnings=audio.warnings,
    )


def tag_hints(tags: FileTags, path: Path) -> TagHints:
    """Return the tags that the analysis uses, and what they and the path say of its kind."""
    types = [text for name in TYPE_TAGS for text in tags.extra.get(name, ())]
    names = [text for text in (tags.album, tags.title) if text]
    return TagHints(
        bpm=tags.bpm,
        key=" ".join(tags.key) if tags.key else None,
        genres=tags.genres,
        moods=tags.moods,
        extra={name: str(value) for name, value in tags.estimates.items()},
        kind=declared_kind(FileWords(path, tags.genres, types, names)),
        may_be_speech=may_be_speech(tags.genres),
    )


def to_exchange(analysis: FileAnalysis) -> dict[str, Any]:
    """Return one file in the exchange format, with tags of the tagger and seconds by stage."""
    mir = analysis.mir
    raw, tempo = mir.raw, mir.tempo or mir.raw.tempo
    return {
        "file": str(analysis.path),
        "kind": mir.kind,
        "raw": {
            "tags": list(raw.tags),
            "source": raw_source(raw),
            "version": raw.version,
            "features_raw": raw_to_json(raw),
        },
        "normalized": plain(mir.normalized),
        "scores": plain(mir.scores),
        "synthetic_tags": [
            {"tag": t.tag, "score": t.score, "category": t.category, "source": t.source}
            for t in mir.synthetic_tags
        ],
        "bpm_alternative": tempo.alternative,
        "bpm_confidence": tempo.confidence,
        "beat_times_s": list(raw.tempo.beat_times_s),
        "downbeat_times_s": list(raw.tempo.downbeat_times_s),
        "tags": dict(analysis.tagger.probabilities) if analysis.tagger else {},
        "moods": dict(mir.moods),
        "warnings": [*analysis.audio.warnings, *analysis.tags.warnings],
        "seconds": {stage: round(took, 4) for stage, took in analysis.seconds.items()},
    }


def to_error(path: Path, error: AudioError | AnalysisError) -> dict[str, str]:
    """Return a file that could not be analysed, in the exchange format."""
    code = error.code if isinstance(error, AudioError) else "analysis"
    return {"file": str(path), "error": str(error), "code": code}


class _StageTimer:
    """Measures the seconds of each stage."""

    def __init__(self, on_stage: OnStage, throttle: Callable[[], None]) -> None:
        self._on_stage = on_stage
        self._throttle = throttle
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        self._throttle()
        self._on_stage(name)
        began = time.perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - began


class _LoudnessTap:
    """Measures loudness while the file is decoded.

    Some decoders change rate or channels after the header (AAC with SBR), and some files in the
    middle; the mono mix is then measured afterwards instead.
    """

    def __init__(self, sample_rate: int, throttle: Callable[[], None]) -> None:
        self._rate = sample_rate
        self._throttle = throttle
        self._channels = 0
        self._meter: LoudnessMeter | None = None
        self._format_changed = False

    def feed(self, samples: Float32) -> None:
        if self._meter is None:
            self._channels = len(samples)
            self._meter = LoudnessMeter(sample_rate=self._rate, channels=self._channels)
        self._format_changed |= len(samples) != self._channels
        if not self._format_changed:
            self._meter.feed(samples)
        self._throttle()

    def result(self, audio: Audio) -> Loudness:
        if self._meter is None or self._format_changed or audio.source_sample_rate != self._rate:
            return measure(audio.samples, sample_rate=audio.sample_rate)
        return self._meter.result()
