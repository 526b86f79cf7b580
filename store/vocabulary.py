"""The canonical names that every room agrees on: genres, moods, keys, levels, suffixes."""

from __future__ import annotations

from typing import Final, Literal, get_args

Genre = Literal[
    "rock", "pop", "metal", "punk", "indie", "alternative", "hip hop", "r&b", "soul", "funk",
    "disco", "jazz", "blues", "electronic", "techno", "house", "trance", "drum and bass",
    "ambient", "reggae", "ska", "folk", "country", "classical", "latin", "world",
]  # fmt: skip
Mood = Literal[
    "happy", "sad", "aggressive", "party", "relaxed", "dark", "bright", "energetic", "chill",
    "melancholic", "uplifting", "romantic", "dancefloor", "ambient", "intimate", "epic",
    "workout", "focus", "background",
]  # fmt: skip
Level = Literal["BASIC", "ADVANCED", "EXTREME", "MASTER"]

TrackKind = Literal["music", "speech", "podcast", "audiobook", "sound", "silence"]

GENRES: Final[tuple[str, ...]] = get_args(Genre)
MOODS: Final[tuple[str, ...]] = get_args(Mood)
MUSIC: Final = "music"
SPOKEN: Final[tuple[TrackKind, ...]] = ("speech", "podcast", "audiobook")
LEVELS: Final[tuple[str, ...]] = get_args(Level)

GENRE_ALIASES: Final[dict[str, str]] = {
    "rap": "hip hop",
    "hiphop": "hip hop",
    "rnb": "r&b",
    "r and b": "r&b",
    "rhythm and blues": "r&b",
    "rock and roll": "rock",
    "rock n roll": "rock",
    "heavy metal": "metal",
    "punk rock": "punk",
    "alt": "alternative",
    "electronica": "electronic",
    "electro": "electronic",
    "edm": "electronic",
    "dnb": "drum and bass",
    "drum bass": "drum and bass",
    "drum n bass": "drum and bass",
    "classique": "classical",
    "latino": "latin",
}
"""Another name of a genre, as `store.folding.fold` writes it → its canonical name."""

POSTED_SOURCE: Final = "acoustid+standards+librosa"
"""Source of raw features that name none, as the exchange format fixes it for posted analyses."""

PITCH_CLASSES: Final = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
_MAJOR_NUMBERS: Final = (8, 3, 10, 5, 12, 7, 2, 9, 4, 11, 6, 1)
_MINOR_NUMBERS: Final = (5, 12, 7, 2, 9, 4, 11, 6, 1, 8, 3, 10)

CAMELOT: Final[dict[tuple[str, str], str]] = {
    **{(p, "major"): f"{n}B" for p, n in zip(PITCH_CLASSES, _MAJOR_NUMBERS, strict=True)},
    **{(p, "minor"): f"{n}A" for p, n in zip(PITCH_CLASSES, _MINOR_NUMBERS, strict=True)},
}
"""(tonic as a sharp name, "major" or "minor") → Camelot code."""

CAMELOT_CODES: Final[tuple[str, ...]] = tuple(
    f"{n}{letter}" for n in range(1, 13) for letter in "AB"
)


def harmonic_neighbours(camelot: str) -> tuple[str, ...]:
    """Keys that mix with `camelot`: itself, ±1 with the same letter, the other letter.

    Raises:
        ValueError: `camelot` is not one of `CAMELOT_CODES`.
    """
    if camelot not in CAMELOT_CODES:
        raise ValueError(f"Expected a Camelot code such as 8A, not {camelot!r}")
    number, letter = int(camelot[:-1]), camelot[-1]
    up, down = number % 12 + 1, (number - 2) % 12 + 1
    other = "B" if letter == "A" else "A"
    return (camelot, f"{down}{letter}", f"{up}{letter}", f"{number}{other}")


AUDIO_SUFFIXES: Final = frozenset(
    (
        ".mp3", ".mp2", ".mp1", ".mpga", ".flac", ".fla", ".ogg", ".oga", ".ogx", ".opus", ".spx",
        ".m4a", ".m4b", ".m4r", ".mp4", ".aac", ".alac", ".3ga", ".wav", ".wave", ".w64", ".rf64",
        ".bwf", ".aif", ".aiff", ".aifc", ".wma", ".asf", ".ape", ".wv", ".mpc", ".mp+", ".mpp",
        ".tta", ".tak", ".shn", ".mka", ".weba", ".webm", ".caf", ".au", ".snd", ".dsf", ".dff",
        ".ac3", ".eac3", ".ec3", ".dts", ".dtshd", ".thd", ".mlp", ".amr", ".awb", ".oma", ".aa3",
        ".at3", ".ra", ".voc",
    )
)  # fmt: skip
"""Lower-case suffixes of files that may hold audio."""

OTHER_AUDIO_SUFFIXES: Final = frozenset(
    (
        ".mid", ".midi", ".kar", ".rmi", ".mod", ".xm", ".it", ".s3m", ".mtm", ".sid", ".nsf",
        ".spc", ".vgm", ".vgz", ".gbs", ".psf", ".m4p", ".aax", ".aa", ".ofr", ".ofs", ".la",
        ".pac", ".mqa", ".vqf", ".ram", ".rm",
    )
)  # fmt: skip
"""Suffixes of audio that is not decoded: notes, modules of trackers, locked and rare formats."""
