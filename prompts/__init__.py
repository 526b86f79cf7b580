"""Texts for models and users as data files, one folder per language.

A folder holds `words.toml` (words and their meanings), `grammar.toml` (patterns of requests),
`assistant.toml` (answers of the assistant), `tools.toml` (answers of the tools) and `system.md`
(the model's instructions).
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["PromptError", "languages", "load", "system_prompt"]

_ROOT = Path(__file__).parent


class PromptError(Exception):
    """A language or a prompt file is missing or cannot be read."""


@cache
def languages() -> tuple[str, ...]:
    """Return the available languages, English first, then by name."""
    found = sorted(path.parent.name for path in _ROOT.glob("*/grammar.toml"))
    return tuple(sorted(found, key=lambda name: name != "en"))


@cache
def load(name: str, language: str | None = None) -> dict[str, Any]:
    """Return one data file as a dictionary; treat it as read-only.

    Args:
        name: File name without suffix, e.g. "words".
        language: The folder; None for a file that all languages share.

    Raises:
        PromptError: The file is missing or is not TOML.
    """
    path = _ROOT.joinpath(*([language] if language else []), f"{name}.toml")
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PromptError(f"Expected the prompt file {path.name} for {language!r}") from error
    except tomllib.TOMLDecodeError as error:
        raise PromptError(f"{path.name} for {language!r} is not valid TOML: {error}") from error


@cache
def system_prompt(language: str) -> str:
    """Return the instructions of the model; the same bytes every time, so that they stay cached.

    Raises:
        PromptError: The file is missing.
    """
    path = _ROOT / language / "system.md"
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise PromptError(f"Expected system.md for {language!r}") from error
