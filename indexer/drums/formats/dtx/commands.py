"""The bytes of a chart file → its commands: encodings, lines, and branches of `#RANDOM`."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from indexer.drums.formats.dtx.dtx_types import DtxError

_LINE: Final = re.compile(r"\s*#\s*([^:：;\s]+)[ \t\u3000]*[:：]?([^;]*)")
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SHIFT_JIS: Final = "cp932"
_OTHER_ENCODINGS: Final = ("utf-8", _SHIFT_JIS, "cp949", "gb18030", "cp1252")
"""Tried in this order where no byte-order mark names one; all of them hold ASCII, which is all that
notes need."""


@dataclass(frozen=True, slots=True)
class ChartLine:
    """A line `#NAME: parameter` and its number; the name is in upper case."""

    line: int
    name: str
    parameter: str


def decode_text(data: bytes) -> str:
    """The text of a chart file, by its byte-order mark, else as Shift_JIS (cp932).

    Raises:
        DtxError: The bytes are not text in that encoding.
    """
    bom, encoding = next((b for b in _BOMS if data.startswith(b[0])), (b"", _SHIFT_JIS))
    try:
        return data[len(bom) :].decode(encoding)
    except UnicodeDecodeError as error:
        raise DtxError(
            f"This chart is not readable as {encoding} text (byte {error.start}). "
            "Save it as Shift_JIS, or as UTF-8 or UTF-16 with a byte-order mark."
        ) from error


def any_text(data: bytes) -> str:
    """The text of a file in any encoding that charts are found in, as far as it is readable."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, "replace").replace("\0", "")
    for encoding, zeros in (("utf-16-le", data[1:200:2]), ("utf-16-be", data[0:200:2])):
        if zeros and 2 * zeros.count(0) > len(zeros):
            return data.decode(encoding, "replace").replace("\0", "")
    for encoding in _OTHER_ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode(_SHIFT_JIS, "replace")


def commands(text: str) -> Iterator[ChartLine]:
    """Yield the commands of a text; lines without a `#` are none."""
    for number, line in enumerate(re.split("\r\n|\r|\n", text), start=1):
        match = _LINE.match(line.replace("\ufeff", ""))
        if match is not None:
            yield ChartLine(number, match[1].upper(), match[2].strip())


def first_branch(every: Iterable[ChartLine]) -> tuple[list[ChartLine], list[str]]:
    """Take the first branch of each `#RANDOM`, as a player does that draws a 1.

    Returns:
        The commands that are left, and sentences on what was left out.
    """
    kept: list[ChartLine] = []
    open_ifs: list[tuple[ChartLine, bool]] = []
    left_out = 0
    for command in every:
        name = command.name + command.parameter.upper() if command.name == "END" else command.name
        if name in ("RANDOM", "SETRANDOM", "ENDRANDOM"):
            continue
        if name == "IF":
            open_ifs.append((command, _number(command.parameter) == 1))
        elif name in ("ENDIF", "ELSE", "ELSEIF"):
            if open_ifs:
                _, taken = open_ifs.pop()
                if name != "ENDIF":
                    open_ifs.append((command, not taken and name == "ELSE"))
        elif all(taken for _, taken in open_ifs):
            kept.append(command)
        else:
            left_out += 1
    said = [
        f"The first branch of each #RANDOM was taken; {left_out} lines of others were left out."
    ]
    unclosed = [command for command, taken in open_ifs if not taken]
    said += [
        f"Line {one.line}: #{one.name} {one.parameter} has no #ENDIF, so all after it was left out."
        for one in unclosed[:1]
    ]
    return kept, said if left_out or unclosed else []


def _number(text: str) -> int:
    match = re.match(r"\d+", text)
    return int(match[0]) if match else 0
