"""Analysis results written into the tags of a file, under the names that players read.

A file is never changed in place: its copy is tagged, checked to hold the same audio, and then
replaces it in one step. The values before are reported, so that they can be restored.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from indexer.files.audio.audio_hash import payload_hash
from indexer.files.audio.audio_types import AudioError
from indexer.files.tags.blocks.stored_blocks import BROKEN
from indexer.files.tags.former_bytes import FormerBytes, digest, former_bytes, write_former
from indexer.files.tags.tag_access import (
    DAMAGED,
    TOO_LARGE,
    TagError,
    get_values,
    has_no_tags,
    open_tags,
    save_tags,
    set_values,
    tag_format,
)
from indexer.files.tags.tag_fields import (
    FIELDS,
    PLAIN_NAMES,
    TAG_NAMES,
    Field,
    MeasuredTags,
    Values,
    field_values,
)
from indexer.files.tags.tag_marks import MARK, format_mark, parse_mark, same_values
from indexer.files.tags.tag_values import parse_number

OnWrite = Callable[[Mapping[str, Values], Mapping[str, Values], FormerBytes], None]

_TOLERANCES: Final[dict[Field, float]] = {"gain": 0.02, "peak": 1e-4}
"""Differences (dB; of full scale) up to which a stored value is left: it is rounded when it is
stored, and once more when it is written."""


@dataclass(frozen=True, slots=True)
class TagChange:
    """One field of a file: its values now and those to write."""

    field: Field
    old: Values
    new: Values


def plan_changes(
    path: Path, result: MeasuredTags, *, fields: Sequence[Field] = FIELDS, overwrite: bool = False
) -> tuple[TagChange, ...]:
    """Return the changes that would be written into a file.

    Args:
        path: An audio file.
        result: The values.
        fields: The fields to write.
        overwrite: Also where the file holds another value.

    Raises:
        TagError: The file cannot be read or its format takes no tags.
    """
    tags = open_tags(path).tags
    kind = tag_format(tags)
    written = parse_mark(get_values(tags, TAG_NAMES[kind][MARK][0]))
    changes = []
    for field, new in field_values(result, kind).items():
        old = next(filter(None, (get_values(tags, name) for name in TAG_NAMES[kind][field])), ())
        ours = same_values(old, written.get(PLAIN_NAMES[field], ()))
        if (
            field in fields
            and not _is_equivalent(field, old, new)
            and (overwrite or not old or ours)
        ):
            changes.append(TagChange(field, old, new))
    return tuple(changes)


def write_changes(
    path: Path, changes: Sequence[TagChange], on_write: OnWrite, *, keep_date: bool = False
) -> None:
    """Write changes.

    Args:
        path: The file that they were planned for.
        changes: From `plan_changes`.
        on_write: Gets the values of the changed names before and after and the bytes before, just
            before the write.
        keep_date: The file keeps the time of its last change.

    Raises:
        TagError: The file cannot be written, or its audio would not stay the same.
    """
    tags = open_tags(path).tags
    names = TAG_NAMES[tag_format(tags)]
    mark = names[MARK][0]
    written = parse_mark(get_values(tags, mark)) | {PLAIN_NAMES[c.field]: c.new for c in changes}
    values = {name: change.new for change in changes for name in names[change.field]}
    replace_values(path, values | {mark: (format_mark(written),)}, on_write, keep_date=keep_date)


def replace_values(
    path: Path,
    values: Mapping[str, Values],
    on_write: OnWrite | None = None,
    *,
    keep_date: bool = False,
    drop_empty: bool = False,
) -> None:
    """Set names of a file to values; a name without values is deleted.

    Args:
        drop_empty: Delete the block of tags where nothing is left in it.

    Raises:
        TagError: As `write_changes`.
    """
    with _new_version(path, keep_date=keep_date) as (target, copy):
        made = has_no_tags(path)
        file = open_tags(path, at=copy)
        before = {name: get_values(file.tags, name) for name in values}
        for name, value in values.items():
            set_values(file.tags, name, value)
        if drop_empty and not file.tags.keys():
            file.delete()
        else:
            save_tags(file)
        if payload_hash(copy) != payload_hash(target):
            raise TagError("Its audio would not have stayed the same; it was left as it is.")
        if on_write:
            on_write(before, values, former_bytes(target, copy, made_tags=made))


def restore_bytes(path: Path, former: FormerBytes, *, keep_date: bool = False) -> bool:
    """Make a file what it was before a change; return False where it was changed since.

    Raises:
        TagError: As `write_changes`.
    """
    with _readable(path):
        if former.parts is None or digest(path) != former.after:
            return False
    with _new_version(path, keep_date=keep_date) as (target, copy):
        write_former(target, former.parts, copy)
        if digest(copy) != former.before:
            raise TagError("What was kept of it is damaged; it was left as it is.")
    return True


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise TagError("The file is not there.") from error
    except OSError as error:
        raise TagError(f"It cannot be read ({error.strerror or error}).") from error


@contextmanager
def _new_version(path: Path, *, keep_date: bool) -> Iterator[tuple[Path, Path]]:
    """Give a file and a copy of it, which takes its place when all went well."""
    target = path.resolve()
    copy = target.with_name(f".backbeat-tags-{os.getpid()}.part")
    try:
        if target.exists() and not os.access(target, os.W_OK):
            raise TagError("It cannot be written (read-only).")
        shutil.copy2(target, copy)
        status = target.stat()
        yield target, copy
        if keep_date:
            os.utime(copy, ns=(status.st_atime_ns, status.st_mtime_ns))
        copy.replace(target)
    except OSError as error:
        raise TagError(f"It cannot be written ({error.strerror or error}).") from error
    except AudioError as error:
        raise TagError(str(error)) from error
    except MemoryError as error:
        raise TagError(TOO_LARGE) from error
    except BROKEN as error:
        raise TagError(DAMAGED) from error
    finally:
        with suppress(OSError):
            copy.unlink(missing_ok=True)


def read_values(path: Path, names: Iterable[str]) -> dict[str, Values]:
    """Return the values of names of a file.

    Raises:
        TagError: The file cannot be read.
    """
    tags = open_tags(path).tags
    return {name: get_values(tags, name) for name in names}


def _is_equivalent(field: Field, old: Values, new: Values) -> bool:
    """Whether a file holds the new values already, within the tolerance of the field."""
    if field in _TOLERANCES and len(old) == 1:
        stored, measured = parse_number(old[0]), parse_number(new[0])
        return (
            stored is not None
            and measured is not None
            and abs(stored - measured) <= _TOLERANCES[field]
        )
    return same_values(old, new)
