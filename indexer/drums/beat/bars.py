"""Estimated beats and bars of a recording."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class BeatGrid:
    """Estimated beats and meter.

    Attributes:
        beats_s: Beat times, ascending.
        downbeat: Position of the first bar line, in beats.
        beats_per_bar: Beats of most bars as felt: 2 in 6/8, 4 in 4/4 and 12/8, 3.5 in 7/8.
        division: Parts of a beat: 2 in simple, 3 in compound meters.
        bar_lines: Positions of the bar lines in beats, if bars differ in length; else empty.
    """

    beats_s: tuple[float, ...]
    downbeat: float
    beats_per_bar: float
    division: int = 2
    bar_lines: tuple[float, ...] = ()

    @property
    def bars(self) -> Bars:
        """The bars of these beats."""
        count = int((len(self.beats_s) - 1 - self.downbeat) / self.beats_per_bar + 1e-6)
        even = (self.downbeat + self.beats_per_bar * bar for bar in range(count + 1))
        positions = self.bar_lines or tuple(even)
        return Bars(
            tuple(self._time_s(position) for position in positions),
            tuple((position - positions[0]) * self.division / 2 for position in positions),
            self.beats_per_bar,
            self.division,
        )

    def _time_s(self, position: float) -> float:
        """Return the time of a position in beats."""
        before = min(int(position), len(self.beats_s) - 2)
        share = position - before
        return self.beats_s[before] * (1 - share) + self.beats_s[before + 1] * share


@dataclass(frozen=True)
class Bars:
    """Estimated bars.

    Attributes:
        downbeats_s: Start times, ascending; the last one is the end of the last bar.
        quarters: Quarter notes from the first downbeat to each.
        beats_per_bar: Beats of most bars (see `BeatGrid`).
        division: Parts of a beat.
    """

    downbeats_s: tuple[float, ...]
    quarters: tuple[float, ...]
    beats_per_bar: float
    division: int = 2
