"""Reasons for which a worker ended during a job, by its exit status."""

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
    """Whether the system, the memory killer or a person ended the worker."""
    return status < 0 and -status not in _CRASHES


def is_out_of_memory(words: str) -> bool:
    """Whether the end of standard error says that memory ran out."""
    return any(word in words for word in _OUT_OF_MEMORY)


def exit_reason(status: int, words: str, *, times: int) -> str:
    """Return the reason for a person; it claims no more than is known.

    Args:
        status: Exit status as `subprocess` has it: negative for a signal.
        words: The last that the worker wrote to standard error.
        times: How often it happened with this job.
    """
    often = "once" if times == 1 else f"{times} times"
    if came_from_outside(status):
        return (
            f"The worker was ended from outside ({_name(status)}), perhaps for lack of memory; "
            f"it was cut off {often} at this, and the last times nothing else was being done."
        )
    if is_out_of_memory(words):
        return NOT_ENOUGH
    if status < 0:
        return f"The decoder crashed on this file {often} ({_name(status)}); it may be damaged."
    return f"The worker ended by itself {often} at this file (status {status})."


def _name(status: int) -> str:
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"signal {-status}"
