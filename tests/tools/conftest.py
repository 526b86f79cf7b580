"""A small library, written through the store's own functions."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from store.database import db
from store.library import track_writing
from store.records import (
    AnalysisRecord,
    AudioFeatures,
    Embedding,
    FileFacts,
    NormalizedStage,
    RawStage,
    ScoresStage,
    SyntheticTagRecord,
    TagFacts,
    TrackGenre,
    TrackRecord,
)
from store.vectors import vector_service

SONGS = [
    # title, artist, album, year, minutes, bpm, camelot, energy, genre, moods
    ("Back in Black", "AC/DC", "Back in Black", 1980, 4.2, 94, "12A", 0.82, "rock", "energetic"),
    ("Thunderstruck", "AC/DC", "The Razors Edge", 1990, 4.9, 134, "10B", 0.9, "rock", "energetic"),
    ("Hells Bells", "AC/DC", "Back in Black", 1980, 5.2, 107, "8A", 0.7, "rock", "dark"),
    ("Hurt", "Nine Inch Nails", "The Downward Spiral", 1994, 6.2, 80, "8A", 0.3, "metal", "sad"),
    ("Hurt", "Johnny Cash", "American IV", 2002, 3.6, 76, "8A", 0.25, "country", "sad"),
    ("So What", "Miles Davis", "Kind of Blue", 1959, 9.1, 136, "7A", 0.35, "jazz", "chill"),
    ("Blue in Green", "Miles Davis", "Kind of Blue", 1959, 5.4, 58, "7A", 0.15, "jazz", "chill"),
    ("Teardrop", "Massive Attack", "Mezzanine", 1998, 5.5, 77, "4B", 0.45, "electronic", "chill"),
    ("Angel", "Massive Attack", "Mezzanine", 1998, 6.3, 108, "8A", 0.6, "electronic", "dark"),
    ("One More Time", "Daft Punk", "Discovery", 2000, 5.3, 123, "10B", 0.85, "house", "happy"),
    ("Around the World", "Daft Punk", "Homework", 1997, 7.1, 121, "8A", 0.8, "house", "happy"),
    ("Le Temps de l'amour", "Françoise Hardy", None, 1962, 2.4, 143, "9A", 0.5, "pop", "romantic"),
    ("Voilà", "Françoise Hardy", None, 1967, 3.1, 95, "9A", 0.4, "pop", "romantic"),
    ("Strobe", "deadmau5", "For Lack", 2009, 10.6, 128, "9A", 0.75, "house", "chill"),
    ("Windowlicker", "Aphex Twin", None, 1999, 6.1, 124, "9A", 0.65, "electronic", "dark"),
    ("Untitled", None, None, None, 3.0, None, None, None, None, ""),
]


@dataclass(frozen=True)
class Shelf:
    """The data folder, the music folder and the ids by (artist, title)."""

    data: Path
    music: Path
    ids: dict[tuple[str | None, str], int]

    def id(self, title: str, artist: str | None = None) -> int:
        return next(i for (a, t), i in self.ids.items() if t == title and artist in (None, a))


def record(place: Path, song, *, vector: np.ndarray | None = None) -> TrackRecord:
    title, artist, album, year, minutes, bpm, camelot, energy, genre, moods = song
    place.write_bytes(title.encode())
    tags = TagFacts(title=title, artist=artist, album=album, year=year)
    file = FileFacts(
        path=place, content_hash=place.name, size_bytes=1, mtime_ns=1, audio_format="flac",
        duration_s=minutes * 60,
    )  # fmt: skip
    if bpm is None:
        return TrackRecord(file=file, tags=tags)
    features = AudioFeatures(
        bpm=float(bpm),
        bpm_alternative=bpm * 2.0,
        bpm_confidence=0.3 if bpm < 80 else 0.9,
        camelot_key=camelot,
        energy=energy,
        key="A",
        scale="minor",
        instrumental=0.9 if genre == "jazz" else 0.1,
    )
    analysis = AnalysisRecord(
        features=features,
        raw=RawStage(version=1, source="standards+musicnn"),
        normalized=NormalizedStage(bpm=float(bpm), danceability=energy, genre_main=genre),
        scores=ScoresStage(energy_score=energy, mood_valence=0.1),
        synthetic_tags=(
            SyntheticTagRecord("epic", 0.61, "atmosphere", "complexity .61"),
            SyntheticTagRecord(moods, 0.8, "mood", "strong"),
        ),
        moods={moods: 0.8, "epic": 0.3},
        genres=(TrackGenre(genre, 1.0, main=True, source="standards"),),
        embeddings=None
        if vector is None
        else (Embedding(vector.astype("<f4").tobytes(), model="MSD_musicnn", version=1),),
    )
    return TrackRecord(file=file, tags=tags, analysis=analysis)


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    data, music = tmp_path / "data", tmp_path / "music"
    music.mkdir()
    monkeypatch.setenv("BACKBEAT_DATA", str(data))
    db.reset()
    db.upgrade()
    rng = np.random.default_rng(1)
    ids = {}
    for number, song in enumerate(SONGS):
        vector = rng.normal(size=200)
        vector[GENRES_AT[song[8]]] += 30  # tracks of a genre sound alike
        place = music / f"{number:02d} {song[0]}.flac"
        ids[(song[1], song[0])] = track_writing.save_track(record(place, song, vector=vector))
    yield Shelf(data, music, ids)
    vector_service.close()
    db.reset()


GENRES_AT = {g: at for at, g in enumerate(dict.fromkeys(song[8] for song in SONGS))}


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("BACKBEAT_DATA", str(tmp_path / "data"))
    db.reset()
    db.upgrade()
    yield tmp_path / "data"
    vector_service.close()
    db.reset()


@pytest.fixture
def add_song():
    """Adds one more song to a shelf; returns its id."""

    def add(shelf: Shelf, song, *, name: str, vector: np.ndarray) -> int:
        return track_writing.save_track(record(shelf.music / name, song, vector=vector))

    return add
