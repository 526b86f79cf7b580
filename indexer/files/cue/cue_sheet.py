"""Cue sheets: the tracks of one long audio file, as text beside it or in its tags.

The format is that of CDRWIN: FILE, TRACK, INDEX mm:ss:ff with 75 frames a second, PERFORMER, TITLE
and REM. Pure; bytes in, values out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Final

FRAMES_A_SECOND: Final = 75
TRACKS_AT_MOST: Final = 999
LARGEST_BYTES: Final = 1 << 20
_LINE: Final = re.compile(r"\s*(\w+)\s*(.*?)\s*$")
_WORDS: Final = re.compile(r'"([^"]*)"|(\S+)')
_TIME: Final = re.compile(r"(\d{1,4}):(\d{1,2})(?::(\d{1,3}))?")


class CueError(ValueError):
    """A cue sheet cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class CueTrack:
    """A track of a cue sheet; `start_s` is where its INDEX 01 lies in its file."""

    number: int
    start_s: float
    title: str | None = None
    performer: str | None = None


@dataclass(frozen=True, slots=True)
class CueFile:
    """A file that a cue sheet names, with its tracks; `name` is as it stands there."""

    name: str
    tracks: tuple[CueTrack, ...] = ()


@dataclass(frozen=True, slots=True)
class CueSheet:
    """A cue sheet: what holds for all of its tracks, and its files."""

    files: tuple[CueFile, ...]
    title: str | None = None
    performer: str | None = None
    date: str | None = None
    genre: str | None = None
    disc: int | None = None

    def file_named(self, name: str, *, alone: bool) -> CueFile | None:
        """Return the file of this name, whatever its ending; with `alone` the only one there is.

        Rips are named .wav in the sheet and kept as .flac.
        """
        stem = PurePosixPath(name).stem.casefold()
        for file in self.files:
            if PurePosixPath(file.name.replace("\\", "/")).stem.casefold() == stem:
                return file
        return self.files[0] if alone and len(self.files) == 1 else None


def read_cue(text: str) -> CueSheet:
    """Return the files and tracks of a cue sheet.

    Raises:
        CueError: It names no file or no track, or a time cannot be read.
    """
    reader = _Reader()
    for number, line in enumerate(text.splitlines(), 1):
        if found := _LINE.match(line):
            reader.read(found[1].upper(), _words(found[2]), number)
    return reader.sheet()


def parts_of(file: CueFile, duration_s: float | None) -> tuple[tuple[CueTrack, float | None], ...]:
    """Return the tracks of a file, each with where it ends; None for the end of the file.

    Raises:
        CueError: There are fewer than two, or their times do not fit.
    """
    if len(file.tracks) < 2:
        raise CueError("it has no two tracks in one file")
    ends = [track.start_s for track in file.tracks[1:]]
    for track, end_s in zip(file.tracks, ends, strict=False):
        if end_s <= track.start_s:
            raise CueError(f"track {track.number} ends before it begins")
    if duration_s and file.tracks[-1].start_s >= duration_s:
        raise CueError(f"track {file.tracks[-1].number} begins after the end of the file")
    return tuple(zip(file.tracks, [*ends, None], strict=True))


def _words(text: str) -> list[str]:
    return [quoted or plain for quoted, plain in _WORDS.findall(text)]


@dataclass(slots=True)
class _Reader:
    """Reads line after line; a track is finished by the next one."""

    files: list[CueFile] = field(default_factory=list)
    about: dict[str, str | None] = field(default_factory=dict)
    track: CueTrack | None = None
    has_index: bool = False

    def read(self, command: str, words: list[str], line: int) -> None:
        if command == "FILE" and words:
            self._finish()
            self.files.append(CueFile(" ".join(words[:-1]) if len(words) > 1 else words[0]))
        elif command == "TRACK" and words:
            self._finish()
            self._begin(words, line)
        elif command == "INDEX" and len(words) > 1 and self.track:
            self._index(words, line)
        elif command in ("TITLE", "PERFORMER"):
            name = " ".join(words) or None
            if self.track is None:
                self.about.setdefault(command, name)
            elif command == "TITLE":
                self.track = replace(self.track, title=name)
            else:
                self.track = replace(self.track, performer=name)
        elif command == "REM" and len(words) > 1:
            self.about.setdefault(words[0].upper(), " ".join(words[1:]))

    def sheet(self) -> CueSheet:
        self._finish()
        files = tuple(file for file in self.files if file.tracks)
        if not files:
            raise CueError("it names no track of a file")
        disc = self.about.get("DISCNUMBER") or ""
        return CueSheet(
            files,
            title=self.about.get("TITLE"),
            performer=self.about.get("PERFORMER"),
            date=self.about.get("DATE"),
            genre=self.about.get("GENRE"),
            disc=int(disc) if disc.isdigit() else None,
        )

    def _begin(self, words: list[str], line: int) -> None:
        if not words[0].isdigit():
            raise CueError(f"line {line} has no track number")
        audio = len(words) < 2 or words[1].upper() == "AUDIO"  # others hold data
        self.track = CueTrack(int(words[0]), -1.0) if audio else None
        self.has_index = False

    def _index(self, words: list[str], line: int) -> None:
        time = _TIME.fullmatch(words[1])
        if time is None or int(time[2]) >= 60 or int(time[3] or 0) >= FRAMES_A_SECOND:
            raise CueError(f"line {line} has no time")
        start_s = int(time[1]) * 60 + int(time[2]) + int(time[3] or 0) / FRAMES_A_SECOND
        if self.track and words[0].lstrip("0") == "1":
            self.track = replace(self.track, start_s=start_s)
            self.has_index = True

    def _finish(self) -> None:
        if self.track is None:
            return
        if not self.has_index:
            raise CueError(f"track {self.track.number} has no beginning (INDEX 01)")
        if not self.files:
            raise CueError("it names no file")
        last = self.files[-1]
        if len(last.tracks) >= TRACKS_AT_MOST:
            raise CueError("it has too many tracks")
        self.files[-1] = replace(last, tracks=(*last.tracks, self.track))
        self.track = None
