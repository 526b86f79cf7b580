"""How many tricky albums are told apart as a person would, in files made on the fly.

    python -m benchmarks.library.albums [CASES.toml …] [--each]

A case is a small library: files with tags, and the albums that they are (`data/albums_known.toml`,
which the code was written after, and `data/albums_fresh.toml`, which was written after the code).
The tags are written by mutagen, read as when indexing and stored; the order of the files is mixed.
A case is right when all of its albums hold the right files, with artist, title and year, and its
editions are together. `store.library.albums` decides.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import mutagen
import numpy as np
from mutagen import id3

from indexer.files.audio.encoding import encode
from indexer.files.audio.opened_file import open_file
from indexer.files.tags.tag_reading import read_tags
from indexer.ingest.record import tag_facts
from store.database import db
from store.library import track_writing
from store.records import FileFacts, TrackRecord

DATA = Path(__file__).parents[1] / "data"
CASES = (DATA / "albums_known.toml", DATA / "albums_fresh.toml")
RATE_HZ = 44_100

ID3_FRAMES = {
    "title": id3.TIT2, "artist": id3.TPE1, "albumartist": id3.TPE2, "album": id3.TALB,
    "date": id3.TDRC, "no": id3.TRCK, "disc": id3.TPOS, "compilation": id3.TCMP,
}  # fmt: skip
MP4_NAMES = {
    "title": "\xa9nam", "artist": "\xa9ART", "albumartist": "aART", "album": "\xa9alb",
    "date": "\xa9day",
}  # fmt: skip
VORBIS_NAMES = {"no": "tracknumber", "disc": "discnumber"}
MUSICBRAINZ = {"mbid": "MusicBrainz Album Id", "rg": "MusicBrainz Release Group Id"}


def write_tags(path: Path, tags: Mapping[str, str]) -> None:
    """Write tags as taggers do in the format of the file."""
    file: Any = mutagen.File(path)  # pyright: ignore[reportPrivateImportUsage]
    for name, value in tags.items():
        if path.suffix == ".mp3":
            _write_id3(file, name, value)
        elif path.suffix == ".m4a":
            _write_mp4(file, name, value)
        else:
            plain = MUSICBRAINZ[name].replace(" ", "_").lower() if name in MUSICBRAINZ else name
            file[VORBIS_NAMES.get(plain, plain)] = value
    file.save()


def _write_id3(file: Any, name: str, value: str) -> None:
    if file.tags is None:
        file.add_tags()
    tags: Any = file.tags
    frame = ID3_FRAMES.get(name)
    tags.add(frame(3, [value]) if frame else id3.TXXX(3, MUSICBRAINZ[name], [value]))


def _write_mp4(file: Any, name: str, value: str) -> None:
    if name in ("no", "disc"):
        number, _, total = value.partition("/")
        file["trkn" if name == "no" else "disk"] = [(int(number), int(total or 0))]
    elif name == "compilation":
        file["cpil"] = value == "1"
    elif name in MUSICBRAINZ:
        file[f"----:com.apple.iTunes:{MUSICBRAINZ[name]}"] = value.encode()
    else:
        file[MP4_NAMES[name]] = value


def pairs(text: str) -> dict[str, str]:
    """ "a=1; b=2" as a mapping."""
    parts = (part.partition("=") for part in text.split(";") if part.strip())
    return {name.strip(): value.strip() for name, _, value in parts}


def shown(case: Mapping[str, Any], samples: Mapping[str, bytes]) -> dict[str, Any]:
    """Make the library of a case; return what was found in the form of the case."""
    with tempfile.TemporaryDirectory(prefix="backbeat-bench-") as place:
        os.environ["BACKBEAT_DATA"] = f"{place}/data"
        db.reset()
        lines = [[part.strip() for part in line.split("|")] for line in case["files"]]
        order = list(range(len(lines)))
        random.Random(case["name"]).shuffle(order)
        ids = {}
        for at in order:
            path = Path(place, "music", lines[at][0])
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(samples[path.suffix])
            tags = {"title": path.stem.lstrip("0123456789 ")} | pairs(case.get("tags", ""))
            write_tags(path, tags | pairs(lines[at][1]))
            with open_file(path) as opened:
                facts = FileFacts(path, f"{at}", path.stat().st_size, 1, duration_s=180.0)
                record = TrackRecord(facts, tag_facts(read_tags(opened), None))
            ids[track_writing.save_track(record)] = lines[at][2]
        with db.read() as session:
            found = db.rows(session, _FOUND)
        db.reset()
    return _in_form(found, ids)


_FOUND = """
SELECT track.id AS track, album.id, album.title, artist.name AS artist, album.year,
    coalesce(album.edition_of, album.id) AS edition
FROM track LEFT JOIN album ON album.id = track.album_id
LEFT JOIN artist ON artist.id = album.artist_id"""


def _in_form(found: Sequence[Any], labels: Mapping[int, str]) -> dict[str, Any]:
    held: dict[int | None, list[str]] = defaultdict(list)
    facts: dict[int | None, tuple[str, str, int]] = {}
    editions: dict[int, set[str]] = defaultdict(set)
    for row in found:
        held[row.id].append(labels[row.track])
        facts[row.id] = (row.artist or "", row.title or "", row.year or 0)
        if row.id is not None:
            editions[row.edition].add(labels[row.track])
    albums = sorted(
        ("".join(sorted(each)), facts[number]) for number, each in held.items() if number
    )
    together = sorted("".join(sorted(each)) for each in editions.values() if len(each) > 1)
    return {"albums": albums, "editions": together, "none": sorted(held.get(None, []))}


def wanted(case: Mapping[str, Any]) -> dict[str, Any]:
    """What a case expects, in the form of `shown`."""
    labels = [line.split("|")[2].strip() for line in case["files"]]
    albums = [(label * labels.count(label), tuple(each)) for label, each in case["albums"].items()]
    editions = sorted("".join(sorted(each)) for each in case.get("editions", ()))
    none = [label for label in labels if not label]
    return {"albums": sorted(albums), "editions": editions, "none": none}


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.library.albums", description=__doc__)
    parser.add_argument("cases", nargs="*", type=Path, default=CASES)
    parser.add_argument("--each", action="store_true", help="print what is wrong")
    given = parser.parse_args()
    silence = np.zeros((1, RATE_HZ), np.float32)
    samples = {}
    with tempfile.TemporaryDirectory() as place:
        for suffix in (".flac", ".mp3", ".m4a", ".ogg"):
            encode(path := Path(place, f"sample{suffix}"), silence, sample_rate=RATE_HZ)
            samples[suffix] = path.read_bytes()
    for path in given.cases:
        cases = tomllib.loads(path.read_text())["case"]
        wrong = [case for case in cases if shown(case, samples) != wanted(case)]
        print(f"{path.stem}: {len(cases) - len(wrong)} of {len(cases)} right")
        for case in wrong:
            print(f"  {case['name']}")
            if given.each:
                print(f"    wanted {wanted(case)}\n    found  {shown(case, samples)}")


if __name__ == "__main__":
    main()
