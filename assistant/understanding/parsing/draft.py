"""The arguments gathered from a request, with what makes them doubtful."""

from __future__ import annotations

from typing import Any

from assistant.understanding.dialogue.queries.query_shifts import TEMPO_FAST_BPM, TEMPO_SLOW_BPM
from assistant.understanding.parsing.doubts import Doubt

_LISTS = (
    "artists", "exclude_artists", "genres", "exclude_genres", "moods", "exclude_moods", "keys",
    "levels",
)  # fmt: skip


_OPPOSITES = (
    frozenset({"sad", "happy"}), frozenset({"sad", "uplifting"}), frozenset({"sad", "party"}),
    frozenset({"aggressive", "relaxed"}), frozenset({"aggressive", "chill"}),
)  # fmt: skip


class Draft:
    """Arguments of the call to be, and the doubts found on the way.

    Attributes:
        arguments: What was said, by argument name.
        doubts: Why the reading is not certain; any doubt defers the request.
        tempo_word: "slow", "medium" or "fast" where a word, not a number, gave the tempo.
        choices: Tracks that may be meant, when several are as likely.
        weak_mood: A mood that counts where no other is asked for.
        chart_bpm: A tempo said for a chart, which the tool does not take.
        chart_again: Whether a chart is to be made again where an older one is there.
        entities: Ids of tracks by the name in an argument, where the library has just one.
        unread: What was understood, but no tool takes ("without piano"); named in the answer.
    """

    def __init__(self) -> None:
        self.arguments: dict[str, Any] = {}
        self.doubts: list[Doubt] = []
        self.tempo_word: str | None = None
        self.weak_mood: str | None = None
        self.choices: tuple[str, ...] = ()
        self.chart_bpm: float | None = None
        self.chart_again = False
        self.entities: dict[str, int] = {}
        self.unread: list[str] = []

    def set(self, name: str, value: Any) -> None:
        """Set a single value; a second, different one is a doubt."""
        if name in self.arguments and self.arguments[name] != value:
            self.doubts.append(Doubt.TWO_VALUES)
        self.arguments[name] = value

    def add(self, name: str, value: str) -> None:
        """Append to a list argument, once."""
        values = self.arguments.setdefault(name, [])
        if value not in values:
            values.append(value)

    def settle_tempo_word(self) -> None:
        """Turn "slow" or "fast" into a limit, unless numbers say it already."""
        word, arguments = self.tempo_word, self.arguments
        if word is None:
            return
        low, high = arguments.get("bpm_min"), arguments.get("bpm_max")
        if word == "medium":
            if low is None and high is None:
                arguments.update(bpm_min=TEMPO_SLOW_BPM, bpm_max=TEMPO_FAST_BPM)
        elif low is None and high is None:
            limit = ("bpm_max", TEMPO_SLOW_BPM) if word == "slow" else ("bpm_min", TEMPO_FAST_BPM)
            arguments[limit[0]] = limit[1]
        elif word == "slow" and high is None:
            self.doubts.append(Doubt.SLOW_WITH_LOWER_LIMIT)
        elif word == "fast" and low is None:
            self.doubts.append(Doubt.FAST_WITH_UPPER_LIMIT)

    def check(self) -> None:
        """Note contradictions as doubts."""
        arguments = self.arguments
        for low, high in (("bpm_min", "bpm_max"), ("year_min", "year_max")):
            if low in arguments and high in arguments and arguments[low] > arguments[high]:
                self.doubts.append(Doubt.EMPTY_RANGE)
        for name in ("artists", "genres", "moods"):
            if set(arguments.get(name, ())) & set(arguments.get(f"exclude_{name}", ())):
                self.doubts.append(Doubt.WANTED_AND_EXCLUDED)
        moods = set(arguments.get("moods", ()))
        if any(pair <= moods for pair in _OPPOSITES):
            self.doubts.append(Doubt.TWO_VALUES)  # "I'm sad, find happy songs"
        limit, duration = arguments.get("limit"), arguments.get("duration_min")
        if limit is not None and not 1 <= limit <= 200:
            self.doubts.append(Doubt.LIMIT_OUT_OF_RANGE)
        if duration is not None and not 10 <= duration <= 1440:
            self.doubts.append(Doubt.DURATION_OUT_OF_RANGE)

    def tidy(self) -> dict[str, Any]:
        """The arguments, lists first in a fixed order."""
        order = {name: index for index, name in enumerate(_LISTS)}
        names = sorted(self.arguments, key=lambda name: order.get(name, len(order)))
        return {name: self.arguments[name] for name in names}
