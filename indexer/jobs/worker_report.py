"""Messages and exit statuses by which a worker reports to its parent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

EXIT_RECYCLE: Final = 75
"""Exit status of a worker that asks to be replaced because it holds too much memory."""
EXIT_STORE: Final = 74
"""Exit status of a worker that cannot use the store: a full disk, a damaged database."""


@dataclass(frozen=True, slots=True)
class Report:
    """A message from a worker to its parent, sent as one line of JSON.

    Attributes:
        event: The job began, is done or failed, or the worker is ready for its first job.
        outcome: Result of a job that is done: analysed, retagged, moved, copied, gone, chart.
        reason: Error of a failed job, warnings of a job that is done.
    """

    event: Literal["ready", "began", "done", "failed"]
    job_id: int = 0
    kind: str = ""
    key: str = ""
    outcome: str = ""
    reason: str = ""
