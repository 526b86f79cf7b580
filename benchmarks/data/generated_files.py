"""A song and an hours-long mix made for measuring."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import av

from indexer.demo.demo_mix import render
from indexer.demo.demo_songs import SONGS
from indexer.demo.instruments import SAMPLE_RATE
from indexer.files.audio.encoding import encode


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
