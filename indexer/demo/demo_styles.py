"""Arrangements of the demo library's styles: the rhythm of each part as text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from indexer.demo.demo_songs import Style


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Parts and rhythms of a style.

    Attributes:
        drums: Drum → one character a sixteenth: `x` hit, `o` softer, `.` rest; a bar long.
        bass: Instrument and rhythm of the bass, likewise; `5` plays the fifth, `8` the octave.
        chords: Instrument and rhythm of the chords.
        melody: Instrument of the melody.
        notes_per_bar: How many notes the melody has in a bar.
    """

    drums: dict[str, str]
    bass: tuple[str, str]
    chords: tuple[str, str]
    melody: str
    notes_per_bar: int = 5


_FOUR_ON_FLOOR: Final = "x...x...x...x..."
_BACKBEAT: Final = "....x.......x..."
_EIGHTHS: Final = "x.o.x.o.x.o.x.o."
_HOLD: Final = "x..............."

STYLES: Final[dict[Style, Arrangement]] = {
    "rock": Arrangement(
        {"kick": "x.......x.x.....", "snare": _BACKBEAT, "hat_closed": _EIGHTHS},
        ("bass", "x.x.x.x.x.x.x.x."), ("distorted", "x.....x.x......."), "lead", 5),
    "metal": Arrangement(
        {"kick": "xxxxxxxxxxxxxxxx", "snare": _BACKBEAT, "crash": "x.......x......."},
        ("bass", "xxxxxxxxxxxxxxxx"), ("distorted", "xxx.xxx.xxx.xx.."), "distorted", 7),
    "punk": Arrangement(
        {"kick": "x.......x.......", "snare": "....x.......x...", "hat_open": _EIGHTHS},
        ("bass", "x.x.x.x.x.x.x.x."), ("distorted", "x.x.x.x.x.x.x.x."), "voice", 6),
    "house": Arrangement(
        {"kick": _FOUR_ON_FLOOR, "clap": _BACKBEAT, "hat_open": "..x...x...x...x.",
         "hat_closed": "o.o.o.o.o.o.o.o."},
        ("synth_bass", "..x...x...x...x."), ("electric_piano", "x..x..x...x..x.."), "voice", 3),
    "techno": Arrangement(
        {"kick": _FOUR_ON_FLOOR, "hat_closed": "..x...x...x...x.", "ride": "..o...o...o...o.",
         "side_stick": "...x..x....x..x."},
        ("synth_bass", ".xx..xx..xx..x.x"), ("supersaw", "...x......x....."), "lead", 2),
    "drum and bass": Arrangement(
        {"kick": "x.........x.....", "snare": "....x.......x...", "hat_closed": "x.x.x.x.x.x.x.xo"},
        ("synth_bass", "x.....x...x..x.."), ("pad", _HOLD), "lead", 3),
    "hip hop": Arrangement(
        {"kick": "x......x..x.....", "snare": _BACKBEAT, "hat_closed": "x.x.xox.x.x.x.xo"},
        ("bass", "x......x..x....."), ("electric_piano", "x.........x....."), "voice", 6),
    "reggae": Arrangement(
        {"kick": "........x.......", "side_stick": "........x.......",
         "hat_closed": "x.x.x.x.x.x.x.x."},
        ("bass", "x...x..x..8...5."), ("organ", "..x...x...x...x."), "voice", 4),
    "jazz": Arrangement(
        {"ride": "x...x.x.x...x.x.", "hat_pedal": "....x.......x...", "kick": "o.......o.......",
         "snare": "......o........."},
        ("bass", "x...5...8...5..."), ("piano", "..x...x......x.."), "piano", 7),
    "blues": Arrangement(
        {"kick": "x.......x.......", "snare": _BACKBEAT, "ride": "x.o.x.o.x.o.x.o."},
        ("bass", "x...5...8...5..."), ("organ", "x.......x......."), "plucked", 6),
    "ambient": Arrangement({}, ("pad", _HOLD), ("pad", _HOLD), "piano", 2),
    "folk": Arrangement(
        {"side_stick": "....o.......o..."},
        ("bass", "x.......5......."), ("plucked", "x.x.xxx.x.x.xxx."), "voice", 5),
    "classical": Arrangement({}, ("strings", _HOLD), ("strings", "x.......x......."), "piano", 8),
    "disco": Arrangement(
        {"kick": _FOUR_ON_FLOOR, "snare": _BACKBEAT, "hat_open": "..x...x...x...x.",
         "hat_closed": "x...x...x...x..."},
        ("bass", "x.8.x.8.x.8.x.8."), ("strings", "x.......x......."), "voice", 5),
    "funk": Arrangement(
        {"kick": "x..x......x.....", "snare": "....x..o.o..x..o", "hat_closed": "xxxxxxxxxxxxxxxx"},
        ("bass", "x..x..8...x.8.x."), ("electric_piano", "..xx..x...xx..x."), "lead", 4),
    "pop": Arrangement(
        {"kick": "x.....x.x.......", "snare": _BACKBEAT, "hat_closed": "x.x.x.x.x.x.x.x.",
         "clap": _BACKBEAT},
        ("synth_bass", "x.....x.x.....x."), ("supersaw", "x..x..x.x..x..x."), "voice", 6),
    "soul": Arrangement(
        {"kick": "x.....x.x..x....", "snare": _BACKBEAT, "hat_closed": "x.x.x.x.x.x.x.x."},
        ("bass", "x.....x.5.....8."), ("electric_piano", "x.......x......."), "voice", 5),
    "trance": Arrangement(
        {"kick": _FOUR_ON_FLOOR, "clap": _BACKBEAT, "hat_open": "..x...x...x...x.",
         "hat_closed": "xxxxxxxxxxxxxxxx"},
        ("synth_bass", ".xxx.xxx.xxx.xxx"), ("supersaw", "x.xx.xx.x.xx.xx."), "supersaw", 6),
    "waltz": Arrangement(
        {"kick": "x...........", "side_stick": "....x...x..."},
        ("bass", "x..........."), ("plucked", "....x...x..."), "strings", 3),
    "latin": Arrangement(
        {"kick": "x..x..x.x..x..x.", "side_stick": "x..x..x...x.x...",
         "hat_closed": "x.o.x.o.x.o.x.o.",
         "tom_high": "............x.x."},
        ("bass", "x..5..8.x..5..8."), ("plucked", "..x.xx..x.x.xx.."), "voice", 5),
}  # fmt: skip
