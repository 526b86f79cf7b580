"""How warm the processor is, as Linux tells it below /sys/class/thermal."""

from __future__ import annotations

from pathlib import Path
from typing import Final

ZONES: Final = Path("/sys/class/thermal")
COOLED_BY_C: Final = 8.0
"""Work goes on once it is so much cooler: without a gap it would start and stop every second."""
PLAUSIBLE_C: Final = (1.0, 130.0)
"""Sensors that are switched off or broken tell 0, −273 or hundreds of degrees."""
PROCESSOR_ZONES: Final = ("cpu", "soc", "pkg", "core")
"""Parts of the types of zones that are the processor: cpu-thermal on a Raspberry Pi,
x86_pkg_temp on a PC. Others (battery, radio, disk) count only where none of these is found."""


def processor_c(zones: Path = ZONES) -> float | None:
    """The warmest zone of the processor in °C; None where the machine does not tell."""
    found = [zone for folder in sorted(zones.glob("thermal_zone*")) if (zone := _read(folder))]
    processor = [celsius for kind, celsius in found if any(p in kind for p in PROCESSOR_ZONES)]
    return max(processor or [celsius for _, celsius in found], default=None)


class Thermometer:
    """Whether it is too hot: from `limit_c` upwards, until it has cooled by 8 °C."""

    def __init__(self, limit_c: float, *, zones: Path = ZONES) -> None:
        self._limit_c = limit_c
        self._zones = zones
        self._hot = False

    def is_hot(self) -> bool:
        """Look now; a machine that does not tell is never too hot."""
        celsius = processor_c(self._zones)
        margin_c = COOLED_BY_C if self._hot else 0.0
        self._hot = celsius is not None and celsius >= self._limit_c - margin_c
        return self._hot


def _read(zone: Path) -> tuple[str, float] | None:
    try:
        kind = (zone / "type").read_text(encoding="ascii", errors="replace").strip().lower()
        celsius = int((zone / "temp").read_text(encoding="ascii", errors="replace")) / 1000
    except (OSError, ValueError):
        return None
    return (kind, celsius) if PLAUSIBLE_C[0] <= celsius <= PLAUSIBLE_C[1] else None
