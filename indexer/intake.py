"""What one file needs: nothing, a new reading of its tags, a new name, a copy, or an analysis."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, Literal

from indexer.audio import AudioError, payload_hash, probe
from indexer.cover import read_cover
from indexer.mir.tagger import Tagger
from indexer.models.musicnn import MODEL_VERSION
from indexer.pipeline import analyse_file, hints_of
from indexer.record import (
    analysis_record,
    file_facts,
    outdated_tracks,
    stored_raw,
    tag_facts,
)
from indexer.rederive import is_measured, rederive, stage_versions
from indexer.tagged_before import tagged_before
from indexer.tags import read_tags
from store import jobs, state, writing
from store.files import path_of, paths_of
from store.paths import decode_path
from store.records import KnownFile, TrackRecord

Warn = Callable[[Iterable[str]], None]
Outcome = Literal["analysed", "retagged", "moved", "copied", "unchanged"]

VERSIONS_NAME: Final = "stage_versions"
REFRESH_PRIORITY: Final = jobs.BULK_PRIORITY + 50
"""New files come before files that are only analysed better."""


class GoneError(Exception):
    """The file is not there any more."""


def take_in(
    text: str,
    *,
    tagger: Tagger | None,
    breathe: Callable[[], None] = lambda: None,
    warn: Warn = lambda warnings: None,
) -> Outcome:
    """Bring the store up to date with one file.

    Args:
        text: Stored path text.
        tagger: None leaves out what only it can tell.
        breathe: Called often while the audio is heard; may sleep.
        warn: Gets what of the tags was ignored, in words.

    Raises:
        GoneError: The file is not there.
        AudioError: It cannot be used as audio.
        AnalysisError: It cannot be analysed.
    """
    path = decode_path(text)
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise GoneError(text) from error
    except OSError as error:
        raise AudioError(
            f"The file cannot be read ({error.strerror}).", code="unreadable"
        ) from error
    content_hash = payload_hash(path)
    known = writing.find_by_path(path)
    if known and known.content_hash == content_hash and known.analysed:
        if _retag(known.track_id, path, status, content_hash, tagger=tagger, warn=warn):
            return "retagged"
    else:
        twins = [t for t in writing.find_by_hash(content_hash) if t.analysed]
        if (moved := _take_over(twins, path)) is not None:
            if _retag(moved, path, status, content_hash, tagger=tagger, warn=warn):
                return "moved"
        elif twins and _copy(twins[0], path, status, content_hash, tagger=tagger, warn=warn):
            return "copied"
    versions = stage_versions(model=MODEL_VERSION if tagger else 0)
    same = known if known and known.content_hash == content_hash else None
    before = tagged_before(stored_raw(same.track_id), versions) if same else None
    analysis = analyse_file(path, tagger=before or tagger, breathe=breathe)
    mir = analysis_record(analysis.mir, versions, keep_embedding=before is not None)
    tags = tag_facts(analysis.tags, read_cover(path))
    file = file_facts(path, status, content_hash, analysis.audio)
    writing.save_track(TrackRecord(file=file, tags=tags, analysis=mir))
    warn(analysis.tags.warnings)
    return "analysed"


def _retag(
    track_id: int,
    path: Path,
    status: os.stat_result,
    content_hash: str,
    *,
    tagger: Tagger | None,
    warn: Warn,
) -> bool:
    """Read the tags again and derive all that follows from them; the audio is not heard.

    Returns:
        False when the audio has to be heard again: what was measured is missing or outdated.
    """
    stored = stored_raw(track_id)
    if stored is None:
        return False
    raw, versions = stored
    # while there is no tagger, better the word of an older one than none
    current = stage_versions(model=MODEL_VERSION if tagger else versions.get("model", 0))
    if not is_measured(versions, current):
        return False
    tags = read_tags(path)
    mir = rederive(raw, tags=hints_of(tags))
    if mir is None:
        return False
    writing.retag_track(
        track_id,
        file_facts(path, status, content_hash, probe(path)),
        tag_facts(tags, read_cover(path)),
        analysis=analysis_record(mir, current, keep_embedding=True),
    )
    warn(tags.warnings)
    return True


def _take_over(twins: list[KnownFile], path: Path) -> int | None:
    """Move a track of the same audio whose file is gone; its id."""
    for track_id, old in paths_of([twin.track_id for twin in twins]).items():
        if os.path.lexists(decode_path(old)):
            continue
        if writing.move_track(decode_path(old), path):
            return track_id
    return None


def _copy(
    twin: KnownFile,
    path: Path,
    status: os.stat_result,
    content_hash: str,
    *,
    tagger: Tagger | None,
    warn: Warn,
) -> bool:
    """Add a second file of the same audio with the analysis of the first."""
    tags = tag_facts(read_tags(path), read_cover(path))
    facts = file_facts(path, status, content_hash, probe(path))
    track_id = writing.save_track(TrackRecord(file=facts, tags=tags))
    writing.copy_analysis(twin.track_id, track_id)
    return _retag(track_id, path, status, content_hash, tagger=tagger, warn=warn)


def queue_outdated(*, tagged: bool) -> int:
    """Queue the tracks that an older Backbeat, or one without a tagger, analysed.

    Returns:
        How many were queued; 0 at once when the versions are those of the last time.
    """
    current = stage_versions(model=MODEL_VERSION if tagged else 0)
    text = json.dumps(current, sort_keys=True)
    if not tagged or state.get(VERSIONS_NAME) == text:
        return 0
    paths = [path_of(track_id) for track_id in outdated_tracks(current)]
    queued = jobs.enqueue_many(
        jobs.JobRequest("analyse", path, priority=REFRESH_PRIORITY) for path in paths if path
    )
    state.put(VERSIONS_NAME, text)
    return queued
