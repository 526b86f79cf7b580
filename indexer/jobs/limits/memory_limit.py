"""A limit on the memory of this process, which no file can talk it out of."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

NOT_ENOUGH: Final = "Not enough memory for this file; close other programs and try again."


def limit_memory(limit_mb: int) -> None:
    """Let the system refuse more memory to this process, where it can.

    What is counted is memory that can be written to (RLIMIT_DATA): 40 MB more than is in use. The
    address space is 250 MB more, as libraries reserve what they never touch.
    """
    if not limit_mb or sys.platform != "linux":
        return
    import resource  # not on Windows

    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    limit = limit_mb * 1_000_000
    if most != resource.RLIM_INFINITY:
        limit = min(limit, most)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, most))


@contextmanager
def limited_memory(limit_mb: int) -> Iterator[None]:
    """`limit_memory` for a while."""
    if sys.platform != "linux":
        yield
        return
    import resource

    before = resource.getrlimit(resource.RLIMIT_DATA)
    limit_memory(limit_mb)
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)
