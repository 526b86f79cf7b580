"""A song and an hours-long mix made for measuring, and what one process needs to analyse a file.

    python -m benchmarks.made_files FILE --models DIR [--repeat N] [--peers]

prints one JSON object: processor seconds of each stage of the last repetition, of the whole process
with start and imports, and with `--peers` those of librosa, compiled beforehand. Run on one core by
`benchmarks.indexing`.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import time
from pathlib import Path

import av
import numpy as np

from indexer.demo.demo_mix import render
from indexer.demo.demo_songs import SONGS
from indexer.demo.instruments import SAMPLE_RATE
from indexer.files.audio.decoding import decode
from indexer.files.audio.encoding import encode
from indexer.ingest import pipeline
from indexer.ingest.pipeline import TaggerSource
from indexer.mir.signal.spectrum import ANALYSIS_RATE_HZ

WARM_UP_S = 5


def write_song(path: Path, *, duration_s: float) -> None:
    """The first song of the demo library, played on for `duration_s`; 192 kbit/s stereo."""
    samples = render(dataclasses.replace(SONGS[0], duration_s=duration_s))
    encode(path, samples, sample_rate=SAMPLE_RATE)


def write_repeated(song: Path, path: Path, *, times: int) -> None:
    """The packets of `song` over and over: hours of music without encoding any."""
    with av.open(str(song)) as source, av.open(str(path), "w") as sink:
        given = source.streams.audio[0]
        stream = sink.add_stream_from_template(given)
        packets = [packet for packet in source.demux(given) if packet.size]
        payload = [(bytes(packet), packet.duration or 0) for packet in packets]
        time_base, position = packets[0].time_base, 0
        for _ in range(times):
            for data, duration in payload:
                packet = av.Packet(data)
                packet.stream, packet.time_base = stream, time_base
                packet.pts = packet.dts = position
                packet.duration = duration
                position += duration
                sink.mux(packet)


class Stages:
    """Processor seconds from the begin of each stage to the next."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._name, self._began = "", time.process_time()

    def begin(self, name: str) -> None:
        """A stage begins; the one before is over."""
        now = time.process_time()
        if self._name:
            self.seconds[self._name] = self.seconds.get(self._name, 0.0) + now - self._began
        self._name, self._began = name, now


def stage_seconds(path: Path, source: TaggerSource) -> dict[str, float]:
    """Processor seconds of each stage; those of the analysis by their share of its time."""
    stages = Stages()
    result = pipeline.analyse_file(path, tagger=source.get(), on_stage=stages.begin)
    stages.begin("")
    spent = stages.seconds
    whole, parts = spent.pop("analysis"), result.mir.seconds
    return spent | {name: whole * part / sum(parts.values()) for name, part in parts.items()}


def peer_seconds(path: Path) -> dict[str, float]:
    """Processor seconds of librosa's tempo and of its chroma with Krumhansl's profiles."""
    from benchmarks.analysis import krumhansl_key, librosa_tempo

    mono = decode(path, sample_rate=ANALYSIS_RATE_HZ).samples
    spent = {}
    peers = {"librosa beat_track": librosa_tempo, "chroma + Krumhansl": krumhansl_key}
    for name, work in peers.items():
        work(np.ascontiguousarray(mono[: WARM_UP_S * ANALYSIS_RATE_HZ]), ANALYSIS_RATE_HZ)
        began = time.process_time()
        work(mono, ANALYSIS_RATE_HZ)
        spent[name] = time.process_time() - began
    return spent


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.made_files", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--peers", action="store_true")
    given = parser.parse_args()
    source = TaggerSource(given.models)
    stages: dict[str, float] = {}
    for _ in range(given.repeat):
        stages = stage_seconds(given.file, source)
    found = {"stages": stages, "process_s": time.process_time()}
    if given.peers:
        found["peers"] = peer_seconds(given.file)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
