"""Groove patterns in common and irregular meters, for rhythms with known bars."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class GroovePattern:
    """A bar on a grid of equal steps, one character a step.

    `X` is an accent, `x` a hit, `o` a hit in two bars of five, `g` a ghost note, `.` a rest.

    Attributes:
        bpm: Range of tempos, in quarters a minute.
        lanes: Voice → its steps; "time" is played on a cymbal chosen for the passage.
        swing: Delay of every second step, as a share of a step.
    """

    signature: tuple[int, int]
    bpm: tuple[float, float]
    lanes: dict[str, str]
    swing: float = 0.0


GROOVES: Final[dict[str, GroovePattern]] = {
    "eighths": GroovePattern((4, 4), (90, 180), {"kick": "X.....x...x..o..",
                       "snare": "....X.......X...", "time": "X.x.x.x.X.x.x.x."}),
    "straight rock": GroovePattern((4, 4), (95, 170), {"kick": "X.......X.x.....",
                       "snare": "....X.......X...", "time": "X.x.X.x.X.x.X.x."}),
    "sixteenths": GroovePattern((4, 4), (70, 115), {"kick": "X..x..x...x..o..",
                       "snare": "....X..g.g..X..g", "time": "XxxxXxxxXxxxXxxx"}),
    "half-time": GroovePattern((4, 4), (120, 160), {"kick": "X.....x.........",
                       "snare": "........X.......", "time": "X.x.X.x.X.x.X.x."}),
    "slow ballad": GroovePattern((4, 4), (56, 76), {"kick": "X.....x.x.......",
                       "side_stick": "....X.......X...", "time": "x.x.x.x.x.x.x.x."}),
    "four on the floor": GroovePattern((4, 4), (115, 135), {"kick": "X...X...X...X...",
                       "snare": "....x.......x...", "hat_open": "..X...X...X...X."}),
    "double bass": GroovePattern((4, 4), (130, 200), {"kick": "xxxxxxxxxxxxxxxx",
                       "snare": "....X.......X...", "time": "X...X...X...X..."}),
    "shuffle": GroovePattern((4, 4), (85, 150), {"kick": "X.......X..o", "snare": "...X.....X..",
                       "time": "X.xX.xX.xX.x"}),
    "swing": GroovePattern((4, 4), (110, 200), {"kick": "x..o..x..o..", "snare": "..o..g...o.g",
                       "hat_pedal": "...x.....x..", "ride": "X..X.xX..X.x"}),
    "swung sixteenths": GroovePattern((4, 4), (80, 105), {"kick": "X..x..x...x.....",
                       "snare": "....X..g.g..X...", "time": "X.x.X.xxX.x.X.xx"}, swing=0.28),
    "waltz": GroovePattern((3, 4), (84, 130), {"kick": "X.......o...", "snare": "....x...x...",
                       "time": "X.x.x.x.x.x."}),
    "rock waltz": GroovePattern((3, 4), (100, 160), {"kick": "X.....x.....",
                       "snare": "....X.......",
                       "time": "X.x.X.x.X.x."}),
    "fast waltz": GroovePattern((3, 4), (160, 210), {"kick": "X..o..", "snare": "..x.x.",
                       "ride": "X.x.x."}),
    "jazz waltz": GroovePattern((3, 4), (120, 190), {"kick": "X.......o", "snare": "..g..o...",
                       "hat_pedal": "...x.....", "ride": "X..X.xX.."}),
    "6/8 ballad": GroovePattern((6, 8), (66, 110), {"kick": "X....o", "snare": "...X..",
                       "time": "XxxXxx"}),
    "6/8 rock": GroovePattern((6, 8), (75, 130), {"kick": "X.o.x.", "snare": "...X..",
                       "time": "XxxXxx"}),
    "6/8 march": GroovePattern((6, 8), (120, 190), {"kick": "X..x..", "snare": "xoxXxx",
                       "hat_pedal": "...x.."}),
    "12/8 blues": GroovePattern((12, 8), (66, 120), {"kick": "X.....X.x...",
                       "snare": "...X.....X..",
                       "time": "XxxXxxXxxXxx"}),
    "12/8 gospel": GroovePattern((12, 8), (70, 110), {"kick": "X....xX....o",
                       "snare": "...X.....X.g",
                       "ride": "XxxXxxXxxXxx"}),
}  # fmt: skip
IRREGULAR_GROOVES: Final[dict[str, GroovePattern]] = {
    "5/4 rock": GroovePattern((5, 4), (90, 160), {"kick": "X.....x.....X.x.....",
                "snare": "....X.......X...X...", "time": "X.x.X.x.X.x.X.x.X.x."}),
    "5/4 three and two": GroovePattern((5, 4), (120, 190), {"kick": "X.......o.....X.....",
                "snare": "......x.........X...", "ride": "X.x.x.X.x.x.X.x.X.x."}),
    "5/4 sixteenths": GroovePattern((5, 4), (80, 120), {"kick": "X..x......x...X.....",
                "snare": "....X..g....X..g.X..", "time": "XxxxXxxxXxxxXxxxXxxx"}),
    "7/8 two two three": GroovePattern((7, 8), (100, 160), {"kick": "X.......X.....",
                "snare": "....X.......X.", "time": "X.x.X.x.X.x.x."}),
    "7/8 three two two": GroovePattern((7, 8), (100, 160), {"kick": "X.....X.......",
                "snare": "....x.....X...", "time": "X.x.x.X.x.X.x."}),
    "7/8 driving": GroovePattern((7, 8), (110, 170), {"kick": "X.x.....X.x...",
                "snare": "....X.......X.", "time": "XxXxXxXxXxXxXx"}),
}  # fmt: skip
HELD_OUT_IRREGULAR_GROOVES: Final[dict[str, GroovePattern]] = {
    "5/4 prog": GroovePattern((5, 4), (100, 150), {"kick": "X.x.......X.....x...",
                "snare": "....X...X.......X...", "time": "X.X.X.X.X.X.X.X.X.X."}),
    "5/4 two and three": GroovePattern((5, 4), (110, 180), {"kick": "X...x...X.x.....o...",
                "snare": "....x.......x...x...", "ride": "X...x.x.X...x.x.x.x."}),
    "7/8 prog": GroovePattern((7, 8), (110, 160), {"kick": "X.....X.X.o...",
                "snare": "....X.....X...", "time": "X.x.X.x.X.x.X."}),
    "7/8 long last": GroovePattern((7, 8), (120, 180), {"kick": "X...X.........",
                "snare": "..X...X.X...x.", "hat_closed": "x.x.x.x.x.x.x."}),
}  # fmt: skip
"""Irregular grooves that nothing is fitted on."""
