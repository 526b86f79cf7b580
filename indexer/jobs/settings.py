"""Settings of the indexer; every value can be set as `BACKBEAT_…` in the environment."""

from __future__ import annotations

import math
import os
from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from indexer.jobs.limits.quiet_hours import QuietHours
from indexer.jobs.limits.temperature import ZONES


def _cores() -> int:
    """Cores that this process may use, which a container can make fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class IndexerSettings(BaseSettings):
    """Settings of the indexer.

    Attributes:
        workers: Processes that analyse; one core is left to the conversation.
        niceness: Added to the priority number of the workers, 0 (equal) .. 19 (last).
        stable_s: A file is analysed once its size has been constant for so long.
        rescan_hours: Interval of scans of the whole folder, besides the watcher.
        polling: Read the folder every `poll_s` instead of waiting for notifications; network
            folders need it.
        poll_s: Seconds between two readings, with `polling`.
        leave_out: Patterns of files and folders that are left out, as in a .gitignore of the music
            folder, separated by line breaks or ";".
        min_length_s: Shorter files are left out.
        job_minutes: A file that takes longer hangs; it is given up.
        worker_memory_mb: A worker that holds more than this after a file is replaced.
        worker_hard_memory_mb: Limit on the memory of a worker: beyond it the file fails, and the
            worker is replaced. 0 for no limit. The longest recordings take 450 MB.
        idle_s: Workers without work for so long are stopped, to free their memory.
        index_cpu: Share of the whole machine, all cores together, that the analysis may take, in
            percent.
        quiet_hours: When the analysis rests, such as 22:00-07:00; empty for never.
        max_temperature_c: The analysis rests while the processor is warmer.
        thermal_zones: Folder of the thermal zones.
    """

    model_config = SettingsConfigDict(env_prefix="BACKBEAT_", extra="ignore", frozen=True)

    workers: int = Field(default_factory=lambda: max(1, _cores() - 1), ge=1, le=64)
    niceness: int = Field(default=10, ge=0, le=19)
    stable_s: float = Field(default=2.0, ge=0.0, le=600.0)
    rescan_hours: float = Field(default=24.0, gt=0.0)
    polling: bool = Field(default_factory=lambda: _is_set("WATCHFILES_FORCE_POLLING"))
    poll_s: float = Field(default=30.0, gt=0.0)
    leave_out: str = ""
    min_length_s: float = Field(default=0.0, ge=0.0)
    job_minutes: float = Field(default=15.0, gt=0.0)
    worker_memory_mb: int = Field(default=450, ge=100)
    worker_hard_memory_mb: int = Field(default=2000, ge=0)
    idle_s: float = Field(default=60.0, ge=1.0)
    index_cpu: float = Field(default=100.0, ge=1.0, le=100.0)
    quiet_hours: str = ""
    max_temperature_c: float = Field(default=80.0, ge=30.0, le=120.0)
    thermal_zones: Path = ZONES

    @field_validator("quiet_hours")
    @classmethod
    def _is_readable(cls, text: str) -> str:
        return str(QuietHours.parse(text) or "")

    @property
    def active_workers(self) -> int:
        """Workers that `index_cpu` has work for: fewer of them hold less memory."""
        return min(self.workers, max(1, math.ceil(self._cores_allowed)))

    @property
    def duty(self) -> float:
        """Share of one core that each of these may take, 0..1."""
        return min(1.0, self._cores_allowed / self.active_workers)

    @property
    def _cores_allowed(self) -> float:
        return self.index_cpu / 100 * _cores()


def _is_set(name: str) -> bool:
    return os.environ.get(name, "").lower() not in ("", "0", "false", "no", "disable", "disabled")
