"""Fixtures that every room's tests may use: a data folder, a filled library, a model server."""

from __future__ import annotations

import importlib.util
import random
import shutil
import struct
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from store.database import db
from store.library.track_files import move_folder
from store.library.track_writing import save_track
from store.records import (
    AnalysisRecord,
    AudioFeatures,
    CoverPicture,
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
from store.vocabulary import CAMELOT

PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)
EMBEDDING_MODEL = "test-8"
NO_SERVER = "http://127.0.0.1:9"

# title, artist, album, year, bpm, key, scale, genre, second genre, energy, moods, instrumental
_SONGS: tuple[tuple[object, ...], ...] = (
    ("Midnight Drive", "The Night Owls", "City Lights", 1984, 98.0, "A", "minor", "electronic",
     "pop", 0.35, "chill dark", 0.2),
    ("Sunrise Boulevard", "The Night Owls", "City Lights", 1984, 118.0, "C", "major", "electronic",
     "disco", 0.7, "happy party", 0.1),
    ("Neon Rain", "The Night Owls", "City Lights", 1984, 100.0, "E", "minor", "electronic", "",
     0.5, "dark melancholic", 0.8),
    ("Paper Planes", "The Night Owls", "After Hours", 1991, 104.0, "G", "major", "pop", "indie",
     0.55, "happy bright", 0.1),
    ("Déjà vu", "Éloïse Duprès", "L'été", 2003, 92.0, "D", "minor", "pop", "folk", 0.3,
     "sad intimate romantic", 0.1),
    ("L'hiver à Paris", "Éloïse Duprès", "L'été", 2003, 76.0, "F", "major", "folk", "", 0.2,
     "sad melancholic intimate", 0.1),
    ("Les Feuilles", "Éloïse Duprès", "L'été", 2003, 84.0, "A", "minor", "folk", "pop", 0.25,
     "chill relaxed intimate", 0.2),
    ("Ça ira", "Éloïse Duprès feat. MC Zoulou", "L'été", 2003, 96.0, "C", "major", "hip hop", "pop",
     0.6, "energetic uplifting", 0.1),
    ("Steel Horizon", "Iron Valley", "Forge", 1986, 168.0, "E", "minor", "metal", "rock", 0.95,
     "aggressive dark energetic", 0.1),
    ("Hammer Down", "Iron Valley", "Forge", 1986, 174.0, "D", "minor", "metal", "", 0.97,
     "aggressive energetic workout", 0.1),
    ("Ashes", "Iron Valley", "Forge", 1986, 72.0, "B", "minor", "metal", "", 0.6, "dark epic",
     0.7),
    ("Ride the Thunder", "Iron Valley", "Anvil", 1989, 152.0, "F#", "minor", "rock", "metal", 0.9,
     "energetic epic workout", 0.1),
    ("Blue Smoke", "Harlan Pike Trio", "Late Set", 1959, 88.0, "A#", "major", "jazz", "blues", 0.3,
     "chill relaxed background", 0.9),
    ("Round the Corner", "Harlan Pike Trio", "Late Set", 1959, 140.0, "F", "major", "jazz", "",
     0.5, "bright", 0.95),
    ("Slow Train", "Harlan Pike Trio", "Late Set", 1959, 64.0, "C", "minor", "jazz", "blues", 0.2,
     "melancholic relaxed background", 0.9),
    ("Delta Morning", "Mama Roux", "Crossroads", 1962, 80.0, "E", "major", "blues", "", 0.35,
     "sad", 0.1),
    ("Crossroads Again", "Mama Roux", "Crossroads", 1962, 112.0, "A", "major", "blues", "rock",
     0.6, "energetic", 0.2),
    ("Warehouse", "DJ Kessler", "Concrete", 1995, 128.0, "A", "minor", "techno", "electronic", 0.85,
     "dancefloor party energetic", 0.95),
    ("Concrete", "DJ Kessler", "Concrete", 1995, 130.0, "E", "minor", "techno", "electronic", 0.88,
     "dancefloor dark energetic", 0.97),
    ("Deep Blue", "DJ Kessler", "Concrete", 1995, 122.0, "D", "minor", "house", "electronic", 0.66,
     "dancefloor chill", 0.8),
    ("Orbit", "Lumen", "Weightless", 2015, 60.0, "C", "major", "ambient", "electronic", 0.1,
     "ambient focus relaxed chill", 0.99),
    ("Drift", "Lumen", "Weightless", 2015, 66.0, "G", "major", "ambient", "", 0.12,
     "ambient focus background", 0.98),
    ("Halo", "Lumen", "Weightless", 2015, 90.0, "A", "minor", "ambient", "electronic", 0.3,
     "ambient chill", 0.9),
    ("Kingston Sun", "The Roots Parade", "Island", 1977, 76.0, "G", "major", "reggae", "", 0.45,
     "happy relaxed chill", 0.1),
    ("One Drop", "The Roots Parade", "Island", 1977, 74.0, "A", "minor", "reggae", "ska", 0.4,
     "relaxed chill", 0.3),
    ("Skank It Up", "The Roots Parade", "Island", 1978, 150.0, "D", "major", "ska", "reggae", 0.75,
     "happy party energetic", 0.1),
    ("Block Party", "MC Zoulou", "Concrete Jungle", 1993, 94.0, "F", "minor", "hip hop", "funk",
     0.65, "party energetic", 0.1),
    ("Concrete Jungle", "MC Zoulou", "Concrete Jungle", 1993, 90.0, "A", "minor", "hip hop", "",
     0.55, "dark", 0.1),
    ("Funk Machine", "Brass & Bones", "Groove", 1975, 110.0, "E", "minor", "funk", "soul", 0.78,
     "party happy dancefloor", 0.2),
    ("Velvet Heart", "Brass & Bones", "Groove", 1975, 70.0, "D#", "major", "soul", "r&b", 0.3,
     "romantic relaxed", 0.1),
    ("Mirrorball", "Brass & Bones", "Groove", 1978, 120.0, "C", "minor", "disco", "funk", 0.8,
     "party dancefloor happy", 0.1),
    ("Gymnopédie No. 1", "Erik Satie", "Gymnopédies", 1888, 68.0, "D", "major", "classical", "",
     0.1, "sad relaxed intimate focus", 1.0),
    ("Allegro con brio", "Ludwig Quartet", "Opus 9", 2001, 132.0, "C", "minor", "classical", "",
     0.5, "epic", 1.0),
    ("Dusty Road", "Cass Holloway", "Homestead", 1998, 102.0, "G", "major", "country", "folk", 0.5,
     "happy bright", 0.1),
    ("Lonesome Pine", "Cass Holloway", "Homestead", 1998, 78.0, "A", "minor", "country", "", 0.3,
     "sad melancholic", 0.1),
    ("Noche de Luna", "Los Vientos", "Salsa Viva", 2008, 96.0, "A", "minor", "latin", "world", 0.7,
     "party happy romantic", 0.1),
    ("Amen Runner", "Breakline", "Jungle", 1996, 172.0, "F", "minor", "drum and bass", "electronic",
     0.92, "energetic dancefloor", 0.9),
    ("Skyward", "Aurora Lane", "Ascend", 2006, 138.0, "A", "minor", "trance", "electronic", 0.86,
     "uplifting dancefloor epic", 0.8),
    ("Basement Tapes", "The Rejects", "Noise", 1979, 180.0, "A", "major", "punk", "rock", 0.93,
     "aggressive energetic", 0.1),
    ("Garage Window", "The Rejects", "Noise", 1979, 146.0, "E", "major", "rock", "punk", 0.8,
     "energetic bright", 0.1),
    ("Untagged Tape", None, None, None, None, None, None, "world", "", None, "", None),
)  # fmt: skip


