"""A file that replaces another one of the same recording: song.mp3 gone, song.flac there.

The track keeps its id, and with it its place in playlists, likes, ratings, plays, corrections and
charts. Both the name and the sound must agree.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from indexer.files.tags.tag_reading import FileTags
from store.folding import fold, lead_artist
from store.jobs import job_queue
from store.library import track_files
from store.library.recordings import OCTAVES, SAME_SOUND, TEMPOS_APART
from store.paths import decode_path
from store.records import AnalysisRecord
from store.tracks.replaced_tracks import GoneTrack, possibly_gone, unused_copies


def take_over(path: Path, tags: FileTags, duration_s: float, analysis: AnalysisRecord) -> bool:
    """Give `path` to the track that its file replaces; return whether there is one.

    Args:
        path: A file that is not in the library.
        tags: Of the file.
        duration_s: Its length in s.
        analysis: What is about to be stored of it.
    """
    alike = [
        (likeness, decode_path(track.path).parent == path.parent, track)
        for track in possibly_gone(tags.title, duration_s)
        if _is_gone(track) and _named_alike(track, path, tags)
        if (likeness := _likeness(track, analysis)) is not None
        if track.vector is not None or _same_artist(track, tags)
    ]
    if not alike:
        return False
    best = max(alike, key=lambda found: (found[1], found[0], -found[2].id))[2]
    return track_files.move_track(decode_path(best.path), path)


def hand_over(track_ids: Sequence[int]) -> int:
    """Let other files of their recordings stand for tracks that are gone; return how many.

    Of use where the new file came before the old one went.
    """
    copies = unused_copies(track_ids)
    moved = [
        new
        for old, new in copies.items()
        if os.path.lexists(decode_path(new))
        and track_files.move_track(decode_path(old), decode_path(new))
    ]
    job_queue.enqueue_many(job_queue.JobRequest("analyse", new) for new in moved)
    return len(moved)


def _is_gone(track: GoneTrack) -> bool:
    path = decode_path(track.path)
    return not os.path.lexists(path) and (track.missing or path.parent.is_dir())


def _named_alike(track: GoneTrack, path: Path, tags: FileTags) -> bool:
    if tags.musicbrainz_recording_id and tags.musicbrainz_recording_id == track.musicbrainz_id:
        return True
    if track.artist and tags.artist and not _same_artist(track, tags):
        return False
    return track.folded == fold(tags.title) or decode_path(track.path).stem == path.stem


def _same_artist(track: GoneTrack, tags: FileTags) -> bool:
    names = (track.artist, tags.artist)
    mine, its = (fold(lead_artist(name)) if name else "" for name in names)
    return mine == its


def _likeness(track: GoneTrack, analysis: AnalysisRecord) -> float | None:
    """Return how alike two tracks sound, 0..1; None where they do not."""
    mine = next((one for one in analysis.embeddings or () if one.model == track.model), None)
    if track.vector is not None and mine is not None:
        cosine = _cosine(track.vector, mine.vector)
        return cosine if cosine >= SAME_SOUND else None
    if track.camelot_key != analysis.features.camelot_key:
        return None
    tempos = (track.bpm, analysis.features.bpm)
    return 0.0 if tempos == (None, None) or _same_tempo(*tempos) else None


def _same_tempo(one: float | None, other: float | None) -> bool:
    if not one or not other:
        return False
    return any(abs(one * octave - other) <= TEMPOS_APART * other for octave in OCTAVES)


def _cosine(one: bytes, other: bytes) -> float:
    first, second = (np.frombuffer(vector, "<f4") for vector in (one, other))
    if first.shape != second.shape:
        return 0.0
    lengths = float(np.linalg.norm(first) * np.linalg.norm(second))
    return float(first @ second) / lengths if lengths else 0.0
