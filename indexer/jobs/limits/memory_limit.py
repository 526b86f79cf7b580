"""Limit on the memory of this process, against files that make a decoder allocate too much."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

NOT_ENOUGH: Final = "Not enough memory for this file; close other programs and try again."


def limit_memory(limit_mb: int) -> None:
    """Limit the memory of this process to `limit_mb` (10^6 bytes), on Linux; 0 for no limit.

    RLIMIT_DATA counts writable memory, 40 MB more than is resident; RLIMIT_AS would count 250 MB
    more, as libraries reserve addresses that they do not use.
    """
    if not limit_mb or sys.platform != "linux":
        return
    import resource  # not on Windows

    _, hard_limit = resource.getrlimit(resource.RLIMIT_DATA)
    limit = limit_mb * 1_000_000
    if hard_limit != resource.RLIM_INFINITY:
        limit = min(limit, hard_limit)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, hard_limit))


@contextmanager
def limited_memory(limit_mb: int) -> Iterator[None]:
    """Limit the memory as `limit_memory` does while inside."""
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
