"""How the indexer behaves; every value can be set as `BACKBEAT_…` in the environment."""

from __future__ import annotations

import os

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


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
        stable_s: A file is taken once its size has not changed for so long.
        rescan_hours: The whole folder is compared again so often, whatever the watcher said.
        polling: Look at the folder every half minute instead of waiting for the system's word;
            network folders need it.
        poll_s: How often, with `polling`.
        job_minutes: A file that takes longer hangs; it is given up.
        worker_memory_mb: A worker that holds more than this after a file is replaced.
        idle_s: Workers without work for so long are sent away, to give their memory back.
    """

    model_config = SettingsConfigDict(env_prefix="BACKBEAT_", extra="ignore", frozen=True)

    workers: int = Field(default_factory=lambda: max(1, _cores() - 1), ge=1, le=64)
    niceness: int = Field(default=10, ge=0, le=19)
    stable_s: float = Field(default=2.0, ge=0.0, le=600.0)
    rescan_hours: float = Field(default=24.0, gt=0.0)
    polling: bool = Field(default_factory=lambda: _is_set("WATCHFILES_FORCE_POLLING"))
    poll_s: float = Field(default=30.0, gt=0.0)
    job_minutes: float = Field(default=15.0, gt=0.0)
    worker_memory_mb: int = Field(default=450, ge=100)
    idle_s: float = Field(default=60.0, ge=1.0)


def _is_set(name: str) -> bool:
    return os.environ.get(name, "").lower() not in ("", "0", "false", "no", "disable", "disabled")
