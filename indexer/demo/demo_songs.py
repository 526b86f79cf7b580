"""Songs of the demo library, with invented titles.

Tempo, key and genre are exact: reference values for the analysis.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Scale = Literal["major", "minor"]
Style = Literal[
    "rock", "metal", "punk", "house", "techno", "drum and bass", "hip hop", "reggae", "jazz",
    "blues", "ambient", "folk", "classical", "disco", "funk", "pop", "soul", "trance", "waltz",
    "latin",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class DemoSong:
    """One song: its tags and its music.

    Attributes:
        tonic: MIDI pitch class, 0 = C.
        chords: Scale degrees (1..7), one chord a bar, repeated.
        beats_per_bar: 3 or 4.
        swing: Share of a beat at which its second eighth falls; 0.5 is straight.
        suffix: File type, which selects the codec, too.
    """

    title: str
    artist: str
    album: str
    year: int
    genre: str
    style: Style
    tempo_bpm: float
    tonic: int
    scale: Scale
    chords: tuple[int, ...]
    suffix: str
    duration_s: float = 48.0
    beats_per_bar: int = 4
    swing: float = 0.5


SONGS: Final = (
    DemoSong("Copper Sky", "The Lanterns", "Copper Sky", 1994, "Rock", "rock",
         122, 9, "minor", (1, 6, 3, 7), "mp3"),
    DemoSong("Gravel Road", "The Lanterns", "Copper Sky", 1994, "Rock", "rock",
         138, 4, "minor", (1, 7, 6, 7), "flac"),
    DemoSong("Iron Tide", "Wolfram", "Foundry", 2008, "Metal", "metal",
         168, 4, "minor", (1, 1, 6, 7), "mp3"),
    DemoSong("Three Chord Alibi", "Riot Parlour", "Alibis", 1979, "Punk", "punk",
         174, 9, "major", (1, 4, 5, 4), "ogg", 44.0),
    DemoSong("Glass Elevator", "Nova Kline", "Night Shift", 2016, "House", "house",
         124, 9, "minor", (1, 6, 4, 5), "flac"),
    DemoSong("Warehouse Rain", "Nova Kline", "Night Shift", 2016, "Techno", "techno",
         132, 0, "minor", (1, 1, 1, 7), "m4a"),
    DemoSong("Slipstream", "Kestrel Unit", "Airframe", 2002, "Drum and Bass", "drum and bass",
         174, 5, "minor", (1, 6, 7, 1), "opus"),
    DemoSong("Corner Store Gospel", "Dex Marlowe", "Block Letters", 1996, "Hip-Hop", "hip hop",
         88, 2, "minor", (1, 1, 4, 1), "mp3"),
    DemoSong("Island Ledger", "Harbour Seven", "Low Tide", 1983, "Reggae", "reggae",
         74, 7, "major", (1, 4, 1, 5), "ogg"),
    DemoSong("Blue Umbrella", "Ilse Marchand Trio", "Rue des Martyrs", 1961, "Jazz", "jazz",
         138, 10, "major", (2, 5, 1, 6), "flac", 48.0, 4, 0.66),
    DemoSong("Kitchen Light Blues", "Old Man Tully", "Porch Tapes", 1958, "Blues", "blues",
         96, 4, "major", (1, 4, 1, 1, 4, 4, 1, 1, 5, 4, 1, 5), "mp3", 52.0, 4, 0.66),
    DemoSong("Tidal Memory", "Halcyon Drift", "Stillwater", 2011, "Ambient", "ambient",
         68, 0, "major", (1, 6, 4, 5), "opus", 56.0),
    DemoSong("Paper Boats", "Anouk Vell", "Lettres", 2019, "Folk", "folk",
         104, 7, "major", (1, 5, 6, 4), "m4a"),
    DemoSong("Prélude pour une gare", "Anouk Vell", "Lettres", 2019, "Classical", "classical",
         76, 2, "minor", (1, 4, 7, 3, 6, 2, 5, 1), "flac", 54.0),
    DemoSong("Mirrorball Heart", "Satin Avenue", "Saturday", 1978, "Disco", "disco",
         118, 9, "minor", (1, 4, 7, 3), "mp3"),
    DemoSong("Rubber Sidewalk", "Satin Avenue", "Saturday", 1978, "Funk", "funk",
         102, 4, "minor", (1, 1, 4, 1), "ogg"),
    DemoSong("Summer Receipt", "Mina Sol", "Polaroids", 2021, "Pop", "pop",
         110, 0, "major", (1, 5, 6, 4), "m4a"),
    DemoSong("Velvet Hour", "Mina Sol", "Polaroids", 2021, "Soul", "soul",
         80, 5, "major", (1, 6, 2, 5), "mp3"),
    DemoSong("Aurora Terminal", "Kestrel Unit", "Airframe", 2002, "Trance", "trance",
         140, 9, "minor", (1, 6, 3, 7), "opus"),
    DemoSong("Harvest Waltz", "Old Man Tully", "Porch Tapes", 1958, "Country", "waltz",
         150, 2, "major", (1, 1, 4, 4, 5, 5, 1, 1), "flac", 45.0, 3),
    DemoSong("Calle del Sol", "Orquesta Mirador", "Verano", 1999, "Latin", "latin",
         98, 9, "minor", (1, 4, 5, 1), "ogg"),
    DemoSong("Midnight Arcade", "Nova Kline", "Night Shift", 2016, "Electronic", "house",
         116, 4, "minor", (6, 7, 1, 1), "m4a"),
)  # fmt: skip
