"""The fixtures of tests/assistant."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

_PATH = Path(__file__).parent.parent / "assistant" / "conftest.py"
_NAME = "assistant_tests_fixtures"
if _NAME not in sys.modules:
    _spec = importlib.util.spec_from_file_location(_NAME, _PATH)
    assert _spec is not None
    assert _spec.loader is not None
    sys.modules[_NAME] = importlib.util.module_from_spec(_spec)
    _spec.loader.exec_module(sys.modules[_NAME])

_fixtures = sys.modules[_NAME]
library_template = _fixtures.library_template
library = _fixtures.library
empty_library = _fixtures.empty_library
ollama = _fixtures.ollama
