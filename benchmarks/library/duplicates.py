"""Which copies of a song are found to be one recording, and which songs wrongly.

    python -m benchmarks.library.duplicates --music FOLDER --models FOLDER [--limit 400]
        [--copies 14]

Songs are heard whole and put into a library of their own, then copies of some of them: as an MP3 of
96 kbit/s, half a decibel louder, with a second of silence in front, limited after 6 dB of gain,
driven through a tanh curve, and two per cent faster. Files with the same audio count once.
"""

from __future__ import annotations

import argparse
import itertools
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr
from scipy.ndimage import maximum_filter1d, uniform_filter1d

from indexer.files.audio.audio_hash import payload_hash
from indexer.files.audio.decoding import decode
from indexer.files.audio.encoding import encode
from indexer.mir.analyse import analyse
from indexer.mir.signal.spectrum import ANALYSIS_RATE_HZ as RATE_HZ
from indexer.mir.tags.embed import EMBEDDING_NAME, EMBEDDING_VERSION
from indexer.mir.tags.tagger import Tagger
from store.database import db
from store.library import track_writing
from store.records import AnalysisRecord, AudioFeatures, Embedding, FileFacts, TrackRecord
from store.vocabulary import AUDIO_SUFFIXES
from training.mir.tagger_files import load_tagger

SHORTEST_S = 40.0
LIMITER_SAMPLES = RATE_HZ // 50


@dataclass(frozen=True)
class Sound:
    """What recordings are told apart by."""

    name: str
    duration_s: float
    bpm: float | None
    key: str | None
    vector: np.ndarray


def hear(name: str, samples: np.ndarray, tagger: Tagger) -> Sound:
    raw = analyse(samples, sample_rate=RATE_HZ).raw
    vector = tagger.tag(samples, sample_rate=RATE_HZ).embedding
    key = raw.key.camelot if raw.key else None
    return Sound(name, len(samples) / RATE_HZ, raw.tempo.bpm, key, vector)


def as_mp3(samples: np.ndarray) -> np.ndarray:
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "copy.mp3"
        encode(path, samples[None], sample_rate=RATE_HZ, bit_rate=96_000)
        return decode(path, sample_rate=RATE_HZ).samples


def limited(samples: np.ndarray) -> np.ndarray:
    """Twice as loud under a ceiling of −1 dB, the gain smoothed over 20 ms."""
    loud = 2 * samples / max(float(np.abs(samples).max()), 1e-9)
    peaks = maximum_filter1d(np.abs(loud), LIMITER_SAMPLES)
    gain = uniform_filter1d(np.minimum(1, 0.9 / np.maximum(peaks, 1e-9)), LIMITER_SAMPLES)
    return (loud * gain).astype(np.float32)


def driven(samples: np.ndarray) -> np.ndarray:
    peak = max(float(np.abs(samples).max()), 1e-9)
    return (0.95 * np.tanh(3 * samples / peak)).astype(np.float32)


COPIES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "mp3 of 96 kbit/s": as_mp3,
    "0.5 dB louder": lambda x: (1.059 * x).astype(np.float32),
    "1 s of silence in front": lambda x: np.concatenate([np.zeros(RATE_HZ, np.float32), x]),
    "limited, +6 dB": limited,
    "tanh of +9.5 dB": driven,
    "2 % faster": lambda x: soxr.resample(x, 1.02 * RATE_HZ, RATE_HZ).astype(np.float32),
}


def recordings(sounds: Iterable[Sound]) -> dict[str, str | None]:
    """Name → recording, as a library of these files has them."""
    with tempfile.TemporaryDirectory(prefix="backbeat-bench-") as data:
        os.environ["BACKBEAT_DATA"] = data
        db.reset()
        ids = {sound.name: _save(sound, number) for number, sound in enumerate(sounds)}
        with db.read() as session:
            found = {row.id: row.recording for row in db.rows(session, _RECORDINGS)}
        db.reset()
    return {name: found[track_id] for name, track_id in ids.items()}


_RECORDINGS = "SELECT id, recording FROM track"


def _save(sound: Sound, number: int) -> int:
    facts = FileFacts(
        path=Path(f"/music/{number}"),
        content_hash=f"{number}",
        size_bytes=1,
        mtime_ns=1,
        duration_s=sound.duration_s,
        audio_format="flac",
    )
    vector = np.asarray(sound.vector, "<f4").tobytes()
    analysis = AnalysisRecord(
        features=AudioFeatures(bpm=sound.bpm, camelot_key=sound.key),
        embeddings=(Embedding(vector, EMBEDDING_NAME, EMBEDDING_VERSION),),
    )
    return track_writing.save_track(TrackRecord(facts, analysis=analysis))


def report(songs: list[Sound], copies: dict[str, list[tuple[str, Sound]]]) -> None:
    """Wrong groups among `songs`; of `copies`, kind → (original, copy), how many are found."""
    alone = recordings(songs)
    groups = Counter(name for name in alone.values() if name is not None)
    wrong = sum(count - 1 for count in groups.values())
    pairs = np.array([float(a.vector @ b.vector) for a, b in itertools.combinations(songs, 2)])
    cuts = np.quantile(pairs, (0.5, 0.99, 0.999, 1))
    print(f"{len(songs)} songs: {wrong} taken for another")
    print(
        f"cosines of {len(pairs)} pairs: median {cuts[0]:.3f}, one in 100 over {cuts[1]:.3f}, "
        f"one in 1000 over {cuts[2]:.3f}, highest {cuts[3]:.3f}"
    )
    by_name = {song.name: song for song in songs}
    for kind, made in copies.items():
        found = 0
        for original, copy in made:
            both = recordings([by_name[original], copy])
            found += len(set(both.values())) == 1 and None not in both.values()
        cosines = [float(by_name[original].vector @ copy.vector) for original, copy in made]
        print(
            f"{kind:24s} found {found} of {len(made)}; cosine lowest {min(cosines):.3f}, "
            f"median {np.median(cosines):.3f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.library.duplicates", description=__doc__)
    parser.add_argument("--music", type=Path, required=True)
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--limit", type=int, default=400)
    parser.add_argument("--copies", type=int, default=14)
    given = parser.parse_args()
    tagger = load_tagger(given.models)
    assert tagger is not None
    files = sorted(p for p in given.music.rglob("*") if p.suffix.lower() in AUDIO_SUFFIXES)
    known: set[str] = set()
    songs: list[Sound] = []
    copies: dict[str, list[tuple[str, Sound]]] = {kind: [] for kind in COPIES}
    every = max(min(len(files), given.limit) // given.copies, 1)
    for path in files[:: max(len(files) // given.limit, 1)]:
        audio = decode(path, sample_rate=RATE_HZ)
        if audio.duration_s < SHORTEST_S or (digest := payload_hash(path)) in known:
            continue
        known.add(digest)
        songs.append(hear(str(path), audio.samples, tagger))
        if len(songs) % every == 0 and len(copies["2 % faster"]) < given.copies:
            for kind, make in COPIES.items():
                copy = hear(f"{kind} of {path}", make(audio.samples), tagger)
                copies[kind].append((str(path), copy))
    report(songs, copies)


if __name__ == "__main__":
    main()
