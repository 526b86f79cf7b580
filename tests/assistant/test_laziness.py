"""Heavy modules are imported when they are needed and not before."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("litellm", "chainlit", "lancedb", "tensorflow", "sklearn", "librosa")


@pytest.mark.parametrize("module", ["assistant.turns.turn", "assistant.web.server", "tools"])
def test_importing_it_imports_nothing_heavy(module: str) -> None:
    code = f"import sys, {module}; print([m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == "[]"