@dataclass(frozen=True)
class Library:
    """The filled store: the folder the files are said to be in, and title → track id."""

    music: Path
    ids: dict[str, int]

    def id(self, title: str) -> int:
        return self.ids[title]


@pytest.fixture(scope="session")
def load() -> Callable[[str], ModuleType]:
    """Loads a file of these tests, which are no packages, by its place under `tests`."""

    def module(place: str) -> ModuleType:
        name = f"backbeat_tests_{place.removesuffix('.py').replace('/', '_')}"
        if name not in sys.modules:
            spec = importlib.util.spec_from_file_location(name, Path(__file__).parent / place)
            assert spec is not None
            assert spec.loader is not None
            sys.modules[name] = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(sys.modules[name])
        return sys.modules[name]

    return module


@pytest.fixture
def ollama(load: Callable[[str], ModuleType]) -> Iterator[Any]:
    """A model server on a local port; see `assistant/ollama_server.py`."""
    server = load("assistant/ollama_server.py").OllamaServer().start()
    yield server
    server.stop()


@pytest.fixture
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty data folder that `StoreSettings` points at, and no model server."""
    folder = tmp_path / "data"
    monkeypatch.setenv("BACKBEAT_DATA", str(folder))
    monkeypatch.setenv("BACKBEAT_OLLAMA_HOST", NO_SERVER)
    db.reset()
    yield folder
    db.reset()


@pytest.fixture(scope="session")
def library_template(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The library, made once through the public writing functions; each test gets a copy."""
    root = tmp_path_factory.mktemp("library")
    music = root / "music"
    music.mkdir()
    ids = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BACKBEAT_DATA", str(root / "data"))
        db.reset()
        for number, song in enumerate(_SONGS):
            record = song_record(music, number, song)
            record.file.path.write_bytes(b"audio %d" % number)
            ids[str(song[0])] = save_track(record)
        db.reset()
    return Library(music, ids)


