"""How often a password may be tried: a growing delay for each name and each address."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

FREE_FAILURES: Final = 3
"""Wrong passwords in a row that cost no delay."""
LONGEST_FOR_NAME_S: Final = 60.0  # a stranger must not lock somebody out for long
LONGEST_FOR_ADDRESS_S: Final = 900.0
_FORGET_S: Final = 3600.0
_REMEMBERED: Final = 10_000
"""Names and addresses; those that failed longest ago are forgotten first."""


@dataclass(slots=True)
class _Failures:
    count: int = 0
    last: float = 0.0
    until: float = 0.0


class LoginLimits:
    """Wrong passwords so far, in the memory of this process.

    Args:
        clock: Seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures: OrderedDict[tuple[str, str], _Failures] = OrderedDict()

    def wait_s(self, name: str, address: str) -> float:
        """Return the seconds until a password may be tried; 0 at once."""
        now = self._clock()
        until = [self._failures[key].until for key in _keys(name, address) if key in self._failures]
        return max(0.0, max(until, default=0.0) - now)

    def failed(self, name: str, address: str) -> None:
        """Note a wrong password."""
        now = self._clock()
        longest = (LONGEST_FOR_NAME_S, LONGEST_FOR_ADDRESS_S)
        for key, most_s in zip(_keys(name, address), longest, strict=True):
            failures = self._failures.pop(key, None)
            if failures is None or now - failures.last > _FORGET_S:
                failures = _Failures()
            failures.count += 1
            failures.last = now
            if (over := failures.count - FREE_FAILURES) > 0:
                failures.until = now + min(2.0 ** min(over, 30), most_s)
            self._failures[key] = failures
        while len(self._failures) > _REMEMBERED:
            self._failures.popitem(last=False)

    def succeeded(self, name: str) -> None:
        """Forget the failures of a name; those of an address stay, whoever is signed in there."""
        self._failures.pop(_keys(name, "")[0], None)


def _keys(name: str, address: str) -> tuple[tuple[str, str], tuple[str, str]]:
    return ("name", name.strip().casefold()[:100]), ("address", address)
