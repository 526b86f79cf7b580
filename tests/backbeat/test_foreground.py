"""Ctrl-C in a terminal under make: the program ends in order, and make without an error."""

import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = """
import signal, sys, time
from backbeat.foreground import own_foreground
signal.signal(signal.SIGINT, lambda *_: sys.exit(0))
with own_foreground():
    try:
        print("ready", flush=True)
        time.sleep(60)
    finally:
        print("goodbye", flush=True)
"""


@pytest.mark.skipif(shutil.which("make") is None, reason="no make")
def test_make_ends_without_an_error(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    run = f"\t@PYTHONPATH={ROOT} {sys.executable} {tmp_path}/program.py\n\t@echo afterwards\n"
    (tmp_path / "Makefile").write_text("SHELL := /bin/bash\nrun:\n" + run)
    process, terminal = pty.fork()
    if process == 0:
        os.execvp("make", ["make", "-C", os.fspath(tmp_path), "run"])
    shown = b""
    while b"ready" not in shown:
        shown += os.read(terminal, 1000)
    os.write(terminal, b"\x03")
    while b"afterwards" not in shown:
        shown += os.read(terminal, 1000)
    _, status = os.waitpid(process, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert b"goodbye" in shown
    assert b"***" not in shown


def test_without_a_terminal_nothing_changes(tmp_path: Path) -> None:
    program = PROGRAM.replace("time.sleep(60)", "pass")
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, stdin=subprocess.DEVNULL, check=True,
        capture_output=True, text=True, env={**os.environ, "MAKELEVEL": "1"},
    )  # fmt: skip
    assert done.stdout.split() == ["ready", "goodbye"]