@pytest.fixture
def library(library_template: Library, data_folder: Path, tmp_path: Path) -> Library:
    """41 analysed tracks of many kinds; the files themselves are small and hold no audio."""
    music = tmp_path / "music"
    shutil.copytree(library_template.music, music)
    shutil.copytree(library_template.music.parent / "data", data_folder)
    move_folder(library_template.music, music)
    return Library(music, library_template.ids)


def song_record(music: Path, number: int, song: tuple[object, ...]) -> TrackRecord:
    title, artist, album, year = song[:4]
    tags = TagFacts(
        title=str(title),
        artist=artist if isinstance(artist, str) else None,
        album=album if isinstance(album, str) else None,
        album_artist=artist.split(" feat.")[0] if isinstance(artist, str) else None,
        year=year if isinstance(year, int) else None,
        track_no=number % 12 + 1,
        cover=CoverPicture(PNG, "image/png", 1, 1) if album == "City Lights" else None,
        metadata=(("BPM", str(song[4]), "standards"),) if song[4] else (),
    )
    file = FileFacts(
        path=music / f"{number:02d} {title}.flac",
        content_hash=f"hash-{number:02d}",
        size_bytes=1000 + number,
        mtime_ns=1_700_000_000_000_000_000 + number,
        duration_s=150.0 + 5 * number,
        audio_format="flac",
        sample_rate_hz=44100,
        channels=2,
        bit_rate=800_000,
    )
    return TrackRecord(file, tags, song_analysis(number, song))


def song_analysis(number: int, song: tuple[object, ...]) -> AnalysisRecord:
    bpm, key, scale, genre, second, energy, moods, instrumental = song[4:]
    camelot = CAMELOT[str(key), str(scale)] if key else None
    names = str(moods).split()
    votes = [TrackGenre(str(genre), 0.8, True, "standards")]
    if second:
        votes.append(TrackGenre(str(second), 0.5, False, "musicnn"))
    shared = {"bpm": bpm, "key": key, "scale": scale, "camelot_key": camelot}
    dance = 0.9 if "dancefloor" in names or "party" in names else 0.3
    return AnalysisRecord(
        features=AudioFeatures(
            **shared,
            bpm_alternative=bpm * 2 if isinstance(bpm, float) and bpm < 100 else None,
            bpm_confidence=0.8,
            energy=energy,
            danceability=dance,
            instrumental=instrumental,
            loudness_lufs=-10.0,
        ),
        raw=RawStage(tags=(genre,), version=1, features_raw={"onset_rate_hz": 2.5}),
        normalized=NormalizedStage(
            **shared,
            danceability=dance,
            mood_happy=0.9 if "happy" in names else 0.2,
            mood_aggressive=0.9 if "aggressive" in names else 0.1,
            mood_party=0.9 if "party" in names else 0.2,
            mood_relaxed=0.9 if "relaxed" in names else 0.2,
            instrumental=instrumental,
            genre_main=genre,
            genre_secondary=(second,) if second else (),
            confidence_score=0.7,
        ),
        scores=ScoresStage(energy_score=energy, dance_score=dance, mood_valence=0.1),
        synthetic_tags=tuple(
            SyntheticTagRecord(name, 0.8, "mood", f"measured as {name}") for name in names
        ),
        moods={name: 0.9 - 0.1 * place for place, name in enumerate(names)},
        genres=tuple(votes),
        embeddings=(Embedding(_vector(number, song), EMBEDDING_MODEL, 1),),
    )


def _vector(number: int, song: tuple[object, ...]) -> bytes:
    """Songs of one artist are close to each other, those of others are not."""
    artist, own = random.Random(str(song[1])), random.Random(number)
    return struct.pack("<8f", *(artist.gauss(0, 1) + own.gauss(0, 0.1) for _ in range(8)))
