"""Ctrl-C under make: `make` ends with an error when it gets the signal too."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress


@contextmanager
def own_foreground() -> Iterator[None]:
    """Take the keys of the terminal alone while inside, where make started this process.

    Ctrl-C then reaches this process, which ends in order, and make ends as it does. Ctrl-Z is
    ignored meanwhile: make would not notice it, and the terminal would hang.
    """
    try:
        terminal = sys.stdin.fileno()
        before = os.tcgetpgrp(terminal)
    except (OSError, ValueError, AttributeError):  # no terminal
        yield
        return
    if "MAKELEVEL" not in os.environ or before != os.getpgrp() or before == os.getpid():
        yield
        return
    os.setpgid(0, 0)
    # a process of the background may set the foreground only while it ignores SIGTTOU
    ignored = [signal.signal(number, signal.SIG_IGN) for number in (signal.SIGTTOU, signal.SIGTSTP)]
    with suppress(OSError):
        os.tcsetpgrp(terminal, os.getpgrp())
    try:
        yield
    finally:
        with suppress(OSError):
            os.tcsetpgrp(terminal, before)
        for number, handler in zip((signal.SIGTTOU, signal.SIGTSTP), ignored, strict=True):
            signal.signal(number, handler)
