"""The percussion of General MIDI that no lane of a chart has, and the drums that come near it."""

from __future__ import annotations

from typing import Final

from indexer.drums.types import Drum

KEY_NAMES: Final[dict[int, str]] = {
    27: "high Q", 28: "slap", 29: "scratch push", 30: "scratch pull", 31: "sticks",
    32: "square click", 33: "metronome click", 34: "metronome bell", 39: "hand clap",
    54: "tambourine", 56: "cowbell", 60: "high bongo", 61: "low bongo", 62: "mute high conga",
    63: "open high conga", 64: "low conga", 65: "high timbale", 66: "low timbale",
    67: "high agogo", 68: "low agogo", 69: "cabasa", 70: "maracas", 71: "short whistle",
    72: "long whistle", 73: "short guiro", 74: "long guiro", 75: "claves",
    76: "high wood block", 77: "low wood block", 78: "mute cuica", 79: "open cuica",
    80: "mute triangle", 81: "open triangle", 82: "shaker", 83: "jingle bell",
    84: "bell tree", 85: "castanets", 86: "mute surdo", 87: "open surdo",
}  # fmt: skip
"""Key → name, of General MIDI level 1 and 2."""
SIMILAR_DRUM: Final[dict[int, Drum]] = {
    **dict.fromkeys((31, 32, 33, 75, 76, 77, 85), Drum.SIDE_STICK),
    **dict.fromkeys((54, 69, 70, 82, 83), Drum.HAT_CLOSED),
    **dict.fromkeys((34, 56, 67, 68, 80, 81, 84), Drum.RIDE),
    **dict.fromkeys((60, 62, 63, 65), Drum.TOM_HIGH),
    **dict.fromkeys((61, 64, 66), Drum.TOM_LOW),
    **dict.fromkeys((86, 87), Drum.TOM_FLOOR),
}
"""Key → drum that may play it; all others the snare."""
