"""A library of well-known names, for measuring how requests are read with names at hand.

    python -m benchmarks.conversation.names_library FOLDER [--tracks N]
    backbeat eval FILE --data FOLDER

Well-known songs (`benchmarks/data/known_music.txt`) and saved playlists; with more `--tracks` than
these, synthetic tracks as well. There are no sound files.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from benchmarks.data import synthetic_library
from store.database import db
from store.library import track_writing
from store.playlists import playlist_writing
from store.records import (
    AnalysisRecord,
    AudioFeatures,
    FileFacts,
    NormalizedStage,
    ScoresStage,
    TagFacts,
    TrackGenre,
    TrackRecord,
)
from store.settings import StoreSettings
from store.vocabulary import CAMELOT, MOODS

_KNOWN: Final = Path(__file__).parents[1] / "data" / "known_music.txt"
_SEED: Final = 7
_TEMPO_BPM: Final = (60.0, 180.0)
_PLAYLIST_SIZE: Final = 12
PLAYLISTS: Final = (
    "Friday Warmup", "Running", "Sunday Morning", "Dinner", "Happy Hour", "80s Party", "Jazz Club",
    "Chill", "Summer 2023", "Soirée", "Apéro", "Footing", "Route de nuit", "Play", "Last",
)  # fmt: skip
"""Names of saved playlists; some are words of a request."""


@dataclass(frozen=True, slots=True)
class KnownAlbum:
    """A well-known album and some of its songs."""

    artist: str
    genre: str
    year: int
    album: str
    titles: tuple[str, ...]


def known_albums() -> list[KnownAlbum]:
    """Return the albums of the data file."""
    albums = []
    for line in _KNOWN.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            artist, genre, year, album, titles = line.split(" | ")
            albums.append(KnownAlbum(artist, genre, int(year), album, tuple(titles.split("; "))))
    return albums


def build(folder: Path, tracks: int = 0, *, albums: Sequence[KnownAlbum] | None = None) -> int:
    """Make the library in `folder`, the data folder of this process from now on.

    Args:
        folder: Where to; a library that is there already is used again.
        tracks: How many; never fewer than there are well-known ones.
        albums: The well-known albums; all without it.

    Returns:
        How many tracks there are.
    """
    os.environ["BACKBEAT_DATA"] = str(folder.absolute())
    db.reset()
    known = list(_records(known_albums() if albums is None else albums))
    synthetic = max(0, tracks - len(known))
    if not StoreSettings().database.exists():
        if synthetic:
            synthetic_library.fill(folder, synthetic, vectors=False)
        db.upgrade()
        ids = [track_writing.save_track(record) for record in known]
        random = Random(_SEED)
        for name in PLAYLISTS:
            entries = [(track, "") for track in random.sample(ids, min(_PLAYLIST_SIZE, len(ids)))]
            playlist_writing.save_playlist(name, entries, {})
    return synthetic + len(known)


def _records(albums: Iterable[KnownAlbum]) -> Iterator[TrackRecord]:
    random = Random(_SEED)
    number = 0
    for album in albums:
        for place, title in enumerate(album.titles, 1):
            number += 1
            yield _record(random, album, title, number, place)


def _record(random: Random, album: KnownAlbum, title: str, number: int, place: int) -> TrackRecord:
    (key, scale), camelot = random.choice(sorted(CAMELOT.items()))
    bpm = round(random.uniform(*_TEMPO_BPM), 1)
    energy = round(random.random(), 3)
    return TrackRecord(
        file=FileFacts(
            path=Path(f"/known/{number:05d}.flac"),
            content_hash=f"known-{number}",
            size_bytes=1,
            mtime_ns=number,
            duration_s=round(random.uniform(120, 420), 1),
            audio_format="flac",
        ),
        tags=TagFacts(
            title=title, artist=album.artist, album=album.album, year=album.year, track_no=place
        ),
        analysis=AnalysisRecord(
            features=AudioFeatures(
                bpm=bpm, bpm_confidence=0.9, key=key, scale=scale, camelot_key=camelot,
                energy=energy, danceability=energy, instrumental=round(random.random(), 3),
            ),
            normalized=NormalizedStage(
                bpm=bpm, key=key, scale=scale, camelot_key=camelot, genre_main=album.genre,
                confidence_score=0.8,
            ),
            scores=ScoresStage(energy_score=energy, dance_score=energy),
            moods=dict.fromkeys(random.sample(MOODS, 3), 0.8),
            genres=(TrackGenre(album.genre, main=True),),
        ),
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description="Make a library of well-known names.")
    parser.add_argument("folder", type=Path, help="a new data folder")
    parser.add_argument("--tracks", type=int, default=0, help="with synthetic ones up to so many")
    options = parser.parse_args()
    count = build(options.folder, options.tracks)
    print(f"{count} tracks: backbeat eval FILE --data {options.folder}")


if __name__ == "__main__":
    main()
