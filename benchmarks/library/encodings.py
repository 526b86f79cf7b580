"""Titles in the code pages of the world through every tag format: how many are read right.

    python -m benchmarks.library.encodings [--fitted] [--wrong] [--peer]

`benchmarks/data/titles.txt` holds titles with artist and album, each written in every code page of
its language; choices were made on every other line (--fitted), the others are measured. Right as
they stand (cp1252 in frames called Latin-1, and Unicode) are `correct_titles.txt`, which choices
were made on, `more_correct_titles.txt`, which is measured, and all titles in real Unicode. "Alone"
is a title without artist and album.
"""

from __future__ import annotations

import argparse
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from charset_normalizer import from_bytes

from benchmarks.library.raw_tags import V1_BYTES, WRITERS, TemplateFiles
from indexer.files.tags.tag_reading import read_tags

DATA: Final = Path(__file__).parents[1] / "data"
PAGES: Final = {
    "ru": ("cp1251", "koi8_r", "cp866"), "uk": ("cp1251", "koi8_u"), "bg": ("cp1251",),
    "mk": ("cp1251",), "el": ("cp1253", "iso8859_7"), "tr": ("cp1254",),
    "pl": ("cp1250", "iso8859_2"), "cs": ("cp1250", "iso8859_2"), "sk": ("cp1250",),
    "hu": ("cp1250", "iso8859_2"), "ro": ("cp1250",), "sh": ("cp1250",), "sl": ("cp1250",),
    "he": ("cp1255",), "ar": ("cp1256",), "fa": ("cp1256",), "zh": ("gbk",),
    "zh-hant": ("big5",), "ja": ("cp932", "euc_jp"), "ko": ("euc_kr",), "th": ("cp874",),
    "vi": ("cp1258",), "lt": ("cp1257",), "lv": ("cp1257",),
}  # fmt: skip
"""Language → its code pages; UTF-8 read as Latin-1 is tried with each."""
ALIKE: Final = str.maketrans("șțȘȚیک", "şţŞŢيك")
"""Letters that a code page has in one form only."""
TONES: Final = frozenset("\u0300\u0301\u0303\u0309\u0323")


@dataclass(frozen=True)
class Song:
    """A line of the data."""

    language: str
    texts: dict[str, str]


def songs(name: str) -> list[Song]:
    """The lines of a file."""
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    found = []
    for line in lines[1:]:
        language, title, artist, album = (part.strip() for part in line.split(" | "))
        found.append(Song(language, {"title": title, "artist": artist, "album": album}))
    return found


def in_page(text: str, page: str) -> bytes | None:
    """A text in a code page, None where it lacks a letter."""
    text = text.translate(ALIKE) if page in ("cp1250", "cp1256", "iso8859_2") else text
    if page == "cp1258":  # tones are letters of their own there
        text = "".join(_with_tone(letter) for letter in text)
    try:
        return text.encode(page)
    except UnicodeEncodeError:
        return None


def _with_tone(letter: str) -> str:
    parts = unicodedata.normalize("NFD", letter)
    tone = "".join(part for part in parts if part in TONES)
    return unicodedata.normalize("NFC", "".join(p for p in parts if p not in TONES)) + tone


def plain(text: str) -> str:
    """A text as results are compared."""
    return unicodedata.normalize("NFC", text).translate(ALIKE)


def cases(song: Song, pages: tuple[str, ...]) -> Iterator[tuple[str, dict[str, bytes]]]:
    """Code page → the texts in it, where all fit."""
    for page in pages:
        texts = {name: in_page(text, page) for name, text in song.texts.items()}
        if any(raw is None for raw in texts.values()):
            continue
        raws = {name: raw for name, raw in texts.items() if raw is not None}
        if not all(raw.isascii() for raw in raws.values()):
            yield page, raws


class Tally:
    """Right and all, by a name."""

    def __init__(self, *, show_wrong: bool) -> None:
        self.right: Counter[str] = Counter()
        self.all: Counter[str] = Counter()
        self._show = show_wrong

    def add(
        self, names: tuple[str, ...], song: Song, read: dict[str, str | None], how: str
    ) -> None:
        wanted = {name: plain(text) for name, text in song.texts.items() if name in read}
        right = all(plain(read[name] or "") == text for name, text in wanted.items())
        for name in names:
            self.all[name] += 1
            self.right[name] += right
        if not right and self._show:
            print(f"    {how}: {list(wanted.values())} read as {list(read.values())}")

    def report(self, heading: str) -> None:
        print(heading)
        for name, count in self.all.items():
            print(
                f"  {name:28s} {self.right[name]:5d} of {count:5d}  {self.right[name] / count:.1%}"
            )


