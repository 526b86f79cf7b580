"""SET.def: the file that lists a song's levels for the game's song menu."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from indexer.drums.formats.dtx.commands import commands, decode_text
from indexer.drums.formats.dtx.dtx_types import DtxError, clean_text
from indexer.drums.formats.dtx.encode import encode_text


@dataclass(frozen=True)
class SetDef:
    """A song and its levels, from the easiest: label → file name."""

    title: str
    levels: Mapping[str, str] = field(default_factory=dict)


def encode_setdef(definition: SetDef) -> bytes:
    """Write `definition` as UTF-16LE with a byte-order mark, as players' tools do.

    Raises:
        DtxError: There is no level, or there are more than five.
    """
    if not 1 <= len(definition.levels) <= 5:
        raise DtxError(f"A song has one to five levels, not {len(definition.levels)}.")
    lines = [f"#TITLE: {clean_text(definition.title)}"]
    for number, (label, file) in enumerate(definition.levels.items(), start=1):
        lines += [
            f"#L{number}LABEL: {clean_text(label)}",
            f"#L{number}FILE: {clean_text(file)}",
        ]
    return encode_text("\r\n".join([*lines, ""]), unicode=True)


def decode_setdef(data: bytes) -> SetDef:
    """Read a SET.def of one song.

    Raises:
        DtxError: No title, no level, or a level without a file.
    """
    values = {command.name: command.parameter for command in commands(decode_text(data))}
    levels: dict[str, str] = {}
    for number in range(1, 6):
        label, file = values.get(f"L{number}LABEL"), values.get(f"L{number}FILE")
        if file is None and label is None:
            continue
        if not file:
            raise DtxError(f"Level {number} of SET.def has no file.")
        levels[label or f"LEVEL {number}"] = file
    if not levels or "TITLE" not in values:
        raise DtxError("SET.def must name a title and at least one level.")
    return SetDef(values["TITLE"], levels)
