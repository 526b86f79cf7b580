"""Files of charts made elsewhere → bars and notes, with what was left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from indexer.drums.formats.dtx import decode, spec
from indexer.drums.formats.exchange import general_midi
from indexer.drums.formats.exchange.dot_chart import read_dot_chart
from indexer.drums.formats.exchange.game_midi import game_track, read_game_midi
from indexer.drums.formats.exchange.musicxml_reading import read_musicxml
from indexer.drums.formats.exchange.song_ini import read_song_ini
from indexer.drums.formats.midi_files import read_song
from indexer.drums.types import Drum, DrumsError, GridNote, TempoMap

_LONGEST_H: Final = 4.0
"""No recording longer than three hours is charted."""
_SOFTEST_VOLUME: Final = 30
"""Volume of a chip of velocity 0 in bundles."""


@dataclass(frozen=True)
class CorrectedChart:
    """Bars, which start at 0 s, and notes of a file.

    Attributes:
        remarks: Sentences on what the file holds and the chart does not.
    """

    tempo: TempoMap
    notes: tuple[GridNote, ...]
    remarks: tuple[str, ...] = ()


def with_keys(data: bytes, *, suffix: str, keys: Mapping[int, Drum]) -> bytes:
    """Return a MIDI file whose notes on some keys are moved to drums.

    Raises:
        DrumsError: It is no MIDI file, a damaged one, or it has no notes on a key.
    """
    if _READERS.get(suffix.lower()) is not _read_midi:
        raise DrumsError("Only MIDI files have keys.")
    return general_midi.with_keys(data, keys)


def read_corrected_chart(data: bytes, *, suffix: str, ini: bytes = b"") -> CorrectedChart:
    """Read a chart in any of the formats of `SUFFIXES`.

    Args:
        data: The file.
        suffix: Of its name.
        ini: The `song.ini` beside it; empty where there is none.

    Raises:
        DrumsError: It is in none of them, it breaks its format, or there are no drums in it.
    """
    reader = _READERS.get(suffix.lower())
    if reader is None:
        raise DrumsError(f"A chart is a file of these: {', '.join(SUFFIXES)}.")
    chart = reader(data, ini)
    if not chart.notes:
        raise DrumsError(" ".join(("There are no drums in this chart.", *chart.remarks)))
    hours = chart.tempo.time_s(chart.notes[-1].bar, chart.notes[-1].tick) / 3600
    if hours > _LONGEST_H:
        raise DrumsError(
            f"This chart would last {hours:.0f} hours. Look at its tempo and lengths of bars."
        )
    return replace(chart, notes=_one_a_lane(chart.notes))


def _one_a_lane(notes: Iterable[GridNote]) -> tuple[GridNote, ...]:
    """Keep the louder of two notes at one position of one lane."""
    loudest: dict[tuple[int, int, int | Drum], GridNote] = {}
    for note in notes:
        position = (note.bar, note.tick, spec.CHANNEL_OF.get(note.drum, note.drum))
        loudest[position] = max(note, loudest.get(position, note), key=lambda one: one.velocity)
    return tuple(sorted(loudest.values()))


def _read_dtx(data: bytes, _ini: bytes, *, letters: bool = False) -> CorrectedChart:
    chart, remarks = decode.read(data, letters=letters)
    wavs = {wav.number: wav for wav in chart.wavs}
    notes = []
    for chip in chart.chips:
        if chip.channel not in spec.DRUM_OF:
            continue
        wav = wavs.get(chip.value)
        drum = spec.voice_of(chip.channel, wav.file if wav else "")
        volume = wav.volume if wav else 100
        velocity = (volume - _SOFTEST_VOLUME) / (100 - _SOFTEST_VOLUME)
        notes.append(GridNote(chip.bar, chip.tick, drum, min(max(velocity, 0.05), 1.0)))
    return CorrectedChart(chart.tempo, tuple(sorted(notes)), remarks)


def _read_gda(data: bytes, ini: bytes) -> CorrectedChart:
    return _read_dtx(data, ini, letters=True)


def _read_midi(data: bytes, ini: bytes) -> CorrectedChart:
    song = read_song(data)
    track = game_track(song)
    if track is not None:
        return CorrectedChart(*read_game_midi(song, track, read_song_ini(ini)))
    return CorrectedChart(*general_midi.read_song_chart(song))


def _read_dot_chart(data: bytes, ini: bytes) -> CorrectedChart:
    return CorrectedChart(*read_dot_chart(data, read_song_ini(ini)))


def _read_musicxml(data: bytes, _ini: bytes) -> CorrectedChart:
    return CorrectedChart(*read_musicxml(data))


_READERS: Final[dict[str, Callable[[bytes, bytes], CorrectedChart]]] = {
    ".dtx": _read_dtx,
    ".gda": _read_gda,
    ".g2d": _read_gda,
    ".mid": _read_midi,
    ".midi": _read_midi,
    ".chart": _read_dot_chart,
    ".musicxml": _read_musicxml,
    ".xml": _read_musicxml,
    ".mxl": _read_musicxml,
}
SUFFIXES: Final = tuple(_READERS)
"""Names of the files that can be read end in one of these."""
