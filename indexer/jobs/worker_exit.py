"""Reasons why a worker ended during a job, by its exit status."""

from __future__ import annotations

import signal
from typing import Final

from indexer.jobs.limits.memory_limit import NOT_ENOUGH

_CRASHES: Final = frozenset(
    getattr(signal, name)
    for name in ("SIGSEGV", "SIGBUS", "SIGFPE", "SIGILL", "SIGABRT", "SIGSYS", "SIGTRAP")
    if hasattr(signal, name)  # Windows has fewer
)
"""Signals raised by the process itself; any other is sent from outside."""
_OUT_OF_MEMORY: Final = ("bad_alloc", "MemoryError", "Cannot allocate memory")
"""Messages of native code that ends for lack of memory."""


def came_from_outside(status: int) -> bool:
    """Return whether the system, the memory killer or a person ended the worker."""
    return status < 0 and -status not in _CRASHES


def is_out_of_memory(error_text: str) -> bool:
    """Return whether the end of standard error reports a lack of memory."""
    return any(message in error_text for message in _OUT_OF_MEMORY)


def exit_reason(status: int, error_text: str, *, times: int) -> str:
    """Return the reason to show, without a guess beyond the exit status.

    Args:
        status: Exit status as `subprocess` has it: negative for a signal.
        error_text: Last lines of its standard error.
        times: How often it happened with this job.
    """
    often = "once" if times == 1 else f"{times} times"
    if came_from_outside(status):
        return (
            f"The worker was ended from outside ({_name(status)}), perhaps for lack of memory; "
            f"it was cut off {often} at this, and the last times nothing else was being done."
        )
    if is_out_of_memory(error_text):
        return NOT_ENOUGH
    if status < 0:
        return f"The decoder crashed on this file {often} ({_name(status)}); it may be damaged."
    return f"The worker ended by itself {often} at this file (status {status})."


def _name(status: int) -> str:
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"signal {-status}"
