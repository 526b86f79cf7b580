"""Temperature of the processor, from Linux below /sys/class/thermal."""

from __future__ import annotations

from pathlib import Path
from typing import Final

ZONES: Final = Path("/sys/class/thermal")
COOLED_BY_C: Final = 8.0
"""Hysteresis: without it the work would start and stop every second."""
PLAUSIBLE_C: Final = (1.0, 130.0)
"""Sensors that are switched off or broken report 0, −273 or hundreds of degrees."""
PROCESSOR_ZONES: Final = ("cpu", "soc", "pkg", "core")
"""Parts of the types of zones that are the processor: cpu-thermal on a Raspberry Pi,
x86_pkg_temp on a PC. Others (battery, radio, disk) count only where none of these is found."""


def processor_c(zones: Path = ZONES) -> float | None:
    """Return the warmest zone of the processor in °C; None where none is reported."""
    found = [zone for folder in sorted(zones.glob("thermal_zone*")) if (zone := _read(folder))]
    processor = [celsius for kind, celsius in found if any(p in kind for p in PROCESSOR_ZONES)]
    return max(processor or [celsius for _, celsius in found], default=None)


class Thermometer:
    """Reports too hot from `limit_c` upwards, until the processor has cooled by `COOLED_BY_C`."""

    def __init__(self, limit_c: float, *, zones: Path = ZONES) -> None:
        self._limit_c = limit_c
        self._zones = zones
        self._hot = False

    def is_hot(self) -> bool:
        """Read the temperature now; a machine that reports none is never too hot."""
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
