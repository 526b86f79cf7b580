"""Ingest of one file: read its tags again, move or copy its track, or analyse it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

from indexer.files.audio.audio_file import probe
from indexer.files.audio.audio_hash import payload_hash
from indexer.files.audio.audio_types import AudioError, AudioInfo
from indexer.files.audio.opened_file import OpenedFile, open_file
from indexer.files.cue.cue_finding import cue_beside, cue_parts, cue_stamp
from indexer.files.cue.cue_sheet import CueError
from indexer.files.tags.cover import read_cover
from indexer.files.tags.tag_reading import FileTags, read_tags
from indexer.ingest.cue_parts import LongFile, ingest_parts
from indexer.ingest.pipeline import AudioFacts, analyse_file, tag_hints
from indexer.ingest.record import (
    analysis_record,
    file_facts,
    stored_raw,
    tag_facts,
)
from indexer.ingest.rederive import is_measured, rederive, stage_versions
from indexer.ingest.replaced_file import take_over
from indexer.ingest.stored_tagger import stored_tagger
from indexer.mir.tags.tagger import Tagger
from indexer.models.musicnn import MODEL_VERSION
from store.jobs import indexer_state, job_queue
from store.library import analysis_writing, stored_analysis, track_files, track_writing
from store.library.track_files import path_of, paths_of
from store.paths import decode_path
from store.records import FileFacts, KnownFile, TagFacts, TrackRecord
from store.tracks.text_encodings import chosen_encoding

Warn = Callable[[Iterable[str]], None]
Outcome = Literal["analysed", "retagged", "moved", "copied", "left out"]

VERSIONS_NAME: Final = "stage_versions"
REFRESH_PRIORITY: Final = job_queue.BULK_PRIORITY + 50
"""New files come before files that are only analysed better."""


class MissingFileError(Exception):
    """There is no file at the path."""


@dataclass(frozen=True, slots=True)
class _HashedFile:
    """An opened file, the digest of its audio, its tagger, and the receiver of its warnings."""

    opened: OpenedFile
    content_hash: str
    tagger: Tagger | None
    warn: Warn

    @property
    def path(self) -> Path:
        return self.opened.path

    def tags(self) -> FileTags:
        return read_tags(self.opened, codec=chosen_encoding(self.path))

    def facts(self, audio: AudioInfo | AudioFacts) -> FileFacts:
        size_bytes, mtime_ns = cue_stamp(self.opened.status, cue_beside(self.path))
        facts = file_facts(self.path, self.opened.status, self.content_hash, audio)
        return replace(facts, size_bytes=size_bytes, mtime_ns=mtime_ns)

    def tag_facts(self, tags: FileTags) -> TagFacts:
        return tag_facts(tags, read_cover(self.opened))


def ingest_file(
    path_text: str,
    *,
    tagger: Tagger | None,
    throttle: Callable[[], None] = lambda: None,
    warn: Warn = lambda warnings: None,
    min_length_s: float = 0.0,
) -> Outcome:
    """Bring the store up to date with one file, which is opened once.

    Args:
        path_text: Path as `store.paths.encode_path` writes it.
        tagger: None leaves out what only the tagger estimates.
        throttle: Called often while audio is decoded; may sleep.
        warn: Gets the warnings about tags that were ignored.
        min_length_s: A shorter file is left out: its track is stored, but hidden.

    Raises:
        MissingFileError: There is no such file.
        AudioError: It cannot be used as audio.
        AnalysisError: It cannot be analysed.
    """
    path = decode_path(path_text)
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise MissingFileError(path_text) from error
    except OSError as error:
        raise AudioError(
            f"The file cannot be read ({error.strerror}).", code="unreadable"
        ) from error
    with open_file(path) as opened:
        file = _HashedFile(opened, payload_hash(opened), tagger, warn)
        if min_length_s and _leave_out_short(file, min_length_s):
            return "left out"
        if outcome := _ingest_parts(file, throttle=throttle):
            return outcome
        known = _only_track(path)
        same = known if known and known.content_hash == file.content_hash else None
        if outcome := _ingest_known(file, same):
            return outcome
        return _ingest_new(file, same, new=known is None, throttle=throttle)


def _leave_out_short(file: _HashedFile, min_length_s: float) -> bool:
    """Store a short file without an analysis, hidden; return whether it is one."""
    try:
        audio = probe(file.opened)
    except AudioError:
        return False  # told by the analysis
    if audio.duration_s is None or audio.duration_s >= min_length_s:
        return False
    tags = tag_facts(file.tags(), None)
    track_id = track_writing.save_track(TrackRecord(file=file.facts(audio), tags=tags))
    track_files.mark_missing([track_id])
    return True


def _ingest_parts(file: _HashedFile, *, throttle: Callable[[], None]) -> Outcome | None:
    """Ingest the tracks of a file with a cue sheet; None where it is one track."""
    try:
        audio = probe(file.opened)
        found = cue_parts(file.opened, audio.duration_s)
    except CueError as error:
        file.warn([f"The cue sheet is not used: {error}. The file stays one track."])
        return None
    except AudioError:
        return None  # told by the analysis
    if found is None:
        return None
    tags = file.tags()
    whole = LongFile(file.facts(audio), file.tag_facts(tags), found)
    analysed = ingest_parts(whole, tagger=file.tagger, throttle=throttle)
    file.warn(tags.warnings)
    return "analysed" if analysed else "retagged"


def _only_track(path: Path) -> KnownFile | None:
    """Return the track of a file that is one track; those that were parts of it are hidden."""
    parts = track_files.parts_of(path)
    if any(part.start_s > 0 and not part.missing for part in parts):
        track_files.mark_missing([part.track_id for part in parts if part.start_s > 0])
    return track_files.find_by_path(path)


def _ingest_known(file: _HashedFile, same: KnownFile | None) -> Outcome | None:
    """Use an analysis of the same audio; None where there is none that is current.

    Args:
        file: The file.
        same: The track at its path, if its audio is the same.
    """
    if same and same.analysed:
        return "retagged" if _retag(same.track_id, file) else None
    duplicates = [t for t in track_files.find_by_hash(file.content_hash) if t.analysed]
    if (moved := _move_track(duplicates, file.path)) is not None:
        return "moved" if _retag(moved, file) else None
    if duplicates and _copy(duplicates[0], file):
        return "copied"
    return None


def _ingest_new(
    file: _HashedFile, same: KnownFile | None, *, new: bool, throttle: Callable[[], None]
) -> Outcome:
    """Analyse the audio and store the result, of a new file perhaps for the one it replaces."""
    versions = stage_versions(model=MODEL_VERSION if file.tagger else 0)
    stored = stored_tagger(stored_raw(same.track_id), versions) if same else None
    analysis = analyse_file(
        file.opened,
        tagger=stored or file.tagger,
        codec=chosen_encoding(file.path),
        throttle=throttle,
    )
    mir = analysis_record(analysis.mir, versions, keep_embedding=stored is not None)
    if new:
        take_over(file.path, analysis.tags, analysis.audio.duration_s, mir)
    track_writing.save_track(
        TrackRecord(
            file=file.facts(analysis.audio), tags=file.tag_facts(analysis.tags), analysis=mir
        )
    )
    file.warn(analysis.tags.warnings)
    return "analysed"


def _retag(track_id: int, file: _HashedFile) -> bool:
    """Read the tags again and derive all that follows from them, without decoding.

    Returns:
        False when the audio has to be analysed again: its measurements are missing or outdated.
    """
    stored = stored_raw(track_id)
    if stored is None:
        return False
    raw, versions = stored
    # without a tagger, the output of an older one is kept
    current = stage_versions(model=MODEL_VERSION if file.tagger else versions.get("model", 0))
    if not is_measured(versions, current):
        return False
    tags = file.tags()
    mir = rederive(raw, tags=tag_hints(tags, file.path))
    if mir is None:
        return False
    track_writing.retag_track(
        track_id,
        file.facts(probe(file.opened)),
        file.tag_facts(tags),
        analysis=analysis_record(mir, current, keep_embedding=True),
    )
    file.warn(tags.warnings)
    return True


def _move_track(duplicates: list[KnownFile], path: Path) -> int | None:
    """Give `path` to a track of the same audio whose file is missing; return its id."""
    for track_id, old in paths_of([track.track_id for track in duplicates]).items():
        if os.path.lexists(decode_path(old)):
            continue
        if track_files.move_track(decode_path(old), path):
            return track_id
    return None


def _copy(original: KnownFile, file: _HashedFile) -> bool:
    """Add a second file of the same audio with the analysis of the first."""
    tags = file.tag_facts(file.tags())
    track_id = track_writing.save_track(TrackRecord(file=file.facts(probe(file.opened)), tags=tags))
    analysis_writing.copy_analysis(original.track_id, track_id)
    return _retag(track_id, file)


def queue_outdated(*, tagged: bool) -> int:
    """Queue the tracks that an older Backbeat, or one without a tagger, analysed.

    Returns:
        How many were queued; 0 at once when the versions are those of the last time.
    """
    current = stage_versions(model=MODEL_VERSION if tagged else 0)
    text = json.dumps(current, sort_keys=True)
    if not tagged or indexer_state.get(VERSIONS_NAME) == text:
        return 0
    paths = [path_of(track_id) for track_id in stored_analysis.outdated_tracks(current)]
    queued = job_queue.enqueue_many(
        job_queue.JobRequest("analyse", path, priority=REFRESH_PRIORITY) for path in paths if path
    )
    indexer_state.put(VERSIONS_NAME, text)
    return queued