def _read(path: Path, names: tuple[str, ...]) -> dict[str, str | None]:
    tags = read_tags(path)
    path.unlink()
    return {name: getattr(tags, name) for name in names}


def measure_wrong_pages(files: TemplateFiles, chosen: list[Song], tally: Tally) -> None:
    """Titles in code pages that the tags do not tell."""
    for song in chosen:
        for page, raws in cases(song, (*PAGES.get(song.language, ()), "utf-8")):
            for kind, write in WRITERS.items():
                if page == "utf-8" and kind in ("APEv2", "Vorbis", "RIFF INFO"):
                    continue  # as it should be
                if kind != "ID3v1" or max(map(len, raws.values())) <= V1_BYTES:
                    read = _read(write(files, raws), tuple(raws))
                    names = ("all files", page, kind, f"language {song.language}")
                    tally.add(names, song, read, f"{page}, {kind}")
            title = {"title": raws["title"]}
            if not raws["title"].isascii():
                read = _read(WRITERS["ID3v2.3 Latin-1"](files, title), ("title",))
                tally.add(("titles alone",), song, read, f"{page}, alone")


def measure_right_pages(files: TemplateFiles, chosen: list[Song], tally: Tally) -> None:
    """Titles that are right as they stand."""
    for song in chosen:
        for page, raws in cases(song, ("cp1252", "utf-8")):
            latin = ("ID3v1", "ID3v2.3 Latin-1", "ID3v2.4 Latin-1", "RIFF INFO", "APEv2", "Vorbis")
            kinds = ("APEv2", "Vorbis", "RIFF INFO") if page == "utf-8" else tuple(WRITERS)
            for kind in kinds:
                if kind == "ID3v1" and max(map(len, raws.values())) > V1_BYTES:
                    continue
                how = f"{page}, {kind}" if kind in latin else f"Unicode, {kind}"
                read = _read(WRITERS[kind](files, raws), tuple(raws))
                tally.add(("all files", kind), song, read, how)
                alone = {"title": raws["title"]}
                if kind in ("ID3v2.3 Latin-1", "Vorbis") and not raws["title"].isascii():
                    read = _read(WRITERS[kind](files, alone), ("title",))
                    tally.add(("titles alone",), song, read, f"{how}, alone")


def measure_peer(chosen: list[Song], tally: Tally) -> None:
    """What charset-normalizer makes of the same bytes, all texts of a song in one."""
    for song in chosen:
        for page, raws in cases(song, (*PAGES.get(song.language, ()), "cp1252")):
            best = from_bytes(b" / ".join(raws.values())).best()
            texts = str(best).split(" / ") if best else []
            read: dict[str, str | None] = dict.fromkeys(raws, None)
            read |= dict(zip(raws, texts, strict=False))
            tally.add(("stay" if page == "cp1252" else "repaired",), song, read, page)


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.library.encodings", description=__doc__)
    parser.add_argument("--fitted", action="store_true", help="the lines that choices were made on")
    parser.add_argument("--wrong", action="store_true", help="print what is read wrong")
    parser.add_argument("--peer", action="store_true", help="also charset-normalizer")
    given = parser.parse_args()
    foreign = songs("titles.txt")[not given.fitted :: 2]
    correct = songs("correct_titles.txt" if given.fitted else "more_correct_titles.txt")
    with tempfile.TemporaryDirectory(prefix="backbeat-bench-") as folder:
        files = TemplateFiles(Path(folder))
        tally = Tally(show_wrong=given.wrong)
        measure_wrong_pages(files, foreign, tally)
        tally.report(f"{len(foreign)} songs in code pages that the tags do not tell, read right:")
        tally = Tally(show_wrong=given.wrong)
        measure_right_pages(files, [*correct, *foreign], tally)
        tally.report(f"{len(correct) + len(foreign)} songs that are right as they stand, kept:")
    if given.peer:
        tally = Tally(show_wrong=given.wrong)
        measure_peer([*foreign, *correct], tally)
        tally.report("the same with charset-normalizer:")


if __name__ == "__main__":
    main()
