"""Write the analysis of library tracks into the tags of their files, and undo the last such run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from indexer.files.tags import tag_journal
from indexer.files.tags.tag_access import TagError
from indexer.files.tags.tag_fields import Field, MeasuredTags
from indexer.files.tags.tag_journal import JournalEntry, TagJournal
from indexer.files.tags.tag_writing import TagChange, plan_changes, write_changes
from store.library.track_files import read_again
from store.settings import StoreSettings
from store.tracks.measured_tracks import MeasuredTrack, measured_tracks


@dataclass(frozen=True, slots=True)
class TagOutcome:
    """What happened to the tags of one file.

    Attributes:
        changes: Tags that change; empty where the file holds them already.
        error: Why the file could not be tagged or restored; None where all went well.
        unsure: Values that are left out because they are not sure enough.
    """

    path: Path
    changes: tuple[TagChange, ...] = ()
    error: str | None = None
    unsure: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class UndoneFile:
    """One file of a run that is undone.

    Attributes:
        restored: Whether its tags are as before the run.
        error: Why it could not be reached or written; None also for a file that was changed since.
    """

    path: Path
    restored: bool
    error: str | None = None


def write_library_tags(
    under: Path | None,
    *,
    fields: Sequence[Field],
    overwrite: bool,
    min_confidence: float,
    apply: bool,
    keep_dates: bool = False,
) -> Iterator[TagOutcome]:
    """Plan, and with `apply` write, the tags of each analysed track; one outcome a file.

    Args:
        under: A folder or a file, absolute; the whole library where None.
        fields: Which values to write.
        overwrite: Replace values that a file holds already.
        min_confidence: Tempo and key are written from this confidence on, 0..1.
        apply: Write; otherwise nothing is changed.
        keep_dates: Files keep the time of their last change.
    """
    with TagJournal(journal_folder()) if apply else nullcontext() as journal:
        for track in measured_tracks(under):
            path = track.path
            try:
                changes = plan_changes(
                    path, _result(track, min_confidence), fields=fields, overwrite=overwrite
                )
                if changes and journal:
                    add = partial(journal.add, path)
                    write_changes(path, changes, add, keep_date=keep_dates)
                    read_again(path)
            except TagError as error:
                yield TagOutcome(path, error=str(error))
                continue
            yield TagOutcome(path, changes, unsure=_unsure(track, fields, min_confidence))


def undo(journal: Path, *, keep_dates: bool = False) -> Iterator[UndoneFile]:
    """Restore the files of a run; those that could not be restored stay in its journal."""
    kept: list[JournalEntry] = []
    for entry in tag_journal.entries(journal):
        error = None
        try:
            restored = tag_journal.undo(entry, keep_date=keep_dates)
        except TagError as reason:
            restored, error = False, str(reason)
        if restored:
            read_again(entry.path)
        else:
            kept.append(entry)
        yield UndoneFile(entry.path, restored, error)
    tag_journal.keep_entries(journal, kept)


def last_run() -> Path | None:
    """Return the journal of the newest run that changed something and was not undone."""
    return tag_journal.newest_journal(journal_folder())


def journal_folder() -> Path:
    """Return the folder of the journals."""
    return StoreSettings().folder / "tags"


def _result(track: MeasuredTrack, min_confidence: float) -> MeasuredTags:
    return MeasuredTags(
        bpm=track.bpm if (track.bpm_confidence or 0) >= min_confidence else None,
        key=track.key if (track.key_confidence or 0) >= min_confidence else None,
        scale=track.scale,
        moods=track.moods,
        loudness_lufs=track.loudness_lufs,
        true_peak_dbtp=track.true_peak_dbtp,
    )


def _unsure(
    track: MeasuredTrack, fields: Sequence[Field], min_confidence: float
) -> tuple[Field, ...]:
    values: dict[Field, tuple[object, float | None]] = {
        "bpm": (track.bpm, track.bpm_confidence),
        "key": (track.key, track.key_confidence),
    }
    return tuple(
        name
        for name, (value, confidence) in values.items()
        if name in fields and value is not None and (confidence or 0) < min_confidence
    )
