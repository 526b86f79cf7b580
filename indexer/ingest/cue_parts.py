"""Ingest of a long file with a cue sheet: each of its tracks is stored and analysed apart."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from indexer.files.audio.audio_types import AudioError
from indexer.files.audio.cutting import cut
from indexer.files.cue.cue_finding import CuePart, CueParts
from indexer.files.tags.tag_values import parse_year
from indexer.ingest.pipeline import analyse_file
from indexer.ingest.record import analysis_record, stored_raw
from indexer.ingest.rederive import is_measured, stage_versions
from indexer.mir.tags.tagger import Tagger
from indexer.models.musicnn import MODEL_VERSION
from store.library import track_files, track_writing
from store.library.track_files import FilePart
from store.paths import decode_path
from store.records import FileFacts, TagFacts, TrackRecord
from store.settings import StoreSettings

_OF_THE_WHOLE: Final = frozenset(("bpm", "key", "comment", "cuesheet", "acoustid_id"))
"""Tags that say nothing of a part."""
_SAME_START_S: Final = 0.001


@dataclass(frozen=True, slots=True)
class LongFile:
    """A file, its tags, and the parts that a cue sheet makes of it."""

    facts: FileFacts
    tags: TagFacts
    cue: CueParts


def ingest_parts(
    whole: LongFile, *, tagger: Tagger | None, throttle: Callable[[], None] = lambda: None
) -> int:
    """Store each part of a file as a track; return how many had to be analysed.

    A part that moved keeps its track by its number; those that are no part any more are hidden.

    Args:
        whole: The file.
        tagger: None leaves out what only the tagger estimates.
        throttle: Called often while audio is decoded; may sleep.

    Raises:
        AudioError: A part cannot be used as audio.
        AnalysisError: A part cannot be analysed.
    """
    path = whole.facts.path
    _follow_move(path, _part_hash(whole, whole.cue.parts[0]))
    known = _matched(whole.cue.parts, track_files.parts_of(path))
    analysed = 0
    for part in whole.cue.parts:
        facts, tags = _facts(whole, part), _tags(whole, part)
        before = known.get(part.track.number)
        current = stage_versions(model=MODEL_VERSION if tagger else 0)
        if before and _is_current(before, facts.content_hash, current):
            track_writing.retag_track(before.track_id, facts, tags)
            continue
        _analyse(facts, tags, current, tagger=tagger, throttle=throttle)
        analysed += 1
    starts = [part.start_s for part in whole.cue.parts]
    gone = [p.track_id for p in track_files.parts_of(path) if p.start_s not in starts]
    track_files.mark_missing(gone)
    return analysed


def _analyse(
    facts: FileFacts,
    tags: TagFacts,
    versions: dict[str, int],
    *,
    tagger: Tagger | None,
    throttle: Callable[[], None],
) -> None:
    with tempfile.TemporaryDirectory(dir=StoreSettings().folder) as folder:
        sound = Path(folder, "part.flac")
        cut(facts.path, sound, start_s=facts.start_s, end_s=facts.end_s)
        try:
            analysis = analyse_file(sound, tagger=tagger, throttle=throttle)
        except AudioError as error:
            raise AudioError(f"Track “{tags.title}”: {error}", code=error.code) from error
    facts = replace(facts, duration_s=analysis.audio.duration_s)
    record = analysis_record(analysis.mir, versions)
    track_writing.save_track(TrackRecord(file=facts, tags=tags, analysis=record))


def _facts(whole: LongFile, part: CuePart) -> FileFacts:
    end_s = whole.facts.duration_s if part.end_s is None else part.end_s
    return replace(
        whole.facts,
        content_hash=_part_hash(whole, part),
        start_s=part.start_s,
        end_s=end_s or None,
        duration_s=max(0.0, end_s - part.start_s),
    )


def _tags(whole: LongFile, part: CuePart) -> TagFacts:
    """The tags of the file, with what the sheet says of the part in place of those of the whole."""
    sheet, tags = whole.cue.sheet, whole.tags
    metadata = [each for each in tags.metadata if each[0] not in _OF_THE_WHOLE]
    if sheet.genre and not any(name == "genre" for name, _, _ in metadata):
        metadata.append(("genre", sheet.genre, "cue"))
    return replace(
        tags,
        title=part.track.title or f"Track {part.track.number:02d}",
        artist=part.track.performer or sheet.performer or tags.artist,
        album=sheet.title or tags.album,
        album_artist=tags.album_artist or sheet.performer,
        track_no=part.track.number,
        disc_no=tags.disc_no or sheet.disc,
        year=tags.year or parse_year(sheet.date or ""),
        musicbrainz_id=None,
        acoustid_fingerprint=None,
        metadata=tuple(metadata),
    )


def _part_hash(whole: LongFile, part: CuePart) -> str:
    """A digest of the audio of the file and the times of the part."""
    text = f"{whole.facts.content_hash} {part.start_s:.3f} {part.end_s or 0.0:.3f}"
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _matched(parts: Sequence[CuePart], stored: Sequence[FilePart]) -> dict[int, FilePart]:
    """Return track number → the stored track of it: that of its start, else that of its number."""
    found: dict[int, FilePart] = {}
    left = list(stored)
    for part in parts:
        same = next((s for s in left if abs(s.start_s - part.start_s) < _SAME_START_S), None)
        if same:
            found[part.track.number] = same
            left.remove(same)
    for part in parts:
        number = part.track.number
        moved = next((s for s in left if s.track_no == number and s.end_s is not None), None)
        if number not in found and moved:
            track_files.move_part(moved.track_id, part.start_s)
            found[number] = moved
            left.remove(moved)
    return found


def _is_current(stored: FilePart, content_hash: str, versions: dict[str, int]) -> bool:
    if not stored.analysed or stored.content_hash != content_hash:
        return False
    raw = stored_raw(stored.track_id)
    return raw is not None and is_measured(raw[1], versions)


def _follow_move(path: Path, first_hash: str) -> None:
    """Give `path` to the tracks of a file that is at another place now, with its sheet."""
    if track_files.parts_of(path):
        return
    for known in track_files.find_by_hash(first_hash):
        old = track_files.path_of(known.track_id)
        if old and not os.path.lexists(decode_path(old)):
            track_files.move_track(decode_path(old), path)
            return
